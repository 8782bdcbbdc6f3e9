"""`grader comment set` and `grader comment list`: what a person says to a learner, to a group, or to everybody.

Whom a decision is for is typed here as it is for `override`: a learner, a group of answers, or everybody; and one
exercise or all.
"""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from grader.cli.stored_results import open_results, renderer
from grader.core.errors import ResultsError, did_you_mean
from grader.core.labels import counted
from grader.core.records import ExerciseResult, SubmissionResult
from grader.core.sanitize import sanitized
from grader.results.decisions import Decision, Remark
from grader.results.store import ResultStore

EVERYBODY = "everybody"
_LONGEST_TEXT = 500
_LONGEST_SHOWN = 4000  # an escape is longer than the character that it stands for
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Target:
    """A learner by `student`, those of a `group`, or everybody when both are empty; in an `exercise`, or in all of it
    when that is empty."""

    student: str = ""
    group: str = ""
    exercise: str = ""

    @classmethod
    def of(cls, decided: Decision | Remark) -> Target:
        """What a decision is about."""
        return cls(decided.student, decided.group, decided.exercise)

    @property
    def words(self) -> str:
        """As people see it: `bob, mse`."""
        if self.group:
            return self.group
        return ", ".join(filter(None, (sanitized(self.student or EVERYBODY, 60), sanitized(self.exercise, 60))))


class Targets:
    """Finds whom a decision is for in stored results."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store
        self._students = store.students()

    def find(self, who: str, exercise: str) -> Target:
        """The target that was typed; `exercise` may be empty. Raises `ResultsError` when there is none.

        A learner who has no submission at present is found by what was decided before.
        """
        if who in self._students or self._was_decided(who, exercise):
            target = Target(student=who, exercise=exercise)
        elif who == EVERYBODY:
            target = Target(exercise=exercise)
        else:
            group = self._group(who)
            if exercise and exercise != group.exercise:
                raise ResultsError(sanitized(f"The group {who} is of {group.exercise}, not of {exercise}.", 300))
            return group
        if exercise and (known := self._exercises(target.student)) and exercise not in known:
            listed, near = ", ".join(known), did_you_mean(exercise, known)
            raise ResultsError(sanitized(f'There is no exercise "{exercise}", there are {listed}.{near}'))
        return target

    def _was_decided(self, who: str, exercise: str) -> bool:
        history: list[Decision | Remark] = [*self._store.decisions(), *self._store.remarks()]
        return bool(who) and any(each.student == who and exercise in ("", each.exercise) for each in history)

    def _group(self, who: str) -> Target:
        groups = {exercise.group: exercise.id for _, exercise in self._all() if exercise.group}
        if who in groups:
            return Target(group=who, exercise=groups[who])
        if later := sorted(self._store.went_on_as(who) & groups.keys()):
            raise ResultsError(f"With other checks, the group {who} went on as {', '.join(later)}.")
        near = did_you_mean(who, [*self._students, *groups, EVERYBODY])
        raise ResultsError(
            sanitized(f'There is no result of "{who}" in {self._store.path.parent}, nor such a group.{near}')
        )

    def _exercises(self, student: str) -> list[str]:
        result = self._store.result(student) if student else next(self._store.results(), None)
        return [exercise.id for exercise in result.exercises] if result else []

    def _all(self) -> Iterator[tuple[SubmissionResult, ExerciseResult]]:
        for result in self._store.results():
            for exercise in result.exercises:
                yield result, exercise

    def covered(self, target: Target) -> list[tuple[SubmissionResult, ExerciseResult]]:
        """The exercises that are meant, of everybody whom it is for now."""
        if target.student:
            result = self._store.result(target.student)
            found = ((result, exercise) for exercise in result.exercises) if result else iter(())
        else:
            found = self._all()
        return [
            (result, exercise)
            for result, exercise in found
            if target.exercise in ("", exercise.id) and target.group in ("", exercise.group)
        ]

    def each(self, target: Target, *, only_now: bool) -> list[Target]:
        """The target; with `only_now`, one for each learner whom it is for now, in its place."""
        if not only_now or target.student:
            return [target]
        students = dict.fromkeys(result.student for result, _ in self.covered(target))
        return [replace(target, student=student, group="") for student in students]

    def how_many(self, target: Target) -> str:
        """`group mse-4f1c2a, 5 learners`, `bob, mse`."""
        if target.student:
            return target.words
        learners = counted(len({result.student for result, _ in self.covered(target)}), "learner")
        return f"group {target.words}, {learners}" if target.group else f"{target.words}, {learners}"


def commonest_score(exercises: Sequence[ExerciseResult]) -> float | None:
    """What the checks gave all of them; None when that is not the same."""
    scores = Counter(exercise.as_checked().score for exercise in exercises)
    return next(iter(scores)) if len(scores) == 1 else None


def text_given(given: str, called: str, needed: str) -> str:
    """The text that was typed, safe to show. Raises `click.UsageError` with what is `needed` when there is none."""
    if len(given) > _LONGEST_TEXT:
        raise click.UsageError(f"{called} has {len(given)} characters, and {_LONGEST_TEXT} at most are kept.")
    text = sanitized(given.strip(), _LONGEST_SHOWN)
    if not text and needed:
        raise click.UsageError(needed)
    return text


def who_decides(given: str) -> str:
    """The name that was typed, else that of the user."""
    try:
        who = given.strip() or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise click.UsageError("Say who you are, with --by NAME: this user has no name here.") from error
    return sanitized(who, _LONGEST_NAME)


def now() -> str:
    """This moment, in this machine's own time with its offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def signed(by: str, at: str, text: str | None = None) -> str:
    """`helena (2026-11-23 10:00): TEXT`."""
    return f"{sanitized(by, 200)} ({at[:16].replace('T', ' ')})" + (f": {sanitized(text, 4000)}" if text else "")


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
