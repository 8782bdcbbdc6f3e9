"""Frames at the caps: read or refused within a bounded time and memory, however they are made."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from typing import Any

import pytest

from grader.checks import CheckFailed, Function, Iterate, Student
from grader.checks.describe import describe
from grader.wire.codec import MAX_NODES
from grader.wire.frames import MAX_BUFFERS, MAX_HEADER, Frame, FrameReader, MalformedFrame
from grader.wire.messages import Reply, decode_answer
from tests.wire.fuzzing import framed, raw
from tests.wire.judging import ARGUMENTS, Fixed, judge

SECONDS = 10.0  # each takes about one where nothing else runs
NONE = (None,) * len(ARGUMENTS)
ALIKE = 2**61 - 1  # whole numbers that are multiples of it have the same hash


def reply(value: Any, after: Any = NONE, items: Any = (), buffers: tuple[bytes, ...] = ()) -> bytes:
    return raw(Frame({"reply": [value, list(after), list(items), []]}, list(buffers)))


def filled(opening: bytes, repeated: bytes, closing: bytes) -> bytes:
    count = (MAX_HEADER - len(opening) - len(closing)) // len(repeated)
    return framed(opening + repeated * count + closing)


def tensor(shape: list[int], number: int, dtype: str = "float32", grad: Any = None) -> list[Any]:
    return ["tensor", dtype, shape, number, False, grad, True, "cpu"]


def tower(height: int) -> Any:
    node: Any = 1
    for _ in range(height):
        node = ["list", node, 1, 1, 1, 1]
    return node


def wide(width: int, depth: int) -> Any:
    return 1 if depth == 0 else ["list", *[wide(width, depth - 1)] * width]


FRAMES = {
    "empty lists": filled(b'{"body":{"reply":[["list"', b",[]", b'],[],[],[]]},"buffers":[]}'),
    "tagged lists": filled(b'{"body":{"reply":[["list"', b',["list"]', b'],[],[],[]]},"buffers":[]}'),
    "empty objects": filled(b'{"body":{"reply":[["list"', b",{}", b'],[],[],[]]},"buffers":[]}'),
    "numbers": filled(b'{"body":{"reply":[["list"', b",0", b'],[],[],[]]},"buffers":[]}'),
    "long numbers": filled(b'{"body":{"reply":[["list"', b"," + b"9" * 4300, b'],[],[],[]]},"buffers":[]}'),
    "one long float": filled(b'{"body":{"reply":[1.', b"7", b'e-3,[],[],[]]},"buffers":[]}'),
    "one long text": filled(b'{"body":{"reply":["', b"x", b'",[],[],[]]},"buffers":[]}'),
    "escapes": filled(b'{"body":{"reply":["', b"\\ud800", b'",[],[],[]]},"buffers":[]}'),
    "opening brackets": filled(b"", b"[", b""),
    "opening braces": filled(b"", b'{"":', b""),
    "many keys": framed(json.dumps({str(number): 0 for number in range(300_000)}).encode()),
    "many lengths": filled(b'{"body":{"reply":[1,[],[],[]]},"buffers":[0', b",0", b"]}"),
    "as many parts as may be": reply(["list", *[1] * (MAX_NODES - 2)]),
    "as many tuples as may be": reply(["list", *[["tuple"]] * (MAX_NODES - 2)]),
    "keys that are alike": reply(["dict", *([number * ALIKE, 0] for number in range(45_000))]),
    "negative keys that are alike": reply(["dict", *([-number * ALIKE, 0] for number in range(45_000))]),
    "floats as keys": reply(["dict", *([number * 2.0**61, 0] for number in range(45_000))]),
    "keys that are nan": reply(["dict", *([float("nan"), 0] for _ in range(45_000))]),
    "wide and deep": reply(wide(6, 6)),
    "texts in lists": reply(["list", *[["list", *["\x1b" * 100] * 6]] * 6]),
    "high": reply(tower(23)),
    "many passes": reply(1, items=[[]] * 10_000),
    "many arguments": reply(1, after=[1] * 10_000),
    "the largest tensor": reply(tensor([MAX_BUFFERS // 4], 0), buffers=(bytes(MAX_BUFFERS),)),
    "the most bools": reply(["numpy", *tensor([MAX_BUFFERS], 0, "bool")[1:]], buffers=(bytes(MAX_BUFFERS),)),
    "the most halves": reply(tensor([MAX_BUFFERS // 2], 0, "float16"), buffers=(bytes(MAX_BUFFERS),)),
    "many tensors": reply(["list", *(tensor([], n) for n in range(9_000))], buffers=(bytes(4),) * 9_000),
    "one buffer for many": reply(["list", *[tensor([1 << 22], 0)] * 9_000], buffers=(bytes(1 << 24),)),
    "sizes and no numbers": reply(tensor([2**32 - 1, 0], 0), buffers=(b"",)),
    "many sizes and no numbers": reply(tensor([6] * 12 + [0], 0), buffers=(b"",)),
    "sizes that overflow": reply(tensor([0, 2**32 - 1, 2**32 - 1], 0), buffers=(b"",)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_at_the_caps_is_read_or_refused_soon_and_judged_soon(kind: str) -> None:
    assert len(FRAMES[kind]) <= 8 + MAX_HEADER + MAX_BUFFERS
    reader = FrameReader()
    started = time.monotonic()
    try:
        for start in range(0, len(FRAMES[kind]), 1 << 18):
            reader.feed(FRAMES[kind][start : start + (1 << 18)])
        frame = reader.next()
        assert frame is not None
        answer = decode_answer(frame)
        describe(answer.value) if isinstance(answer, Reply) else None
        judge(answer, random.Random(1))
    except MalformedFrame:
        pass
    assert time.monotonic() - started < SECONDS


def test_a_frame_that_comes_one_byte_at_a_time_costs_no_more_than_its_bytes() -> None:
    reader = FrameReader()
    data = reply("x" * 90_000)
    started = time.monotonic()
    for number in range(len(data) - 1):
        reader.feed(data[number : number + 1])
        assert reader.next() is None
    reader.feed(data[-1:])
    assert reader.next() is not None
    assert time.monotonic() - started < SECONDS


def test_many_frames_in_one_piece_cost_no_more_than_their_bytes() -> None:
    reader = FrameReader()
    reader.feed(reply(1) * 20_000)
    started = time.monotonic()
    count = 0
    while reader.next() is not None:
        count += 1
    assert count == 20_000
    assert time.monotonic() - started < SECONDS


def test_what_is_read_takes_no_more_memory_than_its_bytes_a_few_times_over() -> None:
    size = 16 << 20
    value = ["list", *(tensor([1 << 18], number) for number in range(16))]
    data = reply(["list"], after=(), items=[[value]], buffers=(bytes(1 << 20),) * 16)
    tracemalloc.start()
    try:
        reader = FrameReader()
        reader.feed(data)
        frame = reader.next()
        assert frame is not None
        answer = decode_answer(frame)
        assert isinstance(answer, Reply)
        student = Student(Fixed(answer), {"f": Function("m")})
        assert len(student.f(then=Iterate(1)).items[0][0]) == 16
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 6 * size


def test_a_value_of_many_long_texts_is_told_in_few_words() -> None:
    value: Any = "\u202e" * 90_000
    for _ in range(5):
        value = [value] * 6
    student = Student(Fixed(Reply(value)), {"f": Function("m")})
    with pytest.raises(CheckFailed) as failed:
        student.f().returns(7)
    assert len(str(failed.value)) < 3000
