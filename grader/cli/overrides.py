"""`python -m grader overrides`: which points a person has set, and what was replaced or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from grader.cli.opened import open_results
from grader.inert import inert
from grader.records import Decision
from grader.store import ResultStore
from grader.words import points


@click.command("overrides")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder that holds the results.")
@click.option("--history", is_flag=True, help="Show what was replaced or taken back, too, the oldest first.")
def overrides_command(out: Path, history: bool) -> int:
    """List the points that a person set with `override`: how many, who, when and why. Changes nothing."""
    with open_results(out) as store:
        lines = list(_history(store) if history else _in_force(store))
    for line in lines or ["Nobody has set points here."]:
        click.echo(line)
    return 0


def _in_force(store: ResultStore) -> Iterator[str]:
    for decision in store.overrides():
        yield f"{_who_and_what(decision)}: {_set(decision)}; {_checks(store, decision)}"


def _history(store: ResultStore) -> Iterator[str]:
    for decision in store.decisions():
        said = _set(decision) if decision.points is not None else f"taken back by {_by(decision)}"
        yield f"{_who_and_what(decision)}: {said}"


def _who_and_what(decision: Decision) -> str:
    return f"{inert(decision.student, 60)}, {inert(decision.exercise, 60)}"


def _set(decision: Decision) -> str:
    return f"{points(decision.points or 0, 4)} points, set by {_by(decision)}"


def _by(decision: Decision) -> str:
    reason = f": {inert(decision.reason, 4000)}" if decision.reason else ""
    when = decision.at[:16].replace("T", " ")
    return f"{inert(decision.by, 200)} ({when}){reason}"


def _checks(store: ResultStore, decision: Decision) -> str:
    """What the checks gave, and whether that is what the person saw who set the points."""
    then = points(decision.checks_gave, 4)
    result = store.result(decision.student)
    now = next((e.as_checked() for e in result.exercises if e.id == decision.exercise), None) if result else None
    if now is None:
        return f"the checks gave {then}, and there is no submission at present"
    if now.score != decision.checks_gave:
        return f"the checks gave {then} then, and give {points(now.score, 4)} now"
    return f"the checks give {then}"
