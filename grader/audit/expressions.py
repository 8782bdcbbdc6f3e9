"""Mutations of expressions: operators, constants, calls, arguments and names.

Each function takes a node and gives (what is there instead, what was done) pairs.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Change = tuple[ast.expr, str]

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
            yield _with(node, op=other()), f"another operator than {_symbol(node.op)}"
        if not isinstance(node.op, _COMMUTE):
            yield _with(node, left=node.right, right=node.left), f"the operands of {_symbol(node.op)} exchanged"
        yield node.left, f"only the left side of {_symbol(node.op)}"
        yield node.right, f"only the right side of {_symbol(node.op)}"
    if isinstance(node, ast.UnaryOp):
        yield node.operand, "an operator dropped"


def conditions(node: ast.AST) -> Iterator[Change]:
    """Comparisons, `and` and `or`, and conditions that decide."""
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            for other in _COMPARISONS.get(type(op), ()):
                yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]]), "another comparison"
    if isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _with(node, op=other_op), "`and` and `or` exchanged"
        for index in range(len(node.values)):
            rest = [*node.values[:index], *node.values[index + 1 :]]
            yield (rest[0] if len(rest) == 1 else _with(node, values=rest)), "a part of a condition dropped"
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
                yield _with(node, func=_renamed(node.func, other)), f"{other} for {name}"
    for index in range(len(node.args) - 1):
        one, two = node.args[index : index + 2]
        yield _with(node, args=[*node.args[:index], two, one, *node.args[index + 2 :]]), "two arguments exchanged"
    for index in range(len(node.args)):
        rest = [*node.args[:index], *node.args[index + 1 :]]
        yield _with(node, args=rest), f"argument {index + 1} of {ast.unparse(node.func)} dropped"
    for index, keyword in enumerate(node.keywords):
        rest_of = [*node.keywords[:index], *node.keywords[index + 1 :]]
        yield _with(node, keywords=rest_of), f"the argument {keyword.arg or '**'} dropped"
    if name == "range" and node.args:
        last = node.args[-1] if len(node.args) < 3 else node.args[1]
        where = node.args.index(last)
        for op, word in ((ast.Sub(), "shorter"), (ast.Add(), "longer")):
            bound = ast.BinOp(last, op, ast.Constant(1))
            yield _with(node, args=[*node.args[:where], bound, *node.args[where + 1 :]]), f"a loop one {word}"
        if len(node.args) == 1:
            yield _with(node, args=[ast.Constant(1), last]), "a loop that starts at 1"


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
            yield _with(node, elts=rest), "an item dropped"
            if index + 1 < len(node.elts):
                after = node.elts[index + 1]
                both, twice = [after, item], [item, item]
                yield _with(node, elts=[*node.elts[:index], *both, *node.elts[index + 2 :]]), "two items exchanged"
                yield _with(node, elts=[*node.elts[:index], *twice, *node.elts[index + 2 :]]), "an item doubled"
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


def _with(node: ast.expr, **fields: object) -> ast.expr:
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
