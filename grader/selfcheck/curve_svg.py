"""A learner's losses as a small picture: SVG in the colours of the text around it."""

from __future__ import annotations

from html import escape

from grader.selfcheck.curve import Curve, shown

WIDTH, HEIGHT = 320, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 8, 20
_DOTS = 30


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
        f'<text x="{_LEFT - 5}" y="{_TOP + 8}" text-anchor="end">{shown(high)}</text>'
        f'<text x="{_LEFT - 5}" y="{floor}" text-anchor="end">{shown(low)}</text>'
        f'<text x="{_LEFT}" y="{HEIGHT - 5}">1</text>'
        f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 5}" text-anchor="end">{len(curve.losses)}</text>'
        "</g></svg>"
    )
