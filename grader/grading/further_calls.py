"""The cause of a failed exercise, as far as further calls of the learner's function show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.checks.compare import kind, shape
from grader.checks.observed import alike, features
from grader.grading.behaviour import (
    MOST_NUMBERS,
    Ask,
    Compared,
    Noticed,
    called_as,
    name_of,
    names_in,
    numbers,
    quantities,
    quoted,
    sizes_of,
)
from grader.grading.relations import near, to_few_digits
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Build

# Makes these calls one after the other, in modules that are imported again, and gives what came of the last, with what
# it printed; None where one of them came to no end.
Series = Callable[[Sequence[Call]], tuple[Reply | Raised, str] | None]

_SCALES = (0.125, 8.0)
_RESULTS = ("value", "after", "items")  # of a call: a gradient may be none at all


def is_kept(compared: Sequence[Compared], series: Series) -> bool:
    """Whether the first call that was wrong is right by itself, and wrong after the ones before it: the function, or
    what it calls, keeps something from one call to the next."""
    first = next((number for number, each in enumerate(compared) if each.is_wrong), 0)
    if not first:
        return False
    wrong, calls = compared[first], [each.call for each in compared[: first + 1]]
    alone = series(calls[-1:])
    if alone is None or not wrong.is_right(*alone):
        return False
    behind = series(calls)
    return behind is not None and not wrong.is_right(*behind)


def of_object(compared: Sequence[Compared], series: Series, reference: Ask) -> Noticed | None:
    """What is said where the first call that was wrong is of an object that was asked before, and right of a new one:
    a method changes what the object holds."""
    call = next((each.call for each in compared if each.is_wrong), None)
    looked = next((each.looked for each in compared if each.is_wrong), set[str]())
    made = call.args[0] if call and call.method and call.args else None
    if call is None or not isinstance(made, Build) or not made.steps:
        return None
    first = replace(call, args=(replace(made, steps=()), *call.args[1:]))
    got, right = series([first]), reference(first)
    if got is None or not isinstance(got[0], Reply) or not isinstance(right, Reply):
        return None
    if not is_alike(got[0], right, looked):
        return None
    return Noticed(
        f"{called_as('', call)} gives what is right of a new object, and something else of one that was asked before: "
        "look for what a call changes in the object.",
        "result",
    )


def of_kept(function: str) -> Noticed:
    """What is said where something is kept."""
    return Noticed(
        f"{function} is right when it is called for the first time, and wrong after other calls: "
        "something that an earlier call left behind changes a later one."
    )


def is_of_digits(
    function: str, compared: Sequence[Compared], names: Sequence[str], learner: Ask, reference: Ask
) -> bool:
    """Whether what is right to few digits is so, too, where the numbers that are given are larger or smaller: rounding
    leaves as many digits of any number. What is wrong, and nearly right for small numbers, does not."""
    for each in compared:
        for size in _SCALES if each.is_wrong else ():
            call = replace(each.call, args=tuple(_times(arg, size) for arg in each.call.args))
            got, right = learner(call), reference(call)
            if not isinstance(got, Reply) or not isinstance(right, Reply):
                return False
            pairs = quantities(function, replace(each, call=call, got=got, right=right), names).values()
            if not all(pair and (near(pair.got, pair.right) or to_few_digits(pair)) for pair in pairs):
                return False
    return True


def _times(arg: Any, size: float) -> Any:
    if not isinstance(arg, Array) or arg.dtype not in ("float32", "float64"):
        return arg
    dtype = "<f8" if arg.dtype == "float64" else "<f4"
    return replace(arg, data=(np.frombuffer(arg.data, dtype=dtype) * size).astype(dtype).tobytes())


def _only_for_some(function: str, compared: Sequence[Compared], names: Sequence[str]) -> str:
    """Which size the calls have in common that come right, or those that don't; empty when several tell them apart, or
    where it is a single call, which may come right by chance."""
    fine = [each for each in compared if _is_fine(each)]
    wrong = [each for each in compared if not _is_fine(each)]
    if not fine or not wrong or len(compared) < 3:
        return ""
    found = []
    names = names_in(compared[0].call, names)
    everywhere = set.intersection(*(set(sizes_of(each.call.args, names)) for each in compared))
    for words in sizes_of(compared[0].call.args, names):
        if words not in everywhere:
            continue
        right_at = {sizes_of(each.call.args, names)[words] for each in fine}
        wrong_at = {sizes_of(each.call.args, names)[words] for each in wrong}
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


def asked_again(
    function: str, compared: Sequence[Compared], names: Sequence[str], learner: Ask, reference: Ask
) -> Noticed | None:
    """What further calls show: that the result doesn't hang on an argument, or on what was called before."""
    same: list[str] = []
    for each in compared:
        if not each.is_wrong:
            continue
        if _numbers_in((each.got.value, *each.got.after, *each.got.items)) > MOST_NUMBERS:
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
            looked = {name for name in each.looked if name.startswith(_RESULTS) and name != f"after:{index}"}
            if looked and all(_makes_no_difference(other, each, looked, learner, reference) for other in others):
                name = quoted(name_of(index, names_in(each.call, names)))
                is_array = isinstance(each.call.args[index], Array)
                same.append(f"whatever numbers {name} holds" if is_array else f"whatever {name} is")
        if len(same) == 1:  # of several, nothing may have been done at all
            return Noticed(f"{called_as(function, each.call)} gives the same, {same[0]}.")
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
    held = [feature.numbers for feature in features(got, "", set(looked))]
    if any(not np.isfinite(each).all() for each in held):  # which tells nothing of where it comes from
        return False
    return (
        any(each.size for each in held) and is_alike(got, each.got, looked) and not is_alike(right, each.right, looked)
    )


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
    if isinstance(arg, Array) and arg.dtype == "int64" and arg.data and arg.shape != ():
        held = np.frombuffer(arg.data, dtype="<i8")  # they may be places in something: all stay within their bounds
        mirrored, alike = held.max() + held.min() - held, np.full_like(held, held[0])
        return [replace(arg, data=other.astype("<i8").tobytes()) for other in (mirrored, alike)]
    if isinstance(arg, Array) and arg.dtype in ("float32", "float64") and arg.data:
        held = np.frombuffer(arg.data, dtype="<f8" if arg.dtype == "float64" else "<f4")
        others = (held[::-1] * by + np.arange(1, held.size + 1) % 3 for by in (0.75, 1.5))
        return [replace(arg, data=other.astype(held.dtype).tobytes()) for other in others]
    return []
