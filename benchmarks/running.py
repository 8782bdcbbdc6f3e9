"""Commands, run and measured: their wall time, and the memory of their whole process tree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.subject import ROOT

_LONGEST = 3600.0


class NotMeasured(Exception):
    """A tool can't be had, or didn't give full marks to a right submission: its numbers would mean nothing."""


@dataclass(frozen=True)
class Measured:
    """How a command went. `peak_mb` is the largest sum of proportional set sizes over the tree that was seen."""

    seconds: float
    peak_mb: float
    status: int
    output: str


def measure(command: list[str], folder: Path, env: dict[str, str] | None = None, every: float = 0.2) -> Measured:
    """Run a command in a folder to its end; memory is looked at `every` so many seconds."""
    peak, stop = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stop.wait(every):
            peak = max(peak, _tree_mb(process.pid))

    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            status = process.wait(_LONGEST)
        finally:
            process.kill()
            seconds = time.perf_counter() - started
            stop.set()
            watcher.join()
        log.seek(0)
        return Measured(seconds, peak, status, log.read().decode("utf-8", "replace"))


def one_thread() -> dict[str, str]:
    """This process's variables, without any that steer Python or pytest, and with one thread for torch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    return {**kept, "OMP_NUM_THREADS": "1"}


def printed(module: str, *arguments: str) -> Any:
    """What a module of ours prints as JSON, run on one thread. Raises `NotMeasured`."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=one_thread(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotMeasured((done.stderr.strip().splitlines() or [f"{module} ended with {done.returncode}"])[-1])
    return json.loads(done.stdout)


def _tree_mb(pid: int) -> float:
    """The memory of a process and all its descendants, shared pages counted once. Linux only; 0 elsewhere."""
    total, waiting = 0, [pid]
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
        name, lines = "Pss:", (process / "smaps_rollup").read_text().splitlines()
    except PermissionError:
        name, lines = "VmRSS:", (process / "status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
