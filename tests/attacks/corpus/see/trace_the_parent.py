"""Attaches to its parent as a debugger would, and asks to be traced by it."""


def predict(model, region):
    for request in (0, 16, 0x4206):  # TRACEME, ATTACH, SEIZE
        refused("ptrace", request, os.getppid(), 0, 0)
    refused("kcmp", os.getppid(), os.getpid(), 0, 0, 0)
    refused("get_robust_list", os.getppid(), 0, 0)
    tell()
