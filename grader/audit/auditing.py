"""Audits a lesson: tries what is known to be right or wrong on its hidden checks, and says what is unsound."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.audit.bench import Facts
from grader.audit.equivalents import Claims, Listed, Shown, claims_of, equivalents_file, read_equivalents
from grader.audit.exercise_tables import table_problems, table_remarks
from grader.audit.trial_problems import (
    broken_checks,
    equivalent_problems,
    mistake_problems,
    mutant_problems,
    naming_problems,
    reference_problems,
    right_problems,
    stub_problems,
)
from grader.audit.trials import (
    Kind,
    Subject,
    Trial,
    Worth,
    from_bank,
    from_reference,
    idle,
    never_alone,
    out_of_proportion,
    references,
    whole,
    worths,
)
from grader.audit.visible_trials import AtHome, visible_problems, visible_remarks, wanted_at_home
from grader.audit.workers import Ask, AuditPlan, Task, Workers, tried_at_home
from grader.checks import CheckInfo
from grader.core.assignment import Assignment
from grader.core.errors import BankError, GradingError
from grader.derived.leaks import check_stubs
from grader.grading.bank import Bank, load_bank
from grader.grading.pool import Lost

SEEDS = 20


@dataclass(frozen=True)
class Audit:
    """What an audit found. A lesson is sound when it has no problems; remarks are worth a look. `at_home` is what the
    visible checks show of the reference and of the bank, by the ids of implementations."""

    assignment: Assignment
    exercises: tuple[str, ...]
    seeds: tuple[int, ...]
    trials: tuple[Trial, ...]
    worth: dict[str, list[Worth]]
    listed: dict[str, Listed]
    shown: tuple[Shown, ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    seconds: float
    at_home: Mapping[str, AtHome] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with the lesson."""
        return not self.problems

    def of(self, kind: Kind, exercise: str | None = None) -> list[Trial]:
        """The trials of a kind, of one exercise or of all."""
        return [
            t for t in self.trials if t.subject.kind is kind and (exercise is None or t.subject.exercise == exercise)
        ]


def audit(
    root: Path,
    assignment: Assignment,
    *,
    exercises: Sequence[str] = (),
    seeds: int = SEEDS,
    jobs: int = 2,
    progress: Callable[[int, int], object] | None = None,
) -> Audit:
    """Audit an assignment, or only some of its exercises.

    `progress` is told how many implementations are done, and how many there are. Raises `ReleaseError` or
    `GradingError` when the lesson can't be audited at all.
    """
    started = time.monotonic()
    wanted = tuple(name for name in assignment.exercises if not exercises or name in exercises)
    reference = references(root, assignment)
    found = _Findings(root, assignment, wanted, tuple(range(1, seeds + 1)))
    bank, listed = found.bank(), found.equivalents()
    plan = AuditPlan(root, assignment, reference, found.seeds)
    with Workers(plan, jobs) as workers:
        facts = dict(zip(wanted, workers.in_order([Ask(name) for name in wanted]), strict=True))
        mutants = [s for name in wanted for s in from_reference(root, assignment, name, facts[name].constants)]
        written = [s for name in wanted for s in from_bank(bank, reference, assignment, name)]
        # The longest first, so that no process is left alone with one at the end.
        tasks: list[Task] = [*claims_of(mutants, listed), *whole(reference, assignment), *written, *mutants]
        for done, (task, result) in enumerate(workers.do(tasks), start=1):
            found.take(task, result)
            if progress:
                progress(done, len(tasks))
    found.see_at_home([each for each in tasks if isinstance(each, Subject)], plan, jobs)
    return found.audit(facts, listed, tasks, time.monotonic() - started)


