"""A class that hands in by the exchange, by an LMS and with every kind of damage; each learner is named for the case."""

from __future__ import annotations

import copy
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat

from tests.nbgrader.course import COURSE, LESSON, ROOT, NbCourse, Notebook, grade_id, read, right, write

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


def hand_in_by_the_exchange(course: NbCourse) -> None:
    """Released, fetched, submitted three times and collected, with nbgrader's own commands."""
    place = f"--Exchange.root={course.exchange}"
    course.nbgrader("release_assignment", LESSON, place)
    desk = course.folder.parent / "desk"
    desk.mkdir()
    of = f"--course={COURSE['course']['id']}"
    course.nbgrader("fetch_assignment", LESSON, place, of, cwd=desk)
    own = desk / LESSON / f"{LESSON}.ipynb"
    fetched = read(own)

    write(own, _filled_in(fetched))
    course.nbgrader("submit", LESSON, place, of, "--student=ada", cwd=desk)
    wrong = _filled_in(fetched, mse=BY_ROWS)
    _cell(wrong, "why").source = f"The gradient points uphill. {EVIL}"
    wrong.cells.insert(2, nbformat.v4.new_markdown_cell(f"My notes: {EVIL}"))
    write(own, wrong)
    course.nbgrader("submit", LESSON, place, of, "--student=bob", cwd=desk)
    write(own, fetched)
    for name in ("from_scratch", "with_torch"):
        own.with_name(f"{name}.py").write_text(module(name))
    course.nbgrader("submit", LESSON, place, of, "--student=modules", cwd=desk)
    course.nbgrader("collect", LESSON, place)


def hand_in_by_an_lms(course: NbCourse) -> None:
    """Two downloads, named as Moodle and Canvas name them, collected with `zip_collect`."""
    archive = course.folder / "downloaded" / LESSON / "archive"
    archive.mkdir(parents=True)
    notebook = json.dumps(_filled_in(course.released()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in ("from_scratch", "with_torch"):
            file.writestr(f"homework/{name}.py", module(name))
        file.writestr("__MACOSX/homework/._from_scratch.py", "junk")
    with zipfile.ZipFile(archive / "ML-Lab 3-4711.zip", "w") as file:
        file.writestr(f"Zoë O'Neil_101_assignsubmission_file_/{LESSON}.ipynb", notebook)
        file.writestr("Yan Li_102_assignsubmission_file_/work.zip", packed.getvalue())
        file.writestr("Yan Li_102_assignsubmission_onlinetext_/onlinetext.html", "<p>see file</p>")
    with zipfile.ZipFile(archive / "submissions.zip", "w") as file:
        file.writestr(f"annacanvas_LATE_201_9001_{LESSON}-1.ipynb", notebook)
        for number, name in enumerate(("from_scratch", "with_torch")):
            file.writestr(f"beacanvas_202_900{number + 2}_{name}-{number + 1}.py", module(name))
    course.nbgrader("zip_collect", LESSON)


def hand_in_otherwise(course: NbCourse) -> None:
    """Late, damaged, odd and hostile ones, as a collection leaves them."""
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


def _filled_in(notebook: Notebook, **instead: str) -> Notebook:
    notebook = copy.deepcopy(notebook)
    for name in (name for name in COURSE["assignments"][LESSON]["exercises"]):
        _cell(notebook, name).source = instead.get(name, right(name))
    return notebook


def everybody(course: NbCourse) -> list[str]:
    return sorted(path.name for path in (course.folder / "submitted").iterdir())


def copied(course: NbCourse, folder: Path) -> NbCourse:
    """The same course elsewhere, to do something to it."""
    shutil.copytree(course.folder, folder / "course", symlinks=True)
    return NbCourse(folder / "course")
