"""The visible checks of `save_and_load`."""

import io

import torch

from grader.checks import check, guard


def layer(weight, bias):
    net = torch.nn.Linear(2, 1)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([weight]))
        net.bias.copy_(torch.tensor([bias]))
    return net


def content(outcome, file):
    if file.closed:
        outcome.fail("The file is closed afterwards: leave it open, for whoever gave it to you.")
    return file.getvalue()


def written(outcome, file):
    data = content(outcome, file)
    if not data:
        outcome.fail("Nothing was written to the file.")
    return data


@check("save_and_load", points=2)
def test_three_numbers(student):
    """leaves the other model with the three numbers of the first, and the file with them, too"""
    file = io.BytesIO()
    outcome = student.save_and_load(layer([1.5, -2.0], 0.25), layer([0.0, 7.0], 1.0), file)
    outcome.trained(1, {"weight": torch.tensor([[1.5, -2.0]]), "bias": torch.tensor([0.25])})
    data = written(outcome, file)
    try:
        found = sorted(torch.load(io.BytesIO(data)))
    except Exception:
        outcome.fail("torch.load can't read what is in the file as a model's numbers: it should be a state_dict.")
    outcome.equals("the names in the file", found, ["bias", "weight"])


@check("save_and_load", points=1)
def test_bytes_of_the_file(student):
    """returns how many bytes the file has"""
    file = io.BytesIO()
    outcome = student.save_and_load(layer([1.0, 2.0], 3.0), layer([0.0, 0.0], 0.0), file)
    size = outcome.value
    data = content(outcome, file) if size == 0 else written(outcome, file)
    outcome.equals("the number of bytes", size, len(data))


@guard("save_and_load", penalty=0.5)
def test_first_model_stays_as_it_is(student):
    """leaves the first model as it was"""
    outcome = student.save_and_load(layer([1.0, 2.0], 3.0), layer([4.0, 5.0], 6.0), io.BytesIO())
    outcome.trained(0, {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([3.0])})
