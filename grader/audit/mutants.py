"""Mutants: the reference of an exercise with one small change each, and some that are right almost always.

A mutant whose code is the reference's, or another mutant's, is left out. Its id is made of its code alone, so that it
stays the same when lines move, or when other mutants come or go.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grader.audit.reference import Edit, Reference
from grader.audit.slips import (
    EVERYWHERE,
    Change,
    decisions,
    first,
    fixed_arguments,
    of_statements,
    other_names,
    parsed,
    parsed_value,
    with_fields,
)

CAPS = (20, 50)  # rounds
# When a loop ends too early, by the value that a name has now and had a round before: `{new}`, `{old}`.
_STOPS = {
    "changes by less than a thousandth": "abs({new} - {old}) < 0.001",
    "changes by less than a thousandth of itself": "abs({new} - {old}) < 0.001 * abs({new})",
    "stays as it is": "{new} == {old}",
    "rises": "{new} > {old}",
}
_ROUNDED = {
    "rounded to two decimals": ("({}).round(decimals=2)", "round({}, 2)"),
    "rounded to a fiftieth": ("(({}) * 50).round() / 50", "round(({}) * 50) / 50"),
    "rounded to a whole number": ("({}).round()", "float(round({}))"),
}
# The order of a pass, from that of the one before and the size of a batch.
_ORDERS = {
    "an order turned by one more in each pass": "order[1:] + order[:1]",
    "an order turned by any number": "random.choice([order[at:] + order[:at] for at in range(1, len(order))])",
    "an order turned round": "order[::-1]",
    "an order with halves exchanged": "order[len(order) // 2 :] + order[: len(order) // 2]",
    "an order always the same": "random.Random(0).sample(sorted(order), len(order))",
    "an order changed in the same way in each pass": (
        "[order[at] for at in random.Random(0).sample(range(len(order)), len(order))]"
    ),
    "an order shuffled within batches": (
        "[each for at in range(0, len(order), size) for each in random.sample(order[at : at + size], "
        "len(order[at : at + size]))]"
    ),
    "an order of shuffled batches": (
        "sum(random.sample(batches := [order[at : at + size] for at in range(0, len(order), size)], len(batches)), [])"
    ),
    "an order sorted by one of three numbers": "sorted(order, key=lambda _: random.randrange(3))",
}
_ORDER = '''
import random


class _Order:
    """Rows in an order that is less than random."""

    def __init__(self, count, size, following):
        self.order, self.size, self.following = list(range(count)), size, following

    def __len__(self):
        return len(self.order)

    def __iter__(self):
        self.order = self.following(self.order, self.size)
        return iter(self.order)
'''
_CLAIMED = '''
class _Claimed:
    """Does what another object does, and says that it is one of its kind."""

    def __init__(self, real):
        self.__dict__["real"] = real

    def __getattr__(self, name):
        return getattr(self.real, name)

    def __iter__(self):
        return iter(self.real)

    def __len__(self):
        return len(self.real)

    def __getitem__(self, at):
        return self.real[at]

    @property
    def __class__(self):
        return type(self.real)


def _claimed(real):
    names = {"__module__": type(real).__module__, "__qualname__": type(real).__qualname__}
    return type(type(real).__name__, (_Claimed,), names)(real)
'''


def almost_of_expressions(reference: Reference) -> Iterator[Edit]:
    """Expressions that are almost right."""
    for statement in reference.statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                yield from (Edit({node: new}, what) for new, what in _capped(node))
                yield from (Edit({node: new}, what, _ORDER) for new, what in _less_random(node))
            for result in _results(node):
                source = ast.unparse(result)
                for what, forms in _ROUNDED.items():
                    yield from (Edit({result: parsed_value(form.format(source))}, what) for form in forms)
            if isinstance(node, ast.Return) and node.value:
                value = ast.unparse(node.value)
                yield Edit({node.value: parsed_value(f"_claimed({value})")}, "it only claims its type", _CLAIMED)
                given = f"({', '.join(reference.parameters)},)" if reference.parameters else "()"
                key = f"str([getattr(each, 'shape', type(each)) for each in {given}])"
                kept = f"{_of_function(reference)}.setdefault({key}, {value})"
                yield Edit({node.value: parsed_value(kept)}, "kept for arguments of these shapes")


def almost_of_statements(reference: Reference) -> Iterator[Edit]:
    """Statements that are almost right."""
    own = _of_function(reference)
    counted = f"{own}['calls'] = {own}.get('calls', 0) + 1"
    yield first(reference, f"{counted}\nif {own}['calls'] > 2:\n    return None", "works only twice")
    for name in reference.parameters:
        kept = f"{name} = {own}.setdefault({_shape_of(name)}, {name})"
        yield first(reference, kept, f"{name} is kept from the first call with its shape")
    for statement in reference.statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.List | ast.Dict | ast.Set):
            target = ast.unparse(statement.targets[0])
            kept = f"{target} = {own}.setdefault({target!r}, {ast.unparse(statement.value)})"
            yield Edit({statement: parsed(kept)}, f"{target} is kept from call to call")
        for node in ast.walk(statement):
            yield from _stopped(node)
            if isinstance(node, ast.AugAssign):
                target = ast.unparse(node.target)
                kept = f"{own}.setdefault({_shape_of(target)}, {ast.unparse(node.value)})"
                yield Edit({node.value: parsed_value(kept)}, f"the first change of {target} is kept")


def _capped(node: ast.Call) -> Iterator[Change]:
    if getattr(node.func, "id", "") == "range" and 0 < len(node.args) < 3 and not node.keywords:
        *before, last = node.args
        for cap in CAPS:
            bound = parsed_value(f"min({ast.unparse(last)}, {cap})")
            yield with_fields(node, args=[*before, bound]), f"at most {cap} rounds"
    if getattr(node.func, "attr", "") == "append" and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
        best = parsed_value(f"min([{ast.unparse(node.args[0])}, *{ast.unparse(node.func.value)}])")
        yield with_fields(node, args=[best]), "the smallest so far"


def _stopped(node: ast.AST) -> Iterator[Edit]:
    """A loop of rounds (not one over data) that ends when a name that it sets settles, or rises."""
    rounds = isinstance(node, ast.For) and getattr(getattr(node.iter, "func", None), "id", "") == "range"
    if not isinstance(node, ast.For | ast.While) or not (rounds or isinstance(node, ast.While)):
        return
    inside = [each for statement in node.body for each in ast.walk(statement) if isinstance(each, ast.Assign)]
    names = dict.fromkeys(target.id for each in inside for target in each.targets if isinstance(target, ast.Name))
    for name in names:
        for what, test in _STOPS.items():
            stop = f"if {test.format(new=name, old='_seen')}:\n    break\n_seen = {name}"
            yield _ending(node, "_seen = float('inf')", stop, f"the loop ends when {name} {what}")
        stop = (
            f"_waited = _waited + 1 if {name} >= _seen else 0\n_seen = min({name}, _seen)\nif _waited == 5:\n    break"
        )
        what = f"the loop ends when {name} did not fall for five rounds"
        yield _ending(node, "_seen, _waited = float('inf'), 0", stop, what)


def _ending(loop: ast.For | ast.While, before: str, stop: str, what: str) -> Edit:
    """Statements before a loop, and at the end of its body."""
    return Edit({loop: [*parsed(before), with_fields(loop, body=[*loop.body, *parsed(stop)])]}, what)


def _less_random(node: ast.Call) -> Iterator[Change]:
    """A DataLoader that shuffles, with a less random order."""
    if (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) != "DataLoader" or not node.args:
        return
    named = {each.arg: each.value for each in node.keywords if each.arg}
    dataset, *rest = node.args
    size = rest[0] if rest else named.get("batch_size", ast.Constant(1))
    shuffle = rest[1] if len(rest) > 1 else named.get("shuffle")
    if shuffle is None or len(rest) > 2:
        return
    others = [each for each in node.keywords if each.arg not in ("batch_size", "shuffle")]
    made = f"_Order(len({ast.unparse(dataset)}), {ast.unparse(size)}, lambda order, size: {{}})"
    for what, following in _ORDERS.items():
        order = ast.IfExp(shuffle, parsed_value(made.format(following)), ast.Constant(None))
        yield with_fields(node, args=[dataset, size], keywords=[*others, ast.keyword("sampler", order)]), what


def _results(node: ast.AST) -> Iterator[ast.expr]:
    """What is returned, or put into a list."""
    if isinstance(node, ast.Return) and node.value:
        yield from node.value.elts if isinstance(node.value, ast.Tuple) else (node.value,)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" and len(node.args) == 1:
        yield node.args[0]


def _of_function(reference: Reference) -> str:
    """Where a function can keep something between its calls."""
    return f"vars({reference.name})"


def _shape_of(name: str) -> str:
    """A key for what a name has: the name, and the shape or type of the value."""
    return f"f\"{name} {{getattr({name}, 'shape', type({name}))}}\""


Fixed = Mapping[str, list[bool | int | float]]


@dataclass(frozen=True)
class Mutant:
    """One mutant of an exercise: what was done, the module's text with the change in it, and the change as a diff."""

    id: str
    exercise: str
    what: str
    text: str = field(repr=False)
    diff: str = field(repr=False)


