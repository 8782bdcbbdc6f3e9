"""Figures of curves and bars: what softmax and loss do with a score, and how trainings go."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from solutions.digits import oracle
from solutions.digits.figures.numbers import trained, validation
from solutions.linear_regression.figures.paper import Paper, sheet

EXAMPLE = np.array([0.4, -2.6, 0.8, 4.6, -3.4, 1.9, -1.7, 0.1, 3.2, 1.1])  # scores of an image of a 3


def softmax(paper: Paper) -> Figure:
    """The scores of an image, and what the softmax makes of them."""
    figure = Figure(figsize=(6.5, 5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    above.bar(range(10), EXAMPLE, color=paper.soft, width=0.7)
    above.axhline(0, color=paper.ink, linewidth=1)
    above.set(title="scores", ylim=(-4, 6))
    found = oracle.probabilities(EXAMPLE[None])[0]
    below.bar(range(10), found, color=paper.line, width=0.7)
    for digit, share in enumerate(found):
        if share >= 0.005:
            below.text(digit, share + 0.03, f"{share:.2f}", ha="center")
    below.set(title="probabilities", ylim=(0, 1), xlabel="class")
    below.set_xticks(range(10))
    for ax in (above, below):
        ax.grid(visible=False, axis="x")
    return figure


def loss_of_a_row(paper: Paper) -> Figure:
    """The loss over the probability of the right class, and what the accuracy says of it."""
    p = np.linspace(0.004, 1, 250)
    figure, ax = sheet(6.5, 4)
    ax.plot([0, 0.5, 0.5, 1], [1, 1, 0, 0], "--", color=paper.soft, label="counted as wrong (1) or right (0)")
    ax.plot(p, -np.log(p), color=paper.line, linewidth=2.5, label="loss")
    for at in (0.1, 0.5):
        ax.plot(at, -np.log(at), "o", color=paper.line, markersize=7)
        ax.annotate(f"{-np.log(at):.1f}", (at, -np.log(at)), (8, 6), textcoords="offset points")
    ax.set(xlabel="probability of the right class", ylabel="loss", xlim=(0, 1.02), ylim=(-0.1, 5.5))
    ax.legend(loc="upper right", borderaxespad=0)
    return figure


def history(paper: Paper) -> Figure:
    """Training loss and validation accuracy of each epoch."""
    run = trained(1200, 30)
    figure = Figure(figsize=(6.5, 5.4), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    epochs = np.arange(1, 31)
    above.plot(epochs, run.losses, color=paper.line, linewidth=2.5)
    above.set(title="training loss", ylim=(0, 1.5))
    below.plot(epochs, run.held_out, "D-", color=paper.apples, markersize=4)
    below.set(title="validation accuracy", ylim=(0.84, 1), xlabel="epoch", xlim=(0, 31))
    return figure


def overfitting(paper: Paper) -> Figure:
    """The accuracy on 100 images that were trained on, and on the validation set."""
    run = trained(100, 200)
    epochs = np.arange(1, 201)
    figure, ax = sheet(6.5, 4.2)
    ax.plot(epochs, run.seen, color=paper.line, linewidth=2.5)
    ax.plot(epochs, run.held_out, "--", color=paper.apples, linewidth=2.5)
    ax.fill_between(epochs, run.held_out, run.seen, color=paper.wash)
    ax.text(198, 1.01, "the 100 images that it was trained on", ha="right", color=paper.line)
    ax.text(
        198,
        run.held_out[-1] - 0.045,
        f"the {len(validation().y)} of the validation set",
        ha="right",
        color=paper.apples,
    )
    ax.text(110, (1 + run.held_out[-1]) / 2, "the gap", ha="center", va="center")
    ax.set(xlabel="epoch", ylabel="accuracy", xlim=(0, 201), ylim=(0.5, 1.06))
    return figure
