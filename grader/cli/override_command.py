"""`grader override set` and `grader override list`: a person has the last word on the points of an exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from grader.cli import RenamedOptions, say_renamed
from grader.cli.decision_target import Target, Targets, commonest_score, now, signed, text_given, who_decides
from grader.cli.stored_results import open_results, renderer
from grader.core.errors import ResultsError
from grader.core.labels import counted, points
from grader.core.records import ExerciseResult, SubmissionResult
from grader.core.sanitize import sanitized
from grader.results.decisions import Decision
from grader.results.store import ResultStore

FULL = "full"


class _SetOrList(click.Group):
    """Until 0.1 there was no word `set`: `override STUDENT EXERCISE POINTS` answers until 0.3."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if arguments and arguments[0] not in self.commands and not arguments[0].startswith("-"):
            say_renamed("override STUDENT …", "override set STUDENT …")
            arguments = ["set", *arguments]
        return super().resolve_command(context, arguments)


@click.group("override", cls=_SetOrList)
def override_command() -> None:
    """Set points by hand, of a learner, of a group or of everybody, and list the points that were set."""


_RESULTS = click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
_RENAMED = {"--out": "--results"}


@override_command.command("list", cls=RenamedOptions, renamed=_RENAMED)
@_RESULTS
@click.option("--history", is_flag=True, help="Show what was replaced or taken back, too, the oldest first.")
def _list_command(results: Path, history: bool) -> int:
    """List the points that a person set: how many, who, when and why. Changes nothing."""
    with open_results(results) as store:
        lines = list(_history(store) if history else _in_force(store))
    for line in lines or ["Nobody has set points here."]:
        click.echo(line)
    return 0


def _in_force(store: ResultStore) -> Iterator[str]:
    targets = Targets(store)
    for decision in store.overrides():
        yield f"{Target.of(decision).words}: {_list_set(decision)}; {_checks(targets, decision)}"


def _history(store: ResultStore) -> Iterator[str]:
    for decision in store.decisions():
        taken_back = f"taken back by {signed(decision.by, decision.at, decision.reason)}"
        yield f"{Target.of(decision).words}: {taken_back if decision.points is None else _list_set(decision)}"


def _list_set(decision: Decision) -> str:
    return f"{points(decision.points or 0, 4)} points, set by {signed(decision.by, decision.at, decision.reason)}"


def _checks(targets: Targets, decision: Decision) -> str:
    """What the checks gave, and whether that is what the person saw who set the points."""
    covered = targets.covered(Target.of(decision))
    learners = "" if decision.student else f"{counted(len(covered), 'learner')}, "
    if decision.checks_gave is None:
        return f"{learners}the checks give some of them more than others"
    then, now = points(decision.checks_gave, 4), commonest_score([exercise for _, exercise in covered])
    if not covered:
        return f"the checks gave {then}, and there is no submission at present"
    if now is None:
        return f"{learners}the checks gave {then} then, and give some of them something else now"
    return f"{learners}the checks " + (
        f"give {then}" if now == decision.checks_gave else f"gave {then} then, and give {points(now, 4)} now"
    )


@dataclass(frozen=True)
class _Wish:
    """What was asked for on the command line. `points` is None when points are to be taken back, and `FULL` for all
    that an exercise is worth."""

    points: float | str | None
    reason: str
    by: str
    only_now: bool = False


