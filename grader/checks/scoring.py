"""From what the checks of an exercise found to its status, its points and its finding. Pure functions.

The self-check and the hidden run judge by this one rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from grader.checks.marks import CheckFailed, CheckInfo, FindingScope
from grader.checks.transport import PARAMETERS
from grader.core.labels import joined
from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    Misconception,
)
from grader.sandbox.protocol.messages import CodeLine

_OVER = {
    CheckStatus.TIMED_OUT: ExerciseStatus.TIMED_OUT,
    CheckStatus.CRASHED: ExerciseStatus.CRASHED,
}
_NOT_RUN = {
    CheckStatus.TODO: ExerciseStatus.TODO,
    CheckStatus.NOT_FOUND: ExerciseStatus.NOT_FOUND,
}


# With these a hint for the exercise may help, where the finding is about its function.
_HINTED = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.TODO)


# How an exercise stands that another one needs, what is said of one such and of several, and what is to be done.
_BLOCKERS = (
    (ExerciseStatus.FAILED, "isn't right yet", "aren't right yet", "fix"),
    (ExerciseStatus.TODO, "is still to do", "are still to do", "write"),
    (ExerciseStatus.GRADER_ERROR, "couldn't be graded", "couldn't be graded", ""),
)


# The first sentence of a finding, and the second where the first is short.
_WHAT = re.compile(r"(?:.{0,24}\. )?.*?(?:\.(?= )|$)", re.DOTALL)


class Judged(Protocol):
    """What must be known of an exercise to judge it."""

    @property
    def id(self) -> str:
        """Its id, the name of the function."""

    @property
    def points(self) -> float:
        """What it earns when everything is right."""

    @property
    def needs(self) -> Sequence[str]:
        """The exercises that it can't work without."""

    @property
    def hints(self) -> Sequence[str]:
        """Hints from the gentle to the plain."""


class Used(Protocol):
    """A forbidden function that was used."""

    @property
    def name(self) -> str:
        """Its public name: `torch.nn.functional.mse_loss`."""


@dataclass(frozen=True)
class CheckOutcome:
    """What became of one check. `culprit` is another of the learner's functions in which an exception was raised;
    `scope` says what the finding is about, and `place` is the learner's line that an exception came out of."""

    id: str
    info: CheckInfo
    status: CheckStatus
    finding: Finding | None = None
    culprit: str | None = None
    scope: FindingScope = FindingScope.FUNCTION
    place: CodeLine | None = None

    @classmethod
    def of(cls, id: str, info: CheckInfo, failure: CheckFailed) -> Self:
        """That of a check that failed."""
        return cls(id, info, failure.status, failure.finding, failure.culprit, failure.scope, failure.place)


def judge(
    exercise: Judged,
    outcomes: Sequence[CheckOutcome],
    earlier: Mapping[str, ExerciseResult],
    uses: Sequence[tuple[Used, str]] = (),
) -> ExerciseResult:
    """The result of an exercise.

    `earlier` holds the results of the exercises that came before it; `uses` are forbidden functions that it uses, each
    with words for where.
    """
    checks = points_of(exercise.points, outcomes)
    failed = failures(outcomes)
    status, finding = _status(exercise, failed, checks, earlier)
    if uses and status not in (ExerciseStatus.GRADER_ERROR, ExerciseStatus.TODO):
        status, finding = ExerciseStatus.FORBIDDEN, forbidden(uses)
        checks = [replace(check, points=0.0) for check in checks]
    about_it = not failed or failed[0].scope is FindingScope.FUNCTION
    if finding and not finding.hint and about_it and status in _HINTED:
        finding = replace(finding, hint=exercise.hints[0])
    score = round(sum(check.points for check in checks), 4)
    return ExerciseResult(exercise.id, status, score, float(exercise.points), tuple(checks), finding)


def failures(outcomes: Sequence[CheckOutcome]) -> list[CheckOutcome]:
    """The checks that failed, in the order in which they are named: what earns before what only takes away."""
    failed = [outcome for outcome in outcomes if outcome.status is not CheckStatus.PASSED]
    return sorted(failed, key=lambda outcome: outcome.info.points == 0)


def named(result: ExerciseResult, mistake: Misconception | None) -> ExerciseResult:
    """The same result in the words of the misconception that was made. What was seen stays beside them.

    Not where parameters stand in another place than the exercise's: then that is what leads to the same values.
    """
    if mistake is None or result.finding is None or any(label == PARAMETERS for label, _ in result.finding.facts):
        return result
    part = (("read", mistake.part),) if mistake.part else ()
    finding = Finding(mistake.says, (*result.finding.facts, *part))
    return replace(result, finding=finding, misconception=mistake.id)


def pointed_at(result: ExerciseResult, cause: Cause, place: str, about: str = "", instead: str = "") -> ExerciseResult:
    """The same result with a cause that repair found. The place in words, and what to look at there, is one more fact,
    and takes the place of the hint and of where the function ends. `instead` are lines that would be right."""
    if result.finding is None:
        return result
    facts = tuple(fact for fact in result.finding.facts if fact[0] != "where")
    look = ("look at", f"{place}: {about}" if about else place)
    more = (look, ("instead", instead)) if instead else (look,)
    return replace(result, cause=cause, finding=replace(result.finding, facts=(*facts, *more), hint=""))


