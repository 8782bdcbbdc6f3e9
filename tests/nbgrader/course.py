"""An nbgrader course to play with: its source notebook, its commands in child processes, and learners' notebooks."""

from __future__ import annotations

import copy
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.authoring.release import nbgrader_source
from grader.course.load import load_course
from grader.results.nbgrader import course_config

ROOT = Path(__file__).resolve().parent.parent.parent
LESSON = "linear_regression"
COURSE = tomllib.loads((ROOT / "course.toml").read_text(encoding="utf-8"))
EXERCISES: dict[str, dict[str, Any]] = COURSE["assignments"][LESSON]["exercises"]
POINTS = {name: float(exercise["points"]) for name, exercise in EXERCISES.items()}
ALL = sum(POINTS.values())
QUESTION = 2.0  # what the one written question is worth, which only a person can grade
SETUP = "import numpy\nimport torch\nfrom torch import nn\nfrom torch.utils.data import DataLoader, TensorDataset"
Notebook = Any


def solutions() -> dict[str, str]:
    """The reference solution of each exercise, markers included."""
    found = {}
    for path in sorted((ROOT / "solutions" / LESSON).glob("*.py")):
        for text in re.split(r"\n\n\n(?=def )", path.read_text(encoding="utf-8").rstrip())[1:]:
            found[text[4 : text.index("(")]] = text
    return {name: found[name] for name in EXERCISES}


def right(name: str) -> str:
    """An exercise as a learner would solve it: the reference without its markers."""
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", solutions()[name], flags=re.MULTILINE).rstrip()


def source_notebook() -> Notebook:
    """What an author writes: by the convention that grading relies on, and nothing more."""
    new = nbformat.v4
    cells = [
        _cell("markdown", "title", "# Linear regression\n\nFrom scratch.", locked=True),
        _cell("code", "setup", SETUP, locked=True),
    ]
    for name, text in solutions().items():
        if name == "make_loader":
            cells.append(new.new_markdown_cell("## With PyTorch's own parts"))
        cells.append(_cell("code", name, text, solution=True))
        points = POINTS[name]
        cells.append(_cell("code", f"check-{name}", f"assert callable({name})", grade=True, locked=True, points=points))
    cells.append(_question())
    notebook = new.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    return notebook


def _question() -> Notebook:
    text = "Why does the loss fall?\n\nYour answer:"
    return _cell("markdown", "why", text, grade=True, solution=True, points=QUESTION)


def _cell(kind: str, id: str, text: str, **flags: Any) -> Notebook:
    cell = nbformat.v4.new_code_cell(text) if kind == "code" else nbformat.v4.new_markdown_cell(text)
    said = {"grade_id": id, "schema_version": 3, "task": False, "cell_type": kind}
    cell.metadata["nbgrader"] = {**said, "grade": False, "solution": False, "locked": False, **flags}
    return cell


def grade_id(cell: Notebook) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    text: str


