"""Reads the kernel's log, its symbols, the machine's memory and its disks."""


def predict(model, region):
    buffer = ctypes.create_string_buffer(4096)
    refused("syslog", 3, buffer, 4096)
    for path in ("/dev/kmsg", "/proc/kmsg", "/proc/kcore", "/proc/kallsyms", "/dev/mem", "/dev/port", "/boot"):
        tried(path, read_some, path)
    for path in (
        "/dev/sda",
        "/dev/vda",
        "/dev/nvme0n1",
        "/dev/loop0",
        "/dev/fuse",
        "/dev/kvm",
        "/dev/nvidia0",
        "/dev/tty",
    ):
        tried(path, open, path, "rb")
    for path in (
        "/proc/keys",
        "/proc/timer_list",
        "/proc/sysvipc/shm",
        "/proc/net/unix",
        "/sys/kernel/debug",
        "/sys/fs/bpf",
    ):
        tried(path, os.listdir if path.startswith("/sys") else read_some, path)
    tell()
