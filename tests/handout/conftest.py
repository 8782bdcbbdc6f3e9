"""What is handed out of the real course, made once by the real command; and small courses of one or two lessons."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"
COURSE = """\
[course]
id = "small"
name = "A small <course>"
"""
TABLE = """
[assignments.{id}]
title = "Lesson {id}"
modules.basics.title = "Basics"
[assignments.{id}.exercises.{function}]
module = "basics"
title = "A sum"
points = 1
hints = ["What is a sum?"]
"""
SOLUTION = '''\
"""Basics."""


def {function}(a, b):
    """The sum of both and one."""
    ### BEGIN SOLUTION
    total = a + b * 1 + {number}
    return total
    ### END SOLUTION
'''


@dataclass(frozen=True)
class Dist:
    """A folder with what is handed out."""

    folder: Path
    said: Any

    def unpacked(self, kind: str, place: Path) -> Path:
        """Unpacks an archive; the one folder that is in it."""
        zipfile.ZipFile(self.folder / f"pytorch-first-steps-{kind}.zip").extractall(place)
        (folder,) = place.iterdir()
        return folder

    def files(self, kind: str) -> dict[str, bytes]:
        """What is in an archive, by path below its one folder."""
        archive = zipfile.ZipFile(io.BytesIO((self.folder / f"pytorch-first-steps-{kind}.zip").read_bytes()))
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def copy_of_the_course(folder: Path) -> Path:
    """The real course in a folder of its own, with the pages of the docs that learners get."""
    ignored = shutil.ignore_patterns("__pycache__", "*.bak*")
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, copy_function=shutil.copyfile)
    (folder / "docs").mkdir()
    for file in ("course.toml", "docs/self-check.md", "docs/notebook.md"):
        shutil.copyfile(ROOT / file, folder / file)
    return folder


@pytest.fixture(scope="session")
def copied() -> Callable[[Path], Path]:
    """Copies the real course."""
    return copy_of_the_course


@pytest.fixture(scope="session")
def dist(released: Any) -> Dist:
    """What the command makes of the real course, in this repository."""
    return Dist(released.out, released)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A course with two lessons that have no text: `one` has the function `first`, `two` has `second`."""
    root = tmp_path / "small"
    files = {"course.toml": COURSE, "exercises/pytest.ini": "[pytest]\n", "exercises/conftest.py": '"""None."""\n'}
    for number, (id, function) in enumerate({"one": "first", "two": "second"}.items()):
        files["course.toml"] += TABLE.format(id=id, function=function)
        files[f"solutions/{id}/basics.py"] = SOLUTION.format(function=function, number=number)
        files[f"exercises/{id}/checks/test_it.py"] = '"""None."""\n'
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return root
