"""The address of the gradebook's database, before anybody opens it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from grader.errors import NbgraderError
from grader.nbgrader.folder import CourseFolder


def must_exist(folder: CourseFolder) -> None:
    """Raises `NbgraderError` when there is no gradebook: opening one would make it, wherever a wrong path leads."""
    try:
        url = make_url(folder.database)
    except ArgumentError as error:
        raise NbgraderError(f"nbgrader_config.py in {folder.root} names no gradebook that can be read.") from error
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NbgraderError(
            f"There is no gradebook {url.database}. Give the folder of an nbgrader course in which "
            "`nbgrader generate_assignment` was run."
        )


def shown(url: str) -> str:
    """The address as people see it, without a password that may be in it."""
    try:
        return make_url(url).render_as_string(hide_password=True).removeprefix("sqlite:///")
    except ArgumentError:
        return "of this course"
