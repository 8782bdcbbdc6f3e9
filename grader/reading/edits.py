"""Small edits of one function, candidates for what is wrong with it, each with the line that a teacher would point at.

An edit undoes a slip. Nothing is run here. Common slips come first: an edit has a `tier`, from 0. One that was made in
several lines alike, such as a wrong sign for `w` and for `b`, is undone in all of them at once.

`about` says what to look at, and quotes the learner's own code only: never what would be right.
"""

from __future__ import annotations

import ast
import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeGuard

from grader.reading.expression_edits import Change, Names, instead_of, method_of, name_of, updates_with
from grader.reading.name_resolution import read_module
from grader.reading.source_facts import last_definition


@dataclass(frozen=True)
class Edit:
    """One edit. `text` takes the place of the lines `first` to `last` of the module, counted from 1. `line` is where it
    was made, or, of one that adds what is `missing`, where it may have been forgotten."""

    first: int
    last: int
    text: str
    line: int
    about: str
    tier: int
    missing: bool = False


def edits_of(text: str, function: str, most: int) -> tuple[Edit, ...]:
    """At most `most` edits of a function, and of the helpers that it reaches in its module: common ones first."""
    return tuple(islice(edits_in_order(text, function), most))


def edits_in_order(text: str, function: str) -> Iterator[Edit]:
    """All of these, made one by one."""
    main = last_definition(text, function)
    if main is None:
        return
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Assign)
    helpers = [part for part in read_module(text).parts(function) if isinstance(part, kinds) and part is not main]
    functions = _functions(text, function)
    definitions = [_Definition(node, text, functions) for node in (main, *helpers)]
    tier = 0
    while tier <= max(each.last_tier for each in definitions):
        for each in definitions:
            yield from each.edits(tier)
        tier += 1


def applied(text: str, edit: Edit) -> str:
    """The text of a module with an edit."""
    lines = text.split("\n")
    return "\n".join([*lines[: edit.first - 1], edit.text, *lines[edit.last :]])


def the_place(found: Sequence[Edit]) -> Edit | None:
    """Of edits that make all of it right, the one that says where to look, when all of them say the same."""
    if len({edit.line for edit in found}) == 1:
        return found[0]
    # What was forgotten may be written in several places, and what is there twice may be taken out in either.
    if found and (all(edit.missing for edit in found) or len({edit.about for edit in found}) == 1):
        return max(found, key=lambda edit: edit.line)
    return None


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
        self._names = Names.of(self._tree, text, functions)
        self._first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        self._last = node.end_lineno or node.lineno
        self._seen = {ast.unparse(self._tree)}
        self.last_tier = 0

    def edits(self, tier: int) -> Iterator[Edit]:
        """Those of one tier. To be asked for tier by tier, each wholly."""
        alike: defaultdict[str, dict[tuple[int, int | str], tuple[_Slot, Change]]] = defaultdict(dict)
        for slot, change in _changes(self._tree, self._names):
            if slot is not None:
                alike[change.key].setdefault((id(slot.holder), slot.key), (slot, change))
            yield from self._new(change, tier)
        for twins in alike.values():
            if len(twins) > 1:
                slots, changes = zip(*twins.values(), strict=True)
                with ExitStack() as stack:
                    for slot in slots:
                        stack.enter_context(slot.filled())
                    where = {change.line for change in changes}
                    about = f"{changes[0].about}, and the same {'further down' if len(where) > 1 else 'beside it'}"
                    yield from self._new(replace(changes[0], about=about), tier)

    def _new(self, change: Change, tier: int) -> Iterator[Edit]:
        self.last_tier = max(self.last_tier, change.tier)
        if change.tier != tier:
            return
        try:
            edited = ast.unparse(self._tree)
        except (RecursionError, ValueError, AttributeError, TypeError):
            return
        if edited not in self._seen:
            self._seen.add(edited)
            yield Edit(self._first, self._last, edited, change.line, change.about, tier, change.missing)


@dataclass(frozen=True)
class _Slot:
    """A place in the tree, an attribute or an index of `holder`, and what may stand there."""

    holder: Any
    key: int | str
    new: ast.AST

    @contextmanager
    def filled(self) -> Iterator[None]:
        """With what may stand there; afterwards it is as before."""
        before = self.holder[self.key] if isinstance(self.key, int) else getattr(self.holder, self.key)
        self._put(self.new)
        try:
            yield
        finally:
            self._put(before)

    def _put(self, value: ast.AST) -> None:
        if isinstance(self.key, int):
            self.holder[self.key] = value
        else:
            setattr(self.holder, self.key, value)


