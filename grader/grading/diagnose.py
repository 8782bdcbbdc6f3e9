"""Which misconception did a learner make? The one that does the same as the learner's function, if it is one alone.

Every mistake in the bank is asked what the learner's function was asked, in this process: both are the course author's
inputs, and mistakes are the author's code. Only what the checks look at is compared (`grader.checks.observed`); the
reference shows what that is. A mistake is named when it shows the same in every call, the reference does not, and no
other mistake does, or when the source tells them apart. Else nothing is named: a wrong name is worse than none.

Inputs are drawn for each learner, so that no answer of a mistake can be kept for the next one. But what mistakes answer
to the calls that are the same for the whole class is kept: first to the one call like that in which the learner's
function went wrong, then to all of the first draw. Only those that answer as the learner's did are asked what that was.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from grader.checks.observed import CallRecord, Feature, Looked, alike, features, looked_at
from grader.core.assignment import Assignment, Exercise
from grader.grading.bank import Bank, Implementation, Mistake, load_bank, reference
from grader.grading.behaviour import Compared, held_alike
from grader.grading.collected_checks import CollectedChecks
from grader.grading.local_run import LocalTransport, implemented, lines_run, run_locally
from grader.reading.definitions import predicate_holds, signature_of, unique_match, unused_parameters
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Array


def advice(bank: Bank, exercise: Exercise, node: ast.AST | None) -> tuple[str, ...]:
    """What is to be said of how an exercise is written, by the styles in the bank; each thing once. `node` is
    its definition."""
    styles = [way for way in bank.right.get(exercise.id, ()) if way.advice and way.is_written]
    found = (way.advice for way in styles if way.is_written and predicate_holds(way.is_written, node))
    return tuple(dict.fromkeys(found))


# What comes of a call, and what was printed; None when nobody knows.
Answered = tuple[Reply | Raised, str] | None

_MOST_SEEN = 8 << 20  # bytes, about, of all that a learner's function showed in an exercise
_FEATURE = 100
CLASS_DRAWS = range(11, 17)  # seeds: what shows in one draw of four is missed once in six times
# Lines of the reference that a call runs. Longer ones are asked in the first draw alone: they train on and on.
_LONG = 200

# Which call of an exercise's checks: the check, and how many it made before.
_Place = tuple[str, int]


def _place(call: CallRecord) -> _Place:
    return call.check, call.number


class Answering(Protocol):
    """What implementations are asked through."""

    def answer(self, call: Call) -> Answered:
        """What comes of a call; None when it, or one before it, ran out of time."""


class RightAnswers:
    """What the reference answers to calls that somebody else was asked; it is asked each once, when that is needed."""

    def __init__(self, stage: Callable[[], AbstractContextManager[Answering]], calls: Sequence[Call]) -> None:
        self._stage = stage
        self._calls = calls
        self._known: list[Answered] = []

    def __getitem__(self, number: int) -> Answered:
        """The answer to one call. Those before it are asked, too, if they were not yet."""
        if number >= len(self._known):
            with self._stage() as stage:
                self._known += [stage.answer(call) for call in self._calls[len(self._known) : number + 1]]
        return self._known[number]


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
    _shown: dict[tuple[Implementation, _Place], list[Feature] | None] = field(default_factory=dict)
    _all_shown: dict[Implementation, list[list[Feature] | None]] = field(default_factory=dict)
    _class_calls: dict[str, tuple[list[CallRecord], ...]] = field(default_factory=dict)
    _lines: dict[str, Mapping[_Place, int]] = field(default_factory=dict)

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
        """The calls that are the same for the whole class, of several draws, with the reference's answers; all of the
        first draw, and of the others those that are soon answered."""
        if exercise.id not in self._class_calls:
            runs = (run_locally(self.checks, self.assignment, exercise, self.reference, seed=n) for n in CLASS_DRAWS)
            first, *others = (list(run.calls) for run in runs)
            lines = lines_run([each.call for each in first], self.reference)
            self._lines[exercise.id] = {_place(each): run for each, run in zip(first, lines, strict=True)}
            short = ([each for each in calls if self._is_short(exercise, each)] for calls in others)
            self._class_calls[exercise.id] = (first, *short)
        return self._class_calls[exercise.id]

    def _is_short(self, exercise: Exercise, asked: CallRecord) -> bool:
        return self._lines[exercise.id].get(_place(asked), 0) <= _LONG

    def right_answers(self, asked: Sequence[CallRecord]) -> RightAnswers:
        """What the reference answers to these calls, for `name` and for `compared`."""
        return RightAnswers(partial(self.stage, self.reference), [each.call for each in asked])

    def compared(self, exercise: Exercise, asked: Sequence[CallRecord], right: RightAnswers) -> Iterator[Compared]:
        """The calls that were answered, each with the right answer; but those that went wrong in which numbers are
        drawn, since other answers are right as well."""
        looked = self._reference_run(exercise).looked
        for number, each in enumerate(asked):
            aspects = looked.get(_place(each))
            done = right[number] if aspects and isinstance(each.answer, Reply) else None
            lines = self._lines.get(exercise.id, {}).get(_place(each), 0)
            if aspects and done and isinstance(each.answer, Reply) and isinstance(done[0], Reply):
                got = replace(each.answer, value=held_alike(each.answer.value, done[0].value))
                one = Compared(each.call, got, done[0], aspects, (each.printed, done[1]), lines)
                if not one.is_wrong or self._is_sure(one):
                    yield one

    def all_agree(self, exercise: Exercise, call: Call, taken: Callable[[Reply], Any]) -> bool:
        """Whether every right answer of the bank gives to a call what the reference does, whatever holds it. Where
        numbers are equal, as in an order of them, it may not: that shows nothing."""
        ways = [self.reference]
        ways += [implemented(self.reference, exercise.module, way.source) for way in self.bank.right[exercise.id]]
        given: list[Feature] | None = None
        for sources in ways:
            with self.stage(sources) as stage:
                done = stage.answer(call)
            if done is None or not isinstance(done[0], Reply):
                return False
            here = list(_held(taken(done[0])))
            if given is not None and not alike(given, here):
                return False
            given = here
        return True

    def _is_sure(self, compared: Compared) -> bool:
        """Whether the reference gives the same when other random numbers are drawn."""
        with self.stage(self.reference) as stage:
            again = stage.answer(replace(compared.call, seed=compared.call.seed + 1))
        return again is None or compared.is_right(*again)

    def name(
        self,
        exercise: Exercise,
        asked: Sequence[CallRecord],
        node: ast.AST | None,
        right: RightAnswers | None = None,
        of_class: Sequence[CallRecord] = (),
    ) -> Mistake | None:
        """The mistake that a learner made in an exercise, by the calls that were made and its definition. `right` are
        the reference's answers, if they are known; `of_class` is what the learner's function answered to the first draw
        of `class_calls`, as far as it came."""
        mistakes = self.bank.mistakes.get(exercise.id, ())
        learners = self._seen(exercise, asked) if mistakes else []
        right = right or self.right_answers(asked)
        wrong = next((seen for number, seen in enumerate(learners) if not seen.is_like(right[number])), None)
        if wrong is None:
            return None
        is_suspect = self._suspects(exercise, wrong, of_class)
        if of_class and len(of_class) == len(self.class_calls(exercise)[0]):
            # Who did the same in the class's long calls will do so in these.
            learners = [seen for seen in learners if self._is_short(exercise, seen.asked)]
        matching = [mistake for mistake in mistakes if self._is_it(exercise, learners, mistake, is_suspect)]
        return unique_match(matching, node)

    def _suspects(
        self, exercise: Exercise, wrong: _Seen, of_class: Sequence[CallRecord]
    ) -> Callable[[Implementation], bool]:
        """Which ways to mistakes answer as the learner's function does to what the whole class is asked."""
        looked = looked_at(self.class_calls(exercise)[0]) if of_class else {}
        learners = [_Seen.of(each, looked[_place(each)]) for each in of_class if each.answer is not None]
        like_wrong = next((seen for seen in learners if _place(seen.asked) == _place(wrong.asked)), None)

        def is_suspect(way: Implementation) -> bool:
            sources = implemented(self.reference, exercise.module, way.source)
            if like_wrong and not self._shows(way, sources, like_wrong):
                return False
            return not learners or self._shows_all(way, sources, learners)

        return is_suspect

    def _shows(self, way: Implementation, sources: Mapping[str, str], seen: _Seen) -> bool:
        """Whether a way answers this one call of the class alike."""
        key = way, _place(seen.asked)
        if key not in self._shown:
            with self.stage(sources) as stage:
                did = stage.answer(seen.asked.call)
            self._shown[key] = features(*did, seen.looked) if did else None
        known = self._shown[key]
        return known is not None and alike(seen.features, known)

    def _shows_all(self, way: Implementation, sources: Mapping[str, str], learners: Sequence[_Seen]) -> bool:
        """Whether a way answers these calls of the class alike, one after the other."""
        known = self._all_shown.setdefault(way, [])
        if len(known) < len(learners):
            with self.stage(sources) as stage:
                done = [(stage.answer(seen.asked.call), seen.looked) for seen in learners]
            known[:] = [features(*did, looked) if did else None for did, looked in done]
        return all(
            shown is not None and alike(seen.features, shown) for seen, shown in zip(learners, known, strict=False)
        )

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
            looked = self._reference_run(exercise).looked.get(_place(each))
            if looked is None or each.answer is None:
                return []
            seen = _Seen.of(each, looked)
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
            self._reference_runs[exercise.id] = _ReferenceRun(looked_at(local_run.calls), seconds)
        return self._reference_runs[exercise.id]


def _held(value: Any) -> Iterator[Feature]:
    """What a plain value holds, whatever it is held by."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _held(item)
    elif isinstance(value, dict):
        yield from _held([value[key] for key in sorted(value)])
    else:
        yield Feature("", value) if isinstance(value, Array | float) else Feature(repr(value)[:200])


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

    @classmethod
    def of(cls, asked: CallRecord, looked: set[str]) -> Self:
        """What a call that was answered showed where a check looks."""
        assert asked.answer is not None
        return cls(asked, looked, features(asked.answer, asked.printed, looked))

    def is_like(self, done: Answered) -> bool:
        """Whether an answer to the same call shows the same."""
        return done is not None and alike(self.features, features(*done, self.looked))
