"""What the result of one exercise depends on, as two digests: when they are as they were, so is the result.

`verdict` is of what decides the points: the exercise's hidden checks, the definitions of the reference that they and it
reach, its table in course.toml, the modules, the limits, the lesson's data and the kit's version. Of the exercises that
it needs, it depends on how they were answered: who grades them again sees to that. `words` is of what is told besides:
misconceptions, hints, the titles of the lesson's parts, and how causes are looked for.

Comments, layout and docstrings of the reference don't count; those of a hidden check do. What a hidden check imports
counts: functions of the reference one by one, any other module whole.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from grader import __version__
from grader.core.assignment import Assignment, Exercise, Limits, Module
from grader.core.errors import GradingError
from grader.core.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.grading.bank import lesson_parts
from grader.grading.submission import PreviousGrading
from grader.reading.name_resolution import read_module

_CHECKS = ("check", "guard")
_OF_WORDS = {"hints"}
_OF_NEITHER = {"title"}
_NO_DATA = {".py", ".pyc", ".md", ".html", ".ipynb", ".css", ".svg", ".ini"}


@dataclass(frozen=True)
class ExerciseKey:
    """What an exercise was graded with. As text, it is stored with the result."""

    verdict: str
    words: str

    def __str__(self) -> str:
        return f"{self.verdict}/{self.words}"

    def holds_for(self, status: ExerciseStatus, stored: str) -> bool:
        """Whether a result of this status, graded with what is `stored`, would be the same now."""
        verdict, _, words = stored.partition("/")
        return verdict == self.verdict and (words == self.words or status is ExerciseStatus.PASSED)


def exercise_keys(root: Path, assignment: Assignment) -> dict[str, ExerciseKey]:
    """The key of each exercise, in order. Raises `GradingError` or `BankError` when a source can't
    be read."""
    course = _Sources(root, assignment)
    common = [
        __version__,
        _settings(assignment.limits, {"repairs"}),
        *(_settings(module, _OF_NEITHER) for module in assignment.modules.values()),
        *course.data(),
        *course.shared(),
    ]
    verdicts: dict[str, str] = {}
    for name in assignment.order():
        exercise = assignment.exercises[name]
        table = _settings(exercise, _OF_WORDS | _OF_NEITHER)
        devices = ",".join(assignment.devices_of(exercise))
        verdicts[name] = _digest([*common, table, devices, *course.of_exercise(exercise)])
    told = [assignment.causes, str(assignment.limits.repairs), *lesson_parts(root, assignment).values()]
    return {
        name: ExerciseKey(verdicts[name], _digest([*told, *exercise.hints, *course.mistakes(name)]))
        for name, exercise in assignment.exercises.items()
    }


class _Hidden:
    """A file of hidden checks, or of what they share."""

    def __init__(self, text: str, stem: str) -> None:
        self.text = text
        self.stem = stem
        self.tree = _parsed(text, f"{stem}.py")
        self.checked = _checked(self.tree)


class _Sources:
    """The author's sources of one assignment."""

    def __init__(self, root: Path, assignment: Assignment) -> None:
        self._assignment = assignment
        self._secret = root / "solutions" / assignment.id
        self._public = root / "exercises" / assignment.id
        files = sorted((self._secret / "hidden").rglob("*.py"))
        self._hidden = [_Hidden(_text(path), path.stem) for path in files]
        self._modules = {path.stem: _text(path) for path in sorted(self._secret.glob("*.py"))}

    def data(self) -> Iterator[str]:
        """What lies beside the stubs and the hidden checks, and is no source and no text of the lesson."""
        for folder in (self._public, self._secret / "hidden"):
            for path in sorted(folder.rglob("*")):
                inside = path.relative_to(folder)
                aside = {"checks", "figures", "__pycache__"} & set(inside.parts)
                if path.is_file() and path.suffix not in _NO_DATA and not aside:
                    yield f"{inside}: {hashlib.sha256(path.read_bytes()).hexdigest()}"

    def shared(self) -> Iterator[str]:
        """Files beside the hidden checks that hold no check of their own; all of them, where they import each other."""
        stems = {file.stem for file in self._hidden}
        tangled = any(stems & _names_imported(file.tree) for file in self._hidden)
        for file in self._hidden:
            if tangled or not file.checked:
                yield f"{file.stem}: {file.text}"

    def of_exercise(self, exercise: Exercise) -> Iterator[str]:
        """The files with its checks, and what of the reference they and it reach."""
        wanted: dict[str, set[str] | None] = {exercise.module: {exercise.function}}
        for file in self._hidden:
            if exercise.id in file.checked:
                yield f"{file.stem}: {file.text}"
                for module, functions in _reference_imports(file.tree, self._assignment.id):
                    known = wanted.setdefault(module, set())
                    wanted[module] = None if functions is None or known is None else known | functions
        for path in sorted((self._secret / "right" / exercise.id).rglob("*.py")):
            yield f"{path.stem}: {_text(path)}"
        for module in sorted(wanted):
            yield from self._of_module(module, wanted[module])

    def mistakes(self, exercise: str) -> Iterator[str]:
        """The exercise's misconceptions, their words included."""
        for path in sorted((self._secret / "mistakes" / exercise).rglob("*.py")):
            yield f"{path.stem}: {_text(path)}"

    def _of_module(self, module: str, functions: set[str] | None) -> Iterator[str]:
        """The definitions that these functions of a module reach; the whole module without names."""
        text = self._modules.get(module, "")
        if functions is None or module not in self._assignment.modules:
            yield f"{module}: {ast.dump(without_docstrings(_parsed(text, module)))}"
            return
        read = read_module(text)
        for function in sorted(functions):
            parts = sorted(ast.dump(without_docstrings(part)) for part in read.parts(function))
            yield f"{module}.{function}: {' '.join(parts)}"
            if not parts or any(self._modules.keys() & _names_imported(part) for part in read.parts(function)):
                yield from (f"{name}: {_digest([each])}" for name, each in self._modules.items())


