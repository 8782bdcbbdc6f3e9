"""Further calls tell rounding from a wrong formula, and what one call leaves behind for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.grading.behaviour import Compared, behaviour
from grader.grading.further_calls import Series, is_kept, is_of_digits, of_object
from grader.grading.local_run import answers
from grader.sandbox.inside.materialize import tensor_from_plain, tensor_to_plain
from grader.sandbox.protocol.messages import Call, Raised, Reply
from grader.sandbox.protocol.plain import Build, Step

SEEDS = st.integers(0, 1000)
Change = Callable[[torch.Tensor], torch.Tensor]

# Each is nearly its argument for numbers of about 0.03: the first through rounding, the others by their formula.
ROUNDED: dict[str, Change] = {
    "half precision": lambda x: x.half().float(),
    "half precision of what is added": lambda x: (x / 2).half().float() + x / 2,
}
WRONG: dict[str, Change] = {
    "sin": torch.sin,
    "tanh": torch.tanh,
    "log1p of expm1 of less": lambda x: torch.log1p(torch.expm1(x) - x**3 / 6),
    "root": lambda x: torch.sqrt(x**2 + 1e-7),
    "a small number in the divisor": lambda x: x * x / (x + 1e-5),
    "a limit": lambda x: torch.minimum(x * 1.0004, torch.tensor(0.05)),
}


def asks(function: Change) -> Callable[[Call], Reply]:
    def ask(call: Call) -> Reply:
        return Reply(tensor_to_plain(function(tensor_from_plain(call.args[0]))), call.args)

    return ask


def small(change: Change, seed: int) -> list[Compared]:
    torch.manual_seed(seed)
    found = []
    for shape in ((4, 3), (2, 5)):
        call = Call("m", "f", (tensor_to_plain(torch.rand(shape) * 0.02 + 0.02),))
        found.append(Compared(call, asks(change)(call), asks(lambda x: x)(call), {"value"}))
    return found


def is_said(change: Change, seed: int) -> bool:
    """Whether it is told as a matter of digits."""
    compared = small(change, seed)
    noticed = behaviour("f", compared)
    assert noticed is None or noticed.is_of_digits == ("digits" in noticed.says)
    of_digits = noticed is not None and noticed.is_of_digits
    return of_digits and is_of_digits("f", compared, ("x",), asks(change), asks(lambda x: x))


@pytest.mark.parametrize("name", ROUNDED)
@settings(max_examples=25)
@given(seed=SEEDS)
@example(seed=158)  # half of a sum is rounded so little that both calls are right
def test_what_is_rounded_is_right_to_few_digits_wherever_it_is_wrong(name: str, seed: int) -> None:
    is_wrong = any(each.is_wrong for each in small(ROUNDED[name], seed))
    assert is_said(ROUNDED[name], seed) == is_wrong


@pytest.mark.parametrize("name", WRONG)
@settings(max_examples=25)
@given(seed=SEEDS)
def test_a_wrong_formula_that_is_nearly_right_for_small_numbers_is_no_matter_of_digits(name: str, seed: int) -> None:
    assert not is_said(WRONG[name], seed)


KEEPS = {
    "a list that is a default": "def f(x, seen=[]):\n    seen.append(x)\n    return torch.stack(seen).sum(0) * 2\n",
    "a table of results": "known = {}\ndef f(x):\n    return known.setdefault(x.shape, x * 2)\n",
    "a buffer that isn't reset": "total = [0]\ndef f(x):\n    total[0] = total[0] + x * 2\n    return total[0]\n",
    "a count": "count = [0]\ndef f(x):\n    count[0] += 1\n    return x * 2 / count[0]\n",
}
KEEPS_NOTHING = {
    "always wrong": "def f(x):\n    return x * 3\n",
    "wrong for some": "def f(x):\n    return x * 2 if x.sum() > 0 else x\n",
    "keeps what does no harm": "seen = []\ndef f(x):\n    seen.append(x)\n    return x * 2 if x.sum() > 0 else x\n",
}
RIGHT = "def f(x):\n    return x * 2\n"


def series(code: str) -> Series:
    def ask(calls: Sequence[Call]) -> tuple[Reply | Raised, str] | None:
        return answers(calls, {"m": f"import torch\n{code}"})[-1]

    return ask


def asked(code: str, seed: int) -> list[Compared]:
    torch.manual_seed(seed)
    calls = [Call("m", "f", (tensor_to_plain(torch.rand(3) + shift),)) for shift in (1, 0.5, -3, 2)]
    both = zip(calls, *(answers(calls, {"m": f"import torch\n{text}"}) for text in (code, RIGHT)), strict=True)
    return [Compared(call, got[0], right[0], {"value"}) for call, got, right in both]


@pytest.mark.parametrize("name", [*KEEPS, *KEEPS_NOTHING])
@settings(max_examples=5)
@given(seed=SEEDS)
def test_what_an_earlier_call_leaves_behind_is_told_from_what_is_wrong_by_itself(name: str, seed: int) -> None:
    code = {**KEEPS, **KEEPS_NOTHING}[name]
    assert is_kept(asked(code, seed), series(code)) is (name in KEEPS)


OBJECTS = {
    "adds in place": ("class Net:\n    def add(self, x):\n        x += 1\n        return x\n", True),
    "keeps its first answer": (
        "class Net:\n    kept = None\n    def add(self, x):\n"
        "        if self.kept is None:\n            self.kept = x + 1\n        return self.kept\n",
        True,
    ),
    "is always wrong": ("class Net:\n    def add(self, x):\n        return x + 2\n", False),
}
RIGHT_OBJECT = "class Net:\n    def add(self, x):\n        return x + 1\n"


@pytest.mark.parametrize("name", OBJECTS)
@settings(max_examples=5)
@given(seed=SEEDS)
def test_what_a_call_changes_in_an_object_is_told_of_the_object_s_method(name: str, seed: int) -> None:
    code, is_told = OBJECTS[name]
    torch.manual_seed(seed)
    x = tensor_to_plain(torch.rand(3))
    other = x if name == "adds in place" else tensor_to_plain(torch.rand(3))
    call = Call("m", "Net.add", (Build("m:Net", steps=(Step("add", (other,), ()),)), x))

    def reference(wanted: Call) -> Any:
        done = series(RIGHT_OBJECT)([wanted])
        return done and done[0]

    got = series(code)([call])
    assert got
    assert isinstance(got[0], Reply)
    compared = [Compared(call, got[0], reference(call), {"value"})]
    assert compared[0].is_wrong
    noticed = of_object(compared, series(code), reference)
    assert (noticed is not None) is is_told
    if noticed:
        assert noticed.says.startswith("Net.add gives what is right of a new object")
    first = replace(call, args=(Build("m:Net"), x))
    assert of_object([Compared(first, got[0], reference(call), {"value"})], series(code), reference) is None
