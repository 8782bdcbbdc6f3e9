"""The first step in which training leaves the right path, and what is still right there: in any lesson, of any function
that is told how many steps to take and changes its arguments meanwhile.

The function is asked again with fewer steps, and with fewer batches of a loader. All that is said was seen in each of
the calls that were tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from grader.core.labels import joined
from grader.grading.behaviour import Ask, Compared, Noticed, quantities
from grader.grading.relations import DIGITS_ONLY, UNMOVED, Pair, near, relation
from grader.sandbox.protocol.messages import Call, Reply
from grader.sandbox.protocol.plain import Array, Build

_CALLS = 3  # that are tried, of those that went wrong
_LOADER, _DATASET = "torch.utils.data.DataLoader", "torch.utils.data.TensorDataset"
_MOST_BATCHES = 12
_AT_FIRST = "all is right"


_ROUNDING = 2e-6  # of the largest number: what float32 leaves open after some steps
_ALIKE, _DIFFERENT = 1e-4, 1e-3  # of the step that was taken, or of the number


@dataclass(frozen=True)
class _Seen:
    """What came of one call: of each quantity the pair, or nothing where what came is of another shape or kind."""

    pairs: Mapping[str, Pair | None]

    def _that_are(self, state: bool | None) -> tuple[str, ...]:
        return tuple(what for what, pair in self.pairs.items() if _is_right(pair) is state)

    @cached_property
    def right(self) -> tuple[str, ...]:
        return self._that_are(True)

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        return self._that_are(False)

    @cached_property
    def is_sure(self) -> bool:
        """Whether there is something to see, and all of it can be told."""
        return bool(self.pairs) and not self._that_are(None)


def _is_right(pair: Pair | None) -> bool | None:
    """Whether it is right; None when nobody can tell."""
    if pair is None or pair.got.shape != pair.right.shape or not np.isfinite(pair.got).all():
        return False
    off, size = np.abs(pair.got - pair.right), np.abs(pair.right)
    rounding = _ROUNDING * size.max(initial=0.0)
    if pair.before is None or pair.before.shape != pair.right.shape:
        scale = size
    else:
        scale = np.full_like(off, np.abs(pair.right - pair.before).max(initial=0.0))
    if (off <= _ALIKE * scale + rounding).all():
        return True if scale.max(initial=0.0) > 10 * rounding or not off.any() else None
    return False if (off > _DIFFERENT * scale + 3 * rounding).any() else None


def first_step(
    function: str, compared: Sequence[Compared], names: Sequence[str], learner: Ask, reference: Ask
) -> Noticed | None:
    """What is right with fewer steps, and what goes wrong with one more; None where no argument counts steps, the calls
    don't agree, or all is wrong from the start in no known way. `names` are those of the function's parameters."""
    tried = [each for each in compared if each.is_wrong][:_CALLS]
    told: list[_First] = []
    for each in tried:

        def see(call: Call, each: Compared = each) -> _Seen | None:
            got, right = learner(call), reference(call)
            if not isinstance(got, Reply) or not isinstance(right, Reply):
                return None
            return _Seen(quantities(function, replace(each, call=call, got=got, right=right), names))

        found = _when(each, names, see, reference)
        if found is None:
            return None
        told.append(found)
    when = _agreed(told)
    if not when:
        return None
    if not any(each.seen.right for each in told):  # names of parameters may differ from call to call
        words = _related([pair for each in told for pair in each.seen.pairs.values()])
        if words == UNMOVED:
            return Noticed(f"{when} nothing has changed that should.")
        if words:
            return Noticed(f"{when} each thing that should change {words}.")
        return Noticed(f"{when} all is wrong.") if _AT_FIRST in when else None
    first = told[0].seen
    if any((each.seen.right, each.seen.wrong) != (first.right, first.wrong) for each in told):
        return None
    related = [_related([each.seen.pairs[what] for each in told]) for what in first.wrong]
    if all(related):
        wrong = joined([f"{_inside(what)} {words}" for what, words in zip(first.wrong, related, strict=True)])
    else:
        wrong = _are(first.wrong, "wrong")
    return Noticed(f"{when} {wrong}, while {_are(first.right, 'right')}.")


def _inside(what: str) -> str:
    return f"{what[:1].lower()}{what[1:]}"


def _are(what: Sequence[str], state: str) -> str:
    return f"{joined(list(map(_inside, what)))} {'is' if len(what) == 1 else 'are'} {state}"


def _related(pairs: Sequence[Pair | None]) -> str:
    """How parameters moved; empty when nobody knows."""
    known = [pair for pair in pairs if pair is not None and pair.before is not None]
    words = relation(known) if len(known) == len(pairs) else ""
    return "" if words.endswith(DIGITS_ONLY) else words


@dataclass(frozen=True)
class _First:
    """What was seen in the first call that goes wrong, `when` that is, in words, and after how many steps, if that is
    known."""

    when: str
    steps: int | None
    seen: _Seen


def _agreed(told: Sequence[_First]) -> str:
    """When it goes wrong in all of these, in words; empty where they don't agree."""
    if len({each.when for each in told}) == 1:
        return told[0].when
    steps = {each.steps for each in told}
    if steps == {1}:
        return "Already after the first step,"
    if len(steps) == 1 and None not in steps:
        step = max(each.steps or 0 for each in told)
        return f"After {'one step' if step == 2 else f'{step - 1} steps'} {_AT_FIRST}; after {step},"
    return f"With few steps {_AT_FIRST}; with more," if told and all(_AT_FIRST in each.when for each in told) else ""