class _NegativePoints(RenamedOptions):
    """A command whose numbers may be typed with a minus, which click takes for an option."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        try:
            return super().parse_args(context, arguments)
        except click.NoSuchOption as error:
            if error.option_name.lstrip("-")[:1].isdigit():
                raise click.UsageError("POINTS can't be below 0.", context) from error
            raise


@override_command.command("set", cls=_NegativePoints, renamed=_RENAMED)
@click.argument("who")
@click.argument("rest", metavar="[EXERCISE] POINTS", nargs=-1)
@_RESULTS
@click.option("--reason", default="", metavar="TEXT", help="Why; the learner reads it. May be left out with --undo.")
@click.option("--by", default="", metavar="NAME", help="Who decides.  [default: the user who types this]")
@click.option(
    "--only-now", is_flag=True, help="Only for those who are in it now, and for nobody who comes to it later."
)
@click.option("--undo", is_flag=True, help="Take the points back: what the checks give counts again.")
@click.pass_obj
def _set_command(
    root: Path, who: str, rest: tuple[str, ...], results: Path, reason: str, by: str, only_now: bool, undo: bool
) -> int:
    """Set points by hand, whatever the checks gave.

    \b
    python -m grader override set ada mse 3 --reason "mm is fine here" --results results
    python -m grader override set mse-4f1c2a 3 --reason "Nearly." --results results
    python -m grader override set everybody mse full --reason "The text was wrong." --results results
    python -m grader override set ada mse --undo --results results

    WHO is a learner, a group of `python -m grader groups`, or everybody. Of a learner, EXERCISE may be left out when
    POINTS are 0 or full: then it is the whole submission; a group has its exercise. POINTS lie between 0 and those of
    the exercise. They stay through every regrade into the same --out, until they are set again or taken back, and all
    reports are rewritten at once. A learner's own points come before those of a group, and these before everybody's.
    The learner's page shows points, reason and day, and not who it was; `python -m grader override list` shows
    everything, and what was replaced or taken back.
    """
    exercise, wanted = _read(rest, undo)
    wish = _Wish(wanted, _reason(reason, undo), who_decides(by), only_now)
    with open_results(results) as store:
        render = renderer(root.resolve(), store, results)
        target = Targets(store).find(who, exercise)
        click.echo(_take_back(store, target, wish) if wanted is None else _set(store, target, wish))
        for line in render(target.student):
            click.echo(line)
    return 0


def _read(words: Sequence[str], undo: bool) -> tuple[str, float | str | None]:
    """The exercise, empty where there is none, and the points. Raises `click.UsageError`."""
    if undo:
        if len(words) > 1:
            raise click.UsageError("--undo takes points back, so it goes without POINTS.")
        return "".join(words), None
    *exercise, last = words or [""]
    if len(exercise) > 1:
        raise click.UsageError(f"There is something too much: expected WHO EXERCISE POINTS, found {' '.join(words)}.")
    if last == FULL:
        return "".join(exercise), FULL
    try:
        return "".join(exercise), float(last)
    except ValueError:
        if exercise:
            raise click.UsageError(f"POINTS are a number, or {FULL}; found {sanitized(last, 60)!r}.") from None
        raise click.UsageError("Say how many POINTS, or --undo to take back those that were set.") from None


def _reason(given: str, undo: bool) -> str:
    return text_given(given, "--reason", "" if undo else 'Say why, with --reason "…": the learner will read it.')


def _set(store: ResultStore, target: Target, wish: _Wish) -> str:
    targets = Targets(store)
    if not target.exercise and wish.points not in (0, FULL):
        raise ResultsError(
            f"Points of a whole submission can't be divided among its exercises: expected 0 or {FULL}, found "
            f"{wish.points:g}. Name the EXERCISE before the points."
        )
    covered = targets.covered(target)
    if not covered:
        raise ResultsError(f"There is no submission of {target.words} at present, so no points can be set.")
    in_force = {Target.of(decision): decision for decision in store.overrides()}
    decisions = []
    for exercise in {exercise.id: exercise for _, exercise in covered}.values():
        worth = _worth(exercise, wish)
        for each in targets.each(replace(target, exercise=exercise.id), only_now=wish.only_now):
            gave = commonest_score([found for _, found in targets.covered(each)])
            decision = Decision(each.student, exercise.id, worth, wish.reason, wish.by, now(), gave, each.group)
            # The same thing said twice, as after a kill in the middle, is one decision.
            if each not in in_force or replace(in_force[each], at=decision.at) != decision:
                decisions.append(decision)
    store.decide(*decisions)
    return _told(store, targets, target, covered, wish)


def _worth(exercise: ExerciseResult, wish: _Wish) -> float:
    wanted = exercise.max_score if wish.points == FULL else float(wish.points or 0)
    if not 0 <= wanted <= exercise.max_score:
        raise ResultsError(
            f"{exercise.id} is worth {points(exercise.max_score, 4)} points: POINTS must lie between 0 and that, "
            f"and {wanted:g} does not."
        )
    return round(wanted, 4)


def _told(
    store: ResultStore,
    targets: Targets,
    target: Target,
    covered: Sequence[tuple[SubmissionResult, ExerciseResult]],
    wish: _Wish,
) -> str:
    """What was done, in words."""
    first = covered[0][1]
    of = points(first.max_score, 4)
    if not target.exercise:
        worth = "all points" if wish.points == FULL else "0 points"
    else:
        worth = f"{points(_worth(first, wish), 4)} of {of} points"
    said = f"{targets.how_many(target)}: {worth}, set by {wish.by}: {wish.reason}"
    if target.student:
        gave = f"The checks gave {points(sum(each.as_checked().score for _, each in covered), 4)}"
        status = f" ({first.as_checked().status.value})" if target.exercise else ""
        return f"{said}\n{gave}{status}. {_total(store.result(target.student))}"
    if wish.only_now:
        return f"{said}\nThese learners have them from now on; nobody who comes to it later has."
    own = {each.student for each in store.overrides() if each.student and each.exercise == first.id}
    apart = sorted(own & {result.student for result, _ in covered})
    lines = [said, "Whoever comes to it later gets them, too; with --only-now nobody would."]
    if apart:
        lines.append(f"Points of their own come first: {sanitized(', '.join(apart), 300)}.")
    return "\n".join(lines)


def _take_back(store: ResultStore, target: Target, wish: _Wish) -> str:
    groups = store.lineage(target.group) if target.group else {""}
    own = {
        Target.of(each): each
        for each in store.decisions()
        if each.student == target.student and each.group in groups and target.exercise in ("", each.exercise)
    }
    in_force = [each for each in own.values() if each.points is not None]
    if not own:
        raise ResultsError(f"Nobody has set the points of {target.words}: there is nothing to take back.")
    covered = Targets(store).covered(target)
    gives = {exercise.id: exercise.as_checked().score for _, exercise in covered}
    store.decide(
        *(
            replace(
                each,
                points=None,
                reason=wish.reason,
                by=wish.by,
                at=now(),
                checks_gave=gives.get(each.exercise, each.checks_gave) if target.student else each.checks_gave,
            )
            for each in in_force
        )
    )
    last = list(own.values())[-1]
    if not in_force:
        was = f"the points were taken back already, by {last.by}."
    elif len(in_force) == 1:
        one = in_force[0]
        was = f"the {points(one.points or 0, 4)} points that {one.by} set are taken back, and stay in the history."
    else:
        was = f"the points of {counted(len(in_force), 'exercise')} are taken back, and stay in the history."
    return f"{target.words}: {was}" + (f"\n{_as_the_checks_say(store, target)}" if target.student else "")


def _as_the_checks_say(store: ResultStore, target: Target) -> str:
    result = store.result(target.student)
    if result is None:
        return f"There is no submission of {sanitized(target.student, 60)} at present."
    if not target.exercise:
        return _total(result)
    exercise = next(each for each in result.exercises if each.id == target.exercise)
    worth = f"{points(exercise.score, 4)} of {points(exercise.max_score, 4)} points"
    return f"The checks give {worth} ({exercise.status.value}). {_total(result)}"


def _total(result: SubmissionResult | None) -> str:
    if result is None:
        return ""
    has = f"{sanitized(result.student, 60)} has {points(result.score, 4)} of {points(result.max_score, 4)} points now"
    return f"{has}, less {points(result.late_penalty, 4)} for lateness." if result.late_penalty else f"{has}."
