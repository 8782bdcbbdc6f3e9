"""The messages: what the grader asks of a learner's process, and what may come back.

    Begin    sources, before anything else; later ones take the place of those that there were
    Load     import libraries that it will need, before anything of the learner's is run
    Import   import one of its modules, so that a module that hangs can be told from a function that does
    Call     call one function and tell what came of it
    Reply    what came back from a call
    Raised   an exception that came out of a call, or out of importing a module

A `Reply` is a claim about values and nothing more: it never says that anything passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from grader.sandbox.protocol.frames import Frame, MalformedFrame
from grader.sandbox.protocol.plain import TOO_LARGE, Value, decode_values, encode_values, text_of


@dataclass(frozen=True)
class Begin:
    """The modules of a submission in the order in which they may import each other, and the device to build on.

    `data` are files that lie beside the modules, by their relative paths. `lacking` are libraries that are not to be
    imported, and why.
    """

    sources: Mapping[str, str]
    device: str = "cpu"
    data: Mapping[str, bytes] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """Import these modules of installed libraries. Answered by a `Reply` of None, whatever came of it: what fails here
    fails again where the learner imports it."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """Import one module. Answered by a `Reply` of None, or `Raised`."""

    module: str


@dataclass(frozen=True)
class Backward:
    """Follow-up: send this gradient backward through what was returned; arguments that require gradients get theirs."""

    upstream: Value


@dataclass(frozen=True)
class Iterate:
    """Follow-up: go through what was returned this many times, at most `limit` items each, and give the items."""

    passes: int
    limit: int = 1000


@dataclass(frozen=True)
class Call:
    """Call `module.function(*args)`. A function `Net.forward` is a method of the first argument, an object of the
    learner's class `Net`: it is called with the others. An attribute that is no method is read, and `Net.` alone does
    nothing: what comes back tells of the object as it is.

    `seed` sets torch's random numbers first. `watch` lists the names of torch functions whose use is to be told.
    `pretend` asks for a run on pretended cuda tensors instead, to see whether devices are mixed.
    """

    module: str
    function: str
    args: tuple[Any, ...]
    then: Backward | Iterate | None = None
    seed: int = 0
    watch: tuple[str, ...] = ()
    pretend: bool = False

    @property
    def name(self) -> str:
        """The function, or the class whose method is called."""
        return self.function.partition(".")[0]

    @property
    def method(self) -> str | None:
        """The method of an object, empty where the object is only looked at; None where a function is called."""
        _, dot, method = self.function.partition(".")
        return method if dot else None


@dataclass(frozen=True)
class Reply:
    """What came back: the returned value, each argument as it is afterwards (a module as a dict of its parameters and
    buffers, another object of a learner's class as a tuple of one, the dict of its attributes, all others as None),
    items of an `Iterate`, names seen by a watch."""

    value: Any
    after: tuple[Any, ...] = ()
    items: tuple[tuple[Any, ...], ...] = ()
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeLine:
    """A line of the learner's code: module, line number from 1, and the function it is in, a method's `Net.forward`."""

    module: str
    line: int
    function: str


@dataclass(frozen=True)
class Raised:
    """An exception. `where` are the learner's own lines, outermost first. `stage` says when it came:
    import, missing (no such function), build (the worker's own fault), call, backward, iterate, encode."""

    stage: str
    type_name: str
    message: str
    where: tuple[CodeLine, ...] = ()


# What the answers to one exercise, and to all of a submission, may take in the memory of the one who reads them.
EXERCISE_BYTES = 64 << 20
SUBMISSION_BYTES = 256 << 20


def too_much(size: int) -> Raised:
    """What stands for an answer that is not looked at, as there are too many bytes of answers with it."""
    return Raised("encode", TOO_LARGE, f"it takes {size:,} bytes, and the results before it have left no room for that")


STAGES = ("import", "missing", "build", "call", "backward", "iterate", "encode")


def encode_begin(begin: Begin) -> Frame:
    """A frame for `Begin`."""
    names = list(begin.sources)
    texts = [begin.sources[name].encode("utf-8", "surrogatepass") for name in names]
    body = {"do": "begin", "modules": names, "device": begin.device, "lacking": dict(begin.lacking)}
    return Frame({**body, "data": list(begin.data)}, [*texts, *begin.data.values()])


def encode_load(wanted: Load) -> Frame:
    """A frame for `Load`."""
    return Frame({"do": "load", "names": list(wanted.names)}, [])


def encode_import(wanted: Import) -> Frame:
    """A frame for `Import`."""
    return Frame({"do": "import", "module": wanted.module}, [])


def encode_call(call: Call) -> Frame:
    """A frame for `Call`. Raises `TypeError` when an argument has no plain form."""
    upstream = [call.then.upstream] if isinstance(call.then, Backward) else []
    values, buffers = encode_values([*call.args, *upstream])
    then: Any = None
    if upstream:
        then = ["backward", values.pop()]
    elif isinstance(call.then, Iterate):
        then = ["iterate", call.then.passes, call.then.limit]
    body = {
        "do": "call",
        "module": call.module,
        "function": call.function,
        "args": values,
        "then": then,
        "seed": call.seed,
        "watch": list(call.watch),
        "pretend": call.pretend,
    }
    return Frame(body, buffers)


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
    args = decode_values([*body["args"], *(rest if kind == "backward" else [])], frame.buffers, recipes=True)
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
    data, buffers = encode_values([answer.value, *answer.after, *chain(*answer.items)])
    values = iter(data)
    body = [
        next(values),
        list(islice(values, len(answer.after))),
        [list(islice(values, len(items))) for items in answer.items],
        list(answer.seen),
    ]
    return Frame({"reply": body}, buffers)


def decode_answer(frame: Frame) -> Reply | Raised:
    """What a learner's process claims. Trusts nothing: raises `MalformedFrame` unless it is exactly as agreed."""
    body = frame.body
    if type(body) is not dict or len(body) != 1:
        raise MalformedFrame("an answer is neither a reply nor an exception")
    if "reply" in body:
        value, after, items, seen = _parts(body["reply"], 4)
        passes = [_listed(each) for each in _listed(items)]
        values = iter(decode_values([value, *_listed(after), *chain(*passes)], frame.buffers))
        return Reply(
            next(values),
            tuple(islice(values, len(after))),
            tuple(tuple(islice(values, len(each))) for each in passes),
            tuple(text_of(name) for name in _listed(seen)),
        )
    if "raised" in body:
        stage, type_name, message, where = _parts(body["raised"], 4)
        if stage not in STAGES:
            raise MalformedFrame("an exception comes from an unknown stage")
        return Raised(stage, text_of(type_name), text_of(message), tuple(_place(p) for p in _listed(where)))
    raise MalformedFrame("an answer is neither a reply nor an exception")


def fits(reply: Reply, call: Call) -> bool:
    """Whether a reply tells of each argument of a call and of each pass that was asked for, and of no more."""
    then = call.then if isinstance(call.then, Iterate) else Iterate(0)
    return (
        len(reply.after) == len(call.args)
        and len(reply.items) == then.passes
        and all(len(items) <= then.limit for items in reply.items)
    )


def _place(data: Any) -> CodeLine:
    module, line, function = _parts(data, 3)
    if type(line) is not int or not 0 <= line < 1 << 31:
        raise MalformedFrame("a line number is no number of a line")
    return CodeLine(text_of(module), line, text_of(function))


def _parts(data: Any, count: int) -> list[Any]:
    if type(data) is not list or len(data) != count:
        raise MalformedFrame(f"an answer doesn't have its {count} parts")
    return data


def _listed(data: Any) -> list[Any]:
    if type(data) is not list or len(data) > 10_000:
        raise MalformedFrame("an answer holds something else where a list belongs")
    return data
