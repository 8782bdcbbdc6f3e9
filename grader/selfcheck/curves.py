"""The losses that a training went through, in words and as a picture; and what a lesson's page shows of its learner.

A page runs no script. It has a place for what is done and for the losses of the learner's own training, and a style
sheet beside it fills these: one line for each exercise, so that a run of some exercises leaves what is known of others.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grader.core.assignment import PAGE, PROGRESS, Exercise
from grader.core.records import ExerciseStatus
from grader.selfcheck.state import ExerciseState

WIDTH, HEIGHT = 320, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 8, 20
_DOTS = 30

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
        first, last = (shown_loss(loss) for loss in (self.losses[0], self.losses[-1]))
        end = f"; then {self.then}: it is no longer a number" if self.then else ""
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


def shown_loss(loss: float) -> str:
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


def speaks_of_losses(exercise: Exercise) -> bool:
    """Whether an exercise is about losses: its hints say so. Numbers of another may be anything."""
    return "loss" in " ".join(exercise.hints).lower()


def longer(one: Curve | None, other: Curve | None) -> Curve | None:
    """Of two the one with more losses, the first of equals."""
    return max((each for each in (one, other) if each), key=lambda each: len(each.losses), default=None)


def curve_svg(name: str, curve: Curve) -> str:
    """The picture; its text for those who don't see it says where the losses begin and end."""
    low, high = min(0.0, *curve.losses), max(curve.losses)
    span = (high / 2 - low / 2) or 1.0  # halves, so that the largest numbers there are have a difference
    last = max(1, len(curve.losses) - 1)
    room, tall = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    spots = [
        (_LEFT + room * number / last, _TOP + tall * ((high / 2 - loss / 2) / span))
        for number, loss in enumerate(curve.losses)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    dots = spots if len(spots) <= _DOTS else [spots[0], spots[-1]]
    floor = HEIGHT - _BOTTOM
    return (
        f'<svg class="sc-curve" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(f"The losses of {name}: {curve.words}")}">'
        f'<path d="M{_LEFT} {_TOP}V{floor}H{WIDTH - _RIGHT}" fill="none" stroke="currentColor" opacity="0.4"/>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="currentColor"/>' for x, y in dots)
        + '<g fill="currentColor" font-size="11" font-family="sans-serif">'
        f'<text x="{_LEFT - 5}" y="{_TOP + 8}" text-anchor="end">{shown_loss(high)}</text>'
        f'<text x="{_LEFT - 5}" y="{floor}" text-anchor="end">{shown_loss(low)}</text>'
        f'<text x="{_LEFT}" y="{HEIGHT - 5}">1</text>'
        f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 5}" text-anchor="end">{len(curve.losses)}</text>'
        "</g></svg>"
    )


_DONE = '.of-{0}::after{{content:" \\2713";content:" \\2713"/" done"}}'
_CURVE = ".curve-{0}{{display:block}}.curve-{0} i{{-webkit-mask:{1} no-repeat 0/contain;mask:{1} no-repeat 0/contain}}"


def mark_page(folder: Path, standing: Sequence[ExerciseState], curves: Mapping[str, Curve]) -> None:
    """Fill in the page of the lesson in `folder`, if it has one. `curves` are by exercise. Where nothing can be written
    it stays as it is."""
    if not (folder / PAGE).is_file():
        return
    path = folder / PROGRESS
    with contextlib.suppress(OSError, UnicodeDecodeError):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        known = {line.split()[1]: line for line in before.splitlines() if line.startswith("/* ")}
        for each in (each for each in standing if each.is_reached or each.exercise.id not in known):
            known[each.exercise.id] = _line(each, curves.get(each.exercise.id))
        text = "".join(f"{line}\n" for line in known.values())
        if text != before:
            path.write_text(text, encoding="utf-8")


def _line(each: ExerciseState, curve: Curve | None) -> str:
    name = each.exercise.id
    done = _DONE.format(name) if each.result.status is ExerciseStatus.PASSED and each.whole else ""
    picture = f'url("data:image/svg+xml,{quote(_svg_alone(curve_svg(name, curve)))}")' if curve else ""
    return f"/* {name} */ {done}{_CURVE.format(name, picture) if picture else ''}"


def _svg_alone(svg: str) -> str:
    """The same picture as a file of its own."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
