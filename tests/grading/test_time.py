"""Time limits of calls: kept whatever else the machine does, and told truly."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grader.core.assignment import Limits
from grader.grading.budget import SHORT_SECONDS
from grader.grading.session import Session
from grader.sandbox.host import bubblewrap, child
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply
from tests.load import a_processor, busy

pytestmark = pytest.mark.slow

LIMITS = Limits(exercise_seconds=2, submission_seconds=20)
SOURCE = """
import hashlib, os, threading, time

def computes(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "done"

def sleeps(seconds):
    time.sleep(seconds)
    return "done"

def loops(x):
    while True:
        pass

def loop_in_c():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 20_000)

def living(x):
    threads = [threading.Thread(target=loop_in_c) for _ in range(16)]
    for each in threads: each.start()
    for each in threads: each.join()

def ending(x):
    while True:
        threads = [threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"", b"", 20_000)) for _ in range(16)]
        for each in threads: each.start()
        for each in threads: each.join()

def waits(x):
    threading.Event().wait()

def stops(x):
    os.kill(os.getpid(), 19)

def endless(x):
    return helper(x)

def helper(x):
    while True:
        pass

def needs_it(x):
    return endless(x)

def needs_its_helper(x):
    return helper(x)

def needs_nothing(x):
    time.sleep(0.05)
    return x
"""
ENDLESS = ["loops", "living", "ending", "waits", "stops"]
BOXED = Isolation(bubblewrap=True)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(Isolation(), id="bare"),
        pytest.param(
            BOXED,
            id="full",
            marks=pytest.mark.skipif(bool(bubblewrap.unavailable_reason()), reason="bubblewrap does not work here"),
        ),
    ],
)
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """In a namespace of its own a process has another number there than here."""
    with Zygote(request.param, LIMITS) as running:
        yield running


@contextmanager
def talking(zygote: Zygote, limits: Limits = LIMITS, source: str = SOURCE) -> Iterator[Session]:
    session = Session(zygote, {"m": source}, limits)
    session.begin("cpu")
    yield session
    session.close()


def ask(session: Session, function: str, x: float = 1) -> Reply | Raised | ChildEnded:
    try:
        return session.send(Call("m", function, (x,)))().outcome
    except ChildEnded as ended:
        return ended


def test_a_call_that_needs_half_of_its_time_gets_through_beside_any_other_work(zygote: Zygote) -> None:
    limits = Limits(exercise_seconds=1)
    with talking(zygote, limits) as session:
        assert ask(session, "needs_nothing") == Reply(1, (None,))
        assert session._child
        processor, process = a_processor(), child_number(session)
        os.sched_setaffinity(process, {processor})
        started = time.monotonic()
        with busy(6, processor):
            assert ask(session, "computes", 0.5) == Reply("done", (None,))
        assert time.monotonic() - started > limits.exercise_seconds, "it was to be disturbed"


@pytest.mark.parametrize("function", ENDLESS)
def test_whatever_never_ends_is_stopped_for_sure_beside_any_other_work(zygote: Zygote, function: str) -> None:
    with talking(zygote, Limits(exercise_seconds=0.5)) as session, busy(4):
        ended = ask(session, function)
        assert isinstance(ended, ChildEnded)
        assert ended.overran
        assert str(ended) == "This exercise ran past its 0.5-second limit."
        assert not session.is_doubtful
        session.begin("cpu")
        assert ask(session, "needs_nothing") == Reply(1, (None,))


def test_all_of_the_time_may_be_spent_on_computing_and_the_kernel_does_not_end_it_before(zygote: Zygote) -> None:
    limits = Limits(exercise_seconds=3, submission_seconds=4, cpu_seconds=1)
    with talking(zygote, limits) as session:
        for _ in range(2):
            session.begin("cpu")
            assert ask(session, "computes", 1.5) == Reply("done", (None,))
        session.begin("cpu")
        ended = ask(session, "computes", 1.5)
        assert isinstance(ended, ChildEnded)
        assert str(ended) == "Your exercises together ran past the 4-second limit for a submission."


def test_what_needs_something_that_ran_out_of_time_is_told_so_at_once_and_the_rest_of_it_works(zygote: Zygote) -> None:
    with talking(zygote) as session:
        assert isinstance(ask(session, "endless"), ChildEnded)
        left = session._budget.seconds
        session.begin("cpu", out_of_time={"m": ["endless"]})
        raised = ask(session, "needs_it")
        assert isinstance(raised, Raised)
        assert (raised.type_name, raised.message) == ("TimeoutError", "endless ran out of time")
        assert [ask(session, "needs_nothing", x) for x in range(3)] == [Reply(x, (None,)) for x in range(3)]
        assert left - session._budget.seconds < SHORT_SECONDS, "it was not run again"
        session.begin("cpu", out_of_time={"m": ["endless"]})
        left = session._budget.seconds
        ended = ask(session, "needs_its_helper")
        assert isinstance(ended, ChildEnded)
        assert "So each call had a 1-second limit, and ran past it." in str(ended)
        assert left - session._budget.seconds < LIMITS.exercise_seconds, "it was given less time"
        session.begin("cpu")
        assert isinstance(ask(session, "endless"), ChildEnded), "the others are run from what was handed in"


def test_what_only_the_wall_clock_stopped_is_doubtful(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    with talking(zygote) as session:
        assert ask(session, "needs_nothing") == Reply(1, (None,))
        assert not session.is_doubtful
        monkeypatch.setattr(child, "longest_wait", lambda _: 1.0)
        processor, process = a_processor(), child_number(session)
        os.sched_setaffinity(process, {processor})
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))
        with busy(3, processor):
            ended = ask(session, "loops")
        assert isinstance(ended, ChildEnded)
        assert ended.overran
        assert session.is_doubtful
        monkeypatch.undo()
        session.begin("cpu")
        assert not session.is_doubtful
        assert ask(session, "needs_nothing") == Reply(1, (None,))


def child_number(session: Session) -> int:
    """The number of its process, as it is seen from here."""
    assert session._child
    with open(f"/proc/self/fdinfo/{session._child._pidfd}") as told:
        return next(int(line.split()[1]) for line in told if line.startswith("Pid:"))


def test_answers_that_leave_no_room_for_one_more_are_told_so(zygote: Zygote) -> None:
    """Few bytes at a time, and more than an exercise may answer in all; the next exercise has its own."""
    text = "import torch\n\ndef much(x):\n    return torch.zeros(4_000_000)\n"
    with talking(zygote, source=text) as session:
        came = [ask(session, "much") for _ in range(5)]
        session.begin("cpu")
        assert isinstance(ask(session, "much"), Reply)
    assert [isinstance(each, Reply) for each in came] == [True] * 4 + [False]
    assert isinstance(came[-1], Raised)
    assert "the results before it have left no room" in came[-1].message


def test_what_is_graded_again_for_our_own_failure_has_cost_nothing(zygote: Zygote) -> None:
    text = "def works(x):\n    return sum(range(1_000_000))\n"
    with talking(zygote, source=text) as session:
        before = session._budget.seconds
        ask(session, "works")
        assert session._budget.seconds < before
        session.start_over()
        assert session._budget.seconds == before
