"""The lesson's figures, drawn from its data. `python -m solutions.linear_regression.figures` writes them.

They are committed beside the lesson. A test draws them again and compares: change a drawing here, never an SVG.
"""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from solutions.linear_regression.figures import data, descent, training
from solutions.linear_regression.figures.paper import DARK, LIGHT, Paper, pen, svg

FOLDER = "exercises/linear_regression/figures"
DRAWINGS: dict[str, Callable[[Paper], Figure]] = {
    "data": data.data,
    "plane": data.plane,
    "shapes": data.shapes,
    "gradient-positive": descent.gradient_positive,
    "gradient-negative": descent.gradient_negative,
    "learning-rate": descent.learning_rate,
    "loss-curve": training.loss_curve,
    "predictions": training.predictions,
    "noisy-loss": training.noisy_loss,
    "valley": descent.valley,
    "standardised": training.standardised_inputs,
    "held-out": training.held_out_rows,
}


def draw(name: str, paper: Paper) -> Figure:
    """One figure on one paper."""
    with pen(paper):
        return DRAWINGS[name](paper)


def draw_all() -> dict[str, bytes]:
    """Every figure on both papers as SVG, by file name: `data.svg`, `data-dark.svg`, ..."""
    files = {}
    for name, drawing in DRAWINGS.items():
        for paper, ending in ((LIGHT, ""), (DARK, "-dark")):
            with pen(paper):
                files[f"{name}{ending}.svg"] = svg(drawing(paper))
    return files
