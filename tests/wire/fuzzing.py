"""Hostile bytes from a seed: answers that are right but for one field, and bytes that are no answers at all.

`Fuzzer(seed).hostile(number)` is the same on every run, so that a failure can be repeated from two numbers.
"""

from __future__ import annotations

import copy
import json
import math
import random
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from grader.sandbox.protocol.encoding import encode_answer
from grader.sandbox.protocol.frames import Frame
from grader.sandbox.protocol.messages import STAGES, CodeLine, Raised, Reply
from grader.sandbox.protocol.plain import ITEM_SIZES, Array, Opaque

SURROGATE = "\ud800"
TEXTS = [
    "", "cpu", "cuda", "weight", "bias", "m", "f", "torch.Tensor", "NotImplementedError", "MemoryError",
    SURROGATE, "\udfff" * 3, "\x00", "\x1b[2J\x1e", "\u202eabc", "a\nb\r\n\u2028c", "<script>", "é" * 40, "x" * 3000,
    "=cmd()", "can't allocate memory", "torch.utils.data.dataloader.DataLoader", "{0!r}", "%s%n",
]  # fmt: skip
TAGS = [
    "list", "tuple", "dict", "opaque", "tensor", "numpy", "build", "lookup", "parameters", "again", "", "Tensor", "set",
]  # fmt: skip
NUMBERS = [
    0, 1, -1, 2, 7, 255, -(2**31), 2**31, 2**32 - 1, 2**32, 2**61 - 1, 2**63, -(2**63), 2**64, 10**400, -(10**400),
    0.0, -0.0, 0.5, 1.0, 2.0, 1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf"), True, False,
]  # fmt: skip
RECIPES = [
    ["build", 0, "os.system", ["true"], [], []], ["build", 0, "torch.nn.Linear", [1, 1], [], []], ["lookup", "torch.nn"],
    ["parameters", ["build", 0, "torch.nn.Linear", [1, 1], [], []]], ["again", 0],
]  # fmt: skip
SHAPES = [(), (1,), (2,), (3,), (0,), (2, 3), (3, 2), (1, 1), (2, 0), (0, 3), (2, 1, 3), (7, 2), (1,) * 16]
HUGE_SHAPES = [
    [0, 2**32 - 1], [2**32 - 1, 0], [2**31, 2**31, 0], [0] + [2**32 - 1] * 3, [6] * 15 + [0], [10**6, 0], [1] * 17, [0] * 16,
]  # fmt: skip


class Hostile(NamedTuple):
    """Some bytes from a learner's process, and what is wrong with them."""

    data: bytes
    kind: str


# Nothing of these may ever be read as an answer.
NEVER_READ = {"garbage", "truncated", "a bomb", "no header", "one field: the outermost"}


