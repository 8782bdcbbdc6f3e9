"""Prints without end while it is imported.

module = "with_torch"
"""

while True:
    print("x" * 100_000)
