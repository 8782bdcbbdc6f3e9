"""Wrong implementations of an exercise under hidden checks: which are rejected, and what each shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.audit.trials import Kind, Subject, Trial, from_reference
from grader.audit.workers import Ask, AuditPlan, Show, Workers
from grader.checks.observed import Feature
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import GradingError
from grader.grading.pool import Lost

SEEDS = (1, 2, 3, 4, 5)  # with which the reference has to pass
MUTANT_SEEDS = SEEDS[:2]


@dataclass(frozen=True)
class Tried:
    """What hidden checks make of an exercise's implementations: what the reference fails, by check, with what is said;
    where it fails nothing, `trials` of the wrong ones and what all have `shown`, by their ids. What came to no end
    shows None. `unfair` are the bank's right answers that lose points, with the checks and what is said."""

    failed: Mapping[str, str]
    trials: Mapping[str, Trial]
    shown: Mapping[str, list[Feature] | None]
    unfair: Mapping[str, tuple[tuple[str, ...], str]]

    @property
    def rejected(self) -> int:
        """How many mutants were."""
        return sum(trial.rejected for trial in self.trials.values())

    @property
    def survivors(self) -> list[Trial]:
        """Mutants that pass with every seed that was tried."""
        return [trial for trial in self.trials.values() if trial.passed]

    def idle(self, check: str) -> bool:
        """Whether nothing that was tried fails a check."""
        return not any(check in trial.first.failed for trial in self.trials.values() if trial.first)


def try_out(
    root: Path,
    assignment: Assignment,
    exercise: Exercise,
    reference: dict[str, str],
    wrong: Sequence[Subject],
    bank: Sequence[Subject],
    jobs: int,
    *,
    with_right: bool,
) -> Tried:
    """Try the reference on the hidden checks in the course `root`; where it passes, also its mutants and what else is
    `wrong`, and see what the bank's mistakes show; `with_right`, also the bank's right answers. Raises `GradingError`
    when the checks can't be collected, or break on the reference."""
    whole = Subject(Kind.REFERENCE, exercise.id, "reference", "the reference solution", reference)
    with Workers(AuditPlan(root, assignment, reference, SEEDS), jobs) as workers:
        (right,) = workers.in_order([whole])
        if isinstance(right, Lost) or right.broke:
            raise GradingError(str(right) if isinstance(right, Lost) else right.broke)
        runs = [run for run in right.runs if not run.full]
        if runs:
            return Tried({name: run.said for run in runs for name in run.failed or ("",)}, {}, {}, {})
        (facts,) = workers.in_order([Ask(exercise.id)])
        mutants = [*from_reference(root, assignment, exercise.id, facts.constants), *wrong]
        trials: dict[str, Trial] = {}
        for task, result in workers.do(mutants):
            assert isinstance(task, Subject)
            trials[task.id] = Trial(task, (), ended=result.exit_code) if isinstance(result, Lost) else result
        shown: dict[str, list[Feature] | None] = {}
        for task, result in workers.do([Show(each) for each in [*bank, *mutants]]):
            assert isinstance(task, Show)
            shown[task.subject.id] = None if isinstance(result, Lost) else result
        rights = [each for each in bank if each.kind is Kind.RIGHT] if with_right else []
        unfair: dict[str, tuple[tuple[str, ...], str]] = {}
        for task, result in workers.do(rights):
            assert isinstance(task, Subject)
            runs = [] if isinstance(result, Lost) else [run for run in result.runs if not run.full]
            if runs:
                unfair[task.name] = (runs[0].failed, runs[0].said)
    return Tried({}, trials, shown, unfair)


def both(one: Tried | None, other: Tried | None) -> tuple[list[Trial], dict[str, list[Feature] | None]]:
    """Of two sets of checks, either of which may be missing: the trials of those that both know, by the second set
    where there is one, and all that both see of each implementation."""
    there = [tried for tried in (other, one) if tried is not None and not tried.failed]
    if not there:
        return [], {}
    shown: dict[str, list[Feature] | None] = {}
    for id in there[0].shown:
        parts = [tried.shown.get(id) for tried in there]
        shown[id] = None if None in parts else [feature for part in parts for feature in part or ()]
    return list(there[0].trials.values()), shown
