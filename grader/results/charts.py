"""Charts as numbers: where each bar begins and ends, in percent of a width or in pixels of a height.

The page's template draws them as rectangles. Across, everything is in percent, so that words in a chart have one size
on every screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.core import labels
from grader.results.class_statistics import Bin, Scores

# Fewer than this could be recognised by those who know the class.
FEWEST_TO_SHOW = 3


@dataclass(frozen=True)
class Group:
    """So many learners of a kind; `kinds` are several where small groups were joined."""

    kinds: tuple[str, ...]
    learners: int


@dataclass(frozen=True)
class Segment:
    """A piece of a bar, in percent of the bar's width; its `kind` is `joined` where it stands for several."""

    kind: str
    start: float
    width: float


def stacked(groups: Iterable[Group], whole: float) -> list[Segment]:
    """The pieces of a bar one after the other, of a bar that is `whole` long."""
    segments, start = [], 0.0
    for group in groups:
        width = 100 * group.learners / whole if whole else 0.0
        if width > 0:
            segments.append(
                Segment(group.kinds[0] if len(group.kinds) == 1 else "joined", round(start, 3), round(width, 3))
            )
        start += width
    return segments


def joined_small(groups: Sequence[Group]) -> list[Group]:
    """The same, small groups joined with a neighbour until none is small; none at all where all together are few."""
    left = [group for group in groups if group.learners]
    while len(left) > 1 and (small := _smallest(left)) is not None:
        left = _joined_with_a_neighbour(left, small)
    return [] if _smallest(left) is not None else left


def _smallest(groups: Sequence[Group]) -> int | None:
    sizes = [(group.learners, place) for place, group in enumerate(groups) if 0 < group.learners < FEWEST_TO_SHOW]
    return min(sizes)[1] if sizes else None


def _joined_with_a_neighbour(groups: list[Group], place: int) -> list[Group]:
    beside = [each for each in (place - 1, place + 1) if 0 <= each < len(groups)]
    first, second = sorted((place, min(beside, key=lambda each: groups[each].learners)))
    both = Group(groups[first].kinds + groups[second].kinds, groups[first].learners + groups[second].learners)
    return [*groups[:first], both, *groups[second + 1 :]]


def joined_bins(bins: Sequence[Bin]) -> list[Bin]:
    """The same, small bins joined with a neighbour until none is small; none at all where all together are few."""
    left = [Group((str(place),), each.learners) for place, each in enumerate(bins)]
    while len(left) > 1 and (small := _smallest(left)) is not None:
        left = _joined_with_a_neighbour(left, small)
    if _smallest(left) is not None:
        return []
    return [Bin(bins[int(each.kinds[0])].low, bins[int(each.kinds[-1])].high, each.learners) for each in left]


PLOT_TOP, PLOT_BOTTOM = 24, 280  # pixels
_LEFT, _ACROSS = 2.0, 96.0  # percent
_MOST_SIGNS = 34  # of all words below the axis, on a phone


@dataclass(frozen=True)
class Bar:
    """A bar of the histogram: across in percent, up and down in pixels. `name` is its row in the table."""

    name: str
    learners: int
    start: float
    width: float
    top: float

    @property
    def middle(self) -> float:
        return round(self.start + self.width / 2, 3)

    @property
    def height(self) -> float:
        return round(PLOT_BOTTOM - self.top, 1)


@dataclass(frozen=True)
class Mark:
    """A word below the axis, and where."""

    at: float
    text: str


@dataclass(frozen=True)
class Histogram:
    """Bars whose area is how many learners they stand for, the axis, and mean and quartiles."""

    bars: tuple[Bar, ...]
    axis: tuple[Mark, ...]
    mean: float
    quartiles: tuple[float, float, float]


def histogram(scores: Scores, bins: Sequence[Bin]) -> Histogram:
    """The chart of scores that lie in these bins, which follow each other."""
    whole = scores.max_score or 1.0

    def across(score: float) -> float:
        return round(_LEFT + _ACROSS * score / whole, 3)

    density = [each.learners / ((each.high - each.low) or 1.0) for each in bins]
    highest = max(density, default=0) or 1.0
    bars = tuple(
        Bar(
            _range(each, is_last=each is bins[-1]),
            each.learners,
            across(each.low),
            round(across(each.high) - across(each.low), 3),
            round(PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * dense / highest, 1),
        )
        for each, dense in zip(bins, density, strict=True)
    )
    edges = [each.low for each in bins] + [bins[-1].high] if bins else []
    longest = max((len(labels.points(edge)) for edge in edges), default=0)
    step = -(-len(edges) * max(2, longest) // _MOST_SIGNS) or 1
    shown = edges[::-1][::step][::-1]  # with the last, which is all points
    shown = [edges[0], *shown[1:]] if shown else []
    axis = tuple(Mark(across(edge), labels.points(edge)) for edge in shown)
    low, middle, high = scores.quartiles
    return Histogram(bars, axis, across(scores.mean), (across(low), across(middle), across(high)))


def _range(each: Bin, *, is_last: bool) -> str:
    return f"{labels.points(each.low)} to {'' if is_last else 'under '}{labels.points(each.high)}"
