"""What the checks that ran found, and where each exercise stands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from grader.checks.marks import FindingScope
from grader.checks.observed import CallRecord
from grader.checks.scoring import CheckOutcome, forbidden, is_broken, judge, named
from grader.core.assignment import Assignment, Exercise, in_order
from grader.core.labels import State, state_words
from grader.core.records import CheckStatus, ExerciseResult, ExerciseStatus, Finding
from grader.selfcheck.known_mistakes import KnownMistakes

_NOT_REACHED = State("?", "?", "can't be checked", "Its module can't be used, so the function was not tried.")
_HELPED = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.TODO, ExerciseStatus.FORBIDDEN)


class ForbiddenCall(NamedTuple):
    """A forbidden function that was seen at work."""

    name: str


@dataclass
class Progress:
    """One exercise in the making.

    `collected` counts its checks before any were deselected, 0 for not known; `printed` is what the learner's code
    printed in each check, by the check's id; `uses` are the forbidden functions that were seen at work; `asked` are all
    calls that the checks made.
    """

    exercise: Exercise
    collected: int = 0
    outcomes: list[CheckOutcome] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    asked: list[CallRecord] = field(default_factory=list)

    @property
    def ended(self) -> CheckOutcome | None:
        """The outcome after which the other checks of the exercise need not be tried."""
        ends = (CheckStatus.TIMED_OUT, CheckStatus.TODO)
        return next((outcome for outcome in self.outcomes if outcome.status in ends), None)

    @property
    def whole(self) -> bool:
        """Whether every check of the exercise ran, so that its points can be told."""
        return 0 < self.collected == len(self.outcomes)


@dataclass(frozen=True)
class ExerciseState:
    """Where one exercise stands.

    `title` is that of the check that `result.finding` comes from; `unusable` says why its module can't be used at all;
    `is_reached` whether the function itself was tried, or it never came to that; `can_be_helped` whether the exercise's
    hints are about what was found; `has_line` whether that came out of a line of the learner's as an exception.
    """

    exercise: Exercise
    result: ExerciseResult
    whole: bool
    passed: int
    tried: int
    blocked_by: tuple[str, ...] = ()
    title: str = ""
    printed: str = ""
    unusable: str = ""
    is_reached: bool = True
    can_be_helped: bool = False
    has_line: bool = False

    @property
    def words(self) -> State:
        """The state as people see it. What was not reached is neither right nor wrong."""
        if not self.is_reached and self.result.status is not ExerciseStatus.TODO:
            return _NOT_REACHED
        return state_words(self.result.status, self.blocked_by)

    @property
    def lacks_a_cause(self) -> bool:
        """Whether the function gives something wrong, and nothing is known of why."""
        is_wrong = self.result.status in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL)
        is_known = self.has_line or bool(self.result.misconception) or self.result.cause is not None
        return is_wrong and self.whole and self.can_be_helped and not is_known


def forbidden_finding(names: Sequence[str]) -> Finding:
    """What is said of an exercise that uses functions that it must not use."""
    return forbidden([(ForbiddenCall(name), "") for name in names])


def standings(
    lesson: Assignment,
    progress: dict[str, Progress],
    unusable: Mapping[str, str],
    known: KnownMistakes,
    definition: Callable[[Exercise], ast.AST | None],
) -> list[ExerciseState]:
    """Where the exercises that were tried stand, in the order of the course. `unusable` are modules and reasons;
    `definition` gives an exercise's function as it is written, None where that isn't known."""
    results: dict[str, ExerciseResult] = {}
    for name in in_order({name: exercise.needs for name, exercise in lesson.exercises.items()}):
        if name in progress and progress[name].outcomes:
            one = progress[name]
            results[name] = judge(
                one.exercise, one.outcomes, results, [(ForbiddenCall(use), "") for use in sorted(one.uses)]
            )
    found = [_standing(progress[name], results, unusable) for name in lesson.exercises if name in results]
    return [replace(each, result=_named(each, progress[each.exercise.id], known, definition)) for each in found]


def _named(
    each: ExerciseState,
    progress: Progress,
    known: KnownMistakes,
    definition: Callable[[Exercise], ast.AST | None],
) -> ExerciseResult:
    """The result, in the words of the misconception that was made, if there is one."""
    if not each.whole or each.result.status not in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL):
        return each.result
    node = definition(each.exercise)
    return named(each.result, known.made_in(each.exercise.id, progress.asked, node, progress.outcomes))


def next_thing(standing: Sequence[ExerciseState]) -> ExerciseState | None:
    """The one thing to do next: the first exercise that is wrong or can't be reached, else the first that is still to
    do."""
    later = (ExerciseStatus.PASSED, ExerciseStatus.TODO, ExerciseStatus.BLOCKED)
    wrong = [each for each in standing if each.result.status not in later or not each.is_reached]
    to_do = [each for each in standing if each.result.status is ExerciseStatus.TODO]
    blocked = [each for each in standing if each.result.status is ExerciseStatus.BLOCKED]
    return next(iter([*wrong, *to_do, *blocked]), None)


def _standing(progress: Progress, results: dict[str, ExerciseResult], unusable: Mapping[str, str]) -> ExerciseState:
    exercise, outcomes = progress.exercise, progress.outcomes
    result = results[exercise.id]
    told = next((o for o in outcomes if o.finding and result.finding and _same(o.finding, result.finding)), None)
    broken = tuple(need for need in exercise.needs if need in results and is_broken(results[need]))
    return ExerciseState(
        exercise,
        result,
        progress.whole,
        passed=sum(outcome.status is CheckStatus.PASSED for outcome in outcomes),
        tried=len(outcomes),
        blocked_by=broken if result.status is ExerciseStatus.BLOCKED else (),
        title=told.info.title if told else "",
        printed=progress.printed.get(told.id, "") if told else "",
        unusable=unusable.get(exercise.module, ""),
        is_reached=told is None or told.scope is not FindingScope.MODULE,
        can_be_helped=result.status in _HELPED and (told is None or told.scope is FindingScope.FUNCTION),
        has_line=told is not None and told.place is not None,
    )


def _same(one: Finding, other: Finding) -> bool:
    return (one.summary, one.facts) == (other.summary, other.facts)
