"""Reading and checking `course.toml`, and the names in it that refer to one another or to reference solutions."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ValidationError

from grader import __version__
from grader.core.assignment import FILE_NAME, Assignment, Course, modules_of_others
from grader.core.errors import PROJECT, CourseError, did_you_mean
from grader.course.module_source import syntax_tree
from grader.course.validation import (
    CourseFile,
    KeyPath,
    Problem,
    checked,
    found_value,
    keys_of,
    line_of,
    lines_of,
    problems_of,
    quoted,
    table_name,
)
from grader.course.variant_table import variant_problems

_DEEPEST = 50  # tables in tables: a course has six


def default_problems(course: Course) -> Iterator[Problem]:
    """A default that is no assignment."""
    if course.default is not None and course.default not in course.assignments:
        wrong = _no_such("an assignment", course.default, list(course.assignments))
        yield Problem(("course", "default"), f'"default" in [course] must be {wrong}')


def time_zone_problems(course: Course) -> Iterator[Problem]:
    """A time zone that nobody knows here."""
    if course.time_zone is None:
        return
    try:
        ZoneInfo(course.time_zone)
    except (KeyError, ValueError, OSError):
        known = sorted(available_timezones())
        near = did_you_mean(course.time_zone, known)
        none = "" if known else " This machine knows none: python -m pip install tzdata."
        sentence = (
            '"time_zone" in [course] must be the name of a time zone, such as "Europe/Berlin", found '
            f"{found_value(course.time_zone)}.{near}{none}"
        )
        yield Problem(("course", "time_zone"), sentence)


def name_problems(assignment: Assignment) -> Iterator[Problem]:
    """Unknown modules and needs, functions written twice in a module, and needs that go in a circle."""
    yield from _unknown_names(assignment)
    yield from _doubled_functions(assignment)
    yield from _circle(assignment)


def _unknown_names(assignment: Assignment) -> Iterator[Problem]:
    for exercise in assignment.exercises.values():
        table = _table(assignment, exercise.id)
        if exercise.module not in assignment.modules:
            wrong = _no_such("a module", exercise.module, list(assignment.modules))
            yield Problem((*table, "module"), f'"module" in {table_name(table)} must be {wrong}')
        for need in exercise.needs:
            if need == exercise.id:
                yield Problem((*table, "needs"), f'"needs" in {table_name(table)} names the exercise itself.')
            elif need not in assignment.exercises:
                wrong = _no_such(
                    "another exercise", need, [name for name in assignment.exercises if name != exercise.id]
                )
                yield Problem((*table, "needs"), f'each item of "needs" in {table_name(table)} must be {wrong}')


def _no_such(kind: str, word: str, known: list[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in known) or "there is none"
    return f'the name of {kind} ({listed}), found "{word}".{did_you_mean(word, known)}'


def _doubled_functions(assignment: Assignment) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    for exercise in assignment.exercises.values():
        earlier = first.setdefault((exercise.module, exercise.function), exercise.id)
        if earlier != exercise.id:
            table = _table(assignment, exercise.id)
            yield Problem(
                (*table, "function"),
                f'{table_name(table)} is the function "{exercise.function}" of the module "{exercise.module}", '
                f'which is the exercise "{earlier}" already.',
            )


def _circle(assignment: Assignment) -> Iterator[Problem]:
    settled: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str] | None:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in settled or name not in assignment.exercises:
            return None
        for need in assignment.exercises[name].needs:
            if need != name and (found := walk(need, [*trail, name])):
                return found
        settled.add(name)
        return None

    for name in assignment.exercises:
        if circle := walk(name, []):
            table = table_name(("assignments", assignment.id, "exercises"))
            yield Problem(
                (*_table(assignment, circle[0]), "needs"),
                f"the needs of exercises in {table} go in a circle: {' → '.join(circle)}.",
            )
            return


def _table(assignment: Assignment, exercise: str) -> KeyPath:
    return ("assignments", assignment.id, "exercises", exercise)


def function_problems(root: Path, assignment: Assignment) -> Iterator[str]:
    """A sentence for each solution module or function that is missing. None where there is no `solutions` at all.

    A learner's checkout has no solutions, and a learner's own modules are nobody's configuration: they are not read.
    """
    if not (root / "solutions").is_dir():
        return
    for module in assignment.modules.values():
        wanted = [e.function for e in assignment.exercises.values() if e.module == module.id]
        relative = f"solutions/{assignment.id}/{module.id}.py"
        try:
            defined = _functions((root / relative).read_bytes())
        except FileNotFoundError:
            yield f'{relative} is missing, expected the solutions of the module "{module.id}" there.'
            continue
        except OSError as error:
            yield f"{relative} can't be read: {error.strerror or error}."
            continue
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            yield f"{relative}{line}: not valid Python ({getattr(error, 'msg', error)})."
            continue
        for function in wanted:
            if function not in defined:
                found = ", ".join(f'"{name}"' for name in defined) or "none"
                yield (
                    f'{relative} defines no function or class "{function}", which is an exercise in course.toml; '
                    f"found {found}.{did_you_mean(function, defined)}"
                )


def _functions(source: bytes) -> list[str]:
    return [node.name for node in syntax_tree(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def load_course(root: Path) -> Course:
    """The course whose `course.toml` lies in `root`, checked as far as it can be without running anything.

    Raises CourseError with one sentence a line, in the order of the file, for everything that is wrong: first the
    file itself, then the kit that it needs, then the shape of its tables, then the names in them, then the functions in
    `solutions`, if present.
    """
    text = _read(root)
    document = _parse(text)
    if unfit := list(_unfit_kit(document)):
        raise CourseError("\n".join(_sentences(text, unfit)))
    own_ids = list(_own_ids(document))
    course = None
    problems = own_ids
    try:
        parts = checked(CourseFile, _with_ids(document))
    except ValidationError as error:
        problems = own_ids + problems_of(error.errors(), document)
    else:
        every = parts.assignments
        every = {name: replace(each, others=modules_of_others(every, name)) for name, each in every.items()}
        course = Course(**vars(parts.course), assignments=every)
        problems = [*own_ids, *default_problems(course), *time_zone_problems(course)]
        for assignment in course.assignments.values():
            problems += [*name_problems(assignment), *variant_problems(assignment)]
    if course is None or problems:
        raise CourseError("\n".join(_sentences(text, problems)))
    missing = [sentence for one in course.assignments.values() for sentence in function_problems(root, one)]
    if missing:
        raise CourseError("\n".join(missing))
    return course


def _read(root: Path) -> str:
    path = root / FILE_NAME
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        others = sorted(other.name for other in root.glob("*.toml")) if root.is_dir() else []
        hint = did_you_mean(FILE_NAME, others)
        raise CourseError(
            f'There is no {FILE_NAME} in "{root}", expected the course\'s configuration there.{hint}'
        ) from None
    except IsADirectoryError:
        raise CourseError(f'"{path}" is a folder, expected the course\'s configuration.') from None
    except OSError as error:
        raise CourseError(f'"{path}" can\'t be read: {error.strerror or error}.') from None
    try:
        # Some editors begin a file with a byte order mark; TOML has no place for it.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = data[error.start]
        raise CourseError(
            f"{FILE_NAME}, line {line}: expected UTF-8, found the byte 0x{found:02x}; save it as UTF-8."
        ) from None


def _parse(text: str) -> dict[str, Any]:
    too_deep = CourseError(f"{FILE_NAME}: tables and arrays lie more than {_DEEPEST} deep in one another.")
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise too_deep from None
    except ValueError as error:
        found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what, line, column = found.groups() if found else (str(error), None, None)
        place = f", line {line}, column {column}" if line else ", at its end" if found else ""
        raise CourseError(f"{FILE_NAME}{place}: not valid TOML: {what[:1].lower()}{what[1:]}.") from None
    if _is_deeper(document, _DEEPEST):
        raise too_deep
    return document


def _is_deeper(document: dict[str, Any], most: int) -> bool:
    """Whether tables and arrays lie more than so deep in one another."""
    level: list[Any] = [document]
    while level and most >= 0:
        inside = [(each.values() if isinstance(each, dict) else each) for each in level]
        level = [one for values in inside for one in values if isinstance(one, dict | list)]
        most -= 1
    return bool(level)


def _unfit_kit(document: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with the kit that runs this, for a course that needs another one: it would misread the rest."""
    heading = document.get("course")
    needed = heading.get("kit") if isinstance(heading, dict) else None
    if not needed or not isinstance(needed, str):
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        fits = SpecifierSet(needed).contains(__version__, prereleases=True)
    except InvalidSpecifier:
        sentence = f'"kit" in [course] must be versions of the kit, such as ">=0.1", found the text {quoted(needed)}.'
        yield Problem(("course", "kit"), sentence)
        return
    if not fits:
        sentence = (
            f"the course needs the kit in version {needed}, and this is {__version__}. Install one that fits, as with "
            f"python -m pip install '{PROJECT}[grade]{needed}'."
        )
        yield Problem(("course", "kit"), sentence)


