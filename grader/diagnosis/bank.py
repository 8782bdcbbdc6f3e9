"""The bank of a lesson: known mistakes, and right answers in many styles, each a file of its own.

    solutions/LESSON/mistakes/EXERCISE/ID.py            a wrong implementation of one exercise
    solutions/LESSON/mistakes/EXERCISE/ID__VARIANT.py   another way to the same mistake
    solutions/LESSON/right/EXERCISE/NAME.py             a right answer in another style

Each defines the exercise's function, and replaces it in the reference solution. The docstring of a mistake has a first
line, which says for authors what is wrong, and then fields:

    Shows: how it shows, for authors.
    Says: what a learner is told who made this mistake: what is wrong, and what to do. It says no more than is known.
    Lesson: the anchor of the part of the lesson that explains it.

A variant has the first line alone. Where another mistake gives the very same values, a function `is_written(function)`
tells them apart: it is given the learner's function as an `ast` node, and says whether this is how it is written.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader.course import Assignment, Exercise
from grader.errors import BankError

MISTAKES = "mistakes"
RIGHT = "right"
VARIANT = "__"
IS_WRITTEN = "is_written"
_FIELDS = ("Shows", "Says", "Lesson")
_FIELD = re.compile(r"^([A-Z][a-z]+):(?:\s|$)")


@dataclass(frozen=True)
class Implementation:
    """One file of the bank: a definition of an exercise's function. `title` says what is special about it."""

    exercise: str
    path: Path
    title: str
    source: str = field(repr=False)

    @property
    def name(self) -> str:
        """What it is called within its exercise: the file's name."""
        return self.path.stem


@dataclass(frozen=True)
class Mistake:
    """A known mistake, with all the ways to it that the bank has; the first gave its words."""

    id: str
    exercise: str
    shows: str
    says: str
    lesson: str
    ways: tuple[Implementation, ...]

    @cached_property
    def is_written(self) -> Callable[[ast.AST], bool] | None:
        """What tells from a learner's source whether it is this mistake, if behaviour alone doesn't."""
        for way in self.ways:
            if f"def {IS_WRITTEN}(" in way.source:
                namespace: dict[str, object] = {}
                exec(compile(way.source, str(way.path), "exec", dont_inherit=True), namespace)
                return namespace[IS_WRITTEN]  # type: ignore[return-value]
        return None


@dataclass(frozen=True)
class Bank:
    """What is known of one lesson: its mistakes and right answers, by exercise."""

    mistakes: dict[str, tuple[Mistake, ...]]
    right: dict[str, tuple[Implementation, ...]]


def load_bank(root: Path, assignment: Assignment) -> Bank:
    """The bank of an assignment; a lesson without one has an empty bank. Raises `BankError`, with a sentence a line."""
    folder = root / "solutions" / assignment.id
    problems: list[str] = []
    mistakes, right = {}, {}
    for kind in (MISTAKES, RIGHT):
        problems += [
            f'{_shown(found, root)}: the assignment has no exercise "{found.name}".'
            for found in sorted((folder / kind).glob("*"))
            if found.is_dir() and found.name not in (*assignment.exercises, "__pycache__")
        ]
    for exercise in assignment.exercises.values():
        mistakes[exercise.id] = tuple(_mistakes(folder / MISTAKES / exercise.id, exercise, root, problems))
        right[exercise.id] = tuple(
            way for path in _files(folder / RIGHT / exercise.id) if (way := _read(path, exercise, root, problems))
        )
    ids = [mistake.id for found in mistakes.values() for mistake in found]
    problems += [f'The mistake "{id}" occurs in two exercises; each id is one mistake.' for id in _twice(ids)]
    if problems:
        raise BankError("\n".join(problems))
    return Bank(mistakes, right)


def reference(root: Path, assignment: Assignment) -> dict[str, str]:
    """The texts of the reference solution's modules, in order. Raises `BankError`."""
    texts = {}
    for module in assignment.modules:
        path = root / "solutions" / assignment.id / f"{module}.py"
        try:
            texts[module] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BankError(f"{_shown(path, root)} can't be read: {error}.") from None
    return texts


def _mistakes(folder: Path, exercise: Exercise, root: Path, problems: list[str]) -> Iterator[Mistake]:
    ways: dict[str, list[Implementation]] = {}
    for path in _files(folder):
        way = _read(path, exercise, root, problems)
        if way:
            ways.setdefault(path.stem.split(VARIANT)[0], []).append(way)
    for id, found in ways.items():
        first = next((way for way in found if way.name == id), None)
        if first is None:
            problems.append(f"{_shown(found[0].path, root)}: a variant of a mistake that has no file {id}.py.")
            continue
        fields = _fields(first)
        missing = [name for name in _FIELDS if not fields.get(name)]
        if missing:
            problems.append(f"{_shown(first.path, root)}: its docstring has no field {', '.join(missing)}.")
            continue
        others = [way for way in found if way is not first]
        shows, says, lesson = (fields[name] for name in _FIELDS)
        yield Mistake(id, exercise.id, shows, says, lesson, (first, *others))


def _read(path: Path, exercise: Exercise, root: Path, problems: list[str]) -> Implementation | None:
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, ValueError, SyntaxError) as error:
        problems.append(f"{_shown(path, root)}: can't be read as Python: {error}.")
        return None
    title = (ast.get_docstring(tree) or "").strip().split("\n")[0]
    if not title:
        problems.append(f"{_shown(path, root)}: has no docstring that says what is special about it.")
    names = {getattr(node, "name", None) for node in tree.body} | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if exercise.function not in names:
        problems.append(f"{_shown(path, root)}: expected a definition of {exercise.function}, found none.")
        return None
    return Implementation(exercise.id, path, title, source)


def _fields(way: Implementation) -> dict[str, str]:
    """The fields of a docstring; a field goes on until the next one begins."""
    found: dict[str, list[str]] = {}
    now: list[str] = []
    for line in (ast.get_docstring(ast.parse(way.source)) or "").split("\n")[1:]:
        start = _FIELD.match(line)
        if start and start[1] in _FIELDS:
            now = found[start[1]] = [line[start.end() :].strip()]
        elif line.strip():
            now.append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in found.items()}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.py")) if folder.is_dir() else []


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
