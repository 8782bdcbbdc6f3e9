"""A submission's conversation with its process: calls that are sent ahead, and processes that are made ahead."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from grader.core.assignment import Limits
from grader.grading.repair import SearchSession
from grader.grading.session import Session, Waiting
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, ChildEnded, Raised, Reply

LIMITS = Limits(exercise_seconds=4, submission_seconds=20)
SOURCE = """
import os, sys, time

def double(x):
    print("doubling", x)
    return 2 * x

def last(x):
    print("about to go", flush=True)
    os._exit(0)

def slow(x):
    time.sleep(60)

def separates(x):
    print("one\\x1etwo\\x1ethree")
    return x

def mute(x):
    os.close(1)
    return x

def answers_twice(x):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, ANSWER)
        except OSError:
            pass
    return x

def seven(x):
    return x + 5

ANSWER = (lambda body: len(body).to_bytes(4, "little") + bytes(4) + body)(
    b'{"body": {"reply": [7, [null], [], []]}, "buffers": []}'
)
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    with Zygote(Isolation(), LIMITS) as running:
        yield running


@pytest.fixture
def session(zygote: Zygote) -> Iterator[Session]:
    with talking(zygote) as session:
        yield session


@contextmanager
def talking(zygote: Zygote, source: str = SOURCE, limits: Limits = LIMITS) -> Iterator[Session]:
    session = Session(zygote, {"m": source}, limits)
    session.begin("cpu")
    yield session
    session.close()


def call(function: str, x: int = 1) -> Call:
    return Call("m", function, (x,))


def outcome_of(session: Session, function: str, x: int = 1) -> Reply | Raised:
    return session.send(call(function, x))().outcome


def test_calls_that_are_sent_ahead_are_answered_in_order_each_with_what_it_printed(session: Session) -> None:
    pending = [session.send(call("double", x)) for x in range(50)]
    answers = [each() for each in reversed(pending)]
    assert [answer.outcome for answer in answers] == [Reply(2 * x, (None,)) for x in reversed(range(50))]
    assert [answer.printed for answer in answers] == [f"doubling {x}\n" for x in reversed(range(50))]


def test_a_process_that_ends_fails_the_call_that_ended_it_and_those_behind_it_and_no_other(session: Session) -> None:
    before, fatal, behind = (session.send(call(name)) for name in ("double", "last", "double"))
    assert before().outcome == Reply(2, (None,))
    for lost in (fatal, behind):
        with pytest.raises(ChildEnded, match="exit code 0"):
            lost()
    assert outcome_of(session, "double", 4) == Reply(8, (None,))


def test_a_slow_call_is_over_at_its_limit_and_those_behind_it_are_lost_with_it(session: Session) -> None:
    slow, behind = session.send(call("slow")), session.send(call("double"))
    for lost in (slow, behind):
        with pytest.raises(ChildEnded, match="ran past its 4-second limit") as ended:
            lost()
        assert ended.value.overran
    with pytest.raises(ChildEnded, match="ran past its 4-second limit"):
        outcome_of(session, "slow")
    session.begin("cpu")
    assert outcome_of(session, "double") == Reply(2, (None,))


def test_a_learner_who_prints_the_separator_misplaces_only_their_own_output(session: Session) -> None:
    pending = [session.send(call(name)) for name in ("separates", "double", "double")]
    printed = [each().printed for each in pending]
    assert printed[0] == "one"
    assert all(isinstance(each().outcome, Reply) for each in pending)


def test_a_learner_who_closes_standard_output_is_heard_no_more_and_answered_all_the_same(session: Session) -> None:
    pending = [session.send(call(name, 3)) for name in ("double", "mute", "double")]
    assert [each().outcome for each in pending] == [Reply(6, (None,)), Reply(3, (None,)), Reply(6, (None,))]
    assert pending[0]().printed == "doubling 3\n"


