"""What a learner's page says, before it is HTML or text: both say the same in the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from grader.core import labels
from grader.core.assignment import Assignment, Course, of_variant
from grader.core.records import Comment, ExerciseResult, ExerciseStatus, Finding, SubmissionResult, SubmissionStatus
from grader.core.sanitize import sanitized

NO_POINTS = "–"
_TO_FIX = {
    ExerciseStatus.PARTIAL,
    ExerciseStatus.FAILED,
    ExerciseStatus.FORBIDDEN,
    ExerciseStatus.TIMED_OUT,
    ExerciseStatus.CRASHED,
}

_READ, _WHERE, OWN_CODE = "read", "where", "your code"
# As `grading.bank.lesson_parts` writes where a part is.
_PART_OF_LESSON = re.compile(r"\(lesson\.html#([\w-]+)\)\Z")

_WHAT_TO_DO = {
    SubmissionStatus.NOT_FOUND: "Nothing was graded, so there are no points yet, and no 0 either. Follow the "
    "sentence above and hand in again. If you see nothing wrong, show this page to your instructor.",
    SubmissionStatus.UNREADABLE: "Open the file you handed in, fix what is named above, and hand it in again. "
    "If you see nothing wrong, show this page to your instructor.",
    SubmissionStatus.REFUSED: "Hand in one folder, one .zip of it, or one notebook, with nothing else in it. "
    "If this is unclear to you, show this page to your instructor.",
    SubmissionStatus.GRADER_ERROR: "You don't have to do anything. If this page still says so in a few days, tell "
    "your instructor.",
}


@dataclass(frozen=True)
class ExercisePart:
    """One exercise on the page. `read` is the address of the part of the lesson that the fact of that name is about;
    empty where the course doesn't say where its lesson is."""

    id: str
    title: str
    kind: str
    state: labels.State
    points: str
    override: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    read: str
    hint: str
    advice: tuple[str, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Everything on the page. `notice` (why, what to do) stands instead of the exercises of what was not graded;
    only those whose points a person set, or to which a person said something, are shown beside it. `comments` are on
    the whole.

    `advance` is how to go on: a verb with `next` as its object, or a sentence when there is nothing to fix; `again`,
    how to try that at home. `graded` is when this was graded, empty where it isn't known. There is a `fraction` of the
    points, from 0 to 1, only where there are points. `total` is of the points earned; `handed_in` says as which
    variant it was graded, with whom it was handed in, and what lateness costs.
    """

    course: str
    assignment: str
    learner: str
    graded: str
    total: str
    fraction: float | None
    handed_in: tuple[str, ...]
    groups: tuple[tuple[str, tuple[ExercisePart, ...]], ...]
    advance: str
    next: ExercisePart | None
    again: str
    notice: tuple[str, ...]
    note: str
    comments: tuple[str, ...]


def page_of(result: SubmissionResult, course: Course, assignment: Assignment) -> Page:
    """The page for one submission; exercises in the course's order, by module."""
    assignment = of_variant(assignment, result.variant)
    graded = result.status is SubmissionStatus.GRADED
    order = {id: position for position, id in enumerate(assignment.exercises)}
    ordered = sorted(result.exercises, key=lambda exercise: order.get(exercise.id, len(order)))
    first = _first_to_fix(ordered) if graded else None
    return Page(
        course=course.name,
        assignment=assignment.title,
        learner=sanitized(result.student, 200),
        graded=_graded_on(result),
        total=_total(result),
        fraction=_fraction(result),
        handed_in=tuple(text for text in (_variant(result), _team(result), labels.late_words(result)) if text),
        groups=tuple(_groups([e for e in ordered if graded or e.override or e.comments], ordered, assignment)),
        advance=_advance(ordered, first) if graded else "",
        next=_part(first, ordered, assignment) if first else None,
        again=_again(first, course, assignment) if first and first.id in assignment.exercises else "",
        notice=() if graded else _notice(result),
        note="\n".join(text for text in (_shown(result.note) if graded else "", _on_trust(result)) if text),
        comments=_comments(result.comments),
    )


def _comments(comments: Iterable[Comment]) -> tuple[str, ...]:
    return tuple(_shown(labels.comment_words(each)) for each in comments)


def _on_trust(result: SubmissionResult) -> str:
    return "Graded with --sandbox none: the code ran without the sandbox." if result.trusted else ""


def blocked_by(exercise: ExerciseResult, others: list[ExerciseResult], assignment: Assignment) -> list[str]:
    """The exercises that this one needs and that are not right yet: points that a person gave change no code."""
    known = assignment.exercises.get(exercise.id)
    right = {other.id for other in others if other.as_checked().status is ExerciseStatus.PASSED}
    return [need for need in known.needs if need not in right] if known else []


def _groups(
    shown: list[ExerciseResult], ordered: list[ExerciseResult], assignment: Assignment
) -> Iterator[tuple[str, tuple[ExercisePart, ...]]]:
    module_of = {exercise.id: exercise.module for exercise in assignment.exercises.values()}
    titles = {module.id: module.title for module in assignment.modules.values()}
    for module in [*titles, None]:
        parts = tuple(_part(e, ordered, assignment) for e in shown if module_of.get(e.id) == module)
        if parts:
            yield titles[module] if module else "More", parts


def _part(exercise: ExerciseResult, others: list[ExerciseResult], assignment: Assignment) -> ExercisePart:
    counts = exercise.override or exercise.status not in (ExerciseStatus.NOT_FOUND, ExerciseStatus.GRADER_ERROR)
    known = assignment.exercises.get(exercise.id)
    finding = exercise.finding
    state = labels.state_words(exercise.status, blocked_by(exercise, others, assignment))
    address = _address(finding, assignment) if finding else ""
    facts = finding.facts if finding else ()
    says_all = exercise.status is ExerciseStatus.PASSED or exercise.override
    return ExercisePart(
        id=sanitized(exercise.id, 100),
        title=known.title if known else "",
        kind=exercise.status.value,
        state=state,
        points=f"{labels.points(exercise.score) if counts else NO_POINTS} of {labels.points(exercise.max_score)}",
        override=_shown(labels.set_by_a_person(exercise)),
        summary=_shown(finding.summary) if finding else "" if says_all else state.meaning,
        facts=tuple(
            (sanitized(label, 60), _shown(_with_address(label, text, address)))
            for label, text in _with_own_code(facts, exercise)
        ),
        read=address,
        hint=_shown(finding.hint) if finding else "",
        advice=tuple(_shown(text) for text in exercise.advice),
        comments=_comments(exercise.comments),
    )


def _address(finding: Finding, assignment: Assignment) -> str:
    part = _PART_OF_LESSON.search(dict(finding.facts).get(_READ, ""))
    return f"{assignment.lesson_url}#{part[1]}" if part and assignment.lesson_url else ""


def _with_address(label: str, text: str, address: str) -> str:
    return _PART_OF_LESSON.sub(lambda _: f"({address})", text) if address and label == _READ else text


def _with_own_code(facts: tuple[tuple[str, str], ...], exercise: ExerciseResult) -> Iterator[tuple[str, str]]:
    """The facts, and the lines around the place that the cause names; what stands there is then not said twice."""
    code = own_code(exercise)
    cause = exercise.cause
    if not code or cause is None:
        yield from facts
        return
    place = f"{cause.module}.py, line {cause.line}" if cause.cell is None else f"cell {cause.cell}, line {cause.line}"
    for label, text in facts:
        if label == _WHERE and (text == place or text.startswith(f"{place}:")):
            text = place
        yield label, text
        if label in (_WHERE, "look at") and code:
            yield OWN_CODE, code
            code = ""
    if code:
        yield OWN_CODE, code


def own_code(exercise: ExerciseResult) -> str:
    """The lines around the place that the cause names, numbered, with a mark at that one; empty where none is known."""
    cause, around = exercise.cause, exercise.around
    if cause is None or around is None:
        return ""
    width = len(str(around.first + len(around.lines)))
    lines = (
        f"{'>' if number == cause.line else ' '} {number:{width}}  {text}".rstrip()
        for number, text in enumerate(around.lines, around.first)
    )
    return "\n".join([*([f"In cell {cause.cell}:"] if cause.cell else []), *lines])


def _first_to_fix(ordered: list[ExerciseResult]) -> ExerciseResult | None:
    """What was begun and isn't right comes before what isn't begun; what is blocked mends itself.

    Where a person has set the points and nothing is left of what was found, there is nothing to fix.
    """
    left = [exercise for exercise in ordered if exercise.finding or not exercise.override]
    begun = (exercise for exercise in left if exercise.status in _TO_FIX)
    not_begun = (exercise for exercise in left if exercise.status is ExerciseStatus.TODO)
    not_found = (exercise for exercise in left if exercise.status is ExerciseStatus.NOT_FOUND)
    blocked = (exercise for exercise in left if exercise.status is ExerciseStatus.BLOCKED)
    # Of what blocks it, nothing is left to mend only when a person set its points, or when the mistake is ours.
    stuck = None if _ours(ordered) else next(blocked, None)
    return next(begun, None) or next(not_begun, None) or next(not_found, None) or stuck


_VERBS = {ExerciseStatus.TODO: "Begin with", ExerciseStatus.NOT_FOUND: "Hand in"}


def _advance(ordered: list[ExerciseResult], first: ExerciseResult | None) -> str:
    if first:
        return _VERBS.get(first.status, "Fix")
    if all(exercise.status is ExerciseStatus.PASSED for exercise in ordered):
        return "Nothing: every exercise is done. Well done!"
    if not _ours(ordered):
        return "Nothing: your instructor has decided on the points of what was not right yet."
    return "Nothing for you to do: the remaining problem is on our side."


def _again(first: ExerciseResult, course: Course, assignment: Assignment) -> str:
    """How to try it at home; what was not in the submission may be right there."""
    if first.status is ExerciseStatus.NOT_FOUND:
        return ""
    is_shared = sum(first.id in each.exercises for each in course.assignments.values()) > 1
    folder = f"exercises/{assignment.id}" if is_shared else "exercises"
    return f'Then try it with `pytest {folder} -k {first.id}`, or with `check("{first.id}")` in the notebook.'


def _graded_on(result: SubmissionResult) -> str:
    """The day, as the calendar of this machine has it."""
    try:
        day = datetime.fromisoformat(result.graded_at).astimezone().date().isoformat()
    except (ValueError, OverflowError):
        return ""
    return f"Graded on {day}." if result.status is SubmissionStatus.GRADED else f"Last tried on {day}."


def _ours(exercises: Iterable[ExerciseResult]) -> bool:
    return any(exercise.status is ExerciseStatus.GRADER_ERROR for exercise in exercises)


def _has_points(result: SubmissionResult) -> bool:
    return result.status is SubmissionStatus.GRADED or bool(result.overridden)


def _fraction(result: SubmissionResult) -> float | None:
    if not _has_points(result):
        return None
    return min(1.0, max(0.0, result.score / result.max_score)) if result.max_score > 0 else 0.0


def _total(result: SubmissionResult) -> str:
    failed = result.status is SubmissionStatus.GRADER_ERROR
    if not _has_points(result):
        return "not graded yet" if failed else "not graded"
    total = f"{labels.points(result.score)} of {labels.points(result.max_score)} points"
    return f"{total} so far" if failed or _ours(result.exercises) else total


def _variant(result: SubmissionResult) -> str:
    return f"Graded as variant {result.variant}." if result.variant else ""


def _team(result: SubmissionResult) -> str:
    members = [sanitized(name, 200) for name in result.hand_in.members]
    return f"Handed in together, by {labels.joined(members)}." if members else ""


def _notice(result: SubmissionResult) -> tuple[str, ...]:
    # What went wrong on our side means nothing to a learner, and might say more than a learner should know.
    why = "" if result.status is SubmissionStatus.GRADER_ERROR else _shown(result.note)
    sentences = (labels.submission_words(result.status).meaning, why, _WHAT_TO_DO[result.status])
    return tuple(sentence for sentence in sentences if sentence)


def _shown(text: str) -> str:
    return sanitized(text, 4000, lines=True)
