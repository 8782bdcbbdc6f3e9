"""What may stand in `course.toml`, for pydantic to check; and what it refuses, in words, with the line where that is.

The models are made field by field of the course's own classes (`grader.core.assignment`).

The standard library's reader keeps no positions. A statement of TOML ends where a line ends, and no beginning of a
statement that goes on over several lines is valid TOML by itself; so a text that is known to be valid is read again
statement by statement, each being the shortest run of lines that parses.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model
from pydantic_core import ErrorDetails

from grader.core.assignment import (
    ADDRESS_PATTERN,
    DERIVED,
    NAME_PATTERN,
    SLUG_PATTERN,
    TEXT_PATTERN,
    Allowed,
    Assignment,
    CourseInfo,
    Name,
)
from grader.core.errors import did_you_mean

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class CourseFile:
    """`course.toml` as it is written: `[course]` beside `[assignments]`."""

    course: CourseInfo
    assignments: Annotated[dict[Name, Assignment], Allowed(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


@cache
def model_of(kind: type) -> type[BaseModel]:
    """The model of the tables that a dataclass stands for: no key besides its fields, each of its type and as allowed.
    Times have a zone."""
    hints = get_type_hints(kind, include_extras=True)
    keys: dict[str, Any] = {
        each.name: (_checked(hints[each.name]), ... if each.default is MISSING else each.default)
        for each in fields(kind)
        if each.metadata != DERIVED
    }
    return create_model(kind.__name__, __base__=_Table, **keys)


def checked(kind: type[T], table: dict[str, Any]) -> T:
    """The dataclass that a table stands for. Raises pydantic's `ValidationError`, with all that is wrong in it."""
    made: T = _built(kind, model_of(kind).model_validate(table))  # type: ignore[arg-type]
    return made


def _checked(annotation: Any) -> Any:
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and is_dataclass(annotation):
        return model_of(annotation)
    if annotation is datetime:
        return AwareDatetime
    if origin is Annotated:
        rules = [Field(**{name: rule for name, rule in asdict(one).items() if rule is not None}) for one in parts[1:]]
        return Annotated[(_checked(parts[0]), *rules)]
    if origin in (Union, UnionType):
        return Union[tuple(_checked(part) for part in parts)]  # noqa: UP007
    if origin in (dict, tuple):
        return origin[tuple(_checked(part) for part in parts)]
    return annotation


def _built(annotation: Any, value: Any) -> Any:
    if get_origin(annotation) in (Annotated, Union, UnionType):  # of a union the first: TOML has no None
        return _built(get_args(annotation)[0], value)
    if isinstance(value, BaseModel):
        hints = get_type_hints(annotation, include_extras=True)
        return annotation(**{name: _built(hints[name], getattr(value, name)) for name in type(value).model_fields})
    if isinstance(value, dict) and get_args(annotation):  # else it may be anything, and is told of elsewhere
        return {key: _built(get_args(annotation)[1], one) for key, one in value.items()}
    return value


