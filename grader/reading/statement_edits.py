"""What may stand in the place of statements, where a slip was made: one that is too much, one that is missing, and
several in another order, or within a block or without."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from grader.reading.edited_code import Change, Names, method_of, name_of
from grader.reading.expression_edits import updates_with


@dataclass(frozen=True)
class Slot:
    """A place in a tree, an attribute or an index of `holder`, and what may stand there."""

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


class _Renamed(ast.NodeTransformer):
    """Puts one name in the place of another."""

    def __init__(self, one: str, other: str) -> None:
        self._one = one
        self._other = other

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """The name that it becomes."""
        return ast.Name(self._other, node.ctx) if node.id == self._one else node


def _exchanged(target: ast.AST | None) -> Iterator[ast.Tuple]:
    """The names that a value is unpacked into, each two in each other's place."""
    if not isinstance(target, ast.Tuple) or not 2 <= len(target.elts) <= 4:
        return
    for one, other in combinations(range(len(target.elts)), 2):
        names = list(target.elts)
        names[one], names[other] = names[other], names[one]
        yield ast.Tuple(names, ast.Store())


def _trains(statement: ast.stmt) -> bool:
    """Whether it is `loss.backward()`, `opt.step()` or the like: these are often in another order."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("backward", "step", "zero_grad")


@dataclass
class Statements:
    """The statements of one block, which is a part of `parent`."""

    parent: ast.AST
    body: list[ast.stmt]
    names: Names

    def all(self) -> Iterator[tuple[Slot | None, Change]]:
        whole = list(self.body)
        for index, statement in enumerate(whole):
            for other, change in self._another(statement):
                slot = Slot(self.body, index, other)
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
        until = getattr(statement, "end_lineno", 0) if hasattr(statement, "body") and not missing else 0
        line, key = getattr(statement, "lineno", 0), f"{kind}:{self.names.shape(statement)}"
        return Change(tier, line, about, key, missing, until or 0)

    def _instead(
        self, statement: ast.stmt, before: list[ast.stmt], after: list[ast.stmt]
    ) -> Iterator[tuple[Sequence[ast.stmt], Change]]:
        quoted = self._quoted(statement)
        if before:
            yield [statement, *before, *after], self._change(1, statement, f"where {quoted} stands", "first")
        if after:
            place = f"where {quoted} stands"
            tier = 0 if _trains(statement) and _trains(after[0]) else 1
            yield [*before, after[0], statement, *after[1:]], self._change(tier, statement, place, "later")
            tier = 1 if isinstance(statement, ast.Expr) else 2
            yield [*before, *after, statement], self._change(tier, statement, place, "last")
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
        for targets in _exchanged(getattr(statement, "targets", [getattr(statement, "target", None)])[0]):
            about = f"the order of the names in {self._quoted(statement)}"
            field = {"target": targets} if isinstance(statement, ast.For) else {"targets": [targets]}
            unpacked = copy.copy(statement)
            vars(unpacked).update(field)
            yield unpacked, self._change(0, statement, about, f"unpacked {ast.unparse(targets)}")
        if isinstance(statement, ast.Expr):
            about = f"what becomes of {self._quoted(statement)}"
            yield ast.Return(statement.value), self._change(0, statement, about, "return")
            for name in self.names.local:
                kept = method_of(name_of(name), "append", statement.value)
                yield ast.Expr(kept), self._change(1, statement, about, "append")
            if isinstance(statement.value, ast.Attribute):  # w.grad
                yield ast.Expr(method_of(statement.value, "zero_")), self._change(1, statement, about, "zero")
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
            for count in range(1, min(len(after), 3) + 1):
                inner[:] = [*whole, *after[:count]]
                about = f"where {self._quoted(after[0])} stands: {repeated}"
                try:
                    yield [*before, statement, *after[count:]], self._change(1, after[0], about, "in")
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
        those = self.names.with_grad or self.names.parameters
        every = [method_of(ast.Attribute(name_of(name), "grad", ast.Load()), "zero_") for name in those]
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
        yield from self._for_another()

    def _for_another(self) -> Iterator[tuple[str, list[ast.stmt]]]:
        """What stands there for one parameter, done for another one."""
        for statement in self.body:
            if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign):
                for one in self.names.parameters:
                    for other in self.names.parameters:
                        changed = _Renamed(one, other).visit(copy.deepcopy(statement)) if one != other else None
                        if changed and ast.unparse(changed) != ast.unparse(statement):
                            yield "another", [changed]

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
        first, until = getattr(whole[0], "lineno", 0), getattr(whole[-1], "end_lineno", 0)
        change = Change(1, first, about, "no grad", missing=True, until=until)
        yield from self._becomes([ast.With([ast.withitem(no_grad)], whole, lineno=0)], change)

    def _becomes(self, new: Sequence[ast.stmt], change: Change) -> Iterator[tuple[None, Change]]:
        whole = list(self.body)
        self.body[:] = new
        try:
            yield None, change
        finally:
            self.body[:] = whole
