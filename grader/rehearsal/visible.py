"""The visible checks of one exercise, run on a trusted implementation as the self-check runs them on a learner's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.checks import Draw, Function, Student
from grader.checks.observed import Asked
from grader.checks.scoring import CheckOutcome
from grader.course import Assignment, Exercise
from grader.records import CheckStatus
from grader.rehearsal.collected import CollectedChecks
from grader.rehearsal.rehearse import Stage
from grader.selfcheck.seeds import calls_seed, draw_seed

_ENDS = (CheckStatus.TIMED_OUT, CheckStatus.TODO)


@dataclass(frozen=True)
class SelfCheck:
    """What the visible checks of one exercise found, and every call that they made, in order."""

    outcomes: tuple[CheckOutcome, ...]
    calls: tuple[Asked, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(outcome.status is CheckStatus.PASSED for outcome in self.outcomes)


def self_checked(
    checks: CollectedChecks, assignment: Assignment, exercise: Exercise, sources: Mapping[str, str]
) -> SelfCheck:
    """Run the visible checks of `exercise` on the modules `sources`. What a check raises of its own is raised."""
    functions = {each.function: Function(each.module) for each in assignment.exercises.values()}
    outcomes: list[CheckOutcome] = []
    calls: list[Asked] = []
    with Stage(sources) as stage:
        for item, info in checks.items[exercise.id]:
            student = Student(stage, functions, calls_seed(exercise.id, item.name))
            draw = Draw(draw_seed(assignment.id, exercise.id, item.name))
            outcomes.append(checks.run(item, info, student, draw))
            calls += student.asked
            if outcomes[-1].status in _ENDS:
                break
    return SelfCheck(tuple(outcomes), tuple(calls))
