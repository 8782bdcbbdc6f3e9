"""`grader new` begins lessons and exercises that can be checked at once, and never writes over what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.skeletons import make_course, new_exercise, new_lesson
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.derived.derived_files import write_stubs
from grader.grading.bank import load_bank

pytestmark = pytest.mark.slow


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course that has no lesson yet."""
    folder = tmp_path / "course"
    folder.mkdir()
    make_course(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_command_says_what_was_written_and_what_to_fill_in(course: Path, kit: Callable[..., Any]) -> None:
    before = set(contents(course))
    run = kit("new", "lesson", "vectors", "--module", "lengths", "--exercise", "normalise", cwd=course)
    assert run.code == 0, run.text
    written = re.findall(r"^written: (\S+)$", run.stdout, re.MULTILINE)
    assert {*written, "exercises/vectors/.stubs.json"} == {"course.toml", *(set(contents(course)) - before)}
    to_fill_in = re.findall(r"^  (\S+\.\w+|\S+/) +\S", run.stdout.partition("Then:")[0], re.MULTILINE)
    assert len(to_fill_in) == 7
    assert all((course / each).exists() for each in to_fill_in)
    assert kit("stubs", "--check", cwd=course).code == 0


def test_a_lesson_and_more_exercises_in_old_and_new_modules(course: Path) -> None:
    new_lesson(course, "vectors", "lengths", "normalise")
    new_exercise(course, load_course(course).assignments["vectors"], "cosine")
    new_exercise(course, load_course(course).assignments["vectors"], "rotate", "turns")
    vectors = load_course(course).assignments["vectors"]
    assert {name: each.module for name, each in vectors.exercises.items()} == {
        "normalise": "lengths",
        "cosine": "lengths",
        "rotate": "turns",
    }
    assert {file.fate for file in write_stubs(course, vectors)} == {"written"}
    assert {name: len(found) for name, found in load_bank(course, vectors).mistakes.items()} == dict.fromkeys(
        vectors.exercises, 3
    )
    assert all(len(each.hints) == 3 for each in vectors.exercises.values())


def test_a_lesson_without_a_text_stays_without_one(course: Path) -> None:
    new_lesson(course, "vectors")
    (course / "exercises/vectors/lesson.md").unlink()
    new_exercise(course, load_course(course).assignments["vectors"], "cosine")
    assert not (course / "exercises/vectors/lesson.md").exists()


def test_an_exercise_that_is_a_class_passes_its_checks_and_the_audit_at_once(
    course: Path, kit: Callable[..., Any]
) -> None:
    """Also beside a function, in one module; and at home."""
    new_lesson(course, "vectors", "lengths", "normalise")
    run = kit("new", "exercise", "layer", "--class", "Doubled", cwd=course)
    assert run.code == 0, run.text
    assert "layer works already: for now it doubles what a layer gives." in run.stdout
    layer = load_course(course).assignments["vectors"].exercises["layer"]
    assert (layer.function, layer.module) == ("Doubled", "lengths")
    stub = (course / "exercises/vectors/lengths.py").read_text()
    assert 'raise NotImplementedError("Doubled.forward is still to do")' in stub
    assert "        super().__init__()\n        # TODO" in stub
    assert kit("stubs", "--check", cwd=course).code == 0
    audit = kit("audit", "--only", "layer", "--seeds", 2, cwd=course)
    assert audit.code == 0, audit.text
    lines = (course / "solutions/vectors/lengths.py").read_text().splitlines(keepends=True)
    (course / "exercises/vectors/lengths.py").write_text("".join(line for line in lines if "###" not in line))
    checked = subprocess.run(
        [sys.executable, "-m", "pytest", "exercises"], cwd=course, capture_output=True, text=True, check=False
    )
    assert "6 of 6 points" in checked.stdout, checked.stdout


def test_what_an_author_wrote_stays(course: Path) -> None:
    new_lesson(course, "vectors")
    for file in ("course.toml", "solutions/vectors/vectors.py", "exercises/vectors/lesson.md"):
        with (course / file).open("a") as end:
            end.write("# mine\n")
    before = contents(course)
    new_exercise(course, load_course(course).assignments["vectors"], "cosine")
    after = contents(course)
    assert all(after[file].startswith(text.rstrip()) for file, text in before.items())


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda root, _: new_lesson(root, "vectors"), 'There is a lesson "vectors" already'),
        (lambda root, _: new_lesson(root, "two words"), 'Did you mean "two_words"?'),
        (lambda root, one: new_exercise(root, one, "a.b - c"), 'Did you mean "a_b_c"?'),
        (lambda root, one: new_exercise(root, one, "Double"), 'has an exercise "double", and on many systems'),
        (
            lambda root, one: new_exercise(root, one, "DOUBLE", class_name="Net"),
            'has an exercise "double", and on many',
        ),
        (lambda root, _: new_lesson(root, "class"), '"class" can\'t be a name here'),
        (lambda root, _: new_lesson(root, "../out"), '"../out" can\'t be a name here'),
        (lambda root, _: new_lesson(root, "other", exercise="2nd"), '"2nd" can\'t be a name here'),
        (lambda root, one: new_exercise(root, one, "double"), 'has an exercise "double" already'),
        (lambda root, one: new_exercise(root, one, "helper"), 'vectors.py defines "helper" already'),
        (lambda root, one: new_exercise(root, one, "net", class_name="2nd"), '"2nd" can\'t be a name here'),
        (lambda root, one: new_exercise(root, one, "net", class_name="helper"), 'vectors.py defines "helper" already'),
        (lambda root, one: new_exercise(root, one, "tried"), "test_tried.py is there already"),
    ],
)
def test_nothing_is_written_over_what_is_there(course: Path, attempt: Callable[..., Any], said: str) -> None:
    new_lesson(course, "vectors")
    with (course / "solutions/vectors/vectors.py").open("a") as end:
        end.write("\n\ndef helper(x):\n    return x\n")
    (course / "solutions/vectors/hidden/test_tried.py").touch()
    before = contents(course)
    with pytest.raises(ReleaseError, match=re.escape(said)):
        attempt(course, load_course(course).assignments["vectors"])
    assert contents(course) == before


def test_outside_of_a_course_it_says_how_one_begins(tmp_path: Path, kit: Callable[..., Any]) -> None:
    run = kit("new", "lesson", "vectors", cwd=tmp_path)
    assert run.code == 2
    assert '"grader init" begins a course in an empty folder' in run.stderr
    assert not contents(tmp_path)
