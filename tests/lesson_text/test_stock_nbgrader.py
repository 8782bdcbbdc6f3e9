"""nbgrader as it comes: it makes its release of our source, and its own autograde and validate agree with the checks.

That is the insecure way: learner code runs where the gradebook lies. It must work all the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from grader.authoring.release import nbgrader_source
from grader.core.assignment import find_assignment
from grader.course.load import load_course
from grader.derived.lesson_notebook import CODE_STUB

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"
NEVER_RESETS = """\
def gradient_step(w, b, lr):
    with torch.no_grad():
        w -= lr * w.grad
        b -= lr * b.grad
"""


class Nbgrader:
    """A course of nbgrader's, made of our source, with three submissions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        stub = CODE_STUB.replace("\n", "\\n").replace('"', '\\"')
        (folder / "nbgrader_config.py").write_text(
            f'c = get_config()\nc.CourseDirectory.course_id = "c"\nc.ClearSolutions.code_stub = {{"python": "{stub}"}}\n'
        )
        for file, data in nbgrader_source(ROOT, find_assignment(load_course(ROOT), LESSON)).items():
            path = folder / "source" / LESSON / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def run(self, *arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def released(self) -> Path:
        return self.folder / "release" / LESSON

    def submit(self, student: str, notebook: NotebookNode) -> Path:
        place = self.folder / "submitted" / student / LESSON
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{LESSON}.ipynb")
        return place / f"{LESSON}.ipynb"

    def graded(self, student: str) -> dict[str, NotebookNode]:
        notebook = nbformat.read(self.folder / "autograded" / student / LESSON / f"{LESSON}.ipynb", as_version=4)
        return {cell.metadata.get("nbgrader", {}).get("grade_id", ""): cell for cell in notebook.cells}

    def scores(self) -> dict[str, dict[str, tuple[float, float]]]:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            return {
                submission.student.id: {
                    grade.name: (grade.score, grade.max_score) for each in submission.notebooks for grade in each.grades
                }
                for submission in gradebook.assignment_submissions(LESSON)
            }


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, solved: Callable[..., NotebookNode]) -> Nbgrader:
    course = Nbgrader(tmp_path_factory.mktemp("stock") / "course")
    course.run("generate_assignment", LESSON)
    path = course.released / f"{LESSON}.ipynb"
    course.submit("fresh", nbformat.read(path, as_version=4))
    course.submit("right", solved(path))
    course.submit("partly", solved(path, gradient_step=NEVER_RESETS))
    course.run("autograde", LESSON, "--create")
    return course


def test_the_release_holds_our_stubs_and_no_solution(course: Nbgrader) -> None:
    text = (course.released / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in text
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nbformat.reads(text, 4).cells}
    learners = nbformat.read(ROOT / "exercises" / LESSON / "lesson.ipynb", as_version=4)
    for cell in learners.cells:
        tag = cell.metadata.get("nbgrader", {}).get("grade_id")
        if tag and tag.startswith(("check-", "kit-")):
            assert cells[tag].source == cell.source
        elif tag:
            stub = cell.source.replace(f"{tag} is still to do", "this is still to do")
            assert cells[tag].source == stub


def test_right_notebooks_get_full_marks_stubs_none_and_some_in_between(course: Nbgrader) -> None:
    points = {name: each.points for name, each in load_course(ROOT).assignments[LESSON].exercises.items()}
    scores = course.scores()
    assert scores["right"] == {f"check-{name}": (worth, worth) for name, worth in points.items()}
    assert scores["fresh"] == {f"check-{name}": (0, worth) for name, worth in points.items()}
    partly = {name: score for name, (score, _) in scores["partly"].items()}
    assert 0 < partly.pop("check-gradient_step") < points["gradient_step"]
    assert partly.pop("check-train") < points["train"]
    assert partly == {f"check-{n}": p for n, p in points.items() if n not in ("gradient_step", "train")}


def test_nothing_goes_to_stderr_and_no_check_is_a_traceback(course: Nbgrader) -> None:
    for student in ("right", "fresh", "partly"):
        for tag, cell in course.graded(student).items():
            if tag.startswith(("check-", "kit-")):
                assert not [o for o in cell.outputs if o.output_type in ("error", "stream")], (student, tag)


def test_validate_says_which_checks_fail_before_a_learner_hands_in(course: Nbgrader) -> None:
    places = {s: course.folder / "submitted" / s / LESSON / f"{LESSON}.ipynb" for s in ("right", "partly")}
    for place in places.values():  # as learners have it: with the files of the release beside it
        for path in course.released.iterdir():
            if path.is_dir() and not (place.parent / path.name).exists():
                (place.parent / path.name).symlink_to(path)
        (place.parent / "course.toml").write_bytes((course.released / "course.toml").read_bytes())
    told = course.run("validate", *map(str, places.values()))
    assert "Success! Your notebook passes all the tests." in told
    assert "VALIDATION FAILED ON 2 CELL(S)!" in told
    assert 'check("gradient_step")' in told
    assert 'check("train")' in told
    assert 'check("mse")' not in told
