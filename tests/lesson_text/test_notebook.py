"""A lesson's text as notebooks: valid, the same each time, with the stubs for learners and the solutions for nbgrader."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from grader.core.assignment import Assignment
from grader.core.errors import LessonError
from grader.course.lesson_text import read_lesson
from grader.derived.lesson_notebook import learner_notebook, nbgrader_notebook
from grader.derived.stubs import make_stub


class Made:
    """The two notebooks of the small lesson."""

    def __init__(self, root: Path, one: Assignment, solution: str = "") -> None:
        self.solution = solution or (root / "solutions/one/basics.py").read_text(encoding="utf-8")
        text = (root / "exercises/one/lesson.md").read_text(encoding="utf-8")
        lesson = read_lesson(text, "lesson.md", list(one.exercises))
        stub = make_stub(self.solution, one, one.modules["basics"])
        self.learners = learner_notebook(lesson, one, {"basics": stub})
        self.source = nbgrader_notebook(lesson, one, {"basics": self.solution})


def cells(text: str) -> dict[str, NotebookNode]:
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def tags(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata["nbgrader"])


def test_the_cells_stand_in_the_order_of_the_text(small: Path, one: Assignment) -> None:
    assert list(cells(Made(small, one).learners)) == [
        "start-text-1", "kit-setup", "adding-text-1", "kit-given-basics", "about-add", "add", "check-add", "adding-code-1",
        "adding-text-2", "doubling-text-1", "about-twice", "twice", "check-twice", "doubling-text-2",
        "kit-standing-text", "kit-standing-check",
    ]  # fmt: skip


def test_learners_get_the_stub_and_nbgrader_the_solution_between_its_markers(small: Path, one: Assignment) -> None:
    made = Made(small, one)
    learners, source = cells(made.learners), cells(made.source)
    assert learners["add"].source.startswith('def add(a, b):\n    """The sum.')
    assert learners["add"].source.endswith('raise NotImplementedError("add is still to do")')
    assert source["add"].source.endswith(
        "    ### BEGIN SOLUTION\n    total = a + b * math.cos(0)\n    return total\n    ### END SOLUTION"
    )
    assert learners["kit-given-basics"].source == "import math\n\nHALF = 0.5"
    assert {name for name in learners if learners[name].source != source[name].source} == {"add", "twice"}


def test_the_cells_are_tagged_as_nbgrader_has_it(small: Path, one: Assignment) -> None:
    for text in (Made(small, one).learners, Made(small, one).source):
        found = cells(text)
        assert tags(found["add"]) == {
            "schema_version": 3, "grade_id": "add", "task": False, "grade": False, "solution": True, "locked": False,
        }  # fmt: skip
        assert tags(found["check-add"]) == {
            "schema_version": 3, "grade_id": "check-add", "task": False, "grade": True, "solution": False,
            "locked": True, "points": 1.5,
        }  # fmt: skip
        assert found["check-add"].source == 'check("add")'
        assert tags(found["kit-setup"])["locked"] is True
        assert "nbgrader" not in found["adding-text-1"].metadata
        assert "nbgrader" not in found["adding-code-1"].metadata


def test_learners_cannot_change_what_checks_and_may_change_the_rest(small: Path, one: Assignment) -> None:
    found = cells(Made(small, one).learners)
    locked = [name for name, cell in found.items() if cell.metadata.get("editable") is False]
    assert locked == ["kit-setup", "kit-given-basics", "check-add", "check-twice"]


def test_texts_keep_anchors_figures_and_questions_and_outputs_are_left_out(small: Path, one: Assignment) -> None:
    made = Made(small, one).learners
    found = cells(made)
    assert found["adding-text-1"].source.startswith('<a id="adding"></a>\n\n## Adding\n\nPut *two* numbers')
    assert "![Two lines that cross](figures/lines.svg)\n\n<details><summary>What is" in found["adding-text-2"].source
    assert found["about-twice"].source == (
        "#### Exercise: Doubling (`twice`)\n\n**1 point.** It uses `add`. You write it yourself: `torch.mul` may not be used."
    )
    assert "3..." not in made
    assert not any(cell.get("outputs") for cell in found.values())


def test_what_a_module_gives_is_left_out_where_the_text_has_imported_it_already(small: Path, one: Assignment) -> None:
    path = small / "exercises/one/lesson.md"
    path.write_text(path.read_text(encoding="utf-8").replace("What this", "```python\nimport math\n```\n\nWhat this"))
    solution = (small / "solutions/one/basics.py").read_text(encoding="utf-8")
    assert "kit-given-basics" in cells(Made(small, one).learners)
    assert "kit-given-basics" not in cells(Made(small, one, solution.replace("HALF = 0.5", "")).learners)


def test_the_same_text_gives_the_same_bytes(small: Path, one: Assignment) -> None:
    assert Made(small, one).learners == Made(small, one).learners
    assert Made(small, one).source == Made(small, one).source


def test_two_functions_of_one_name_are_refused_since_a_notebook_has_one_namespace(small: Path, one: Assignment) -> None:
    exercises = {**one.exercises, "twice": replace(one.exercises["twice"], function="add")}
    with pytest.raises(LessonError, match='two exercises are functions called "add"'):
        Made(small, replace(one, exercises=exercises))


def test_a_marked_helper_outside_of_functions_is_refused_in_nbgraders_source(small: Path, one: Assignment) -> None:
    solution = (small / "solutions/one/basics.py").read_text(encoding="utf-8")
    with pytest.raises(LessonError, match="a marked region outside of a function"):
        Made(small, one, solution.replace("HALF = 0.5", "### BEGIN SOLUTION\nHALF = 0.5\n### END SOLUTION"))


@pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="without Jupyter there is nothing to be left out")
def test_notebooks_are_made_without_parsers_that_take_a_second_to_build() -> None:
    code = (
        "import sys, grader.derived.lesson_notebook; assert 'rfc3987_syntax' not in sys.modules; import rfc3987_syntax"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
