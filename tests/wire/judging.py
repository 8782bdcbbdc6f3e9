"""Every expectation that a check may have, tried on an answer: it fails as a check does, or the answer is right."""

from __future__ import annotations

import math
import random
import unicodedata
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import torch

from grader.checks import Backward, Build, CheckFailed, Function, Iterate, Outcome, Student
from grader.checks.transport import Source
from grader.core.records import Finding
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.protocol.encoding import decode_answer, encode_answer
from grader.sandbox.protocol.frames import MalformedFrame
from grader.sandbox.protocol.messages import STAGES, Call, ChildEnded, CodeLine, Raised, Reply
from grader.sandbox.protocol.plain import ITEM_SIZES, MAX_DEPTH, MAX_KEY, Array, Opaque

WEIGHTS = torch.tensor([[1.0, -2.0, 3.0], [0.5, 0.25, 100.0]])
MODEL = {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([0.5])}
ARGUMENTS = (
    WEIGHTS.clone().requires_grad_(),
    np.array([1, 2, 3]),
    Build("torch.nn.Linear", (2, 1), state=MODEL),
    [1.0, "text"],
)
# A check may give a tensor.
FOLLOW_UPS = (None, Backward(torch.ones(2, 3)), Iterate(2, 3))  # type: ignore[arg-type]
_DTYPES = ("float64", "float16", "bfloat16", "int64", "int8", "bool", "uint8", "uint16", "uint64", "complex64")
EXPECTED: list[Any] = [
    WEIGHTS,
    WEIGHTS[0],
    torch.tensor(2.5),
    torch.empty(0, 3),
    torch.tensor([float("inf"), float("nan"), 1.0]),
    *(torch.tensor([[1, 0, 1]]).to(getattr(torch, name)) for name in _DTYPES),
    2.5,
    float("inf"),
    [1.0, 2.5, -3.0],
    (WEIGHTS, torch.tensor([1.0, 2.0])),
    [WEIGHTS, 1.0, "a"],
    [],
    7,
    True,
    None,
    "text",
]
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LONGEST = 4000


class Wrong(AssertionError):
    """Something else came out of a check than may come out of one."""


def right_answer(chance: random.Random) -> Reply:
    """A reply that passes: one of the expected values, and the arguments as they should be afterwards."""
    weights = WEIGHTS.clone().requires_grad_()
    if chance.random() < 0.5:
        weights.grad = WEIGHTS.clone()
    after = (to_plain(weights), to_plain(ARGUMENTS[1]), {k: to_plain(v) for k, v in MODEL.items()}, [1.0, "text"])
    value = to_plain(chance.choice(EXPECTED))
    loader = Opaque("torch.utils.data.dataloader.DataLoader", "torch.utils.data.dataloader.DataLoader")
    pair = [to_plain(WEIGHTS), to_plain(WEIGHTS)]
    if chance.random() < 0.2:
        return Reply(loader, after, ((pair, pair), (pair,)))
    return Reply(value, after, (), ("torch.nn.Linear",) if chance.random() < 0.2 else ())


class Fixed:
    """A transport that gives one answer to every call, as it is read."""

    def __init__(self, answer: Reply | Raised, printed: str = "Epoch [1/2], Loss: 3\n\x1b[2J\u202e") -> None:
        self.answer = answer
        self.printed = printed

    def send(self, call: Call) -> Callable[[], tuple[Reply | Raised, str]]:
        return partial(self._read, call)

    def _read(self, call: Call) -> tuple[Reply | Raised, str]:
        try:
            return decode_answer(encode_answer(self.answer), call), self.printed
        except MalformedFrame as error:
            raise ChildEnded(str(error)) from None

    def line_of(self, place: CodeLine) -> str:
        return f"line {place.line}:  raise NotImplementedError"

    def definition(self, _module: str, _function: str) -> CodeLine | None:
        return None

    def source(self, module: str, _function: str) -> Source:
        return Source(f"{module}.py")


def well_formed(answer: Reply | Raised) -> None:
    """What was read holds plain values of the agreed types, and not too much of them. Raises `Wrong`."""
    if isinstance(answer, Raised):
        texts = [answer.stage, answer.type_name, answer.message, *(each.module for each in answer.where)]
        right = answer.stage in STAGES and all(type(each.line) is int and each.line >= 0 for each in answer.where)
        right = right and all(type(text) is str for text in texts)
    else:
        right = all(map(_plain, [answer.value, *answer.after, *chain(*answer.items)])) and all(
            type(name) is str for name in answer.seen
        )
    if not right:
        raise Wrong(f"it was read: {answer!r:.1000}")


def _plain(value: Any, depth: int = 0) -> bool:
    if depth > MAX_DEPTH:
        return False
    if type(value) in (list, tuple):
        return all(_plain(item, depth + 1) for item in value)
    if type(value) is dict:
        return all(type(key) is str and len(key) <= MAX_KEY for key in value) and all(
            _plain(item, depth + 1) for item in value.values()
        )
    if type(value) is Array:
        flags = type(value.requires_grad) is bool and type(value.leaf) is bool and type(value.device) is str
        sizes = all(type(size) is int and size >= 0 for size in value.shape)
        known = value.dtype in ITEM_SIZES and (value.kind, value.dtype) != ("numpy", "bfloat16")
        return known and flags and sizes and len(value.data) == math.prod(value.shape) * ITEM_SIZES[value.dtype]
    if type(value) is Opaque:
        return type(value.type_name) is str and type(value.text) is str
    return value is None or type(value) in (bool, int, float, str)


