"""The transport of the self-check: a learner's functions read from their files and called in this very process."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TextIO

from grader.checks import CheckFailed
from grader.checks.compare import call_text
from grader.checks.marks import FindingScope
from grader.checks.transport import Source
from grader.core.assignment import Exercise
from grader.core.records import CheckStatus, Finding
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.definitions import place_of, signature_of
from grader.reading.source_facts import definition_tree
from grader.reading.statements import own_line
from grader.sandbox.inside.execute import Functions, TorchSettings, perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply
from grader.selfcheck.time_limits import TimeLimit, TookTooLong

KEPT = 200_000


class _Store(io.RawIOBase):
    """Takes any number of bytes and keeps the first ones; passes all on to `through`, if there is one."""

    def __init__(self, through: TextIO | None) -> None:
        self.kept = bytearray()
        self._through = through

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        chunk = bytes(data)
        self.kept += chunk[: max(0, KEPT - len(self.kept))]
        if self._through is not None:
            self._through.write(chunk.decode("utf-8", "replace"))
            self._through.flush()
        return len(chunk)


class Printed:
    """Captures `sys.stdout` and `sys.stderr` of this process; `show` lets everything through to the terminal, too."""

    def __init__(self, show: bool = False) -> None:
        self._show = show
        self._stores = {name: _Store(getattr(sys, name) if show else None) for name in ("stdout", "stderr")}

    @contextmanager
    def captured(self) -> Iterator[None]:
        """Capture within a `with` block. Whatever a learner does to the streams, ours are back afterwards."""
        before = {name: getattr(sys, name) for name in self._stores}
        ours = {name: self._stream(store) for name, store in self._stores.items()}
        for name, stream in ours.items():
            setattr(sys, name, stream)
        try:
            yield
        finally:
            for name in self._stores:
                setattr(sys, name, before[name])
                with suppress(ValueError):  # a learner closed it
                    ours[name].flush()

    def _stream(self, store: _Store) -> io.TextIOWrapper:
        """A real text stream: `.buffer`, `.encoding` and `.reconfigure` work. What is shown is shown at once."""
        below: Any = store if self._show else io.BufferedWriter(store)
        return io.TextIOWrapper(below, "utf-8", "backslashreplace", newline="\n", write_through=self._show)

    @property
    def out(self) -> str:
        """What went to standard output."""
        return _text(self._stores["stdout"])

    @property
    def all(self) -> str:
        """What went to standard output, and then what went to standard error."""
        return self.out + _text(self._stores["stderr"])


def _text(store: _Store) -> str:
    return bytes(store.kept).decode("utf-8", "replace")


@dataclass(frozen=True)
class LearnerFiles:
    """The modules of one lesson in `folder`: texts by module, and sentences for those that can't be read."""

    folder: Path
    texts: dict[str, str]
    problems: dict[str, str]

    def path(self, module: str) -> Path:
        """Where a module's file is, or should be."""
        return self.folder / f"{module}.py"


def read_files(folder: Path, modules: Iterable[str]) -> LearnerFiles:
    """The files of a lesson's modules, read as Python reads them: UTF-8 unless they say otherwise, a BOM allowed."""
    files = LearnerFiles(folder, {}, {})
    for module in modules:
        path = files.path(module)
        try:
            files.texts[module] = _decoded(path.read_bytes())
        except FileNotFoundError:
            files.problems[module] = f"{path.name} is missing: expected it in {folder}."
        except OSError as error:
            files.problems[module] = f"{path.name} can't be read: {error.strerror or error}."
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            what = f"{path.name} is not {error.encoding.upper()} text: see line {line}."
            files.problems[module] = f"{what} Save it as UTF-8 in your editor."
        except (SyntaxError, LookupError, ValueError) as error:
            files.problems[module] = f"{path.name} can't be read as text: {error}. Save it as UTF-8 in your editor."
    return files


