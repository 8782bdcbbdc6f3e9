"""The hidden checks, run in the process that holds the learner's functions: the work itself, without a sandbox.

Imported by every peer (in notebook cells, Otter's tests and pytest), so that all tools do the same computing. It needs
no more than the checks do: torch, numpy and pytest.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.subject import ASSIGNMENT, ROOT, SEED, functions
from grader.checks import CheckInfo, Draw, Function, Student
from grader.checks.draw import derive
from grader.checks.marks import MARK
from grader.wire.messages import Call, Place, Raised, Reply
from grader.worker.modules import LearnerModules
from grader.worker.perform import perform


@dataclass(frozen=True)
class Check:
    """A hidden check: the function that pytest would collect."""

    name: str
    info: CheckInfo
    run: Callable[[Student, Draw], None]

    @property
    def id(self) -> str:
        """A name that is a Python identifier and occurs once: `mse__test_values`."""
        return f"{self.info.exercise}__{self.name}"


class FromNamespace(LearnerModules):
    """A learner's functions that are defined already, as in a notebook's namespace."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__({})
        self._namespace = namespace

    def function(self, _module: str, name: str, _stop: object) -> Callable[..., Any] | Raised:
        """The function with this name: a notebook's functions are in no module."""
        return self._namespace[name]  # type: ignore[no-any-return]


class InProcess:
    """A transport that calls the learner's functions right here. `seconds` adds up what the calls took."""

    def __init__(self, modules: LearnerModules) -> None:
        self._modules = modules
        self.seconds = 0.0

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now."""
        printed = io.StringIO()
        started = time.perf_counter()
        with contextlib.redirect_stdout(printed):
            reply = perform(call, self._modules, "cpu", (Exception,))
        self.seconds += time.perf_counter() - started
        return lambda: (reply, printed.getvalue())

    def line_of(self, place: Place) -> str:
        """A place in few words: nobody reads a benchmark's findings."""
        return f"{place.module}.py, line {place.line}"

    def definition(self, module: str, function: str) -> Place | None:
        """Unknown."""


@cache
def hidden_checks() -> tuple[Check, ...]:
    """All hidden checks of the assignment, by exercise in the order of course.toml."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    found = []
    for path in sorted((ROOT / "solutions" / ASSIGNMENT / "hidden").glob("test_*.py")):
        module = importlib.import_module(f"solutions.{ASSIGNMENT}.hidden.{path.stem}")
        for name, test in vars(module).items():
            if name.startswith("test_") and callable(test):
                mark = next(mark for mark in test.pytestmark if mark.name == MARK)
                found.append(Check(name, mark.args[0], test))
    order = list(functions())
    return tuple(sorted(found, key=lambda check: order.index(check.info.exercise)))


def student_for(transport: InProcess, exercise: str) -> Student:
    """The learner's functions as a check of `exercise` sees them."""
    known = {name: Function(module, no if name == exercise else ()) for name, (module, no) in functions().items()}
    return Student(transport, known, derive(SEED, exercise, "calls"))


def run_check(id: str, namespace: Mapping[str, Any]) -> None:
    """Run one check on functions in `namespace`: one line of a notebook. Raises `CheckFailed`."""
    check = next(check for check in hidden_checks() if check.id == id)
    run(check, InProcess(FromNamespace(namespace)))


def run(check: Check, transport: InProcess) -> None:
    """Run one check. Raises `CheckFailed`."""
    check.run(student_for(transport, check.info.exercise), Draw(derive(SEED, check.id)))


if __name__ == "__main__":
    ids = {name: [check.id for check in hidden_checks() if check.info.exercise == name] for name in functions()}
    print(json.dumps(ids))
