"""A class whose objects are made of whatever: checks are suggested, or a sentence says why none are."""

from __future__ import annotations

import ast

import pytest

from grader.authoring.class_texts import Module, module_of, tried
from grader.core.assignment import Exercise

CLASS = '''
import torch


class Net(torch.nn.Module):
    """A model."""

    def __init__(self, given):
        """Make it.

        given: {said}
        """
        super().__init__()
        self.layer = torch.nn.Linear(3, 2)

    def forward(self, x):
        """Scores.

        x: float tensor (n, 3). Returns a tensor (n, 2).
        """
        return self.layer(x)
'''
OF_SIZES = [
    "an int.",
    "how many rows.",
    "a float between 0 and 1.",
    "a bool: whether there is a bias.",
    "True or False.",
]
OF_MORE = ["float tensor (k, d).", "float tensor of any shape.", "a NumPy array (k,).", "a list of 3 floats."]
NET = Exercise(id="net", module="lesson", function="Net", title="", points=1.0, hints=())


def read(said: str) -> Module | str:
    definition = ast.parse(CLASS.format(said=said)).body[-1]
    assert isinstance(definition, ast.ClassDef)
    return module_of(definition, NET)


@pytest.mark.parametrize("said", OF_SIZES)
def test_objects_that_are_made_of_sizes_numbers_and_flags_are_made(said: str) -> None:
    module = read(said)
    assert isinstance(module, Module), module
    made = tried(module, {"lesson": CLASS.format(said=said)})
    assert not isinstance(made, str), made


@pytest.mark.parametrize("said", OF_MORE)
def test_for_objects_that_are_made_of_more_a_sentence_says_what_to_do(said: str) -> None:
    told = read(said)
    assert isinstance(told, str), told
    assert told.startswith("Objects are made with more than sizes, given: ")
    assert told.endswith("student.new.Net(given)")