def _changes(tree: ast.stmt, names: Names) -> Iterator[tuple[_Slot | None, Change]]:
    """Each change, made in `tree` while it is given, and taken back afterwards; and where, if it is in one place."""
    for parent in list(ast.walk(tree)):
        for field, value in list(ast.iter_fields(parent)):
            if _is_read(value) and field not in ("annotation", "returns"):
                yield from _of_expression(parent, field, value, parent, names)
            elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield from _Statements(parent, value, names).all()
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if _is_read(item):
                        yield from _of_expression(value, index, item, parent, names)


def _of_expression(
    holder: Any, key: int | str, node: ast.expr, parent: ast.AST, names: Names
) -> Iterator[tuple[_Slot, Change]]:
    for new, change in instead_of(node, parent, names):
        slot = _Slot(holder, key, new)
        with slot.filled():
            yield slot, change


def _is_read(value: object) -> TypeGuard[ast.expr]:
    return isinstance(value, ast.expr) and not isinstance(getattr(value, "ctx", None), ast.Store | ast.Del)


@dataclass
class _Statements:
    """The statements of one block, which is a part of `parent`."""

    parent: ast.AST
    body: list[ast.stmt]
    names: Names

    def all(self) -> Iterator[tuple[_Slot | None, Change]]:
        whole = list(self.body)
        for index, statement in enumerate(whole):
            for other, change in self._another(statement):
                slot = _Slot(self.body, index, other)
                with slot.filled():
                    yield slot, change
            for new, change in self._instead(statement, whole[:index], whole[index + 1 :]):
                yield from self._becomes(new, change)
        if isinstance(self.parent, ast.FunctionDef):
            yield from self._at_the_end(whole)

    def _quoted(self, statement: ast.stmt) -> str:
        """The statement, or the line that begins a block."""
        quoted = self.names.quote(statement)
        return (
            f"{quoted.partition(': ')[0].rstrip('`')}`"
            if isinstance(getattr(statement, "body", None), list)
            else quoted
        )

    def _too_much(self, statement: ast.stmt) -> str:
        return f"{self._quoted(statement)}: it is too much, or stands in the wrong place"

    def _change(self, tier: int, statement: ast.stmt, about: str, kind: str, *, missing: bool = False) -> Change:
        return Change(tier, getattr(statement, "lineno", 0), about, f"{kind}:{self.names.shape(statement)}", missing)

    def _instead(
        self, statement: ast.stmt, before: list[ast.stmt], after: list[ast.stmt]
    ) -> Iterator[tuple[Sequence[ast.stmt], Change]]:
        quoted = self._quoted(statement)
        if after:
            place = f"where {quoted} stands"
            yield [*before, after[0], statement, *after[1:]], self._change(1, statement, place, "later")
            yield [*before, *after, statement], self._change(2, statement, place, "last")
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):  # torch.no_grad() by itself
                within = ast.With([ast.withitem(statement.value)], after, lineno=0)
                yield [*before, within], self._change(1, statement, f"what {quoted} holds for", "with")
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With):
            yield from self._block(statement, before, after)
        for text, new in self._forgotten():
            tier = (1 if not after else 2) - (text in self.names.functions)
            about = f"what comes after {quoted}: something is missing there"
            yield [*before, statement, *new, *after], self._change(tier, statement, about, text, missing=True)

    def _another(self, statement: ast.stmt) -> Iterator[tuple[ast.stmt, Change]]:
        operator = f"the operator in {self._quoted(statement)}"
        yield ast.Pass(), self._change(0, statement, self._too_much(statement), "delete")
        if isinstance(statement, ast.AugAssign):
            for other in updates_with(statement.op):
                changed = ast.AugAssign(statement.target, other(), statement.value)
                yield changed, self._change(0, statement, operator, other.__name__)
            plain = ast.Assign([statement.target], statement.value, lineno=getattr(statement, "lineno", 0))
            yield plain, self._change(1, statement, operator, "plain")
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name | ast.Attribute):
            target, value = statement.targets[0], statement.value
            if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):  # w =- step
                yield ast.AugAssign(target, ast.Sub(), value.operand), self._change(0, statement, operator, "minus")
            for kind in (ast.Sub, ast.Add):
                yield ast.AugAssign(target, kind(), value), self._change(1, statement, operator, kind.__name__)
            is_own = isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(target)
            if is_own and isinstance(value, ast.BinOp):  # w = w - step, in place
                about = f"what {self._quoted(statement)} changes"
                data = ast.Attribute(name_of(ast.unparse(target)), "data", ast.Store())
                yield ast.AugAssign(data, value.op, value.right), self._change(1, statement, about, "in place")
        if isinstance(statement, ast.Expr):
            about = f"what becomes of {self._quoted(statement)}"
            yield ast.Return(statement.value), self._change(0, statement, about, "return")
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.BinOp):  # w - step
            value = statement.value
            if isinstance(value.left, ast.Name | ast.Attribute):
                target = copy.copy(value.left)
                target.ctx = ast.Store()
                about = f"what becomes of {self._quoted(statement)}"
                yield ast.AugAssign(target, value.op, value.right), self._change(0, statement, about, "kept")

    def _block(
        self, statement: ast.For | ast.While | ast.If | ast.With, before: list[ast.stmt], after: list[ast.stmt]
    ) -> Iterator[tuple[Sequence[ast.stmt], Change]]:
        inner = statement.body
        if isinstance(statement, ast.If | ast.With):
            needed = f"{self._quoted(statement)}: is it needed here?"
            yield [*before, *inner, *after], self._change(1, statement, needed, "opened")
        whole = list(inner)
        repeated = "what is repeated, and what is not?"
        if len(whole) > 1:
            for moved, rest in ((whole[-1], whole[:-1]), (whole[0], whole[1:])):
                inner[:] = rest
                change = self._change(1, moved, f"where {self._quoted(moved)} stands: {repeated}", "out")
                out = [*before, statement, moved, *after] if moved is whole[-1] else [*before, moved, statement, *after]
                try:
                    yield out, change
                finally:
                    inner[:] = whole
        if isinstance(statement, ast.For | ast.While):
            if after:
                inner[:] = [*whole, after[0]]
                about = f"where {self._quoted(after[0])} stands: {repeated}"
                try:
                    yield [*before, statement, *after[1:]], self._change(1, after[0], about, "in")
                finally:
                    inner[:] = whole
            if before:
                inner[:] = [before[-1], *whole]
                about = f"where {self._quoted(before[-1])} stands: {repeated}"
                try:
                    yield [*before[:-1], statement, *after], self._change(1, before[-1], about, "in")
                finally:
                    inner[:] = whole

    def _forgotten(self) -> Iterator[tuple[str, list[ast.stmt]]]:
        """Statements that are forgotten: those of training."""
        if isinstance(self.parent, ast.If):
            return
        every = [method_of(ast.Attribute(name_of(name), "grad", ast.Load()), "zero_") for name in self.names.parameters]
        if len(every) > 1:
            yield "reset all", [ast.Expr(call) for call in every]
        for call in every:
            yield "reset", [ast.Expr(call)]
        for function, parameters in self.names.functions.items():
            if set(parameters) <= set(self.names.all):
                call = ast.Call(name_of(function), [name_of(each) for each in parameters], [])
                yield function, [ast.Expr(call)]
        for name in self.names.all:
            for method in ("zero_grad", "step", "backward"):
                yield method, [ast.Expr(method_of(name_of(name), method))]

    def _at_the_end(self, whole: list[ast.stmt]) -> Iterator[tuple[None, Change]]:
        """Changes of a whole function."""
        line = getattr(whole[-1], "lineno", 0)
        if not isinstance(whole[-1], ast.Return):
            for name in self.names.local[-6:]:
                about = "what the function returns at its end"
                yield from self._becomes(
                    [*whole, ast.Return(name_of(name))], Change(0, line, about, f"return {name}", missing=True)
                )
        no_grad = ast.Call(ast.Attribute(name_of("torch"), "no_grad", ast.Load()), [], [])
        about = "what gradients are recorded of, from here on"
        change = Change(1, getattr(whole[0], "lineno", 0), about, "no grad", missing=True)
        yield from self._becomes([ast.With([ast.withitem(no_grad)], whole, lineno=0)], change)

    def _becomes(self, new: Sequence[ast.stmt], change: Change) -> Iterator[tuple[None, Change]]:
        whole = list(self.body)
        self.body[:] = new
        try:
            yield None, change
        finally:
            self.body[:] = whole
