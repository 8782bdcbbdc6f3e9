"""The learner's functions as a check sees them, wherever they run, and the inputs that are drawn for them from a seed.

A `Student` turns `student.mse(a, b)` into a `Call`, hands it to a transport (in process for the self-check, over the
wire for the hidden run) and gives the `Outcome`. An exception that comes out of the learner's function fails the check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, TypeVar

import numpy as np
import torch

from grader.checks.explain import explain, explain_end
from grader.checks.marks import CheckFailed, FindingScope
from grader.checks.observed import CallRecord
from grader.checks.outcome import Outcome
from grader.checks.transport import PARAMETERS, Function, Transport, told_apart
from grader.core.records import Finding
from grader.core.sanitize import sanitized
from grader.sandbox.inside.materialize import Builder, Handle, arguments_to_plain
from grader.sandbox.protocol.messages import Backward, Call, ChildEnded, Iterate, Raised, Reply
from grader.sandbox.protocol.plain import Build, Lookup, Parameters, Step, is_of_learners

T = TypeVar("T")


def derive(*parts: object) -> int:
    """A 63-bit seed from any parts, from which none of them can be found."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "little") >> 1


class Draw:
    """Draws inputs for one check."""

    def __init__(self, seed: int, *parts: object) -> None:
        """Two with the same `seed` and `parts`, such as the name of the check, draw the same."""
        seed = derive(seed, *parts) if parts else seed
        self._random = np.random.Generator(np.random.PCG64(seed))

    def tensor(
        self, *shape: int, low: float = -2.0, high: float = 2.0, dtype: torch.dtype | None = None
    ) -> torch.Tensor:
        """Uniform numbers between `low` and `high` in a float32 tensor of this shape (or of another `dtype`)."""
        drawn = torch.from_numpy(np.asarray(self._random.uniform(low, high, shape)))
        return drawn.to(dtype or torch.float32)

    def array(self, *shape: int, low: float = 0, high: float = 100, dtype: Any = np.float64) -> np.ndarray[Any, Any]:
        """Uniform numbers in a NumPy array of any dtype; booleans are drawn as true or false."""
        if np.dtype(dtype) == np.bool_:
            return self._random.integers(0, 2, shape).astype(np.bool_)
        return self._random.uniform(low, high, shape).astype(dtype)

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self._random.integers(low, high + 1))

    def number(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return float(self._random.uniform(low, high))

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[int(self._random.integers(len(options)))]


_SPOILED = (
    "The function's arguments can't be made where your code runs, though they can elsewhere: your code fills the "
    "memory or changes torch."
)


@dataclass
class Student:
    """Gives each of `functions` as an attribute.

    With `ahead`, a call's outcome is awaited when the check first looks at it, so that many calls may be under way, and
    `settle` is to be called at the end of the check. Without, each call is over before the check goes on.

    `seen` gathers the watched names that were used; `asked` every call with its answer, under the name of the check
    that `check` says is running.
    """

    transport: Transport
    functions: Mapping[str, Function]
    seed: int = 0
    device: str = "cpu"
    ahead: bool = False
    seen: dict[str, set[str]] = field(default_factory=dict)
    asked: list[CallRecord] = field(default_factory=list)
    check: str = ""
    _count: int = 0
    _unsettled: list[Callable[[], object]] = field(default_factory=list)

    def __getattr__(self, name: str) -> _Bound:
        functions = self.__dict__.get("functions", {})
        if name not in functions:
            raise AttributeError(f"no exercise asks for a function {name!r}; there are: {', '.join(functions)}")
        return _Bound(self, name, functions[name])

    @property
    def new(self) -> _New:
        """Makes objects: `student.new.Net(64, 10)` is one of the learner's class `Net`, an `Instance`."""
        return _New(self)

    def perform(
        self,
        name: str,
        function: Function,
        args: tuple[Any, ...],
        then: Backward | Iterate | None,
    ) -> Outcome:
        """Call a function with tensors, arrays, plain values and recipes; see `grader.checks`."""
        self._count += 1
        if isinstance(then, Backward):
            plain, upstream = arguments_to_plain((args, then.upstream))
            then = replace(then, upstream=upstream)
        else:
            plain = arguments_to_plain(args)
        call = Call(function.module, name, plain, then, derive(self.seed, self._count), function.watch)
        asked = CallRecord(self.check, sum(each.check == self.check for each in self.asked), call)
        self.asked.append(asked)
        answer = cache(partial(self._answer, asked, self.transport.send(call)))
        outcome = Outcome(call, answer, partial(self._where, call), self.device, asked.looked)
        self._unsettled.append(answer)
        if not self.ahead:
            self.settle()
        return outcome

    def settle(self) -> None:
        """Wait for every call that was made. Raises `CheckFailed` for the first that failed."""
        waiting, self._unsettled = self._unsettled, []
        failures = []
        for answer in waiting:
            try:
                answer()
            except CheckFailed as failure:
                failures.append(failure)
        if failures:
            raise failures[0]

    def _answer(self, asked: CallRecord, wait: Callable[[], tuple[Reply | Raised, str]]) -> tuple[Reply, str]:
        call = asked.call
        try:
            reply, printed = wait()
        except ChildEnded as ended:
            raise explain_end(ended, call, self.transport) from None
        asked.answer, asked.printed = reply, printed
        if isinstance(reply, Raised):
            # Anybody may claim that our arguments can't be built. On a GPU they may well fail there and not here.
            if reply.stage == "build" and self.device == "cpu" and _can_be_built(call):
                facts = (("raised", sanitized(f"{reply.type_name}: {reply.message}", 400)),)
                raise CheckFailed(Finding(_SPOILED, facts), scope=FindingScope.SURROUNDINGS)
            raise explain(reply, call, self.transport, self.functions)
        if call.watch:
            self.seen.setdefault(call.name, set()).update(set(reply.seen) & set(call.watch))
        return reply, printed

    def _where(self, call: Call) -> tuple[tuple[str, str], ...]:
        """Where to look when a call gave a wrong value; and whether parameters stand where the exercise has others."""
        place = self.transport.definition(call.module, call.function)
        where = (("where", self.transport.line_of(place)),) if place else ()
        wanted = self.functions[call.name].signature if call.method is None else None
        found = self.transport.source(call.module, call.function).signature if wanted else None
        said = told_apart(call.function, wanted, found, call.args) if wanted and found else ""
        return ((PARAMETERS, said), *where) if said else where


@dataclass(frozen=True)
class _Bound:
    student: Student
    name: str
    function: Function

    def __call__(self, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
        return self.student.perform(self.name, self.function, args, then)


@dataclass(frozen=True)
class _New:
    student: Student

    def __getattr__(self, name: str) -> Callable[..., Instance]:
        functions = self.student.functions
        if name not in functions:
            raise AttributeError(f"no exercise asks for a class {name!r}; there are: {', '.join(functions)}")

        def make(*args: Any) -> Instance:
            self.student._count += 1
            seed = derive(self.student.seed, self.student._count)
            return Instance(self.student, name, Build(f"{functions[name].module}:{name}", args, seed=seed))

        return make


class Instance(Handle):
    """An object of a learner's class, which lives where the learner's code runs. `net(x)` and `net.forward(x)` call its
    methods and give an `Outcome`, whose argument 0 is the object and 1 the first that was given.

    It may be given to other functions, also within `Parameters(net)`. Each call makes the object again, with the same
    random numbers, and takes the steps that were taken with it before: so every call stands for itself. What another
    function did to it is not one of them.
    """

    def __init__(self, student: Student, name: str, recipe: Build) -> None:
        super().__init__(recipe)
        self._student, self._name = student, name

    def __getattr__(self, name: str) -> Callable[..., Outcome]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(self._call, name)

    def __call__(self, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
        return self._call("__call__", *args, then=then)

    def _call(self, method: str, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
        outcome = self._ask(method, *args, then=then)
        upstream = (then.upstream,) if isinstance(then, Backward) else ()
        self._recipe = replace(self._recipe, steps=(*self._recipe.steps, Step(method, args, upstream)))
        return outcome

    def _ask(self, what: str, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
        student, name = self._student, f"{self._name}.{what}"
        return student.perform(name, student.functions[self._name], (self._recipe, *args), then)


def call_method(instance: Instance, method: str, *args: Any, then: Backward | Iterate | None = None) -> Outcome:
    """The same as `instance.method(*args)`, for methods such as `__len__` and `__getitem__`."""
    return instance._call(method, *args, then=then)


def state_of(instance: Instance) -> Outcome:
    """The object as it is now: `after(0)` is a dict of a module's parameters and buffers, or of an object's attributes.
    `trained(0, …)` compares them."""
    return instance._ask("")


def attribute_of(instance: Instance, name: str) -> Outcome:
    """An attribute of the object: what is returned."""
    return instance._ask(name)


def load_state(instance: Instance, state: Mapping[str, Any]) -> None:
    """Give the object, a `torch.nn.Module` with which no step was taken yet, these parameters and buffers."""
    if instance._recipe.steps:
        raise ValueError("load_state() comes before the first call of a method")
    instance._recipe = replace(instance._recipe, state={**instance._recipe.state, **state})


def real(*values: Any) -> tuple[Any, ...]:
    """Recipes as real objects in this process, for a reference to work on. A recipe that occurs twice is built once."""
    return tuple(Builder().build(arguments_to_plain(values)))


def _can_be_built(call: Call) -> bool:
    builder = Builder()
    try:
        for arg in call.args:
            for part in _without_learners(arg):
                builder.build(part)
    except Exception:
        return False
    return True


def _without_learners(value: Any) -> Iterator[Any]:
    """What can be made of it without the learner's code: all of it, or else its parts, and what they are made by."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _without_learners(item)
    elif isinstance(value, Build) and is_of_learners(value):
        if not value.is_learners:
            yield Lookup(value.path)
        more = [part for step in value.steps for part in (step.args, step.upstream)]
        yield from _without_learners([*value.args, *value.kwargs.values(), *value.state.values(), *more])
    elif isinstance(value, Parameters):
        yield from _without_learners(value.module)
    else:
        yield value
