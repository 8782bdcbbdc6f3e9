"""What authors write about a parameter, in any of the usual layouts, is read; what says nothing is not guessed at."""

from __future__ import annotations

import ast
import random
from typing import Any

import pytest

from grader.authoring.docstring_inputs import Input, described
from grader.authoring.drawn_inputs import drawing, inputs_of
from grader.authoring.visible_text import argument
from grader.checks import Draw, real


def read(docstring: str, signature: str = "x, y") -> dict[str, Input]:
    (node,) = ast.parse(f"def exercise({signature}):\n    pass\n").body
    assert isinstance(node, ast.FunctionDef)
    return {each.name: each for each in described(node, docstring).inputs}


def drawn(docstring: str, signature: str = "x") -> list[tuple[Any, ...]]:
    """What is drawn for each case."""
    (node,) = ast.parse(f"def exercise({signature}):\n    pass\n").body
    assert isinstance(node, ast.FunctionDef)
    return [given for _, given in inputs_of(drawing("exercise", described(node, docstring)), Draw(1))]


@pytest.mark.parametrize(
    "docstring",
    [
        "Add.\n\nx: tensor (n, d); y: tensor (d,).",
        "Add.\n\nx: float tensor (n, d)\ny: a tensor of shape (d,)\n\nReturns a tensor (n, d).",
        "Add.\n\nArgs:\n    x (torch.Tensor): the rows, of shape (n, d).\n    y (torch.Tensor): shape (d,), added to each.",
        "Add.\n\nParameters\n----------\nx : tensor (n, d)\n    the rows\ny : tensor (d,)\n",
        "Add.\n\n:param x: tensor (n, d)\n:param y: tensor (d,)\n:returns: the sums",
        "The rows of x (n, d) and the numbers of y (d,) added up.",
    ],
)
def test_shapes_are_read_in_any_layout(docstring: str) -> None:
    found = read(docstring)
    assert {name: (each.kind, each.shape) for name, each in found.items()} == {
        "x": ("tensor", ("n", "d")),
        "y": ("tensor", ("d",)),
    }


@pytest.mark.parametrize(
    ("said", "kind", "more"),
    [
        ("a float", "number", {}),
        ("the learning rate", "number", {}),
        ("how many steps to take", "integer", {}),
        ("whether to shuffle", "flag", {}),
        ("three numbers in a list", "numbers", {"shape": ("3",)}),
        ("tensor of any shape", "tensor", {"shape": None}),
        ("a tensor without dimensions", "tensor", {"shape": ()}),
        ("NumPy array (n, d)", "array", {"shape": ("n", "d")}),
        ("int64 tensor (n,), labels from 0 to k - 1", "tensor", {"dtype": "int64", "below": "k"}),
        ("order: each of 0 ... n - 1 once, an int64 tensor (n,)", "tensor", {"once": True}),
        ("positive float tensor (n,)", "tensor", {"low": 0.5}),
        ("float tensor (n, d) without rows of zeros", "tensor", {"low": None}),
        ("tensor (n,) of numbers between 0 and 1", "tensor", {"low": 0.0, "high": 1.0}),
        ("leaf tensor that requires gradients", "tensor", {"requires_grad": True, "has_grad": False}),
        ("leaf tensor that requires gradients, with .grad set", "tensor", {"requires_grad": True, "has_grad": True}),
        ("takes a tensor (n, 3) and returns one of (n, 2)", "model", {"sizes": ("3", "2")}),
        ("float64 tensor (n, d + 1)", "tensor", {"shape": ("n", "d + 1"), "dtype": "float64"}),
        ("called with predictions and targets", "", {}),
        ("a loss function", "loss", {}),
        ("the loss of each epoch, a float", "number", {}),
        ("an optimizer", "", {}),  # of whose parameters, nobody knows
        ("gives (inputs, targets) batches", "", {}),
        ("what is needed", "", {}),
    ],
)
def test_what_is_said_of_a_parameter_is_what_is_drawn(said: str, kind: str, more: dict[str, object]) -> None:
    one = read(f"Do it.\n\nx: {said}.", "x")["x"]
    assert (one.kind, {name: getattr(one, name) for name in more}) == (kind, more)


def test_an_optimizer_has_the_parameters_of_the_model_beside_it() -> None:
    docstring = "Do.\n\nopt: an optimizer of its parameters\nmodel: takes a tensor (n, 3) and returns one of (n, 2)"
    found = read(docstring, "opt, model")
    assert {name: each.kind for name, each in found.items()} == {"opt": "optimizer", "model": "model"}
    (node,) = ast.parse("def exercise(opt, model):\n    pass\n").body
    assert isinstance(node, ast.FunctionDef)
    for _, (opt, model) in inputs_of(drawing("exercise", described(node, docstring)), Draw(1)):
        real_opt, real_model = real(opt, model)
        assert real_opt.param_groups[0]["params"] == list(real_model.parameters())


def test_annotations_defaults_and_the_example_tell_what_the_words_leave_out() -> None:
    found = read("Do it.\n\n>>> exercise(torch.tensor([[1.0, 2.0]]), 3, (1, 2))\n3", "a, b, c, d: float, e=True")
    assert {name: each.kind for name, each in found.items()} == {
        **{"a": "tensor", "b": "integer", "c": "numbers", "d": "number", "e": "flag"}
    }
    assert len(found["a"].shape or ()) == 2


def test_a_whole_number_is_never_1_with_which_many_a_mistake_does_what_is_right() -> None:
    given = {number for (number,) in drawn("Means.\n\nk: int, how many numbers each mean is of.", "k")}
    written = {argument(Input("k", "integer"), {}, random.Random(seed)) for seed in range(50)}
    assert len(given) > 1
    assert len(written) > 1
    assert min(given) > 1
    assert min(map(int, written)) > 1


def test_sizes_agree_between_the_inputs_differ_in_each_case_and_are_one_somewhere() -> None:
    cases = drawn("Do.\n\nx: tensor (n, d); w: tensor (t, d); y: int64 tensor (n,), labels from 0 to t - 1.", "x, w, y")
    sizes = [(x.shape[0], x.shape[1], w.shape[0]) for x, w, _ in cases]
    assert all(x.shape[1] == w.shape[1] and y.shape == x.shape[:1] for x, w, y in cases)
    assert all(y.min() >= 0 and y.max() < len(w) for _, w, y in cases)
    assert sizes[0] == sizes[1]
    assert all(any(case[at] == 1 for case in sizes) for at in range(3))
    assert len(set(sizes[0])) == 3
    order = drawn("Do.\n\nx: int64 tensor (n,), each of 0 ... n - 1 once.")
    assert all(sorted(x.tolist()) == list(range(len(x))) for (x,) in order)
