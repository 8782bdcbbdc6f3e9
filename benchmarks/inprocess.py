"""The hidden checks, run in the process that holds the learner's functions: the work itself, without a sandbox.

Imported by every peer (in notebook cells, in Otter's tests, and by pytest, for which it is a plugin), so that all tools
do the same computing. It needs no more than the checks do: torch, numpy and pytest.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.subject import ASSIGNMENT, ROOT, SEED, functions
from grader.checks import CheckInfo, Draw, Function, Student, info_of
from grader.checks.marks import MARK
from grader.checks.student import derive
from grader.checks.transport import Source
from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply


class FromNamespace(LearnerModules):
    """A learner's functions that are defined already, as in a notebook's namespace."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__({})
        self._namespace = namespace

    def function(self, _module: str, name: str, _stop: object) -> Callable[..., Any] | Raised:
        """The function with this name: a notebook's functions are in no module."""
        return self._namespace[name]  # type: ignore[no-any-return]


class InProcess:
    """A transport that calls the learner's functions right here."""

    def __init__(self, modules: LearnerModules) -> None:
        self._modules = modules

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            reply = perform(call, self._modules, "cpu", (Exception,))
        return lambda: (reply, said.getvalue())

    def line_of(self, place: CodeLine) -> str:
        """A place in few words: nobody reads a benchmark's findings."""
        return f"{place.module}.py, line {place.line}"

    def definition(self, module: str, function: str) -> CodeLine | None:
        """Unknown."""

    def source(self, module: str, function: str) -> Source:  # noqa: ARG002
        """Unknown but for the file."""
        return Source(f"{module}.py")

    def student(self, exercise: str) -> Student:
        """The learner's functions as a check of `exercise` sees them."""
        known = {name: Function(module, no if name == exercise else ()) for name, (module, no) in functions().items()}
        return Student(self, known, derive(SEED, exercise, "calls"))


@dataclass(frozen=True)
class Check:
    """A hidden check: the function that pytest would collect."""

    name: str
    info: CheckInfo
    test: Callable[[Student, Draw], None]

    @property
    def id(self) -> str:
        """A name that is a Python identifier and occurs once: `mse__test_values`."""
        return f"{self.info.exercise}__{self.name}"

    def run(self, transport: InProcess) -> None:
        """Raises `CheckFailed`."""
        self.test(transport.student(self.info.exercise), Draw(derive(SEED, self.id)))


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


def run_check(id: str, namespace: Mapping[str, Any]) -> None:
    """Run one check on functions in `namespace`: one line of a notebook. Raises `CheckFailed`."""
    next(check for check in hidden_checks() if check.id == id).run(InProcess(FromNamespace(namespace)))


def floor(sources: dict[str, str]) -> float:
    """Seconds to import a submission afresh and run every hidden check on it: no tool can be faster on the same."""
    started = time.perf_counter()
    modules = LearnerModules(sources)
    for check in hidden_checks():
        check.run(InProcess(modules))
    modules.forget()
    return time.perf_counter() - started


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark of a check known."""
    config.addinivalue_line("markers", f"{MARK}(info): a check of an exercise")


@pytest.fixture(scope="session")
def modules() -> LearnerModules:
    """The learner's modules, from the folder SUBMISSION; each is all of the code where that is a notebook."""
    entry = Path(os.environ["SUBMISSION"])
    names = dict.fromkeys(module for module, _ in functions().values())
    if entry.suffix == ".ipynb":
        cells = json.loads(entry.read_text("utf-8"))["cells"]
        return LearnerModules(dict.fromkeys(names, "\n".join(cell["source"] for cell in cells)))
    return LearnerModules({name: (entry / f"{name}.py").read_text("utf-8") for name in names})


@pytest.fixture
def student(request: pytest.FixtureRequest, modules: LearnerModules) -> Student:
    """The learner's functions, in process."""
    info = info_of(request.node)
    assert info is not None
    return InProcess(modules).student(info.exercise)


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Inputs for one check."""
    return Draw(derive(0, request.node.name))


if __name__ == "__main__":
    print(
        json.dumps({name: [each.id for each in hidden_checks() if each.info.exercise == name] for name in functions()})
    )
