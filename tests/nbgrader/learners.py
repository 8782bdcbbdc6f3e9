"""A class that hands in with every kind of damage; each learner is named for the case. tests/term has an ordinary one."""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat

from tests.nbgrader.course import LESSON, ROOT, NbCourse, Notebook, grade_id, right, write

BY_ROWS = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum() / len(t1)"
CUT_OFF = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean().detach()"
READY_MADE = "def model(x, w, b):\n    return nn.functional.linear(x, w, b)"
EVIL = "<script>alert(1)</script> $$\\href{javascript:alert(2)}{x}$$ <img src=x onerror=alert(3)>"
THROWS = f"def mse(t1, t2):\n    raise ValueError({EVIL!r})"
IN_TIME = "2026-12-14 23:59:00.0 UTC"


def module(name: str) -> str:
    """A module as a learner would solve it."""
    text = (ROOT / "solutions" / LESSON / f"{name}.py").read_text(encoding="utf-8")
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n", "", text, flags=re.MULTILINE)


def hand_in_everything(course: NbCourse) -> None:
    """Right, wrong, late, damaged, odd and hostile ones, as a collection leaves them."""
    course.hand_in("ada", course.solved(), time=IN_TIME)
    _explained(course)
    place = course.hand_in("modules", course.released(), time=IN_TIME).parent
    for name in ("from_scratch", "with_torch"):
        (place / f"{name}.py").write_text(module(name))
    course.hand_in("in-the-grace", course.solved(), time="2026-12-15 01:05:00.0 Europe/Berlin")
    course.hand_in("day-late", course.solved(mse=CUT_OFF), time="2026-12-15 20:00:00.0 UTC")
    course.hand_in("month-late", course.solved(), time="2027-01-14 18:59:00-05:00")
    course.hand_in("no-time", course.solved(), time="once upon a time")
    course.hand_in("untouched", course.released(), time=IN_TIME)
    course.hand_in("throws", course.solved(mse=THROWS))
    course.hand_in("forbidden", course.solved(model=READY_MADE))
    for student, damage in DAMAGE.items():
        notebook = copy.deepcopy(course.solved())
        damage(notebook)
        course.hand_in(student, notebook)
    text = json.dumps(course.solved())
    (course.collected("cut-off") / f"{LESSON}.ipynb").write_text(text[: len(text) // 2])
    (course.collected("link") / f"{LESSON}.ipynb").symlink_to(course.database)
    shutil.move(course.hand_in("renamed", course.solved()), course.collected("renamed") / "Untitled (1).ipynb")
    write(course.hand_in("two", course.solved()).with_name("scratch.ipynb"), course.released())
    (course.collected("nothing") / "notes.txt").write_text("sorry")


def _explained(course: NbCourse) -> None:
    notebook = course.solved(mse=BY_ROWS)
    _cell(notebook, "why").source = f"The gradient points uphill. {EVIL}"
    notebook.cells.insert(2, nbformat.v4.new_markdown_cell(f"My notes: {EVIL}"))
    course.hand_in("bob", notebook, time=IN_TIME)


def _removed(notebook: Notebook) -> None:
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) not in ("mse", "check-mse", "check-fit")]


def _reordered(notebook: Notebook) -> None:
    notebook.cells.reverse()


def _duplicated(notebook: Notebook) -> None:
    at = notebook.cells.index(_cell(notebook, "mse"))
    first, check = copy.deepcopy(notebook.cells[at]), copy.deepcopy(notebook.cells[at + 1])
    first.source = BY_ROWS
    notebook.cells[at:at] = [first, check]


def _retyped(notebook: Notebook) -> None:
    for id in ("mse", "check-mse", "predict"):
        cell = _cell(notebook, id)
        cell.cell_type = "raw" if id == "predict" else "markdown"
        del cell["outputs"], cell["execution_count"]
    said = _cell(notebook, "check-model").metadata["nbgrader"]
    said |= {"points": 1000, "solution": True, "locked": False}
    _cell(notebook, "fit").metadata["nbgrader"] |= {"grade": True, "points": 1000, "schema_version": 1}


def _other_kernel(notebook: Notebook) -> None:
    notebook.metadata["kernelspec"] = {"name": "julia-1.10", "language": "julia", "display_name": "Julia"}


def _cleared(notebook: Notebook) -> None:
    for cell in notebook.cells:
        cell.metadata.clear()


def _changed_checks(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if grade_id(cell).startswith("check-"):
            cell.source = "1000"
            cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "1000"}, execution_count=1)]
    _cell(notebook, "mse").source = BY_ROWS


def _one_cell(notebook: Notebook) -> None:
    _cell(notebook, "model").source += "\n\n\n" + right("mse")
    notebook.cells.remove(_cell(notebook, "mse"))


DAMAGE: dict[str, Callable[[Notebook], None]] = {
    "removed": _removed,
    "reordered": _reordered,
    "duplicated": _duplicated,
    "retyped": _retyped,
    "other-kernel": _other_kernel,
    "cleared": _cleared,
    "changed-checks": _changed_checks,
    "one-cell": _one_cell,
}


def _cell(notebook: Notebook, id: str) -> Notebook:
    return next(cell for cell in notebook.cells if grade_id(cell) == id)


def everybody(course: NbCourse) -> list[str]:
    return sorted(path.name for path in (course.folder / "submitted").iterdir())


def copied(course: NbCourse, folder: Path) -> NbCourse:
    """The same course elsewhere, to do something to it."""
    shutil.copytree(course.folder, folder / "course", symlinks=True)
    return NbCourse(folder / "course")
