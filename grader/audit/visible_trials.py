"""What learners are told at home: what is known to be right or wrong, on the visible checks.

A right answer that fails one of them is a problem: its learner is told of a mistake that there is not. A mistake that
passes them all is a remark, for the author to decide: its learner reads that all visible checks pass, and loses points.
A course may mean that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.audit.trials import Kind, Subject
from grader.core.assignment import Assignment
from grader.core.labels import joined
from grader.core.records import CheckStatus
from grader.grading.collected_checks import CollectedChecks
from grader.grading.local_run import self_checked


@dataclass(frozen=True)
class AtHome:
    """The first visible check that an implementation fails, of the reference in any exercise, with what its learner
    would read; None where it passes all. `subject` is its id."""

    subject: str
    check: str | None = None
    said: str = ""

    @property
    def passed(self) -> bool:
        """Whether its learner reads that all visible checks pass."""
        return self.check is None


def at_home(checks: CollectedChecks, assignment: Assignment, subject: Subject, reference: Mapping[str, str]) -> AtHome:
    """Run the self-check on an implementation."""
    sources = {**reference, **subject.modules}
    for name in [subject.exercise] if subject.exercise else list(assignment.exercises):
        exercise = assignment.exercises[name]
        try:
            last = self_checked(checks, assignment, exercise, sources, first_failure=True).outcomes[-1]
        except Exception as error:  # a check that can't cope with what it was given
            return AtHome(subject.id, f"of {name}", f"It breaks: {type(error).__name__}: {error}")
        if last.status is not CheckStatus.PASSED:
            return AtHome(subject.id, last.id, last.finding.summary if last.finding else "")
    return AtHome(subject.id)


def wanted_at_home(subjects: Sequence[Subject]) -> list[Subject]:
    """Those that are tried at home: the reference, and all that the bank has."""
    return [each for each in subjects if each.kind in (Kind.REFERENCE, Kind.RIGHT, Kind.MISTAKE)]


def visible_problems(subjects: Sequence[Subject], found: Sequence[AtHome]) -> Iterator[str]:
    """A sentence for each right answer that fails a visible check."""
    for subject, tried in zip(subjects, found, strict=True):
        if subject.kind is not Kind.MISTAKE and not tried.passed:
            what = f"the answer {subject.name}" if subject.exercise else "the reference solution"
            where = f"{subject.exercise}: " if subject.exercise else ""
            yield f"{where}{what} is right, and fails the visible check {tried.check}. {tried.said}".rstrip()


def visible_remarks(subjects: Sequence[Subject], found: Sequence[AtHome]) -> Iterator[str]:
    """A sentence for each exercise of which mistakes pass all visible checks."""
    exercises = dict.fromkeys(each.exercise for each in subjects if each.kind is Kind.MISTAKE)
    for exercise in exercises:
        tried = [
            (subject.name, one)
            for subject, one in zip(subjects, found, strict=True)
            if subject.kind is Kind.MISTAKE and subject.exercise == exercise
        ]
        unseen = [name for name, one in tried if one.passed]
        if unseen:
            one = len(unseen) == 1
            yield (
                f"{exercise}: {len(unseen)} of {len(tried)} mistakes {'passes' if one else 'pass'} all visible checks, "
                f"so whoever makes {'it' if one else 'one'} reads that all is right, and loses points: "
                f"{joined(unseen)}. If {'it' if one else 'one of them'} is common, add a visible check with plain "
                "numbers that shows it; what only the grading should show may stay."
            )
