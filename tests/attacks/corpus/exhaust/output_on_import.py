"""Prints without end while it is imported.

spoils = "with_torch"
words = "printed more than"
"""

while True:
    print("x" * 100_000)
