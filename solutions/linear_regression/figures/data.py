"""Figures of the data and of the model: the five regions, a plane, and the shapes of a matrix product."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from solutions.linear_regression import oracle
from solutions.linear_regression.figures.numbers import INPUT_NAMES, INPUTS, REGIONS, TARGET_NAMES, TARGETS
from solutions.linear_regression.figures.paper import MARKERS, Paper, sheet


def data(paper: Paper) -> Figure:
    """The yields over each of the three inputs."""
    figure, axes = sheet(9, 3.5, 3, sharey=True)
    for column, (ax, name) in enumerate(zip(axes, INPUT_NAMES, strict=True)):
        x = INPUTS[:, column]
        ax.vlines(x, TARGETS[:, 0], TARGETS[:, 1], color=paper.soft, linewidth=1)
        for target, (label, color, marker) in enumerate(zip(TARGET_NAMES, paper.targets, MARKERS, strict=True)):
            ax.plot(x, TARGETS[:, target], marker, color=color, markersize=8, markeredgecolor=paper.ink, label=label)
        for region, across, up in zip(REGIONS, x, TARGETS.max(axis=1), strict=True):
            ax.annotate(region[0], (across, up), (0, 7), textcoords="offset points", ha="center", color=paper.soft)
        ax.set(xlabel=name, ylim=(0, 155))
        ax.margins(x=0.12)
    axes[0].set_ylabel("yield (tonnes)")
    axes[1].legend(loc="upper left", handletextpad=0.2, borderaxespad=0.2)
    return figure


def plane(paper: Paper) -> Figure:
    """Apples as a weighted sum of rainfall and humidity and a bias: the least squares plane, with the five regions."""
    figure = Figure(figsize=(7, 5.2))
    ax: Any = figure.add_axes((0.0, 0.02, 0.94, 1.0), projection="3d")
    two, apples = INPUTS[:, 1:], TARGETS[:, :1]
    best = oracle.least_squares(two, apples)
    rain, humid = np.meshgrid(np.linspace(40, 140, 9), np.linspace(35, 75, 9))
    height = best[0, 0] * rain + best[1, 0] * humid + best[2, 0]
    ax.plot_surface(rain, humid, height, color=paper.wash, edgecolor=paper.line, linewidth=0.6, alpha=0.75, shade=False)
    on_plane = oracle.with_ones(two) @ best
    for region, (across, deep), up, fitted in zip(REGIONS, two, apples[:, 0], on_plane[:, 0], strict=True):
        ax.plot([across] * 2, [deep] * 2, [up, fitted], color=paper.ink, linewidth=2, zorder=9)
        ax.plot([across], [deep], [up], "o", color=paper.apples, markersize=9, markeredgecolor=paper.ink, zorder=10)
        ax.text(across, deep, up + 11, region, color=paper.ink, ha="center", zorder=11)
    ax.set(xlabel="rainfall (mm)", ylabel="humidity (%)", zlabel="apples (tonnes)", zlim=(0, 150))
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.pane.set_facecolor(paper.paper)
        axis.pane.set_edgecolor(paper.soft)
    ax.view_init(elev=20, azim=-128)
    return figure


def shapes(paper: Paper) -> Figure:
    """x @ wᵀ + b = predictions, as boxes with their shapes; one weighted sum is marked."""
    figure, ax = sheet(9, 4.2)
    ax.set_axis_off()
    ax.set(xlim=(-0.8, 16.4), ylim=(-0.3, 7.5), aspect="equal")
    middle = 4.0

    def matrix(left: float, rows: int, columns: int, marked: set[tuple[int, int]], name: str, shape: str) -> float:
        top = middle + rows / 2
        for row in range(rows):
            for column in range(columns):
                filled = (row, column) in marked
                ax.add_patch(
                    Rectangle(
                        (left + column, top - row - 1), 1, 1,
                        facecolor=paper.oranges if filled else paper.wash, edgecolor=paper.ink, linewidth=1.2,
                    )
                )  # fmt: skip
        ax.text(left + columns / 2, top + 0.3, name, ha="center", fontsize=13, weight="bold")
        ax.text(left + columns / 2, top - rows - 0.35, shape, ha="center", va="top", color=paper.ink)
        return left + columns

    def sign(at: float, text: str) -> None:
        ax.text(at, middle, text, ha="center", va="center", fontsize=18)

    right = matrix(1.6, 5, 3, {(1, column) for column in range(3)}, "x", "5 regions × 3 inputs\n(5, 3)")
    sign(right + 0.75, "@")
    right = matrix(right + 1.5, 3, 2, {(row, 1) for row in range(3)}, "w, turned", "3 inputs × 2 targets\n(3, 2)")
    sign(right + 0.75, "+")
    right = matrix(right + 1.5, 1, 2, {(0, 1)}, "b", "2 targets\n(2,)")
    sign(right + 0.75, "=")
    matrix(right + 1.5, 5, 2, {(1, 1)}, "predictions", "5 regions × 2 targets\n(5, 2)")
    for row, region in enumerate(REGIONS):
        ax.text(1.4, middle + 2 - row, region, ha="right", va="center", color=paper.soft)
    return figure
