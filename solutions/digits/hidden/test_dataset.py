"""Hidden checks of `Digits`."""

import numpy as np

from grader.checks import EXACT, call_method, check, guard
from solutions.digits.with_torch import Digits

KINDS = [((6, 8, 8), np.uint8, np.uint8), ((6, 8, 8), np.uint8, np.uint8), ((9, 2, 3), np.float64, np.int64),
         ((4, 3, 1), np.int32, np.int32)]  # fmt: skip


def drawn(draw, shape, kind, kind_of_labels):
    images = draw.array(*shape, high=17, dtype=kind)
    return images, np.array([draw.integer(0, 9) for _ in images], dtype=kind_of_labels)


@check("dataset", points=2)
def test_items(student, draw):
    """gives each image as a row from 0 to 1, with its label"""
    asked = []
    for kinds in KINDS:
        images, labels = drawn(draw, *kinds)
        theirs, ours = student.new.Digits(images, labels), Digits(images, labels)
        asked += [(call_method(theirs, "__getitem__", at), ours[at]) for at in (draw.integer(1, len(images) - 2), 0)]
        last = len(images) - 1
        asked.append((call_method(theirs, "__getitem__", last), ours[last]))
    for outcome, (row, label) in asked:
        outcome.returns((row, label), EXACT, "the item")


@check("dataset", points=1)
def test_length(student, draw):
    """has as many items as there are images"""
    for shape, *kinds in [*KINDS, ((1, 8, 8), np.uint8, np.uint8)]:
        images, labels = drawn(draw, shape, *kinds)
        call_method(student.new.Digits(images, labels), "__len__").returns(len(images), what="the length")


@guard("dataset", penalty=0.25)
def test_leaves_the_images_alone(student, draw):
    """leaves the images as they were, however often one is asked for"""
    images, labels = draw.array(3, 2, 2, low=1, high=17, dtype=np.float32), np.array([1, 2, 3])
    theirs, ours = student.new.Digits(images, labels), Digits(images, labels)
    asked = [call_method(theirs, "__getitem__", 1) for _ in range(3)]
    for outcome in asked:
        outcome.returns(ours[1], EXACT, "the item")
