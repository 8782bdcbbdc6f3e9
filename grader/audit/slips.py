"""Slips of the hand: mutations of expressions and statements, as somebody might write them by mistake.

Each function takes a node and gives (what is there instead, what was done) pairs.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from grader.audit.reference import Edit, Reference

Change = tuple[ast.expr, str]
_Node = TypeVar("_Node", bound=ast.AST)

_BINARY: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.BitXor),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitAnd,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}
_COMMUTE = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq, ast.LtE),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# Functions and methods that are taken for each other.
_TAKEN_FOR = (
    ("sum", "mean", "prod", "max", "min", "median"),
    ("float", "double", "half", "int", "long"),
    ("float32", "float64", "float16", "int64"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("square", "abs", "sqrt"),
    ("abs", "neg"),
    ("max", "min"),
    ("argmax", "argmin"),
    ("add", "sub", "mul", "div"),
    ("add_", "sub_", "mul_", "div_"),
    ("matmul", "mul"),
    ("mm", "mul"),
    ("numel", "dim"),
    ("sin", "cos"),
    ("exp", "log"),
    ("floor", "ceil", "round"),
    ("rand", "randn"),
    ("cat", "stack"),
    ("any", "all"),
    ("append", "remove"),
    ("step", "zero_grad"),
    ("train", "eval"),
)


def operators(node: ast.AST) -> Iterator[Change]:
    """Arithmetic and unary operators: another one, operands exchanged, only one of them."""
    if isinstance(node, ast.BinOp):
        for other in _BINARY.get(type(node.op), ()):
            yield with_fields(node, op=other()), f"another operator than {_symbol(node.op)}"
        if not isinstance(node.op, _COMMUTE):
            yield with_fields(node, left=node.right, right=node.left), f"the operands of {_symbol(node.op)} exchanged"
        yield node.left, f"only the left side of {_symbol(node.op)}"
        yield node.right, f"only the right side of {_symbol(node.op)}"
    if isinstance(node, ast.UnaryOp):
        yield node.operand, "an operator dropped"


def conditions(node: ast.AST) -> Iterator[Change]:
    """Comparisons, `and` and `or`, and conditions that decide."""
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            for other in _COMPARISONS.get(type(op), ()):
                yield with_fields(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]]), "another comparison"
    if isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield with_fields(node, op=other_op), "`and` and `or` exchanged"
        for index in range(len(node.values)):
            rest = [*node.values[:index], *node.values[index + 1 :]]
            yield (rest[0] if len(rest) == 1 else with_fields(node, values=rest)), "a part of a condition dropped"
    if isinstance(node, ast.IfExp):
        yield node.body, "a condition is always true"
        yield node.orelse, "a condition is never true"


def decisions(node: ast.AST) -> Iterator[tuple[ast.expr, Change]]:
    """The condition of an `if`, `while` or conditional expression, negated, or always or never true."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield node.test, (ast.UnaryOp(ast.Not(), node.test), "a condition negated")
        yield node.test, (ast.Constant(True), "a condition is always true")
        yield node.test, (ast.Constant(False), "a condition is never true")


