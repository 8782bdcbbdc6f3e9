"""The cause of a failed exercise, as far as its calls and their results show it by themselves, in any lesson.

Each rule looks at what was asked, what came back and what the reference gives, and at nothing else: it knows no
misconception and no source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from grader.checks.observed import Feature, alike, features, gradients_in
from grader.core.labels import joined
from grader.grading.relations import AFTER_THAT, DIGITS_ONLY, ORDINALS, Numbers, Pair, near, relation
from grader.sandbox.inside.materialize import array_from_plain, tensor_from_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build

MOST_NUMBERS = 100_000
_RETURNS = " returns"


@dataclass(frozen=True)
class Compared:
    """One call of a check: what came back, what is right, and the aspects of it that the check looks at
    (`grader.checks.observed`). `printed` is what was printed, and what should be; `lines` how many lines the reference
    runs in it."""

    call: Call
    got: Reply
    right: Reply
    looked: Collection[str]
    printed: tuple[str, str] = ("", "")
    lines: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether what the check looks at differs."""
        return not self.is_right(self.got, self.printed[0])

    def is_right(self, answer: Reply | Raised, printed: str) -> bool:
        """Whether an answer to this call shows what is right."""
        if isinstance(answer, Reply):
            answer = replace(answer, value=held_alike(answer.value, self.right.value))
        return alike(features(answer, printed, set(self.looked)), self._shown)

    @cached_property
    def _shown(self) -> list[Feature]:
        """What is right, as it is compared."""
        return features(self.right, self.printed[1], set(self.looked))


def held_alike(got: Any, right: Any) -> Any:
    """A result with tuples in place of lists, where tuples of as many parts are right: checks take the one for the
    other."""
    if not isinstance(right, tuple) or not isinstance(got, list | tuple) or len(got) != len(right):
        return got
    return tuple(map(held_alike, got, right))


@dataclass(frozen=True)
class Noticed:
    """What is wrong, in a sentence; and where to look: at what is returned, at the function's end, where it prints, or
    nobody knows. One that is vague gives way to any other; one that is of digits is to be tried with other numbers."""

    says: str
    place: Literal["result", "end", "print", ""] = ""
    is_vague: bool = False
    is_of_digits: bool = False


def behaviour(function: str, compared: Sequence[Compared], names: Sequence[str] = ()) -> Noticed | None:
    """What a function does wrong in all of these calls; None when that is nothing of a known kind. `names` are those of
    its parameters."""
    of_values = [each for each in compared if "value" in each.looked]
    called = {called_as(function, each.call) for each in of_values}
    returning = called.pop() if len(called) == 1 else function
    if len(of_values) > 1 and all(each.got.value is None for each in of_values):
        return Noticed(f"{returning} returns nothing: look at how it ends.", "end")
    if words := _whole_result(of_values):
        return Noticed(f"{returning} {words}", "result")
    seen: dict[str, list[Pair]] = {}
    for each in compared:
        for what, pair in quantities(function, each, names).items():
            if pair is not None:
                seen.setdefault(what, []).append(pair)
    for what, pairs in seen.items():
        if words := relation(pairs):
            place: Literal["result", ""] = "result" if what.endswith(_RETURNS) else ""
            is_of_digits = words.endswith(DIGITS_ONLY)
            return Noticed(f"{what} {words}.", place, is_of_digits or words.endswith(AFTER_THAT), is_of_digits)
    wrong = [what for what, pairs in seen.items() if not _is_right(pairs)]
    fine = [what for what in seen if what not in wrong]
    if len(wrong) == 1 and fine and all(len(pairs) > 1 for pairs in seen.values()):
        is_are = "is" if len(fine) == 1 else "are"
        right = joined([f"{what[:1].lower()}{what[1:]}" for what in fine])
        place = "result" if wrong[0].endswith(_RETURNS) else ""
        return Noticed(f"{wrong[0]} is wrong; {right} {is_are} right each time.", place)
    return None


def _is_right(pairs: Sequence[Pair]) -> bool:
    return all(near(pair.got, pair.right) for pair in pairs)


def _whole_result(compared: Sequence[Compared]) -> str:
    """What the result is, whatever should come."""
    if len(compared) < 2:
        return ""
    values = [each.got.value for each in compared]
    for index in range(min(len(ORDINALS), *(len(_given_by(each.call)) for each in compared))):
        if all(_same(_given_by(each.call)[index], each.got.value) for each in compared):
            return f"returns its {ORDINALS[index]} argument as it is."
    others_differ = any(not _all_same(each.call.args, compared[0].call.args) for each in compared[1:])
    if others_differ and all(_same(value, values[0]) for value in values[1:]):
        return "returns the same, whatever it is given."
    return ""


