"""Otter-Grader's own way: `otter assign` makes an autograder, and `otter run` grades one submission with it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks import notebook, peers
from benchmarks.measured import measure
from benchmarks.runs import NotRight, Run, expect_all
from benchmarks.subject import check_ids, number_of_checks
from benchmarks.submissions import parts, students

_CONFIG = """\
# ASSIGNMENT CONFIG
name: lesson
environment: null
run_tests: false
export_cell: false
solutions_pdf: false
template_pdf: false
generate:
  pdf: false
  zips: false
"""


class Otter:
    """A notebook with a question for each exercise, and a hidden test for each hidden check."""

    name = "otter run"

    def __init__(self) -> None:
        self._work = tempfile.TemporaryDirectory(prefix="benchmark-")
        course = Path(self._work.name)
        self._environment = peers.environment(course)
        notebook.save(course / "lesson.ipynb", _master())
        command = [peers.tool("otter"), "assign", "lesson.ipynb", "dist", "--no-run-tests"]
        made = measure(command, course, course, self._environment)
        found = list((course / "dist" / "autograder").glob("*.zip"))
        if made.status or not found:
            raise NotRight(f"Otter could not make the assignment: {made.output[-300:]}")
        self._autograder = found[0]
        self._released, self._metadata = notebook.load(course / "dist" / "student" / "lesson.ipynb")

    def grade(self, count: int) -> Run:
        """`otter run` for one submission after the other; only these commands are timed."""
        seconds, peak, right, output = 0.0, 0.0, 0, ""
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            for student in students(count):
                place = Path(work, student)
                notebook.save(place / "lesson.ipynb", self._submission(student), self._metadata)
                options = ["-a", str(self._autograder), "-o", str(place), "--no-logo", str(place / "lesson.ipynb")]
                run = measure([peers.tool("otter"), "run", *options], place, place, self._environment)
                seconds, peak, output = seconds + run.seconds, max(peak, run.peak_mb), run.output
                right += _full_marks(place / "results.json")
        expect_all(self.name, right, count, output)
        return Run(count, seconds, peak)

    def close(self) -> None:
        """Clear away what was made."""
        self._work.cleanup()

    def _submission(self, student: str) -> list[notebook.Cell]:
        """The released notebook with the learner's functions in the cells that Otter marks as answers."""
        written, cells = parts(student).functions, []
        for cell in self._released:
            asked = cell["metadata"].get("otter", {}).get("tests", [])
            cells.append({**cell, "source": written[asked[0]]} if asked else cell)
        return cells


def _master() -> list[notebook.Cell]:
    written = parts("the author")
    cells = [notebook.cell("raw", "config", _CONFIG), notebook.cell("code", "setup", written.setup)]
    for name, checks in check_ids().items():
        question = f"# BEGIN QUESTION\nname: {name}\npoints: {len(checks)}\n"
        cells += [notebook.cell("raw", f"question-{name}", question), _raw("BEGIN SOLUTION", name)]
        cells += [notebook.cell("code", f"solution-{name}", written.functions[name]), _raw("END SOLUTION", name)]
        cells.append(_raw("BEGIN TESTS", name))
        for id in checks:
            test = f"# HIDDEN\nfrom benchmarks.inprocess import run_check\nrun_check({id!r}, globals())"
            cells.append(notebook.cell("code", id, test))
        cells += [_raw("END TESTS", name), _raw("END QUESTION", name)]
    return cells


def _raw(words: str, name: str) -> notebook.Cell:
    return notebook.cell("raw", f"{words.lower().replace(' ', '-')}-{name}", f"# {words}")


def _full_marks(path: Path) -> bool:
    if not path.exists():
        return False
    score = sum(test.get("score", 0.0) for test in json.loads(path.read_text("utf-8"))["tests"])
    return bool(abs(score - number_of_checks()) < 1e-6)
