"""Writes a file without end."""

import signal


def predict(model, region):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open("large", "wb", buffering=0) as file:
        try:
            for _ in range(300):
                file.write(bytes(1 << 20))
            succeeded("300 MB were written")
        except OSError as error:
            _note(errno.errorcode[error.errno])
    tell()
