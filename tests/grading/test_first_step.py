"""Of training the first step is told in which it leaves the right path, and what is still right there."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import torch

from grader.grading.behaviour import Compared
from grader.grading.first_step import _is_right, first_step
from grader.grading.local_run import LocalTransport
from grader.grading.relations import Pair
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.inside.warmup import first_steps
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Build, Parameters

NAMES = ("x", "y", "w", "c", "rate", "rounds")
LOSSES, W, C = "what learn returns", "`w` after the call", "`c` after the call"
# Full-batch descent of x @ w + c. What is wrong happens in each step whose number, from 1, is at least STEP.
LEARN = """
import torch


def learn(x, y, w, c, rate, rounds):
    losses = []
    for step in range(1, rounds + 1):
        wrong = step >= STEP
        loss = ((x @ w + c - y) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for name, p in (("w", w), ("c", c)):
                size = (FACTOR if wrong and name in NAMES else 1) * rate
                p -= size * p.grad
                p.grad = None
        if wrong and "losses" in NAMES:
            losses[-1] *= 3
    return losses
"""
# The same over the batches of a loader, with an optimizer; what is wrong happens from batch STEP on in each epoch.
RUN = """
def run(rounds, model, opt, batches):
    for _ in range(rounds):
        for number, (x, y) in enumerate(batches, start=1):
            loss = ((model(x) - y) ** 2).mean() * (FACTOR if number >= STEP else 1)
            loss.backward()
            opt.step()
            opt.zero_grad()
"""


def test_what_rounding_leaves_open_is_neither_right_nor_wrong() -> None:
    def state(step: float, got: float) -> bool | None:
        """Of a parameter of 1000 that should take this step."""
        before = np.array([1000.0])
        return _is_right(Pair(np.array([1000.0 + got]), before + step, before=before))

    assert state(1.0, 1.0) is True
    assert state(1.0, 1.001) is True  # float32 knows a thousand to about six digits
    assert state(1.0, 1.1) is False
    assert state(1e-4, 1e-4) is True
    assert state(1e-4, 2e-4) is None  # twice the step, and nobody can see it
    assert state(1e-4, 0.1) is False


def code(text: str, step: int, factor: float = 1, *names: str) -> str:
    return text.replace("STEP", str(step)).replace("FACTOR", str(factor)).replace("NAMES", repr(names))


def said(
    text: str, wrong: str, function: str, calls: list[tuple[Any, ...]], names: tuple[str, ...], looked: Any
) -> str:
    right = code(text, 10**6)  # never

    def asks(source: str) -> Any:
        def ask(call: Call) -> Reply | Raised | None:
            with LocalTransport({"lesson": source}) as stage:
                done = stage.answer(call)
                return done[0] if done else None

        return ask

    compared = []
    for args in calls:
        call = Call("lesson", function, args)
        got, answer = asks(wrong)(call), asks(right)(call)
        assert isinstance(got, Reply)
        assert isinstance(answer, Reply)
        compared.append(Compared(call, got, answer, looked))
    noticed = first_step(function, compared, names, asks(wrong), asks(right))
    return noticed.says if noticed else ""


def leaf(*shape: int) -> Any:
    return tensor_to_plain(torch.randn(shape, requires_grad=True))


def learned(wrong: str, rounds: int = 9, rate: float = 0.1) -> str:
    calls = [
        (tensor_to_plain(torch.randn(n, 2)), tensor_to_plain(torch.randn(n, 3)), leaf(2, 3), leaf(3), rate, rounds)
        for n in (4, 6)
    ]
    return said(LEARN, wrong, "learn", calls, NAMES, {"value", "after:2", "after:3"})


def when(step: int) -> str:
    return f"With `rounds` = {step - 1} all is right; with {step}," if step > 1 else "Already with `rounds` = 1,"


def test_the_step_and_what_is_right_in_it_are_those_of_the_slip() -> None:
    torch.manual_seed(5)
    first_steps()
    wrong: list[tuple[Any, ...]] = []
    for step, factor in product((1, 2, 5, 9), (2, -1, 0)):
        moves = {2: "moves as far as it should, times 2", -1: "moves the wrong way", 0: "doesn't change"}[factor]
        is_so = moves if step == 1 else "is wrong"
        for name, other, what in (("w", C, W), ("c", W, C)):
            expected = f"{when(step)} {what} {is_so}, while {LOSSES} and {other} are right."
            told = learned(code(LEARN, step, factor, name))
            wrong += [(step, factor, name, told)] if told != expected else []
    for step in (1, 2, 5):
        told = learned(code(LEARN, step, 1, "losses"))
        expected = f"{when(step)} {LOSSES} is wrong, while {W} and {C} are right."
        wrong += [(step, told)] if told != expected else []
    assert not wrong


def test_of_late_steps_the_first_is_found_with_few_questions() -> None:
    torch.manual_seed(5)
    assert learned(code(LEARN, 38, 3, "c"), rounds=70, rate=0.01).startswith(when(38))


def test_what_is_wrong_throughout_from_the_start_says_nothing_here() -> None:
    torch.manual_seed(5)
    assert learned(code(LEARN, 1, 0.3, "w", "c", "losses")) == ""


def test_the_batch_is_told_and_steps_are_counted_where_there_are_no_batches() -> None:
    torch.manual_seed(5)

    def call(rows: int, size: int) -> tuple[Any, ...]:
        x, y = tensor_to_plain(torch.randn(rows, 2)), tensor_to_plain(torch.randn(rows, 1))
        model = Build("torch.nn.Linear", (2, 1), state={"weight": tensor_to_plain(torch.randn(1, 2)), "bias": y_of(1)})
        loader = Build("torch.utils.data.DataLoader", (Build("torch.utils.data.TensorDataset", (x, y)), size))
        return 2, model, Build("torch.optim.SGD", (Parameters(model),), {"lr": 0.1}), loader

    def y_of(size: int) -> Any:
        return tensor_to_plain(torch.randn(size))

    names = ("rounds", "model", "opt", "batches")
    some = [call(9, 3), call(7, 2)]
    assert said(RUN, code(RUN, 2, 5), "run", some, names, {"after:1"}) == (
        "After one batch all is right; after 2, all is wrong."
    )
    assert said(RUN, code(RUN, 3, 5), "run", some, names, {"after:1"}) == (
        "After 2 batches all is right; after 3, all is wrong."
    )
    assert said(RUN, code(RUN, 1, 5), "run", [*some, call(3, 3)], names, {"after:1"}) == (
        "Already after the first step, each thing that should change moves as far as it should, times 5."
    )
    assert said(RUN, code(RUN, 1, 0), "run", some, names, {"after:1"}) == (
        "Already after the first batch, nothing has changed that should."
    )


def test_a_number_that_counts_no_steps_is_left_alone() -> None:
    scale = "def scale(x, times):\n    x *= FACTOR * min(times, 1)\n    return x.sum()\n"
    calls = [(tensor_to_plain(torch.rand(3) + 1), times) for times in (2, 5)]
    assert said(scale, code(scale, 1, 3), "scale", calls, ("x", "times"), {"value", "after:0"}) == ""
