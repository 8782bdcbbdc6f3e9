"""Where a key stands in a TOML text.

The standard library's reader keeps no positions. A statement of TOML ends where a line ends, and no beginning of a
statement that goes on over several lines is valid TOML by itself; so a text that is known to be valid is read again
statement by statement, each being the shortest run of lines that parses.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

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
