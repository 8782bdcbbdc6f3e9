"""Small edits of one function, candidates for what is wrong with it, each with the line that a teacher would point at.

An edit undoes a slip. Nothing is run here. Common slips come first: an edit has a `tier`, from 0. One that was made in
several lines alike, such as a wrong sign for `w` and for `b`, is undone in all of them at once.

`about` says what to look at, and quotes the learner's own code only: never what would be right.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeGuard

from grader.reading.definitions import last_definition
from grader.reading.edited_code import Change, Names
from grader.reading.expression_edits import instead_of
from grader.reading.name_resolution import read_module
from grader.reading.statement_edits import Slot, Statements


@dataclass(frozen=True)
class Edit:
    """One edit. `text` takes the place of the lines `first` to `last` of the module, counted from 1. `line` is where it
    was made, or, of one that adds what is `missing`, where it may have been forgotten. `becomes` are the lines that it
    changes, as they would be then; `until` is the last line of a block that is changed as a whole."""

    first: int
    last: int
    text: str
    line: int
    about: str
    tier: int
    missing: bool = False
    becomes: str = ""
    until: int = 0


def edits_of(text: str, function: str, most: int, right: Collection[str] = ()) -> tuple[Edit, ...]:
    """At most `most` edits of a function, and of the helpers that it reaches in its module: common ones first. Helpers
    that are `right` stay as they are."""
    return tuple(islice(edits_in_order(text, function, right), most))


def edits_in_order(text: str, function: str, right: Collection[str] = ()) -> Iterator[Edit]:
    """All of these, made one by one. Of one tier, those of what stands there come before those that add something."""
    main = last_definition(text, function)
    if main is None:
        return
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Assign)
    place = (main.lineno, main.col_offset)  # and not the node itself, which may come of an earlier reading of the text
    parts = (part for part in read_module(text).parts(function) if isinstance(part, kinds))
    reached = [part for part in parts if (part.lineno, part.col_offset) != place]
    helpers = [part for part in reached if getattr(part, "name", "") not in right]
    functions = _functions(text, function)
    definitions = [_Definition(node, text, functions) for node in (main, *helpers)]
    tier = 0
    while tier <= max(each.last_tier for each in definitions):
        for missing in (False, True):
            for each in definitions:
                yield from each.edits(tier, missing=missing)
        tier += 1


def applied(text: str, edit: Edit) -> str:
    """The text of a module with an edit."""
    lines = text.split("\n")
    return "\n".join([*lines[: edit.first - 1], edit.text, *lines[edit.last :]])


def the_place(found: Sequence[Edit], text: str) -> Edit | None:
    """Of edits that make all of it right in a module's text, the one that says where to look, when all of them say the
    same. What stands there in a wrong form says more than what may be missing somewhere, and what is within a helper
    more than what does without it."""
    found = [edit for edit in found if not edit.missing] or found
    found = _within(found, text.split("\n"))
    if len({edit.line for edit in found}) == 1:
        return found[0]
    for edit in sorted(found, key=lambda edit: edit.line):  # a block and parts of it: all of them, or nearly
        if 3 * sum(edit.line <= other.line <= edit.until for other in found) > 2 * len(found):
            return edit
    # What was forgotten may be written in several places, and what is there twice may be taken out in either.
    said = defaultdict(set)
    for edit in found:
        said[edit.line].add(edit.about)
    if found and (all(edit.missing for edit in found) or all(each == said[found[0].line] for each in said.values())):
        return max(found, key=lambda edit: edit.line)
    return None


_DEFINED = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)")


def _within(found: Sequence[Edit], lines: list[str]) -> Sequence[Edit]:
    """Without those that do without all of a helper in which there is one: its call taken away, or its parameter given
    back as it came. Where that is all that helps, its calls are what is left."""
    for first, last in sorted({(edit.first, edit.last) for edit in found}):
        head = next((named for line in lines[first - 1 : last] if (named := _DEFINED.match(line))), None)
        inside = [edit for edit in found if edit.first == first]
        if head and all(re.search(rf"\b{head[1]}\b", lines[e.line - 1]) for e in found if e not in inside):
            given = set(re.findall(r"\w+", head.string.partition("(")[2]))
            kept = [edit for edit in inside if edit.becomes.removeprefix("return ") not in given]
            return kept or [edit for edit in found if edit not in inside] or inside
    return found


def _functions(text: str, but: str) -> dict[str, list[str]]:
    """The other functions of a module, with their parameters."""
    nodes = [node for node in read_module(text).body if isinstance(node, ast.FunctionDef) and node.name != but]
    return {node.name: [arg.arg for arg in node.args.args] for node in nodes[:20] if node.args.args}


class _Definition:
    """One definition in a text. `last_tier` is the highest tier that an edit of it has, as far as is known."""

    def __init__(self, node: ast.stmt, text: str, functions: Mapping[str, Sequence[str]]) -> None:
        self._tree = tree = copy.deepcopy(node)
        if isinstance(tree, ast.FunctionDef | ast.ClassDef) and len(tree.body) > 1 and ast.get_docstring(tree):
            del tree.body[0]  # it does nothing, and takes long to write
        self._names = Names.of(tree, text, functions)
        self._first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        self._last = node.end_lineno or node.lineno
        self._before = ast.unparse(tree)
        self._seen = {self._before}
        self.last_tier = 0

    def edits(self, tier: int, *, missing: bool) -> Iterator[Edit]:
        """Those of one tier, which add something or don't. To be asked for in order, each wholly."""
        alike: defaultdict[str, dict[tuple[int, int | str], tuple[Slot, Change]]] = defaultdict(dict)
        for slot, change in _changes(self._tree, self._names):
            self.last_tier = max(self.last_tier, change.tier)
            if (change.tier, change.missing) != (tier, missing):
                continue
            if slot is not None:
                alike[change.key].setdefault((id(slot.holder), slot.key), (slot, change))
            yield from self._new(change)
        for twins in alike.values():
            if len(twins) > 1:
                slots, changes = zip(*twins.values(), strict=True)
                with ExitStack() as stack:
                    for slot in slots:
                        stack.enter_context(slot.filled())
                    where = {change.line for change in changes}
                    about = f"{changes[0].about}, and the same {'further down' if len(where) > 1 else 'beside it'}"
                    yield from self._new(replace(changes[0], about=about))

    def _new(self, change: Change) -> Iterator[Edit]:
        try:
            edited = ast.unparse(self._tree)
        except (RecursionError, ValueError, AttributeError, TypeError):
            return
        if edited not in self._seen:
            self._seen.add(edited)
            becomes = _changed_lines(self._before, edited)
            yield Edit(
                self._first,
                self._last,
                edited,
                change.line,
                change.about,
                change.tier,
                change.missing,
                becomes,
                change.until,
            )


def _changed_lines(before: str, after: str) -> str:
    """What of the second text isn't in the first, of what lies between their common beginning and end."""
    old, new = before.split("\n"), after.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return "\n".join(line.strip() for line in new if line.strip() != "pass")


def _changes(tree: ast.stmt, names: Names) -> Iterator[tuple[Slot | None, Change]]:
    """Each change, made in `tree` while it is given, and taken back afterwards; and where, if it is in one place."""
    for parent in list(ast.walk(tree)):
        for field, value in list(ast.iter_fields(parent)):
            if _is_read(value) and field not in ("annotation", "returns"):
                yield from _of_expression(parent, field, value, parent, names)
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from Statements(parent, value, names).all()
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if _is_read(item):
                        yield from _of_expression(value, index, item, parent, names)


def _of_expression(
    holder: Any, key: int | str, node: ast.expr, parent: ast.AST, names: Names
) -> Iterator[tuple[Slot, Change]]:
    for new, change in instead_of(node, parent, names):
        slot = Slot(holder, key, new)
        with slot.filled():
            yield slot, change


def _is_read(value: object) -> TypeGuard[ast.expr]:
    return isinstance(value, ast.expr) and not isinstance(getattr(value, "ctx", None), ast.Store | ast.Del)
