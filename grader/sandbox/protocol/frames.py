"""Length-capped frames: a JSON header and raw bytes behind it.

    4 bytes  length of the header, little endian
    4 bytes  length of all buffers together, little endian
    header   JSON object {"body": ..., "buffers": [length, ...]}
    buffers  raw bytes, one after the other

`FrameReader` is fed whatever bytes have arrived and gives whole frames, so that it serves a blocking child and a
grader that polls with a deadline alike.
"""

from __future__ import annotations

import json
import struct
from typing import Any, NamedTuple

_LENGTHS = struct.Struct("<II")
MAX_HEADER = 4 << 20
MAX_BUFFERS = 64 << 20
MAX_COUNT = 10_000
# What a byte of JSON takes in memory once it is read, at most: `{"a":1}` becomes a dict.
PARSED = 32
BROKE_OFF = 98  # the exit status of a learner's process in which the worker itself failed
# What a learner's process writes to standard output after the last that a call printed, and before the call's answer:
# ASCII's record separator. A learner who prints one misplaces only their own output.
END_OF_PRINTED = b"\x1e"


class MalformedFrame(Exception):
    """The other side sent something that is no frame, or not the plain data that was agreed on."""


class Frame(NamedTuple):
    """One message: plain JSON data, and the byte strings that it refers to by number.

    `size` is what it takes in memory, in bytes: at most so much, and known only of one that was received."""

    body: Any
    buffers: list[bytes]
    size: int = 0


def pack(frame: Frame) -> bytes:
    """The bytes of a frame. Raises `MalformedFrame` when it is larger than the other side would accept."""
    header = json.dumps({"body": frame.body, "buffers": [len(b) for b in frame.buffers]}).encode()
    total = sum(map(len, frame.buffers))
    if len(header) > MAX_HEADER or total > MAX_BUFFERS or len(frame.buffers) > MAX_COUNT:
        raise MalformedFrame(f"a frame of {len(header)} + {total} bytes is too large")
    return b"".join([_LENGTHS.pack(len(header), total), header, *frame.buffers])


class FrameReader:
    """Puts frames together from bytes as they arrive. Holds at most one frame, and never more than the caps."""

    def __init__(self, max_header: int = MAX_HEADER, max_buffers: int = MAX_BUFFERS) -> None:
        self._caps = (max_header, max_buffers)
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Take in bytes."""
        self._data += data

    def wanted(self) -> int:
        """How many more bytes the frame under way needs, at least; 0 when a whole frame is there."""
        if len(self._data) < _LENGTHS.size:
            return _LENGTHS.size - len(self._data)
        return max(0, _LENGTHS.size + sum(self._lengths()) - len(self._data))

    def next(self) -> Frame | None:
        """The next whole frame, or None while it is incomplete. Raises `MalformedFrame`."""
        if self.wanted():
            return None
        header_length, total = self._lengths()
        start = _LENGTHS.size + header_length
        with memoryview(self._data) as data, data[start : start + total] as raw:  # each byte is copied once
            frame = _parse(bytes(data[_LENGTHS.size : start]), raw)
        del self._data[: start + total]
        return frame

    def __len__(self) -> int:
        return len(self._data)

    def _lengths(self) -> tuple[int, int]:
        header, total = _LENGTHS.unpack_from(self._data)
        if header > self._caps[0] or total > self._caps[1]:
            raise MalformedFrame(f"a frame announces {header} + {total} bytes, which is more than is accepted")
        return header, total


def _parse(header: bytes, raw: memoryview) -> Frame:
    try:
        # ValueError covers bad JSON, bad UTF-8 and integers of thousands of digits.
        parsed = json.loads(header)
    except (ValueError, RecursionError, MemoryError) as error:
        raise MalformedFrame(f"the header is not JSON that can be read ({type(error).__name__})") from None
    if type(parsed) is not dict or set(parsed) != {"body", "buffers"}:
        raise MalformedFrame("the header is not an object with body and buffers")
    lengths = parsed["buffers"]
    if type(lengths) is not list or len(lengths) > MAX_COUNT or not all(type(n) is int and n >= 0 for n in lengths):
        raise MalformedFrame("the lengths of the buffers are not a list of sizes")
    if sum(lengths) != len(raw):
        raise MalformedFrame("the lengths of the buffers don't add up to what was sent")
    buffers, start = [], 0
    for length in lengths:
        buffers.append(bytes(raw[start : start + length]))
        start += length
    return Frame(parsed["body"], buffers, PARSED * len(header) + len(raw))