def judge(answer: Reply | Raised, chance: random.Random) -> list[str]:
    """What passes. Raises `Wrong` when anything but `CheckFailed` comes out, or something passes that isn't right."""
    then = chance.choice(FOLLOW_UPS) if not (isinstance(answer, Reply) and answer.items) else FOLLOW_UPS[2]
    student = Student(Fixed(answer), {"f": Function("m", ("torch.nn.Linear",))}, ahead=True)
    outcome = student.f(*ARGUMENTS, then=then)
    passed = []
    for name, expectation, is_right in _expectations(outcome, chance):
        try:
            expectation()
        except CheckFailed as failure:
            sober(failure.finding, name)
        except Exception as error:
            raise Wrong(f"{name}: {type(error).__name__}: {str(error)[:300]}") from error
        else:
            passed.append(name)
            if isinstance(answer, Raised) or not is_right(answer):
                raise Wrong(f"{name} passes: {answer!r:.1000}")
    return passed


def _expectations(
    outcome: Outcome, chance: random.Random
) -> list[tuple[str, Callable[[], Any], Callable[[Reply], bool]]]:
    first = partial(_after, index=0)
    gradient = lambda reply: isinstance(first(reply), Array) and _same(first(reply).grad, WEIGHTS)  # noqa: E731
    found: list[tuple[str, Callable[[], Any], Callable[[Reply], bool]]] = [
        (
            f"returns number {number} of EXPECTED",
            partial(outcome.returns, EXPECTED[number]),
            partial(_returned, expected=EXPECTED[number]),
        )
        for number in chance.sample(range(len(EXPECTED)), 5)
    ]
    return [
        *found,
        ("leaves", lambda: outcome.leaves(0, WEIGHTS, "w"), lambda reply: _same(first(reply), WEIGHTS)),
        ("leaves_alone", lambda: outcome.leaves_alone(0, 1), lambda reply: _same(first(reply), outcome.call.args[0])),
        ("gradient", lambda: outcome.gradient(0, WEIGHTS, "w"), gradient),
        ("resets_gradient", lambda: outcome.resets_gradient(0, "w"), _is_reset),
        ("requires_grad", lambda: outcome.requires_grad(0, "w"), lambda reply: first(reply).requires_grad is True),
        ("trained", lambda: outcome.trained(2, MODEL), _is_trained),
        ("value", lambda: outcome.value, lambda _: True),
        ("items", lambda: outcome.items, lambda reply: _as_many_as(outcome.call, reply)),
        ("after", lambda: outcome.after(0), lambda reply: _same(first(reply), first(reply))),
        ("printed", lambda: outcome.fail("Printed.", ("printed", outcome.printed)), lambda _: False),
        ("equals", lambda: outcome.equals("it", outcome.value, 7), lambda reply: _returned(reply, 7)),
        ("settle", outcome.settle, lambda reply: len(reply.after) == len(outcome.call.args)),
    ]


def _as_many_as(call: Call, reply: Reply) -> bool:
    wanted = call.then.passes if isinstance(call.then, Iterate) else 0
    return len(reply.items) == wanted and all(len(each) <= 3 for each in reply.items)


def _after(reply: Reply, index: int) -> Any:
    return reply.after[index]


def _returned(reply: Reply, expected: Any) -> bool:
    return _same(reply.value, expected)


def _is_reset(reply: Reply) -> bool:
    grad = reply.after[0].grad if isinstance(reply.after[0], Array) else None
    return grad is None or not np.any(_numbers(grad))


def _is_trained(reply: Reply) -> bool:
    return all(_same(reply.after[2][name], wanted) for name, wanted in MODEL.items())


def _numbers(array: Array) -> Any:
    """The numbers of an array, read in another way than the grader does."""
    if array.dtype == "bfloat16":
        bits = np.frombuffer(array.data, np.uint16).astype(np.uint32) << 16
        return bits.view(np.float32).reshape(array.shape)
    return np.frombuffer(array.data, array.dtype).reshape(array.shape)


def _same(got: Any, expected: Any) -> bool:
    """Is this it? Said in another way than the grader says it."""
    if isinstance(expected, Array):
        return isinstance(got, Array) and (got.kind, got.shape, got.data) == (
            expected.kind,
            expected.shape,
            expected.data,
        )
    if isinstance(expected, torch.Tensor):
        if not isinstance(got, Array) or (got.kind, got.device) != ("tensor", "cpu") or got.shape != expected.shape:
            return False
        if f"torch.{got.dtype}" != str(expected.dtype):
            return False
        wanted = expected.to(torch.float32).numpy() if expected.dtype is torch.bfloat16 else expected.numpy()
        with np.errstate(all="ignore"):
            return bool(np.allclose(_numbers(got).astype(complex), wanted.astype(complex), rtol=1e-3, atol=1e-2))
    if isinstance(expected, list | tuple):
        kinds = (list, tuple) if isinstance(expected, tuple) else (list,)
        return type(got) in kinds and len(got) == len(expected) and all(map(_same, got, expected))
    if isinstance(expected, float):
        return type(got) is float and (got == expected or abs(got - expected) < 1e-3)
    return type(got) is type(expected) and bool(got == expected)


def sober(finding: Finding, name: str) -> None:
    """A finding can be stored and shown: nothing hidden in it, and no more of it than anybody reads."""
    text = "".join([finding.summary, finding.hint, *(part for fact in finding.facts for part in fact)])
    if len(text) > _LONGEST:
        raise Wrong(f"{name}: a finding of {len(text)} characters: {text[:200]!r}")
    found = {c for c in set(text) if unicodedata.category(c) in HIDDEN and c != "\n"}
    if found:
        raise Wrong(f"{name}: a finding holds {found!r}: {text[:300]!r}")
