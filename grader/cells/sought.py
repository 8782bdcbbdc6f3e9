"""What is looked for in a notebook: a lesson's exercises, and what tells its modules' parts apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SoughtModule(Protocol):
    """`notebook_landmarks` are words of which the first cell that has one begins the module's part."""

    @property
    def notebook_landmarks(self) -> tuple[str, ...]: ...


class SoughtExercise(Protocol):
    """The function of an exercise, and the module that it belongs to."""

    @property
    def id(self) -> str: ...
    @property
    def function(self) -> str: ...
    @property
    def module(self) -> str: ...


class Sought(Protocol):
    """One lesson: modules by name in their order, and exercises by id. An assignment of `course.toml` is one."""

    @property
    def modules(self) -> Mapping[str, SoughtModule]: ...
    @property
    def exercises(self) -> Mapping[str, SoughtExercise]: ...
