"""From what the checks of an exercise found to its status, its points and its finding. Pure functions.

The self-check and the hidden run judge by this one rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from grader.checks.marks import CheckInfo
from grader.records import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, Finding, Misconception
from grader.words import joined

_OVER = {
    CheckStatus.TIMED_OUT: ExerciseStatus.TIMED_OUT,
    CheckStatus.CRASHED: ExerciseStatus.CRASHED,
}


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
    """What became of one check. `culprit` is another of the learner's functions in which an exception was raised."""

    id: str
    info: CheckInfo
    status: CheckStatus
    finding: Finding | None = None
    culprit: str | None = None


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
    failed = [outcome for outcome in outcomes if outcome.status is not CheckStatus.PASSED]
    # What earns is named before what only takes away.
    failed.sort(key=lambda outcome: outcome.info.points == 0)
    status, finding = _status(exercise, failed, checks, earlier)
    if uses and status not in (ExerciseStatus.GRADER_ERROR, ExerciseStatus.TODO):
        status, finding = ExerciseStatus.FORBIDDEN, forbidden(uses)
        checks = [replace(check, points=0.0) for check in checks]
    if finding and not finding.hint and status in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.TODO):
        finding = replace(finding, hint=exercise.hints[0])
    score = round(sum(check.points for check in checks), 4)
    return ExerciseResult(exercise.id, status, score, float(exercise.points), tuple(checks), finding)


def named(result: ExerciseResult, mistake: Misconception | None) -> ExerciseResult:
    """The same result in the words of the known mistake that was made. What was seen stays beside them."""
    if mistake is None or result.finding is None:
        return result
    part = (("read", mistake.part),) if mistake.part else ()
    finding = Finding(mistake.says, (*result.finding.facts, *part))
    return replace(result, finding=finding, misconception=mistake.id)


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
        if outcome.info.takes and outcome.status is not CheckStatus.PASSED and left > 0:
            taken = round(min(points * outcome.info.takes, left), 4)
            left = round(left - taken, 4)
            results[index] = replace(results[index], points=-taken)
    return results


def forbidden(uses: Sequence[tuple[Used, str]]) -> Finding:
    """What is said of an exercise that uses a forbidden function."""
    name = uses[0][0].name
    where = tuple(("where", words) for _, words in uses[:3] if words)
    return Finding(
        f"It uses {name}, and this exercise asks you to write that yourself. It earns no points like this.", where
    )


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
    if first.status is CheckStatus.TODO:
        return ExerciseStatus.TODO, first.finding
    broken = [name for name in exercise.needs if name in earlier and is_broken(earlier[name])]
    if broken:
        culprit = next((o.culprit for o in failed if o.culprit in broken), None)
        return ExerciseStatus.BLOCKED, _blocked(exercise, [culprit] if culprit else broken)
    if first.status in _OVER:
        return _OVER[first.status], first.finding
    earned = sum(check.points for check in checks) > 0
    return (ExerciseStatus.PARTIAL if earned else ExerciseStatus.FAILED), first.finding


def is_broken(result: ExerciseResult) -> bool:
    """Whether an exercise is one that others may be blocked by."""
    return any(check.status is not CheckStatus.PASSED for check in result.checks)


def _blocked(exercise: Judged, names: Sequence[str]) -> Finding:
    verb = "is" if len(names) == 1 else "are"
    them = "it" if len(names) == 1 else "them"
    return Finding(
        f"{exercise.id} needs {joined(names)}, which {verb} not right yet: mend {them} first, then look here again."
    )
