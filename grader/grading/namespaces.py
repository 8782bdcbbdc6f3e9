"""Why the kernel refuses namespaces here, and what to do about it: advice for whoever runs the machine."""

from __future__ import annotations

import os
from pathlib import Path

_APPARMOR = (
    "Ubuntu 24.04 and later let only programs with an AppArmor profile make user namespaces: write "
    "`abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }` to "
    "/etc/apparmor.d/bwrap and run `sudo systemctl reload apparmor`."
)


def what_to_do() -> str:
    """One sentence of advice that fits this machine."""
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0:
        return _APPARMOR
    if _setting("kernel/unprivileged_userns_clone") == "0" and os.geteuid() != 0:
        return "Allow user namespaces with `sudo sysctl kernel.unprivileged_userns_clone=1`."
    if _setting("user/max_user_namespaces") == "0":
        return "Allow user namespaces with `sudo sysctl user.max_user_namespaces=10000`."
    if _is_wsl1():
        return "WSL1 has no namespaces: change to WSL2 with `wsl --set-version <distribution> 2`."
    if _in_container():
        return (
            "This is a container that may not make namespaces: start it with `--security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined --security-opt systempaths=unconfined`, or grade outside of it."
        )
    return "Use a kernel with user, mount, PID and network namespaces, or grade as root in a virtual machine."


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return ""


def _is_wsl1() -> bool:
    release = _setting("kernel/osrelease")
    return "Microsoft" in release and "WSL2" not in release


def _in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists() or "container" in os.environ
