"""Writes as many files as it can, each as large as it may be.

status = ["failed", "crashed", "timed_out"]
words = "STOPPED|more to its folder|second"
"""


def predict(model, region):
    try:
        for number in range(400):
            with open(f"file{number}", "wb", buffering=0) as file:
                file.write(bytes(1 << 20))
        succeeded("400 MB were written")
    except OSError as error:
        _note(errno.errorcode[error.errno])
    tell()
