"""What the tests of `grader.grading` share: the course's lesson, and hands that hand things in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from grader.core.assignment import Assignment, Limits
from grader.course.load import load_course
from grader.grading.submission import Entry, Submission, Unread
from grader.reading.module_text import ModuleSource
from tests.collect.reading import read_entry

COURSE = Path(__file__).parents[2]

Read = Callable[[Path], Submission | Unread]


def lesson(limits: Limits | None = None) -> Assignment:
    return replace(load_course(COURSE).assignments["linear_regression"], due=None, limits=limits or Limits())


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    return lesson()


@pytest.fixture
def read(assignment: Assignment) -> Read:
    """Reads what lies at a path as the entry of its name."""

    def _read(path: Path) -> Submission | Unread:
        answer = read_entry(Entry(path.stem, path), assignment)
        words = (
            answer.note
            if isinstance(answer, Unread)
            else " ".join([*answer.reading.problems.values(), *answer.reading.strays])
        )
        assert str(path.parent) not in words, "the reader is told of a place on the instructor's machine"
        assert words.isprintable()
        if isinstance(answer, Submission):
            assert answer.reading.modules.keys() | answer.reading.problems.keys() == assignment.modules.keys()
            for module in answer.reading.modules.values():
                assert not module.lines or len(module.lines) == module.text.count("\n")
        return answer

    return _read


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Makes a real archive of names and contents."""

    def _zipped(members: Mapping[str, str | bytes]) -> Path:
        path = tmp_path / "ada.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members.items():
                file.writestr(name, content)
        return path

    return _zipped


@pytest.fixture
def noted(tmp_path: Path) -> Callable[..., Path]:
    """Makes a real notebook: a str is a code cell, ("text", …) a markdown cell, (tag, …) a tagged code cell."""

    def _noted(*cells: str | tuple[str, str]) -> Path:
        made = []
        for cell in cells:
            kind, text = ("", cell) if isinstance(cell, str) else cell
            if kind == "text":
                made.append(nbformat.v4.new_markdown_cell(text))
            else:
                metadata = {"nbgrader": {"grade_id": kind, "schema_version": 3}} if kind else {}
                made.append(nbformat.v4.new_code_cell(text, metadata=metadata))
        path = tmp_path / "ada.ipynb"
        path.write_text(nbformat.v4.writes(nbformat.v4.new_notebook(cells=made)))
        return path

    return _noted


class Built:
    """The modules of a notebook, to be looked at and, with stand-ins for torch, to be run."""

    def __init__(self, modules: Mapping[str, ModuleSource], problems: Mapping[str, str]) -> None:
        self.modules = modules
        self.problems = problems

    def text(self, module: str = "from_scratch") -> str:
        return self.modules[module].text

    def run(self, module: str = "from_scratch") -> dict[str, object]:
        names: dict[str, object] = {"__name__": module}
        exec(compile(self.text(module), module, "exec", dont_inherit=True), names)
        return names

    def place(self, snippet: str, module: str = "from_scratch") -> str:
        """Where the line that holds the snippet was written, as the reader is told."""
        lines = self.text(module).split("\n")
        return self.modules[module].locate(next(i for i, line in enumerate(lines, 1) if snippet in line))


@pytest.fixture
def build(noted: Callable[..., Path], read: Read) -> Callable[..., Built]:
    """What is made of a notebook with these cells."""

    def _build(*cells: str | tuple[str, str]) -> Built:
        answer = read(noted(*cells))
        assert isinstance(answer, Submission), answer
        return Built(answer.reading.modules, answer.reading.problems)

    return _build
