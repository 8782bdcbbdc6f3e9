"""The visible checks of `Digits`."""

import numpy as np
import torch

from grader.checks import EXACT, call_method, check, guard

IMAGES = [[[0, 4], [8, 16]], [[16, 16], [2, 1]], [[12, 0], [0, 6]]]
ROWS = [[0, 0.25, 0.5, 1], [1, 1, 0.125, 0.0625], [0.75, 0, 0, 0.375]]


@check("dataset", points=2)
def test_items_of_three(student):
    """gives each of three images as a row, with its label"""
    for dtype in (np.uint8, np.int64):
        digits = student.new.Digits(np.array(IMAGES, dtype=dtype), np.array([7, 0, 5], dtype=dtype))
        for index, label in [(1, 0), (0, 7), (2, 5)]:
            outcome = call_method(digits, "__getitem__", index)
            outcome.returns((torch.tensor(ROWS[index]), torch.tensor(label)), EXACT, "the item")


@check("dataset", points=1)
def test_length_of_three_and_of_one(student):
    """has as many items as there are images"""
    call_method(student.new.Digits(np.array(IMAGES), np.array([7, 0, 5])), "__len__").returns(3, what="the length")
    call_method(student.new.Digits(np.array(IMAGES[:1]), np.array([7])), "__len__").returns(1, what="the length")


@guard("dataset", penalty=0.25)
def test_asked_twice(student):
    """gives the same when it is asked twice"""
    digits = student.new.Digits(np.array(IMAGES, dtype=np.float32), np.array([7, 0, 5]))
    for _ in range(2):
        call_method(digits, "__getitem__", 2).returns((torch.tensor(ROWS[2]), torch.tensor(5)), EXACT, "the item")
