"""A control group around a zygote and its children: limits that count everything they use together.

The limits in each child count what one process maps. A control group also counts what no process maps: files in memory,
inodes, page tables, buffers of sockets and pipes; and it lists every process, however it got away from its parent.
A zygote has one child at a time, so one group for both is enough, and a child costs nothing more.

Made by root, or by an ordinary user in a part of the tree that was handed over to them; version 2, or version 1 with a
hierarchy each for memory and pids. A group is locked while its grader lives; the next grader removes those that aren't.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import GradingError

_PREFIX = "grader-"
_ENTER = 'until [ "$1" = -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"'
_SECONDS = 5.0
_YOUNG = 10.0  # so many seconds after its making a group may not be locked yet
_REFUSED = (
    "Control groups can't be used here ({}). Grade as root outside of a container, or start grading with "
    "`systemd-run --user --scope -p Delegate=yes`."
)


@dataclass(frozen=True)
class _Hierarchy:
    """A tree of groups: where a group may be made, best first, and the files that a group there must have."""

    candidates: list[Path]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class _Version:
    """What the same things are called in the two versions."""

    memory_limit: str
    memory_used: str
    swap_limit: str


_V1 = _Version("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.memsw.limit_in_bytes")
_V2 = _Version("memory.max", "memory.current", "memory.swap.max")


class Group:
    """A group of its own. Use as a context manager, or `close` it."""

    def __init__(self) -> None:
        """Make it, and remove what graders that were killed left. Raises `GradingError` where that isn't permitted."""
        self._folders: list[Path] = []
        self._locks: list[int] = []
        name = f"{_PREFIX}{int(time.time())}-{secrets.token_hex(8)}"
        try:
            self._files, hierarchies = _hierarchies()
            for hierarchy in hierarchies:
                self._make(hierarchy, name)
            subprocess.run(
                [*self.entrance(), "/bin/sh", "-c", ":"], timeout=_SECONDS, check=True, stderr=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.close()
            raise GradingError(_refused(error)) from None

    def entrance(self) -> list[str]:
        """What a command line starts with so that the command, and all that it starts, is in the group."""
        return ["/bin/sh", "-c", _ENTER, "sh", *map(str, self._folders), "--"]

    def limit(self, extra_bytes: int, processes: int) -> None:
        """From now on they may use so much memory more than now, and so many processes and threads in all.

        Call it when the zygote is ready: what it holds by then stays outside of the count. Raises `OSError`.
        """
        memory, pids = self._folders[0], self._folders[-1]
        most = str(self.used() + extra_bytes)
        (memory / self._files.memory_limit).write_text(most)
        with contextlib.suppress(OSError):  # a kernel that doesn't count swap, or a machine without any
            (memory / self._files.swap_limit).write_text("0" if self._files is _V2 else most)
        (pids / "pids.max").write_text(str(processes))

    def used(self) -> int:
        """Bytes of memory that the group uses now. Raises `OSError`."""
        return int((self._folders[0] / self._files.memory_used).read_text())

    def processes(self) -> list[int]:
        """The ids of all processes in it, as seen from here. Raises `OSError`."""
        return _processes(self._folders[-1])

    def close(self) -> None:
        """Kill what is in it, and remove it."""
        for folder in self._folders:
            _remove(folder)
        for lock in self._locks:
            os.close(lock)
        self._folders, self._locks = [], []

    def __enter__(self) -> Group:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make(self, hierarchy: _Hierarchy, name: str) -> None:
        """A folder in the first place that takes one, locked. Raises `OSError`."""
        why: OSError = FileNotFoundError("there is no place for a group")
        for place in hierarchy.candidates:
            try:
                (place / name).mkdir()
            except OSError as error:
                why = error
                continue
            self._folders.append(place / name)
            lock = os.open(place / name, os.O_RDONLY | os.O_DIRECTORY)
            self._locks.append(lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _has(place / name, hierarchy.needs):
                _sweep(place)
                return
            why = FileNotFoundError(f"{place} limits neither memory nor processes")
            _remove(self._folders.pop())
            os.close(self._locks.pop())
        raise why


def works() -> str:
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


def _hierarchies() -> tuple[_Version, list[_Hierarchy]]:
    """The trees that count memory and processes: memory's first, pids' last. Raises `OSError` when there are none."""
    memory, pids = _candidates("memory"), _candidates("pids")
    if memory and pids:
        if memory == pids:  # mounted as one
            return _V1, [_Hierarchy(memory, (_V1.memory_limit, "pids.max"))]
        return _V1, [_Hierarchy(memory, (_V1.memory_limit,)), _Hierarchy(pids, ("pids.max",))]
    if unified := _candidates(""):
        return _V2, [_Hierarchy(unified, (_V2.memory_limit, "pids.max"))]
    raise FileNotFoundError("no control groups are mounted")


def _candidates(controller: str) -> list[Path]:
    """This process's own group in the hierarchy of a controller ("" for version 2), and those above it."""
    own = ""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            own = path
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, after = line.split(" - ", 1)
        root, mounted = before.split()[3:5]
        kind, _, options = after.split(" ", 2)
        if kind == ("cgroup" if controller else "cgroup2") and (not controller or controller in options.split(",")):
            top = Path(mounted)
            inner = own.removeprefix(root.rstrip("/")).strip("/")
            group = top / inner if (top / inner).is_dir() else top
            return [group, *(above for above in group.parents if above.is_relative_to(top))]
    return []


def _has(folder: Path, needs: tuple[str, ...]) -> bool:
    """Are the files there? Version 2 has them where the group above passes its controllers on."""
    if not all((folder / each).exists() for each in needs):
        with contextlib.suppress(OSError):
            (folder.parent / "cgroup.subtree_control").write_text("+memory +pids")
    return all(os.access(folder / each, os.W_OK) for each in needs)


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
            with contextlib.suppress(OSError), _locked(folder):
                _remove(folder)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Raises `BlockingIOError` when its grader lives."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)
