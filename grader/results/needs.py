"""Who needs a person, and why: said at the end of a run, and on the class's page."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from grader.core import labels
from grader.core.records import CheckStatus, ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.core.sanitize import sanitized


class Kind(Enum):
    """What a person has to look after, in the order in which it is shown."""

    UNREADABLE = SubmissionStatus.UNREADABLE.value
    REFUSED = SubmissionStatus.REFUSED.value
    NOT_FOUND = SubmissionStatus.NOT_FOUND.value
    PART_NOT_FOUND = "part_not_found"
    NOT_ALLOWED = "not_allowed"
    CHANGED_SINCE = "changed_since"
    OUR_MISTAKE = "our_mistake"
    TIME_MISSING = "time_missing"
    NOT_IN_ROSTER = "not_in_roster"
    NOTHING_HANDED_IN = "nothing_handed_in"
    CLOSE_TO_LIMIT = "close_to_limit"
    SEARCH_CUT = "search_cut"


# So much of a limit of time is close to it: another machine, or another day, may be that much slower.
CLOSE = 0.8

# What stands above those of a kind, and what to do.
TITLES = {
    Kind.UNREADABLE: ("Unreadable", "Fix or replace it among the submissions, and grade again:"),
    Kind.REFUSED: ("Refused", "Fix or replace it among the submissions, and grade again:"),
    Kind.NOT_FOUND: ("Not found", "Fix or replace it among the submissions, and grade again:"),
    Kind.PART_NOT_FOUND: ("Partly not found", "Fix or replace it among the submissions, and grade again:"),
    Kind.NOT_ALLOWED: ("Not allowed", "No points until you decide. Where it is all right, say so:"),
    Kind.CHANGED_SINCE: (
        "Set by hand, and checked differently since",
        "Your points count. See whether they still hold:",
    ),
    Kind.OUR_MISTAKE: ("Not graded because of our mistake", "Learners can't fix this. Grade again:"),
    Kind.TIME_MISSING: (
        "Late, and it isn't known when they came",
        "Nothing is taken off. Write the time into collected.csv, column handed_in, and grade again:",
    ),
    Kind.NOT_IN_ROSTER: (
        "Missing from the roster",
        "Exports leave them out. Add them to the roster, and collect again:",
    ),
    Kind.NOTHING_HANDED_IN: ("In the roster, and nothing handed in", "Ask whether that is so."),
    Kind.CLOSE_TO_LIMIT: (
        "Close to a limit of time",
        "These were not stopped. On a slower machine they might be: the limits are in `course.toml`.",
    ),
    Kind.SEARCH_CUT: (
        "Search for the cause ended by time",
        "Their points are right, only the cause is missing. Read these yourself, or try again, with the name:",
    ),
}

# Where a submission has to be fixed or replaced, or graded by hand: all that is known of it is why.
NOT_GRADED = (Kind.UNREADABLE, Kind.REFUSED, Kind.NOT_FOUND, Kind.PART_NOT_FOUND)


@dataclass(frozen=True)
class Need:
    """One learner and what a person has to look after. `exercises` are those that it is about; `why` is said to the
    instructor, and `read` is what the learner reads; `points` are proposed for the first, where they are known."""

    student: str
    kind: Kind
    exercises: tuple[str, ...]
    why: str = ""
    read: str = ""
    points: float | None = None

    def set_points(self, results: str) -> str:
        """The command that sets the points by hand; `results` is the folder. What it can't know is in capitals. Empty
        where no exercise waits for points."""
        if not self.exercises:
            return ""
        is_plain = sanitized(self.student, 200) == self.student and not self.student.startswith("-")
        student = shlex.quote(self.student) if is_plain else "STUDENT"
        points = "POINTS" if self.points is None else labels.points(self.points, 4)
        return (
            f"python -m grader override set {student} {self.exercises[0]} {points} --reason TEXT "
            f"--results {shlex.quote(results)}"
        )


def needs_of(result: SubmissionResult) -> Iterator[Need]:
    """What a person has to look after in one submission; nothing where one has been there."""
    if result.status in (SubmissionStatus.GRADED, SubmissionStatus.GRADER_ERROR):
        yield from _of_exercises(result)
    elif not result.overridden:
        kind = Kind(result.status.value)
        yield Need(result.student, kind, tuple(each.id for each in result.exercises), read=result.note)
    changed = tuple(each for each in result.overridden if has_changed_since(each))
    yield from _of_hand_in(result)
    if changed:
        why = " ".join(
            f"{each.id}: the checks gave {labels.points(each.override.checks_gave)} and give "
            f"{labels.points(each.as_checked().score)} now."
            for each in changed
            if each.override and each.override.checks_gave is not None
        )
        yield Need(result.student, Kind.CHANGED_SINCE, tuple(each.id for each in changed), why)


def _of_hand_in(result: SubmissionResult) -> Iterator[Need]:
    if result.hand_in.time_missing:
        yield Need(result.student, Kind.TIME_MISSING, ())
    if result.hand_in.in_roster is False:
        yield Need(result.student, Kind.NOT_IN_ROSTER, ())


def _of_exercises(result: SubmissionResult) -> Iterator[Need]:
    open_ones = [each for each in result.exercises if not each.override]
    ours = tuple(each.id for each in open_ones if each.status is ExerciseStatus.GRADER_ERROR)
    if ours:
        yield Need(result.student, Kind.OUR_MISTAKE, ours, result.note)
    if result.status is SubmissionStatus.GRADER_ERROR:
        return
    missing = [each for each in open_ones if each.status is ExerciseStatus.NOT_FOUND]
    if missing and not result.overridden:
        names = tuple(each.id for each in missing)
        yield Need(result.student, Kind.PART_NOT_FOUND, names, f"{labels.joined(names)} not found.", _said(missing))
    for each in open_ones:
        if each.status is ExerciseStatus.FORBIDDEN:
            yield Need(result.student, Kind.NOT_ALLOWED, (each.id,), read=_said([each]), points=each.max_score)
    yield from _about_time(result.student, open_ones)


def _about_time(student: str, exercises: list[ExerciseResult]) -> Iterator[Need]:
    for each in exercises:
        # What ran past a limit, and has lost points for it, isn't close to it.
        over = any(check.status in (CheckStatus.TIMED_OUT, CheckStatus.CRASHED) for check in each.checks)
        if each.effort and each.effort.of_limit >= CLOSE and not over and each.status not in _OVER:
            why = f"It took {each.effort.seconds:.2f} s in all, and {each.effort.of_limit:.0%} of a limit."
            yield Need(student, Kind.CLOSE_TO_LIMIT, (each.id,), why)
    for each in exercises:
        if each.effort and each.effort.search_cut:
            yield Need(student, Kind.SEARCH_CUT, (each.id,), read=_said([each]))


_OVER = (ExerciseStatus.TIMED_OUT, ExerciseStatus.CRASHED, ExerciseStatus.GRADER_ERROR)


def _said(exercises: list[ExerciseResult]) -> str:
    """What was found, each sentence once, and none that only refers to what is said of another one of them."""
    refers = tuple(f": see {each.id}." for each in exercises)
    said = list(dict.fromkeys(each.finding.summary for each in exercises if each.finding))
    return " ".join([sentence for sentence in said if not sentence.endswith(refers)] or said)


def has_changed_since(exercise: ExerciseResult) -> bool:
    """Whether the checks give something else now than when a person set the points."""
    then = exercise.override.checks_gave if exercise.override else None
    return then is not None and then != exercise.as_checked().score


_MOST = 20  # names of a kind, at the end of a run
_LONGEST = 500


def needs_lines(needs: Iterable[Need], again: str, out: str, notices: Sequence[str] = ()) -> list[str]:
    """What is said at the end of a run of who needs a person; nothing when nobody does.

    `again` is the command that grades once more what was fixed, and `out` the folder of the results. `notices` are
    what else a person should look at. What failed through our own mistake is not on it: only we can fix that.
    """
    needing = [need for need in needs if need.kind is not Kind.OUR_MISTAKE]
    not_graded = [need for need in needing if need.kind in NOT_GRADED]
    undecided = [need for need in needing if need.kind is Kind.NOT_ALLOWED]
    others: Counter[Kind] = Counter(need.kind for need in needing if need.kind not in (*NOT_GRADED, Kind.NOT_ALLOWED))
    if not needing and not notices:
        return []
    lines = ["", "Needs you:", *(f"  {sanitized(notice, 2 * _LONGEST)}" for notice in notices[:_MOST])]
    if not_graded:
        lines += [
            *_named(not_graded),
            "Fix or replace these submissions, and grade them again:",
            f"  {again}",
            "Or grade them yourself, and set the points of each exercise:",
            f"  {not_graded[0].set_points(out)}",
        ]
    if undecided:
        lines += [
            *_named(undecided),
            "No points until you decide. Where it is all right, say so:",
            f"  {undecided[0].set_points(out)}",
        ]
    if others:
        counts = (f"{TITLES[kind][0]} ({others[kind]})" for kind in Kind if others[kind])
        lines.append(f"More in class.html: {'; '.join(counts)}.")
    return lines


def _named(needing: Sequence[Need]) -> list[str]:
    lines = [f"  {sanitized(need.student, 60)}: {sanitized(_why(need), _LONGEST)}" for need in needing[:_MOST]]
    return [*lines, f"  and {len(needing) - _MOST} more, in class.html"] if len(needing) > _MOST else lines


def _why(need: Need) -> str:
    if need.kind is Kind.NOT_ALLOWED:
        why = f"{labels.joined(need.exercises)} not allowed."
    else:
        why = need.why or f"{labels.submission_words(SubmissionStatus(need.kind.value)).words}."
    return f"{why} The learner reads: {need.read}" if need.read else why
