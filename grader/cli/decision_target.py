"""Whom a decision is for, as it is typed: a learner, a group of answers, or everybody; and one exercise or all."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import click

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
