"""The visible checks of `to_rows`."""

import numpy as np
import torch

from grader.checks import check, guard

IMAGES = [[[0, 4], [8, 16]], [[16, 16], [2, 1]]]
ROWS = [[0, 0.25, 0.5, 1], [1, 1, 0.125, 0.0625]]


@check("to_rows", points=2)
def test_two_small_images(student):
    """makes a row of four numbers of each image of 2 x 2"""
    for dtype in (np.uint8, np.int64):
        outcome = student.to_rows(np.array(IMAGES, dtype=dtype))
        outcome.returns(torch.tensor(ROWS), what="the tensor of rows")


@check("to_rows", points=1)
def test_other_sizes(student):
    """works for images of any height and width, and for other kinds of numbers"""
    outcome = student.to_rows(np.array([[[4.0, 12.0, 6.0]]]))
    outcome.returns(torch.tensor([[0.25, 0.75, 0.375]]), what="the tensor of rows")
    outcome = student.to_rows(np.array([[[16], [0], [8]], [[0], [2], [14]]], dtype=np.uint8))
    outcome.returns(torch.tensor([[1, 0, 0.5], [0, 0.125, 0.875]]), what="the tensor of rows")


@guard("to_rows", penalty=0.25)
def test_images_stay_as_they_are(student):
    """leaves the images as they were"""
    student.to_rows(np.array(IMAGES, dtype=np.float32)).leaves_alone(0)
