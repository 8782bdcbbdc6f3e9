"""The words and signs that people see: one for each state, one way to write points and bars.

They need the standard library alone: the self-check on a learner's machine says the same words as the pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grader.core.assignment import Parameter
from grader.core.records import CheckStatus, Comment, ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus


class State(NamedTuple):
    """A state as people see it: a sign, the same in ASCII, the words, and what it means in a sentence."""

    symbol: str
    ascii: str
    words: str
    meaning: str


_OUR_MISTAKE = "Something went wrong on our side, not on yours. This will be graded again."

_EXERCISES = {
    ExerciseStatus.PASSED: State("✓", "v", "done", "All checks pass."),
    ExerciseStatus.PARTIAL: State("◐", "~", "partly", "Some checks pass, others don't yet."),
    ExerciseStatus.FAILED: State("✗", "x", "not right yet", "The function runs, but its results aren't right yet."),
    ExerciseStatus.TODO: State("○", "o", "to do", "The function is not written yet."),
    ExerciseStatus.BLOCKED: State(
        "↑", "^", "blocked", "This exercise needs another one that isn't done yet. Do that one first."
    ),
    ExerciseStatus.FORBIDDEN: State(
        "⊘", "!", "not allowed", "The code uses a function that this exercise asks you to write."
    ),
    ExerciseStatus.TIMED_OUT: State("∞", "t", "took too long", "The code was stopped because it ran for too long."),
    ExerciseStatus.CRASHED: State("■", "#", "stopped", "Python itself stopped while it ran the code."),
    ExerciseStatus.NOT_FOUND: State("∅", "-", "not found", "No code was found for this exercise."),
    ExerciseStatus.GRADER_ERROR: State("?", "?", "not graded because of our mistake", _OUR_MISTAKE),
}

_SUBMISSIONS = {
    SubmissionStatus.GRADED: State("✓", "v", "graded", "Every exercise was graded."),
    SubmissionStatus.NOT_FOUND: State(
        "∅", "-", "not found", "There was nothing to grade, or it was unclear what counts."
    ),
    SubmissionStatus.UNREADABLE: State("✗", "x", "unreadable", "The submission could not be read."),
    SubmissionStatus.REFUSED: State("⊘", "!", "refused", "The submission was not accepted."),
    SubmissionStatus.GRADER_ERROR: State("?", "?", "not graded because of our mistake", _OUR_MISTAKE),
}


def state_words(status: ExerciseStatus | CheckStatus, blocked_by: Sequence[str] = ()) -> State:
    """How the state of an exercise, or of one check, is said; a blocked one names what blocks it."""
    state = _EXERCISES[ExerciseStatus(status)]
    if status == ExerciseStatus.BLOCKED and blocked_by:
        names = joined(blocked_by)
        them = "that" if len(blocked_by) == 1 else "those"
        verb = "isn't" if len(blocked_by) == 1 else "aren't"
        return state._replace(
            words=f"blocked by {names}", meaning=f"This exercise needs {names}, which {verb} done yet. Do {them} first."
        )
    return state


def submission_words(status: SubmissionStatus) -> State:
    """How the state of a whole submission is said."""
    return _SUBMISSIONS[status]


def joined(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def counted(number: int, what: str) -> str:
    """`1 submission`, `2 submissions`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def mistake_words(exercise: str, mistake: str) -> str:
    """A mistake's id as words, without the exercise's name before it: `fit_never_steps` of `fit` is `never steps`."""
    return mistake.removeprefix(f"{exercise}_").replace("_", " ")


def points(number: float, digits: int = 2) -> str:
    """Points without needless decimals: 3, 2.5, 1.33."""
    text = f"{number:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def set_by_a_person(exercise: ExerciseResult) -> str:
    """`3 of 4 points, set by a person: REASON (2026-11-23)`, for learners; empty when the checks have the last word.

    Who it was stays out of it: what learners read is the course's word, whoever typed it.
    """
    override = exercise.override
    if override is None:
        return ""
    worth = f"{points(exercise.score)} of {points(exercise.max_score)} points"
    return f"{worth}, set by a person: {override.reason} ({override.day})"


def late_words(result: SubmissionResult) -> str:
    """`Handed in 1 day and 2 hours late: 2 of 24 points less, so 22 count.`, for learners; empty in time, and where
    it isn't known when it was handed in or due."""
    lateness, penalty = result.hand_in.lateness, result.late_penalty
    if lateness is None or not lateness.words:
        return ""
    said = f"Handed in {lateness.words} late"
    if not result.is_final:
        return f"{said}."
    if not penalty:
        return f"{said}, which costs nothing."
    return f"{said}: {points(penalty)} of {points(result.score)} points less, so {points(result.final_score)} count."


def comment_words(comment: Comment) -> str:
    """`Comment: TEXT (2026-11-23)`, for learners: who wrote it stays out of it."""
    return f"Comment: {comment.text} ({comment.day})"


def bar(fraction: float, width: int = 20, *, ascii: bool = False) -> str:
    """A bar of `width` characters. Full only when all is done, empty only when nothing is."""
    if fraction >= 1:
        filled = width
    elif not fraction > 0:
        filled = 0
    else:
        filled = min(max(1, int(fraction * width)), max(1, width - 1))
    full, empty = ("#", ".") if ascii else ("█", "░")
    return full * filled + empty * (width - filled)


def parameter_words(names: Sequence[str], parameters: Mapping[str, Parameter]) -> str:
    """`variant b (axis = 1, reduction = "sum")`, `variants b and c (axis = 1)`."""
    values = (
        f"{key} = {json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)}"
        for key, value in parameters.items()
    )
    return f"variant{'s' if len(names) > 1 else ''} {joined(names)} ({', '.join(values)})"
