"""The options of every command that grades a batch, and those of `grade` that have a cluster of machines do the work.
Dask is imported only where a cluster is asked for.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import click
from rich.console import Console

from grader.core.errors import ClusterError
from grader.grading.batch import Batch, Workers
from grader.grading.process import GradingPlan
from grader.sandbox.host.machine import Isolation, Level, choose_isolation

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


_ALL = 1_000_000  # at a time: as many as the cluster has workers for
_CLUSTER_OPTIONS = (
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Grade on a Dask cluster: the address of its scheduler, or `local` for one of this machine.",
    ),
    click.option("--no-tls", is_flag=True, help="Send solutions to other machines unencrypted. With --cluster."),
)


def cluster_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options: fields of `Options` as well."""
    for option in reversed(_CLUSTER_OPTIONS):
        command = option(command)
    return command


def least_isolation(options: Options) -> tuple[Isolation, str]:
    """What each worker that may grade has at least, and a note for the instructor. Raises `ClusterError` for options
    that a cluster can't fulfil."""
    from grader.grading.cluster_connection import refuse_in_the_clear

    if options.device != "cpu":
        raise ClusterError(f"--device {options.device} and --cluster don't go together: a cluster grades on the CPU.")
    refuse_in_the_clear(str(options.cluster), unencrypted=options.no_tls)
    if options.sandbox == "none":
        return choose_isolation("none")
    return Isolation(bubblewrap=options.sandbox == "full", landlock=True, seccomp=True), ""


def batch_of(plan: GradingPlan, options: Options, console: Console) -> Batch:
    """The batch, on this machine or on the machines of a cluster."""
    if options.cluster is None:
        return Batch(plan, options.jobs)
    address = options.cluster

    @contextlib.contextmanager
    def start(plan: GradingPlan, count: int) -> Iterator[Workers]:
        from grader.grading.cluster import ClusterSettings, workers_of_cluster

        def say(line: str) -> None:
            console.print(line, markup=False, soft_wrap=True)

        settings = ClusterSettings(address, options.sandbox, options.no_tls, say)
        with workers_of_cluster(settings, plan, min(count, options.jobs)) as workers:
            yield workers

    return Batch(plan, _ALL, start)
