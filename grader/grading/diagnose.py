"""Which misconception did a learner make? The one that does the same as the learner's function, if it is one alone.

Every mistake in the bank is asked what the learner's function was asked, in this process: both are the course author's
inputs, and mistakes are the author's code. Only what the checks look at is compared (`grader.checks.observed`); the
reference shows what that is. A mistake is named when it shows the same in every call, the reference does not, and no
other mistake does, or when the source tells them apart. Else nothing is named: a wrong name is worse than none.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, Self

from grader.checks.observed import CallRecord, Feature, Looked, alike, features, looked_at
from grader.course.model import Assignment, Exercise
from grader.grading.bank import Bank, Mistake, load_bank, reference
from grader.grading.behaviour import Compared
from grader.grading.collected_checks import CollectedChecks
from grader.grading.local_run import LocalTransport, implemented, run_locally
from grader.reading.predicates import predicate_holds, unique_match
from grader.reading.source_facts import signature_of, unused_parameters
from grader.sandbox.protocol.messages import Call, Raised, Reply


def advice(bank: Bank, exercise: Exercise, node: ast.AST | None) -> tuple[str, ...]:
    """What is to be said of how an exercise is written, by the styles in the bank; each thing once. `node` is
    its definition."""
    styles = [way for way in bank.right.get(exercise.id, ()) if way.advice and way.is_written]
    found = (way.advice for way in styles if way.is_written and predicate_holds(way.is_written, node))
    return tuple(dict.fromkeys(found))


_MOST_SEEN = 8 << 20  # bytes, about, of all that a learner's function showed in an exercise
_FEATURE = 100
CLASS_DRAWS = range(11, 17)  # seeds: what shows in one draw of four is missed once in six times


class Answering(Protocol):
    """What implementations are asked through."""

    def answer(self, call: Call) -> tuple[Reply | Raised, str] | None:
        """What comes of a call; None when it, or one before it, ran out of time."""


@dataclass
class Diagnosis:
    """Names mistakes in an assignment. `reference` are the texts of the reference's modules, in order; `stage` is where
    mistakes are asked."""

    assignment: Assignment
    bank: Bank
    checks: CollectedChecks
    reference: Mapping[str, str]
    stage: Callable[[Mapping[str, str]], AbstractContextManager[Answering]] = LocalTransport
    _reference_runs: dict[str, _ReferenceRun] = field(default_factory=dict)
    _class_calls: dict[str, tuple[list[CallRecord], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, assignment: Assignment, checks: CollectedChecks) -> Self:
        """With all that the course in `root` knows. Raises `BankError`."""
        return cls(assignment, load_bank(root, assignment), checks, reference(root, assignment))

    def names(self, exercise: Exercise) -> tuple[str, ...]:
        """The parameters of an exercise's function, as the reference has them."""
        signature = signature_of(self.reference[exercise.module], exercise.function)
        return signature.names if signature else ()

    def needed_of(self, exercise: Exercise, unused: Sequence[str]) -> list[str]:
        """Those of a function's unused parameters, given by position, that the reference reads."""
        needed = unused_parameters(self.reference[exercise.module], exercise.function)
        pairs = zip(unused, needed, strict=True) if len(unused) == len(needed) else ()
        return [one for one, other in pairs if one and not other]

    def reference_seconds(self, exercise: Exercise) -> float:
        """The CPU time that the reference takes for all checks of an exercise, and the checks themselves, on this
        machine."""
        return self._reference_run(exercise).seconds

    def class_calls(self, exercise: Exercise) -> tuple[list[CallRecord], ...]:
        """The calls that are the same for the whole class, of several draws, with the reference's answers."""
        if exercise.id not in self._class_calls:
            runs = (run_locally(self.checks, self.assignment, exercise, self.reference, seed=n) for n in CLASS_DRAWS)
            self._class_calls[exercise.id] = tuple(list(run.calls) for run in runs)
        return self._class_calls[exercise.id]

    def compared(self, exercise: Exercise, asked: Sequence[CallRecord]) -> list[Compared]:
        """The calls that were answered, each with the answer of the reference; but those that went wrong in which
        numbers are drawn, since other answers are right as well."""
        looked = self._looked_at(exercise)
        found: list[Compared] = []
        with self.stage(self.reference) as stage:
            for each in asked:
                aspects = looked.get((each.check, each.number))
                done = stage.answer(each.call) if aspects and isinstance(each.answer, Reply) else None
                if done and isinstance(each.answer, Reply) and isinstance(done[0], Reply):
                    one = Compared(each.call, each.answer, done[0], aspects or (), (each.printed, done[1]))
                    if not one.is_wrong or _is_sure(one, stage):
                        found.append(one)
        return found

    def name(self, exercise: Exercise, asked: Sequence[CallRecord], node: ast.AST | None) -> Mistake | None:
        """The mistake that a learner made in an exercise, by the calls that were made and its definition."""
        mistakes = self.bank.mistakes.get(exercise.id, ())
        learners = self._seen(exercise, asked) if mistakes else []
        if not learners or self._do_the_same(learners, self.reference):
            return None
        matching = [mistake for mistake in mistakes if self._is_it(exercise, learners, mistake)]
        return unique_match(matching, node)

    def _is_it(self, exercise: Exercise, learners: Sequence[_Seen], mistake: Mistake) -> bool:
        sources = (implemented(self.reference, exercise.module, way.source) for way in mistake.ways)
        return any(self._do_the_same(learners, each) for each in sources)

    def _do_the_same(self, learners: Sequence[_Seen], sources: Mapping[str, str]) -> bool:
        with self.stage(sources) as stage:
            for seen in learners:
                done = stage.answer(seen.asked.call)
                if done is None or not alike(seen.features, features(*done, seen.looked)):
                    return False
        return True

    def _seen(self, exercise: Exercise, asked: Sequence[CallRecord]) -> list[_Seen]:
        """What the learner's function showed; nothing where a call came to no end, asks what is not known, or showed so
        much that it isn't worth keeping: no misconception does."""
        found, room = [], _MOST_SEEN
        for each in asked:
            looked = self._looked_at(exercise).get((each.check, each.number))
            if looked is None or each.answer is None:
                return []
            seen = _Seen(each, looked, features(each.answer, each.printed, looked))
            room -= sum(_FEATURE + len(feature.text) for feature in seen.features)
            if room < 0:
                return []
            found.append(seen)
        return found

    def _looked_at(self, exercise: Exercise) -> Looked:
        return self._reference_run(exercise).looked

    def _reference_run(self, exercise: Exercise) -> _ReferenceRun:
        if exercise.id not in self._reference_runs:
            before = time.process_time()
            local_run = run_locally(self.checks, self.assignment, exercise, self.reference, seed=0)
            seconds = time.process_time() - before
            self._reference_runs[exercise.id] = _ReferenceRun(looked_at(local_run.calls), seconds)
        return self._reference_runs[exercise.id]


def _is_sure(compared: Compared, reference: Answering) -> bool:
    """Whether the reference gives the same when other random numbers are drawn."""
    again = reference.answer(replace(compared.call, seed=compared.call.seed + 1))
    return again is None or compared.is_right(*again)


@dataclass(frozen=True)
class _ReferenceRun:
    """What the checks of an exercise look at, and what they and the reference took, in seconds of CPU time."""

    looked: Looked
    seconds: float


@dataclass(frozen=True)
class _Seen:
    asked: CallRecord
    looked: set[str]
    features: list[Feature]
