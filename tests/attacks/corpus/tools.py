"""What an attack may use: this text stands before each. It knows all that an insider would know."""

import ctypes
import errno
import os
import re
import sys

KNOWN = {}  # paths, ports and names, filled in when the attack is handed in
MARK = ""  # stands in the name of whatever it leaves, so that one can tell who left it

_NUMBERS = {  # x86_64, aarch64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "execveat": (322, 281), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "bpf": (321, 280), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "unshare": (272, 97), "setns": (308, 268), "clone": (56, 220), "clone3": (435, 435),
    "personality": (135, 92), "inotify_init1": (294, 26), "fanotify_init": (300, 262), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "openat2": (437, 437), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsmount": (432, 432), "mount_setattr": (442, 442), "perf_event_open": (298, 241),
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "syslog": (103, 116),
    "ioprio_set": (251, 30), "setpriority": (141, 140), "sched_setaffinity": (203, 122), "sched_setattr": (314, 274),
    "sched_setscheduler": (144, 119), "prlimit64": (302, 261), "kcmp": (312, 272), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "move_pages": (279, 239), "migrate_pages": (256, 238), "get_robust_list": (274, 100),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "tkill": (200, 130), "tgkill": (234, 131),
    "timer_create": (222, 107), "seccomp": (317, 277), "landlock_restrict_self": (446, 446), "capset": (126, 91),
    "setuid": (105, 146), "setresuid": (117, 147), "setgroups": (116, 159), "setfsuid": (122, 151),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, -1), "ioperm": (173, -1),
    "modify_ldt": (154, -1), "vhangup": (153, 58), "lookup_dcookie": (212, 18), "setsid": (112, 157), "setpgid": (109, 154),
    "fchmodat": (268, 53), "fchmodat2": (452, 452), "flock": (73, 32), "sendmsg": (46, 211), "recvmsg": (47, 212), "sendmmsg": (307, 269),
    "recvmmsg": (299, 243), "socket": (41, 198), "splice": (275, 76), "vmsplice": (278, 75), "tee": (276, 77),
    "sendfile": (40, 71), "copy_file_range": (326, 285), "getpeername": (52, 205), "mincore": (27, 232),
    "fork": (57, -1), "vfork": (58, -1), "statmount": (457, 457), "listmount": (458, 458), "cachestat": (451, 451),
    "getsockopt": (55, 209), "prctl": (157, 167), "arch_prctl": (158, -1), "mlock": (149, 228), "mlockall": (151, 230),
    "linkat": (265, 37), "symlinkat": (266, 36), "mknodat": (259, 33), "truncate": (76, 45), "utimensat": (280, 88),
    "setxattr": (188, 5), "removexattr": (197, 14), "fallocate": (285, 47), "readahead": (187, 213), "sync": (162, 81),
    "syncfs": (306, 267), "get_mempolicy": (236, 236), "set_mempolicy": (238, 237), "mbind": (237, 235),
    "pkey_alloc": (330, 289), "remap_file_pages": (216, 234), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "settimeofday": (164, 170), "fcntl": (72, 25), "ioctl": (16, 29), "sched_setparam": (142, 118),
    "lsm_set_self_attr": (460, 460), "map_shadow_stack": (453, -1), "ustat": (136, -1), "sysfs": (139, -1),
}  # fmt: skip
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_succeeded, _stopped = [], {}


def tried(what, action, *arguments, **named):
    """Do what must not be possible, and note what came of it."""
    try:
        value = action(*arguments, **named)
    except OSError as error:
        _note(errno.errorcode.get(error.errno, type(error).__name__))
    except BaseException as error:
        _note(type(error).__name__)
    else:
        _succeeded.append(f"{what} gave {str(value)[:60]}")
        return value


def call(name, *arguments):
    """A system call by its name. Raises OSError."""
    number = _NUMBERS[name][os.uname().machine == "aarch64"]
    if number < 0:
        raise OSError(errno.ENOSYS, name)
    return raw(number, *arguments)


def raw(number, *arguments):
    """A system call by its number. Raises OSError."""
    made = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = _libc.syscall(ctypes.c_long(number), *made)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def refused(name, *arguments):
    """A system call that must be refused as such: another error means that the kernel began to do it."""
    try:
        result = call(name, *arguments)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            return _note(errno.errorcode[error.errno])
        result = errno.errorcode.get(error.errno)
    _succeeded.append(f"{name} gave {result}")


def seen(where, text):
    """Note a secret in what could be read."""
    text = text if isinstance(text, str) else bytes(text).decode("latin-1")
    secret = re.search("canary-[0-9a-f]{24}", text)
    if secret:
        _succeeded.append(f"{where} held {secret[0]}")
    else:
        _note("nothing in it")


def succeeded(what):
    """Note something that must not be."""
    _succeeded.append(what)


def _note(why):
    _stopped[why] = _stopped.get(why, 0) + 1


def read_some(path):
    """The beginning of a file."""
    with open(path, "rb") as file:
        return file.read(200)


def tell():
    """Say what was possible, or else what stopped it."""
    reasons = ", ".join(f"{why} {count}" for why, count in sorted(_stopped.items()))
    words = f"SUCCEEDED: {'; '.join(_succeeded)}" if _succeeded else f"STOPPED by {reasons or 'nothing to try'}"
    _succeeded.clear()
    _stopped.clear()
    raise RuntimeError(words[:380])
