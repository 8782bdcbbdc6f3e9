"""A learner's functions in a running notebook: called where they are, and found in the cells that define them."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, FunctionType, TracebackType
from typing import Any

from grader.checks import CheckFailed
from grader.checks.transport import Source
from grader.core.assignment import Assignment
from grader.core.records import CheckStatus, Finding
from grader.core.sanitize import sanitized
from grader.reading.definitions import place_of, signature_of
from grader.reading.module_text import NOTEBOOK
from grader.sandbox.inside.modules import message_of, type_name
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.curves import Curve, curve_of, longer, speaks_of_losses
from grader.selfcheck.in_process import FunctionSource, InProcess, LearnerFiles
from grader.selfcheck.time_limits import TimeLimit

_MOST_PLACES = 40


class Namespace:
    """The names of a notebook as the code of a lesson: every module's functions are in the one namespace."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names
        self.error: BaseException | None = None

    def function(self, module: str, name: str, stop: object) -> Callable[..., Any] | Raised:  # noqa: ARG002
        """The function as it is defined now."""
        found = self.names.get(name)
        if not callable(found):
            return Raised("missing", "NameError", f"{name} is not defined")
        return found  # type: ignore[no-any-return]

    def imported(self, module: str, stop: object) -> Raised | None:  # noqa: ARG002
        """There is nothing to import."""
        return None

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data; a place's module is the name that its code was compiled under."""
        self.error = error
        return Raised(stage, type_name(error), message_of(error), tuple(self._places(error)))

    def forget(self) -> None:
        """The functions are the notebook's, and stay."""

    def names_of(self, module: str) -> Mapping[str, Any]:  # noqa: ARG002
        """All names of the notebook."""
        return self.names

    def code(self, name: str) -> CodeType | None:
        """The code that runs when the function is called, as far as it is Python's; of a class that of its methods."""
        name, _, method = name.partition(".")
        found = self.names.get(name)
        if isinstance(found, type):
            methods = [vars(found).get(method), *vars(found).values()]
            found = next((each for each in methods if isinstance(each, FunctionType)), None)
        try:
            found = inspect.unwrap(found) if callable(found) else None
        except ValueError:
            return None
        called = vars(type(found)).get("__call__")  # of an object with a method of that name
        code = getattr(found, "__code__", None) or getattr(called, "__code__", None)
        return code if isinstance(code, CodeType) else None

    def _places(self, error: BaseException) -> list[CodeLine]:
        places: list[CodeLine] = []
        step: TracebackType | None = error.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            if step.tb_frame.f_globals is self.names or self._is_theirs(code.co_filename):
                places.append(CodeLine(code.co_filename, step.tb_lineno, code.co_name))
            step = step.tb_next
        half = _MOST_PLACES // 2
        return places if len(places) <= _MOST_PLACES else [*places[:half], *places[-half:]]

    def _is_theirs(self, filename: str) -> bool:
        """Whether a file beside the notebook holds this code: a learner may import from it."""
        return Path(filename).parent == Path.cwd()


class InNotebook(InProcess):
    """Calls a lesson's functions in a notebook. `curves` are the losses that functions went through, by name."""

    def __init__(self, names: Mapping[str, Any], lesson: Assignment, limit: TimeLimit) -> None:
        self._names = Namespace(names)
        super().__init__(LearnerFiles(Path(), {}, {}), limit, code=self._names)
        self._about_losses = {each.function for each in lesson.exercises.values() if speaks_of_losses(each)}
        self.curves: dict[str, Curve] = {}

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now. Raises `CheckFailed` when there is no such function, or it ran into the time limit."""
        problem = _not_there(call.name, self._names.names)
        if problem:
            raise CheckFailed(Finding(problem), CheckStatus.TODO)
        answer = super().send(call)
        reply, printed = answer()
        if call.function in self._about_losses and isinstance(reply, Reply):
            found = longer(self.curves.get(call.function), curve_of(reply.value, printed))
            if found:
                self.curves[call.function] = found
        return answer

    def line_of(self, place: CodeLine) -> str:
        """`Cell In[5], line 3:  return total`, as IPython's own tracebacks name a cell."""
        shown = sanitized(linecache.getline(place.module, place.line).strip(), 100)
        return f"{self.where(place)}:  {shown}" if shown else self.where(place)

    def where(self, place: CodeLine) -> str:
        """`Cell In[5], line 3`."""
        return f"{_cell(place.module)}, line {place.line}"

    def written(self, module: str, function: str) -> FunctionSource | None:  # noqa: ARG002
        """The cell that a function was defined in."""
        code = self._names.code(function)
        text = "".join(linecache.getlines(code.co_filename)) if code else ""
        return FunctionSource(text, self._names.names, code.co_filename) if code and text else None

    def definition(self, module: str, function: str) -> CodeLine | None:  # noqa: ARG002
        """Where the function returns its result."""
        code = self._names.code(function)
        if code is None or _not_there(function, self._names.names):
            return None
        text = "".join(linecache.getlines(code.co_filename))
        return CodeLine(code.co_filename, place_of(text, function) or code.co_firstlineno, function)

    def source(self, module: str, function: str) -> Source:  # noqa: ARG002
        """What is known of the function's source."""
        code = self._names.code(function)
        text = "".join(linecache.getlines(code.co_filename)) if code else ""
        return Source(NOTEBOOK, signature=signature_of(text, function))

    def is_learners(self, filename: str) -> bool:
        """Whether code is from the notebook."""
        return any(filename == code.co_filename for code in map(self._names.code, list(self._names.names)) if code)


def _not_there(name: str, names: Mapping[str, Any]) -> str:
    """A sentence when a name stands for no function of the learner's; empty when it does."""
    if name not in names:
        return f"There is no function {name} in this notebook yet: write it, and run the cell that defines it."
    kind = type(names[name])
    if not callable(names[name]):
        what = f"{_article(kind.__name__)} {kind.__name__}, and not a function"
    elif kind.__module__.partition(".")[0] == "torch":
        what = f"{_article(kind.__name__)} {kind.__name__} of PyTorch's, and not your function"
    else:
        return ""
    return (
        f"In this notebook {name} is now {what}: something else took its name. Rename that, and run "
        f"the cell that defines {name} again."
    )


def _article(word: str) -> str:
    return "an" if word[:1].lower() in ("a", "e", "i", "o", "u") else "a"


def _cell(filename: str) -> str:
    """The name of a cell as people see it, or of a file."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    named = getattr(getattr(shell, "compile", None), "format_code_name", None)
    label = named(filename) if named else None
    return " ".join(label) if label else sanitized(Path(filename).name, 80)