def _decoded(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if encoding.startswith("utf-8"):
        data = data.removeprefix(b"\xef\xbb\xbf")
        encoding = "utf-8"
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class FunctionSource:
    """The text that a function is written in, the names that it sees, and what `InProcess.where` calls the place."""

    text: str
    names: Mapping[str, Any]
    place: str


# Not KeyboardInterrupt: Ctrl-C ends the run.
STOP = (Exception, SystemExit)


class Code(Functions, Protocol):
    """The learner's code; `error` is the last exception that came out of it, with its traceback."""

    error: BaseException | None

    def imported(self, module: str, stop: tuple[type[BaseException], ...]) -> Raised | None:
        """Import a module now; what went wrong, if anything did."""

    def forget(self) -> None:
        """Take the code out of this process."""

    def names_of(self, module: str) -> Mapping[str, Any] | None:
        """The names of a module that was imported."""


class InProcess:
    """Calls the functions of one lesson, which are in `files`, or else in `code`.

    `stopped` is set from outside when the rest of an exercise need not be tried; `printed` gathers what was printed
    since it was last cleared; `error` is the exception that came out of the last call, with its traceback; `unusable`
    says of modules why nothing in them can be called; `theirs` is what the learner's code has set for all of torch.
    """

    def __init__(self, files: LearnerFiles, limit: TimeLimit, *, show: bool = False, code: Code | None = None) -> None:
        self.files = files
        self.stopped: CheckFailed | None = None
        self.printed = ""
        self.error: BaseException | None = None
        self._limit = limit
        self._show = show
        self._modules = code or Modules(files.texts, {module: str(files.path(module)) for module in files.texts})
        self._ready: set[str] = set()
        self.unusable: dict[str, str] = dict(files.problems)
        self._imports: dict[str, BaseException] = {}
        self._hung: dict[str, Finding] = {}
        # What a learner's code sets for the whole of torch holds for the learner's calls, not for the checks.
        self.theirs = TorchSettings()

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        """Perform a call, now. Raises `CheckFailed` when the module can't be read, or it ran into the time limit."""
        done = self._perform(call)
        return lambda: done

    def _perform(self, call: Call) -> tuple[Reply | Raised, str]:
        self.error = None
        if self.stopped:
            raise self.stopped
        if call.module in self.files.problems:
            raise CheckFailed(Finding(self.files.problems[call.module]), scope=FindingScope.MODULE)
        failed = self._imported(call.module)
        if failed:
            self.error = self._imports.get(call.module)
            return failed, ""
        captured = Printed(self._show)
        self._modules.error = None
        try:
            with self._limit.running(), self.theirs.in_force(), captured.captured():
                outcome = perform(call, self._modules, "cpu", STOP)
        except TookTooLong as late:
            called = (("called", call_text(call.function, call.args)),)
            raise self._late(
                f"The function was still running after {self._limit.seconds:g} seconds.", called, late
            ) from None
        finally:
            self.printed += captured.all
        if isinstance(outcome, Raised):
            self.error = self._modules.error
        return outcome, captured.out

    def line_of(self, place: CodeLine) -> str:
        """`lesson.py, line 31:  return total`."""
        lines = self.files.texts.get(place.module, "").split("\n")
        shown = sanitized(own_line(lines[place.line - 1].strip()), 100) if 0 < place.line <= len(lines) else ""
        where = self.where(place)
        return f"{where}:  {shown}" if shown else where

    def where(self, place: CodeLine) -> str:
        """Where the learner finds a place: `lesson.py, line 31`."""
        return f"{place.module}.py, line {place.line}"

    def definition(self, module: str, function: str) -> CodeLine | None:
        """Where the function returns its result."""
        line = place_of(self.files.texts.get(module, ""), function)
        return CodeLine(module, line, function) if line else None

    def source(self, module: str, function: str) -> Source:
        """What is known of the function's source."""
        text = self.files.texts.get(module, "")
        is_written = bool(written(text, [function]))
        return Source(self.file(module), is_written, signature_of(text, function))

    def written(self, module: str, function: str) -> FunctionSource | None:  # noqa: ARG002
        """The source of a function, and the names that it sees; None where they aren't known."""
        text, names = self.files.texts.get(module), self._modules.names_of(module)
        return None if text is None or names is None else FunctionSource(text, names, module)

    def tree(self, exercise: Exercise) -> ast.AST | None:
        """The definition of an exercise's function as the grading has it; None where it isn't known, or too large."""
        source = self.written(exercise.module, exercise.function)
        return definition_tree(source.text, exercise.function) if source else None

    def file(self, module: str) -> str:
        """What the learner calls the file that a module is in."""
        return f"{module}.py"

    def place(self, exercise: Exercise) -> tuple[tuple[str, str], ...]:
        """Where an exercise's function is, as a fact for a finding."""
        found = self.definition(exercise.module, exercise.function)
        return (("where", self.line_of(found)),) if found else ()

    def is_learners(self, filename: str) -> bool:
        """Whether a file is one of the learner's modules."""
        return any(filename == str(self.files.path(module)) for module in self.files.texts)

    def forget(self) -> None:
        """Take the learner's modules out of this process."""
        self._modules.forget()

    def _imported(self, module: str) -> Raised | None:
        """Import the module, once; a module that hung is not tried again."""
        if module in self._ready:
            return None
        if module in self._hung:
            raise CheckFailed(self._hung[module], CheckStatus.TIMED_OUT, scope=FindingScope.MODULE)
        captured = Printed(self._show)
        self._modules.error = None
        try:
            with self._limit.running(), self.theirs.in_force(), captured.captured():
                failed = self._modules.imported(module, STOP)
        except TookTooLong as late:
            summary = f"Importing {self.file(module)} took longer than {self._limit.seconds:g} seconds."
            failure = self._late(summary, (), late, FindingScope.MODULE)
            self._hung[module] = failure.finding
            self.unusable[module] = summary
            raise failure from None
        finally:
            self.printed += captured.all
        if failed is None:
            self._ready.add(module)
        else:
            place = f" ({self.where(failed.where[-1])})" if failed.where else ""
            self.unusable[module] = sanitized(f"{failed.type_name}: {failed.message}", 200) + place
        if self._modules.error is not None:
            self._imports[module] = self._modules.error
        return failed

    def _late(
        self,
        summary: str,
        facts: tuple[tuple[str, str], ...],
        late: TookTooLong,
        scope: FindingScope = FindingScope.SURROUNDINGS,
    ) -> CheckFailed:
        places = self._modules.raised("call", late).where
        if places:
            summary += f" It was at {self.where(places[-1])}, when it was stopped."
            facts = (*facts, ("where", self.line_of(places[-1])))
        return CheckFailed(Finding(summary, facts), CheckStatus.TIMED_OUT, scope=scope)


class Modules(LearnerModules):
    """A submission's modules in this process. Keeps the exceptions themselves, for tracebacks and debuggers."""

    def __init__(self, sources: Mapping[str, str], filenames: Mapping[str, str]) -> None:
        super().__init__(sources, filenames)
        self._ran: dict[str, Mapping[str, Any]] = {}

    error: BaseException | None = None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's source."""
        super().exec_module(module)
        self._ran[module.__name__] = vars(module)

    def names_of(self, module: str) -> Mapping[str, Any] | None:
        """The names of a module that was imported, also when another lesson's has taken its place."""
        return self._ran.get(module)

    def raised(self, stage: str, error: BaseException) -> Raised:
        """An exception as plain data."""
        self.error = error
        return super().raised(stage, error)
