"""Figures of whole training runs: how the loss falls, and what is predicted at the end."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from solutions.linear_regression import oracle
from solutions.linear_regression.figures import numbers
from solutions.linear_regression.figures.numbers import ALL_TARGETS, INPUTS, LR, REGIONS, START, TARGET_NAMES, TARGETS
from solutions.linear_regression.figures.paper import MARKERS, Paper, by_tens, sheet

FLOOR = "as low as it goes: 0.48"


def loss_curve(paper: Paper) -> Figure:
    """The losses of the 100 epochs after the first step."""
    found = numbers.losses(START, INPUTS, TARGETS, LR, 101)[1:-1]
    figure, ax = sheet(7, 3.9)
    ax.plot(range(1, 101), found, color=paper.line, linewidth=2.5)
    ax.axhline(oracle.loss(oracle.least_squares(INPUTS, TARGETS), INPUTS, TARGETS), color=paper.ink, linestyle="--")
    ax.text(100, 0.56, FLOOR, ha="right")
    ax.annotate(f"{found[-1]:.0f}", (100, found[-1]), (0, 7), textcoords="offset points", ha="right")
    ax.set(xlabel="epoch", ylabel="loss", xlim=(0, 101))
    by_tens(ax, 0.3, 10000)
    return figure


def predictions(paper: Paper) -> Figure:
    """Predictions over targets, at the start and after 101 epochs."""
    figure, axes = sheet(9, 4.4, 2, sharex=True, sharey=True)
    for ax, epochs, title in [(axes[0], 0, "The first predictions"), (axes[1], 101, "After training")]:
        predicted = oracle.with_ones(INPUTS) @ oracle.descend(START, INPUTS, TARGETS, LR, epochs)
        ax.plot([0, 150], [0, 150], "--", color=paper.soft, linewidth=1.5)
        for target, (name, color, marker) in enumerate(zip(TARGET_NAMES, paper.targets, MARKERS, strict=True)):
            actual = TARGETS[:, target]
            ax.vlines(actual, actual, predicted[:, target], color=color, linewidth=1.5)
            ax.plot(
                actual, predicted[:, target], marker, color=color, markersize=8, markeredgecolor=paper.ink, label=name
            )
        ax.set(title=title, xlabel="target (tonnes)", xlim=(0, 150), ylim=(0, 300))
    axes[0].set_ylabel("prediction (tonnes)")
    axes[0].text(146, 118, "right", ha="right", color=paper.soft)
    axes[1].legend(loc="upper left", handletextpad=0.2)
    return figure


def noisy_loss(paper: Paper) -> Figure:
    """The loss of each epoch's last batch, the ten that are printed, and the mean of each epoch's batches."""
    found = numbers.batch_losses(100)
    epochs = np.arange(1, 101)
    figure, ax = sheet(7.5, 4.1)
    ax.plot(epochs, found[:, -1], ".", color=paper.soft, markersize=5, label="last batch of the epoch")
    ax.plot(epochs, found.mean(axis=1), color=paper.line, linewidth=2.5, label="mean of the epoch's batches")
    tenth = epochs % 10 == 0
    ax.plot(
        epochs[tenth], found[tenth, -1], "o", color=paper.oranges, markersize=9, markeredgecolor=paper.ink,
        label="what is printed",
    )  # fmt: skip
    ax.set(xlabel="epoch", ylabel="loss", xlim=(0, 102))
    by_tens(ax, 3, 12000)
    ax.legend(loc="upper right", borderaxespad=0)
    return figure


def standardised_inputs(paper: Paper) -> Figure:
    """The loss with the inputs as they are, at two learning rates, and standardised."""
    figure, ax = sheet(7.5, 4.1)
    scaled = numbers.standardised(INPUTS, INPUTS)
    for theta, inputs, lr, style, color, label in [
        (START, INPUTS, LR, "-", paper.ink, "as they are, rate 1e-5"),
        (START, INPUTS, 1e-4, ":", paper.ink, "as they are, rate 1e-4"),
        (np.zeros((4, 2)), scaled, 0.5, "-", paper.line, "standardised, rate 0.5"),
    ]:
        found = numbers.losses(theta, inputs, TARGETS, lr, 100)
        ax.plot(found, style, color=color, linewidth=3.5 if inputs is scaled else 2, label=label)
    ax.axhline(oracle.loss(oracle.least_squares(INPUTS, TARGETS), INPUTS, TARGETS), color=paper.soft, linestyle="--")
    ax.text(100, 0.3, FLOOR, ha="right", va="center")
    ax.set(xlabel="steps", ylabel="loss", xlim=(0, 101))
    by_tens(ax, 0.2, 15000)
    ax.legend(loc="upper right", borderaxespad=0)
    return figure


def held_out_rows(paper: Paper) -> Figure:
    """The loss on rows that were trained on and on rows that were held out: near-copies, and whole regions."""
    number = np.arange(len(ALL_TARGETS))
    parts = {"the last\n5 rows": number >= 10, **{name: number % 5 == at for at, name in enumerate(REGIONS)}}
    found = [numbers.held_out(rows) for rows in parts.values()]
    figure, ax = sheet(7.5, 4.1)
    for at, (seen, unseen) in enumerate(found):
        ax.plot([at, at], [seen, unseen], color=paper.soft, linewidth=1.5)
    ax.plot(
        [seen for seen, _ in found],
        "o",
        color=paper.line,
        markersize=9,
        markeredgecolor=paper.ink,
        label="rows trained on",
    )
    ax.plot(
        [unseen for _, unseen in found],
        "D",
        color=paper.oranges,
        markersize=9,
        markeredgecolor=paper.ink,
        label="rows held out",
    )
    for at, (_, unseen) in enumerate(found):
        ax.annotate(f"{unseen:.1f}", (at, unseen), (9, 0), textcoords="offset points", va="center")
    ax.set(ylabel="loss", xlim=(-0.5, 5.6), xlabel="held out")
    by_tens(ax, 0.5, 60)
    ax.set_xticks(range(len(parts)), list(parts))
    ax.legend(loc="upper left", borderaxespad=0)
    return figure
