"""Numbers of a class in words, as its page shows them."""

from __future__ import annotations

from grader.results.class_statistics import FEWEST_TO_JUDGE, Correlation

_WELL, _A_LITTLE = 0.3, 0.1


def separates(correlation: Correlation) -> str:
    """How well it tells the strong from the weak, in words and as a number; a dash where too few learners were graded
    to tell."""
    value = correlation.value
    if value is None or correlation.pairs < FEWEST_TO_JUDGE:
        return "–"
    word = "well" if value >= _WELL else "a little" if value >= _A_LITTLE else "hardly"
    return f"{'against the rest' if correlation.is_against else word} {signed(correlation)}"


def seconds(value: float | None) -> str:
    """A time, as short as it is read."""
    if value is None:
        return "–"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def signed(correlation: Correlation) -> str:
    """As a number alone, with its sign."""
    return f"{correlation.value or 0.0:+.2f}".replace("-", "−")
