"""An nbgrader course: its folder, and how the cells of its notebooks are called.

nbformat loads jsonschema, which builds parsers for internationalised web addresses where the package `rfc3987_syntax`
is installed, as it is with Jupyter: a second, or several, at every start. No notebook's schema has such an address.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from nbgrader.apps.baseapp import NbGrader  # type: ignore[import-untyped]
from nbgrader.nbgraderformat import MetadataValidator, ValidationError  # type: ignore[import-untyped]

from grader.core.errors import NbgraderError

_UNUSED = "rfc3987_syntax"
_modules = cast(dict[str, Any], sys.modules)
_is_loaded = _UNUSED in _modules
if not _is_loaded:
    _modules[_UNUSED] = None  # what is None here can't be imported, and jsonschema does without it
try:
    import nbformat
finally:
    if not _is_loaded:
        del _modules[_UNUSED]

__all__ = ["nbformat"]


def answer_cell(exercise: str) -> str:
    """The grade id of the cell that a learner writes an exercise in."""
    return exercise


def check_cell(exercise: str) -> str:
    """The grade id of the cell that carries an exercise's points."""
    return f"check-{exercise}"


Notebook = Any  # nbformat's notebooks have no types


@dataclass(frozen=True)
class CourseFolder:
    """An nbgrader course, as its own `nbgrader_config.py` lays it out."""

    root: Path
    course_id: str
    database: str
    group_shared: bool
    _directory: Any

    @property
    def submissions(self) -> Path:
        """Where everything lies that was collected."""
        return self.root / str(self._directory.submitted_directory)

    def submitted(self, student: str, assignment: str) -> Path:
        """Where a learner's submission is collected to."""
        return self._path("submitted", student, assignment)

    def autograded(self, student: str, assignment: str) -> Path:
        """Where a learner's graded notebook lies."""
        return self._path("autograded", student, assignment)

    def released(self, assignment: str) -> Path:
        """Where the assignment lies as learners get it."""
        return self._path("release", ".", assignment)

    def students(self, assignment: str) -> list[str]:
        """Everybody of whom something was collected, sorted."""
        directory = self._directory
        every = directory.format_path(glob.escape(directory.submitted_directory), "*", assignment)
        pattern = directory.format_path(
            directory.submitted_directory, "(?P<student>.+)", re.escape(assignment), escape=True
        )
        matches = (re.fullmatch(pattern, path, re.DOTALL) for path in glob.glob(every))  # noqa: PTH207
        return sorted(match["student"] for match in matches if match)

    def _path(self, step: str, student: str, assignment: str) -> Path:
        name = getattr(self._directory, f"{step}_directory")
        return Path(self._directory.format_path(name, student, assignment))


def open_folder(path: Path) -> CourseFolder:
    """The course in this folder. Raises `NbgraderError` when it is none, or its configuration can't be read."""
    if not path.is_dir():
        raise NbgraderError(f"There is no folder {path}. Give the folder of the nbgrader course.")
    root = path.resolve()
    app = NbGrader(log_level=logging.CRITICAL)
    app.raise_config_file_errors = True
    app.load_cwd_config = False  # only the course's own, and what is set for all of nbgrader on this machine
    with _same_import_path():
        try:
            app.initialize([], root=str(root))
        except (Exception, SystemExit) as error:
            raise NbgraderError(f"nbgrader_config.py in {path} can't be read: {error}.") from error
    directory = app.coursedir
    directory.root = str(root)
    database = str(directory.db_url)
    return CourseFolder(root, str(directory.course_id), database, bool(directory.groupshared), directory)


def read_released(folder: CourseFolder, assignment: str, notebook: str) -> Notebook:
    """The notebook as learners got it. Raises `NbgraderError` when it isn't there or isn't sound."""
    path = folder.released(assignment) / f"{notebook}.ipynb"
    again = f"Make it with `nbgrader generate_assignment {assignment}`."
    try:
        found = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(found)
        MetadataValidator().validate_nb(found)
    except FileNotFoundError:
        raise NbgraderError(f"{path} is missing: the notebook as it was released. {again}") from None
    except OSError as error:
        raise NbgraderError(f"{path} can't be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError, ValidationError) as error:
        reason = str(error).split("\n", 1)[0][:200]
        raise NbgraderError(f"{path} is not a sound nbgrader notebook ({reason}). {again}") from None
    return found


def writes(notebook: Notebook) -> str:
    """A notebook as the text of its file."""
    return str(nbformat.writes(notebook))  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _same_import_path() -> Iterator[None]:
    """nbgrader puts the current folder first on the import path, for its plugins."""
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before
