"""The options of every command that grades a batch."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import click

from grader.sandbox.host.machine import Level

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
    from_: Path | None
    seed: int | None
    sandbox: Level | None
    no_causes: bool
    cluster: str | None = None
    no_tls: bool = False
    variants: Path | None = None


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class NamedPath(click.Path):
    """A path that isn't empty, as a shell's variable is that was never set: it would be the folder one is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("expected the name of a file or folder, found an empty text.", param, ctx)
        return super().convert(value, param, ctx)


_BATCH_OPTIONS = (
    click.option("--out", required=True, type=NamedPath(path_type=Path), help="Where results and feedback go."),
    click.option("--assignment", metavar="ID", help="Which assignment.  [default: the only one or the course's]"),
    click.option("--jobs", type=click.IntRange(1), default=cores, show_default="cores", help="Submissions at a time."),
    click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="cpu", show_default=True),
    click.option("--only", multiple=True, metavar="STUDENT", help="Grade only this one; may be given more than once."),
    click.option("--resume", is_flag=True, help="Go on where an earlier run into the same --out stopped."),
    click.option(
        "--from",
        "from_",
        type=NamedPath(path_type=Path, file_okay=False),
        help="Begin with the results and overrides in this folder, an earlier --out; what changed is graded again.",
    ),
    click.option(
        "--seed", type=click.IntRange(0), help="Draw the checks' inputs from this seed.  [default: a new one]"
    ),
    click.option(
        "--sandbox",
        type=click.Choice(get_args(Level)),
        help="Grading stops if this machine can't provide it. `none` is only for code that you would run on your own "
        "machine.  [default: the best that `doctor` finds]",
    ),
    click.option("--no-causes", is_flag=True, help="Leave the search for causes by repair to a later --resume."),
)
RENAMED_OPTIONS = {
    "--isolation boxed": "--sandbox full",
    "--isolation locked": "--sandbox kernel",
    "--trusted": "--sandbox none",
}


def batch_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of every command that grades a batch: the fields of `Options`."""
    for option in reversed(_BATCH_OPTIONS):
        command = option(command)
    return command
