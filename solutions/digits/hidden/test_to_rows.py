"""Hidden checks of `to_rows`."""

import numpy as np

from grader.checks import check, guard
from solutions.digits.from_scratch import to_rows


@check("to_rows")
def test_values(student, draw):
    """gives a float32 row of numbers from 0 to 1 for each image, whatever their size and type"""
    shapes = [(5, 8, 8), (5, 8, 8), (1, 3, 2), (4, 2, 5), (3, 1, 1), (2, 1, 4)]
    types = [np.uint8, np.int64, np.float64, np.float32, np.int32, np.uint8]
    images = [draw.array(*shape, high=17, dtype=dtype) for shape, dtype in zip(shapes, types, strict=True)]
    outcomes = [student.to_rows(each) for each in images]
    for outcome, each in zip(outcomes, images, strict=True):
        outcome.returns(to_rows(each), what="the tensor of rows")


@guard("to_rows", penalty=0.25)
def test_leaves_the_images_alone(student, draw):
    """leaves the images as they were"""
    for dtype in (np.float32, np.uint8):
        student.to_rows(draw.array(2, 3, 3, low=1, high=17, dtype=dtype)).leaves_alone(0)
