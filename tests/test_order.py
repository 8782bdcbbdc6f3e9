"""What needs each other is put in order, and otherwise stays as it is written."""

from __future__ import annotations

from grader.core.assignment import in_order


def test_what_needs_nothing_stays_as_it_is_written() -> None:
    assert in_order({"c": (), "a": (), "b": ()}) == ["c", "a", "b"]


def test_a_name_comes_after_what_it_needs_each_once() -> None:
    needs = {"train": ("model", "mse"), "mse": ("model",), "model": (), "fit": ("train",)}
    assert in_order(needs) == ["model", "mse", "train", "fit"]


def test_needs_that_nobody_knows_and_circles_are_no_obstacle() -> None:
    assert in_order({"a": ("b", "unknown"), "b": ("a",), "c": ("c",)}) == ["b", "a", "c"]