@dataclass
class _Findings:
    """Gathers what is found."""

    root: Path
    assignment: Assignment
    exercises: tuple[str, ...]
    seeds: tuple[int, ...]
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    trials: dict[str, Trial] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    at_home: dict[str, AtHome] = field(default_factory=dict)

    def bank(self) -> Bank:
        """The bank; one that isn't in order is a problem, and then there is none."""
        try:
            return load_bank(self.root, self.assignment)
        except BankError as error:
            self.problems += str(error).split("\n")
            return Bank({}, {})

    def equivalents(self) -> dict[str, Listed]:
        """The list of equivalents, likewise."""
        try:
            return read_equivalents(self.root, self.assignment)
        except BankError as error:
            self.problems += str(error).split("\n")
            return {}

    def take(self, task: Any, result: Any) -> None:
        """What came of a task."""
        if isinstance(task, Claims):
            lost = [Shown(claim.id, 0, claim.calls, "value") for claim in task.claims]
            self.shown += lost if isinstance(result, Lost) else result
        elif isinstance(result, Lost):
            self.trials[task.id] = Trial(task, (), ended=result.exit_code)
        else:
            self.trials[task.id] = result

    def see_at_home(self, subjects: Sequence[Subject], plan: AuditPlan, jobs: int) -> None:
        """What the visible checks show. That there are none, or none that can be run, is a remark."""
        tried = wanted_at_home(subjects)
        try:
            seen = tried_at_home(plan, tried, jobs)
        except GradingError as error:
            self.remarks.append(f"What learners see at home can't be told. {error}")
            return
        self.at_home = {each.subject: each for each in seen}
        self.problems += visible_problems(tried, seen)
        self.remarks += visible_remarks(tried, seen)

    def audit(
        self, facts: Mapping[str, Facts], listed: dict[str, Listed], tasks: Sequence[Any], seconds: float
    ) -> Audit:
        """All of it, in the order of the tasks."""
        trials = [self.trials[task.id] for task in tasks if isinstance(task, Subject)]
        shown = sorted(self.shown, key=lambda each: list(listed).index(each.id))
        sources = references(self.root, self.assignment)
        self.problems += [*table_problems(self.assignment, sources), *check_stubs(self.root, self.assignment)]
        self.remarks += table_remarks(self.assignment, sources)
        for trial in trials:
            self.problems += self._of(trial, listed, facts)
        mine = {id: each for id, each in listed.items() if id.rsplit("-", 1)[0] in self.exercises}
        mutants = [trial.subject.id for trial in trials if trial.subject.kind is Kind.MUTANT]
        self.problems += equivalent_problems(mine, mutants, shown, equivalents_file(self.assignment))
        wrong, unnamed = naming_problems(trials)
        self.problems += wrong
        self.remarks += unnamed
        worth = {name: self._worth(name, facts[name].checks, trials) for name in self.exercises}
        return Audit(
            self.assignment, self.exercises, self.seeds, tuple(trials), worth, listed, tuple(shown),
            tuple(self.problems), tuple(self.remarks), seconds, self.at_home,
        )  # fmt: skip

    def _of(self, trial: Trial, listed: Mapping[str, Listed], facts: Mapping[str, Facts]) -> list[str]:
        kind = trial.subject.kind
        found = [*broken_checks(trial)]
        if found or not trial.runs:
            return found
        if kind is Kind.REFERENCE:
            return [*reference_problems(trial)]
        if kind is Kind.STUB:
            return [*stub_problems(trial)]
        if kind is Kind.RIGHT:
            return [*right_problems(trial)]
        if kind is Kind.MISTAKE:
            return [*mistake_problems(trial, self.assignment)]
        return [
            *mutant_problems(
                trial, listed, list(facts[trial.subject.exercise].checks), equivalents_file(self.assignment)
            )
        ]

    def _worth(self, exercise: str, checks: Mapping[str, CheckInfo], trials: Sequence[Trial]) -> list[Worth]:
        wrong = [
            trial
            for trial in trials
            if trial.subject.exercise == exercise and trial.subject.kind in (Kind.MISTAKE, Kind.MUTANT)
        ]
        found = worths(checks, self.assignment.exercises[exercise].points, wrong)
        for each in idle(found):
            self.problems.append(f"{exercise}: the check {each.check} fails no wrong implementation; is it needed?")
        mistakes = [trial.subject.id for trial in wrong if trial.subject.kind is Kind.MISTAKE]
        self.remarks += [*never_alone(exercise, found), *out_of_proportion(found, mistakes)]
        return found
