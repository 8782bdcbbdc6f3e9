"""The machine in general words, so that a table can be read a year later."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path


def describe_machine() -> dict[str, str]:
    """Date, cores, memory, system, Python and torch."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "date": date.today().isoformat(),
        "cores": str(cores),
        "memory": _memory(),
        "system": f"{platform.system()} on {platform.machine()}",
        "Python": platform.python_version(),
        "torch": version("torch"),
        "pytest": version("pytest"),
    }


def _memory() -> str:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return "unknown"
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("MemTotal:"))
    return f"{kilobytes / 1024**2:.0f} GiB"
