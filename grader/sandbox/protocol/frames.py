"""Length-capped frames: a JSON header and raw bytes behind it; and frozen dataclasses as frames, read strictly.

    4 bytes  length of the header, little endian
    4 bytes  length of all buffers together, little endian
    header   JSON object {"body": ..., "buffers": [length, ...]}
    buffers  raw bytes, one after the other

`FrameReader` is given whatever bytes have arrived and gives whole frames, so that it serves a blocking child and a
grader that polls with a deadline alike.

A dataclass is read by its type hints. Fields hold None, bool, int, float, str, bytes, StrEnums, literals of text,
tuples (`tuple[T, ...]`), mappings from str, dataclasses, or unions of one of these with None. Bytes and long texts
travel as buffers of the frame.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import struct
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

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
    """Puts frames together from bytes as they arrive, which whoever receives them adds to `data`. None may be larger
    than the caps."""

    def __init__(self, max_header: int = MAX_HEADER, max_buffers: int = MAX_BUFFERS) -> None:
        self._caps = (max_header, max_buffers)
        self.data = bytearray()

    def wanted(self) -> int:
        """How many more bytes the frame under way needs, at least; 0 when a whole frame is there."""
        if len(self.data) < _LENGTHS.size:
            return _LENGTHS.size - len(self.data)
        return max(0, _LENGTHS.size + sum(self._lengths()) - len(self.data))

    def next(self) -> Frame | None:
        """The next whole frame, or None while it is incomplete. Raises `MalformedFrame`."""
        if self.wanted():
            return None
        header_length, total = self._lengths()
        start = _LENGTHS.size + header_length
        with memoryview(self.data) as data, data[start : start + total] as raw:  # each byte is copied once
            frame = _parse(bytes(data[_LENGTHS.size : start]), raw)
        del self.data[: start + total]
        return frame

    def _lengths(self) -> tuple[int, int]:
        header, total = _LENGTHS.unpack_from(self.data)
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


T = TypeVar("T")
_PLAIN = (bool, int, float)
_LONG = 500  # characters: what is longer is no part of the header


def encode_typed(value: Any) -> Frame:
    """A frame that holds a dataclass. Raises `TypeError` for what has no plain form."""
    buffers: list[bytes] = []
    return Frame(_encoded(value, buffers), buffers)


def decode_typed(kind: type[T], frame: Frame) -> T:
    """The dataclass that a frame holds. Trusts nothing: raises `MalformedFrame` unless it is exactly as agreed."""
    decoded = _Decoder(frame.buffers).decode(kind, frame.body)
    return typing.cast(T, decoded)


def _encoded(value: Any, buffers: list[bytes]) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or type(value) in (bool, int, float):
        return value
    if type(value) is str:
        if len(value) <= _LONG:
            return value
        buffers.append(value.encode("utf-8", "surrogatepass"))
        return [len(buffers) - 1]
    if type(value) is bytes:
        buffers.append(value)
        return [len(buffers) - 1]
    if isinstance(value, Mapping):
        return {key: _encoded(item, buffers) for key, item in value.items()}
    if type(value) in (tuple, list):
        return [_encoded(item, buffers) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_encoded(getattr(value, field.name), buffers) for field in dataclasses.fields(value) if field.init]
    raise TypeError(f"a {type(value).__name__} can't cross the wire")


class _Decoder:
    def __init__(self, buffers: list[bytes]) -> None:
        self._unused = dict(enumerate(buffers))

    def decode(self, kind: Any, data: Any) -> Any:
        """The value of this type."""
        if kind is str:
            return data if type(data) is str else self._text(data)
        if kind is bytes:
            return self._buffer(data)
        if type(data) is kind and kind in _PLAIN:
            return data
        origin, parts = _origin_and_parts(kind)
        if origin in (typing.Union, types.UnionType):
            (other,) = (part for part in parts if part is not type(None))
            return None if data is None else self.decode(other, data)
        if origin is tuple and type(data) is list:
            return tuple(self.decode(parts[0], item) for item in data)
        if origin is typing.Literal and type(data) is str and data in parts:
            return data
        if origin in (Mapping, dict) and type(data) is dict:
            return {key: self.decode(parts[1], item) for key, item in data.items()}
        if isinstance(kind, type) and issubclass(kind, StrEnum) and data in list(kind):
            return kind(data)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            hints = _fields(kind)
            if type(data) is list and len(data) == len(hints):
                return kind(**{name: self.decode(hints[name], item) for name, item in zip(hints, data, strict=True)})
        raise MalformedFrame(f"something else than a {getattr(kind, '__name__', kind)} was sent")

    def _text(self, data: Any) -> str:
        try:
            return self._buffer(data).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise MalformedFrame("a text is not UTF-8") from None

    def _buffer(self, data: Any) -> bytes:
        number = data[0] if type(data) is list and len(data) == 1 else None
        if type(number) is not int or number not in self._unused:
            raise MalformedFrame("a text refers to a buffer that was not sent for it")
        return self._unused.pop(number)


@functools.cache
def _origin_and_parts(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """`tuple` and `(int, ...)` of `tuple[int, ...]`."""
    return typing.get_origin(kind), typing.get_args(kind)


@functools.cache
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}
