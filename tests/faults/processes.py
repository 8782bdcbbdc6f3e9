"""The processes of a grading, and what is left of them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONG = 600.0  # seconds after which a test gives up waiting for something that must come


@dataclass(frozen=True)
class Process:
    """A process of a grading, and what it is there: the main one, the template, a grading process, of a zygote's box, a
    child."""

    pid: int
    role: str
    begun: str

    @classmethod
    def all_of(cls, main: int) -> list[Process]:
        """The main process and all that stems from it."""
        table = _process_table()
        found, left = [], [(main, "main")]
        while left:
            pid, role = left.pop()
            if pid not in table:
                continue
            found.append(cls(pid, role, table[pid][1]))
            below = [each for each, (parent, _) in table.items() if parent == pid]
            left += [(each, _role(each, role)) for each in below]
        return found

    @property
    def lives(self) -> bool:
        """Whether this very process is still there; one that has ended and waits to be noticed is not."""
        stat = _stat(self.pid)
        return bool(stat) and stat[19] == self.begun and stat[0] != "Z"

    def groups(self) -> list[Path]:
        """The control groups of ours that it is in."""
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{self.pid}/cgroup").read_text().splitlines()
            paths = [line.removeprefix("0::/") for line in lines if line.startswith("0::/") and "/grader-" in line]
            return [place for path in paths if (place := Path("/sys/fs/cgroup", path)).is_dir()]
        return []

    def kill(self) -> None:
        """As `kill -9` does; it may have ended by itself meanwhile."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _process_table() -> dict[int, tuple[int, str]]:
    """Parent and time of birth of each process."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {pid: (int(stat[1]), stat[19]) for pid in pids if (stat := _stat(pid))}


def _role(pid: int, above: str) -> str:
    """What a process is, from what the one above it is."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "gone"
    if name in ("template", "grading", "zygote", "child"):
        return name
    if above in ("main", "wrapper"):
        return "template" if b"grader.sandbox.host.template" in command else "trial"
    if name in ("box", "bwrap", "sh") or b"_socket" in command:
        return "box"
    return "zygote" if b"grader.sandbox.inside.zygote" in command else "other"


def eventually(look: Callable[[], Any]) -> Any:
    """What `look` gives, as soon as it gives something."""
    deadline = time.monotonic() + LONG
    while not (found := look()):
        assert time.monotonic() < deadline, "what must come did not come"
        time.sleep(0.02)
    return found


def nobody_is_left(processes: Sequence[Process], groups: Iterable[Path] = ()) -> None:
    """None of these processes, and nobody in these control groups."""
    eventually(lambda: not [process for process in processes if process.lives])
    eventually(lambda: not any(_members(group) for group in groups))


def _members(group: Path) -> str:
    with contextlib.suppress(OSError):
        return (group / "cgroup.procs").read_text()
    return ""
