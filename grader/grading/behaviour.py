"""The cause of a failed exercise, as far as its calls and their results show it by themselves, in any lesson.

Each rule looks at what was asked, what came back and what the reference gives, and at nothing else: it knows no
misconception and no source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from grader.checks.compare import kind, shape
from grader.checks.observed import Feature, alike, features
from grader.core.labels import joined
from grader.grading.relations import AFTER_THAT, ORDINALS, Numbers, Pair, near, relation
from grader.sandbox.inside.materialize import array_from_plain, tensor_from_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build

_MOST_NUMBERS = 100_000


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
        return alike(features(answer, printed, set(self.looked)), self._shown)

    @cached_property
    def _shown(self) -> list[Feature]:
        """What is right, as it is compared."""
        return features(self.right, self.printed[1], set(self.looked))


@dataclass(frozen=True)
class Noticed:
    """What is wrong, in a sentence; and where to look: at what is returned, at the function's end, where it prints, or
    nobody knows. One that is vague gives way to any other."""

    says: str
    place: Literal["result", "end", "print", ""] = ""
    is_vague: bool = False


def behaviour(function: str, compared: Sequence[Compared], names: Sequence[str] = ()) -> Noticed | None:
    """What a function does wrong in all of these calls; None when that is nothing of a known kind. `names` are those of
    its parameters."""
    of_values = [each for each in compared if "value" in each.looked]
    if len(of_values) > 1 and all(each.got.value is None for each in of_values):
        return Noticed(f"{function} returns nothing: look at how it ends.", "end")
    if words := _whole_result(of_values):
        return Noticed(f"{function} {words}", "result")
    seen: dict[str, list[Pair]] = {}
    for each in compared:
        for what, pair in quantities(function, each, names).items():
            if pair is not None:
                seen.setdefault(what, []).append(pair)
    of_result = f"What {function} returns"
    for what, pairs in seen.items():
        if words := relation(pairs):
            is_vague = words.endswith(AFTER_THAT)
            return Noticed(f"{what} {words}.", "result" if what == of_result else "", is_vague)
    wrong = [what for what, pairs in seen.items() if not _is_right(pairs)]
    fine = [what for what in seen if what not in wrong]
    if len(wrong) == 1 and fine and all(len(pairs) > 1 for pairs in seen.values()):
        is_are = "is" if len(fine) == 1 else "are"
        right = joined([f"{what[:1].lower()}{what[1:]}" for what in fine])
        return Noticed(
            f"{wrong[0]} is wrong; {right} {is_are} right each time.", "result" if wrong[0] == of_result else ""
        )
    return None


def _is_right(pairs: Sequence[Pair]) -> bool:
    return all(near(pair.got, pair.right) for pair in pairs)


def _whole_result(compared: Sequence[Compared]) -> str:
    """What the result is, whatever should come."""
    if len(compared) < 2:
        return ""
    values = [each.got.value for each in compared]
    for index in range(min(len(ORDINALS), *(len(each.call.args) for each in compared))):
        if all(_same(each.call.args[index], each.got.value) for each in compared):
            return f"returns its {ORDINALS[index]} argument as it is."
    others_differ = any(not _all_same(each.call.args, compared[0].call.args) for each in compared[1:])
    if others_differ and all(_same(value, values[0]) for value in values[1:]):
        return "returns the same, whatever it is given."
    return ""


def _all_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values hold the same numbers, or are the same text or number."""
    if isinstance(one, Array) and isinstance(other, Array):
        return (one.kind, one.dtype, one.shape, one.data) == (other.kind, other.dtype, other.shape, other.data)
    return type(one) is type(other) and type(one) in (int, float, str, bool) and bool(one == other)


