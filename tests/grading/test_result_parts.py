"""Where one part of a result is wrong in every call, that part is named, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from grader.grading.behaviour import Compared, Noticed
from grader.grading.result_parts import wrong_part
from grader.reading.definitions import unused_parameters
from grader.sandbox.inside.materialize import array_to_plain, tensor_to_plain
from grader.sandbox.protocol.messages import Call, Reply

WANTED = "Epoch [10/25], Loss: 4.5000\nEpoch [20/25], Loss: 3.2500"


def plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return tensor_to_plain(value)
    if isinstance(value, np.ndarray):
        return array_to_plain(value)
    return type(value)(map(plain, value)) if isinstance(value, tuple | list) else value


def returned(got: Any, right: Any) -> Compared:
    return Compared(Call("m", "f", ()), Reply(plain(got)), Reply(plain(right)), {"value"})


def printed(got: str, right: str = WANTED) -> Compared:
    return Compared(Call("m", "f", ()), Reply(None), Reply(None), {"lines:Epoch ["}, (got, right))


def after(got: torch.Tensor, right: torch.Tensor) -> Compared:
    return Compared(Call("m", "f", ()), Reply(None, (plain(got),)), Reply(None, (plain(right),)), {"leaf:0"})


def says(compared: list[Compared], *unused: str) -> str:
    noticed: Noticed | None = wrong_part("f", compared, ("w",), unused)
    return noticed.says if noticed else ""


def pair(rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.ones(rows, 3), torch.ones(rows, 2)


def test_a_value_of_a_tuple_is_of_another_kind_shape_or_type() -> None:
    kinds = [returned((pair(n)[0], pair(n)[1].numpy()), pair(n)) for n in (2, 5)]
    assert says(kinds) == "f returns a NumPy array in place of a tensor as the second value."
    shapes = [returned((pair(n)[0].T, pair(n)[1]), pair(n)) for n in (2, 5)]
    assert says(shapes) == "f returns a tensor of shape (3, 2) in place of a tensor of shape (2, 3) as the first value."
    types = [returned((pair(n)[0], pair(n)[1].double()), pair(n)) for n in (2, 5)]
    assert (
        says(types)
        == "f returns a tensor of float64 numbers in place of a tensor of float32 numbers as the second value."
    )


def test_nothing_is_said_of_a_tuple_of_which_a_value_is_wrong_in_some_calls_only() -> None:
    assert says([returned((pair(2)[0], 0.0), pair(2)), returned(pair(5), pair(5))]) == ""


def test_what_a_loop_gives_is_of_another_kind() -> None:
    got, right = ((({"x": 1.0}, {"x": 2.0}),), (([1.0], [2.0]),))
    one = Compared(Call("m", "f", ()), Reply(None, (), got), Reply(None, (), right), {"items"})
    assert says([one]) == "f returns something that gives, in a loop, a dict in place of a list."


def test_a_batch_may_be_a_tuple_or_a_list_and_another_object_is_no_matter_of_what_it_gives() -> None:
    got, right = ((((1.0,), (2.0,)),), (([1.0], [2.0]),))
    assert says([Compared(Call("m", "f", ()), Reply(None, (), got), Reply(None, (), right), {"items"})]) == ""
    zipped = Reply(1.0, (), (({"x": 1.0}, {"x": 2.0}),))
    assert says([Compared(Call("m", "f", ()), zipped, Reply(None, (), right), {"items"})]) == ""


def test_a_tensor_takes_no_gradients_any_more() -> None:
    still, gone = torch.ones(2, requires_grad=True), torch.ones(2)
    assert says([after(gone, still)]) == "f leaves `w` as a tensor that no longer requires gradients."
    assert says([after(gone, still), after(still, still)]) == ""


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("", "f prints no line that begins with `Epoch [`."),
        ("epoch 10: 4.5", "f prints no line that begins with `Epoch [`."),
        (
            "\n".join(f"Epoch [{n}/25], Loss: {loss}" for n, loss in ((9, 1.0), (10, 4.5), (11, 2.0), (20, 3.25))),
            "f prints the lines that it should, and others: 4 in place of 2.",
        ),
        ("Epoch [20/25], Loss: 3.2500", "f leaves out lines that it should print: 1 in place of 2."),
        (
            "Epoch [9/25], Loss: 4.5000\nEpoch [19/25], Loss: 3.2500",
            "f prints lines in which the first number is wrong, and all else is right.",
        ),
        (
            "Epoch [10/25], Loss: 4.1000\nEpoch [20/25], Loss: 3.0000",
            "f prints lines in which the third number is wrong, and all else is right.",
        ),
        ("Epoch [9/25], Loss: 4.1000\nEpoch [19/25], Loss: 3.0000", ""),
        ("Epoch [10/25], loss: 4.5000\nEpoch [20/25], loss: 3.2500", ""),
        ("Epoch [11/25], Loss: 4.5000\nEpoch [21/25], Loss: 3.2500\nEpoch [25/25], Loss: 3.0", ""),
        (WANTED, ""),
    ],
)
def test_what_is_wrong_with_printed_lines(got: str, words: str) -> None:
    assert says([printed(got), printed("", "")]) == words


def test_nothing_is_said_of_lines_where_the_result_is_wrong_too() -> None:
    both = Compared(Call("m", "f", ()), Reply(1.0), Reply(2.0), {"value", "lines:Epoch ["}, ("", WANTED))
    assert says([both]) == ""


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ("def f(a, c):\n    return a * 2", ("", "c")),
        ("def f(a, c):\n    c = 2\n    return a", ("", "c")),
        ("def f(a, c):\n    return a * c", ("", "")),
        ("def f(a, c):\n    return (lambda: a * c)()", ("", "")),
        ("def f(a, c):\n    return 1", ("a", "c")),
        ("def f(a, c):\n    return a * locals()['c']", ()),
        ("def f(a, *c):\n    return a", ()),
        ("def f(a, c):\n    del c\n    return a", ("", "")),
        ("f = lambda a, c: a", ()),
        ("def f(a, c)", ()),
    ],
)
def test_parameters_that_are_never_read(code: str, unused: tuple[str, ...]) -> None:
    assert unused_parameters(code, "f") == unused


def test_one_that_is_needed_and_never_read_is_the_cause_and_two_are_none() -> None:
    assert says([], "c") == "f never uses `c`, which it is given."
    assert says([], "a", "c") == ""
