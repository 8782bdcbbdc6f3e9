"""Which misconception did a learner make? The one that does the same as the learner's function, if it is one alone.

Every mistake in the bank is asked what the learner's function was asked, in this process: both are the course author's
inputs, and mistakes are the author's code. Only what the checks look at is compared (`grader.checks.observed`); the
reference shows what that is. A mistake is named when it shows the same in every call, the reference does not, and no
other mistake does, or when the source tells them apart. Else nothing is named: a wrong name is worse than none.

Inputs are drawn for each learner, so that no answer of a mistake can be kept for the next one. Where the learner's
function can be asked again, it is asked one call of the reference's own run, the one like that in which it went wrong
first: what mistakes answer to that is kept, and only those that answer the same are asked all the others.
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
from grader.core.assignment import Assignment, Exercise
from grader.grading.bank import Bank, Implementation, Mistake, load_bank, reference
from grader.grading.behaviour import Compared
from grader.grading.collected_checks import CollectedChecks
from grader.grading.local_run import LocalTransport, implemented, run_locally
from grader.reading.definitions import signature_of, unused_parameters
from grader.reading.predicates import predicate_holds, unique_match
from grader.sandbox.protocol.messages import Call, Raised, Reply


def advice(bank: Bank, exercise: Exercise, node: ast.AST | None) -> tuple[str, ...]:
    """What is to be said of how an exercise is written, by the styles in the bank; each thing once. `node` is
    its definition."""
    styles = [way for way in bank.right.get(exercise.id, ()) if way.advice and way.is_written]
    found = (way.advice for way in styles if way.is_written and predicate_holds(way.is_written, node))
    return tuple(dict.fromkeys(found))


# What comes of a call, and what was printed; None when nobody knows.
Answered = tuple[Reply | Raised, str] | None
AskAgain = Callable[[Call], Answered]

_MOST_SEEN = 8 << 20  # bytes, about, of all that a learner's function showed in an exercise
_FEATURE = 100
CLASS_DRAWS = range(11, 17)  # seeds: what shows in one draw of four is missed once in six times


class Answering(Protocol):
    """What implementations are asked through."""

    def answer(self, call: Call) -> Answered:
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
    _shown: dict[tuple[Implementation, str, int], list[Feature] | None] = field(default_factory=dict)
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

    def right_answers(self, asked: Sequence[CallRecord]) -> list[Answered]:
        """What the reference answers to these calls, each to be had once, for `name` and for `compared`."""
        with self.stage(self.reference) as stage:
            return [stage.answer(each.call) for each in asked]

    def compared(self, exercise: Exercise, asked: Sequence[CallRecord], right: Sequence[Answered]) -> list[Compared]:
        """The calls that were answered, each with the right answer; but those that went wrong in which numbers are
        drawn, since other answers are right as well."""
        looked = self._reference_run(exercise).looked
        found: list[Compared] = []
        with self.stage(self.reference) as stage:
            for each, done in zip(asked, right, strict=True):
                aspects = looked.get((each.check, each.number))
                if aspects and done and isinstance(each.answer, Reply) and isinstance(done[0], Reply):
                    one = Compared(each.call, each.answer, done[0], aspects, (each.printed, done[1]))
                    if not one.is_wrong or _is_sure(one, stage):
                        found.append(one)
        return found

    def name(
        self,
        exercise: Exercise,
        asked: Sequence[CallRecord],
        node: ast.AST | None,
        right: Sequence[Answered] | None = None,
        again: AskAgain = lambda _: None,
    ) -> Mistake | None:
        """The mistake that a learner made in an exercise, by the calls that were made and its definition. `right` are
        the reference's answers, if they are known; `again` asks the learner's function one more call."""
        mistakes = self.bank.mistakes.get(exercise.id, ())
        learners = self._seen(exercise, asked) if mistakes else []
        right = self.right_answers(asked) if right is None and learners else right
        wrong = next((seen for seen, done in zip(learners, right or (), strict=False) if not seen.is_like(done)), None)
        if wrong is None:
            return None
        is_suspect = self._suspects(exercise, wrong, again)
        matching = [mistake for mistake in mistakes if self._is_it(exercise, learners, mistake, is_suspect)]
        return unique_match(matching, node)

    def _suspects(self, exercise: Exercise, wrong: _Seen, again: AskAgain) -> Callable[[Implementation], bool]:
        """Which ways to mistakes answer as the learner's function does to a call that is the same for all learners."""
        check, number, answer = wrong.asked.check, wrong.asked.number, wrong.asked.answer
        call = self._reference_run(exercise).calls[check, number]
        is_import = isinstance(answer, Raised) and answer.stage == "import"  # it answers every call like this
        done = (answer, wrong.asked.printed) if answer and is_import else again(call)
        if done is None:
            return lambda _: True
        shown = features(*done, wrong.looked)

        def is_suspect(way: Implementation) -> bool:
            key = way, check, number
            if key not in self._shown:
                with self.stage(implemented(self.reference, exercise.module, way.source)) as stage:
                    did = stage.answer(call)
                self._shown[key] = features(*did, wrong.looked) if did else None
            known = self._shown[key]
            return known is not None and alike(shown, known)

        return is_suspect

    def _is_it(
        self,
        exercise: Exercise,
        learners: Sequence[_Seen],
        mistake: Mistake,
        is_suspect: Callable[[Implementation], bool],
    ) -> bool:
        ways = (way for way in mistake.ways if is_suspect(way))
        sources = (implemented(self.reference, exercise.module, way.source) for way in ways)
        return any(self._do_the_same(learners, each) for each in sources)

    def _do_the_same(self, learners: Sequence[_Seen], sources: Mapping[str, str]) -> bool:
        with self.stage(sources) as stage:
            return all(seen.is_like(stage.answer(seen.asked.call)) for seen in learners)

    def _seen(self, exercise: Exercise, asked: Sequence[CallRecord]) -> list[_Seen]:
        """What the learner's function showed; nothing where a call came to no end, asks what is not known, or showed so
        much that it isn't worth keeping: no misconception does."""
        found, room = [], _MOST_SEEN
        for each in asked:
            looked = self._reference_run(exercise).looked.get((each.check, each.number))
            if looked is None or each.answer is None:
                return []
            seen = _Seen(each, looked, features(each.answer, each.printed, looked))
            room -= sum(_FEATURE + len(feature.text) for feature in seen.features)
            if room < 0:
                return []
            found.append(seen)
        return found

    def _reference_run(self, exercise: Exercise) -> _ReferenceRun:
        if exercise.id not in self._reference_runs:
            before = time.process_time()
            local_run = run_locally(self.checks, self.assignment, exercise, self.reference, seed=0)
            seconds = time.process_time() - before
            calls = {(each.check, each.number): each.call for each in local_run.calls}
            self._reference_runs[exercise.id] = _ReferenceRun(looked_at(local_run.calls), calls, seconds)
        return self._reference_runs[exercise.id]


def _is_sure(compared: Compared, reference: Answering) -> bool:
    """Whether the reference gives the same when other random numbers are drawn."""
    again = reference.answer(replace(compared.call, seed=compared.call.seed + 1))
    return again is None or compared.is_right(*again)


@dataclass(frozen=True)
class _ReferenceRun:
    """What the checks of an exercise look at, the calls that they made, by check and number, and what they and the
    reference took, in seconds of CPU time."""

    looked: Looked
    calls: Mapping[tuple[str, int], Call]
    seconds: float


@dataclass(frozen=True)
class _Seen:
    asked: CallRecord
    looked: set[str]
    features: list[Feature]

    def is_like(self, done: Answered) -> bool:
        """Whether an answer to the same call shows the same."""
        return done is not None and alike(self.features, features(*done, self.looked))
