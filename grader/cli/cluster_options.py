"""The options of `grade` that have a cluster of machines do the work. Dask is imported only where they are given."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import click
from rich.console import Console

from grader.cli.batch_options import Options
from grader.core.errors import ClusterError
from grader.grading.batch import Batch, GradingPlan, Workers
from grader.sandbox.host.machine import Isolation, choose_isolation

_ALL = 1_000_000  # at a time: as many as the cluster has workers for
_OPTIONS = (
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Grade on a Dask cluster: the address of its scheduler, or `local` for one of this machine.",
    ),
    click.option("--no-tls", is_flag=True, help="Send solutions to other machines unencrypted. With --cluster."),
)


def cluster_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options: fields of `Options` as well."""
    for option in reversed(_OPTIONS):
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
