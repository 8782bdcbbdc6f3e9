"""Frozen dataclasses as JSON data and back, read strictly by their type hints.

Fields hold None, bool, int, float, str, bytes, StrEnums, literals of text, tuples (`tuple[T, ...]`), mappings from
str, dataclasses, or unions of one of these with None. Bytes and long texts travel as buffers of the frame.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from grader.sandbox.protocol.frames import Frame, MalformedFrame

T = TypeVar("T")
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
        origin, parts = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            (other,) = (part for part in parts if part is not type(None))
            return None if data is None else self.decode(other, data)
        if origin is tuple and type(data) is list:
            return tuple(self.decode(parts[0], item) for item in data)
        if origin is typing.Literal and type(data) is str and data in parts:
            return data
        if origin in (Mapping, dict) and type(data) is dict:
            return {key: self.decode(parts[1], item) for key, item in data.items()}
        if kind is str:
            return data if type(data) is str else self._text(data)
        if kind is bytes:
            return self._buffer(data)
        if kind in (bool, int, float) and type(data) is kind:
            return data
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
def _fields(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind) if field.init}
