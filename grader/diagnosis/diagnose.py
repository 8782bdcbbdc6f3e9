"""Which known mistake did a learner make? The one that does the same as the learner's function, if it is one alone.

Every mistake in the bank is asked what the learner's function was asked, in this process: both are the course author's
inputs, and mistakes are the author's code. Only what the checks look at is compared (`grader.checks.observed`); the
reference shows what that is. A mistake is named when it shows the same in every call, the reference does not, and no
other mistake does, or when the source tells them apart. Else nothing is named: a wrong name is worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from grader.checks.observed import Asked, Feature, Looked, alike, features, looked_at
from grader.course import Assignment, Exercise
from grader.diagnosis.bank import Bank, Mistake, load_bank, reference
from grader.diagnosis.written import definition, says_yes
from grader.rehearsal.collected import CollectedChecks
from grader.rehearsal.rehearse import Stage, implemented, rehearse
from grader.wire.messages import Call, Raised, Reply


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
    stage: Callable[[Mapping[str, str]], AbstractContextManager[Answering]] = Stage
    _looked: dict[str, Looked] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path, assignment: Assignment, checks: CollectedChecks) -> Self:
        """With all that the course in `root` knows. Raises `BankError`."""
        return cls(assignment, load_bank(root, assignment), checks, reference(root, assignment))

    def name(self, exercise: Exercise, asked: Sequence[Asked], source: str) -> Mistake | None:
        """The mistake that a learner made in an exercise, by the calls that were made and the module's source."""
        mistakes = self.bank.mistakes.get(exercise.id, ())
        learners = self._seen(exercise, asked) if mistakes else []
        if not learners or self._do_the_same(learners, self.reference):
            return None
        matching = [mistake for mistake in mistakes if self._is_it(exercise, learners, mistake)]
        return _the_one(matching, source, exercise.function)

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

    def _seen(self, exercise: Exercise, asked: Sequence[Asked]) -> list[_Seen]:
        """What the learner's function showed; nothing where a call came to no end, or asks what is not known."""
        if exercise.id not in self._looked:
            self._looked[exercise.id] = self._what_is_looked_at(exercise)
        found = []
        for each in asked:
            looked = self._looked[exercise.id].get((each.check, each.number))
            if looked is None or each.answer is None:
                return []
            found.append(_Seen(each, looked, features(each.answer, each.printed, looked)))
        return found

    def _what_is_looked_at(self, exercise: Exercise) -> Looked:
        rehearsal = rehearse(self.checks, self.assignment, exercise, self.reference, seed=0)
        return looked_at(rehearsal.calls)


@dataclass(frozen=True)
class _Seen:
    asked: Asked
    looked: set[str]
    features: list[Feature]


def _the_one(found: Iterable[Mistake], source: str, function: str) -> Mistake | None:
    """The only one, after those that are written in another way are left out; what names the way comes first."""
    node = definition(source, function)
    fitting = [each for each in found if each.is_written is None or says_yes(each.is_written, node)]
    named = [each for each in fitting if each.is_written] or fitting
    return named[0] if len(named) == 1 else None
