"""The visible checks of `split`."""

import torch

from grader.checks import EXACT, check, guard

X = torch.tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5], [4.0, 4.5], [5.0, 5.5]])
Y = torch.tensor([7, 8, 9, 1, 2, 3])
ORDER = torch.tensor([4, 0, 5, 1, 3, 2])


@check("split", points=2)
def test_six_rows(student):
    """takes three rows for training, one for validation and two for the test"""
    outcome = student.split(X.clone(), Y.clone(), ORDER.clone(), 3, 1)
    training = torch.tensor([[4.0, 4.5], [0.0, 0.5], [5.0, 5.5]]), torch.tensor([2, 7, 3])
    validation = torch.tensor([[1.0, 1.5]]), torch.tensor([8])
    test = torch.tensor([[3.0, 3.5], [2.0, 2.5]]), torch.tensor([1, 9])
    outcome.returns((training, validation, test), EXACT, "the split")


@check("split", points=1)
def test_other_sizes(student):
    """takes as many rows for each set as it is told to"""
    outcome = student.split(X[:4].clone(), Y[:4].clone(), torch.tensor([2, 0, 3, 1]), 1, 2)
    training = torch.tensor([[2.0, 2.5]]), torch.tensor([9])
    validation = torch.tensor([[0.0, 0.5], [3.0, 3.5]]), torch.tensor([7, 1])
    test = torch.tensor([[1.0, 1.5]]), torch.tensor([8])
    outcome.returns((training, validation, test), EXACT, "the split")


@guard("split", penalty=0.25)
def test_data_stays_as_it_is(student):
    """leaves rows, labels and order as they were"""
    student.split(X.clone(), Y.clone(), ORDER.clone(), 2, 2).leaves_alone(0, 1, 2)