def said_once(results: Mapping[str, ExerciseResult], modules: Mapping[str, str]) -> dict[str, ExerciseResult]:
    """What is found of a whole module is said with the first of its exercises that is written; the others refer to it.

    `results` are by exercise, in the order in which they are read; `modules` tells which module each is in.
    """
    alike: dict[tuple[str, Finding], list[str]] = {}
    for name, result in results.items():
        if result.finding:
            alike.setdefault((modules[name], replace(result.finding, hint="")), []).append(name)
    told = dict(results)
    for (_, finding), names in alike.items():
        if len(names) > 1:  # it is no matter of one exercise, and no exercise's hint can help
            first = next((name for name in names if results[name].status is not ExerciseStatus.TODO), names[0])
            what = _WHAT.match(finding.summary)
            refers = f"{what.group().removesuffix('.') if what else 'The same'}: see {first}."
            for name in names:
                to_do = results[name].status is ExerciseStatus.TODO and results[first].status is not ExerciseStatus.TODO
                short = Finding(f"{name} is still to do." if to_do else refers)
                told[name] = results[name] if name == first else replace(results[name], finding=short, cause=None)
                if name == first:
                    told[name] = replace(told[name], finding=finding)
    return told


def points_of(points: float, outcomes: Sequence[CheckOutcome]) -> list[CheckResult]:
    """Points for each check, adding up to the exercise's score to the last digit."""
    total = sum(outcome.info.points for outcome in outcomes)
    results, given = [], 0.0
    earning = [outcome for outcome in outcomes if outcome.info.points > 0]
    for outcome in outcomes:
        worth = round(points * outcome.info.points / total, 4) if total else 0.0
        if earning and outcome is earning[-1]:
            worth = round(points - given, 4)
        given += worth
        earned = worth if outcome.status is CheckStatus.PASSED else 0.0
        results.append(CheckResult(outcome.id, outcome.status, earned, worth))
    left = sum(result.points for result in results)
    for index, outcome in enumerate(outcomes):
        if outcome.info.penalty and outcome.status is not CheckStatus.PASSED and left > 0:
            taken = round(min(points * outcome.info.penalty, left), 4)
            left = round(left - taken, 4)
            results[index] = replace(results[index], points=-taken)
    return results


def forbidden(uses: Sequence[tuple[Used, str]]) -> Finding:
    """What is said of an exercise that uses a forbidden function."""
    name = uses[0][0].name
    where = tuple(("where", words) for _, words in uses[:3] if words)
    return Finding(f"This exercise asks you to write it yourself, so using {name} earns no points.", where)


def _status(
    exercise: Judged,
    failed: Sequence[CheckOutcome],
    checks: Sequence[CheckResult],
    earlier: Mapping[str, ExerciseResult],
) -> tuple[ExerciseStatus, Finding | None]:
    if not failed:
        return ExerciseStatus.PASSED, None
    first = failed[0]
    ours = [outcome for outcome in failed if outcome.status is CheckStatus.GRADER_ERROR]
    if ours:
        return ExerciseStatus.GRADER_ERROR, ours[0].finding
    if first.status in _NOT_RUN:
        return _NOT_RUN[first.status], first.finding
    broken = [earlier[name] for name in exercise.needs if name in earlier and is_broken(earlier[name])]
    if broken and first.scope is not FindingScope.MODULE:
        raised = {outcome.culprit for outcome in failed}
        culprits = [each for each in broken if each.id in raised][:1]
        return ExerciseStatus.BLOCKED, _blocked(exercise, culprits or broken)
    if first.status in _OVER:
        return _OVER[first.status], first.finding
    earned = sum(check.points for check in checks) > 0
    return (ExerciseStatus.PARTIAL if earned else ExerciseStatus.FAILED), first.finding


def is_broken(result: ExerciseResult) -> bool:
    """Whether an exercise is one that others may be blocked by."""
    return any(check.status is not CheckStatus.PASSED for check in result.checks)


def _blocked(exercise: Judged, broken: Sequence[ExerciseResult]) -> Finding:
    parts, orders = [], []
    for status, one, many, order in _BLOCKERS:
        names = [each.id for each in broken if _standing(each) is status]
        if names:
            parts.append(f"{joined(names)}, which {one if len(names) == 1 else many}")
            orders += [f"{order} {joined(names)}"] if order else []
    first = f" {joined(orders)} first, then check {exercise.id} again." if orders else ""
    return Finding(f"{exercise.id} needs {joined(parts)}.{first[:1]}{first[1:2].upper()}{first[2:]}")


def _standing(result: ExerciseResult) -> ExerciseStatus:
    kept = (ExerciseStatus.TODO, ExerciseStatus.GRADER_ERROR)
    return result.status if result.status in kept else ExerciseStatus.FAILED
