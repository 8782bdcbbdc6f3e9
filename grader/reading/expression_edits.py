"""What may stand in an expression's place, where a slip was made: an operator, a number, a name or a call taken for
another, something that is too much, and something that is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.reading.edited_code import Change, Names, method_of, name_of

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.MatMult, ast.Div, ast.Add, ast.Pow),
    ast.MatMult: (ast.Mult,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
}
# Functions and methods that are taken for one another.
_FAMILIES = (
    ("mean", "sum", "max", "min", "median", "prod", "std", "var"),
    ("abs", "square", "sqrt"),
    ("add_", "sub_"),
    ("mul_", "div_"),
    ("float", "double", "half", "int", "long"),
    ("float32", "float64", "float16", "int64", "int32"),
    ("zeros", "ones", "zeros_like", "ones_like"),
    ("item", "detach", "clone"),
    ("zero_", "detach_"),
    ("train", "eval"),
    ("step", "zero_grad", "backward"),
    ("numel", "size", "dim"),
    ("log", "log2", "log10", "log1p"),
    ("exp", "exp2", "expm1"),
)
# Any operator may have been taken for any other; those above are more likely.
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.MatMult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_DEEPEST = 6  # parts within parts, of which each may be what was meant
_ALIKE = {name: tuple(other for other in family if other != name) for family in _FAMILIES for name in family}


def other_operators(operator: ast.operator) -> tuple[type[ast.operator], ...]:
    """The operators that one may be taken for."""
    return _OPERATORS.get(type(operator), ())


def updates_with(operator: ast.operator) -> list[type[ast.operator]]:
    """The operators that may stand in `w -= step` in place of one."""
    return [other for other in (ast.Sub, ast.Add, ast.Mult, ast.Div) if other is not type(operator)]


New = tuple[ast.expr, Change]


def instead_of(node: ast.expr, parent: ast.AST, names: Names) -> Iterator[New]:
    """What may stand in the place of `node`, which is a part of `parent`."""
    line = int(getattr(node, "lineno", 0) or getattr(parent, "lineno", 0))
    yield from _Expression(node, parent, names, line).all()


@dataclass
class _Expression:
    node: ast.expr
    parent: ast.AST
    names: Names
    line: int

    def all(self) -> Iterator[New]:
        node = self.node
        if isinstance(node, ast.BinOp):
            yield from self._binary(node)
        elif isinstance(node, ast.UnaryOp):
            yield node.operand, self._change(0, f"the sign in {self._quoted(node)}", "sign")
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            about = f"the comparison in {self._quoted(node)}"
            for other in _COMPARISONS.get(type(node.ops[0]), ()):
                yield ast.Compare(node.left, [other()], node.comparators), self._change(0, about, other.__name__)
            yield ast.Constant(True), self._change(1, f"the condition {self._quoted(node)}", "true")
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                yield value, self._change(1, self._quoted(node), "part")
        elif isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Subscript):
            yield node.value, self._change(0, f"the index in {self._quoted(node)}", "index")
            if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
                yield (
                    method_of(node.value.value, "numel"),
                    self._change(1, f"what {self._quoted(node)} counts", "numel"),
                )
        elif isinstance(node, ast.Name):
            yield from self._name(node)
        elif isinstance(node, ast.Tuple | ast.List) and 2 <= len(node.elts) <= 4:
            turned = type(node)(node.elts[::-1], ast.Load())
            yield turned, self._change(0, f"the order in {self._quoted(node)}", "order")
        elif isinstance(node, ast.IfExp):
            yield node.body, self._change(0, self._quoted(node), "if")
            yield node.orelse, self._change(0, self._quoted(node), "else")
        if self._is_value():
            yield from self._missing()
            yield from self._too_much(node)

    def _quoted(self, node: ast.AST) -> str:
        return self.names.quote(node)

    def _change(self, tier: int, about: str, kind: str, *, missing: bool = False) -> Change:
        return Change(tier, self.line, about, f"{kind}:{self.names.shape(self.node)}", missing)

    def _binary(self, node: ast.BinOp) -> Iterator[New]:
        quoted = self._quoted(node)
        too_much = f"{quoted}: a part of it is too much"
        yield node.left, self._change(0, too_much, "left")
        yield node.right, self._change(0, too_much, "right")
        for other in other_operators(node.op):
            changed = ast.BinOp(node.left, other(), node.right)
            yield changed, self._change(0, f"the operator in {quoted}", other.__name__)
        yield from self._powers(node)
        if isinstance(node.op, ast.Mod):  # every tenth, counted from 0
            for more in (ast.Add(), ast.Sub()):
                counted = ast.BinOp(ast.BinOp(node.left, more, ast.Constant(1)), node.op, node.right)
                yield counted, self._change(0, f"what is counted in {quoted}", f"count {type(more).__name__}")
        for other in _ARITHMETIC:
            if other is not type(node.op) and other not in other_operators(node.op):
                changed = ast.BinOp(node.left, other(), node.right)
                yield changed, self._change(2, f"the operator in {quoted}", other.__name__)
        if not isinstance(node.op, ast.Add | ast.Mult):
            turned = ast.BinOp(node.right, node.op, node.left)
            yield turned, self._change(0, f"the order in {quoted}", "turned")
        first = f"what is computed first in {quoted}"
        if isinstance(node.left, ast.BinOp):  # a - b * c for (a - b) * c
            inner = node.left
            right = ast.BinOp(inner.right, node.op, node.right)
            yield ast.BinOp(inner.left, inner.op, right), self._change(1, first, "brackets")
        if isinstance(node.right, ast.BinOp):
            inner = node.right
            left = ast.BinOp(node.left, node.op, inner.left)
            yield ast.BinOp(left, inner.op, inner.right), self._change(1, first, "brackets")
        called = node.left
        if isinstance(called, ast.Call) and isinstance(called.func, ast.Attribute):  # (a - b).mean() ** 2
            value = ast.BinOp(called.func.value, node.op, node.right)
            changed_call = ast.Call(ast.Attribute(value, called.func.attr, ast.Load()), called.args, called.keywords)
            yield changed_call, self._change(1, first, "before")
            if called.args and not called.keywords:  # torch.mean(a - b) ** 2
                within = ast.BinOp(called.args[0], node.op, node.right)
                yield ast.Call(called.func, [within, *called.args[1:]], []), self._change(1, first, "within")

    def _powers(self, node: ast.BinOp) -> Iterator[New]:
        """`(a - b) ** 2` for `a ** 2 - b ** 2`."""
        left, right = node.left, node.right
        if not isinstance(left, ast.BinOp) or not isinstance(right, ast.BinOp) or type(left.op) is not type(right.op):
            return
        if isinstance(left.op, ast.Pow | ast.Mult):
            last = left.right if isinstance(left.op, ast.Pow) else ast.Constant(2)
            whole = ast.BinOp(ast.BinOp(left.left, node.op, right.left), ast.Pow(), last)
            yield whole, self._change(1, f"what is computed first in {self._quoted(node)}", "powers")

    def _constant(self, node: ast.Constant) -> Iterator[New]:
        value = node.value
        where = f" in {self._quoted(self.parent)}" if isinstance(self.parent, ast.expr) else ""
        if isinstance(value, bool):
            yield ast.Constant(not value), self._change(0, f"`{value}`{where}", "not")
            for name in self.names.parameters:
                yield name_of(name), self._change(1, f"`{value}`{where}", "parameter")
            return
        if not isinstance(value, int | float):
            return
        about = f"the number `{value}`{where}"
        for other in (value + 1, value - 1, 2, 1, 0, -value, 10 * value, value / 10, 2 * value, value / 2, 3, 4, 5, 10):
            number = int(other) if isinstance(value, int) and float(other).is_integer() else other
            if number != value:
                tier = 0 if other in (value + 1, value - 1, 2, 1) else 2
                yield ast.Constant(number), self._change(tier, about, f"{number}")
        for name in self.names.all:
            yield name_of(name), self._change(1 if name in self.names.parameters else 2, about, "name")
            yield method_of(name_of(name), "numel"), self._change(2, about, "numel")
            size = ast.Call(name_of("len"), [name_of(name)], [])
            yield size, self._change(2, about, "len")
        if isinstance(self.parent, ast.Assign):
            yield ast.Constant(None), self._change(1, about, "none")

    def _call(self, node: ast.Call) -> Iterator[New]:
        function, quoted = node.func, self._quoted(node)
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        needless = f"`{called}` in {quoted}"
        yield function, self._change(0, f"the parentheses in {quoted}", "uncalled")
        if isinstance(function, ast.Attribute):
            yield function.value, self._change(0, needless, "without")
            for name in (f"{called}_", called.rstrip("_")):  # in place, and not
                if name != called:
                    changed = ast.Attribute(function.value, name, ast.Load())
                    yield ast.Call(changed, node.args, node.keywords), self._change(0, needless, "underscore")
            of_grad = ast.Attribute(function.value, "grad", ast.Load())
            name = "zero_" if called == "zero_grad" else called
            changed_call = ast.Call(ast.Attribute(of_grad, name, ast.Load()), node.args, node.keywords)
            yield changed_call, self._change(1, f"what {quoted} is called on", "of grad")
            if node.args:
                yield method_of(function.value, "t"), self._change(2, needless, "t")
        if called in ("var", "std") and not {each.arg for each in node.keywords} & {"correction", "unbiased", "ddof"}:
            biased = [*node.keywords, ast.keyword("correction", ast.Constant(0))]
            change = self._change(1, f"what {quoted} divides by", "correction")
            yield ast.Call(function, node.args, biased), change
        if called == "len" and len(node.args) == 1:
            yield method_of(node.args[0], "numel"), self._change(1, f"what {quoted} counts", "numel")
        yield from self._exchanged(node)
        for arg in node.args[:2]:
            yield arg, self._change(0, needless, "argument")
        arguments = f"the arguments of {quoted}"
        if len(node.args) > 1:
            swapped = [node.args[1], node.args[0], *node.args[2:]]
            yield ast.Call(function, swapped, node.keywords), self._change(0, arguments, "swapped")
        for index in range(len(node.args)):
            fewer = [*node.args[:index], *node.args[index + 1 :]]
            yield ast.Call(function, fewer, node.keywords), self._change(0, arguments, f"fewer {index}")
        for index, keyword in enumerate(node.keywords):
            kept = [*node.keywords[:index], *node.keywords[index + 1 :]]
            yield ast.Call(function, node.args, kept), self._change(0, arguments, f"fewer {keyword.arg}")
        given = {keyword.arg for keyword in node.keywords}
        used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name in self.names.parameters:
            if name not in given and name not in used:
                more = [*node.keywords, ast.keyword(name, name_of(name))]
                change = self._change(2, arguments, f"more {name}", missing=True)
                yield ast.Call(function, node.args, more), change
        if called == "range" and len(node.args) in (1, 2):
            *start, end = node.args
            one = ast.Constant(1)
            later, sooner = ast.BinOp(end, ast.Add(), one), ast.BinOp(end, ast.Sub(), one)
            ranges: list[list[ast.expr]] = [[*start, later], [*start, sooner]]
            if not start:
                ranges += [[one, end], [one, later]]
            for changed_range in ranges:
                yield ast.Call(function, changed_range, []), self._change(1, arguments, "range")

    def _exchanged(self, node: ast.Call) -> Iterator[New]:
        """What is called first last: `square(mean(x))`, `x.mean().square()`."""
        change = self._change(1, f"what is done first in {self._quoted(node)}", "exchanged")
        outer, inner = node.func, node.args[0] if len(node.args) == 1 else None
        if isinstance(inner, ast.Call) and len(inner.args) == 1:
            yield ast.Call(inner.func, [ast.Call(outer, inner.args, node.keywords)], inner.keywords), change
        if isinstance(outer, ast.Attribute) and isinstance(outer.value, ast.Call):
            within = outer.value
            if isinstance(within.func, ast.Attribute):
                first = ast.Call(ast.Attribute(within.func.value, outer.attr, ast.Load()), node.args, node.keywords)
                yield ast.Call(ast.Attribute(first, within.func.attr, ast.Load()), within.args, within.keywords), change

    def _attribute(self, node: ast.Attribute) -> Iterator[New]:
        is_called = isinstance(self.parent, ast.Call) and self.parent.func is node
        about = f"`{node.attr}` in {self._quoted(self.parent if isinstance(self.parent, ast.expr) else node)}"
        for other in _ALIKE.get(node.attr, ()):
            yield ast.Attribute(node.value, other, ast.Load()), self._change(0, about, other)
        if not is_called:
            yield node.value, self._change(0, about, "without")
            yield ast.Call(node, [], []), self._change(0, f"{self._quoted(node)}: is it called?", "called")

    def _name(self, node: ast.Name) -> Iterator[New]:
        is_called = isinstance(self.parent, ast.Call) and self.parent.func is node
        parent = self.parent if isinstance(self.parent, ast.expr | ast.stmt) else node
        about = f"the name `{node.id}` in {self._quoted(parent).partition(':')[0].rstrip('`')}`"
        if is_called:
            for other in _ALIKE.get(node.id, ()):
                yield name_of(other), self._change(0, about, other)
            return
        tier = 0 if isinstance(parent, ast.Return) else 1 if node.id in self.names.all else 2
        for other in self.names.all:
            if other != node.id:
                yield name_of(other), self._change(tier, about, "name")

    def _is_value(self) -> bool:
        """Whether something may be missing around it: it is returned, assigned, passed on or computed with."""
        node, parent = self.node, self.parent
        if isinstance(node, ast.Constant | ast.Starred | ast.Tuple | ast.List | ast.Lambda | ast.JoinedStr):
            return False
        if isinstance(parent, ast.Call):
            return parent.func is not node
        if isinstance(parent, ast.Attribute):  # (a - b).mean()
            return isinstance(node, ast.BinOp)
        return isinstance(parent, ast.Return | ast.Assign | ast.AugAssign | ast.BinOp | ast.Tuple)

    def _too_much(self, node: ast.expr) -> Iterator[New]:
        """What is within two or more layers alone: `x` for `(x * 50).round() / 50`."""
        part: ast.expr | None = node
        for depth in range(_DEEPEST):
            if isinstance(part, ast.BinOp):
                part = part.left
            elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                is_module = isinstance(part.func.value, ast.Name) and part.args
                part = part.args[0] if is_module else part.func.value
            elif isinstance(part, ast.Call) and part.args:
                part = part.args[0]
            else:
                return
            if depth:
                about = f"{self._quoted(node)}: a part of it is too much"
                yield part, self._change(1, about, f"within {depth}")

    def _missing(self) -> Iterator[New]:
        node = self.node
        about = f"{self._quoted(node)}: something is missing there"

        def change(tier: int, kind: str) -> Change:
            return self._change(tier, about, kind, missing=True)

        yield ast.UnaryOp(ast.USub(), node), change(1, "minus")
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2)), change(1, "squared")
        passed_on = isinstance(self.parent, ast.Call) and len(self.parent.args) == 1
        is_kept = passed_on and isinstance(self.parent, ast.Call) and getattr(self.parent.func, "attr", "") == "append"
        for name in ("item", "mean", "sum"):
            tier = 0 if is_kept and name == "item" else 1 if passed_on or isinstance(self.parent, ast.Return) else 2
            yield method_of(node, name), change(tier, name)
        if isinstance(node, ast.Name):
            yield ast.Attribute(node, "grad", ast.Load()), change(1, "grad")
        for name in ("t", "float", "abs", "detach"):
            yield method_of(node, name), change(2, name)
        for name in self.names.parameters:
            for operator in (ast.Mult(), ast.Add(), ast.Sub(), ast.Div()):
                yield ast.BinOp(node, operator, name_of(name)), change(2, f"{type(operator).__name__} parameter")
            if self.names.with_grad:
                grad = ast.Attribute(name_of(name), "grad", ast.Load())
                yield ast.BinOp(node, ast.Mult(), grad), change(2, "times grad")
        for number in (1, 2):
            for operator in (ast.Add(), ast.Sub(), ast.Mult(), ast.Div()):
                changed = ast.BinOp(node, operator, ast.Constant(number))
                yield changed, change(3, f"{type(operator).__name__} {number}")
