"""Leaves files that are hard to remove: odd names, closed folders, holes.

status = ["failed", "crashed"]
"""


def predict(model, region):
    for name in (b"-rf", b"\xff\xfe", b"a\nb", b"..x", b" ", b"*", b"\x1b[2J"):
        os.mkdir(name, 0o000)
    for number in range(20):
        os.mkdir(f"closed{number}", 0o000)
    with open("hole", "wb") as file:
        file.truncate(1 << 19)
    os.rename("hole", "." + "h" * 200)
    return [0.0]
