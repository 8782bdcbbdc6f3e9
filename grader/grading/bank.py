"""The bank of a lesson: misconceptions, and right answers in many styles, each a file of its own.

    solutions/LESSON/mistakes/EXERCISE/ID.py            a wrong implementation of one exercise
    solutions/LESSON/mistakes/EXERCISE/ID__WAY.py       another way to the same mistake
    solutions/LESSON/right/EXERCISE/NAME.py             a right answer in another style

Each defines the exercise's function, and replaces it in the reference solution. The docstring of a mistake has a first
line, which says for authors what is wrong, and then fields:

    Shows: how it shows, for authors.
    Says: what a learner is told who made this mistake: what is wrong, and what to do. It says no more than is known.
    Lesson: the anchor of the part of the lesson that explains it: `the-loss`, where a line `<a id="the-loss"></a>`
        stands before its heading in `exercises/LESSON/lesson.md`.

Another way has the first line alone. Where another mistake gives the very same values, a function
`is_written(function)` tells them apart: it is given the learner's function as an `ast` node, and says whether this is
how it is written.

A right answer whose style works but is unsafe has a field `Advice:`, the word that a learner gets with the points, and
a function `is_written` that knows the style.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from grader.core.assignment import Assignment, Exercise
from grader.core.errors import BankError, did_you_mean
from grader.core.records import Misconception
from grader.reading.definitions import IS_WRITTEN, IsWritten, predicate_from, predicate_text
from grader.reading.forms import forms_of

_ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>\s*$')
_HEADING = re.compile(r"#{1,6} +(.+?) *#*$")


def lesson_parts(root: Path, assignment: Assignment) -> dict[str, str]:
    """By anchor, words for where a part is: `the lesson, "How wrong is it?" (lesson.html#the-loss)`.

    Empty for a lesson that has no text. Raises `BankError` when it can't be read.
    """
    path = root / "exercises" / assignment.id / "lesson.md"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BankError(f"{path} can't be read: {error}.") from None
    parts: dict[str, str] = {}
    anchor = ""
    for line in lines:
        if found := _ANCHOR.match(line):
            anchor = found[1]
        elif anchor and (heading := _HEADING.match(line)):
            title = re.sub(r"[*`_]", "", heading[1])
            parts[anchor] = f"the lesson, “{title}” (lesson.html#{anchor})"
            anchor = ""
    return parts


MISTAKES = "mistakes"
RIGHT = "right"
OTHER_WAY = "__"  # in a file's name
_FIELDS = ("Shows", "Says", "Lesson")
_ADVICE = "Advice"
_FIELD = re.compile(r"^([A-Z][a-z]+):(?:\s|$)")


@dataclass(frozen=True)
class Implementation:
    """One file of the bank: a definition of an exercise's function. `title`, the first line of its `docstring`, says
    what is special about it."""

    exercise: str
    path: Path
    title: str
    source: str = field(repr=False)
    docstring: str = field(default="", repr=False)

    @cached_property
    def advice(self) -> str:
        """What is to be said of a right answer in this style; empty when there is nothing to say."""
        return _fields(self.docstring).get(_ADVICE, "")

    @property
    def name(self) -> str:
        """What it is called within its exercise: the file's name."""
        return self.path.stem

    @cached_property
    def forms(self) -> frozenset[str]:
        """The digests of its forms."""
        return frozenset(form.digest for form in forms_of(self.source) or ())

    @cached_property
    def predicate(self) -> str:
        """The text of what tells from a learner's definition whether it is written like this; empty when the file
        doesn't say."""
        return predicate_text(self.source) if f"def {IS_WRITTEN}(" in self.source else ""

    @cached_property
    def is_written(self) -> IsWritten | None:
        """The same as a function; None when there is none."""
        return predicate_from(self.predicate, str(self.path)) if self.predicate else None


@dataclass(frozen=True)
class Mistake:
    """A misconception, with all the ways to it that the bank has; the first gave its words. `lesson` is an anchor, and
    `part` the words for where that is."""

    id: str
    exercise: str
    shows: str
    says: str
    lesson: str
    ways: tuple[Implementation, ...]
    part: str = ""

    @property
    def told(self) -> Misconception:
        """What is told a learner who made it."""
        return Misconception(self.id, self.says, self.part)

    @property
    def is_written(self) -> IsWritten | None:
        """What tells from a learner's definition whether it is this mistake, if behaviour alone doesn't."""
        return next((way.is_written for way in self.ways if way.is_written), None)

    @property
    def predicate(self) -> str:
        """The text of that; empty when behaviour alone does."""
        return next((way.predicate for way in self.ways if way.predicate), "")


