"""What the checks that ran found, and where each exercise stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from grader.checks.observed import Asked
from grader.checks.scoring import CheckOutcome, forbidden, is_broken, judge, named
from grader.records import CheckStatus, ExerciseResult, ExerciseStatus, Finding
from grader.selfcheck.course_file import Exercise, Lesson
from grader.selfcheck.known_mistakes import KnownMistakes


class Use(NamedTuple):
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
    asked: list[Asked] = field(default_factory=list)

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
class Standing:
    """Where one exercise stands.

    `title` is that of the check that `result.finding` comes from; `unusable` says why its module can't be used at all.
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


def forbidden_finding(names: Sequence[str]) -> Finding:
    """What is said of an exercise that uses functions that it must not use."""
    return forbidden([(Use(name), "") for name in names])


def standings(
    lesson: Lesson, progress: dict[str, Progress], unusable: Mapping[str, str], known: KnownMistakes
) -> list[Standing]:
    """Where the exercises that were tried stand, in the order of the course. `unusable` are modules and reasons."""
    results: dict[str, ExerciseResult] = {}
    for name in _order(lesson):
        if name in progress and progress[name].outcomes:
            one = progress[name]
            results[name] = judge(one.exercise, one.outcomes, results, [(Use(use), "") for use in sorted(one.uses)])
    found = [_standing(progress[name], results, unusable) for name in lesson.exercises if name in results]
    return [replace(each, result=_named(each, progress[each.exercise.id], known)) for each in found]


def _named(each: Standing, progress: Progress, known: KnownMistakes) -> ExerciseResult:
    """The result, in the words of the known mistake that was made, if there is one."""
    if not each.whole or each.result.status not in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL):
        return each.result
    return named(each.result, known.made_in(each.exercise.id, progress.asked))


def next_thing(standing: Sequence[Standing]) -> Standing | None:
    """The one thing to do next: the first exercise that is wrong, else the first that is still to do."""
    later = (ExerciseStatus.PASSED, ExerciseStatus.TODO, ExerciseStatus.BLOCKED)
    wrong = [each for each in standing if each.result.status not in later]
    to_do = [each for each in standing if each.result.status is ExerciseStatus.TODO]
    blocked = [each for each in standing if each.result.status is ExerciseStatus.BLOCKED]
    return next(iter([*wrong, *to_do, *blocked]), None)


def _order(lesson: Lesson) -> list[str]:
    """As written, but after what an exercise needs."""
    done: list[str] = []
    visiting: set[str] = set()

    def visit(name: str) -> None:
        if name in visiting or name not in lesson.exercises:
            return
        visiting.add(name)
        for need in lesson.exercises[name].needs:
            visit(need)
        done.append(name)

    for name in lesson.exercises:
        visit(name)
    return done


def _standing(progress: Progress, results: dict[str, ExerciseResult], unusable: Mapping[str, str]) -> Standing:
    exercise, outcomes = progress.exercise, progress.outcomes
    result = results[exercise.id]
    told = next((o for o in outcomes if o.finding and result.finding and _same(o.finding, result.finding)), None)
    broken = tuple(need for need in exercise.needs if need in results and is_broken(results[need]))
    return Standing(
        exercise,
        result,
        progress.whole,
        passed=sum(outcome.status is CheckStatus.PASSED for outcome in outcomes),
        tried=len(outcomes),
        blocked_by=broken if result.status is ExerciseStatus.BLOCKED else (),
        title=told.info.title if told else "",
        printed=progress.printed.get(told.id, "") if told else "",
        unusable=unusable.get(exercise.module, ""),
    )


def _same(one: Finding, other: Finding) -> bool:
    return (one.summary, one.facts) == (other.summary, other.facts)
