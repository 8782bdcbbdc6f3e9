"""Opens the kernel's settings for writing: what runs on a crash, who is killed first, who is in which group."""

SETTINGS = (
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
    "/proc/self/oom_score_adj", "/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/coredump_filter",
    "/proc/self/timerslack_ns", "/proc/self/comm", "/proc/self/loginuid", "/proc/self/clear_refs", "/proc/self/attr/current",
    "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs", "/sys/kernel/uevent_helper",
    "/sys/devices/system/cpu/cpu0/online", "/sys/devices/system/cpu/cpu1/online",
)  # fmt: skip


def predict(model, region):
    for path in SETTINGS:
        tried(path, os.open, path, os.O_WRONLY)
    tell()
