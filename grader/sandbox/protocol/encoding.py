"""Messages and the values in them as frames: how they are written, and how strictly they are read.

Scalars stand for themselves. Everything else is a list whose first item is its tag:

    ["list", ...]  ["tuple", ...]  ["dict", [key, value], ...]  ["opaque", type, text]  ["bytes", buffer]
    ["tensor" | "numpy", dtype, shape, buffer, requires_grad, grad, leaf, device]
    ["build", n, path, args, kwargs, state, [[method, args, upstream or nothing], ...], seed]
    ["lookup", path]  ["parameters", module]  ["again", n]
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

from grader.sandbox.protocol.frames import Frame, MalformedFrame
from grader.sandbox.protocol.messages import (
    STAGES,
    Backward,
    Begin,
    Call,
    CodeLine,
    Import,
    Iterate,
    Load,
    Raised,
    Reply,
)
from grader.sandbox.protocol.plain import (
    DIFFERENTIABLE,
    ITEM_SIZES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_EXTENT,
    MAX_KEY,
    MAX_NODES,
    MAX_TEXT,
    Array,
    Build,
    Lookup,
    Opaque,
    Parameters,
    Step,
    Value,
)


def encode_request(request: Begin | Load | Import | Call) -> Frame:
    """What the grader asks. Raises `TypeError` when an argument of a call has no plain form."""
    if isinstance(request, Load):
        return Frame({"do": "load", "names": list(request.names)}, [])
    if isinstance(request, Import):
        return Frame({"do": "import", "module": request.module}, [])
    if isinstance(request, Begin):
        names = list(request.sources)
        texts = [request.sources[name].encode("utf-8", "surrogatepass") for name in names]
        body = {"do": "begin", "modules": names, "device": request.device, "lacking": dict(request.lacking)}
        return Frame({**body, "data": list(request.data)}, [*texts, *request.data.values()])
    upstream = [request.then.upstream] if isinstance(request.then, Backward) else []
    values, buffers = _encoded([*request.args, *upstream])
    then: Any = None
    if upstream:
        then = ["backward", values.pop()]
    elif isinstance(request.then, Iterate):
        then = ["iterate", request.then.passes, request.then.limit]
    where = {"module": request.module, "function": request.function, "args": values, "then": then}
    how = {"seed": request.seed, "watch": list(request.watch), "pretend": request.pretend}
    return Frame({"do": "call", **where, **how}, buffers)


def decode_request(frame: Frame) -> Begin | Load | Import | Call:
    """What the grader asks. Read only in the worker, from a grader that it trusts."""
    body = frame.body
    if body["do"] == "begin":
        modules, count = body["modules"], len(body["modules"])
        texts = (raw.decode("utf-8", "surrogatepass") for raw in frame.buffers[:count])
        data = dict(zip(body["data"], frame.buffers[count:], strict=True))
        return Begin(dict(zip(modules, texts, strict=True)), body["device"], data, body["lacking"])
    if body["do"] == "load":
        return Load(tuple(body["names"]))
    if body["do"] == "import":
        return Import(body["module"])
    kind, *rest = body["then"] or [""]
    args = _decoded([*body["args"], *(rest if kind == "backward" else [])], frame.buffers, recipes=True)
    then: Backward | Iterate | None = None
    if kind:
        then = Backward(args.pop()) if kind == "backward" else Iterate(*rest)
    where = (body["module"], body["function"], tuple(args))
    return Call(*where, then, body["seed"], tuple(body["watch"]), body["pretend"])


def encode_answer(answer: Reply | Raised) -> Frame:
    """A frame for a `Reply` or `Raised`."""
    if isinstance(answer, Raised):
        where = [[place.module, place.line, place.function] for place in answer.where]
        return Frame({"raised": [answer.stage, answer.type_name, answer.message, where]}, [])
    data, buffers = _encoded([answer.value, *answer.after, *chain(*answer.items)])
    values = iter(data)
    body = [
        next(values),
        list(islice(values, len(answer.after))),
        [list(islice(values, len(items))) for items in answer.items],
        list(answer.seen),
    ]
    return Frame({"reply": body}, buffers)


def decode_answer(frame: Frame, call: Call | None = None) -> Reply | Raised:
    """What a learner's process claims. Trusts nothing: raises `MalformedFrame` unless it is exactly as agreed: a reply
    to a call tells of each argument and of each pass that was asked for, and of no more."""
    body = frame.body
    if type(body) is not dict or len(body) != 1:
        raise MalformedFrame("an answer is neither a reply nor an exception")
    if "reply" in body:
        value, after, items, seen = _parts(body["reply"], 4)
        passes = [_listed(each) for each in _listed(items)]
        if call is not None and not _fits(_listed(after), passes, call):
            raise MalformedFrame("it is no answer to this call")
        values = iter(_decoded([value, *_listed(after), *chain(*passes)], frame.buffers))
        return Reply(
            next(values),
            tuple(islice(values, len(after))),
            tuple(tuple(islice(values, len(each))) for each in passes),
            tuple(_text(name) for name in _listed(seen)),
        )
    if "raised" in body:
        stage, type_name, message, where = _parts(body["raised"], 4)
        if stage not in STAGES:
            raise MalformedFrame("an exception comes from an unknown stage")
        return Raised(stage, _text(type_name), _text(message), tuple(_place(p) for p in _listed(where)))
    raise MalformedFrame("an answer is neither a reply nor an exception")


def _fits(after: list[Any], passes: list[list[Any]], call: Call) -> bool:
    then = call.then if isinstance(call.then, Iterate) else Iterate(0)
    return (
        len(after) == len(call.args)
        and len(passes) == then.passes
        and all(len(items) <= then.limit for items in passes)
    )


def _place(data: Any) -> CodeLine:
    module, line, function = _parts(data, 3)
    if type(line) is not int or not 0 <= line < 1 << 31:
        raise MalformedFrame("a line number is no number of a line")
    return CodeLine(_text(module), line, _text(function))


def _parts(data: Any, count: int) -> list[Any]:
    if type(data) is not list or len(data) != count:
        raise MalformedFrame(f"an answer doesn't have its {count} parts")
    return data


def _listed(data: Any) -> list[Any]:
    if type(data) is not list or len(data) > 10_000:
        raise MalformedFrame("an answer holds something else where a list belongs")
    return data


def _encoded(values: Iterable[Any]) -> tuple[list[Any], list[bytes]]:
    """JSON data for values, and the bytes of their arrays. Raises `TypeError` for what has no plain form."""
    encoder = _Encoder()
    return [encoder.encode(value) for value in values], encoder.buffers


def _decoded(data: Iterable[Any], buffers: list[bytes], *, recipes: bool = False) -> list[Value]:
    """The values of JSON data that `_encoded` gave. Raises `MalformedFrame`; trusts nothing.

    `recipes` is true only in the worker: what comes from a learner's process never holds one.
    """
    decoder = _Decoder(buffers, recipes=recipes)
    return [decoder.decode(each) for each in data]


class _Encoder:
    """Turns values into JSON data; gathers the bytes of arrays in `buffers`."""

    def __init__(self) -> None:
        self.buffers: list[bytes] = []
        self._built: dict[int, int] = {}

    def encode(self, value: Any) -> Any:
        """JSON data for a value. Raises `TypeError` for what has no plain form."""
        if value is None or type(value) in (bool, int, float, str):
            return value
        if type(value) in (list, tuple):
            return [type(value).__name__, *(self.encode(item) for item in value)]
        if type(value) is dict:
            return ["dict", *([self.encode(key), self.encode(item)] for key, item in value.items())]
        if type(value) is Array:
            return self._array(value)
        if type(value) is bytes:
            self.buffers.append(value)
            return ["bytes", len(self.buffers) - 1]
        if type(value) is Opaque:
            return ["opaque", value.type_name, value.text]
        if type(value) is Lookup:
            return ["lookup", value.path]
        if type(value) is Parameters:
            return ["parameters", self.encode(value.module)]
        if type(value) is Build:
            return self._build(value)
        raise TypeError(f"a {type(value).__name__} can't cross the wire")

    def _array(self, array: Array) -> list[Any]:
        self.buffers.append(array.data)
        number = len(self.buffers) - 1
        grad = None if array.grad is None else self._array(array.grad)
        flags = [array.requires_grad, grad, array.leaf, array.device]
        return [array.kind, array.dtype, list(array.shape), number, *flags]

    def _build(self, recipe: Build) -> list[Any]:
        if id(recipe) in self._built:
            return ["again", self._built[id(recipe)]]
        args = [self.encode(arg) for arg in recipe.args]
        kwargs = [[key, self.encode(item)] for key, item in recipe.kwargs.items()]
        state = [[key, self.encode(item)] for key, item in recipe.state.items()]
        steps = [
            [step.method, [self.encode(arg) for arg in step.args], [self.encode(each) for each in step.upstream]]
            for step in recipe.steps
        ]
        number = self._built[id(recipe)] = len(self._built)
        return ["build", number, recipe.path, args, kwargs, state, steps, recipe.seed]


class _Decoder:
    """Turns JSON data and buffers into values. Raises `MalformedFrame` for anything that was not agreed on."""

    def __init__(self, buffers: list[bytes], *, recipes: bool = False) -> None:
        self._buffers = buffers
        self._unused = set(range(len(buffers)))
        self._recipes = recipes
        self._built: dict[int, Build] = {}
        self._nodes = 0

    def decode(self, data: Any, depth: int = 0) -> Value:
        """The value of some JSON data."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise MalformedFrame("a value has too many parts")
        if depth > MAX_DEPTH:
            raise MalformedFrame("a value is nested too deeply")
        if data is None or type(data) in (bool, int, float):
            return data  # type: ignore[no-any-return]
        if type(data) is str:
            return _text(data)
        if type(data) is not list or not data or type(data[0]) is not str:
            raise MalformedFrame("a value is neither a scalar nor tagged")
        tag, *rest = data
        if tag in ("list", "tuple"):
            items = [self.decode(item, depth + 1) for item in rest]
            return items if tag == "list" else tuple(items)
        if tag == "dict":
            return {self._key(pair, depth): self.decode(pair[1], depth + 1) for pair in rest}
        if tag in ("tensor", "numpy"):
            return self._array(data)
        if tag == "bytes" and len(rest) == 1:
            return self._buffer(rest[0])
        if tag == "opaque" and len(rest) == 2:
            return Opaque(_text(rest[0]), _text(rest[1]))
        if self._recipes:
            return self._recipe(tag, rest, depth)
        raise MalformedFrame(f"a value has the unknown tag {tag[:40]!r}")

    def _key(self, pair: Any, depth: int) -> Any:
        if type(pair) is not list or len(pair) != 2:
            raise MalformedFrame("an entry of a dict is not a pair")
        key = self.decode(pair[0], depth + 1)
        if self._recipes:
            return key
        if type(key) is not str or len(key) > MAX_KEY:
            raise MalformedFrame("a key of a dict is no text, or too long")
        return key

    def _array(self, data: Any, *, is_gradient: bool = False) -> Array:
        if type(data) is not list or len(data) != 8 or data[0] not in ("tensor", "numpy"):
            raise MalformedFrame("an array doesn't have its eight parts")
        kind, dtype, shape, number, requires_grad, grad, leaf, device = data
        if type(dtype) is not str or dtype not in ITEM_SIZES or (kind, dtype) == ("numpy", "bfloat16"):
            raise MalformedFrame("an array has an unknown dtype")
        if not _is_shape(shape):
            raise MalformedFrame("an array's shape is not a list of sizes")
        raw = self._buffer(number)
        if math.prod(shape) * ITEM_SIZES[dtype] != len(raw):
            raise MalformedFrame("an array's bytes don't fit its shape and dtype")
        if type(requires_grad) is not bool or type(leaf) is not bool:
            raise MalformedFrame("an array's flags are not true or false")
        if requires_grad and (kind != "tensor" or not dtype.startswith(DIFFERENTIABLE)):
            raise MalformedFrame("an array requires gradients that can't have any")
        if grad is not None and (is_gradient or kind != "tensor"):
            raise MalformedFrame("something has a gradient that can't have one")
        grads = None if grad is None else self._array(grad, is_gradient=True)
        if grads and (grads.kind, grads.dtype, grads.shape) != (kind, dtype, tuple(shape)):
            raise MalformedFrame("a gradient doesn't fit its tensor")
        return Array(kind, dtype, tuple(shape), raw, requires_grad, grads, leaf, _text(device))

    def _buffer(self, number: Any) -> bytes:
        # Each serves one array: a thousand arrays of the same bytes would fill the memory of whoever unpacks them.
        if type(number) is not int or number not in self._unused:
            raise MalformedFrame("an array refers to a buffer that was not sent for it")
        self._unused.remove(number)
        return self._buffers[number]

    def _recipe(self, tag: str, rest: list[Any], depth: int) -> Value:
        if tag == "lookup":
            return Lookup(rest[0])
        if tag == "parameters":
            module = self.decode(rest[0], depth + 1)
            assert isinstance(module, Build)
            return Parameters(module)
        if tag == "again":
            return self._built[rest[0]]
        if tag == "build":
            number, path, args, kwargs, state, steps, seed = rest
            recipe = Build(
                path,
                tuple(self.decode(arg, depth + 1) for arg in args),
                {key: self.decode(item, depth + 1) for key, item in kwargs},
                {key: self.decode(item, depth + 1) for key, item in state},
                tuple(
                    Step(method, *(tuple(self.decode(each, depth + 1) for each in part) for part in parts))
                    for method, *parts in steps
                ),
                seed,
            )
            self._built[number] = recipe
            return recipe
        raise MalformedFrame(f"a value has the unknown tag {tag[:40]!r}")


def _text(data: Any) -> str:
    """A string of a sane length, or `MalformedFrame`."""
    if type(data) is not str or len(data) > MAX_TEXT:
        raise MalformedFrame("a text is missing or too long")
    return data


def _is_shape(shape: Any) -> bool:
    if type(shape) is not list or len(shape) > MAX_DIMENSIONS or not all(_is_size(n) for n in shape):
        return False
    return bool(math.prod(max(n, 1) for n in shape) < MAX_EXTENT)


def _is_size(number: Any) -> bool:
    return type(number) is int and 0 <= number < 1 << 32
