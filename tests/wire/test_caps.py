"""Frames at the caps: read or refused within a bounded time and memory, however they are made."""

from __future__ import annotations

import json
import random
import re
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import CheckFailed, Function, Iterate, Student
from grader.checks.compare import describe
from grader.checks.observed import alike, features
from grader.sandbox.inside.execute import perform
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.encoding import decode_answer, encode_answer
from grader.sandbox.protocol.frames import MAX_BUFFERS, MAX_HEADER, Frame, FrameReader, MalformedFrame, pack
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import ITEM_SIZES, MAX_NODES, TOO_LARGE, Array, Opaque
from tests.wire.fuzzing import framed, raw
from tests.wire.judging import ARGUMENTS, Fixed, judge

SECONDS = 10.0  # of work, whatever else runs on the machine; each takes about one
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


def tower_of_keys(height: int) -> Any:
    node: Any = ["list", *[0] * 20_000]
    for _ in range(height):
        node = ["dict", ["A" * 200, node]]
    return node


def wide(width: int, depth: int) -> Any:
    return 1 if depth == 0 else ["list", *[wide(width, depth - 1)] * width]


FRAMES: dict[str, Callable[[], bytes]] = {
    "empty lists": lambda: filled(b'{"body":{"reply":[["list"', b",[]", b'],[],[],[]]},"buffers":[]}'),
    "tagged lists": lambda: filled(b'{"body":{"reply":[["list"', b',["list"]', b'],[],[],[]]},"buffers":[]}'),
    "empty objects": lambda: filled(b'{"body":{"reply":[["list"', b",{}", b'],[],[],[]]},"buffers":[]}'),
    "numbers": lambda: filled(b'{"body":{"reply":[["list"', b",0", b'],[],[],[]]},"buffers":[]}'),
    "long numbers": lambda: filled(b'{"body":{"reply":[["list"', b"," + b"9" * 4300, b'],[],[],[]]},"buffers":[]}'),
    "one long float": lambda: filled(b'{"body":{"reply":[1.', b"7", b'e-3,[],[],[]]},"buffers":[]}'),
    "one long text": lambda: filled(b'{"body":{"reply":["', b"x", b'",[],[],[]]},"buffers":[]}'),
    "escapes": lambda: filled(b'{"body":{"reply":["', b"\\ud800", b'",[],[],[]]},"buffers":[]}'),
    "opening brackets": lambda: filled(b"", b"[", b""),
    "opening braces": lambda: filled(b"", b'{"":', b""),
    "many keys": lambda: framed(json.dumps({str(number): 0 for number in range(300_000)}).encode()),
    "many lengths": lambda: filled(b'{"body":{"reply":[1,[],[],[]]},"buffers":[0', b",0", b"]}"),
    "as many parts as may be": lambda: reply(["list", *[1] * (MAX_NODES - 2)]),
    "as many tuples as may be": lambda: reply(["list", *[["tuple"]] * (MAX_NODES - 2)]),
    "keys that are alike": lambda: reply(["dict", *([number * ALIKE, 0] for number in range(14_000))]),
    "floats as keys": lambda: reply(["dict", *([number * 2.0**61, 0] for number in range(14_000))]),
    "keys that are nan": lambda: reply(["dict", *([float("nan"), 0] for _ in range(14_000))]),
    "keys of two types": lambda: reply(["dict", [True, 1], ["b", 2]]),
    "keys of no type": lambda: reply(["dict", [None, 1], ["a", 2]]),
    "as many keys as may be": lambda: reply(["dict", *([f"{number:0200}", 0] for number in range(14_000))]),
    "long keys within each other": lambda: reply(tower_of_keys(23)),
    "wide and deep": lambda: reply(wide(6, 6)),
    "texts in lists": lambda: reply(["list", *[["list", *["\x1b" * 100] * 6]] * 6]),
    "high": lambda: reply(tower(23)),
    "many passes": lambda: reply(1, items=[[]] * 10_000),
    "many arguments": lambda: reply(1, after=[1] * 10_000),
    "the largest tensor": lambda: reply(tensor([MAX_BUFFERS // 4], 0), buffers=(bytes(MAX_BUFFERS),)),
    "the most bools": lambda: reply(["numpy", *tensor([MAX_BUFFERS], 0, "bool")[1:]], buffers=(bytes(MAX_BUFFERS),)),
    "the most halves": lambda: reply(tensor([MAX_BUFFERS // 2], 0, "float16"), buffers=(bytes(MAX_BUFFERS),)),
    "many tensors": lambda: reply(["list", *(tensor([], n) for n in range(9_000))], buffers=(bytes(4),) * 9_000),
    "one buffer for many": lambda: reply(["list", *[tensor([1 << 22], 0)] * 9_000], buffers=(bytes(1 << 24),)),
    "sizes and no numbers": lambda: reply(tensor([2**32 - 1, 0], 0), buffers=(b"",)),
    "many sizes and no numbers": lambda: reply(tensor([6] * 12 + [0], 0), buffers=(b"",)),
    "sizes that overflow": lambda: reply(tensor([0, 2**32 - 1, 2**32 - 1], 0), buffers=(b"",)),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_at_the_caps_is_read_or_refused_soon_and_judged_soon(kind: str) -> None:
    data = FRAMES[kind]()
    assert len(data) <= 8 + MAX_HEADER + MAX_BUFFERS
    reader = FrameReader()
    started = time.process_time()
    try:
        for start in range(0, len(data), 1 << 18):
            reader.data += data[start : start + (1 << 18)]
        frame = reader.next()
        assert frame is not None
        answer = decode_answer(frame)
        describe(answer.value) if isinstance(answer, Reply) else None
        judge(answer, random.Random(1))
    except MalformedFrame:
        pass
    assert time.process_time() - started < SECONDS


def test_a_frame_that_comes_one_byte_at_a_time_costs_no_more_than_its_bytes() -> None:
    reader = FrameReader()
    data = reply("x" * 90_000)
    started = time.process_time()
    for number in range(len(data) - 1):
        reader.data += data[number : number + 1]
        assert reader.next() is None
    reader.data += data[-1:]
    assert reader.next() is not None
    assert time.process_time() - started < SECONDS


def test_many_frames_in_one_piece_cost_no_more_than_their_bytes() -> None:
    reader = FrameReader()
    reader.data += reply(1) * 20_000
    started = time.process_time()
    count = 0
    while reader.next() is not None:
        count += 1
    assert count == 20_000
    assert time.process_time() - started < SECONDS


def test_what_is_read_takes_no_more_memory_than_its_bytes_a_few_times_over() -> None:
    size = 16 << 20
    value = ["list", *(tensor([1 << 18], number) for number in range(16))]
    data = reply(["list"], after=(), items=[[value]], buffers=(bytes(1 << 20),) * 16)
    tracemalloc.start()
    try:
        reader = FrameReader()
        reader.data += data
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


def memory_of(work: Callable[[], object]) -> tuple[int, int]:
    """The memory that some work holds at its end, and the most that it takes while it is done, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "repeated", [",0", ",[]", ",{}", ',"a"', ',"\\u1234"', ',["list"]', ",1.5", ',{"a":1}', ",12345"]
)
def test_a_frame_says_at_most_how_much_memory_it_takes(repeated: str) -> None:
    header = '{"body":[1' + repeated * (200_000 // len(repeated)) + '],"buffers":[1000]}'
    reader = FrameReader()
    reader.data += framed(header.encode(), bytes(1000))
    taken: list[Frame | None] = []
    held, most = memory_of(lambda: taken.append(reader.next()))
    assert taken[0] is not None
    assert held <= taken[0].size
    assert most <= taken[0].size + 8 * len(header)  # while it is parsed, its text is there as well


ANSWERS = {
    "the same in many lists": "x = [0] * 10\n    for _ in range(7): x = [x] * 10\n    return x",
    "the same in few lists": "x = [0]\n    for _ in range(7): x = [x] * 300\n    return x",
    "a long list": "return [0] * 10**6",
    "a long tuple": "return (0.5,) * 10**5",
    "a list of lists": "return [[0] * 100 for _ in range(400)]",
    "a long text": "return 'x' * 10**7",
    "many long texts": "return ['x' * 90_000] * 50",
    "a long key": "return {'A' * 99_000: 1}",
    "a long key deep within": "return {'a': {'b': [{'c' * 201: 1}]}}",
    "many keys": "return {i: 0 for i in range(20_000)}",
    "a long number": "return 10**20_000",
    "long numbers": "return [[10**20_000]]",
    "a wide narrow tensor": "return torch.zeros(60 << 20, dtype=torch.uint8)",
    "a stretched tensor": "return torch.ones(1).expand(10**10)",
    "a stretched array": "return numpy.broadcast_to(numpy.float64(1), (10**9,))",
    "many tensors that are one": "x = torch.zeros(1 << 20)\n    return [x] * 9",
    "many tiny tensors": "return [torch.zeros(())] * 20_000",
    "a gradient as large": "x = torch.zeros(5 << 20, requires_grad=True)\n    x.grad = torch.zeros(5 << 20)\n    return x",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_is_too_large_is_told_of_in_a_sentence_and_costs_nothing(kind: str) -> None:
    reply = performed(f"def f(a):\n    {ANSWERS[kind]}")
    assert isinstance(reply, Reply), reply
    assert isinstance(reply.value, Opaque)
    assert reply.value.type_name == TOO_LARGE
    with pytest.raises(CheckFailed) as failed:
        Student(Fixed(reply), {"f": Function("m")}).f(1).returns(1.0)
    assert re.fullmatch(
        r"The result is too large to check: (an? .*; the limit .*|more than .*)\.", failed.value.finding.summary
    )
    assert decode_answer(received(pack(encode_answer(reply)))) == reply


@pytest.mark.parametrize(
    "what",
    [
        "[0.5] * 20_000",
        "{str(i): i for i in range(9000)}",
        "torch.zeros(7 << 20)",
        "'x' * 90_000",
        "[torch.zeros(())] * 9000",
    ],
)
def test_an_answer_below_the_caps_comes_whole(what: str) -> None:
    reply = performed(f"def f(a):\n    return {what}")
    assert isinstance(reply, Reply)
    assert not isinstance(reply.value, Opaque)
    got = decode_answer(received(pack(encode_answer(reply))))
    assert isinstance(got, Reply)
    assert alike(list(features(got, "", {"value"})), list(features(reply, "", {"value"})))


def test_a_part_that_is_too_large_leaves_the_others_whole() -> None:
    reply = performed("def f(a):\n    return [0] * 10**6", [1.0, "text"])
    assert isinstance(reply, Reply)
    assert reply.after == ([1.0, "text"],)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "float16", "bfloat16"])
def test_what_is_seen_of_an_array_takes_no_memory_of_its_own(dtype: str) -> None:
    size = (32 << 20) // ITEM_SIZES[dtype]
    answer = Reply([Array("tensor", dtype, (size,), bytes(32 << 20))])
    other = Reply([Array("tensor", dtype, (size, 1), bytes(32 << 20))])
    assert memory_of(lambda: alike(features(answer, "", {"value"}), features(other, "", {"value"})))[1] < 1 << 20


def test_what_is_seen_of_parts_under_long_keys_takes_what_they_weigh() -> None:
    value: Any = [0] * 20_000
    for _ in range(23):
        value = {"A" * 200: value}
    assert memory_of(lambda: features(Reply(value), "", {"value"}))[1] < 20 << 20


def performed(source: str, argument: Any = 1) -> Reply | Raised:
    modules = LearnerModules({"m": f"import torch, numpy\n{source}\n"})
    try:
        return perform(Call("m", "f", (argument,)), modules, "cpu", (Exception,))
    finally:
        modules.forget()


def received(data: bytes) -> Frame:
    reader = FrameReader()
    reader.data += data
    frame = reader.next()
    assert frame is not None
    return frame