KeyPath = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of each table and key of a valid TOML text. A table's own header counts most."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, statement in _statements(text):
        header = statement.lstrip().startswith("[")
        paths = list(_paths(tomllib.loads(statement)))
        if header:
            table = paths[-1]
            lines[table] = number
        else:
            paths = [table + path for path in paths]
        for path in paths:
            lines.setdefault(path, number)
    return lines


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int | None:
    """The line of `path`, or of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def table_name(path: KeyPath) -> str:
    """`[assignments.one.limits]`, as the table would be headed in the file."""
    keys = (str(key) for key in path)
    return "[" + ".".join(key if _BARE_KEY.fullmatch(key) else quoted(key) for key in keys) + "]"


def quoted(text: str) -> str:
    """Text in quotes and on one line."""
    return json.dumps(text, ensure_ascii=False)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    begin, pending = 1, ""
    for number, line in enumerate(text.split("\n"), start=1):
        pending += line + "\n"
        try:
            parsed = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue
        if parsed:
            yield begin, pending
        begin, pending = number + 1, ""


def _paths(table: dict[str, Any], above: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


_LONGEST_VALUE = 60

# What pydantic calls an error -> what the file should have held there.
_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "tuple_type": "an array",
    "dict_type": "a table",
    "model_type": "a table",
    "datetime_type": "a date with a time, such as 2026-12-14T23:59:00Z",
    "timezone_aware": "a date and time with its zone, such as 2026-12-14T23:59:00Z",
    "literal_error": "{expected}",
    "too_short": "an array of at least one item",
}
_OTHERWISE = "another kind of value"
_PATTERNS = {
    NAME_PATTERN: "a name of letters, digits and underscores that does not begin with a digit",
    TEXT_PATTERN: "text that is not empty",
    ADDRESS_PATTERN: "the address of a page, without a #, such as https://uni.example/course/lesson.html",
    SLUG_PATTERN: "a name of letters, digits, dots, underscores and hyphens",
}


class Problem(NamedTuple):
    """One thing that is wrong, and the key at which it is."""

    path: KeyPath
    sentence: str


def problems_of(errors: list[ErrorDetails], document: dict[str, Any]) -> list[Problem]:
    """One problem for each mistake in `document`, the parsed file, even where one mistake makes several errors."""
    unknown = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    return [_problem(error, document) for error in errors if not _is_echo(error, unknown, document)]


def _is_echo(error: ErrorDetails, unknown: list[KeyPath], document: dict[str, Any]) -> bool:
    """Whether this error only repeats another one."""
    path = error["loc"]
    if error["type"] == "missing":
        # A misspelt key is unknown, and the one that was meant is missing.
        return any(path[:-1] == other[:-1] and did_you_mean(str(other[-1]), [str(path[-1])]) for other in unknown)
    if error["type"] == "too_short":
        # Items that were refused don't count for pydantic; they have been named already.
        return bool(_value_at(document, path))
    if path[-1] == "[key]":
        return False
    # A value that the file doesn't hold was filled in from its table's name, which has been named already.
    return not _holds(document, path)


def _problem(error: ErrorDetails, document: dict[str, Any]) -> Problem:
    kind, path, context = error["type"], error["loc"], error.get("ctx", {})
    # A key that is unknown stands last as it is written, which may be "[key]".
    table, key = (path[:-1], path[-1]) if kind == "extra_forbidden" else _table_and_key(path)
    inside = f" in {table_name(table)}" if table else ""
    if kind == "extra_forbidden":
        known = keys_of(table)
        may_hold = ", ".join(f'"{name}"' for name in known)
        hint = did_you_mean(str(path[-1]), known)
        return Problem(path, f"unknown key {quoted(str(path[-1]))}{inside}, expected one of {may_hold}.{hint}")
    if kind in ("missing", "too_short") and _holds_tables(table, str(key)):
        header = table_name((*table, key, "NAME"))
        return Problem(path, f"there are no {key}{inside}, expected at least one table {header}.")
    if kind == "missing" and not table:
        return Problem(path, f"the table {table_name(path)} is missing.")
    if kind == "missing":
        return Problem(path, f'the key "{key}" is missing{inside}.')
    if kind == "string_pattern_mismatch":
        expected = _PATTERNS.get(str(context.get("pattern")), _OTHERWISE)
    else:
        expected = _EXPECTED.get(kind, _OTHERWISE).format(**context).replace("'", '"')
    if path[-1] == "[key]":
        named = table_name(path[:-1])
        return Problem(path[:-1], f"the last part of {named} must be {expected}, found {quoted(str(path[-2]))}.")
    value = _value_at(document, path)
    hint = did_you_mean(value, _choices(expected)) if kind == "literal_error" and isinstance(value, str) else ""
    item = f"item {path[-1] + 1} of " if isinstance(path[-1], int) else ""
    return Problem(path, f'{item}"{key}"{inside} must be {expected}, found {found_value(value)}.{hint}')


def keys_of(table: KeyPath) -> list[str]:
    """The keys that may stand in a table of `course.toml`."""
    names = list(_kind_of(table).model_fields)
    # Below the top, a table's id is its name.
    return [name for name in names if name != "id"] if len(table) > 1 else names


def _kind_of(table: KeyPath) -> type[BaseModel]:
    kind: Any = model_of(CourseFile)
    for key in table:
        kind = get_args(kind)[1] if get_origin(kind) is dict else kind.model_fields[key].annotation
    model: type[BaseModel] = kind
    return model


def _holds_tables(table: KeyPath, key: str) -> bool:
    return get_origin(_kind_of(table).model_fields[key].annotation) is dict


def _table_and_key(path: KeyPath) -> tuple[KeyPath, str | int]:
    """The table in which the key of this path stands; an item of an array belongs to the array's key."""
    names = path[:-1] if isinstance(path[-1], int) or path[-1] == "[key]" else path
    return names[:-1], names[-1]


def _choices(expected: str) -> list[str]:
    return expected.split('"')[1::2]


def _holds(document: Any, path: KeyPath) -> bool:
    try:
        _value_at(document, path)
    except LookupError:
        return False
    return True


def _value_at(document: Any, path: KeyPath) -> Any:
    for key in path:
        document = document[key]
    return document


def found_value(value: Any) -> str:
    """A value the way it is written in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quoted(value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + '…')}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "an array" if value else "an empty array"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if isinstance(value, time):
        return f"the time {value.isoformat()}"
    try:
        return str(value)
    except ValueError:  # an integer with thousands of digits
        return "a number with too many digits"
