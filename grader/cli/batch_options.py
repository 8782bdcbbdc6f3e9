"""The options of every command that grades a batch of submissions, wherever these come from."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

Wanted = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line, wherever the submissions come from."""

    out: Path
    assignment: str | None
    jobs: int
    device: Wanted
    only: tuple[str, ...]
    resume: bool
    seed: int | None
    isolation: Literal["boxed", "locked"] | None
    trusted: bool


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_BATCH_OPTIONS = (
    click.option("--out", required=True, type=click.Path(path_type=Path), help="Where results and feedback go."),
    click.option("--assignment", metavar="ID", help="Which assignment.  [default: the only one in course.toml]"),
    click.option("--jobs", type=click.IntRange(1), default=_cores, show_default="cores", help="Submissions at a time."),
    click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="cpu", show_default=True),
    click.option("--only", multiple=True, metavar="STUDENT", help="Grade only this one; may be given more than once."),
    click.option("--resume", is_flag=True, help="Go on where an earlier run into the same --out stopped."),
    click.option(
        "--seed", type=click.IntRange(0), help="Draw the checks' inputs from this seed.  [default: a new one]"
    ),
    click.option(
        "--isolation",
        type=click.Choice(["boxed", "locked"]),
        help="How learners' code is shut in; refuses where it can't be had.  [default: the best that `doctor` finds]",
    ),
    click.option("--trusted", is_flag=True, help="Don't shut it in: you would run all of this code yourself."),
)


def batch_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that grades a batch: the fields of `Options`."""
    for option in reversed(_BATCH_OPTIONS):
        command = option(command)
    return command