def quantities(function: str, each: Compared, names: Sequence[str]) -> dict[str, Pair | None]:
    """What of a call is looked at and should hold numbers, by words for it; None in place of what holds none."""
    given, sizes = _given(each.call.args, names), _sizes(each.call.args, names)
    found: dict[str, Pair | None] = {}
    for aspect in sorted(each.looked, key=lambda name: (name != "value", not name.startswith("grad"), name)):
        what_of, _, which = aspect.partition(":")
        if what_of == "value":
            parts = [(f"What {function} returns", each.got.value, each.right.value, None)]
        elif what_of in ("after", "grad"):
            index = int(which)
            name = _name(index, names)
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
        one, other = (each.grad if isinstance(each, Array) else None for each in (got, right))
        return [(f"The gradient of `{name}`", one, other, None)]
    if isinstance(got, dict) and isinstance(right, dict):
        state = before.state if isinstance(before, Build) else {}
        return [(f"`{key}` of `{name}`", got.get(key), right[key], state.get(key)) for key in sorted(right)]
    return [(f"`{name}` after the call", got, right, before)]


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
            if math.prod(value.shape) > _MOST_NUMBERS:
                return None
            held = array_from_plain(value) if value.kind == "numpy" else tensor_from_plain(value).detach().numpy()
            return None if np.iscomplexobj(held) else held.astype(np.float64)
        items = value if isinstance(value, list) else [value]
        if len(items) > _MOST_NUMBERS or not all(type(item) in (int, float) for item in items):
            return None
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):  # a type that NumPy hasn't, or an int without end
        return None


def _name(index: int, names: Sequence[str]) -> str:
    return names[index] if index < len(names) else f"argument {index + 1}"


def _given(args: Sequence[Any], names: Sequence[str]) -> dict[str, Numbers]:
    found = ((_name(index, names), numbers(arg)) for index, arg in enumerate(args))
    return {name: held for name, held in found if held is not None}


def _sizes(args: Sequence[Any], names: Sequence[str]) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for index, arg in enumerate(args):
        name = f"`{_name(index, names)}`"
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


def _only_for_some(function: str, compared: Sequence[Compared], names: Sequence[str]) -> str:
    """Which size the calls have in common that come right, or those that don't; empty when several tell them apart, or
    where it is a single call, which may come right by chance."""
    fine = [each for each in compared if _is_fine(each)]
    wrong = [each for each in compared if not _is_fine(each)]
    if not fine or not wrong or len(compared) < 3:
        return ""
    found = []
    everywhere = set.intersection(*(set(_sizes(each.call.args, names)) for each in compared))
    for words in _sizes(compared[0].call.args, names):
        if words not in everywhere:
            continue
        right_at = {_sizes(each.call.args, names)[words] for each in fine}
        wrong_at = {_sizes(each.call.args, names)[words] for each in wrong}
        if right_at & wrong_at:
            continue
        if len(right_at) == 1 and len(wrong_at) > 1 and len(fine) > 1:
            found.append((right_at, wrong_at, f"{function} is right only where {words} is {min(right_at):g}."))
        elif len(wrong_at) == 1 and len(right_at) > 1 and len(wrong) > 1:
            found.append((right_at, wrong_at, f"{function} is wrong only where {words} is {min(wrong_at):g}."))
    return found[0][2] if len({(tuple(sorted(a)), tuple(sorted(b))) for a, b, _ in found}) == 1 else ""


def _of_another_kind(compared: Sequence[Compared]) -> str:
    """What comes in place of what, when each result is of another kind, or of another shape."""
    for of in (kind, _shape):
        pairs = [(of(each.got.value), of(each.right.value)) for each in compared]
        if pairs and all(one != other for one, other in pairs):
            one, other = pairs[0]
            return f"{one} in place of {other}"
    return ""


def _shape(value: Any) -> str:
    if isinstance(value, Array):
        return f"a tensor of shape {shape(value.shape)}"
    return f"{len(value)} values" if isinstance(value, tuple) else "one value"


def _is_fine(each: Compared) -> bool:
    looked = {"value"}
    return alike(features(each.got, "", looked), features(each.right, "", looked))