def _when(each: Compared, names: Sequence[str], see: Callable[[Call], _Seen | None], reference: Ask) -> _First | None:
    """When a call goes wrong first, with fewer steps."""
    for index, steps in enumerate(each.call.args):
        if type(steps) is not int or steps < 1 or not _counts_steps(each, index, reference):
            continue
        name = f"`{names[index]}`" if index < len(names) else f"argument {index + 1}"
        first = _first_wrong(steps, lambda count, at=index: see(_with(each.call, at, count)))  # type: ignore[misc]
        if first is None:
            return None
        count, seen = first
        fewer = list(_fewer_batches(_with(each.call, index, 1)))
        if count > 1:
            when = f"With {name} = {count - 1} {_AT_FIRST}; with {count},"
            return _First(when, count if len(fewer) < 2 else None, seen)
        for batches, call in fewer if len(fewer) > 1 else ():
            in_part = see(call)
            if in_part is None or not in_part.is_sure:
                return None
            if in_part.wrong and batches == 1:
                return _First("Already after the first batch,", 1, in_part)
            if in_part.wrong:
                one = "one batch" if batches == 2 else f"{batches - 1} batches"
                return _First(f"After {one} {_AT_FIRST}; after {batches},", batches, in_part)
        return _First(f"Already with {name} = 1,", None if len(fewer) > 1 else 1, seen)
    return None


def _with(call: Call, index: int, value: Any) -> Call:
    return replace(call, args=(*call.args[:index], value, *call.args[index + 1 :]))


def _counts_steps(each: Compared, index: int, reference: Ask) -> bool:
    """Whether the right function leaves its arguments otherwise after two steps than after one."""
    one, two = (reference(_with(each.call, index, count)) for count in (1, 2))
    if not isinstance(one, Reply) or not isinstance(two, Reply):
        return False
    changed = {aspect for aspect in each.looked if aspect.startswith("after:")}
    pairs = quantities("", replace(each, got=one, right=two, looked=changed), ()).values()
    return any(pair is not None and not near(pair.got, pair.right) for pair in pairs)


def _first_wrong(most: int, see: Callable[[int], _Seen | None]) -> tuple[int, _Seen] | None:
    """The first count for which something is wrong, where the one before is right: one by one at first, and then
    halving, for what has left the path stays off it."""
    right, wrong = 0, most + 1
    found: _Seen | None = None
    while wrong - right > 1:
        count = right + 1 if right < 3 else (right + wrong) // 2
        seen = see(count)
        if seen is None or not (seen.wrong or seen.is_sure):
            return None
        if seen.wrong:
            wrong, found = count, seen
        else:
            right = count
    return (wrong, found) if found and found.is_sure else None


def _fewer_batches(call: Call) -> Iterator[tuple[int, Call]]:
    """The same call with one batch, with two, and so on, where one of its arguments is a loader of several in order."""
    for index, loader in enumerate(call.args):
        if not isinstance(loader, Build) or loader.path != _LOADER or loader.kwargs.get("shuffle") or not loader.args:
            continue
        data, *more = loader.args
        size = loader.kwargs.get("batch_size", more[0] if more else 1)
        if type(size) is not int or size < 1 or not isinstance(data, Build) or data.path != _DATASET:
            continue
        if not data.args or not all(isinstance(array, Array) and array.shape for array in data.args):
            continue
        rows = data.args[0].shape[0]
        for batches in range(1, min(-(-rows // size), _MOST_BATCHES) + 1):
            part = replace(data, args=tuple(_rows(array, min(batches * size, rows)) for array in data.args))
            yield batches, _with(call, index, replace(loader, args=(part, *more)))
        return


def _rows(array: Array, count: int) -> Array:
    """The first rows of an array."""
    rows = array.shape[0]
    data = np.frombuffer(array.data, dtype=np.uint8).reshape(rows, -1)[:count].tobytes() if rows else array.data
    return replace(array, shape=(count, *array.shape[1:]), data=data)
