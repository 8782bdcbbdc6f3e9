"""`grader override set` and `grader override list`: a person has the last word on the points of an exercise."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from grader.cli import RenamedOptions, say_renamed
from grader.core.assignment import find_assignment
from grader.core.errors import ResultsError, did_you_mean
from grader.core.labels import points
from grader.core.records import Decision, ExerciseResult, SubmissionResult
from grader.core.sanitize import sanitized
from grader.course.load import load_course
from grader.results.reports import write_reports
from grader.results.store import FILE, ResultStore, snapshot


def open_results(out: Path) -> ResultStore:
    """The store in `out`.

    Raises `ResultsError` when there is none, naming a folder beside it that has results and is called almost the same,
    and when it can't be used: in use by a grading, damaged, of a newer version.
    """
    _see_that_it_is_there(out)
    return ResultStore.reopen(out)


@contextmanager
def snapshot_of(out: Path) -> Iterator[ResultStore]:
    """The results in `out` as they are now, to read from. Raises `ResultsError` like `open_results`, and when the
    grading has not ended: half a class must not look like a whole one."""
    _see_that_it_is_there(out)
    with snapshot(out) as store:
        if not (out / "results.jsonl").exists():
            raise ResultsError(f"The grading in {out} has not ended yet. Go on with `grade --resume`, then export.")
        yield store


def _see_that_it_is_there(out: Path) -> None:
    if not (out / FILE).exists():
        raise ResultsError(
            f'There are no results in "{out}" ({FILE}). Give the --out of an earlier grading.'
            f"{did_you_mean(out.name, _with_results(out.absolute().parent))}"
        )


def _with_results(folder: Path) -> list[str]:
    try:
        return sorted(each.parent.name for each in folder.glob(f"*/{FILE}"))
    except OSError:
        return []


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
    """Set the points of one exercise of one learner by hand, and list the points that were set."""


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
    for decision in store.overrides():
        yield f"{_who_and_what(decision)}: {_list_set(decision)}; {_checks(store, decision)}"


def _history(store: ResultStore) -> Iterator[str]:
    for decision in store.decisions():
        said = _list_set(decision) if decision.points is not None else f"taken back by {_by(decision)}"
        yield f"{_who_and_what(decision)}: {said}"


def _who_and_what(decision: Decision) -> str:
    return f"{sanitized(decision.student, 60)}, {sanitized(decision.exercise, 60)}"


def _list_set(decision: Decision) -> str:
    return f"{points(decision.points or 0, 4)} points, set by {_by(decision)}"


def _by(decision: Decision) -> str:
    reason = f": {sanitized(decision.reason, 4000)}" if decision.reason else ""
    when = decision.at[:16].replace("T", " ")
    return f"{sanitized(decision.by, 200)} ({when}){reason}"


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


_LONGEST_REASON = 500
_LONGEST_SHOWN = 4000  # an escape is longer than the character that it stands for
_LONGEST_NAME = 100


@dataclass(frozen=True)
class _Wish:
    """What was asked for on the command line. `points` is None when points are to be taken back."""

    student: str
    exercise: str
    points: float | None
    reason: str
    by: str


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
@click.argument("student")
@click.argument("exercise")
@click.argument("wanted", metavar="POINTS", type=float, required=False)
@_RESULTS
@click.option("--reason", default="", metavar="TEXT", help="Why; the learner reads it. May be left out with --undo.")
@click.option("--by", default="", metavar="NAME", help="Who decides.  [default: the user who types this]")
@click.option("--undo", is_flag=True, help="Take the points back: what the checks give counts again.")
@click.pass_obj
def _set_command(
    root: Path, student: str, exercise: str, wanted: float | None, results: Path, reason: str, by: str, undo: bool
) -> int:
    """Set the points of one exercise of one learner, whatever the checks gave.

    \b
    python -m grader override set ada mse 3 --reason "mm is fine here" --results results
    python -m grader override set ada mse --undo --results results

    POINTS lie between 0 and those of the exercise. They stay through every regrade into the same --out, until they are
    set again or taken back, and all reports are rewritten at once. The learner's page shows points, reason and day,
    and not who it was; `python -m grader override list` shows everything, and what was replaced or taken back.
    """
    if undo and wanted is not None:
        raise click.UsageError("--undo takes points back, so it goes without POINTS.")
    if not undo and wanted is None:
        raise click.UsageError("Say how many POINTS, or --undo to take back those that were set.")
    wish = _Wish(student, exercise, wanted, _reason(reason, undo), _who(by))
    with open_results(results) as store:
        render = _renderer(root.resolve(), store, results)
        click.echo(_take_back(store, wish) if wish.points is None else _set(store, wish, wish.points))
        for line in render():
            click.echo(line)
    return 0


def _reason(given: str, undo: bool) -> str:
    if len(given) > _LONGEST_REASON:
        raise click.UsageError(f"--reason has {len(given)} characters, and {_LONGEST_REASON} at most are kept.")
    reason = sanitized(given.strip(), _LONGEST_SHOWN)
    if not reason and not undo:
        raise click.UsageError('Say why, with --reason "…": the learner will read it.')
    return reason


def _who(given: str) -> str:
    try:
        who = given.strip() or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise click.UsageError("Say who you are, with --by NAME: this user has no name here.") from error
    return sanitized(who, _LONGEST_NAME)


def _renderer(root: Path, store: ResultStore, out: Path) -> Callable[[], list[str]]:
    """Writes the reports and says which; made first, so that a course that can't be read stops everything before.

    A grading that was stopped on its way has no reports yet, and gets none: half a class must not look like a whole.
    """
    course = load_course(root)
    assignment = find_assignment(course, store.key.assignment)

    def render() -> list[str]:
        if not (out / "results.jsonl").exists():
            return [f"The grading in {out} has not ended yet: the reports come with `grade --resume`."]
        files = write_reports(
            out,
            store.results,
            store.decisions(),
            course,
            assignment,
            store.changes(),
            sources=store.sources,
            without_work=store.without_work(),
        )
        return ["Rewritten:", *(f"  {file}" for file in files)]

    return render


def _set(store: ResultStore, wish: _Wish, wanted: float) -> str:
    result = _found(store, wish.student)
    exercise = _exercise(result, wish.exercise)
    if not 0 <= wanted <= exercise.max_score:
        raise ResultsError(
            f"{wish.exercise} is worth {points(exercise.max_score, 4)} points: POINTS must lie between 0 and that, "
            f"and {wanted:g} does not."
        )
    checked = exercise.as_checked()
    decision = _decision(wish, round(wanted, 4), checked.score)
    # The same thing said twice, as after a kill in the middle, is one decision.
    if not _says(exercise, decision):
        store.decide(decision)
    now = _found(store, wish.student)
    worth = f"{points(wanted, 4)} of {points(exercise.max_score, 4)} points"
    return (
        f"{_of(wish)}: {worth}, set by {wish.by}: {wish.reason}\n"
        f"The checks gave {points(checked.score, 4)} ({checked.status.value}). {_total(now)}"
    )


def _take_back(store: ResultStore, wish: _Wish) -> str:
    own = [each for each in store.decisions() if (each.student, each.exercise) == (wish.student, wish.exercise)]
    if not own:
        _exercise(_found(store, wish.student), wish.exercise)
        raise ResultsError(f"Nobody has set the points of {_of(wish)}: there is nothing to take back.")
    last, result = own[-1], store.result(wish.student)
    if last.points is None:
        was = f"the points were taken back already, by {last.by}."
    else:
        gives = _exercise(result, wish.exercise).as_checked().score if result else last.checks_gave
        store.decide(_decision(wish, None, gives))
        was = f"the {points(last.points, 4)} points that {last.by} set are taken back, and stay in the history."
    return f"{_of(wish)}: {was}\n{_as_the_checks_say(store, wish)}"


def _as_the_checks_say(store: ResultStore, wish: _Wish) -> str:
    result = store.result(wish.student)
    if result is None:
        return f"There is no submission of {sanitized(wish.student, 60)} at present."
    exercise = _exercise(result, wish.exercise)
    worth = f"{points(exercise.score, 4)} of {points(exercise.max_score, 4)} points"
    return f"The checks give {worth} ({exercise.status.value}). {_total(result)}"


def _decision(wish: _Wish, wanted: float | None, checks_gave: float) -> Decision:
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    return Decision(wish.student, wish.exercise, wanted, wish.reason, wish.by, at, checks_gave)


def _says(exercise: ExerciseResult, decision: Decision) -> bool:
    now = exercise.override
    return now is not None and (now.points, now.reason, now.by, now.checks_gave) == (
        decision.points,
        decision.reason,
        decision.by,
        decision.checks_gave,
    )


def _found(store: ResultStore, student: str) -> SubmissionResult:
    result = store.result(student)
    if result is None:
        raise _nobody(store, student)
    return result


def _nobody(store: ResultStore, student: str) -> ResultsError:
    near = did_you_mean(student, store.students())
    return ResultsError(sanitized(f'There is no result of "{student}" in {store.path.parent}.{near}'))


def _exercise(result: SubmissionResult, wanted: str) -> ExerciseResult:
    for exercise in result.exercises:
        if exercise.id == wanted:
            return exercise
    names = [exercise.id for exercise in result.exercises]
    listed = ", ".join(names)
    raise ResultsError(sanitized(f'There is no exercise "{wanted}", there are {listed}.{did_you_mean(wanted, names)}'))


def _of(wish: _Wish) -> str:
    return f"{sanitized(wish.student, 60)}, {wish.exercise}"


def _total(result: SubmissionResult) -> str:
    has = f"{sanitized(result.student, 60)} has {points(result.score, 4)} of {points(result.max_score, 4)} points now"
    return f"{has}, less {points(result.late_penalty, 4)} for lateness." if result.late_penalty else f"{has}."
