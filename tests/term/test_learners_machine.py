"""A learner's own machine: everything is tested from the released archive, in an environment that holds no kit."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import nbclient
import nbformat
import pytest

from tests.conftest import MODULES, Run, right_source
from tests.lesson_points import TOTAL
from tests.nbgrader.course import EXERCISES, LESSON, Notebook, read, write
from tests.term.handing_in import in_notebook
from tests.term.learners_machine import Machine, set_up
from tests.term.table import Learner

pytestmark = pytest.mark.slow

WHERE = "import sys, grader\nprint(sys.prefix)\nprint(grader.__file__)"


class Worked(NamedTuple):
    """What a learner saw: of the stubs, of the finished modules while handing in, and in the executed notebook."""

    machine: Machine
    untouched: Run
    finished: Run
    notebook: Notebook
    graded: Run


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, released: Run, kit: Callable[..., Run]) -> Iterator[Worked]:
    place = tmp_path_factory.mktemp("learner")
    with zipfile.ZipFile(released.out / "pytorch-first-steps-learners.zip") as archive:
        archive.extractall(place)
    machine = set_up(place / "pytorch-first-steps", place / ".venv")
    lesson, handed_in = machine.folder / "exercises" / LESSON, place / "handed_in"
    handed_in.mkdir()
    untouched = machine.run("pytest", "exercises")
    for module in MODULES:
        (lesson / f"{module}.py").write_text(right_source(module), encoding="utf-8")
    finished = machine.run("pytest", "exercises", "--submit", "ada")
    shutil.move(machine.folder / "ada.zip", handed_in)
    notebook = _executed(machine, in_notebook(Learner("", "notebook"), read(lesson / "lesson.ipynb")))
    write(handed_in / "noor.ipynb", notebook)
    graded = kit("grade", handed_in, out=place / "out")
    yield Worked(machine, untouched, finished, notebook, graded)
    shutil.rmtree(place, ignore_errors=True)


def _executed(machine: Machine, notebook: Notebook) -> Notebook:
    """Run in a kernel of the learner's environment, in the lesson's folder, as Jupyter does."""
    notebook.cells.append(nbformat.v4.new_code_cell(WHERE))
    lesson = machine.folder / "exercises" / LESSON
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(machine.kernels()))
        patch.delenv("PYTHONPATH", raising=False)
        client = nbclient.NotebookClient(
            notebook, kernel_name="learner", timeout=600, resources={"metadata": {"path": str(lesson)}}
        )
        client.execute(env={**machine.environment, "JUPYTER_PATH": os.environ["JUPYTER_PATH"]})
    return notebook


def test_the_requirements_can_be_installed(worked: Worked) -> None:
    if worked.machine.borrowed:
        pytest.skip(f"{worked.machine.borrowed}: the other tests here use the packages of this environment")
    said = worked.machine.run("python", "-m", "pip", "check").text
    assert "No broken requirements found." in said


def test_the_kit_is_the_archives_and_no_other(worked: Worked, tmp_path: Path) -> None:
    found = "import importlib.util as u; print(getattr(u.find_spec('grader'), 'origin', None))"
    assert worked.machine.run("python", "-c", found, cwd=tmp_path).stdout.strip() == "None"
    inside = worked.machine.run("python", "-c", found).stdout.strip()
    assert Path(inside) == worked.machine.folder / "grader" / "__init__.py"


def test_what_learners_have_to_install_is_all_that_the_self_check_needs(worked: Worked) -> None:
    if worked.machine.borrowed:
        pytest.skip(worked.machine.borrowed)
    for name in ("nbgrader", "nbformat", "pydantic", "click", "sqlalchemy", "matplotlib"):
        assert worked.machine.run("python", "-c", f"import {name}", code=1)


def test_stubs_are_to_do(worked: Worked) -> None:
    assert f"0 of {TOTAL} points" in worked.untouched.stdout
    states = re.findall(r"○ (\w+) .* 0/\d +to do", worked.untouched.stdout)
    assert states == list(EXERCISES)
    assert worked.untouched.stderr == ""


def test_solutions_earn_every_point(worked: Worked) -> None:
    assert f"{TOTAL} of {TOTAL} points" in worked.finished.stdout
    assert "to do" not in worked.finished.stdout


def test_the_notebook_runs_with_the_learners_own_python_and_kit(worked: Worked) -> None:
    printed = worked.notebook.cells[-1].outputs[0]["text"].splitlines()
    assert printed == [str(worked.machine.venv), str(worked.machine.folder / "grader" / "__init__.py")]


def test_every_cell_of_the_notebook_works_and_every_check_shows_its_points(worked: Worked) -> None:
    shown = {}
    for cell in worked.notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", output
        if match := re.fullmatch(r'check\("(\w+)"\)', cell.source.strip()):
            shown[match[1]] = "".join(str(output.get("data", "")) for output in cell.outputs)
    assert list(shown) == list(EXERCISES)
    for name, panel in shown.items():
        points = EXERCISES[name]["points"]
        assert re.search(rf"{points}\s*(/|of)\s*{points}", re.sub(r"<[^>]*>", "", panel)), (name, panel[:2000])


def test_what_was_handed_in_from_there_is_graded(worked: Worked) -> None:
    """The archive that `--submit` made, and the notebook as it was executed."""
    assert worked.graded.code == 0, worked.graded.text
    scores = {student: (result["status"], result["score"]) for student, result in worked.graded.results.items()}
    assert scores == {"ada": ("graded", 30), "noor": ("graded", 30)}
