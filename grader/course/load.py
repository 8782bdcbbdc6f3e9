"""Reading and checking `course.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from grader.course.functions import function_problems
from grader.course.model import Course, CourseFile
from grader.course.names import name_problems
from grader.course.places import KeyPath, line_of, lines_of, table_name
from grader.course.words import Problem, keys_of, problems_of
from grader.errors import CourseError, did_you_mean

FILE_NAME = "course.toml"


def load_course(root: Path) -> Course:
    """The course whose `course.toml` lies in `root`, checked as far as it can be without running anything.

    Raises CourseError with one sentence a line, in the order of the file, for everything that is wrong: first the
    file itself, then the shape of its tables, then the names in them, then the functions in `solutions`, if present.
    """
    text = _read(root)
    document = _parse(text)
    own_ids = list(_own_ids(document))
    course = None
    problems = own_ids
    try:
        parts = CourseFile.model_validate(_with_ids(document))
    except ValidationError as error:
        problems = own_ids + problems_of(error.errors(), document)
    else:
        course = Course(id=parts.course.id, name=parts.course.name, assignments=parts.assignments)
        problems = own_ids + [p for assignment in course.assignments.values() for p in name_problems(assignment)]
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
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        what, line, column = found.groups() if found else (str(error), None, None)
        place = f", line {line}, column {column}" if line else ", at its end" if found else ""
        raise CourseError(f"{FILE_NAME}{place}: not valid TOML: {what[:1].lower()}{what[1:]}.") from None


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
