"""Makes empty files, and folders in folders, until it is stopped.

status = ["failed", "crashed", "timed_out"]
"""


def predict(model, region):
    for number in range(10_000_000):
        if not number % 1000:
            os.mkdir(f"f{number}")
        open(f"f{number // 1000 * 1000}/{number}", "w").close()
