"""Has the kernel send signals to the grader whenever something can be read."""

import fcntl


def predict(model, region):
    for number in (0, 1, 2, *range(3, 12)):
        for command, value in ((8, os.getppid()), (10, 9), (15, 0)):  # F_SETOWN, F_SETSIG, F_SETOWN_EX
            refused("fcntl", number, command, value)
        for request in (0x8901, 0x8902, 0x5452):  # FIOSETOWN, SIOCSPGRP, FIOASYNC
            tried("ioctl", fcntl.ioctl, number, request, os.getppid().to_bytes(4, "little"))
    tell()
