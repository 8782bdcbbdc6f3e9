"""What a grading costs before and beside its submissions: the CPU of whole process trees, by a control group.

All run on one processor, since two that share a core make each other's time longer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.running import NotMeasured
from benchmarks.subject import ASSIGNMENT, ROOT, write

IMPORT, ONE, FEW, TWO_JOBS = "import torch, CPU", "one submission, CPU", "few submissions, CPU", "few on two jobs, CPU"
_FEW = 12
# Where the kernel counts the time of a group, and in which part of a second: version 1 of control groups, and 2.
_COUNTED = (("/sys/fs/cgroup/cpuacct", "cpuacct.usage", 1e9), ("/sys/fs/cgroup", "cpu.stat", 1e6))


class Start:
    """Two folders of right submissions, and a control group to run commands in."""

    def __init__(self) -> None:
        """Raises `NotMeasured` where no group can be made."""
        self._group, self._counter, self._unit = _group()
        self._work = tempfile.TemporaryDirectory(prefix="benchmark-")
        one, few = (write(Path(self._work.name, str(count)), count) for count in (1, _FEW))
        self._commands = {
            IMPORT: [sys.executable, "-c", "import torch"],
            ONE: self._grade(one, 1),
            FEW: self._grade(few, 1),
            TWO_JOBS: self._grade(few, 2),
        }

    def once(self) -> dict[str, float]:
        """CPU seconds of each command, run once."""
        return {label: self._cpu_of(label, command) for label, command in self._commands.items()}

    def close(self) -> None:
        """Clear everything away."""
        self._work.cleanup()
        self._group.rmdir()

    def _grade(self, submissions: Path, jobs: int) -> list[str]:
        out = ["--out", str(submissions.with_name("out")), "--assignment", ASSIGNMENT, "--jobs", str(jobs)]
        return [sys.executable, "-m", "grader", "grade", str(submissions), *out]

    def _cpu_of(self, label: str, command: list[str]) -> float:
        before, processor = self._used(), min(os.sched_getaffinity(0))

        def enter() -> None:
            (self._group / "cgroup.procs").write_text("0")
            os.sched_setaffinity(0, {processor})

        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=enter)
        if done.returncode:
            raise NotMeasured(f"{label}: exit status {done.returncode}: {done.stderr.strip()[-200:]}")
        subprocess.run(["rm", "-rf", Path(self._work.name, "out")], check=True)
        return self._used() - before

    def _used(self) -> float:
        words = (self._group / self._counter).read_text().split()
        return int(words[1] if len(words) > 1 else words[0]) / self._unit


def _group() -> tuple[Path, str, float]:
    for folder, counter, unit in _COUNTED:
        group = Path(folder, f"benchmark-{os.getpid()}")
        try:
            group.mkdir()
        except OSError:
            continue
        if (group / counter).exists():
            return group, counter, unit
        group.rmdir()
    raise NotMeasured("CPU time of process trees is counted by control groups, which only root can make")
