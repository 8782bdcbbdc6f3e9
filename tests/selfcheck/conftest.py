"""A course in a folder of its own, and `pytest exercises` run there as a learner would."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import in_the_foreground
from tests.one_lesson import OTHER_LESSONS, one_lesson

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"
MODULES = ("from_scratch", "with_torch")


@dataclass(frozen=True)
class Ran:
    """What came of a run: exit code, what it printed, and the outcome of each check by exercise."""

    code: int
    out: str
    err: str
    junit: Path

    def row(self, exercise: str) -> str:
        """The line of an exercise in the report."""
        return next(line for line in self.out.splitlines() if re.match(rf"  \S+ {exercise} ", line))

    @property
    def next(self) -> str:
        """The part of the report on the one next thing."""
        return self.out[self.out.index("Next: ") :]

    def outcomes(self) -> dict[str, list[tuple[str, str]]]:
        """From the JUnit file: exercise -> (passed, skipped or failure; message) of each check."""
        found: dict[str, list[tuple[str, str]]] = {}
        for case in ElementTree.parse(self.junit).getroot().iter("testcase"):
            name = str(case.get("classname")).rpartition("test_")[2]
            told = next(((each.tag, str(each.get("message"))) for each in case), ("passed", ""))
            found.setdefault(name, []).append(told)
        return found


class Course:
    """A copy of what a learner has: stubs, checks and course.toml. Of the lessons, the first one, and those that are named."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        self.lesson = folder / "exercises" / LESSON
        folder.mkdir(parents=True)
        left_out = shutil.ignore_patterns("__pycache__", "*.bak", *set(OTHER_LESSONS) - set(more))
        shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=left_out)
        (folder / "course.toml").write_text(one_lesson(*more), encoding="utf-8")

    def solve(self, *modules: str) -> Course:
        """Put the reference solutions in place of the stubs, of all modules unless some are named."""
        for module in modules or MODULES:
            self.write(module, solution(module, self.lesson.name))
        return self

    def other(self, lesson: str) -> Course:
        """The same course, to write in another lesson of it."""
        other = Course.__new__(Course)
        other.folder, other.lesson = self.folder, self.lesson.parent / lesson
        return other

    def write(self, module: str, text: str | bytes) -> None:
        """Replace a module of the learner's, at once: a watch would also try what is half written."""
        path = self.lesson / f"{module}.py"
        written = path.with_suffix(".saved")
        written.write_bytes(text.encode() if isinstance(text, str) else text)
        written.replace(path)

    def change(self, **functions: str) -> Course:
        """Replace functions of the learner's: `change(mse="def mse(a, b): …")`."""
        for name, code in functions.items():
            module = next(m for m in MODULES if f"def {name}(" in (self.lesson / f"{m}.py").read_text("utf-8"))
            text = (self.lesson / f"{module}.py").read_text("utf-8")
            self.write(module, with_function(text, name, textwrap.dedent(code)))
        return self

    def run(
        self,
        *arguments: str,
        cwd: str = "",
        python: tuple[str, ...] = (),
        search_seconds: float | None = 60.0,
        junit: bool = True,
        **environment: str,
    ) -> Ran:
        """`pytest exercises`, or other arguments, in a process of its own.

        A busy machine is given time to look for the line behind what is wrong; None for as long as learners have.
        """
        file = self.folder / "junit.xml"
        given = [*(arguments or ("exercises",)), *([f"--junitxml={file}"] if junit else [])]
        if search_seconds is not None:
            patience = f"from grader.selfcheck import line_search\n\nline_search.SECONDS = {search_seconds}\n"
            (self.folder / "patience.py").write_text(patience)
            environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(self.folder)])
            given += ["-p", "patience"]
        done = subprocess.run(
            [sys.executable, *python, "-m", "pytest", *given],
            cwd=self.folder / cwd,
            env=surroundings(**{"PYTHONPATH": str(ROOT), **environment}),
            capture_output=True,
            timeout=600,
            check=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=None if os.name == "nt" else in_the_foreground,
        )
        encoding = environment.get("PYTHONIOENCODING", "utf-8")
        return Ran(done.returncode, done.stdout.decode(encoding), done.stderr.decode("utf-8", "replace"), file)


def surroundings(**more: str) -> dict[str, str]:
    """An environment in which nothing of this test run shows."""
    ours = ("PYTEST", "COV_", "PYTHON", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **more}


def solution(module: str, lesson: str = LESSON) -> str:
    """A reference solution as a learner would have written it."""
    text = (ROOT / "solutions" / lesson / f"{module}.py").read_text(encoding="utf-8")
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n", "", text, flags=re.MULTILINE)


def with_function(text: str, name: str, code: str) -> str:
    """A module's text with the code of one function replaced."""
    lines = text.splitlines(keepends=True)
    node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == name)
    return "".join([*lines[: node.lineno - 1], code.strip() + "\n", *lines[node.end_lineno or 0 :]])


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with stubs."""
    return Course(tmp_path / "course")
