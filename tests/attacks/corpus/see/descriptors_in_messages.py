"""Asks its socket for descriptors that may have come with messages, and for the process at the far end."""

import socket


def predict(model, region):
    buffer = ctypes.create_string_buffer(64)
    for number in range(3, 64):
        try:
            end = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        for flags in (0, 0x40, 0x2):  # MSG_DONTWAIT, MSG_PEEK
            for name in ("recvmsg", "sendmsg"):
                refused(name, number, 0, flags)
            refused("recvmmsg", number, 0, 1, flags, 0)
            refused("sendmmsg", number, 0, 1, flags)
            tried("peeking", end.recv, 1, flags) if flags else None
        refused("getpeername", number, buffer, buffer)
        for option in (17, 77):  # SO_PEERCRED, SO_PEERPIDFD
            tried("whose process it is", end.getsockopt, socket.SOL_SOCKET, option, 16)
        tried("credentials", end.setsockopt, socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    tell()
