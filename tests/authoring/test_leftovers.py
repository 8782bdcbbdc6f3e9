"""What `grader new` wrote and nobody changed is told, and what was changed isn't, for a function and for a class."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.authoring.leftovers import Leftovers, leftovers_of
from grader.authoring.skeletons import make_course, new_exercise, new_lesson
from grader.course.load import load_course
from grader.grading.bank import load_bank

OWN = {
    "centre": 'def centre(x):\n    """Move it."""\n    ### BEGIN SOLUTION\n    return x - x.mean()\n    ### END SOLUTION\n',
    "net": (
        'class Net(torch.nn.Module):\n    """Scale."""\n\n    def forward(self, x):\n        """x: tensor."""\n'
        "        ### BEGIN SOLUTION\n        return x\n        ### END SOLUTION\n"
    ),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    make_course(folder)
    new_lesson(folder, "sums", "totals", "centre")
    new_exercise(folder, load_course(folder).assignments["sums"], "net", class_name="Net")
    return folder


def left(course: Path, id: str) -> Leftovers:
    assignment = load_course(course).assignments["sums"]
    return leftovers_of(course, assignment, assignment.exercises[id])


def write_references(course: Path) -> None:
    (course / "solutions/sums/totals.py").write_text('"""Mine."""\n\nimport torch\n\n\n' + "\n\n".join(OWN.values()))


def of_template(course: Path, id: str) -> set[str]:
    """The files that are made for an exercise alone."""
    paths = {path.relative_to(course).as_posix() for path in course.rglob("*.py")}
    return {path for path in paths if f"test_{id}.py" in path or f"/{id}/" in path}


@pytest.mark.parametrize("id", OWN)
def test_as_long_as_the_reference_is_the_templates_only_that_is_said(course: Path, id: str) -> None:
    found = left(course, id)
    assert (found.reference, found.files, found.words) == (True, frozenset(), ())
    assert "write yours" in " ".join(found.to_say())


@pytest.mark.parametrize("id", OWN)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.data())
def test_files_are_told_that_are_as_they_were_and_no_others(course: Path, id: str, data: st.DataObject) -> None:
    write_references(course)
    every = sorted(of_template(course, id))
    texts = {file: (course / file).read_text() for file in every}
    changed = data.draw(st.sets(st.sampled_from(every)))
    try:
        for file in changed:
            (course / file).write_text(texts[file].replace("import", "import math, ", 1) + "\nMINE = 1\n")
        found = left(course, id)
        assert found.files == set(every) - changed
        told = " ".join(found.to_say())
        for file in every:
            in_bank = "/mistakes/" in file or "/right/" in file
            assert (file in told) == (in_bank and file not in changed), file
    finally:
        for file, text in texts.items():
            (course / file).write_text(text)


@pytest.mark.parametrize("id", OWN)
def test_what_is_left_is_not_of_the_bank(course: Path, id: str) -> None:
    write_references(course)
    assignment = load_course(course).assignments["sums"]
    bank = load_bank(course, assignment)
    assert bank.mistakes[id]
    assert bank.right[id]
    without = left(course, id).without(bank, assignment.exercises[id], course)
    assert (without.mistakes[id], without.right[id]) == ((), ())
    other = next(each for each in OWN if each != id)
    assert (without.mistakes[other], without.right[other]) == (bank.mistakes[other], bank.right[other])


def rewritten(file: str, old: str, new: str) -> Callable[[Path], object]:
    def change(course: Path) -> None:
        text = (course / file).read_text()
        assert old in text
        (course / file).write_text(text.replace(old, new))

    return change


@pytest.mark.parametrize(
    ("word", "change"),
    [
        ("the hints in course.toml", rewritten("course.toml", "Arithmetic with a tensor", "Reckoning with a tensor")),
        (
            "its part of exercises/sums/lesson.md",
            rewritten("exercises/sums/lesson.md", "What has to be known", "Means"),
        ),
        ("the docstring", rewritten("solutions/sums/totals.py", "return torch.add(x, x)", "return x - x.mean()")),
    ],
)
def test_texts_are_told_until_they_are_ones_own(course: Path, word: str, change: Callable[[Path], object]) -> None:
    if word == "the docstring":
        assert not any(word in each for each in left(course, "centre").words)
        change(course)
        assert any(word in each for each in left(course, "centre").words)
        return
    write_references(course)
    assert any(word in each for each in left(course, "centre").words)
    change(course)
    assert not any(word in each for each in left(course, "centre").words)
