"""What learners are given: stubs from the reference solutions, notebook and page; and that no solution reaches them."""

from grader.release.derived import DerivedFile, derived_files
from grader.release.drift import check_stubs
from grader.release.leaks import LeakSearch, find_leaks
from grader.release.learner_machine import learner_machine
from grader.release.nbgrader_source import nbgrader_source
from grader.release.reset import reset_exercise
from grader.release.stubs import make_stub
from grader.release.writing import Fate, PlannedStub, StubFile, plan_stubs, write_stubs

__all__ = [
    "DerivedFile",
    "Fate",
    "LeakSearch",
    "PlannedStub",
    "StubFile",
    "check_stubs",
    "derived_files",
    "find_leaks",
    "learner_machine",
    "make_stub",
    "nbgrader_source",
    "plan_stubs",
    "reset_exercise",
    "write_stubs",
]
