"""Conversations with a learner's process that keeps to no rule: each call is answered or lost, in time, and no more.

`WIRE_FRAMES` makes them more: one conversation for fifty frames, see `tests/wire/test_fire.py`.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.core.assignment import Limits
from grader.grading.session import Answer, Session, Waiting
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply
from tests.wire.fuzzing import Fuzzer
from tests.wire.judging import judge, right_answer
from tests.wire.scripts import ACTIONS, Zygote, drawn_script
from tests.wire.seeds import FRAMES, SEED

LIMITS = Limits(exercise_seconds=1, submission_seconds=30, output_bytes=1_000_000)
LONGEST = 120.0  # ends what hangs; a conversation takes its limit, and as long as a busy machine makes it wait
HURRIED = replace(LIMITS, exercise_seconds=0.1)
SCRIPTS = max(60, FRAMES // 50)


@contextmanager
def talking(script: list[str], seed: int = 1, limits: Limits = LIMITS) -> Iterator[Session]:
    zygote = Zygote(iter(script), Fuzzer(seed, right_answer))
    session = Session(zygote, {"m": "", "n": ""}, limits)  # type: ignore[arg-type]
    session.begin("cpu")
    try:
        yield session
    finally:
        session.close()
        assert zygote.close(), f"a thread goes on: {script}"


def came_of(waiting: Waiting) -> str:
    """What came of a call, whatever else may have been tried."""
    try:
        answer = waiting()
    except ChildEnded as ended:
        return "too long" if ended.overran else f"lost: {ended}"
    assert isinstance(answer, Answer)
    assert isinstance(answer.outcome, Reply | Raised)
    return "answered"


def call(number: int, module: str = "m") -> Call:
    return Call(module, "f", (number, "x" * 1000))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_a_process_does_with_one_call_the_others_are_answered_or_lost_in_time(action: str) -> None:
    started = time.monotonic()
    with talking(["right", action]) as session:
        pending = [session.send(call(number)) for number in range(5)]
        ends = [came_of(each) for each in pending]
        # What is printed too much may come while the first answer is awaited, and ends the process all the same.
        assert ends[0] == "answered" or action == "floods"
        session._zygote.wait_until_done(5)  # type: ignore[attr-defined]
        session.begin("cpu")
        came_of(session.send(call(6)))  # the one after it finds a process that may be out of step
        session.begin("cpu")
        assert came_of(session.send(call(7))) == "answered"
    assert time.monotonic() - started < LONGEST


def test_what_a_process_answered_before_it_ended_counts_though_later_calls_find_it_gone() -> None:
    zygote = Zygote(iter(["right", "ends"]), Fuzzer(1, right_answer))
    session = Session(zygote, {"m": "", "n": ""}, LIMITS)  # type: ignore[arg-type]
    session.begin("cpu")
    pending = [session.send(call(number)) for number in (1, 2)]
    assert zygote.close()
    pending.append(session.send(call(3)))
    ends = [came_of(each) for each in pending]
    session.close()
    assert ends[0] == "answered"
    assert all(end.startswith("lost") for end in ends[1:])


def test_drawn_conversations_end_in_time_and_leave_nothing_behind() -> None:
    ends: Counter[str] = Counter()
    with talking([]):
        pass
    before = descriptors(), threading.active_count()
    for number in range(SCRIPTS):
        chance = random.Random(f"{SEED}/{number}")
        script = drawn_script(chance, 12)
        started = time.monotonic()
        try:
            with talking(script, chance.randrange(1 << 30), HURRIED) as session:
                for _ in range(3):
                    session.begin("cpu")
                    pending = [session.send(call(n, chance.choice("mmmmn"))) for n in range(chance.randrange(1, 6))]
                    chance.shuffle(pending)
                    for each in pending:
                        came = came_of(each).partition(":")[0]
                        ends[came] += 1
                        if came == "answered":
                            judge(each().outcome, chance)
            assert time.monotonic() - started < LONGEST
        except BaseException as error:
            error.add_note(f"WIRE_SEED={SEED}, conversation {number}: {script}")
            raise
    assert (descriptors(), threading.active_count()) == before
    assert min(ends["answered"], ends["lost"], ends["too long"]) > 0


def test_a_call_to_another_module_finds_a_fresh_process_when_an_answer_on_the_way_ended_the_old_one() -> None:
    with talking(["right", "out of memory"]) as session:
        for number in (1, 2):
            session.send(call(number))
        assert came_of(session.send(call(3, "n"))) == "answered"


def test_a_reply_that_leaves_out_an_argument_answers_nothing_and_ends_the_process() -> None:
    with talking(["leaves out an argument"]) as session:
        assert "it is no answer to this call" in came_of(session.send(call(1)))
        assert session.has_ended


@pytest.mark.parametrize("action", ["twice", "many times", "bytes after it"])
def test_what_comes_after_the_last_answer_that_was_asked_for_ends_the_process(action: str) -> None:
    with talking([action]) as session:
        assert "more came than was asked for" in came_of(session.send(call(1)))
        assert session.has_ended


def test_answers_to_calls_that_nobody_waits_for_are_lost_with_the_process() -> None:
    with talking(["right", "late", "right"]) as session:
        pending = [session.send(call(number)) for number in range(3)]
    assert came_of(pending[2]).startswith("lost")
