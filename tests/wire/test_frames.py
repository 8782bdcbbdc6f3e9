"""Frames: whatever goes in comes out, in whatever pieces it arrives; and nothing else is taken for a frame."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox.protocol.frames import MAX_COUNT, Frame, FrameReader, MalformedFrame, pack

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BUFFERS = st.lists(st.binary(max_size=64), max_size=4)


def raw(header: bytes, buffers: bytes = b"") -> bytes:
    return struct.pack("<II", len(header), len(buffers)) + header + buffers


def read(data: bytes) -> Frame | None:
    reader = FrameReader()
    reader.data += data
    return reader.next()


@given(JSON, BUFFERS)
def test_a_frame_comes_out_as_it_went_in(body: object, buffers: list[bytes]) -> None:
    came = read(pack(Frame(body, buffers)))
    assert came is not None
    assert (came.body, came.buffers) == (body, buffers)


@given(st.lists(st.tuples(JSON, BUFFERS), min_size=1, max_size=4), st.integers(1, 50))
def test_frames_may_arrive_in_any_pieces(messages: list[tuple[object, list[bytes]]], size: int) -> None:
    data = b"".join(pack(Frame(*message)) for message in messages)
    reader, came = FrameReader(), []
    for start in range(0, len(data), size):
        reader.data += data[start : start + size]
        while (frame := reader.next()) is not None:
            came.append(frame)
    assert [(frame.body, frame.buffers) for frame in came] == messages
    assert not reader.data


def test_an_incomplete_frame_says_how_much_is_missing() -> None:
    data = pack(Frame({"a": 1}, [b"xyz"]))
    reader = FrameReader()
    reader.data += data[:-2]
    assert reader.next() is None
    assert reader.wanted() == 2


@pytest.mark.parametrize(
    "data",
    [
        raw(b"not json"),
        raw(b"\xff\xfe"),
        raw(b"[]"),
        raw(b"{}"),
        raw(json.dumps({"body": 1}).encode()),
        raw(json.dumps({"body": 1, "buffers": [], "more": 1}).encode()),
        raw(json.dumps({"body": 1, "buffers": [3]}).encode(), b"xx"),
        raw(json.dumps({"body": 1, "buffers": [-1, 3]}).encode(), b"xx"),
        raw(json.dumps({"body": 1, "buffers": [2.0]}).encode(), b"xx"),
        raw(json.dumps({"body": 1, "buffers": [True]}).encode(), b"x"),
        raw(json.dumps({"body": 1, "buffers": [0] * (MAX_COUNT + 1)}).encode()),
        raw(b"[" * 100_000),
        raw(b'{"body": ' + b"9" * 10_000 + b', "buffers": []}'),
        struct.pack("<II", 0xFFFFFFFF, 0),
        struct.pack("<II", 10, 0xFFFFFFFF),
    ],
)
def test_anything_else_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedFrame):
        read(data)


def test_a_frame_that_the_other_side_would_refuse_is_not_made() -> None:
    with pytest.raises(MalformedFrame):
        pack(Frame("x" * (5 << 20), []))


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_malformed(data: bytes) -> None:
    reader = FrameReader()
    reader.data += data
    try:
        reader.next()
    except MalformedFrame:
        return
