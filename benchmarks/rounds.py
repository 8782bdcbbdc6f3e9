"""Numbers that are gathered over interleaved rounds, so that noise falls on all of them alike."""

from __future__ import annotations

import statistics
from collections import defaultdict


class Rounds:
    """Seconds (or megabytes) by name; a name's figure is the median over the rounds."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = defaultdict(list)
        self.missing: dict[str, str] = {}

    def note(self, name: str, value: float) -> None:
        """Keep what was measured."""
        self.values[name].append(value)

    def give_up(self, name: str, why: str) -> None:
        """Keep why something can't be measured: it is not tried again."""
        self.missing[name] = why

    def has(self, name: str) -> bool:
        """Whether it was measured."""
        return bool(self.values.get(name))

    def median(self, name: str) -> float:
        """The figure of a name that was measured."""
        return statistics.median(self.values[name])

    def spread(self, name: str) -> str:
        """The smallest and the largest, for a note: `0.9 to 1.3`."""
        return f"{min(self.values[name]):.3g} to {max(self.values[name]):.3g}"
