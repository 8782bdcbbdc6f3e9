"""A pytest process for each submission: what one gets by writing `pytest` in a loop."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.measured import measure
from benchmarks.peers import one_thread
from benchmarks.runs import Run, expect_all
from benchmarks.subject import ASSIGNMENT, ROOT
from benchmarks.submissions import students, write


class PytestEach:
    """Our interpreter and our hidden check files; the submission is imported by the process that checks it."""

    name = "pytest, a process each"

    def grade(self, count: int) -> Run:
        """One process after the other; only they are timed."""
        seconds, peak, right, output = 0.0, 0.0, 0, ""
        hidden = ROOT / "solutions" / ASSIGNMENT / "hidden"
        options = ["-q", "-c", os.devnull, "--rootdir", str(hidden), "--import-mode=importlib"]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "benchmarks.pytest_plugin",
            *options,
            str(hidden),
        ]
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            folder = write(Path(work, "submissions"), count)
            for student in students(count):
                said = {"SUBMISSION": str(folder / student), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
                run = measure(command, ROOT, Path(work), {**one_thread(), **said, "PYTHONPATH": str(ROOT)})
                seconds, peak, output = seconds + run.seconds, max(peak, run.peak_mb), run.output
                right += run.status == 0
        expect_all(self.name, right, count, output)
        return Run(count, seconds, peak)
