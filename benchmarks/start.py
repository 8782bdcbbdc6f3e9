"""What starting costs: the CPU time of whole process trees, each in turn. Prints JSON: seconds by name."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.subject import ROOT, write

IMPORT, ONE, FEW, FEW_BY_TWO = "CPU: import torch", "CPU: grade 1", "CPU: grade 8, 1 job", "CPU: grade 8, 2 jobs"
_FEW = 8
_PR_SET_CHILD_SUBREAPER = 36


def cpu_seconds(command: list[str]) -> float:
    """User and system time of a command and of all that it started, however they ended. Linux only."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, said = process.communicate()
    if process.returncode:
        raise SystemExit((said.decode("utf-8", "replace").strip().splitlines() or ["it failed"])[-1])
    try:
        while True:  # those whose parent ended before them are ours now
            os.waitpid(-1, 0)
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """One round."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    found = {IMPORT: cpu_seconds([sys.executable, "-c", "import torch"])}
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        folder = Path(place)
        for name, count, jobs in ((ONE, 1, 1), (FEW, _FEW, 1), (FEW_BY_TWO, _FEW, 2)):
            submissions, out = write(folder / name, count), folder / f"{name}, out"
            grade = [sys.executable, "-m", "grader", "grade", str(submissions), "--out", str(out), "--jobs", str(jobs)]
            found[name] = cpu_seconds(grade)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
