"""The messages: what the grader asks of a learner's process, and what may come back.

    Begin    sources, before anything else; later ones take the place of those that there were
    Load     import libraries that it will need, before anything of the learner's is run
    Import   import one of its modules, so that a module that hangs can be told from a function that does
    Call     call one function and tell what came of it
    Reply    what came back from a call
    Raised   an exception that came out of a call, or out of importing a module

Where nothing can come back any more, whoever waits gets `ChildEnded`.

A `Reply` is a claim about values and nothing more: it never says that anything passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.sandbox.protocol.plain import TOO_LARGE, Value


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


class ChildEnded(Exception):
    """The learner's process can't go on. `overran` is true when it ran over a time limit; the text says why.

    `doubtful`: the wall clock alone says that it overran. That may be the machine's fault. `in_call`: the call that is
    told of it was the one at work.
    """

    def __init__(self, why: str, *, overran: bool = False, doubtful: bool = False, in_call: bool = False) -> None:
        super().__init__(why)
        self.in_call = in_call
        self.overran = overran
        self.doubtful = doubtful


# What the answers to one exercise, and to all of a submission, may take in the memory of the one who reads them.
EXERCISE_BYTES = 64 << 20
SUBMISSION_BYTES = 256 << 20


def too_much(size: int) -> Raised:
    """What stands for an answer that is not looked at, as there are too many bytes of answers with it."""
    return Raised("encode", TOO_LARGE, f"it takes {size:,} bytes, and the results before it have left no room for that")


STAGES = ("import", "missing", "build", "call", "backward", "iterate", "encode")