def _settings(table: Limits | Module | Exercise, without: set[str]) -> str:
    return json.dumps({key: value for key, value in asdict(table).items() if key not in without})


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GradingError(f"{path} can't be read: {error}.") from None


def _parsed(text: str, name: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise GradingError(f"{name} can't be read: {error}.") from None


def without_docstrings(tree: ast.AST) -> ast.AST:
    """A copy of a tree without the docstrings in it."""
    tree = copy.deepcopy(tree)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = body[1:]
    return tree


def _checked(tree: ast.AST) -> set[str]:
    """The exercises that a file has checks of."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _CHECKS:
                found.add(str(node.args[0].value))
    return found


def _names_imported(tree: ast.AST) -> set[str]:
    """The last part of the name of each module that is imported, and each name that is imported from one."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.name.rpartition(".")[2] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.rpartition(".")[2])
    return found


def _reference_imports(tree: ast.AST, assignment: str) -> Iterator[tuple[str, set[str] | None]]:
    """The modules of the reference that are imported, each with the names that are; None for all of it."""
    package = f"solutions.{assignment}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{package}."):
                    yield alias.name.removeprefix(f"{package}.").partition(".")[0], None
        elif isinstance(node, ast.ImportFrom) and node.module == package:
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(f"{package}."):
            module, names = node.module.removeprefix(f"{package}."), {alias.name for alias in node.names}
            yield module.partition(".")[0], None if "*" in names or "." in module else names


def touched(keys: Mapping[str, ExerciseKey], stored: Mapping[str, tuple[ExerciseStatus, str]]) -> set[str]:
    """The exercises of one submission whose results might be others now. `stored` are their statuses, and what they
    were graded with, in order: where exercises are gone or stand elsewhere, all are graded again."""
    again = {name for name, key in keys.items() if name not in stored or not key.holds_for(*stored[name])}
    return again or (set() if list(stored) == list(keys) else set(keys))


# What may come of what other exercises took of the limits, in any module.
_OF_ALL = (ExerciseStatus.TIMED_OUT, ExerciseStatus.CRASHED, ExerciseStatus.GRADER_ERROR)


def previous_grading(result: SubmissionResult, again: set[str], modules: Mapping[str, str]) -> PreviousGrading:
    """The results that may stay when these exercises are graded `again`; none where all hang together, or came of code
    that ran without the sandbox, which every result must say. Those of a module that is told of once, because it is
    missing or can't be imported, are graded again together. `modules` tells which module each exercise is in."""
    exercises = result.exercises
    if (
        result.status is not SubmissionStatus.GRADED
        or result.trusted
        or any(each.status in _OF_ALL for each in exercises)
    ):
        return PreviousGrading()
    refers = tuple(f": see {each.id}." for each in exercises)  # as `grader.checks.scoring.said_once` has it
    together = {
        modules[each.id]
        for each in exercises
        if each.status is ExerciseStatus.NOT_FOUND or (each.finding and each.finding.summary.endswith(refers))
    }
    return PreviousGrading(exercises, tuple(sorted(again | {n for n in modules if modules[n] in together})))


def digest_of_all(keys: Mapping[str, ExerciseKey]) -> str:
    """One digest of all that an assignment is graded with."""
    return _digest(f"{name} {key}" for name, key in keys.items())