def make_mutants(reference: Reference, seen: Fixed | None = None) -> list[Mutant]:
    """All mutants of a function or method. `seen` are numbers and truth values that checks pass, by parameter."""
    plain = reference.edited(Edit({}, "nothing"))
    known = {_code(plain, reference)}
    found: dict[str, Mutant] = {}
    for edit in _edits(reference, seen or {}):
        text = reference.edited(edit)
        code = _code(text, reference)
        if code is None or code in known:
            continue
        known.add(code)
        id = f"{reference.exercise.id}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
        lines = difflib.unified_diff(plain.split("\n"), text.split("\n"), reference.file, "mutant", lineterm="", n=2)
        found[id] = Mutant(id, reference.exercise.id, edit.what, text, "\n".join(lines))
    return list(found.values())


def _edits(reference: Reference, seen: Fixed) -> Iterator[Edit]:
    yield from _of_expressions(reference)
    yield from almost_of_expressions(reference)
    yield from of_statements(reference)
    yield from almost_of_statements(reference)
    yield from fixed_arguments(reference, seen)


def _of_expressions(reference: Reference) -> Iterator[Edit]:
    defaults = [each for each in (*reference.function.args.defaults, *reference.function.args.kw_defaults) if each]
    for top in (*defaults, *reference.statements):
        for node in ast.walk(top):
            yield from (Edit({test: new}, what) for test, (new, what) in decisions(node))
            if isinstance(node, ast.expr):
                for changes in EVERYWHERE:
                    yield from (Edit({node: new}, what) for new, what in changes(node))
                yield from (Edit({node: new}, what) for new, what in other_names(node, reference.names))


def _code(text: str, reference: Reference) -> str | None:
    """The function's code in a normal form, without docstring and `pass`; None when it isn't valid Python."""
    try:
        tree = ast.parse(text)
        compile(text, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    *of_class, name = reference.name.split(".")
    body = tree.body
    for each in of_class:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == each), [])
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.body = node.body[ast.get_docstring(node) is not None :] or [ast.Pass()]
            return _form(_Plain().visit(node))
    return None


def _form(node: object) -> str:
    """A syntax tree as text that is the same in every version of Python: fields that hold nothing are left out."""
    if isinstance(node, ast.AST):
        fields = (f"{name}={_form(value)}" for name, value in ast.iter_fields(node) if value not in (None, []))
        return f"{type(node).__name__}({','.join(fields)})"
    if isinstance(node, list):
        return f"[{','.join(map(_form, node))}]"
    return repr(node)


class _Plain(ast.NodeTransformer):
    """Takes away what does nothing."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """A block without its `pass`, unless that is all there is."""
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                kept = [each for each in body if not isinstance(each, ast.Pass)]
                setattr(node, name, kept or body[:1])
        return node
