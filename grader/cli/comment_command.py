"""`grader comment set` and `grader comment list`: what a person says to a learner, to a group, or to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from grader.cli.decision_target import Target, Targets, now, signed, text_given, who_decides
from grader.cli.stored_results import open_results, renderer
from grader.core.errors import ResultsError
from grader.results.decisions import Remark
from grader.results.store import ResultStore


class _SetOrList(click.Group):
    """The word `set` may be left out: `comment GROUP TEXT`."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and arguments[0] not in self.commands and not arguments[0].startswith("-"):
            arguments = ["set", *arguments]
        return super().resolve_command(context, arguments)


@click.group("comment", cls=_SetOrList)
def comment_command() -> None:
    """Say something to a learner, to a group of answers alike, or to everybody, and list what was said."""


_RESULTS = click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")


@comment_command.command("list")
@_RESULTS
@click.option("--history", is_flag=True, help="Show what was replaced or taken back, too, the oldest first.")
def _list_command(results: Path, history: bool) -> int:
    """List the comments: for whom, what, who and when. Changes nothing."""
    with open_results(results) as store:
        lines = list(_history(store) if history else _in_force(store))
    for line in lines or ["Nobody has written a comment here."]:
        click.echo(line)
    return 0


def _in_force(store: ResultStore) -> Iterator[str]:
    targets = Targets(store)
    for each in store.comments():
        yield f"{targets.how_many(Target.of(each))}: {signed(each.by, each.at, each.text)}"


def _history(store: ResultStore) -> Iterator[str]:
    for each in store.remarks():
        said = signed(each.by, each.at, each.text)
        yield f"{Target.of(each).words}: {'taken back by ' if each.text is None else ''}{said}"


@comment_command.command("set")
@click.argument("who")
@click.argument("rest", metavar="[EXERCISE] TEXT", nargs=-1)
@_RESULTS
@click.option("--by", default="", metavar="NAME", help="Who says it.  [default: the user who types this]")
@click.option(
    "--only-now", is_flag=True, help="Only for those who are in it now, and for nobody who comes to it later."
)
@click.option("--undo", is_flag=True, help="Take the comment back.")
@click.pass_obj
def _set_command(
    root: Path, who: str, rest: tuple[str, ...], results: Path, by: str, only_now: bool, undo: bool
) -> int:
    """Write a comment, in place of the one that WHO had before. It costs no points and gives none.

    \b
    python -m grader comment set mse-4f1c2a "Draw the error of one row first." --results results
    python -m grader comment set ada mse "Well explained." --results results
    python -m grader comment set ada "Come and see me about this." --results results
    python -m grader comment set mse-4f1c2a --undo --results results

    WHO is a group of `python -m grader groups`, a learner, or everybody. With EXERCISE the comment stands at that
    exercise, without it at the top of the page. It stays through every regrade into the same --out, and whoever comes
    to the group later gets it, too, unless --only-now is given. All reports are rewritten at once. Learners read the
    text and the day, and not who it was; `python -m grader comment list` shows everything.
    """
    exercise, text = _read(rest, undo)
    by = who_decides(by)
    with open_results(results) as store:
        render = renderer(root.resolve(), store, results)
        target = Targets(store).find(who, exercise)
        click.echo(
            _take_back(store, target, by) if text is None else _write(store, target, text, by, only_now=only_now)
        )
        for line in render(target.student):
            click.echo(line)
    return 0


def _read(words: Sequence[str], undo: bool) -> tuple[str, str | None]:
    """The exercise, empty where there is none, and the text. Raises `click.UsageError`."""
    if undo:
        if len(words) > 1:
            raise click.UsageError("--undo takes the comment back, so it goes without TEXT.")
        return "".join(words), None
    *exercise, text = words or [""]
    if len(exercise) > 1:
        raise click.UsageError(f"Put TEXT in quotes: expected WHO EXERCISE TEXT, found {len(words) + 1} words.")
    return "".join(exercise), text_given(text, "TEXT", "Say it, as TEXT in quotes: the learner will read it.")


def _write(store: ResultStore, target: Target, text: str, by: str, *, only_now: bool) -> str:
    targets = Targets(store)
    if not targets.covered(target):
        raise ResultsError(f"There is no submission of {target.words} at present, so nobody would read this.")
    in_force = {Target.of(each): each for each in store.comments()}
    remarks = []
    for each in targets.each(target, only_now=only_now):
        remark = Remark(each.student, each.exercise, each.group, text, by, now())
        # The same thing said twice, as after a kill in the middle, is one comment.
        if each not in in_force or replace(in_force[each], at=remark.at) != remark:
            remarks.append(remark)
    store.comment(*remarks)
    said = f"{targets.how_many(target)}: {text}"
    if target.student:
        return said
    if only_now:
        return f"{said}\nThese learners read it; nobody who comes to it later does."
    return f"{said}\nWhoever comes to it later reads it, too; with --only-now nobody would."


def _take_back(store: ResultStore, target: Target, by: str) -> str:
    groups = store.lineage(target.group) if target.group else {""}

    def is_meant(each: Remark) -> bool:
        return each.student == target.student and each.group in groups and each.exercise == target.exercise

    in_force = [each for each in store.comments() if is_meant(each)]
    if not in_force and not any(map(is_meant, store.remarks())):
        raise ResultsError(f"Nobody has written a comment for {target.words}: there is nothing to take back.")
    store.comment(*(replace(each, text=None, by=by, at=now()) for each in in_force))
    was = "the comment is taken back, and stays in the history." if in_force else "the comment was taken back already."
    return f"{target.words}: {was}"
