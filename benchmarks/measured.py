"""Run a command and measure it: wall time, and the memory of its whole process tree."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST = 3600.0


@dataclass(frozen=True)
class Measured:
    """How a command went. `peak_mb` is the largest sum of proportional set sizes over the tree that was seen."""

    seconds: float
    peak_mb: float
    status: int
    output: str


def measure(
    command: list[str], cwd: Path, work: Path, env: dict[str, str] | None = None, every: float | None = 0.2
) -> Measured:
    """Run a command to its end, its output going to a file in `work`; memory is looked at `every` so many seconds."""
    log = work / "benchmark.log"
    stop = threading.Event()
    peak = 0.0

    def watch() -> None:
        nonlocal peak
        while not stop.wait(every):
            peak = max(peak, tree_mb(process.pid))

    with log.open("wb") as sink:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink)
        watcher = threading.Thread(target=watch, daemon=True)
        if every is not None:
            watcher.start()
        try:
            status = process.wait(LONGEST)
        finally:
            process.kill()
            seconds = time.perf_counter() - started
            stop.set()
            if every is not None:
                watcher.join()
    return Measured(seconds, peak, status, log.read_text("utf-8", "replace"))


def tree_mb(pid: int) -> float:
    """The memory of a process and all its descendants, shared pages counted once, in MB. Linux only; 0 elsewhere."""
    total, waiting = 0.0, [pid]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            for task in (process / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
            total += _kilobytes(process)
        except (OSError, ValueError):
            continue  # it has ended meanwhile
    return total / 1024


def _kilobytes(process: Path) -> int:
    """Proportional set size; the resident set where that can't be read."""
    try:
        return _field(process / "smaps_rollup", "Pss:")
    except PermissionError:
        return _field(process / "status", "VmRSS:")


def _field(path: Path, name: str) -> int:
    return next((int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name)), 0)
