"""The line to look at in a function that gives something wrong: where one small edit makes all visible checks pass.

The edits are those of the grading. They run in a process of its own, and what time cuts short finds nothing.
"""

from __future__ import annotations

import ast
import copy
import inspect
import json
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from types import CodeType, FrameType
from typing import Any

import torch

from grader.checks import CheckFailed, Draw, Function, Student
from grader.checks.marks import PlainCheck, plain_check
from grader.checks.scoring import pointed_at
from grader.checks.transport import Source
from grader.core.assignment import Assignment, Exercise
from grader.core.records import Cause, ExerciseStatus, Finding
from grader.core.sanitize import sanitized
from grader.reading.definitions import stays_with_values
from grader.reading.edits import Edit, edits_in_order, the_place
from grader.reading.name_resolution import read_module
from grader.sandbox.inside.execute import TorchSettings, perform
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.in_process import STOP, FunctionSource, Printed
from grader.selfcheck.run import Check, Run, calls_seed, draw_seed
from grader.selfcheck.state import ExerciseState, next_thing
from grader.selfcheck.time_limits import answer_of_a_child

SECONDS = 0.5  # that a search may take; once they are over, no other begins
_EDIT_SECONDS = 0.1  # of computing, for one edit
_MOST_EDITS = 150


class LineSearch:
    """Looks for the lines behind what a run found."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._begun: float | None = None

    def next_explained(
        self, lesson: Assignment, standing: Sequence[ExerciseState], asked: str = ""
    ) -> list[ExerciseState]:
        """The same standing, in which the next thing to do, or else what was `asked` for, has its line, if one was
        found."""
        then = next((each for each in standing if each.exercise.id == asked), None) if asked else next_thing(standing)
        right = [each.exercise.function for each in standing if each.result.status is ExerciseStatus.PASSED]
        return [self._explained(lesson, each, right) if each is then else each for each in standing]

    def _explained(self, lesson: Assignment, each: ExerciseState, right: Sequence[str]) -> ExerciseState:
        """The same state with the line to look at, if one was found. Whatever goes wrong, it is as it was."""
        if not each.lacks_a_cause or self._had_its_time():
            return each
        try:
            return self._with_line(lesson, each, right)
        except Exception:
            return each

    def _had_its_time(self) -> bool:
        """Whether earlier searches, for other lessons, took all the time that one run has for them."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = now
        return now - self._begun > SECONDS

    def _with_line(self, lesson: Assignment, each: ExerciseState, right: Sequence[str]) -> ExerciseState:
        exercise = each.exercise
        transport, checks = self._run.checks_of(lesson, exercise.id)
        source = transport.written(exercise.module, exercise.function) if transport else None
        asked = [_asked(check, self._run.functions(check)) for check in checks]
        if transport is None or source is None or None in asked:
            return each
        found = [check for check in asked if check]
        search = _Search(exercise, source, found, copy.copy(transport.theirs), right)
        answer = answer_of_a_child(search.place, SECONDS)
        if not answer:
            return each
        line, about = json.loads(answer)
        cause = Cause("repair", exercise.module, line, f"Look at {about}.")
        where = transport.where(CodeLine(source.place, line, exercise.function))
        about = "" if lesson.causes == "place" else sanitized(about, 400)
        return replace(each, result=pointed_at(each.result, cause, where, about))


@dataclass(frozen=True)
class _Asked:
    """A check that can be run again, and its seeds."""

    plain: PlainCheck
    functions: Mapping[str, Function]
    name: str
    seeds: tuple[int, int]


def _asked(check: Check, functions: Mapping[str, Function]) -> _Asked | None:
    """None for a check that wants what only pytest can give."""
    plain = plain_check(check.item)
    if plain is None:
        return None
    exercise = check.exercise.id
    seeds = calls_seed(exercise, check.id), draw_seed(check.lesson.id, exercise, check.id)
    return _Asked(plain, functions, check.id, seeds)


class _TooLong(BaseException):
    """One edit took too long."""


