"""A user of its own for each child, where the zygote may change users.

A number without an entry in any password file owns nothing on the machine: no file, no process, no kernel setting.
That is more than a user namespace gives to root: a process that is number 0 outside, whatever it is called inside,
writes to /proc/sys without any capability.
"""

from __future__ import annotations

import ctypes
import os
import struct

_CAPABILITY_VERSION_3 = 0x20080522


def become(user: int) -> None:
    """Turn this process into `user`, for good: no groups, no capabilities, no way back.

    Call it in a freshly forked child before the other layers: the kernel forgets PR_SET_PDEATHSIG on a change of user,
    counts RLIMIT_NPROC for the new one, and gives /proc/self to root. Raises `OSError` when it can't be done, or when
    something of the old user is left: then no learner code may run.
    """
    if user <= 0:
        raise PermissionError("a child must not be the user root")
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3 or os.getgroups() or _capabilities():
        raise PermissionError("the change of user left something of the old one")
    try:
        os.setresuid(0, 0, 0)
    except PermissionError:
        return
    raise PermissionError("the change of user can be undone")


def drop_capabilities() -> None:
    """Give up all that this process may do beyond what its files' owner may, for good. Raises `OSError`.

    For root where children can't have users of their own. Source: capset(2), linux/capability.h.
    """
    header, nothing = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, nothing) != 0 or _capabilities():
        raise OSError(ctypes.get_errno(), "capabilities could not be given up")


def _capabilities() -> int:
    """What this process can do (effective) or could take back (permitted, ambient)."""
    held = 0
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(("CapPrm:", "CapEff:", "CapAmb:")):
                held |= int(line.split()[1], 16)
    return held
