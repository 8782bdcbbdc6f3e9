"""What a function gave in the calls that a whole class is asked, kept so that those that do the same are found."""

from __future__ import annotations

import hashlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Self

NEAR = 1e-4  # of the largest number: what two programs that do the same may differ by
_WIDEST = 3e38  # about what 32 bits hold
_DIGITS = 6


@dataclass(frozen=True)
class Answers:
    """What a function gave in calls that are the same for the whole class: `shows` is a digest of what is compared
    exactly, `numbers` holds the parts of which each is compared nearly."""

    shows: str
    numbers: str

    def __post_init__(self) -> None:
        """Raises `ValueError` for numbers that `of` would not write: they may come from another machine."""
        _parts(self.numbers)

    @classmethod
    def of(cls, shows: str, parts: Iterable[Sequence[float]]) -> Self:
        """Of parts that have at least one number each."""
        held = [array("f", map(_narrow, part)) for part in parts]
        data = b"".join(part.tobytes() for part in held)
        return cls(shows, f"{' '.join(str(len(part)) for part in held)}:{b64encode(data).decode()}")

    def among(self, those: str) -> Answers:
        """The same, and like none but those that are among the same: answers to one variant of an exercise."""
        return replace(self, shows=hashlib.sha256(f"{those}\x1f{self.shows}".encode()).hexdigest())

    def is_like(self, other: Answers) -> bool:
        """Whether two functions gave the same, but for rounding."""
        if self == other or self.shows != other.shows:
            return self == other
        one, another = _parts(self.numbers), _parts(other.numbers)
        return list(map(len, one)) == list(map(len, another)) and all(map(_near, one, another))

    def name(self, longer: int = 0) -> str:
        """A short name that is the same for all that are like these, nearly always; `longer` by so many digits."""
        firsts = (f"{part[0]:.2e}" for part in _parts(self.numbers))
        return hashlib.sha256(" ".join([self.shows, *firsts]).encode()).hexdigest()[: _DIGITS + longer]


@lru_cache(2000)
def _parts(numbers: str) -> list[array[float]]:
    sizes, _, data = numbers.partition(":")
    held = array("f", b64decode(data, validate=True))
    ends = [0, *accumulate(map(int, sizes.split()))]
    if ends[-1] != len(held) or ends != sorted(set(ends)):
        raise ValueError(f"expected parts of {sizes} numbers, found {len(held)}")
    return [held[start:end] for start, end in pairwise(ends)]


def _narrow(number: float) -> float:
    return max(-_WIDEST, min(number, _WIDEST))


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    largest = max(map(abs, (*one, *other)))
    return all(abs(a - b) <= NEAR * largest for a, b in zip(one, other, strict=True))
