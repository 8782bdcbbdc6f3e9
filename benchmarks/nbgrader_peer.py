"""nbgrader's own way: a source notebook, `generate_assignment`, submissions, `autograde`, the exported gradebook."""

from __future__ import annotations

import csv
import shutil
import tempfile
from itertools import chain
from pathlib import Path

from benchmarks import notebook, peers
from benchmarks.measured import Measured, measure
from benchmarks.runs import NotRight, Run, expect_all
from benchmarks.subject import check_ids, number_of_checks
from benchmarks.submissions import parts, students

_NAME = "lesson"
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""


class Nbgrader:
    """A course with one notebook: a solution cell for each exercise, and a hidden test cell for each hidden check."""

    name = "nbgrader autograde"

    def __init__(self) -> None:
        self._work = tempfile.TemporaryDirectory(prefix="benchmark-")
        self._course = Path(self._work.name, "course")
        self._course.mkdir()
        (self._course / "nbgrader_config.py").write_text(_CONFIG)
        notebook.save(self._course / "source" / _NAME / f"{_NAME}.ipynb", _source())
        made = self._run(self._course, "generate_assignment", _NAME)
        released = self._course / "release" / _NAME / f"{_NAME}.ipynb"
        if made.status or not released.exists() or "run_check" in released.read_text("utf-8"):
            raise NotRight(f"nbgrader could not make the assignment: {made.output[-300:]}")
        self._released, _ = notebook.load(released)

    def grade(self, count: int) -> Run:
        """`autograde` for all submissions in a fresh copy of the course; only that command is timed."""
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            course = Path(shutil.copytree(self._course, Path(work, "course")))
            for student in students(count):
                notebook.save(course / "submitted" / student / _NAME / f"{_NAME}.ipynb", self._submission(student))
            run = self._run(course, "autograde", _NAME)
            self._run(course, "export", "--to=grades.csv")
            book = course / "grades.csv"
            rows = list(csv.DictReader(book.open(encoding="utf-8"))) if book.exists() else []
            full = sum(bool(row["score"]) and float(row["score"]) == number_of_checks() for row in rows)
            expect_all(self.name, full, count, run.output)
        return Run(count, run.seconds, run.peak_mb)

    def close(self) -> None:
        """Clear away what was made."""
        self._work.cleanup()

    def _run(self, course: Path, *arguments: str) -> Measured:
        work = Path(self._work.name)
        return measure([peers.tool("nbgrader"), *arguments], course, work, peers.environment(work))

    def _submission(self, student: str) -> list[notebook.Cell]:
        written = parts(student)
        return [
            {**cell, "source": written.functions[cell["metadata"]["nbgrader"]["grade_id"]]}
            if cell["metadata"]["nbgrader"]["solution"]
            else cell
            for cell in self._released
        ]


def _source() -> list[notebook.Cell]:
    written = parts("the author")
    cells = [_cell("setup", written.setup)]
    for name, source in written.functions.items():
        cells.append(_cell(name, f"### BEGIN SOLUTION\n{source}### END SOLUTION\n", solution=True))
    for id in chain(*check_ids().values()):
        test = f"from benchmarks.inprocess import run_check\nrun_check({id!r}, globals())"
        cells.append(_cell(id, f"### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS\n", grade=True))
    return cells


def _cell(name: str, source: str, *, solution: bool = False, grade: bool = False) -> notebook.Cell:
    said = {"grade_id": name, "schema_version": 3, "task": False, "locked": not solution}
    worth = {"points": 1} if grade else {}
    return notebook.cell("code", name, source, {"nbgrader": {**said, "grade": grade, "solution": solution, **worth}})
