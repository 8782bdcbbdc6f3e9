"""Who grades, and in which processes' company: command lines that begin a process namespace as root or as another."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ORDINARY = 54_321
# Folders above the interpreter that only root may enter (such as root's home) become empty folders that everybody may
# enter, with the interpreter put back.
_REACH = """
set -e
if [ "$1" ]; then
    place=$(mktemp -d)
    mount --bind "$2" "$place"
    mount -t tmpfs -o mode=755 none "$1"
    mkdir -p "$2"
    mount --move "$place" "$2"
    rmdir "$place"
fi
shift 2
exec "$@"
"""
_NAMESPACE = ("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc")


@dataclass(frozen=True)
class Person:
    """Somebody who grades. `start` is what their command lines begin with; `apart` tells whether they then see, and
    can harm, no process but their own."""

    name: str
    user: int
    start: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def apart(self) -> bool:
        return bool(self.start)


@functools.cache
def whoever() -> Person:
    """Whoever runs the tests."""
    return root() if os.geteuid() == 0 else ordinary()


@functools.cache
def root() -> Person:
    """Root, if we are root."""
    if os.geteuid() != 0:
        return Person("root", 0, why_not="only root can be root")
    return _tried(Person("root", 0, _NAMESPACE))


@functools.cache
def ordinary() -> Person:
    """An ordinary user: who we are, or, as root, one that owns nothing."""
    if os.geteuid() != 0:
        around = ("bwrap", "--dev-bind", "/", "/", "--unshare-pid", "--as-pid-1", "--unshare-ipc", "--proc", "/proc")
        return _tried(Person("an ordinary user", os.geteuid(), (*around, "--die-with-parent")))
    change = ("setpriv", "--reuid", str(ORDINARY), "--regid", str(ORDINARY), "--clear-groups")
    interpreter = Path(sys.base_prefix).resolve()
    closed = next((str(each) for each in reversed(interpreter.parents) if not each.stat().st_mode & 1), "")
    start = (*_NAMESPACE, "sh", "-c", _REACH, "sh", closed, str(interpreter), *change)
    return _tried(Person("an ordinary user", ORDINARY, start))


def _tried(person: Person) -> Person:
    """The same, or why they can't be had here."""
    missing = [each for each in person.start if each in ("unshare", "setpriv", "bwrap") and not shutil.which(each)]
    if missing:
        return Person(person.name, person.user, why_not=f"{', '.join(missing)} is not installed")
    command = [*person.start, sys.executable, "-c", "import torch"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if tried.returncode == 0:
        return person
    last = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
    return Person(person.name, person.user, why_not=f"they can't run Python in a process namespace here: {last}")