Ask = Callable[[Call], Reply | Raised | None]


def asked_again(
    function: str, compared: Sequence[Compared], names: Sequence[str], learner: Ask, reference: Ask
) -> Noticed | None:
    """What further calls show: that the result doesn't hang on an argument, or on what was called before."""
    same: list[str] = []
    for each in compared:
        if not each.is_wrong:
            continue
        if _numbers_in((each.got.value, *each.got.after, *each.got.items)) > _MOST_NUMBERS:
            return None
        again = learner(each.call)
        if isinstance(again, Reply) and not is_alike(again, each.got, each.looked):
            return Noticed(f"{function} gives something else when it is called again with the same arguments.")
        of_values = [other for other in compared if "value" in other.looked]
        if of_values and all(other.got.value is None for other in of_values):
            return Noticed(f"{function} returns nothing: look at how it ends.", "end")
        if words := _of_another_kind(of_values):
            return Noticed(f"{function} returns {words}.", "result")
        if words := _only_for_some(function, of_values, names):
            return Noticed(words, "result")
        for index, others in _others(each.call):
            looked = {aspect for aspect in each.looked if aspect.partition(":")[2] != str(index)}
            if looked and all(_makes_no_difference(other, each, looked, learner, reference) for other in others):
                same.append(_name(index, names))
        if len(same) == 1:  # of several, nothing may have been done at all
            return Noticed(f"{function} gives the same, whatever `{same[0]}` is.")
        break
    return None


def _numbers_in(value: Any) -> int:
    """How many numbers a plain value holds, at all depths that one may have."""
    if isinstance(value, Array):
        return math.prod(value.shape)
    if isinstance(value, dict):
        value = tuple(value.values())
    return sum(map(_numbers_in, value)) if isinstance(value, list | tuple) else 1


def _makes_no_difference(other: Call, each: Compared, looked: Collection[str], learner: Ask, reference: Ask) -> bool:
    """Whether another call gives what this one gave, where something else would be right."""
    got, right = learner(other), reference(other)
    if not isinstance(got, Reply) or not isinstance(right, Reply):
        return False
    holds_numbers = any(feature.numbers.size for feature in features(got, "", set(looked)))
    return holds_numbers and is_alike(got, each.got, looked) and not is_alike(right, each.right, looked)


def is_alike(one: Reply, other: Reply, looked: Collection[str]) -> bool:
    """Whether two answers show the same in these aspects; what is printed doesn't count."""
    wanted = {aspect for aspect in looked if not aspect.startswith(("lines", "printed"))}
    return alike(features(one, "", wanted), features(other, "", wanted))


def _others(call: Call) -> Iterator[tuple[int, list[Call]]]:
    """The same call with one argument changed in two ways, for each that can be."""
    for index, arg in enumerate(call.args):
        changed = _changed(arg)
        if changed:
            before, after = call.args[:index], call.args[index + 1 :]
            yield index, [replace(call, args=(*before, each, *after)) for each in changed]


def _changed(arg: Any) -> list[Any]:
    if type(arg) is bool:
        return [not arg]
    if type(arg) is int:
        return [arg + 1, 1 if arg > 1 else arg + 2]
    if type(arg) is float:
        return [arg * 0.5, arg * 1.5]
    if type(arg) in (list, tuple) and arg and numbers(list(arg)) is not None:
        return [type(arg)(each * by + 1 + place for place, each in enumerate(arg)) for by in (1, 2)]
    if isinstance(arg, Array) and arg.dtype in ("float32", "float64") and arg.data:
        held = np.frombuffer(arg.data, dtype="<f8" if arg.dtype == "float64" else "<f4")
        others = (held[::-1] * by + np.arange(1, held.size + 1) % 3 for by in (0.75, 1.5))
        return [replace(arg, data=other.astype(held.dtype).tobytes()) for other in others]
    return []
