"""The smallest call that shows a fault can be tried at a prompt, and shows what it says."""

from __future__ import annotations

import contextlib
import io
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.course.load import load_course
from grader.grading.bank import load_bank, reference
from grader.grading.behaviour import Compared
from grader.grading.diagnose import Diagnosis
from grader.grading.example import smallest_example
from grader.grading.further_calls import Series
from grader.grading.local_run import answers
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.protocol.messages import Backward, Call, Raised, Reply

RIGHT = {
    "mse": "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean()\n",
    "step": "def step(w, lr):\n    with torch.no_grad():\n        w -= lr * w.grad\n",
}
WRONG = {
    "sums": ("mse", "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"),
    "cubes": ("mse", "def mse(t1, t2):\n    return ((t1 - t2) ** 3).mean()\n"),
    "clips": ("mse", "def mse(t1, t2):\n    return ((t1.relu() - t2.relu()) ** 2).mean()\n"),
    "rounds": ("mse", "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean().round(decimals=2)\n"),
    "uphill": ("step", "def step(w, lr):\n    with torch.no_grad():\n        w += lr * w.grad\n"),
}


def sure(_call: Call, _taken: Callable[[Reply], Any]) -> bool:
    return True


def series(code: str) -> Series:
    def ask(calls: Sequence[Call]) -> tuple[Reply | Raised, str]:
        *_, last = filter(None, answers(calls, {"lesson": f"import torch\n{code}"}))
        return last

    return ask


def asks(code: str) -> Callable[[Call], Reply | Raised]:
    return lambda call: series(code)([call])[0]  # type: ignore[index]


def compared(function: str, code: str) -> Compared:
    torch.manual_seed(1)
    w = torch.randn(7, 3, requires_grad=function == "step")
    w.grad = torch.randn(7, 3) if function == "step" else None
    args = (
        (tensor_to_plain(w), tensor_to_plain(torch.randn(7, 3))) if function == "mse" else (tensor_to_plain(w), 0.137)
    )
    call = Call("lesson", function, args)
    got, right = asks(code)(call), asks(RIGHT[function])(call)
    assert isinstance(got, Reply)
    assert isinstance(right, Reply)
    return Compared(call, got, right, {"value"} if function == "mse" else {"after:0"})


def pasted(line: str, code: str) -> str:
    """What is printed when the line is pasted where the module is."""
    module = types.ModuleType("lesson")
    exec(f"import torch\n{code}", module.__dict__)
    sys.modules["lesson"] = module
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(line, {})
    finally:
        del sys.modules["lesson"]
    return printed.getvalue().strip()


@pytest.mark.parametrize("name", WRONG)
def test_the_line_can_be_pasted_and_gives_what_is_said(name: str) -> None:
    function, code = WRONG[name]
    names = ("t1", "t2") if function == "mse" else ("w", "lr")
    example = smallest_example("lesson", compared(function, code), names, series(code), asks(RIGHT[function]), sure)
    assert example
    for said, implementation in ((example.shows, code), (example.right, RIGHT[function])):
        value = eval(pasted(example.line, implementation), {"tensor": torch.tensor, "inf": float("inf")})
        shown = eval(said, {"tensor": torch.tensor, "inf": float("inf")})
        assert torch.allclose(value.detach().double(), shown.double(), rtol=1e-3), (example, said)
    assert example.shows != example.right


KEEPS = {
    "a list that is a default": "def mse(t1, t2, seen=[]):\n    seen.append((t1 - t2) ** 2)\n    return sum(seen).mean()\n",
    "a table of results": (
        "known = {}\ndef mse(t1, t2):\n    return known.setdefault(t1.shape, ((t1 - t2) ** 2).mean())\n"
    ),
    "a sum that goes on": (
        "total = 0\ndef mse(t1, t2):\n    global total\n    total += ((t1 - t2) ** 2).mean()\n    return total\n"
    ),
}


@pytest.mark.parametrize("name", KEEPS)
def test_of_what_an_earlier_call_leaves_behind_the_line_holds_both_calls_and_gives_what_is_said(name: str) -> None:
    code, right = KEEPS[name], RIGHT["mse"]
    one = compared("mse", "def mse(t1, t2):\n    return t1.sum()\n")
    names = ("t1", "t2")
    assert smallest_example("lesson", one, names, series(code), asks(right), sure) is None, "it shows with one call"
    example = smallest_example("lesson", one, names, series(code), asks(right), sure, is_of_earlier=True)
    assert example
    assert example.line.count("mse(") == 2
    for said, implementation in ((example.shows, code), (example.right, right)):
        assert pasted(example.line, implementation) == f"{said[:-1]}.)" or torch.allclose(
            *(eval(text, {"tensor": torch.tensor}).double() for text in (pasted(example.line, implementation), said))
        )