@dataclass
class _Search:
    """What is done in the child."""

    exercise: Exercise
    source: FunctionSource
    checks: Sequence[_Asked]
    settings: TorchSettings
    right: Sequence[str]

    def place(self) -> str:
        """The line and what to look at there, as JSON; empty when there is none."""
        torch.set_num_threads(1)  # others were left behind
        text, function = self.source.text, self.exercise.function
        if not stays_with_values(text, function, self.source.names):
            return ""
        code = _Code(self.source, function)
        if not code.is_current:
            return ""
        if self._pass(code.with_edit(None)):  # run once more it is right: it remembers something
            return ""
        found: list[Edit] = []
        for edit in islice(edits_in_order(text, function, self.right), _MOST_EDITS):
            if found and edit.tier > found[-1].tier:
                break
            if self._pass(code.with_edit(edit)):
                found.append(edit)
        place = the_place(found, text)
        return json.dumps([place.line, place.about]) if place else ""

    def _pass(self, names: Mapping[str, Any] | None) -> bool:
        """Whether all checks pass with these names."""
        if names is None:
            return False
        transport = _Transport(names, copy.copy(self.settings))
        try:
            with _limited(_EDIT_SECONDS):
                return all(_passes(check, transport) for check in self.checks)
        except (Exception, SystemExit, _TooLong):
            return False


def _passes(check: _Asked, transport: _Transport) -> bool:
    student = Student(transport, check.functions, check.seeds[0], check=check.name)
    check.plain.call(student, Draw(check.seeds[1]))
    student.settle()
    return not any(student.seen.values())


class _Code:
    """The definitions that a function consists of, with the names around them."""

    def __init__(self, source: FunctionSource, function: str) -> None:
        self._names = source.names
        parts = list(read_module(source.text).parts(function))
        nodes = [part for part in parts if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
        nodes.sort(key=lambda node: node.lineno)
        self._definitions = {(_first(node), node.end_lineno): _compiled(ast.Module([node], [])) for node in nodes}
        reached = {node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)}
        self._changeable = [name for name in reached if type(self._names.get(name)) in (list, dict, set)]

        files = {_file(self._names.get(name)) for name in (function, *(node.name for node in nodes))}
        # In a notebook, a later cell may have given a helper's name to another function.
        self.is_current = len(files - {""}) == 1

    def with_edit(self, edit: Edit | None) -> dict[str, Any] | None:
        """The names with an edit; None when it can't be run. What one edit changes, the next doesn't see."""
        names = dict(self._names)
        for name in self._changeable:
            names[name] = copy.copy(names[name])
        codes = dict(self._definitions)
        try:
            if edit:
                codes[edit.first, edit.last] = _compiled(edit.text)
            for code in codes.values():
                exec(code, names)
        except (Exception, SystemExit):
            return None
        return names


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _file(value: object) -> str:
    """The file or cell of a function; empty for anything else."""
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    return code.co_filename if isinstance(code, CodeType) else ""


def _compiled(code: str | ast.Module) -> CodeType:
    return compile(code, "<edited>", "exec", dont_inherit=True)


class _Transport:
    """The way to functions among some names, which says no more than that something went wrong."""

    def __init__(self, names: Mapping[str, Any], settings: TorchSettings) -> None:
        self._names = names
        self._settings = settings

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now. Raises `CheckFailed` when it raised something."""
        printed = Printed()
        with self._settings.in_force(), printed.captured():
            outcome = perform(call, self, "cpu", STOP)
        if isinstance(outcome, Raised):
            raise CheckFailed(Finding(""))
        return lambda: (outcome, printed.out)

    def function(self, module: str, name: str, stop: object) -> Callable[..., Any] | Raised:  # noqa: ARG002
        """The function of this name."""
        found = self._names.get(name)
        return found if callable(found) else Raised("missing", "NameError", "")

    def raised(self, stage: str, error: BaseException) -> Raised:  # noqa: ARG002
        """That something was raised."""
        return Raised(stage, "", "")

    def line_of(self, place: CodeLine) -> str:  # noqa: ARG002
        """Nobody reads it."""
        return ""

    def definition(self, module: str, function: str) -> CodeLine | None:  # noqa: ARG002
        """Nobody reads it."""
        return None

    def source(self, module: str, function: str) -> Source:  # noqa: ARG002
        """Nobody reads it."""
        return Source("")


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `_TooLong` once the block has computed for so long, and again while it doesn't end."""
    running = True

    def over(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        if running:
            raise _TooLong

    signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_PROF, 0)
