"""Looks for files, sockets and folders that were left open before it was started."""

import socket
import stat


def predict(model, region):
    sockets = 0
    for number in range(3, 4096):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        if stat.S_ISSOCK(mode):
            sockets += 1
            end = socket.socket(fileno=os.dup(number))
            if end.family != socket.AF_UNIX or end.type != socket.SOCK_STREAM:
                succeeded(f"descriptor {number} is a socket of another kind")
        else:
            succeeded(f"descriptor {number} is open: {oct(mode)}")
    if sockets != 1:
        succeeded(f"{sockets} sockets are open")
    for number in (0, 1, 2):
        if stat.S_ISDIR(os.fstat(number).st_mode) or stat.S_ISREG(os.fstat(number).st_mode):
            succeeded(f"descriptor {number} is a file")
        tried("climbing from it", os.stat, "..", dir_fd=number)
    tell()
