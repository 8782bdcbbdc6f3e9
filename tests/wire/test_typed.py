"""Dataclasses over the wire: what was sent arrives, and nothing else is taken for it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pytest

from grader.core.records import SubmissionStatus
from grader.sandbox.protocol.frames import Frame, FrameReader, MalformedFrame, decode_typed, encode_typed, pack


@dataclass(frozen=True)
class Inner:
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Outer:
    status: SubmissionStatus
    inner: tuple[Inner, ...] = ()
    named: Mapping[str, Inner] = field(default_factory=dict)
    raw: bytes = b""
    flag: bool = False
    share: float = 0.5
    device: Literal["cpu", "cuda"] = "cpu"


SENT = Outer(
    SubmissionStatus.REFUSED,
    (Inner("short"), Inner("long" * 1000, 3), Inner("\ud800" * 700)),
    {"a": Inner(""), "\u202e": Inner("x", -1)},
    bytes(range(256)),
    flag=True,
)


def arrived(frame: Frame) -> Frame:
    reader = FrameReader()
    reader.data += pack(frame)
    found = reader.next()
    assert found is not None
    return found


def test_what_was_sent_arrives() -> None:
    assert decode_typed(Outer, arrived(encode_typed(SENT))) == SENT


@pytest.mark.parametrize("device", ["tpu", "", 1, None, ["cpu"]])
def test_a_word_that_is_none_of_those_agreed_on_is_refused(device: Any) -> None:
    with pytest.raises(MalformedFrame):
        decode_typed(Outer, arrived(encode_typed(replace(SENT, device=device))))


def parts(body: object) -> list[tuple[list[object] | dict[str, object], int | str]]:
    """Every place in a body where something else could stand."""
    found: list[tuple[list[object] | dict[str, object], int | str]] = []
    waiting = [body]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            found += [(each, i) for i in range(len(each))]
            waiting += each
        elif isinstance(each, dict):
            found += [(each, key) for key in each]
            waiting += each.values()
    return found


OTHERS: list[object] = [None, True, 7, -1, 0.5, "x", "refused", [], [0], [99], [[]], {}, {"a": 1}, ["x", None],
                        [True], 1e400]  # fmt: skip


def test_anything_else_is_malformed_or_as_agreed() -> None:
    """Whatever stands in whatever place: it is refused, or what is made of it has the types that were agreed on."""
    frame = encode_typed(SENT)
    for k in range(len(parts(frame.body))):
        for other in OTHERS:
            body = json.loads(json.dumps(frame.body))
            holder, place = parts(body)[k]
            holder[place] = other  # type: ignore[index]
            try:
                got = decode_typed(Outer, Frame(body, frame.buffers))
            except MalformedFrame:
                continue
            assert type(got.status) is SubmissionStatus
            assert type(got.flag) is bool
            assert type(got.share) is float
            assert type(got.raw) is bytes
            for each in (*got.inner, *got.named.values()):
                assert type(each.text) is str
                assert each.number is None or type(each.number) is int


@pytest.mark.parametrize("body", [[], {}, None, "x", [1, 2, 3, 4, 5, 6], [["refused"]]])
def test_another_shape_is_malformed(body: object) -> None:
    with pytest.raises(MalformedFrame):
        decode_typed(Outer, Frame(body, []))


def test_a_buffer_serves_one_text_and_one_that_is_no_text_is_malformed() -> None:
    with pytest.raises(MalformedFrame, match="not sent for it"):
        decode_typed(Outer, Frame(["refused", [[[0], None], [[0], None]], {}, [1], False, 0.5, "cpu"], [b"x", b""]))
    with pytest.raises(MalformedFrame, match="not UTF-8"):
        decode_typed(Outer, Frame(["refused", [[[0], None]], {}, [1], False, 0.5, "cpu"], [b"\xff", b""]))


def test_random_frames_are_malformed_or_as_agreed() -> None:
    chance = random.Random(1)

    def drawn(depth: int) -> object:
        if depth == 0 or chance.random() < 0.4:
            return chance.choice([*OTHERS])
        return [drawn(depth - 1) for _ in range(chance.randrange(8))]

    for _ in range(2000):
        try:
            got = decode_typed(Outer, Frame(drawn(4), [b"a", b"b"]))
        except MalformedFrame:
            continue
        assert type(got) is Outer
