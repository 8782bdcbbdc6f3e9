"""Figures of one step downhill: a parabola and its tangent, the learning rate, and a valley that is long and narrow."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from solutions.linear_regression import oracle
from solutions.linear_regression.figures.numbers import (
    INPUTS,
    LR,
    START,
    TARGETS,
    Array,
    curvature,
    slope,
    standardised,
)
from solutions.linear_regression.figures.paper import Paper, sheet

# The valley's figure: how high above the bottom its paths begin, and its contours as shares of that.
HIGH = 3000.0
LEVELS: Array = np.array([0.01, 0.08, 0.25, 0.55, 1.0])


def _tangent(paper: Paper, weight: float, title: str) -> Figure:
    """The loss over one weight, temperature's for apples, all else as at the start, with the tangent at `weight`."""

    def theta(value: float) -> Array:
        moved = START.copy()
        moved[0, 0] = value
        return moved

    figure, ax = sheet(5.2, 3.9)
    values = np.linspace(-1.75, 0.98, 121)
    ax.plot(values, [oracle.loss(theta(value), INPUTS, TARGETS) for value in values], color=paper.ink)
    here = oracle.loss(theta(weight), INPUTS, TARGETS)
    rise = slope(theta(weight), INPUTS, TARGETS)[0, 0]
    reach = np.array([-0.4, 0.4])
    ax.plot(weight + reach, here + rise * reach, "--", color=paper.line, linewidth=2.5)
    ax.plot([weight], [here], "o", color=paper.apples, markersize=10, markeredgecolor=paper.ink, zorder=5)
    way = -np.sign(rise)
    ax.annotate(
        "",
        (weight + 0.42 * way, 5350),
        (weight, 5350),
        arrowprops={"arrowstyle": "-|>", "color": paper.ink, "linewidth": 2, "mutation_scale": 18},
    )
    ax.text(weight - 0.06 * way, 5350, "downhill", ha="left" if way < 0 else "right", va="center")
    ax.set(xlabel="the weight of temperature, for apples", ylabel="loss", ylim=(5100, 10000), title=title)
    ax.text(
        weight + 0.12 * way,
        here + 150,
        f"gradient {rise:.0f}".replace("-", "−"),
        ha="left" if way > 0 else "right",
        color=paper.ink,
    )
    return figure


def gradient_positive(paper: Paper) -> Figure:
    """At the lesson's first weight the tangent rises."""
    return _tangent(paper, float(START[0, 0]), "Gradient above zero: make the weight smaller")


def gradient_negative(paper: Paper) -> Figure:
    """On the other side of the same parabola it falls."""
    return _tangent(paper, -1.05, "Gradient below zero: make the weight larger")


def learning_rate(paper: Paper) -> Figure:
    """Steps along the steepest direction of the lesson's loss: too small, right, too large."""
    values, vectors = np.linalg.eigh(curvature(INPUTS, TARGETS))
    steepest = values[-1]
    off = START - oracle.least_squares(INPUTS, TARGETS)
    start = float(np.linalg.norm(vectors[:, -1] @ off))
    rest = oracle.loss(START, INPUTS, TARGETS) - steepest * start**2 / 2
    figure, axes = sheet(9, 3.5, 3, sharey=True)
    across = np.linspace(-1.75, 1.75, 121)
    for ax, (title, rate, steps) in zip(
        axes,
        [
            ("Too small: 1e-6", 1e-6, 12),
            ("Right: 1e-5", 1e-5, 12),
            ("Too large: 1.2e-4", 1.2e-4, 4),
        ],
        strict=True,
    ):
        at = start * (1 - rate * steepest) ** np.arange(steps + 1)
        ax.plot(across, rest + steepest * across**2 / 2, color=paper.soft, linewidth=1.5)
        ax.plot(at, rest + steepest * at**2 / 2, "-", color=paper.line, linewidth=1.5)
        ax.plot(at, rest + steepest * at**2 / 2, "o", color=paper.line, markersize=5)
        ax.plot(
            at[:1], rest + steepest * at[:1] ** 2 / 2, "o", color=paper.apples, markersize=10, markeredgecolor=paper.ink
        )
        ax.set(title=title, xlabel=f"after {steps} steps", ylim=(-900, 28000), xticks=[0], xticklabels=["best"])
    axes[0].set_ylabel("loss")
    return figure


def valley(paper: Paper) -> Figure:
    """The loss over two weights, and 100 steps on it: with the inputs as they are, and standardised."""
    figure, axes = sheet(9, 4.3, 2)
    for ax, title, inputs, lr in [
        (axes[0], "Inputs as they are", INPUTS, LR),
        (axes[1], "Inputs standardised", standardised(INPUTS, INPUTS), 0.5),
    ]:
        _two_weights(ax, paper, inputs, lr)
        ax.set_title(title)
    axes[0].set_ylabel("weight of humidity")
    return figure


def _two_weights(ax: Any, paper: Paper, inputs: Array, lr: float) -> None:
    """Contours over the weights of temperature and humidity, for apples, the other two at their best; a path to it."""
    pick = [0, 2]
    best = oracle.least_squares(inputs, TARGETS)[pick, 0]
    bowl = curvature(inputs, TARGETS)[np.ix_(pick, pick)]
    values, vectors = np.linalg.eigh(bowl)
    # Which way an eigenvector points is up to the library: upwards, here.
    vectors = vectors * np.sign(vectors[1])
    # Both paths start equally high above the bottom, half of it along each of the two directions.
    at = best - vectors @ np.sqrt(HIGH / values)
    path = [at]
    for _ in range(100):
        at = at - lr * bowl @ (at - best)
        path.append(at)
    steps = np.array(path)
    # Of equal height is an ellipse. Drawn as such: a contour that is searched for is closed or not by a last digit.
    turn = np.linspace(0, 2 * np.pi, 241)
    around = vectors / np.sqrt(values) @ np.stack([np.cos(turn), np.sin(turn)])
    for level in HIGH * LEVELS:
        ax.plot(*(best[:, None] + np.sqrt(2 * level) * around), color=paper.soft, linewidth=1)
    ax.plot(steps[:, 0], steps[:, 1], "-o", color=paper.line, linewidth=1.5, markersize=3.5)
    ax.plot(*steps[0], "o", color=paper.apples, markersize=10, markeredgecolor=paper.ink)
    ax.plot(*best, "*", color=paper.oranges, markersize=15, markeredgecolor=paper.ink, zorder=6)
    half = 1.05 * np.sqrt(2 * HIGH * np.linalg.inv(bowl).diagonal().max())
    ax.set(aspect="equal", xlabel="weight of temperature")
    ax.set(xlim=(best[0] - half, best[0] + half), ylim=(best[1] - half, best[1] + half))