def constants(node: ast.AST) -> Iterator[Change]:
    """Numbers, texts and truth values."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value), f"{not value} for {value}"
    elif isinstance(value, int):
        for other in dict.fromkeys((value + 1, value - 1, 0)):
            if other != value:
                yield _number(other), f"{other} for {value}"
    elif isinstance(value, float):
        for number in dict.fromkeys((value * 2, value / 2, -value, 0.0, 1.0)):
            if number != value:
                yield _number(number), f"{number} for {value}"
    elif isinstance(value, str) and value:
        yield ast.Constant(""), "an empty text"
        yield ast.Constant(f"{value}x"), "another text"


def calls(node: ast.AST) -> Iterator[Change]:
    """Calls dropped, taken for others, and with other arguments."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute):
        yield node.func.value, f"the call of {node.func.attr} dropped"
        yield _attribute(node.func), f"{node.func.attr} without its parentheses"
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0], f"the call of {ast.unparse(node.func)} dropped, its argument kept"
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for group in _TAKEN_FOR:
        for other in group if name in group else ():
            if other != name:
                yield with_fields(node, func=_renamed(node.func, other)), f"{other} for {name}"
    for index in range(len(node.args) - 1):
        one, two = node.args[index : index + 2]
        yield with_fields(node, args=[*node.args[:index], two, one, *node.args[index + 2 :]]), "two arguments exchanged"
    for index in range(len(node.args)):
        rest = [*node.args[:index], *node.args[index + 1 :]]
        yield with_fields(node, args=rest), f"argument {index + 1} of {ast.unparse(node.func)} dropped"
    for index, keyword in enumerate(node.keywords):
        rest_of = [*node.keywords[:index], *node.keywords[index + 1 :]]
        yield with_fields(node, keywords=rest_of), f"the argument {keyword.arg or '**'} dropped"
    if name == "range" and node.args:
        last = node.args[-1] if len(node.args) < 3 else node.args[1]
        where = node.args.index(last)
        for op, word in ((ast.Sub(), "shorter"), (ast.Add(), "longer")):
            bound = ast.BinOp(last, op, ast.Constant(1))
            yield with_fields(node, args=[*node.args[:where], bound, *node.args[where + 1 :]]), f"a loop one {word}"
        if len(node.args) == 1:
            yield with_fields(node, args=[ast.Constant(1), last]), "a loop that starts at 1"


def attributes(node: ast.AST) -> Iterator[Change]:
    """An attribute dropped (`w.grad` becomes `w`), or taken for another."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return
    yield node.value, f".{node.attr} dropped"
    for group in _TAKEN_FOR:
        for other in group if node.attr in group else ():
            if other != node.attr:
                yield _renamed(node, other), f"{other} for {node.attr}"


def items(node: ast.AST) -> Iterator[Change]:
    """Items of lists and tuples: dropped, exchanged, doubled; an index dropped."""
    if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
        for index, item in enumerate(node.elts):
            rest = [*node.elts[:index], *node.elts[index + 1 :]]
            yield with_fields(node, elts=rest), "an item dropped"
            if index + 1 < len(node.elts):
                after = node.elts[index + 1]
                both, twice = [after, item], [item, item]
                yield (
                    with_fields(node, elts=[*node.elts[:index], *both, *node.elts[index + 2 :]]),
                    "two items exchanged",
                )
                yield with_fields(node, elts=[*node.elts[:index], *twice, *node.elts[index + 2 :]]), "an item doubled"
        if len(node.elts) == 1:
            yield node.elts[0], "an item without its brackets"
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield node.value, "an index dropped"


def other_names(node: ast.AST, names: list[str]) -> Iterator[Change]:
    """Another of the function's names in place of one."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        for other in names:
            if other != node.id:
                yield ast.Name(other, ast.Load()), f"{other} for {node.id}"


EVERYWHERE: tuple[Callable[[ast.AST], Iterator[Change]], ...] = (
    operators,
    conditions,
    constants,
    calls,
    attributes,
    items,
)


def with_fields(node: _Node, **fields: object) -> _Node:
    """A copy of a node with other fields; what it holds is shared."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _number(value: float) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _attribute(node: ast.Attribute) -> ast.expr:
    return ast.Attribute(node.value, node.attr, ast.Load())


def _renamed(node: ast.expr, name: str) -> ast.expr:
    return ast.Attribute(node.value, name, ast.Load()) if isinstance(node, ast.Attribute) else ast.Name(name)


def _symbol(op: ast.operator) -> str:
    return ast.unparse(ast.BinOp(ast.Name("a"), op, ast.Name("b"))).split(" ")[1]


# An assignment done twice is the same assignment.
_TWICE = (ast.Expr, ast.AugAssign)


def of_statements(reference: Reference) -> Iterator[Edit]:
    """Every mutation of the function's statements."""
    for body in _bodies(reference.statements):
        for index, statement in enumerate(body):
            yield from _one(reference, statement)
            if index + 1 < len(body):
                yield from _two(statement, body[index + 1])
    yield from _ignored(reference)