class Fuzzer:
    """Draws answers and spoils them. `right` gives the answers to begin with: values that pass the checks at hand."""

    def __init__(self, seed: int, right: Callable[[random.Random], Reply | Raised]) -> None:
        self._seed = seed
        self._right = right
        self.chance = random.Random(seed)

    def hostile(self, number: int) -> Hostile:
        """The bytes with this number."""
        self.chance = random.Random(f"{self._seed}/{number}")
        draw = self.chance.random()
        if draw < 0.65:
            frame = encode_answer(self._answer())
            frame, kind = self.spoiled(frame)
            return Hostile(raw(frame), f"one field: {kind}")
        if draw < 0.75:
            return Hostile(raw(encode_answer(self._answer())), "as agreed")
        kind = self.chance.choice([*_NO_ANSWERS])
        return Hostile(_NO_ANSWERS[kind](self), kind)

    def spoiled(self, frame: Frame, kind: str | None = None) -> tuple[Frame, str]:
        """The same frame with one field wrong, and which kind of wrong: this one, or one that is drawn."""
        kind = kind or self.chance.choice(_ORDER)
        body, buffers = copy.deepcopy(frame.body), list(frame.buffers)
        return Frame(*_SPOILERS[kind](self, body, buffers)), kind

    def value(self, depth: int = 0) -> Any:
        """Any value that may cross."""
        kind = self.chance.randrange(8 if depth < 3 else 4)
        if kind == 0:
            return self.chance.choice([None, *NUMBERS])
        if kind == 1:
            return self.chance.choice(TEXTS)
        if kind == 2:
            return self.array()
        if kind == 3:
            return Opaque(self.chance.choice(TEXTS), self.chance.choice(TEXTS))
        items = [self.value(depth + 1) for _ in range(self.chance.choice([0, 1, 2, 2, 3, 8]))]
        if kind == 4:
            return tuple(items)
        if kind == 5:
            return {self.chance.choice(["weight", "bias", "", SURROGATE, 1, None, float("nan")]): i for i in items}
        return items

    def array(self) -> Array:
        """Any array, its numbers random bits: NaN, infinities and numbers next to zero among them."""
        dtype, shape = self.chance.choice([*ITEM_SIZES]), self.chance.choice(SHAPES)
        kind = self.chance.choice(["tensor", "tensor", "numpy"]) if dtype != "bfloat16" else "tensor"
        floating = kind == "tensor" and ("float" in dtype or "complex" in dtype)
        grad = self._bits(dtype, shape) if floating and self.chance.random() < 0.5 else None
        return Array(
            kind,  # type: ignore[arg-type]
            dtype,
            shape,
            self._bits(dtype, shape).data,
            floating and self.chance.random() < 0.5,
            grad,
            self.chance.random() < 0.8,
            self.chance.choice(["cpu", "cpu", "cpu", "cuda", *TEXTS]) if kind == "tensor" else "cpu",
        )

    def _bits(self, dtype: str, shape: tuple[int, ...]) -> Array:
        count = ITEM_SIZES[dtype]
        for size in shape:
            count *= size
        data = self.chance.choice([bytes(count), self.chance.randbytes(count), b"\xff" * count])
        return Array("tensor", dtype, shape, bytes(b & 1 for b in data) if dtype == "bool" else data)

    def _answer(self) -> Reply | Raised:
        draw = self.chance.random()
        if draw < 0.6:
            return self._right(self.chance)
        if draw < 0.85:
            count = self.chance.choice([0, 1, 4, 4, 4, 5])
            return Reply(
                self.value(),
                tuple(self.value() for _ in range(count)),
                tuple(tuple(self.value() for _ in range(3)) for _ in range(self.chance.choice([0, 0, 2]))),
                tuple(self.chance.choice(TEXTS) for _ in range(self.chance.choice([0, 0, 2]))),
            )
        where = [self._place() for _ in range(self.chance.choice([0, 1, 3]))]
        return Raised(self.chance.choice(STAGES), self.chance.choice(TEXTS), self.chance.choice(TEXTS), tuple(where))

    def _place(self) -> CodeLine:
        return CodeLine(self.chance.choice(TEXTS), self.chance.choice([0, 1, 3, 2**31 - 1]), self.chance.choice(TEXTS))

    # One field wrong.

    def _anything(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        return self._at(body, _any, lambda _: self.chance.choice(
            [None, {}, [], [[]], "x", True, 1.5, ["tensor"], ["dict", [1]], [1], {"body": 1}, 2**70]
        )), buffers  # fmt: skip

    def _number(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: Any) -> Any:
            small = type(node) is int and abs(node) < 2**64
            near = [node + 1, node - 1, -node, float(node), bool(node), str(node)] if small else []
            return self.chance.choice([*near, *near, *NUMBERS])

        return self._at(body, lambda node: type(node) in (int, float, bool), other), buffers

    def _text(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        words = [*TEXTS, *TAGS, *ITEM_SIZES, *STAGES, "object", "float8", "x" * 100_001]
        return self._at(body, lambda node: type(node) is str, lambda _: self.chance.choice(words)), buffers

    def _length(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            longer = [*node, *(node[-1:] or [None])]
            several = node * self.chance.choice([2, 40])
            return self.chance.choice([node[:-1], node[1:], longer, several, node[::-1], [node]])

        return self._at(body, lambda node: type(node) is list, other), buffers

    def _depth(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: Any) -> Any:
            tag = self.chance.choice(["list", "tuple", "dict"])
            steps = self.chance.choice([1, 2, 23, 24, 25, 60, 480])
            for _ in range(steps // 2 if tag == "dict" else steps):  # Python could not write any deeper JSON
                node = ["dict", ["k", node]] if tag == "dict" else [tag, node]
            return node

        return self._at(body, _any, other), buffers

    def _recipe(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        return self._at(body, _is_value, lambda _: self.chance.choice(RECIPES)), buffers

    def _itself(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """A part holds a copy of what it is part of: as near to a cycle as JSON gets."""
        whole = copy.deepcopy(body)
        inside = next(iter(whole.values())) if type(whole) is dict else whole
        return self._at(body, _any, lambda _: self.chance.choice([whole, inside, ["list", inside]])), buffers

    def _shape(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            node = list(node)
            shape = list(node[2]) if type(node[2]) is list else []
            flat = [6] if shape == [2, 3] else [1, *shape]
            node[2] = self.chance.choice(
                [shape[::-1], flat, [*shape, 0], [*shape, 2], [-n for n in shape], *HUGE_SHAPES]
            )
            if self.chance.random() < 0.5 and 0 in node[2]:
                buffers.append(b"")
                node[3] = len(buffers) - 1
            return node

        return self._at(body, _is_array, other), buffers

    def _fitting_shape(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """A tensor of another shape, with as many numbers as that takes: nothing that the wire could refuse."""

        def other(node: list[Any]) -> list[Any]:
            if node[1] not in ITEM_SIZES or not _are_sizes(node[2]):
                return node
            first, last = node[2][:1] or [1], node[2][-1:] or [1]
            less, more = node[2][1:], node[2][:-1]
            shapes = [node[2][::-1], [*node[2], 1], less, [0, *less], [*more, 0], [1, *less], [*more, last[0] + 1]]
            shape = self.chance.choice([*shapes, [first[0] + 1, *less]])
            length = math.prod(shape) * ITEM_SIZES[node[1]]
            buffers.append(self.chance.choice([bytes(length), self.chance.randbytes(length)]))
            return [node[0], node[1], shape, len(buffers) - 1, node[4], None, *node[6:]]

        return self._at(body, _is_array, other), buffers

    def _fitting_value(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        """Any value in place of another: nothing that the wire could refuse."""

        def other(_node: Any) -> Any:
            frame = encode_answer(Reply(self.value(2)))
            moved = _moved(frame.body["reply"][0], len(buffers))
            buffers.extend(frame.buffers)
            return moved

        return self._at(body, _is_value, other), buffers

    def _dtype(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            if self.chance.random() < 0.1:  # which NumPy doesn't have
                buffers.append(bytes(6))
                return ["numpy", "bfloat16", [3], len(buffers) - 1, *node[4:]]
            old = node[1]
            fitting = [name for name, size in ITEM_SIZES.items() if size == ITEM_SIZES.get(old)]
            return [self.chance.choice(["tensor", "numpy"]), self.chance.choice([*fitting * 4, *ITEM_SIZES]), *node[2:]]

        return self._at(body, _is_array, other), buffers

    def _gradient(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            node = list(node)
            bits = self.array()
            fresh = [bits.kind, bits.dtype, list(bits.shape), len(buffers), False, None, True, "cpu"]
            twice = [*node[:5], [*node[:5], None, True, "cpu"], *node[6:]]
            node[5] = self.chance.choice([fresh, twice, [*node[:5], None, True, "cpu"], "grad", [], self._tower(node)])
            if node[5] is fresh:
                buffers.append(bits.data)
            return node

        return self._at(body, _is_array, other), buffers

    def _tower(self, node: list[Any]) -> list[Any]:
        """A gradient of a gradient of a gradient …"""
        tower: Any = None
        for _ in range(self.chance.choice([2, 30, 400])):
            tower = [*node[:5], tower, True, "cpu"]
        return tower

    def _flags(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            node = list(node)
            where = self.chance.choice([4, 6, 7])
            node[where] = self.chance.choice([True, False, 1, 0, None, "cuda", "cpu", "cpu" * 30, SURROGATE, []])
            return node

        return self._at(body, _is_array, other), buffers

    def _buffer_number(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            number = self.chance.choice([-1, 0, 1, len(buffers) - 1, len(buffers), 10**9, True, 0.0, None, "0"])
            return [*node[:3], number, *node[4:]]

        return self._at(body, _is_array, other), buffers

    def _buffer(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        if not buffers:
            return body, [b"more"]
        where = self.chance.randrange(len(buffers))
        bits = buffers[where]
        spoiled = [bits[:-1], bits + b"\0", b"", bits * 2, self.chance.randbytes(len(bits)), b"\xff" * len(bits)]
        buffers[where] = self.chance.choice(spoiled)
        if self.chance.random() < 0.2:
            del buffers[where]
        return body, buffers

    def _keys(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: list[Any]) -> list[Any]:
            keys: list[Any] = [float("nan"), 2**61 - 1, 10**400, None, True, 1, 1.0, "weight", SURROGATE, ["list"], {},
                               "weight"]  # fmt: skip
            pairs = [[key, 1] for key in self.chance.sample(keys, 4)]
            return self.chance.choice([["dict", *pairs], [*node, *pairs], [*node, *node[1:]], ["dict", ["weight"]]])

        return self._at(body, _is_value, other), buffers

    def _other_array(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        def other(node: Any) -> Any:
            array = self.array()
            buffers.append(array.data)
            grad = None
            if array.grad is not None:
                buffers.append(array.grad.data)
                grad = ["tensor", array.dtype, list(array.shape), len(buffers) - 1, False, None, True, "cpu"]
            number = len(buffers) - (1 if grad is None else 2)
            flags = [array.requires_grad, grad, array.leaf, array.device]
            return [array.kind, array.dtype, list(array.shape), number, *flags]

        return self._at(body, _is_value, other), buffers

    def _top(self, body: Any, buffers: list[bytes]) -> tuple[Any, list[bytes]]:
        (name, inside), *_ = body.items()
        other = "raised" if name == "reply" else "reply"
        return self.chance.choice(
            [
                {other: inside},
                {**body, other: inside},
                {**body, "passed": True},
                {},
                inside,
                [name, inside],
                {"score": 1},
            ]
        ), buffers

    def _at(self, data: Any, wanted: Callable[[Any], bool], other: Callable[[Any], Any]) -> Any:
        """`data` with one of its parts that are `wanted` replaced by another; unchanged when there is none."""
        holders: list[tuple[Any, Any]] = []
        left: list[Any] = [data]
        while left:
            node = left.pop()
            pairs = node.items() if type(node) is dict else enumerate(node) if type(node) is list else ()
            for key, item in pairs:
                if wanted(item):
                    holders.append((node, key))
                left.append(item)
        if holders:
            node, key = self.chance.choice(holders)
            node[key] = other(node[key])
        return data

    # No answers at all.

    def _garbage(self) -> bytes:
        return self.chance.randbytes(self.chance.choice([1, 7, 8, 9, 60, 2000]))

    def _truncated(self) -> bytes:
        data = raw(encode_answer(self._answer()))
        return data[: self.chance.randrange(len(data))]

    def _glued(self) -> bytes:
        return b"".join(raw(encode_answer(self._answer())) for _ in range(self.chance.choice([2, 3, 9])))

    def _prefix(self) -> bytes:
        data = raw(encode_answer(self._answer()))
        header, total = struct.unpack_from("<II", data)
        off = self.chance.choice([-1, 1, -2, 100, 1 << 22, 1 << 26, 1 << 31, (1 << 32) - 1])
        both = [((header + off) % (1 << 32), total), (header, (total + off) % (1 << 32)), (0, 0), (total, header)]
        return struct.pack("<II", *self.chance.choice(both)) + data[8:]

    def _bomb(self) -> bytes:
        size = self.chance.choice([900, 1100, 5000, 100_000])
        bombs = [
            b"[" * size, b'{"a":' * size, b'{"body":' + b"[" * size + b"]" * size + b',"buffers":[]}',
            b'{"body": ' + b"9" * size + b', "buffers": []}', b'{"body": 1e' + b"9" * size + b', "buffers": []}',
            b'{"body": "' + b"\\ud800" * (size // 6) + b'", "buffers": []}',
            b'{"body": {"reply": [' + b"[]," * size + b"[]" + b']}, "buffers": []}',
        ]  # fmt: skip
        return framed(self.chance.choice(bombs))

    def _encoded(self) -> bytes:
        text = json.dumps({"body": encode_answer(self._answer()).body, "buffers": []})
        return framed(text.encode(self.chance.choice(["utf-16", "utf-32", "utf-16-be", "utf-8-sig", "utf-7"])))

    def _twice(self) -> bytes:
        body = json.dumps(encode_answer(self._answer()).body)
        pairs = [
            f'"body": {body}',
            '"buffers": []',
            '"body": 1',
            '"buffers": [1]',
            '"body": {"reply": [7, [], [], []]}',
        ]
        self.chance.shuffle(pairs)
        return framed(f"{{{', '.join(pairs)}}}".encode())

    def _no_header(self) -> bytes:
        head: Any = {"body": {"reply": [7, [None] * 4, [], []]}, "buffers": []}
        wrong: list[Any] = [
            {**head, "passed": True},
            {"body": head["body"]},
            {"buffers": []},
            {},
            [],
            [head],
            None,
            1,
            "body",
            True,
        ]
        return framed(json.dumps(self.chance.choice(wrong)).encode())

    def _header(self) -> bytes:
        frame = encode_answer(self._answer())
        lengths = [len(b) for b in frame.buffers]
        wrong = [
            [*lengths, 0], lengths[:-1], [-1, 1, *lengths], [True], [0.0], None, {}, "x", [0] * 10_001, [10**400], [None],
            [2**63, -(2**63), *lengths], lengths[::-1],
        ]  # fmt: skip
        head = {"body": frame.body, "buffers": self.chance.choice(wrong)}
        return framed(json.dumps(head).encode(), b"".join(frame.buffers))


def raw(frame: Frame) -> bytes:
    """The bytes of a frame, whether the other side would accept it or not."""
    header = json.dumps({"body": frame.body, "buffers": [len(b) for b in frame.buffers]}).encode()
    return framed(header, b"".join(frame.buffers))


def framed(header: bytes, buffers: bytes = b"") -> bytes:
    """Any header and buffers with their lengths in front."""
    return struct.pack("<II", len(header), len(buffers)) + header + buffers


def _any(_node: Any) -> bool:
    return True


def _is_array(node: Any) -> bool:
    return type(node) is list and len(node) == 8 and node[0] in ("tensor", "numpy")


def _are_sizes(shape: Any) -> bool:
    return type(shape) is list and all(type(size) is int and 0 <= size < 100 for size in shape)


def _moved(node: Any, by: int) -> Any:
    """The same data, its arrays referring to buffers further on."""
    if type(node) is not list:
        return node
    if _is_array(node):
        return [*node[:3], node[3] + by, node[4], _moved(node[5], by), *node[6:]]
    return [_moved(item, by) for item in node]


def _is_value(node: Any) -> bool:
    return type(node) is list and bool(node) and node[0] in TAGS[:6]


_SPOILERS: dict[str, Callable[[Fuzzer, Any, list[bytes]], tuple[Any, list[bytes]]]] = {
    "anything instead": Fuzzer._anything,
    "another number": Fuzzer._number,
    "another text": Fuzzer._text,
    "a list's length": Fuzzer._length,
    "nested deeper": Fuzzer._depth,
    "a recipe": Fuzzer._recipe,
    "holds itself": Fuzzer._itself,
    "a shape": Fuzzer._shape,
    "a shape that fits": Fuzzer._fitting_shape,
    "a value that fits": Fuzzer._fitting_value,
    "a dtype": Fuzzer._dtype,
    "a gradient": Fuzzer._gradient,
    "a flag": Fuzzer._flags,
    "a buffer's number": Fuzzer._buffer_number,
    "a buffer": Fuzzer._buffer,
    "keys": Fuzzer._keys,
    "another array": Fuzzer._other_array,
    "the outermost": Fuzzer._top,
}
_ORDER = [*_SPOILERS]
_NO_ANSWERS: dict[str, Callable[[Fuzzer], bytes]] = {
    "garbage": Fuzzer._garbage,
    "truncated": Fuzzer._truncated,
    "glued": Fuzzer._glued,
    "a wrong prefix": Fuzzer._prefix,
    "a bomb": Fuzzer._bomb,
    "another encoding": Fuzzer._encoded,
    "keys twice": Fuzzer._twice,
    "no header": Fuzzer._no_header,
    "a wrong header": Fuzzer._header,
}
