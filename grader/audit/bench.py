"""Tries implementations out on the hidden checks, in the process that holds them. Trusted code only."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from grader.audit.equivalents import Answer, Claim, Claims, Shown, answer_difference
from grader.audit.trials import Constants, Kind, Subject, Trial, TrialRun, touched_modules, trial_run
from grader.checks import CheckInfo
from grader.checks.observed import CallRecord, Feature, features
from grader.checks.student import derive
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import failure_text
from grader.core.records import ExerciseResult, ExerciseStatus
from grader.grading.collected_checks import CollectedChecks
from grader.grading.diagnose import Diagnosis
from grader.grading.local_run import LocalRun, answers, run_locally
from grader.reading.definitions import last_definition
from grader.reading.name_resolution import forbidden_uses
from grader.sandbox.protocol.messages import Call

SECONDS = 0.5  # that one call of a mutant may compute; endless ones are stopped by it
PATIENT_SECONDS = 5.0  # for what an author wrote
EQUIVALENCE_SEED = 1_000_000  # the seeds with which equivalents are shown begin here
MOST_SEEDS = 2_000  # to get the calls for that
_REFERENCE = Subject(Kind.REFERENCE, "", "reference", "", {})


@dataclass(frozen=True)
class Facts:
    """The checks of an exercise by name, in order; and numbers and truth values that they pass, by the position of the
    parameter."""

    checks: dict[str, CheckInfo]
    constants: Constants


_forbidden_uses = lru_cache(maxsize=8)(forbidden_uses)  # the same text is asked about with every seed


@dataclass
class Bench:
    """Tries out implementations of one assignment. `reference` are its solutions by module. What is found out of them
    (calls, seconds) is kept, by exercise."""

    assignment: Assignment
    checks: CollectedChecks
    reference: Mapping[str, str]
    seeds: Sequence[int]
    diagnosis: Diagnosis
    _calls: dict[str, tuple[CallRecord, ...]] = field(default_factory=dict)
    _seconds: dict[str, dict[str, float]] = field(default_factory=dict)

    def trial(self, subject: Subject) -> Trial:
        """Try one out."""
        try:
            if not subject.exercise:
                return self._whole(subject)
            if subject.kind is Kind.REFERENCE:  # of one exercise: what others need isn't its own
                exercise = self.assignment.exercises[subject.exercise]
                return Trial(subject, tuple(self._run(subject, exercise, seed) for seed in self.seeds))
            return self._mutant(subject) if subject.kind is Kind.MUTANT else self._written(subject)
        except Exception as error:
            # A hidden check that can't cope with what it was given: a learner's exercise would not be graded at all.
            return Trial(subject, (), broke=failure_text(error))

    def facts(self, exercise: str) -> Facts:
        """The checks of an exercise, and what they pass."""
        wanted = self.assignment.exercises[exercise]
        seen: dict[int, list[bool | int | float]] = {}
        for asked in self._reference_calls(wanted):
            for index, arg in enumerate(asked.call.args):
                values = seen.setdefault(index, [])
                if type(arg) in (bool, int, float) and not any(type(v) is type(arg) and v == arg for v in values):
                    values.append(arg)
        infos = {item.name: info for item, info in self.checks.items[exercise]}
        return Facts(infos, {position: values[:3] for position, values in seen.items() if values})

    def features(self, subject: Subject) -> list[Feature] | None:
        """What the checks would see of one, in the calls that they make of the reference; None where it comes to no
        end."""
        calls = self._reference_calls(self.assignment.exercises[subject.exercise])
        found = answers([each.call for each in calls], self._sources(subject), seconds=SECONDS)
        parts = [features(*done, each.looked) if done else None for each, done in zip(calls, found, strict=True)]
        return None if None in parts else [feature for part in parts for feature in part or ()]

    def shown(self, claims: Claims) -> list[Shown]:
        """Whether mutants that are said to be equivalent answer as the reference does."""
        calls = self._drawn(claims)
        return [self._shown(claim, calls) for claim in claims.claims]

    def _shown(self, claim: Claim, calls: Sequence[tuple[Call, Answer]]) -> Shown:
        found = answers([call for call, _ in calls], self._sources(claim.subject), seconds=PATIENT_SECONDS)
        for number, ((call, right), answer) in enumerate(zip(calls, found, strict=True)):
            part = answer_difference(call, right, answer, claim.free) if answer else "value"
            if part:
                return Shown(claim.id, number, len(calls), part)
        return Shown(claim.id, len(calls), len(calls))

    def _whole(self, subject: Subject) -> Trial:
        seeds = self.seeds if subject.kind is Kind.REFERENCE else self.seeds[:1]
        return Trial(subject, tuple(run for seed in seeds for run in self._submission(subject, seed)))

    def _written(self, subject: Subject) -> Trial:
        """A mistake or a right answer: all exercises with the first seed, its own with every seed, unless it ran out of
        time."""
        exercise = self.assignment.exercises[subject.exercise]
        first, *others = self.seeds
        everything = self._submission(subject, first)
        own = [run for run in everything if run.exercise == exercise.id]
        runs = own
        if own[0].status is not ExerciseStatus.TIMED_OUT:
            runs = [*own, *(self._run(subject, exercise, seed) for seed in others)]
        elsewhere = tuple(run for run in everything if run.exercise != exercise.id)
        named = None
        if subject.kind is Kind.MISTAKE:
            # The calls that a grading would make.
            calls = self._run_locally(subject, exercise, first, ahead=True).calls
            node = last_definition(self._sources(subject)[exercise.module], exercise.function)
            named = self.diagnosis.name(exercise, calls, node)
        return Trial(subject, tuple(runs), others=elsewhere, named=named.id if named else None)

    def _mutant(self, subject: Subject) -> Trial:
        """Its own exercise: with the first seed every check; then, once rejected, the quickest of the checks that
        rejected it, and all others where that passes; one that ran out of time is not tried again."""
        exercise = self.assignment.exercises[subject.exercise]
        first, *others = self.seeds
        local_run = self._run_locally(subject, exercise, first)
        run = trial_run(local_run.result, first)
        if run.full:
            noticed = self._noticed(exercise, local_run)
            runs = [run, *(self._run(subject, exercise, seed) for seed in others)]
            return Trial(subject, tuple(runs), noticed=noticed)
        kept = []
        if run.status is not ExerciseStatus.TIMED_OUT:
            quickest = min(run.failed, key=self._seconds_of(exercise).__getitem__)
            for seed in others:
                again = self._run(subject, exercise, seed, [quickest])
                if again.full and self._run(subject, exercise, seed).full:
                    kept.append(seed)
        return Trial(subject, (run,), tuple(kept))

    def _noticed(self, exercise: Exercise, local_run: LocalRun) -> tuple[str, ...]:
        found = []
        for right, other in zip(self._reference_calls(exercise), local_run.calls, strict=True):
            assert right.answer
            assert other.answer
            if answer_difference(right.call, (right.answer, right.printed), (other.answer, other.printed)):
                found.append(right.check)
        return tuple(dict.fromkeys(found))

    def _submission(self, subject: Subject, seed: int) -> list[TrialRun]:
        """Every exercise that the subject's own texts may have a part in."""
        touched = touched_modules(self._sources(subject), subject.modules)
        results: dict[str, ExerciseResult] = {}
        for name in self.assignment.order():
            exercise = self.assignment.exercises[name]
            if exercise.module not in touched:
                continue  # it is the reference's, letter by letter
            results[name] = self._run_locally(subject, exercise, seed, earlier=results).result
        return [trial_run(result, seed) for result in results.values()]

    def _run(self, subject: Subject, exercise: Exercise, seed: int, only: Collection[str] | None = None) -> TrialRun:
        return trial_run(self._run_locally(subject, exercise, seed, only).result, seed)

    def _run_locally(
        self,
        subject: Subject,
        exercise: Exercise,
        seed: int,
        only: Collection[str] | None = None,
        earlier: Mapping[str, ExerciseResult] | None = None,
        *,
        ahead: bool = False,
    ) -> LocalRun:
        return run_locally(
            self.checks,
            self.assignment,
            exercise,
            self._sources(subject),
            derive(seed, "audit", exercise.id),
            earlier=earlier,
            only=only,
            ahead=ahead,
            seconds=SECONDS if subject.kind is Kind.MUTANT else PATIENT_SECONDS,
            find_uses=_forbidden_uses,
        )

    def _sources(self, subject: Subject) -> dict[str, str]:
        return {**self.reference, **subject.modules}

    def _seconds_of(self, exercise: Exercise) -> dict[str, float]:
        """How long each check of an exercise takes on the reference."""
        if exercise.id not in self._seconds:
            for item, _ in self.checks.items[exercise.id]:
                started = time.perf_counter()
                self._run_locally(_REFERENCE, exercise, self.seeds[0], [item.name])
                self._seconds.setdefault(exercise.id, {})[item.name] = time.perf_counter() - started
        return self._seconds[exercise.id]

    def _reference_calls(self, exercise: Exercise) -> tuple[CallRecord, ...]:
        if exercise.id not in self._calls:
            self._calls[exercise.id] = self._run_locally(_REFERENCE, exercise, self.seeds[0]).calls
        return self._calls[exercise.id]

    def _drawn(self, claims: Claims) -> list[tuple[Call, Answer]]:
        """The calls that the checks make of the reference, with other seeds than any that a trial uses."""
        exercise = self.assignment.exercises[claims.exercise]
        wanted = max(claim.calls for claim in claims.claims)
        drawn: list[tuple[Call, Answer]] = []
        for seed in range(EQUIVALENCE_SEED, EQUIVALENCE_SEED + MOST_SEEDS):
            if len(drawn) >= wanted:
                break
            calls = self._run_locally(_REFERENCE, exercise, seed).calls
            own = [each for each in calls if each.call.name == exercise.function]
            drawn += [(each.call, (each.answer, each.printed)) for each in own if each.answer]
        return drawn[:wanted]
