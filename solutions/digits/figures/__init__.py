"""The lesson's figures, drawn from its data. `python -m solutions.digits.figures` writes them.

They are committed beside the lesson. A test draws them again and compares: change a drawing here, never an SVG.
"""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from solutions.digits.figures import curves, pictures
from solutions.linear_regression.figures.paper import DARK, LIGHT, Paper, pen, svg

FOLDER = "exercises/digits/figures"
DRAWINGS: dict[str, Callable[[Paper], Figure]] = {
    "digits": pictures.digits,
    "rows": pictures.rows,
    "softmax": curves.softmax,
    "loss-of-a-row": curves.loss_of_a_row,
    "weights": pictures.weights,
    "history": curves.history,
    "overfitting": curves.overfitting,
    "confusion": pictures.confusion,
    "worst": pictures.worst,
}


def draw_all() -> dict[str, bytes]:
    """Every figure on both papers as SVG, by file name: `digits.svg`, `digits-dark.svg`, ..."""
    files = {}
    for name, drawing in DRAWINGS.items():
        for paper, ending in ((LIGHT, ""), (DARK, "-dark")):
            with pen(paper):
                files[f"{name}{ending}.svg"] = svg(drawing(paper))
    return files
