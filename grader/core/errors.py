"""Errors that are sentences for the person who reads them.

Every problem that the kit foresees is a `KitError`: the command line prints its text without a traceback and exits
with `exit_code`. A new kind of problem is a new subclass here, so that the tree can be read at once.
"""

from __future__ import annotations

import difflib
import sys
import traceback
from pathlib import Path

# The kit, as pip knows it.
PROJECT = "autograded-course-kit"
# Packages that learners don't need, and the extra that brings them (`pyproject.toml`).
_EXTRAS = {
    **dict.fromkeys(("click", "jinja2", "markdown_it", "markupsafe", "packaging", "pydantic", "pygments"), "grade"),
    **dict.fromkeys(("rich", "yaml"), "grade"),
    **dict.fromkeys(("nbformat", "nbgrader", "sqlalchemy"), "nbgrader"),
    **dict.fromkeys(("cryptography", "dask", "distributed"), "cluster"),
}


def failure_text(error: BaseException) -> str:
    """An exception that nobody foresaw, with the line of the course's own solutions or hidden checks that it came out
    of, where it came out of one: `AttributeError: … (solutions/sums/hidden/test_mean.py, line 12)`."""
    said = f"{type(error).__name__}: {error}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        parts = Path(frame.filename).parts
        if "solutions" in parts:
            below = parts[len(parts) - 1 - parts[::-1].index("solutions") :]
            return f"{said} ({'/'.join(below)}, line {frame.lineno})"
    return said


class KitError(Exception):
    """A foreseen problem. `str(error)` is one or two sentences: what, where, expected, found, what to do."""

    exit_code = 2


class MissingPackage(KitError):
    """A package that an extra of the kit brings is not installed."""

    @classmethod
    def explains(cls, error: ModuleNotFoundError) -> bool:
        """Whether a failed import is the lack of such a package, and no fault of ours."""
        return _top(error) in _EXTRAS

    @classmethod
    def of(cls, error: ModuleNotFoundError) -> MissingPackage:
        """What is missing, and the command that installs it."""
        package = _top(error)
        return cls(
            f"This needs {package.replace('_', '-')}, which is not installed here: "
            f"{Path(sys.executable).name} -m pip install '{PROJECT}[{_EXTRAS[package]}]'"
        )


class CourseError(KitError):
    """`course.toml`, or a file that it names, is not as it must be."""


class ReleaseError(KitError):
    """Stubs can't be made, differ from what the solutions give, or would reveal a solution."""


class BankError(KitError):
    """The bank of misconceptions and right answers of a lesson is not as it must be."""


class LessonError(ReleaseError):
    """A lesson's text is not in its format, or does not fit the course."""


class CollectError(KitError):
    """The folder of submissions can't be read at all. (One unreadable submission is a result, not an error.)"""


class ClusterError(KitError):
    """The cluster can't be used as asked: an address that is none, or a way to it that anybody can read."""


class ResultsError(KitError):
    """The output folder or its database can't be used as asked."""


class ExportError(KitError):
    """A roster can't be used, or results can't be exported as asked."""


class NbgraderError(KitError):
    """The nbgrader course can't be used as asked: its folder, its release, its gradebook."""


class GradingError(KitError):
    """Grading itself failed: no worker can be started, no such device, a reference that is broken."""

    exit_code = 3


def did_you_mean(word: str, known: list[str], *, is_person: bool = False) -> str:
    """` Did you mean "x"?` when a known word is near, else an empty string. Two people may well have names that are
    alike, so a person's must be nearer: of three letters, one may be another."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.65 if is_person else 0.6)
    return f' Did you mean "{near[0]}"?' if near else ""


def _top(error: ModuleNotFoundError) -> str:
    return (error.name or "").partition(".")[0]