@dataclass(frozen=True)
class NbCourse:
    """A course's folder, with an exchange beside it."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "gradebook.db"

    @property
    def exchange(self) -> Path:
        return self.folder.parent / "exchange"

    @property
    def environment(self) -> dict[str, str]:
        """Nobody's own configuration of Jupyter, and nbgrader's tools on the path."""
        home = self.folder.parent / "home"
        home.mkdir(exist_ok=True)
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**keep, "HOME": str(home), "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}

    def nbgrader(self, *arguments: str, cwd: Path | None = None, code: int | None = 0) -> Done:
        """Run nbgrader's own command line."""
        tool = str(Path(sys.executable).with_name("nbgrader"))
        return self._run([tool, *arguments], cwd or self.folder, code)

    def grade(self, out: Path, *options: str, root: Path = ROOT, code: int | None = 0) -> Done:
        """Run `python -m grader nbgrader`."""
        command = [sys.executable, "-m", "grader", "--course", str(root), "nbgrader", str(self.folder)]
        return self._run([*command, "--out", str(out), *options], ROOT, code)

    def _run(self, command: list[str], cwd: Path, code: int | None) -> Done:
        done = subprocess.run(
            command, cwd=cwd, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )
        text = done.stdout + done.stderr
        assert code is None or done.returncode == code, f"{command}\n{text}"
        return Done(done.returncode, text)

    def released(self) -> Notebook:
        return read(self.folder / "release" / LESSON / f"{LESSON}.ipynb")

    def solved(self, **instead: str) -> Notebook:
        """The released notebook as a learner hands it in: right, but for the functions that are given."""
        notebook = copy.deepcopy(self.released())
        for cell in notebook.cells:
            if grade_id(cell) in EXERCISES:
                cell.source = instead.get(grade_id(cell), right(grade_id(cell)))
        return notebook

    def collected(self, student: str, *, time: str = "", secret: str = "") -> Path:
        """A learner's folder, as if it had been collected."""
        folder = self.folder / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        if time:
            (folder / "timestamp.txt").write_text(time)
        if secret:
            (folder / "submission_secret.txt").write_text(secret)
        return folder

    def hand_in(self, student: str, notebook: Notebook, *, time: str = "", secret: str = "") -> Path:
        folder = self.collected(student, time=time, secret=secret)
        return write(folder / f"{LESSON}.ipynb", notebook)

    def autograded(self, student: str) -> Notebook:
        return read(self.folder / "autograded" / student / LESSON / f"{LESSON}.ipynb")

    def feedback(self, student: str) -> str:
        path = self.folder / "feedback" / student / LESSON / f"{LESSON}.html"
        return path.read_text(encoding="utf-8")

    def grades(self, student: str) -> dict[str, dict[str, Any]]:
        """A learner's grades as they are in the database, by cell."""
        rows = self.ask(
            "SELECT base_cell.name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade"
            " JOIN base_cell ON base_cell.id = grade.cell_id" + _OF_A_LEARNER.format("grade"),
            student,
        )
        keys = ("auto", "manual", "extra", "waits")
        return {name: dict(zip(keys, row, strict=True)) for name, *row in rows}

    def scores(self, student: str) -> dict[str, float | None]:
        """What we wrote, by exercise; None for what waits for a person."""
        grades = self.grades(student)
        assert all(
            (grade["auto"] is None) == bool(grade["waits"]) for grade in grades.values() if grade["manual"] is None
        )
        return {name: grades[f"check-{name}"]["auto"] for name in EXERCISES}

    def comments(self, student: str) -> dict[str, tuple[str | None, str | None]]:
        """Our comment and a person's, by cell."""
        rows = self.ask(
            "SELECT base_cell.name, auto_comment, manual_comment FROM comment"
            " JOIN base_cell ON base_cell.id = comment.cell_id" + _OF_A_LEARNER.format("comment"),
            student,
        )
        return {name: (auto, manual) for name, auto, manual in rows}

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def tell(self, query: str, *values: object) -> None:
        connection = sqlite3.connect(self.database)
        with connection:
            connection.execute(query, values)
        connection.close()


_OF_A_LEARNER = (
    " JOIN submitted_notebook ON submitted_notebook.id = {}.notebook_id"
    " JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id"
    " WHERE student_id = ?"
)


def make_course(folder: Path, *, real: bool = False) -> NbCourse:
    """A course with its configuration and source, from which the assignment has been generated.

    `real`: from the source that is made of the lesson's text, with a written question added.
    """
    course = NbCourse(folder)
    folder.mkdir(parents=True)
    course.exchange.mkdir()
    course.exchange.chmod(0o777)
    (folder / "nbgrader_config.py").write_text(course_config(load_course(ROOT)))
    source = folder / "source" / LESSON
    if real:
        for path, data in nbgrader_source(ROOT, load_course(ROOT).assignments[LESSON]).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(data)
    notebook = read(source / f"{LESSON}.ipynb") if real else source_notebook()
    if real:
        notebook.cells.append(_question())
    write(source / f"{LESSON}.ipynb", notebook)
    course.nbgrader("generate_assignment", LESSON)
    return course


def read(path: Path) -> Notebook:
    return nbformat.read(path, as_version=4)


def write(path: Path, notebook: Notebook) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")  # as it is, however damaged
    return path


def text_of(html: str) -> Iterator[str]:
    """The lines that a person reads of a page."""
    import html as escapes

    body = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", html)
    yield from (escapes.unescape(re.sub(r"<[^>]*>", "", line)).strip() for line in body.splitlines())


def nothing_works_in(page: str) -> None:
    """Of `EVIL`, which the page shows: no HTML is any, and TeX is in code, which MathJax leaves alone."""
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    for found in re.finditer(r"\$\$\\href|javascript:alert", page):
        assert page.rfind("<pre", 0, found.start()) > page.rfind("</pre>", 0, found.start())
