"""Writes 200 MB to standard error, and as many warnings.

status = ["failed", "timed_out", "crashed"]
"""

import warnings


def predict(model, region):
    for number in range(200):
        sys.stderr.write("x" * 1_000_000)
        os.write(2, b"x" * 1_000_000)
        warnings.warn(str(number) * 10_000, stacklevel=1)
    return [0.0]
