"""The lesson's hidden checks under fire: right answers with one field wrong fail a check, and never break one.

A check that breaks is `grader_error`, our mistake: nobody may be able to bring it about from a learner's process.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import CheckFailed, CheckInfo, Draw, Function, Student
from grader.checks.transport import Source
from grader.core.assignment import Assignment, find_assignment
from grader.core.records import CheckStatus, Finding
from grader.course.load import load_course
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.encoding import decode_answer, encode_answer
from grader.sandbox.protocol.frames import Frame, FrameReader, MalformedFrame
from grader.sandbox.protocol.messages import STAGES, Call, CodeLine, Raised, Reply
from tests.conftest import MODULES, right_source
from tests.wire.fuzzing import Fuzzer, raw
from tests.wire.judging import Wrong, sober
from tests.wire.seeds import FRAMES, SEED

ROUNDS = max(8, FRAMES // 400)  # for each check; each answers a few calls
ROUND_SECONDS = 5.0


class Honest:
    """Answers as a right submission does, and notes what it answered."""

    def __init__(self, modules: LearnerModules) -> None:
        self._modules = modules
        self.answers: list[tuple[Reply, str]] = []

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        answer = perform(call, self._modules, "cpu", (Exception,))
        assert isinstance(answer, Reply), answer
        epochs = call.args[0] if call.function == "fit" else 0
        printed = "".join(f"Epoch [{n}/{epochs}], Loss: 1.5\n" for n in range(10, int(epochs) + 1, 10))
        self.answers.append((answer, printed))
        return lambda: (answer, printed)

    def line_of(self, place: CodeLine) -> str:
        return f"{place.line}"

    def definition(self, _module: str, _function: str) -> CodeLine | None:
        return None

    def source(self, module: str, _function: str) -> Source:
        return Source(f"{module}.py")


class Spoiling(Honest):
    """Gives the answers that were noted, some of them spoiled, as they come through the wire."""

    def __init__(self, answers: list[tuple[Reply, str]], fuzzer: Fuzzer) -> None:
        self._answers = iter(answers)
        self._fuzzer = fuzzer
        self._chance = fuzzer.chance
        self._likely = self._chance.choice([0.2, 1.0])

    def send(self, _call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        reply, printed = next(self._answers)
        if self._chance.random() < self._likely:
            printed = self._chance.choice(
                [printed, printed, printed[:-1] + "\x1b", "Epoch [" + "9" * 9000, "\x00" * 99]
            )
            data = raw(self._spoiled(reply))
        else:
            data = raw(encode_answer(reply))
        return lambda: (came(data), printed)

    def _spoiled(self, reply: Reply) -> Frame:
        if self._chance.random() < 0.1:
            return encode_answer(Raised(self._chance.choice(STAGES), "MemoryError", "no"))
        frame = encode_answer(reply)
        return self._fuzzer.spoiled(frame, self._chance.choice([None, "a shape that fits", "a value that fits"]))[0]


def came(data: bytes) -> Reply | Raised:
    """The bytes as the grader reads them; a malformed answer ends the process."""
    reader = FrameReader()
    reader.data += data
    try:
        frame = reader.next()
        assert frame is not None
        return decode_answer(frame)
    except MalformedFrame as error:
        raise CheckFailed(
            Finding(f"What came back from your code could not be read: {error}"), CheckStatus.CRASHED
        ) from None


@pytest.fixture(scope="module")
def assignment(root: Path) -> Assignment:
    return find_assignment(load_course(root), "linear_regression")


def students(assignment: Assignment) -> dict[str, Function]:
    return {each.function: Function(each.module) for each in assignment.exercises.values()}


def under_fire(checks: CollectedChecks, assignment: Assignment, ends: Counter[str]) -> None:
    modules = LearnerModules({name: right_source(name) for name in MODULES})
    try:
        for item, info in [each for items in checks.items.values() for each in items]:
            fuzzer = Fuzzer(SEED, lambda _: Reply(None))
            honest = Honest(modules)
            checks.run(item, info, Student(honest, students(assignment), ahead=True), Draw(SEED))
            for number in range(ROUNDS):
                fuzzer.chance = random.Random(f"{SEED}/{item.name}/{number}")
                try:
                    one_round(
                        checks,
                        item,
                        info,
                        Student(Spoiling(honest.answers, fuzzer), students(assignment), ahead=True),
                        ends,
                    )
                except BaseException as error:
                    error.add_note(f"WIRE_SEED={SEED}, {item.nodeid}, round {number}")
                    raise
    finally:
        modules.forget()


def one_round(
    checks: CollectedChecks, item: pytest.Item, info: CheckInfo, student: Student, ends: Counter[str]
) -> None:
    started = time.process_time()
    try:
        outcome = checks.run(item, info, student, Draw(SEED))
    except Exception as error:
        raise Wrong(f"{type(error).__name__}: {error}") from error
    ends[outcome.status] += 1
    assert time.process_time() - started < ROUND_SECONDS
    if outcome.finding:
        sober(outcome.finding, item.name)


def test_no_answer_breaks_a_hidden_check(
    root: Path, assignment: Assignment, capsys: pytest.CaptureFixture[str]
) -> None:
    ends: Counter[str] = Counter()
    run_hidden(root, assignment, lambda checks: under_fire(checks, assignment, ends))
    with capsys.disabled():
        print(f"\nhidden checks: seed {SEED}, " + ", ".join(f"{count} {end}" for end, count in ends.most_common()))
    assert CheckStatus.GRADER_ERROR not in ends
    assert min(ends[CheckStatus.PASSED], ends[CheckStatus.FAILED], ends[CheckStatus.CRASHED]) > 0