def _given_by(call: Call) -> Sequence[Any]:
    """What a caller gives: of a method, all but the object."""
    return call.args if call.method is None else call.args[1:]


def _all_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values hold the same numbers, or are the same text or number."""
    if isinstance(one, Array) and isinstance(other, Array):
        return (one.kind, one.dtype, one.shape, one.data) == (other.kind, other.dtype, other.shape, other.data)
    return type(one) is type(other) and type(one) in (int, float, str, bool) and bool(one == other)


def quantities(function: str, each: Compared, names: Sequence[str]) -> dict[str, Pair | None]:
    """What of a call is looked at and should hold numbers, by words for it; None in place of what holds none."""
    found: dict[str, Pair | None] = {}
    function, names = called_as(function, each.call), names_in(each.call, names)
    given, sizes = _given(each.call.args, names), sizes_of(each.call.args, names)
    for aspect in sorted(each.looked, key=lambda name: (name != "value", not name.startswith("grad"), name)):
        what_of, _, which = aspect.partition(":")
        if what_of == "value":
            parts = [(f"What {function}{_RETURNS}", each.got.value, each.right.value, None)]
        elif what_of in ("after", "grad"):
            index = int(which)
            name = name_of(index, names)
            before = each.call.args[index]
            parts = _of_argument(what_of, name, before, _at(each.got.after, index), _at(each.right.after, index))
        else:
            continue
        for what, got, right, before in parts:
            if numbers(right) is not None:
                pair = _pair(got, right, before)
                found[what] = replace(pair, sizes=sizes, given=given) if pair else None
    return found


Part = tuple[str, Any, Any, Any]  # words, what came, what is right, what was there before


def _of_argument(what_of: str, name: str, before: Any, got: Any, right: Any) -> list[Part]:
    if what_of == "grad":
        one, other = gradients_in(got), gradients_in(right)
        of = {key: f"`{key}` of {quoted(name)}" if key else quoted(name) for key in other}
        return [(f"The gradient of {of[key]}", one.get(key), other[key], None) for key in sorted(other)]
    if isinstance(got, dict) and isinstance(right, dict):
        state = before.state if isinstance(before, Build) else {}
        return [(f"`{key}` of {quoted(name)}", got.get(key), right[key], state.get(key)) for key in sorted(right)]
    return [(f"{quoted(name)} after the call", got, right, before)]


def _at(values: Sequence[Any], index: int) -> Any:
    return values[index] if index < len(values) else None


def _pair(got: Any, right: Any, before: Any) -> Pair | None:
    one, other = numbers(got), numbers(right)
    if one is None or other is None:
        return None
    return Pair(one, other, numbers(before), is_list=isinstance(got, list) and isinstance(right, list))


def numbers(value: Any) -> Numbers | None:
    """A plain value as an array of numbers; None when it is none, or too large to be looked at."""
    try:
        if isinstance(value, Array):
            if math.prod(value.shape) > MOST_NUMBERS:
                return None
            held = array_from_plain(value) if value.kind == "numpy" else tensor_from_plain(value).detach().numpy()
            return None if np.iscomplexobj(held) else held.astype(np.float64)
        items = value if isinstance(value, list) else [value]
        if len(items) > MOST_NUMBERS or not all(type(item) in (int, float) for item in items):
            return None
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):  # a type that NumPy hasn't, or an int without end
        return None


def called_as(function: str, call: Call) -> str:
    """What is called, in words: of an object its method."""
    return function if call.method is None else call.function.replace(".__call__", ".forward").rstrip(".")


def names_in(call: Call, names: Sequence[str]) -> Sequence[str]:
    """Names of the arguments of a call. Of a method's, which are not those that the class is given, the first is the
    object."""
    return names if call.method is None else ("the object", *(f"the {each} argument" for each in ORDINALS))


def quoted(name: str) -> str:
    return f"`{name}`" if name.isidentifier() else name


def name_of(index: int, names: Sequence[str]) -> str:
    return names[index] if index < len(names) else f"argument {index + 1}"


def _given(args: Sequence[Any], names: Sequence[str]) -> dict[str, Numbers]:
    found = ((name_of(index, names), numbers(arg)) for index, arg in enumerate(args))
    return {name: held for name, held in found if held is not None}


def sizes_of(args: Sequence[Any], names: Sequence[str]) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for index, arg in enumerate(args):
        name = quoted(name_of(index, names))
        if isinstance(arg, Array):
            if len(arg.shape) == 2:
                sizes |= {
                    f"the number of rows of {name}": arg.shape[0],
                    f"the number of columns of {name}": arg.shape[1],
                }
            sizes[f"the number of elements of {name}"] = math.prod(arg.shape)
        elif type(arg) in (int, float):
            sizes[name] = arg
    return sizes


Ask = Callable[[Call], Reply | Raised | None]
