"""Makes pipes, devices and sockets in its box, through which the disk or others could be reached."""

import socket


def predict(model, region):
    tried("pipe", os.mkfifo, "pipe")
    tried("disk", os.mknod, "disk", 0o60600, os.makedev(254, 0))
    tried("memory", os.mknod, "memory", 0o20600, os.makedev(1, 1))
    tried("socket", lambda: socket.socket(socket.AF_UNIX).bind("socket"))
    tried("pipe outside", os.mkfifo, f"{KNOWN['bystander']}/{MARK}")
    tell()
