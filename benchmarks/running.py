"""Commands, run and measured: their wall time, and the memory of their whole process tree."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.subject import ROOT

_LONGEST, _EVERY = 3600.0, 0.2


class NotMeasured(Exception):
    """A tool can't be had, or didn't give full marks to a right submission: its numbers would mean nothing."""


@dataclass(frozen=True)
class Measured:
    """How a command went. `peak_mb` is the largest sum of proportional set sizes over the tree that was seen."""

    seconds: float
    peak_mb: float
    status: int
    output: str


def measure(
    command: list[str], folder: Path, env: dict[str, str] | None = None, longest: float | None = None
) -> Measured:
    """Run a command in a folder to its end, or until it has taken too long; memory is looked at on the way."""
    peak, stop = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stop.wait(_EVERY):
            peak = max(peak, sum(Tree(process.pid).mb_by_kind().values()))

    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            status = process.wait(longest or _LONGEST)
        except subprocess.TimeoutExpired:
            status = -1
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


class Tree:
    """A process and all that descend from it: their memory, shared pages counted once. Linux only; empty elsewhere."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._seen: dict[int, str] = {root: _begun(root)}

    def mb_by_kind(self) -> dict[str, float]:
        """The memory of those that there are now, by what they are."""
        found: dict[str, float] = {}
        waiting = [(self._root, "")]
        while waiting:
            pid, above = waiting.pop()
            process = Path(f"/proc/{pid}")
            try:
                kind = _kind((process / "comm").read_text().strip(), above)
                for task in (process / "task").iterdir():
                    waiting += [(int(child), kind) for child in (task / "children").read_text().split()]
                found[kind] = found.get(kind, 0.0) + _kilobytes(process) / 1024
                self._seen[pid] = _begun(pid)
            except (OSError, ValueError):
                continue  # it has ended meanwhile
        return found

    def still_there(self, seconds: float) -> int:
        """How many of all that were seen have not ended when so much time is over."""
        end = time.monotonic() + seconds
        while (left := sum(_begun(pid) == begun != "" for pid, begun in self._seen.items())) and time.monotonic() < end:
            time.sleep(0.2)
        return left


_KINDS = {"template": "templates", "grading": "grading processes", "zygote": "zygotes", "child": "learners' processes"}


def _kind(name: str, above: str) -> str:
    return _KINDS.get(name, "others" if above else "main process")


def _begun(pid: int) -> str:
    """When a process was started, which tells it from a later one of its number; empty when it has ended."""
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after_the_name[0] == "Z" else after_the_name[19]


def _kilobytes(process: Path) -> int:
    """Proportional set size; the resident set where that can't be read."""
    try:
        name, lines = "Pss:", (process / "smaps_rollup").read_text().splitlines()
    except PermissionError:
        name, lines = "VmRSS:", (process / "status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


def describe_machine() -> str:
    """The machine in general words, so that a table can be read a year later."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1024**3:.0f} GiB"
    system = f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "pytest"))
    return f"date {date.today().isoformat()}, cores {cores}, memory {memory}, system {system}, {packages}"
