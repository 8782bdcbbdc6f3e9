"""The visible checks of `worst`."""

import torch

from grader.checks import check, guard

# The last column is the label. All but rows 1 and 5 are wrong. Row 3 has the highest score, and is the least sure of
# all: its two scores are nearly equal.
ROWS = [[2.0, 0.0, 1], [0.0, 9.0, 1], [0.0, 4.0, 0], [30.1, 30.0, 1], [-7.0, -8.0, 1], [5.0, 0.0, 0]]

# Three classes, and both rows wrong: of the first it was nearly certain, in the second it wavered between two.
THREE = [[5.0, 0.0, 0.0, 1], [5.0, 4.0, -9.0, 2]]


def arguments(*rows):
    numbers = torch.tensor(rows)
    return numbers[:, :-1].clone(), numbers[:, -1].long()


@check("worst", points=2)
def test_the_surest_first(student):
    """gives the mistakes that the model was surest of, the surest first"""
    student.worst(*arguments(*ROWS), 2).returns(torch.tensor([2, 0]), what="the tensor of row numbers")
    student.worst(*arguments(*ROWS), 3).returns(torch.tensor([2, 0, 4]), what="the tensor of row numbers")
    student.worst(*arguments(*ROWS[3:]), 1).returns(torch.tensor([1]), what="the tensor of row numbers")
    student.worst(*arguments(*THREE), 2).returns(torch.tensor([0, 1]), what="the tensor of row numbers")


@check("worst", points=1)
def test_fewer_mistakes_than_asked_for(student):
    """gives all there are, where there are fewer"""
    student.worst(*arguments(*ROWS), 20).returns(torch.tensor([2, 0, 4, 3]), what="the tensor of row numbers")
    student.worst(*arguments(ROWS[0], ROWS[1]), 2).returns(torch.tensor([0]), what="the tensor of row numbers")
    student.worst(*arguments(ROWS[1], ROWS[5]), 3).returns(
        torch.tensor([], dtype=torch.int64), what="the tensor of row numbers"
    )


@guard("worst", penalty=0.25)
def test_arguments_stay_as_they_are(student):
    """leaves scores and labels as they were"""
    student.worst(*arguments(*ROWS), 2).leaves_alone(0, 1)
