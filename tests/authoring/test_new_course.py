"""`grader init` makes a course of an empty folder, and leaves any other folder as it is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.authoring.skeletons import make_course
from grader.core.errors import ReleaseError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def kit_of(folder: Path) -> str:
    return (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "linear-algebra"
    place.mkdir()
    return place


def test_an_empty_folder_becomes_a_course(folder: Path, kit: Callable[..., Any]) -> None:
    run = kit("init", cwd=folder)
    assert run.code == 0, run.text
    assert files_in(folder) == {
        *("course.toml", "requirements.txt", "Makefile", ".gitignore", ".github/workflows/course.yml", "README.md"),
        *("pytest.ini", "exercises/conftest.py", "exercises/pytest.ini", "exercises/README.md", "solutions/README.md"),
    }
    assert {line.removeprefix("written: ") for line in run.stdout.splitlines() if line[:1] == "w"} == files_in(folder)
    heading = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))["course"]
    assert (heading["id"], heading["name"]) == ("linear-algebra", "Linear algebra")
    assert grader.__version__.startswith(heading["kit"].removeprefix(">="))
    assert "there are no assignments" in kit("course", cwd=folder).stderr


def test_the_name_is_what_people_read(folder: Path, kit: Callable[..., Any]) -> None:
    assert kit("init", "--name", 'The "new" course', cwd=folder).code == 0
    assert tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))["course"]["name"] == 'The "new" course'
    assert 'name = "The \\"new\\" course"' in (folder / "course.toml").read_text(encoding="utf-8")
    assert 'The "new" course' in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["conftest.py", "pytest.ini"])
def test_the_self_check_begins_there_as_it_does_in_this_repository(folder: Path, file: str) -> None:
    make_course(folder)
    assert (folder / "exercises" / file).read_bytes() == (ROOT / "exercises" / file).read_bytes()


def test_a_folder_that_holds_something_is_left_as_it_is_and_what_is_there_is_named(
    folder: Path, kit: Callable[..., Any]
) -> None:
    for name in ("essay.txt", "data.csv"):
        (folder / name).touch()
    run = kit("init", cwd=folder)
    assert run.code == 2
    assert run.stderr == (
        "grader: A course begins in an empty folder, and these are in the way: data.csv, essay.txt. Make a new folder, or "
        "move them away.\n"
    )
    assert files_in(folder) == {"essay.txt", "data.csv"}


def test_a_new_repository_with_an_environment_is_empty(folder: Path) -> None:
    for name in (".git", ".venv"):
        (folder / name).mkdir()
    make_course(folder)
    assert (folder / "course.toml").is_file()


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("==0.2", "autograded-course-kit[grade]==0.2"),
        (">=0.1,<0.3", "autograded-course-kit[grade]<0.3,>=0.1"),
        ("autograded-course-kit[instructor]>=0.1", "autograded-course-kit[instructor]>=0.1"),
        ("https://example.org/kit.whl", "autograded-course-kit[grade] @ https://example.org/kit.whl"),
        ("git+https://example.org/kit@v1", "autograded-course-kit[grade] @ git+https://example.org/kit@v1"),
        ("../kit.whl", "../kit.whl[grade]"),
        ("../checkout", "../checkout[grade]"),
    ],
)
def test_the_course_takes_the_kit_from_where_it_is_told(folder: Path, given: str, written: str) -> None:
    (folder.parent / "kit.whl").touch()
    (folder.parent / "checkout").mkdir()
    (folder.parent / "checkout/pyproject.toml").touch()
    make_course(folder, kit=given)
    assert kit_of(folder) == written


@pytest.mark.parametrize("given", ["../no-kit.whl", "numpy==2", "..", "what is this?"])
def test_a_kit_that_is_not_there_is_refused(folder: Path, given: str) -> None:
    with pytest.raises(ReleaseError, match="There is no kit at"):
        make_course(folder, kit=given)
    assert not files_in(folder)
