"""Asks whether the hidden checks exist, and how large they are.

only = "boxed"
"""


def predict(model, region):
    for path in KNOWN["secrets"]:
        tried(path, os.stat, path)
        tried(path, os.open, path, 0o10000000)  # O_PATH: to be looked at, not to be read
        if os.access(path, os.F_OK):
            succeeded(f"{path} exists")
    tell()
