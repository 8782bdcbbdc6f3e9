"""`python -m grader doctor`: what this machine can enforce around the code that learners hand in."""

from __future__ import annotations

import textwrap

import click
from rich.console import Console
from rich.table import Table

from grader.grading.device import require_linux, why_no_gpu
from grader.grading.isolation import LEVELS, Layer, isolation_of, try_layers

TOO_LITTLE = 1


@click.command("doctor")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True, help="To be graded on.")
def doctor_command(device: str) -> int:
    """Try every layer of the sandbox on this machine, and say what is missing and how to get it.

    \b
    The levels:
      boxed    bubblewrap and seccomp work: the default wherever it can be had
      locked   Landlock and seccomp work: the least that `grade` accepts
      trusted  less than that: `grade` refuses, unless you say --trusted

    Ends with status 0 when submissions can be graded here, 1 when they can't.
    """
    require_linux()
    console = Console(highlight=False)
    layers = try_layers(cuda=device == "cuda")
    console.print(_table(layers))
    for layer in layers:
        if not layer.works:
            console.print()
            console.print(textwrap.fill(f"{layer.name}: {layer.why_not}", console.width - 1), markup=False)
    level = isolation_of(layers).level
    console.print()
    console.print(f"Level: {level}. {LEVELS[level]}", markup=False, soft_wrap=True)
    enough = level != "trusted"
    if not enough:
        console.print("`grade` refuses here, unless it is told --trusted.", markup=False)
    if device == "cuda" and (reason := why_no_gpu()):
        console.print(f"No GPU can be used: {reason}", markup=False)
        enough = False
    return 0 if enough else TOO_LITTLE


def _table(layers: list[Layer]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Layer")
    table.add_column("Works")
    table.add_column("Stops")
    for layer in layers:
        table.add_row(layer.name, "yes" if layer.works else "no", layer.stops)
    return table
