"""The modules of a submission, imported from their sources, each once, and nothing else of it importable."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType, TracebackType
from typing import Any

from grader.wire.messages import Place, Raised

TEXT_LIMIT = 2000


class LearnerModules:
    """Imports learners' modules on demand and finds functions in them.

    `sources` are the texts by module name, in the order in which they may import each other: a module sees the ones
    before it. `filenames` are what tracebacks call them (`NAME.py` unless given).
    """

    def __init__(self, sources: Mapping[str, str], filenames: Mapping[str, str] | None = None) -> None:
        self._order = list(sources)
        self._sources = dict(sources)
        self._filenames = {name: (filenames or {}).get(name, f"{name}.py") for name in sources}
        self._names = {filename: name for name, filename in self._filenames.items()}
        self._failed: dict[str, Raised] = {}
        self._using: list[str] = []
        for name in self._order:
            sys.modules.pop(name, None)
        # One submission at a time: a second lesson may use the same module names.
        sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, LearnerModules)]
        sys.meta_path.insert(0, self)

    def function(self, module: str, name: str, stop: tuple[type[BaseException], ...]) -> Callable[..., Any] | Raised:
        """The function, or what went wrong: exceptions of the kinds in `stop` become `Raised`."""
        loaded = self._load(module, stop)
        if isinstance(loaded, Raised):
            return loaded
        found = vars(loaded).get(name)
        if not callable(found):
            message = f"{name} is not defined" if found is None else f"{name} is a {type(found).__name__}"
            return Raised("missing", "NameError", message)
        self._using = [module]
        return found  # type: ignore[no-any-return]

    def imported(self, module: str, stop: tuple[type[BaseException], ...]) -> Raised | None:
        """Import a module now; what went wrong, if anything did."""
        loaded = self._load(module, stop)
        return loaded if isinstance(loaded, Raised) else None

    def forget(self) -> None:
        """Take the modules, and the way to import them, out of this process."""
        for name in self._order:
            sys.modules.pop(name, None)
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data, with the learner's own lines that it went through."""
        return Raised(stage, type_name(error), message_of(error), tuple(self._places(error)))

    def _load(self, module: str, stop: tuple[type[BaseException], ...]) -> ModuleType | Raised:
        if module in self._failed:
            return self._failed[module]
        if module in sys.modules:
            return sys.modules[module]
        if module not in self._sources:
            return Raised("import", "ModuleNotFoundError", f"there is no module {module}")
        try:
            self._using = [module]
            return self._import(module)
        except stop as error:
            self._failed[module] = self.raised("import", error)
            return self._failed[module]

    def _import(self, name: str) -> ModuleType:
        module = ModuleType(name)
        module.__spec__ = self.find_spec(name, always=True)
        sys.modules[name] = module
        try:
            self.exec_module(module)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module

    # What Python's import system asks of a finder and loader.

    def find_spec(self, name: str, *_: object, always: bool = False) -> Any:
        """Only a module written before the one at work is to be had."""
        if name not in self._sources:
            return None
        last = self._order.index(self._using[-1]) if self._using else len(self._order)
        if not always and self._order.index(name) >= last:
            return None
        return ModuleSpec(name, self, origin=self._filenames[name])  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        """Python makes the module object."""

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's source."""
        name = module.__name__
        text, filename = self._sources[name], self._filenames[name]
        module.__file__ = filename
        linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
        self._using.append(name)
        try:
            exec(compile(text, filename, "exec", dont_inherit=True), vars(module))
        finally:
            self._using.pop()

    def _places(self, error: BaseException) -> list[Place]:
        if isinstance(error, SyntaxError) and error.filename in self._names:
            line = error.lineno if isinstance(error.lineno, int) else 0
            return [Place(self._names[str(error.filename)], max(line, 0), "")]
        places: list[Place] = []
        step: TracebackType | None = error.__traceback__
        while step is not None and len(places) < 2000:
            code: CodeType = step.tb_frame.f_code
            if code.co_filename in self._names:
                places.append(Place(self._names[code.co_filename], step.tb_lineno, code.co_name))
            step = step.tb_next
        return places if len(places) <= 40 else [*places[:20], *places[-20:]]


def type_name(error: BaseException) -> str:
    """The name of an exception's type."""
    return str(type.__getattribute__(type(error), "__name__"))[:100]


def message_of(error: BaseException) -> str:
    """An exception's message, whatever its `__str__` does."""
    if isinstance(error, SyntaxError):
        return str(error.msg)[:TEXT_LIMIT]
    try:
        return str(error)[:TEXT_LIMIT]
    except BaseException:
        return "(its message can't be shown)"
