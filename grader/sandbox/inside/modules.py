"""The modules of a submission, imported from their sources, each once; and stand-ins for libraries not installed.

A top-level `import` of a library that isn't there would cost every function of a module, also those that don't use it.
Within `try` and `with` such an import fails as ever, so that what is written there for the case that it fails is run.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import linecache
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import CodeType, ModuleType, TracebackType
from typing import Any, NoReturn

from grader.sandbox.protocol.messages import CodeLine, Raised

_OPTIMIZED = 0x1  # of a code object: it is a function's, no module's and no class's
_IMPORTS = re.compile(r"^[ \t]*(?:[^\n#]*[;:][ \t]*)?(?:import|from)[ \t]+([^\n]*)", re.MULTILINE)
# All that can be done with an object but to look at its attributes, compare it, or ask whether it is true.
_USES = """
    iter next len contains index int float complex round trunc floor ceil neg pos abs invert enter exit aenter
    aexit await aiter anext delitem setitem delattr instancecheck subclasscheck mro_entries fspath bytes format buffer
    add radd iadd sub rsub isub mul rmul imul matmul rmatmul imatmul truediv rtruediv itruediv floordiv rfloordiv
    ifloordiv mod rmod imod divmod rdivmod pow rpow ipow lshift rlshift rshift rrshift and rand xor rxor ror lt le gt ge
    array length_hint reversed
"""


class Placeholder:
    """Complains of what is missing when it is used in a function. While a module is imported, what is taken from it,
    called or chosen is a placeholder too, as in `sns.set_theme()` or `def show(table: pd.DataFrame)`."""

    __slots__ = ("_name", "_why")

    def __init__(self, name: str, why: str) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_why", why)

    def __repr__(self) -> str:
        return f"<{self._name}, a placeholder: {self._why}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__") and name != "__version__":
            raise AttributeError(name)  # what Python and libraries ask of anything
        return self._taken(f".{name}")

    def __setattr__(self, name: str, value: object) -> None:
        self._taken("")

    def __bool__(self) -> bool:
        return True

    def __call__(self, *_: object, **__: object) -> Any:
        return self._taken("()")

    def __getitem__(self, _: object) -> Any:
        return self._taken("[]")

    def __setitem__(self, *_: object) -> None:
        self._taken("")

    def __or__(self, _: object) -> Any:
        return self._taken("")

    __ror__ = __or__

    def _taken(self, how: str) -> Placeholder:
        """What a module gets of it while it is imported; in a function, a complaint."""
        if sys._getframe(2).f_code.co_flags & _OPTIMIZED:
            _complain(self)
        return Placeholder(self._name + how, self._why)


def _complain(placeholder: Placeholder, *_: object, **__: object) -> NoReturn:
    raise ModuleNotFoundError(object.__getattribute__(placeholder, "_why"))


for _use in _USES.split():
    if f"__{_use}__" not in vars(Placeholder):
        setattr(Placeholder, f"__{_use}__", _complain)


class _StandInModule:
    """What `import` is given in place of a library: names in it are there, and are placeholders."""

    def __init__(self, name: str, why: str, parts: list[str]) -> None:
        self.__dict__.update({part: Placeholder(f"{name}.{part}", why) for part in parts})


@contextlib.contextmanager
def standing_in(
    text: str, code: CodeType, own: Mapping[str, object], where: str, lacking: Mapping[str, str]
) -> Iterator[None]:
    """While `code`, a module's, is run: what it imports at its top level and isn't there becomes a placeholder.

    `own` are the learner's modules: what fails in them fails. `where` ends the sentence that says what is missing.
    `lacking` are libraries that are not to be imported, and why.
    """
    concerned = _may_be_missing(text, own, lacking)
    lines = _unguarded(text) if concerned else frozenset()
    if not concerned or not (lines or lacking):
        yield
        return
    before = builtins.__import__

    def importing(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        frame = sys._getframe(1)
        may_stand_in = frame.f_code is code and frame.f_lineno in lines and not level and "*" not in (fromlist or ())
        root = name.partition(".")[0]
        if root in lacking:
            why = f"{root} {lacking[root]} {where}"
            if not may_stand_in:
                raise ImportError(why, name=root)
            return _stand_in(name, why, fromlist)
        try:
            return before(name, globals, locals, fromlist, level)
        except Exception as error:
            why = _why_missing(name, error, own, where) if may_stand_in else ""
            if not why:
                raise
            return _stand_in(name, why, fromlist)

    builtins.__import__ = importing
    try:
        yield
    finally:
        if builtins.__import__ is importing:
            builtins.__import__ = before


def _stand_in(name: str, why: str, fromlist: Any) -> Any:
    if fromlist:
        return _StandInModule(name, why, list(fromlist))
    return Placeholder(name.partition(".")[0], why)


def _why_missing(name: str, error: Exception, own: Mapping[str, object], where: str) -> str:
    """Why a library can't be had; empty when something else is wrong."""
    root = name.partition(".")[0]
    missing = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if missing and missing not in own and not _is_there(missing):
        what = root if missing.strip("_") == root else f"{missing}, which {name} needs,"
        return f"{what} is not installed {where}"
    if root in own or root in sys.stdlib_module_names or root in ("torch", "numpy") or missing:
        return ""
    return f"{root} can't be imported {where} ({type(error).__name__}: {str(error)[:200]})"