@pytest.mark.parametrize("ahead", [1, 3])
def test_an_answer_that_nobody_asked_for_is_only_a_value_and_ends_the_process(session: Session, ahead: int) -> None:
    pending = [session.send(call("answers_twice")) for _ in range(ahead)]
    with pytest.raises(ChildEnded, match=r"could not be read: (more|it) came"):
        wait_for_the_one_too_many(session, pending)


def wait_for_the_one_too_many(session: Session, pending: list[Waiting]) -> None:
    for each in pending:
        each()
    assert session._child is not None
    assert select.select([session._child._connection], [], [], 10)[0]
    session.send(call("double"))()


def test_the_next_process_is_made_while_others_work_and_the_last_one_leaves_nothing(zygote: Zygote) -> None:
    with talking(zygote) as first:
        outcome_of(first, "double")
        zygote.prepare_reader(LIMITS)
        prepared = zygote._prepared
        assert prepared is not None
        assert first._child is not None
        assert first._child.pid != prepared.pid
    reader = zygote.spawn_reader(LIMITS)
    assert reader.pid == prepared.pid
    assert not zygote._prepared
    while zygote._awaited:
        zygote._take_answer()
    assert len(list(zygote._process.folder.iterdir())) == 1
    zygote.end(reader)
    assert not list(zygote._process.folder.iterdir())


def test_a_process_that_was_made_with_other_limits_is_not_used(zygote: Zygote) -> None:
    zygote.prepare_reader(LIMITS)
    prepared = zygote._prepared
    assert prepared is not None
    reader = zygote.spawn_reader(replace(LIMITS, output_bytes=10))
    assert reader.pid != prepared.pid
    zygote.end(reader)
    assert not list(zygote._process.folder.iterdir())


@pytest.fixture
def search(zygote: Zygote) -> Iterator[SearchSession]:
    session = SearchSession(zygote, {}, LIMITS)
    yield session
    session.close()


def sent(search: SearchSession, text: str) -> Waiting:
    search.begin("cpu", {"m": text}, whole=False)
    return search.send(call("f", 3))


def outcomes(pending: list[Waiting]) -> list[object]:
    return [each().outcome for each in pending]


def test_calls_of_many_texts_are_under_way_at_once_each_from_its_own(search: SearchSession) -> None:
    texts = [f"def f(x):\n    return x * {factor}\n" for factor in range(40)]
    pending = [sent(search, text) for text in [*texts, *reversed(texts)]]
    factors = [*range(40), *reversed(range(40))]
    assert outcomes(pending) == [Reply(3 * factor, (None,)) for factor in factors]


def test_where_a_text_ends_the_process_those_before_it_are_answered(search: SearchSession) -> None:
    texts = ["def f(x):\n    return x\n", "import os\nos._exit(3)\n", "def f(x):\n    return -x\n"]
    before, fatal, behind = (sent(search, text) for text in texts)
    assert before().outcome == Reply(3, (None,))
    for lost in (fatal, behind):
        with pytest.raises(ChildEnded, match="exit code 3"):
            lost()
    assert outcomes([sent(search, texts[2])]) == [Reply(-3, (None,))]


# What it leaves behind can't be taken out of the process: in time, or at all.
SPOILED = """
import os, sys, time

class Stuck(list):
    def __setitem__(self, key, value):
        {how}

def f(x):
    sys.meta_path = Stuck(sys.meta_path)
    return x
"""


@pytest.mark.parametrize("how", ["time.sleep(60)", "os._exit(4)"])
def test_where_a_text_leaves_no_way_to_another_those_behind_it_are_answered_by_a_fresh_process(
    search: SearchSession, how: str
) -> None:
    texts = [SPOILED.format(how=how), "def f(x):\n    return -x\n", "def f(x):\n    return 2 * x\n"]
    pending = [sent(search, text) for text in texts]
    assert outcomes(pending) == [Reply(3, (None,)), Reply(-3, (None,)), Reply(6, (None,))]
