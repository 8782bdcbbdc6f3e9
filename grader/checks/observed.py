"""What a learner's function showed of itself in one call, as text and numbers that can be compared.

Two implementations behave alike in a call when what the check looks at is the same: the same text (types, shapes,
exceptions), and numbers that differ by rounding alone. The aspects that a check looks at have names:

    value        what was returned            after:1   an argument afterwards
    items        what it gave in a loop       grad:1    the gradient of an argument
    lines:Epoch  printed lines that begin so  reset:1   whether that gradient is gone
    printed      all that was printed         leaf:1    whether an argument is still a leaf that requires gradients
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from grader.core.answers import NEAR, Answers
from grader.sandbox.inside.materialize import tensor_from_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array, Opaque

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf")
_ADDRESS = re.compile(r"\b0x[0-9a-f]+")


# A longer name of a part is cut: the order of the parts tells where they are.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that was seen: `text` is compared exactly, `numbers` nearly. These are made of what is `held` when they
    are asked for: an array of a narrow type takes eight times its own bytes as float64."""

    text: str
    held: Array | float | np.ndarray[Any, np.dtype[np.float64]] | None = None

    @property
    def numbers(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The numbers, as float64 in one dimension."""
        if isinstance(self.held, Array):
            return _numbers(self.held)
        return np.empty(0) if self.held is None else np.atleast_1d(np.asarray(self.held, dtype=np.float64))

    @property
    def size(self) -> int:
        """How many numbers there are; of complex ones half as many."""
        if isinstance(self.held, Array):
            return math.prod(self.held.shape)
        return 0 if self.held is None else int(np.size(self.held))


@dataclass
class CallRecord:
    """One call of a check, the `number`th of it. `answer` is there once it came; `looked` are the aspects that the
    check has looked at so far."""

    check: str
    number: int
    call: Call
    answer: Reply | Raised | None = None
    printed: str = ""
    looked: set[str] = field(default_factory=set)


# By check and call, the aspects that the check reads when all is well.
Looked = Mapping[tuple[str, int], set[str]]


def looked_at(asked: Sequence[CallRecord]) -> dict[tuple[str, int], set[str]]:
    """The aspects that a run's checks read of each call, when all was well."""
    return {(each.check, each.number): each.looked for each in asked}


def features(answer: Reply | Raised, printed: str, aspects: set[str]) -> list[Feature]:
    """What an answer shows in these aspects. An exception hides them all: it is the one thing that is seen."""
    if isinstance(answer, Raised):
        message = _ADDRESS.sub("0x", answer.message)
        return [Feature(f"raised {answer.stage} {answer.type_name}: {message}")]
    return [feature for aspect in sorted(aspects) for feature in _seen(aspect, answer, printed)]


def shown(asked: Sequence[CallRecord], looked: Looked) -> list[Feature] | None:
    """What a function shows in all these calls; None when one came to no end, or nobody knows what is looked at."""
    found: list[Feature] = []
    for each in asked:
        aspects = looked.get((each.check, each.number))
        if aspects is None or each.answer is None:
            return None
        found += [Feature(f"{each.check} {each.number}"), *features(each.answer, each.printed, aspects)]
    return found


_MOST_NUMBERS, _MOST_KEPT = 4_000_000, 40_000
_FEW = 3
_GOLDEN = 0.618034  # its multiples are spread evenly, and no two of them are alike


def answers_of(asked: Sequence[CallRecord], looked: Looked, besides: Sequence[str] = ()) -> Answers | None:
    """What a function shows in these calls, and what is known of it `besides`, in a form that is kept; None also where
    it is too much for that."""
    found = shown(asked, looked)
    if found is None or sum(feature.size for feature in found) > _MOST_NUMBERS:
        return None
    digest = hashlib.sha256(repr(sorted(besides)).encode())
    parts: list[list[float]] = []
    for feature in found:
        part, not_finite, places = _kept(feature)
        parts.append(part)
        told = f"{feature.text} {not_finite} {places}"
        digest.update(f"{len(told)} {told}".encode("utf-8", "surrogatepass"))
    if sum(map(len, parts)) > _MOST_KEPT:
        return None
    return Answers.of(digest.hexdigest()[:32], [part for part in parts if part])


def _kept(feature: Feature) -> tuple[list[float], list[float], list[int]]:
    """A few numbers in place of a feature's, and those of them that are not finite, with their places."""
    if isinstance(feature.held, float) and math.isfinite(feature.held):  # as below; a list of losses has hundreds
        return [feature.held], [], []
    numbers = feature.numbers
    known = np.isfinite(numbers)
    if known.all():
        return _summed(numbers), [], []
    return _summed(np.where(known, numbers, 0.0)), numbers[~known].tolist(), np.flatnonzero(~known).tolist()


def _summed(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> list[float]:
    """A few numbers in place of many, of which the first is the largest."""
    if numbers.size <= _FEW:
        return [float(number) for number in numbers]
    largest = float(np.abs(numbers).max())
    sums = (float((numbers / largest) @ each) if largest else 0.0 for each in _weights(numbers.size))
    return [largest, *(largest * each for each in sums)]


@lru_cache(maxsize=64)
def _weights(size: int) -> tuple[np.ndarray[Any, np.dtype[np.float64]], ...]:
    places = np.arange(1, size + 1, dtype=np.float64) * _GOLDEN
    return 0.5 + places % 1, 0.5 + (places * places) % 1


def alike(one: list[Feature], other: list[Feature]) -> bool:
    """Whether two implementations showed the same."""
    return len(one) == len(other) and all(map(_alike, one, other))


def _alike(one: Feature, other: Feature) -> bool:
    if one.text != other.text:
        return False
    if isinstance(one.held, float) and isinstance(other.held, float):
        return _near(one.held, other.held)
    a, b = one.numbers, other.numbers
    if a.shape != b.shape:
        return False
    if not a.size:
        return True
    finite = np.isfinite(a)
    if not np.array_equal(finite, np.isfinite(b)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite], b[finite]
    largest = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return bool(np.abs(a - b).max(initial=0.0) <= NEAR * largest)


def _near(one: float, other: float) -> bool:
    """The same for two numbers: a list of losses has hundreds."""
    largest = max(abs(one), abs(other))
    both_unknown = math.isnan(one) and math.isnan(other)
    return one == other or both_unknown or abs(one - other) <= NEAR * largest < math.inf


def _seen(aspect: str, reply: Reply, printed: str) -> Iterator[Feature]:
    kind, _, which = aspect.partition(":")
    if kind == "value":
        yield from _of(reply.value, "value")
    elif kind == "items":
        yield from _of(list(map(list, reply.items)), "items")
    elif kind == "printed":
        yield _text(printed)
    elif kind == "lines":
        yield _text("\n".join(printed_lines(printed, which)))
    else:
        index = int(which)
        after = reply.after[index] if index < len(reply.after) else None
        if kind == "after":
            yield from _of(after, aspect, graph=False)
        elif kind == "grad":
            grad = gradients_in(after) if isinstance(after, dict | tuple) else gradients_in(after).get("")
            yield from _of(grad, aspect, graph=False)
        elif kind == "reset":
            yield Feature(f"{aspect} {not any(map(is_left, gradients_in(after).values()))}")
        elif kind == "leaf":
            yield Feature(f"{aspect} {isinstance(after, Array) and after.requires_grad and after.leaf}")


def gradients_in(after: Any) -> dict[str, Array | None]:
    """The gradients of what came back of an argument, by the names of an object's tensors; that of a tensor by ""."""
    held = after[0] if isinstance(after, tuple) and len(after) == 1 else after
    named = held if isinstance(held, dict) else {"": held}
    return {name: each.grad for name, each in named.items() if isinstance(each, Array)}


def is_left(grad: Array | None) -> bool:
    """Whether there is a gradient, other than zero."""
    return grad is not None and bool(tensor_from_plain(grad).ne(0).any())


def printed_lines(printed: str, start: str) -> list[str]:
    """The printed lines that begin with `start`."""
    return [line for line in printed.splitlines() if line.startswith(start)]


def _text(printed: str) -> Feature:
    """Printed text: its numbers are compared as numbers."""
    numbers = [float(each) for each in NUMBER.findall(printed)]
    return Feature("printed " + NUMBER.sub("#", printed), np.array(numbers, dtype=np.float64))


def _of(value: Any, name: str, *, graph: bool = True) -> Iterator[Feature]:
    """A plain value, part by part. With `graph`, whether a tensor is attached to a graph is seen, too."""
    name = name[-_LONGEST_NAME:]
    if isinstance(value, Array):
        attached = graph and value.requires_grad
        text = f"{name} {value.kind} {value.dtype} {value.shape} {value.device}{' attached' if attached else ''}"
        yield Feature(text, value)
    elif isinstance(value, Opaque):
        yield Feature(f"{name} {value.type_name}")
    elif isinstance(value, bytes):
        yield Feature(f"{name} bytes of {len(value)} {hashlib.sha256(value).hexdigest()}")
    elif isinstance(value, float):
        yield Feature(f"{name} float", value)
    elif isinstance(value, list | tuple):
        yield Feature(f"{name} {type(value).__name__} of {len(value)}")
        for index, item in enumerate(value):
            if type(item) is float:  # as below; a list of losses has hundreds
                yield Feature(f"{name}.{index}"[-_LONGEST_NAME:] + " float", item)
            else:
                yield from _of(item, f"{name}.{index}", graph=graph)
    elif isinstance(value, dict):
        yield Feature(f"{name} dict {sorted(value)}")
        for key in sorted(value):
            yield from _of(value[key], f"{name}.{key}", graph=graph)
    else:
        yield Feature(f"{name} {type(value).__name__} {value!r:.200}")


def _numbers(value: Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    if value.dtype == "bfloat16":  # which NumPy has not
        flat = tensor_from_plain(value).detach().double().numpy().reshape(-1)
    else:
        flat = np.frombuffer(value.data, dtype=value.dtype)
    if np.iscomplexobj(flat):
        flat = np.concatenate([flat.real, flat.imag])
    return flat.astype(np.float64)