def fixed_arguments(reference: Reference, seen: Mapping[str, Sequence[bool | int | float]]) -> Iterator[Edit]:
    """A parameter always has one of the values that a check has passed: right in that call, and wrong in others."""
    for name, values in seen.items():
        for value in values:
            yield first(reference, f"{name} = {value!r}", f"{name} is always {value}")


def first(reference: Reference, text: str, what: str) -> Edit:
    """Statements before all others."""
    top = reference.statements[0]
    return Edit({top: [*parsed(text), top]}, what)


def parsed(text: str) -> list[ast.stmt]:
    """Statements that are written as text."""
    return ast.parse(text).body


def parsed_value(text: str) -> ast.expr:
    """An expression that is written as text."""
    return ast.parse(text, mode="eval").body


def _bodies(statements: Sequence[ast.stmt]) -> Iterator[Sequence[ast.stmt]]:
    yield statements
    for statement in statements:
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list) and inner:
                yield from _bodies(inner)


def _one(reference: Reference, statement: ast.stmt) -> Iterator[Edit]:
    shown = _shown(statement)
    yield Edit({statement: ast.Pass()}, f"`{shown}` removed")
    if isinstance(statement, _TWICE):
        yield Edit({statement: [statement, statement]}, f"`{shown}` done twice")
    if isinstance(statement, ast.AugAssign):
        target, value = ast.unparse(statement.target), ast.unparse(statement.value)
        yield Edit({statement: parsed(f"{target} = {value}")}, "a plain assignment")
        yield Edit({statement: parsed(f"{target} = {target} - ({value})")}, "a new object, `-` for in place")
        for symbol in ("+", "-", "*", "/"):
            yield Edit({statement: parsed(f"{target} {symbol}= {value}")}, f"{symbol}= for another operator")
    if isinstance(statement, ast.Return) and statement.value:
        value = ast.unparse(statement.value)
        yield Edit({statement.value: ast.Constant(None)}, "None returned")
        yield Edit({statement: ast.Expr(statement.value)}, "the result is not returned")
        yield Edit({statement: ast.Return(parsed_value(f"({value}).detach()"))}, "a detached result")
        for name in reference.names:
            yield Edit({statement.value: ast.Name(name)}, f"{name} returned")
    if isinstance(statement, ast.With | ast.If):
        yield Edit({statement: statement.body}, f"`{shown}` without its first line")
    if isinstance(statement, ast.For | ast.While):
        yield from _loop(statement)


def _loop(loop: ast.For | ast.While) -> Iterator[Edit]:
    body, start, end = loop.body, loop.body[0], loop.body[-1]
    yield Edit({loop: with_fields(loop, body=[*body, ast.Break()])}, "the loop ends after its first round")
    if len(body) > 1:
        yield Edit({loop: [with_fields(loop, body=body[:-1]), end]}, f"`{_shown(end)}` after the loop")
        yield Edit({loop: [start, with_fields(loop, body=body[1:])]}, f"`{_shown(start)}` before the loop")


def _two(one: ast.stmt, two: ast.stmt) -> Iterator[Edit]:
    yield Edit({one: two, two: one}, f"`{_shown(one)}` and `{_shown(two)}` exchanged")
    if isinstance(one, ast.For | ast.While):
        yield Edit({one: with_fields(one, body=[*one.body, two]), two: []}, f"`{_shown(two)}` inside the loop")


def _ignored(reference: Reference) -> Iterator[Edit]:
    """A parameter is given another value before it is used."""
    arguments = reference.function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip([each.arg for each in positional][::-1], arguments.defaults[::-1], strict=False))
    for name in reference.parameters:
        values = [other for other in reference.parameters if other != name]
        if name in defaults:
            values.append(ast.unparse(defaults[name]))
        for value in (*values, "None"):
            yield first(reference, f"{name} = {value}", f"{name} ignored")


def _shown(statement: ast.stmt) -> str:
    text = ast.unparse(statement).split("\n")[0]
    return text if len(text) <= 40 else f"{text[:39]}…"