def test_a_gradient_is_shown_by_the_backward_pass_that_gives_it() -> None:
    code, right = "def mse(t1, t2):\n    return ((t1 - t2) * (t1 - t2).detach()).mean()\n", RIGHT["mse"]
    torch.manual_seed(1)
    args = (tensor_to_plain(torch.randn(7, 3, requires_grad=True)), tensor_to_plain(torch.randn(7, 3)))
    call = Call("lesson", "mse", args, Backward(tensor_to_plain(torch.tensor(1.5))))
    got, expected = asks(code)(call), asks(right)(call)
    assert isinstance(got, Reply)
    assert isinstance(expected, Reply)
    one = Compared(call, got, expected, {"grad:0"})
    example = smallest_example("lesson", one, ("t1", "t2"), series(code), asks(right), sure)
    assert example
    assert ".backward(torch.tensor(" in example.line
    for said, implementation in ((example.shows, code), (example.right, right)):
        given, told = (
            eval(text, {"tensor": torch.tensor}).double() for text in (pasted(example.line, implementation), said)
        )
        assert torch.allclose(given, told, rtol=1e-3), (example, said)


def test_whole_numbers_that_are_places_stay_such() -> None:
    """Labels are less than the number of classes, an order holds each row once, and a count is no more than it was."""
    right = "def pick(s, y, order):\n    return s[order, y[order]]\n"
    wrong = "def pick(s, y, order):\n    return s[order, y]\n"
    s, y, order = torch.randn(5, 4), torch.tensor([3, 0, 2, 1, 3]), torch.tensor([4, 2, 0, 1, 3])
    call = Call("lesson", "pick", tuple(map(tensor_to_plain, (s, y, order))))
    got, expected = asks(wrong)(call), asks(right)(call)
    assert isinstance(got, Reply)
    assert isinstance(expected, Reply)
    one = Compared(call, got, expected, {"value"})
    example = smallest_example("lesson", one, (), series(wrong), asks(right), sure)
    assert example, "each smaller call would be out of range"


def test_it_is_the_smallest_that_shows_the_fault() -> None:
    example = smallest_example(
        "lesson", compared(*WRONG["sums"]), (), series(WRONG["sums"][1]), asks(RIGHT["mse"]), sure
    )
    assert example
    assert example.line.endswith("print(mse(torch.tensor([[1.0], [3.0]]), torch.tensor([[4.0], [7.0]])))")


def test_what_shows_no_difference_in_small_calls_has_none() -> None:
    code = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).mean() + (t1.shape[0] == 7)\n"
    assert smallest_example("lesson", compared("mse", code), (), series(code), asks(RIGHT["mse"]), sure) is None


def test_a_call_to_which_several_results_are_right_is_no_example() -> None:
    code = WRONG["sums"][1]
    tried: list[Call] = []

    def agreed(call: Call, _taken: Callable[[Reply], Any]) -> bool:
        tried.append(call)
        return len(tried) > 2

    found = smallest_example("lesson", compared(*WRONG["sums"]), (), series(code), asks(RIGHT["mse"]), agreed)
    first = smallest_example("lesson", compared(*WRONG["sums"]), (), series(code), asks(RIGHT["mse"]), sure)
    assert found
    assert first
    assert len(tried) == 3
    assert len(found.line) > len(first.line)
    assert smallest_example(
        "lesson", compared(*WRONG["sums"]), (), series(code), asks(RIGHT["mse"]), lambda *_: False
    ) is None  # fmt: skip


@pytest.mark.parametrize(("losses", "expected"), [((1.0, 3.0, 2.0), True), ((1.0, 1.0, 1.0), False)])
def test_right_answers_agree_on_an_order_where_no_two_numbers_are_equal(
    root: Path, losses: tuple[float, ...], expected: bool
) -> None:
    assignment = load_course(root).assignments["digits"]
    no_checks: Any = None
    diagnosis = Diagnosis(assignment, load_bank(root, assignment), no_checks, reference(root, assignment))
    scores = torch.tensor([[each, 0.0] for each in losses])
    call = Call("with_torch", "worst", (tensor_to_plain(scores), tensor_to_plain(torch.ones(3, dtype=torch.int64)), 2))
    assert diagnosis.all_agree(assignment.exercises["worst"], call, lambda reply: reply.value) is expected


def test_in_a_notebook_nothing_is_imported_that_stands_there() -> None:
    example = smallest_example("", compared(*WRONG["sums"]), (), series(WRONG["sums"][1]), asks(RIGHT["mse"]), sure)
    assert example
    assert example.line.startswith("import torch; print(mse(")


def test_a_learner_reads_it_in_place_of_a_call_that_only_tells_shapes(
    submit: Callable[..., Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    submit(
        tmp_path / "in", "ada", mse="def mse(t1, t2):\n    d = t1 - t2\n    return (d * d).sum() / (d.numel() - 1)\n"
    )
    run = kit("grade", tmp_path / "in", "--seed", 3, out=tmp_path / "out")
    feedback = run.results["ada"]["exercises"]["mse"]["feedback"]
    assert "import torch; from from_scratch import mse; print(mse(torch.tensor(" in feedback
    assert "right is" in feedback
    assert "of shape" not in feedback
