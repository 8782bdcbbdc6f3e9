"""Takes memory without end while it is imported.

spoils = "with_torch"
"""

HELD = []
for _ in range(200):
    HELD.append(bytearray(10_000_000))
