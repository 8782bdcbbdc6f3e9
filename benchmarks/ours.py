"""Our own grading: whole runs of `python -m grader grade`, as an instructor starts it."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import measure
from benchmarks.runs import Run, expect_all
from benchmarks.subject import ASSIGNMENT, ROOT, SEED
from benchmarks.submissions import write


class Ours:
    """`grade`, in processes of its own, with everything that it writes."""

    name = "grade"

    def __init__(self, jobs: int = 1, every: float = 0.2) -> None:
        self._jobs = jobs
        self._every = every

    def grade(self, count: int) -> Run:
        """Grade as many submissions, and read the gradebook."""
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            folder, out = write(Path(work, "submissions"), count), Path(work, "results")
            command = [sys.executable, "-m", "grader", "--course", str(ROOT), "grade", str(folder)]
            options = ["--out", str(out), "--assignment", ASSIGNMENT, "--jobs", str(self._jobs), "--seed", str(SEED)]
            run = measure([*command, *options], ROOT, Path(work), every=self._every)
            book = out / "grades.csv"
            rows = list(csv.DictReader(book.open(encoding="utf-8"))) if book.exists() else []
            expect_all(self.name, sum(row["score"] == row["max_score"] for row in rows), count, run.output)
        return Run(count, run.seconds, run.peak_mb)
