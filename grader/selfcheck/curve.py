"""The losses that a learner's training went through, as far as its checks saw them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

_FEWEST = 2
_MOST = 2000
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|[-+]?inf"
_PRINTED = re.compile(rf"\bloss\b[\s:=]*({_NUMBER})", re.IGNORECASE)
_STEPS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Curve:
    """Losses in their order, all finite; `then` is what came after them, `nan` or `inf`, where that ended it."""

    losses: tuple[float, ...]
    then: str = ""

    @property
    def words(self) -> str:
        """`from 7601 to 83.25 in 101 steps`."""
        first, last = (shown(loss) for loss in (self.losses[0], self.losses[-1]))
        end = f"; then {self.then}: it is no number any more" if self.then else ""
        return f"from {first} to {last}, {len(self.losses)} values{end}"

    def small(self, width: int = 24) -> str:
        """The curve as one line of characters."""
        losses = [loss / 2 for loss in self.losses]  # so that the largest numbers there are have a difference
        low, high = min(losses), max(losses)
        count = min(width, len(self.losses))
        picked = [losses[round(i * (len(losses) - 1) / max(1, count - 1))] for i in range(count)]
        return "".join(_STEPS[round((loss - low) / (high - low) * 7) if high > low else 0] for loss in picked)


def curve_of(value: Any, printed: str) -> Curve | None:
    """The curve in what a function returned, a list of numbers, or else in what it printed, `Loss: 68.8` on each line.

    None where there is none.
    """
    if isinstance(value, list) and all(type(each) in (int, float) for each in value):
        found = _curve([float(each) for each in value[:_MOST]])
        if found:
            return found
    lines = [_PRINTED.findall(line) for line in printed.splitlines()]
    return _curve([float(found[-1]) for found in lines if found][:_MOST])


def shown(loss: float) -> str:
    """A loss in four digits or so: 7602, 83.25, 0.0004831."""
    if abs(loss) >= 1e7 or 0 < abs(loss) < 1e-4:
        return f"{loss:.3g}"
    return f"{loss:.0f}" if abs(loss) >= 1000 else f"{loss:.4g}"


def _curve(losses: list[float]) -> Curve | None:
    finite = 0
    while finite < len(losses) and math.isfinite(losses[finite]):
        finite += 1
    if finite < _FEWEST:
        return None
    return Curve(tuple(losses[:finite]), str(losses[finite]) if finite < len(losses) else "")