@dataclass(frozen=True)
class Bank:
    """What is known of one lesson: its mistakes and right answers, by exercise."""

    mistakes: dict[str, tuple[Mistake, ...]]
    right: dict[str, tuple[Implementation, ...]]


def load_bank(root: Path, assignment: Assignment) -> Bank:
    """The bank of an assignment; a lesson without one has an empty bank. Raises `BankError`, with a sentence a line."""
    folder = root / "solutions" / assignment.id
    parts = lesson_parts(root, assignment)
    problems = _strangers(folder, assignment, root)
    mistakes, right = {}, {}
    for exercise in assignment.exercises.values():
        found = _mistakes(folder / MISTAKES / exercise.id, exercise, root, problems)
        problems += [_no_part(each, parts, root) for each in found if parts and each.lesson not in parts]
        mistakes[exercise.id] = tuple(replace(each, part=parts.get(each.lesson, "")) for each in found)
        right[exercise.id] = tuple(_implementations(folder / RIGHT / exercise.id, exercise, root, problems))
    ids = [mistake.id for found in mistakes.values() for mistake in found]
    problems += [f'The mistake "{id}" occurs in two exercises; each id is one mistake.' for id in _twice(ids)]
    if problems:
        raise BankError("\n".join(problems))
    return Bank(mistakes, right)


def _strangers(folder: Path, assignment: Assignment, root: Path) -> list[str]:
    known = (*assignment.exercises, "__pycache__")
    found = [path for kind in (MISTAKES, RIGHT) for path in sorted((folder / kind).glob("*")) if path.is_dir()]
    return [
        f'{_shown(path, root)}: the assignment has no exercise "{path.name}".{did_you_mean(path.name, list(known))}'
        for path in found
        if path.name not in known
    ]


def _no_part(mistake: Mistake, parts: dict[str, str], root: Path) -> str:
    hint = did_you_mean(mistake.lesson, list(parts))
    return f'{_shown(mistake.ways[0].path, root)}: the lesson has no part "{mistake.lesson}".{hint}'


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


def _mistakes(folder: Path, exercise: Exercise, root: Path, problems: list[str]) -> list[Mistake]:
    ways: dict[str, list[Implementation]] = {}
    for way in _implementations(folder, exercise, root, problems):
        ways.setdefault(way.name.split(OTHER_WAY)[0], []).append(way)
    mistakes = []
    for id, found in ways.items():
        first = next((way for way in found if way.name == id), None)
        if first is None:
            problems.append(f"{_shown(found[0].path, root)}: another way to a mistake that has no file {id}.py.")
            continue
        fields = _fields(first.docstring)
        missing = [name for name in _FIELDS if not fields.get(name)]
        if missing:
            problems.append(f"{_shown(first.path, root)}: its docstring has no field {', '.join(missing)}.")
            continue
        shows, says, lesson = (fields[name] for name in _FIELDS)
        others = [way for way in found if way is not first]
        mistakes.append(Mistake(id, exercise.id, shows, says, lesson, (first, *others)))
    return mistakes


def _implementations(folder: Path, exercise: Exercise, root: Path, problems: list[str]) -> list[Implementation]:
    paths = sorted(folder.glob("*.py")) if folder.is_dir() else []
    return [way for path in paths if (way := _read(path, exercise, root, problems))]


def _read(path: Path, exercise: Exercise, root: Path, problems: list[str]) -> Implementation | None:
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, ValueError, SyntaxError) as error:
        problems.append(f"{_shown(path, root)}: can't be read as Python: {error}.")
        return None
    docstring = ast.get_docstring(tree) or ""
    title = docstring.strip().split("\n")[0]
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
    way = Implementation(exercise.id, path, title, source, docstring)
    if way.advice and IS_WRITTEN not in names:
        problems.append(f"{_shown(path, root)}: gives advice, and has no function {IS_WRITTEN} that knows the style.")
    return way


def _fields(docstring: str) -> dict[str, str]:
    """The fields of a docstring; a field goes on until the next one begins."""
    found: dict[str, list[str]] = {}
    now: list[str] = []
    for line in docstring.split("\n")[1:]:
        start = _FIELD.match(line)
        if start and start[1] in (*_FIELDS, _ADVICE):
            now = found[start[1]] = [line[start.end() :].strip()]
        elif line.strip():
            now.append(line.strip())
    return {name: " ".join(lines).strip() for name, lines in found.items()}


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
