"""Stubs for learners, made from the reference solutions; and the check that no solution reaches them."""

from grader.release.drift import check_stubs
from grader.release.leaks import find_leaks
from grader.release.reset import reset_exercise
from grader.release.stubs import make_stub
from grader.release.writing import Fate, PlannedStub, StubFile, plan_stubs, write_stubs

__all__ = [
    "Fate",
    "PlannedStub",
    "StubFile",
    "check_stubs",
    "find_leaks",
    "make_stub",
    "plan_stubs",
    "reset_exercise",
    "write_stubs",
]