def _sentences(text: str, problems: list[Problem]) -> list[str]:
    lines = lines_of(text)
    placed = sorted((line_of(lines, problem.path) or 0, problem.sentence) for problem in problems)
    return [
        f"{FILE_NAME}, line {line}: {sentence}" if line else f"{FILE_NAME}: {sentence}" for line, sentence in placed
    ]


def _with_ids(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the ids that are its tables' names, and with tuples for arrays, as strict models want them."""
    filled: dict[str, Any] = _arrays_as_tuples(document)
    for path, table in _named_tables(filled):
        table["id"] = path[-1]
        if path[-2] == "exercises":
            table.setdefault("function", path[-1])
    return filled


def _own_ids(document: dict[str, Any]) -> Iterator[Problem]:
    """An `id` inside a table whose name is its id."""
    for path, table in _named_tables(document):
        if "id" in table:
            known = ", ".join(f'"{key}"' for key in keys_of(path))
            sentence = f'unknown key "id" in {table_name(path)}, whose name is its id; expected one of {known}.'
            yield Problem((*path, "id"), sentence)


def _named_tables(document: dict[str, Any]) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """The tables whose ids are their names: assignments, and their modules and exercises."""

    def below(above: dict[str, Any], path: KeyPath, key: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
        tables = above.get(key)
        for name, table in tables.items() if isinstance(tables, dict) else ():
            if isinstance(table, dict):
                yield (*path, key, name), table

    for path, assignment in below(document, (), "assignments"):
        yield path, assignment
        yield from below(assignment, path, "modules")
        yield from below(assignment, path, "exercises")


def _arrays_as_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _arrays_as_tuples(one) for key, one in value.items()}
    return tuple(_arrays_as_tuples(one) for one in value) if isinstance(value, list) else value
