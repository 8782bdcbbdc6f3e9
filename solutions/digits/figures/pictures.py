"""Figures made of squares: images of digits, weights, and the table of what was taken for what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from solutions.digits import oracle
from solutions.digits.figures.numbers import from_scratch, part, trained, validation
from solutions.linear_regression.figures.paper import Paper, sheet

Square = tuple[float, float, float]  # its left and lower edge, and how full of ink it is, from 0 to 1
_STEP = 9  # from one image to the next, in squares


def _mixed(empty: str, full: str, share: float) -> str:
    return to_hex([(1 - share) * one + share * other for one, other in zip(to_rgb(empty), to_rgb(full), strict=True)])


def _fill(ax: Any, squares: Iterable[Square], empty: str, full: str) -> None:
    """Draw squares: one outline for all that have the same ink, which keeps the file small."""
    shades: dict[float, list[tuple[float, float]]] = {}
    for left, low, ink in squares:
        shades.setdefault(round(ink * 16) / 16, []).append((left, low))
    for ink, places in sorted(shades.items()):
        if ink:
            corners = [(left + x, low + y) for left, low in places for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
            codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(places)
            ax.add_patch(PathPatch(Path(corners, codes), facecolor=_mixed(empty, full, ink), linewidth=0))


def _squares(image: Any, left: float, top: float) -> Iterable[Square]:
    """The squares of an image of 8 x 8 numbers from 0 to 1."""
    return ((left + x, top - 1 - y, float(image[y, x])) for y in range(8) for x in range(8))


def _plain(ax: Any, width: float, height: float) -> None:
    ax.set(xlim=(-0.5, width), ylim=(-height, 0.7), aspect="equal")
    ax.axis("off")


def _frame(ax: Any, paper: Paper, left: float, top: float, width: float = 8, height: float = 8) -> None:
    ax.add_patch(Rectangle((left, top - height), width, height, fill=False, edgecolor=paper.soft, linewidth=0.8))


def _album(paper: Paper, images: Sequence[Any], words: Sequence[str], columns: int, line: float) -> Figure:
    """Images in lines, each with its words below."""
    lines = -(-len(images) // columns)
    wide, high = columns * _STEP, lines * line
    figure, ax = sheet(7.5, 7.5 * (high + 0.7) / (wide + 0.5))
    _plain(ax, wide, high)
    found: list[Square] = []
    for number, (image, below) in enumerate(zip(images, words, strict=True)):
        left, top = number % columns * _STEP, -(number // columns) * line
        found += _squares(image, left, top)
        ax.text(left + 4, top - 8.6, below, ha="center", va="top", fontsize=12, linespacing=1.3)
        _frame(ax, paper, left, top)
    _fill(ax, found, paper.paper, paper.ink)
    return figure


def digits(paper: Paper) -> Figure:
    """Each digit twice."""
    data = part(0, 1200)
    places = [np.flatnonzero(data.y == digit)[turn] for turn in range(2) for digit in range(10)]
    return _album(paper, [data.images[at] / 16 for at in places], [str(data.y[at]) for at in places], 5, 11.5)


def rows(paper: Paper) -> Figure:
    """An image, and how its lines come one behind the other."""
    data = part(0, 1200)
    image = data.images[np.flatnonzero(data.y == 0)[0]] / 16
    figure, ax = sheet(7.5, 4.2)
    ax.set(xlim=(-1.6, 19.6), ylim=(-9.4, 2), aspect="equal")
    ax.axis("off")
    found = list(_squares(image, 0, 0))
    _frame(ax, paper, 0, 0)
    ax.text(4, 0.5, "image: 8 × 8", ha="center")
    ax.text(15, 0.5, "row: 64", ha="center")
    for line in range(8):
        top = -line * 1.15
        found += [(11 + x, top - 1, float(image[line, x])) for x in range(8)]
        _frame(ax, paper, 11, top, height=1)
        ax.text(10.7, top - 0.5, f"{8 * line}", ha="right", va="center", color=paper.soft, fontsize=10)
        if line < 3:
            ax.annotate("", (9.4, top - 0.5), (8.2, -line - 0.5), arrowprops={"arrowstyle": "->", "color": paper.line})
            _mark(ax, paper, line)
    _fill(ax, found, paper.paper, paper.ink)
    return figure


def _mark(ax: Any, paper: Paper, line: int) -> None:
    ax.add_patch(Rectangle((0, -line - 1), 8, 1, fill=False, edgecolor=paper.line, linewidth=2, zorder=3))


def weights(paper: Paper) -> Figure:
    """The weights of each digit: what pulls is filled, what pushes away has dots in it."""
    w = from_scratch()
    largest = float(np.abs(w).max())
    figure, ax = sheet(7.5, 7.5 * 24.7 / 45.5)
    _plain(ax, 5 * _STEP, 2 * 12)
    pull: list[Square] = []
    push: list[Square] = []
    crosses: list[tuple[float, float]] = []
    for digit in range(10):
        left, top = digit % 5 * _STEP, -(digit // 5) * 12
        found = list(_squares(w[digit].reshape(8, 8) / largest, left, top))
        pull += [each for each in found if each[2] > 0]
        push += [(x, y, -weight) for x, y, weight in found if weight < 0]
        crosses += [(x + 0.5, y + 0.5) for x, y, weight in found if weight < -0.25]
        _frame(ax, paper, left, top)
        ax.text(left + 4, top - 8.6, str(digit), ha="center", va="top", fontsize=12)
    _fill(ax, pull, paper.paper, paper.line)
    _fill(ax, push, paper.paper, paper.oranges)
    ax.plot(*zip(*crosses, strict=True), ".", color=paper.ink, markersize=2.5)
    return figure


def confusion(paper: Paper) -> Figure:
    """The confusion matrix of the validation set."""
    run, data = trained(1200, 30), validation()
    table = np.zeros((10, 10), dtype=int)
    np.add.at(table, (data.y, (data.x @ run.w.T + run.b).argmax(axis=1)), 1)
    figure, ax = sheet(6.2, 6)
    ax.set(xlim=(0, 10), ylim=(-10, 0), aspect="equal", xlabel="predicted", ylabel="label")
    ax.grid(visible=False)
    for way, places in ((ax.set_xticks, np.arange(10) + 0.5), (ax.set_yticks, -np.arange(10) - 0.5)):
        way(places, [str(digit) for digit in range(10)])
    ax.xaxis.set_label_position("top")
    ax.xaxis.tick_top()
    right = [(at, -at - 1, table[at, at] / table.max() * 0.75 + 0.25) for at in range(10)]
    wrong = [(j, -i - 1, 1.0) for i in range(10) for j in range(10) if i != j and table[i, j]]
    _fill(ax, right, paper.paper, paper.line)
    _fill(ax, wrong, paper.paper, paper.oranges)
    for i in range(10):
        for j in range(10):
            if table[i, j]:
                color = paper.paper if i == j else "#1b1f24"
                ax.text(j + 0.5, -i - 0.5, str(table[i, j]), ha="center", va="center", color=color, weight="bold")
            else:
                ax.plot(j + 0.5, -i - 0.5, ".", color=paper.faint, markersize=4)
    return figure


def worst(paper: Paper) -> Figure:
    """The six surest mistakes on the validation set."""
    run, data = trained(1200, 30), validation()
    found = oracle.probabilities(data.x @ run.w.T + run.b)
    sure, predicted = found.max(axis=1), found.argmax(axis=1)
    wrong = np.flatnonzero(predicted != data.y)
    first = wrong[np.argsort(-sure[wrong])][:6]
    words = [f"a {data.y[at]}, taken for\na {predicted[at]}, with {sure[at]:.2f}" for at in first]
    return _album(paper, [data.images[at] / 16 for at in first], words, 3, 12.5)
