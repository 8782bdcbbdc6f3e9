"""A learner's functions in a notebook: in one that runs, called where they are and found in the cells that define them;
and in one on the disk.
"""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, TracebackType
from typing import Any

from grader.checks import CheckFailed
from grader.checks.transport import Source
from grader.core.assignment import Assignment
from grader.core.records import CheckStatus, Finding
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.definitions import place_of, signature_of
from grader.reading.module_builder import build_modules, grade_ids
from grader.reading.module_text import NOTEBOOK, ModuleSource
from grader.reading.notebook_cells import read_cells
from grader.sandbox.inside.modules import message_of, type_name
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.curves import Curve, curve_of, longer, speaks_of_losses
from grader.selfcheck.in_process import FunctionSource, InProcess, LearnerFiles, Modules
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


@dataclass(frozen=True)
class SavedNotebook:
    """What a notebook holds of a lesson: modules, a sentence for each that is not in it, the ids of exercises that are
    begun in it, and by module and function what each exercise consists of by itself.
    """

    path: Path
    modules: Mapping[str, ModuleSource]
    problems: Mapping[str, str]
    written: frozenset[str]
    alone: Mapping[tuple[str, str], Mapping[str, ModuleSource]]


def read_saved(path: Path, data: bytes, lesson: Assignment) -> SavedNotebook:
    """The notebook whose bytes these are. Raises `NotReadError` when the grading could not read it either."""
    tags = grade_ids(lesson)
    cells = read_cells(data, sanitized(path.name, 80), lesson.limits.module_bytes, frozenset(tags))
    modules, problems, alone = build_modules(cells, lesson)
    begun: set[str] = set()
    for exercise in lesson.exercises.values():
        module = modules.get(exercise.module)
        if module and written(module.text, [exercise.function]):
            begun.add(exercise.id)
    named = {(each.module, each.function): alone[each.id] for each in lesson.exercises.values()}
    return SavedNotebook(path, modules, problems, frozenset(begun), named)


class InSavedNotebook(InProcess):
    """Calls the functions of a lesson that are in a saved notebook."""

    def __init__(self, notebook: SavedNotebook, limit: TimeLimit, *, show: bool = False) -> None:
        texts = {name: module.text for name, module in notebook.modules.items()}
        files = _NotebookModules(notebook.path, texts, dict(notebook.problems))
        self._apart = _Apart(notebook, files)
        own = {key: parts[module] for key, (module, parts) in self._apart.parts.items() if module in parts}
        self._sources = dict(notebook.modules) | own
        super().__init__(files, limit, show=show, code=self._apart)

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now, as the grading does: of what this exercise's function reaches."""
        key = f"{call.module}.{call.name}"
        return super().send(replace(call, module=key) if key in self._sources else call)

    def where(self, place: CodeLine) -> str:
        """Where the learner finds a place: `cell 5, line 3`."""
        source = self._sources.get(place.module)
        return source.locate(place.line) if source else super().where(place)

    def written(self, module: str, function: str) -> FunctionSource | None:
        """The source of what an exercise consists of."""
        key = f"{module}.{function.partition('.')[0]}"
        source, names = self._sources.get(key), self._apart.names_of(key)
        return FunctionSource(source.text, names, key) if source and names is not None else None

    def file(self, module: str) -> str:
        """What the learner calls the file that a module is in."""
        source = self._sources.get(module)
        return source.shown if source else super().file(module)


class _NotebookModules(LearnerFiles):
    """Modules that are in no file of their own: tracebacks call them `lesson.ipynb.from_scratch.py`."""

    def path(self, module: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{module}.py")


class _Apart:
    """The exercises of a notebook, each with modules of its own, under the key `module.function`; whole modules under
    their own names."""

    def __init__(self, notebook: SavedNotebook, files: _NotebookModules) -> None:
        self.error: BaseException | None = None
        self.parts = {f"{module}.{function}": (module, parts) for (module, function), parts in notebook.alone.items()}
        self._whole = notebook.modules
        self._files = files
        self._made: dict[str, Modules] = {}
        self._away: dict[str, dict[str, ModuleType]] = {}
        self._now = ""

    def function(self, module: str, name: str, stop: tuple[type[BaseException], ...]) -> Callable[..., Any] | Raised:
        """The function, or what went wrong."""
        return self._ready(module).function(self._module(module), name, stop)

    def imported(self, module: str, stop: tuple[type[BaseException], ...]) -> Raised | None:
        """Import a module now; what went wrong, if anything did."""
        modules = self._ready(module)
        failed = modules.imported(self._module(module), stop)
        self.error = modules.error
        return failed

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data; its places are in the whole modules, whose lines are the same."""
        self.error = error
        return self._made[self._now].raised(stage, error)

    def forget(self) -> None:
        """Take the code out of this process."""
        for modules in self._made.values():
            modules.forget()

    def names_of(self, module: str) -> Mapping[str, Any] | None:
        """The names of a module, or of an exercise's, that was imported."""
        made = self._made.get(module)
        return made.names_of(self._module(module)) if made else None

    def _module(self, key: str) -> str:
        return self.parts[key][0] if key in self.parts else key

    def _ready(self, key: str) -> Modules:
        """The modules of an exercise, with all others out of the way."""
        if key != self._now:
            if self._now:
                names = self._whole.keys() & sys.modules.keys()
                self._away[self._now] = {name: sys.modules[name] for name in names}
                self._made[self._now].forget()
            self._now = key
            if key in self._made:
                sys.modules.update(self._away[key])
                sys.meta_path.insert(0, self._made[key])
            else:
                sources = self.parts[key][1] if key in self.parts else self._whole
                texts = {name: source.text for name, source in sources.items()}
                self._made[key] = Modules(texts, {name: str(self._files.path(name)) for name in texts})
        return self._made[key]
