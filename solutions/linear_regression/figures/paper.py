"""What the figures are drawn on: a light and a dark paper, and how a drawing becomes the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Paper:
    """Colours. `apples`, `oranges` and `line` differ in lightness, too, so that they can be told apart in grey."""

    name: str
    paper: str
    ink: str
    soft: str
    faint: str
    wash: str
    apples: str
    oranges: str
    line: str

    @property
    def targets(self) -> tuple[str, str]:
        return self.apples, self.oranges


LIGHT = Paper("light", "#ffffff", "#1b1f24", "#57606a", "#dde2e7", "#e9eef5", "#9b1237", "#ec9310", "#1d5fb8")
DARK = Paper("dark", "#14171b", "#e8ebef", "#a5aeb8", "#363d45", "#262d36", "#ee5f7f", "#ffd98a", "#8cbcff")
MARKERS = ("o", "^")


@contextmanager
def pen(paper: Paper) -> Iterator[None]:
    """Matplotlib's settings for this paper, and none of those that somebody has at home."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "axes.edgecolor": paper.soft,
                "axes.facecolor": paper.paper,
                "axes.grid": True,
                "axes.axisbelow": True,
                "axes.labelcolor": paper.ink,
                "axes.labelsize": 11,
                "axes.spines.right": False,
                "axes.spines.top": False,
                "axes.titlecolor": paper.ink,
                "axes.titlelocation": "left",
                "axes.titlesize": 12,
                "figure.facecolor": paper.paper,
                "font.family": "DejaVu Sans",
                "font.size": 11,
                "grid.color": paper.faint,
                "grid.linewidth": 0.8,
                "legend.frameon": False,
                "legend.labelcolor": paper.ink,
                "lines.linewidth": 2,
                "savefig.facecolor": paper.paper,
                "svg.fonttype": "path",
                "svg.hashsalt": "the lesson's figures",
                "text.color": paper.ink,
                "xtick.color": paper.soft,
                "xtick.labelcolor": paper.ink,
                "ytick.color": paper.soft,
                "ytick.labelcolor": paper.ink,
            }
        )
        yield


def sheet(width: float, height: float, columns: int = 1, **more: Any) -> tuple[Figure, Any]:
    """A figure of this size in inches, and its axes: one, or an array of as many as there are columns."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(1, columns, **more)


def by_tens(ax: Any, low: float, high: float) -> None:
    """A vertical axis on which every line is ten times the one below it, with its numbers written out."""
    ax.set(yscale="log", ylim=(low, high))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " ") if value >= 1 else f"{value:g}")
    ax.minorticks_off()


def svg(figure: Figure) -> bytes:
    """The figure as SVG. No date, no program, no random ids: the same drawing gives the same bytes."""
    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return ("\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n").encode()
