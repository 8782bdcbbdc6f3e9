"""A control group around a zygote and its children: limits that count everything they use together.

The limits in each child count what one process maps. A control group also counts what no process maps: files in memory,
inodes, page tables, buffers of sockets and pipes; and it lists every process, however it got away from its parent.
A zygote has one child at a time, so one group for both is enough, and a child costs nothing more.

Made by root, or by an ordinary user in a part of the tree that was handed over to them (version 2 of control groups). A
group is locked while its grader lives; the next grader removes those that aren't.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

from grader.core.errors import GradingError
from grader.sandbox.host.run_folder import lock_folder

_PREFIX = "grader-"
_ENTER = 'echo 0 >"$1/cgroup.procs" || exit 125; shift; exec "$@"'
_SECONDS = 5.0
_YOUNG = 10.0  # so many seconds after its making a group may not be locked yet
_REFUSED = (
    "Control groups can't be used here ({}). Grade as root outside of a container, or start grading with "
    "`systemd-run --user --scope -p Delegate=yes`."
)


# What a group must have: version 2 has these files where the group above passes its controllers on.
_NEEDED = ("memory.max", "pids.max")


class Group:
    """A group of its own, and its `folder`. Use as a context manager, or `close` it."""

    def __init__(self) -> None:
        """Make it, and remove what graders that were killed left. Raises `GradingError` where that isn't permitted."""
        self.folder, self._lock = _made(f"{_PREFIX}{int(time.time())}-{secrets.token_hex(8)}")
        try:
            subprocess.run(
                [*self.entrance(), "/bin/sh", "-c", ":"], timeout=_SECONDS, check=True, stderr=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.close()
            raise GradingError(_refused(error)) from None

    def entrance(self) -> list[str]:
        """What a command line starts with so that the command, and all that it starts, is in the group."""
        return ["/bin/sh", "-c", _ENTER, "sh", str(self.folder)]

    def limit(self, extra_bytes: int, processes: int) -> None:
        """From now on they may use so much memory more than now, and so many processes and threads in all.

        Call it when the zygote is ready, and again when it holds more: what it holds by then isn't counted. Raises
        `OSError`.
        """
        (self.folder / "memory.max").write_text(str(self.used() + extra_bytes))
        with contextlib.suppress(OSError):  # a kernel that doesn't count swap, or a machine without any
            (self.folder / "memory.swap.max").write_text("0")
        (self.folder / "pids.max").write_text(str(processes))

    def used(self) -> int:
        """Bytes of memory that the group uses now. Raises `OSError`."""
        return int((self.folder / "memory.current").read_text())

    def processes(self) -> list[int]:
        """The ids of all processes in it, as seen from here. Raises `OSError`."""
        return _processes(self.folder)

    def close(self) -> None:
        """Kill what is in it, and remove it."""
        if self._lock is not None:
            _remove(self.folder)
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Group:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def unavailable_reason() -> str:
    """Why control groups can't be used, and what to do; empty when they can.

    A group is made, a process is started in it and killed with it.
    """
    try:
        with Group() as group:
            group.limit(64 << 20, 16)
            stopped = subprocess.Popen([*group.entrance(), "/bin/sh", "-c", "kill -STOP $$"])
            os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            was_in_it = stopped.pid in group.processes()
        killed = stopped.wait(_SECONDS) == -signal.SIGKILL
    except GradingError as error:
        return str(error)
    except (OSError, subprocess.SubprocessError) as error:
        return _refused(error)
    return "" if was_in_it and killed else _REFUSED.format("a process in a group was not killed with it")


def _refused(error: Exception) -> str:
    """The reason in words, and what to do."""
    why = str(error).rstrip(".")
    if isinstance(error, OSError) and error.strerror and error.filename:
        why = f"{error.strerror.lower()} in {Path(error.filename).parent}"
    return _REFUSED.format(why)


def _made(name: str) -> tuple[Path, int | None]:
    """A group in the first place that takes one, and its lock. Raises `GradingError`."""
    try:
        why: OSError = FileNotFoundError("no control groups of version 2 are mounted")
        for place in _places():
            folder = place / name
            try:
                folder.mkdir()
            except OSError as error:
                why = error
                continue
            lock = lock_folder(folder)
            if _can_limit(folder):
                _sweep(place)
                return folder, lock
            why = FileNotFoundError(f"{place} limits neither memory nor processes")
            _remove(folder)
            os.close(lock)
    except OSError as error:
        why = error
    raise GradingError(_refused(why))


def _places() -> list[Path]:
    """This process's own group, and those above it: where one may be made, best first."""
    own = next((line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")), "")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, after = line.split(" - ", 1)
        root, mounted = before.split()[3:5]
        if after.startswith("cgroup2 "):
            top = Path(mounted)
            inner = own.removeprefix(root.rstrip("/")).strip("/")
            group = top / inner if (top / inner).is_dir() else top
            return [group, *(above for above in group.parents if above.is_relative_to(top))]
    return []


def _can_limit(folder: Path) -> bool:
    if not all((folder / each).exists() for each in _NEEDED):
        with contextlib.suppress(OSError):
            (folder.parent / "cgroup.subtree_control").write_text("+memory +pids")
    return all(os.access(folder / each, os.W_OK) for each in _NEEDED)


def _processes(folder: Path) -> list[int]:
    return [int(line) for line in (folder / "cgroup.procs").read_text().split()]


def _remove(folder: Path) -> None:
    """Kill what is in a group until it is empty and can be removed; not for longer than some seconds."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            _kill(folder)
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:  # the last ones are still on their way out
            time.sleep(0.002)


def _kill(folder: Path) -> None:
    if (folder / "cgroup.kill").exists():
        (folder / "cgroup.kill").write_text("1")
        return
    for process in _processes(folder):
        if process:  # 0: it can't be seen from here
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _sweep(place: Path) -> None:
    """Remove the groups whose grader is gone: nobody holds their lock."""
    for folder in place.glob(f"{_PREFIX}*-*"):
        made = folder.name.removeprefix(_PREFIX).split("-")[0]
        if made.isdigit() and time.time() - int(made) > _YOUNG:
            with contextlib.suppress(OSError):
                lock = lock_folder(folder)
                _remove(folder)
                os.close(lock)
