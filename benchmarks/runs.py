"""What a tool's run over some right submissions came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class NotRight(Exception):
    """A right submission did not get full marks, so that what was measured means nothing."""


@dataclass(frozen=True)
class Run:
    """A tool graded `count` right submissions, one after the other, and gave full marks to all of them."""

    count: int
    seconds: float
    peak_mb: float


class Tool(Protocol):
    """Something that grades."""

    name: str

    def grade(self, count: int) -> Run:
        """Grade the first `count` submissions. Raises `NotRight` when one doesn't get full marks."""


def expect_all(name: str, right: int, count: int, output: str) -> None:
    """Raises `NotRight` when not all submissions got full marks."""
    if right != count:
        last = "; ".join(output.strip().splitlines()[-3:])
        raise NotRight(f"{name} gave full marks to {right} of {count} right submissions ({last[:300]})")
