"""Sends signals with the calls that are made for threads, queues and descriptors."""


def predict(model, region):
    information = ctypes.create_string_buffer(128)
    for pid in (os.getppid(), 1, 2, 3):
        refused("tkill", pid, 9)
        refused("tgkill", pid, pid, 9)
        refused("rt_sigqueueinfo", pid, 9, information)
        refused("rt_tgsigqueueinfo", pid, pid, 9, information)
    refused("pidfd_send_signal", 1, 9, 0, 0)
    refused("process_mrelease", 1, 0)
    tell()