def _may_be_missing(text: str, own: Mapping[str, object], lacking: Mapping[str, str]) -> bool:
    """Whether any import could fail: of something that is not loaded yet, and no learner's module."""
    for name in _imported(text):
        root = name.partition(".")[0]
        if root in lacking or (name and root not in own and name not in sys.modules):
            return True
    return False


# A grading process runs the same mistakes of the bank for each submission.
@functools.lru_cache(maxsize=512)
def _imported(text: str) -> tuple[str, ...]:
    """The names behind `import` and `from`, wherever they stand."""
    parts = (part for found in _IMPORTS.finditer(text) for part in found[1].split(","))
    return tuple((re.match(r"[ \t]*([\w.]+)", part) or [""])[0].strip() for part in parts)


@functools.lru_cache(maxsize=512)
def _compiled(text: str, filename: str) -> CodeType:
    return compile(text, filename, "exec", dont_inherit=True)


def _unguarded(text: str) -> frozenset[int]:
    """The lines of a module on which an import stands at the top level, also within `if` and loops."""
    try:
        waiting: list[ast.stmt] = list(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    lines: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.If | ast.For | ast.While):
            waiting += [*node.body, *node.orelse]
        elif isinstance(node, ast.Match):
            waiting += [each for case in node.cases for each in case.body]
    return frozenset(lines)


def _is_there(root: str) -> bool:
    try:
        return find_spec(root) is not None
    except (ImportError, ValueError, AttributeError):
        return root in sys.modules


TEXT_LIMIT = 2000


class LearnerModules:
    """Imports learners' modules on demand and finds functions in them.

    `sources` are the texts by module name, in the order in which they may import each other: a module sees the ones
    before it. `filenames` are what tracebacks call them (`NAME.py` unless given). `where` is how a sentence ends that
    says that a library isn't there; `lacking` are libraries that are not to be imported, and why.
    """

    def __init__(
        self,
        sources: Mapping[str, str],
        filenames: Mapping[str, str] | None = None,
        *,
        where: str = "here",
        lacking: Mapping[str, str] | None = None,
    ) -> None:
        self._where = where
        self._lacking = lacking or {}
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
            message = f"{name} is not defined" if found is None else f"{name} is a {type_name(found)}"
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
        try:
            places = tuple(self._places(error))
        except BaseException:  # one that says of itself what is not so
            places = ()
        return Raised(stage, type_name(error), message_of(error), places)

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
        module = module_from_spec(self.find_spec(name, always=True))
        sys.modules[name] = module
        try:
            self.exec_module(module)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module

    # What Python's import system asks of a finder and loader.

    def find_spec(self, name: str, *_: object, always: bool = False) -> Any:
        """Only a module written before the one at work is to be had, or one that is there already, to be reloaded."""
        if name not in self._sources:
            return None
        last = self._order.index(self._using[-1]) if self._using else len(self._order)
        if not always and self._order.index(name) >= last and name not in sys.modules:
            return None
        return spec_from_file_location(name, self._filenames[name], loader=self)  # type: ignore[arg-type]

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
            code = _compiled(text, filename)
            with standing_in(text, code, self._sources, self._where, self._lacking):
                exec(code, vars(module))
        finally:
            self._using.pop()

    def _places(self, error: BaseException) -> list[CodeLine]:
        if isinstance(error, SyntaxError) and error.filename in self._names:
            line = error.lineno if isinstance(error.lineno, int) else 0
            return [CodeLine(self._names[str(error.filename)], max(line, 0), "")]
        places: list[CodeLine] = []
        step: TracebackType | None = error.__traceback__
        while step is not None and len(places) < 2000:
            code: CodeType = step.tb_frame.f_code
            if code.co_filename in self._names:
                places.append(CodeLine(self._names[code.co_filename], step.tb_lineno, _called(code)))
            step = step.tb_next
        return places if len(places) <= 40 else [*places[:20], *places[-20:]]


def _called(code: CodeType) -> str:
    """The name of a function, of a method with its class."""
    whole = code.co_qualname
    return code.co_name[:200] if "<locals>" in whole or len(whole) > 200 else whole


def type_name(value: object) -> str:
    """The name of the type of an exception, or of anything, whatever a metaclass says."""
    return str.__str__(type.__dict__["__name__"].__get__(type(value)))[:100]


def message_of(error: BaseException) -> str:
    """An exception's message, whatever its `__str__` does."""
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
        return str.__str__(text)[:TEXT_LIMIT]
    except BaseException:
        return "(its message can't be shown)"
