"""Does what only root may: load modules, set the clock, the name, swap and accounting, restart the machine."""


def predict(model, region):
    for name in ("init_module", "finit_module", "delete_module", "kexec_file_load", "quotactl", "swapon", "swapoff"):
        refused(name, 0, 0, 0, 0)
    refused("reboot", 0, 0, 0, 0)
    refused("acct", -1)
    refused("sethostname", 0, -1)
    refused("setdomainname", 0, -1)
    refused("clock_settime", 99, 0)
    refused("settimeofday", 0, -1)
    refused("adjtimex", 0)
    refused("iopl", 3)
    refused("ioperm", 0x70, 1, 1)
    refused("sync")
    tell()
