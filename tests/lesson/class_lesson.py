"""A course whose exercises are classes: a module of torch's, a dataset, and a plain class; and a function that uses one."""

from __future__ import annotations

COURSE = """
[course]
id = "classes"
name = "A course of classes"

[assignments.objects]
title = "Objects"
modules.objects.title = "Objects"

[assignments.objects.exercises.net]
module = "objects"
function = "Net"
title = "A model"
points = 4
hints = ["What does a layer hold?", "Register it.", "Use nn.Linear."]

[assignments.objects.exercises.rows]
module = "objects"
function = "Rows"
title = "A dataset"
points = 2
hints = ["How many rows?", "Which one?", "Index it."]

[assignments.objects.exercises.scaler]
module = "objects"
function = "Scaler"
title = "A scaler"
points = 3
hints = ["What is kept?", "Keep the mean.", "Subtract it."]

[assignments.objects.exercises.descend]
module = "objects"
title = "One step with a model"
points = 1
needs = ["net"]
hints = ["Which step?", "Backward first.", "Then opt.step()."]
"""

SOLUTION = '''"""Objects."""

import torch
from torch import nn
from torch.utils.data import Dataset


class Net(nn.Module):
    """Scores for each class: one linear layer `linear` from `features` numbers to `classes`."""

    def __init__(self, features, classes):
        """Make the layer."""
        super().__init__()
        ### BEGIN SOLUTION
        self.linear = nn.Linear(features, classes)
        ### END SOLUTION

    def forward(self, images):
        """Scores (n, classes) of images (n, height, width)."""
        ### BEGIN SOLUTION
        flat = images.reshape(images.shape[0], -1)
        return self.linear(flat)
        ### END SOLUTION


class Rows(Dataset):
    """Pairs of an input and a target."""

    def __init__(self, inputs, targets):
        self.inputs, self.targets = inputs, targets

    def __len__(self):
        ### BEGIN SOLUTION
        return len(self.inputs)
        ### END SOLUTION

    def __getitem__(self, index):
        ### BEGIN SOLUTION
        return self.inputs[index], self.targets[index]
        ### END SOLUTION


class Scaler:
    """Moves and stretches columns, so that those it was fitted to have mean 0 and mean square 1."""

    def fit(self, x):
        """Keep mean and spread of the columns of x (n, d)."""
        ### BEGIN SOLUTION
        self.mean = x.mean(dim=0)
        self.spread = ((x - self.mean) ** 2).mean(dim=0).sqrt()
        ### END SOLUTION

    def apply(self, x):
        """The scaled columns."""
        ### BEGIN SOLUTION
        return (x - self.mean) / self.spread
        ### END SOLUTION


def descend(net, images, targets, opt):
    """One step with the mean squared error."""
    ### BEGIN SOLUTION
    loss = ((net(images) - targets) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.item()
    ### END SOLUTION
'''

HIDDEN = '''
import torch

from grader.checks import Backward, Build, Parameters, attribute_of, call_method, check, guard, load_state, state_of
from solutions.objects import objects


def filled(student, draw, features, classes):
    """The learner's model and ours with the same parameters."""
    state = {"linear.weight": draw.tensor(classes, features), "linear.bias": draw.tensor(classes)}
    theirs, ours = student.new.Net(features, classes), objects.Net(features, classes)
    load_state(theirs, state)
    ours.load_state_dict(state)
    return theirs, ours


@check("net", points=1)
def test_parameters(student):
    """has the parameters of one linear layer"""
    state_of(student.new.Net(6, 3)).holds(0, {"linear.weight": (3, 6), "linear.bias": (3,)})


@check("net", points=2)
def test_scores(student, draw):
    """gives scores for images"""
    theirs, ours = filled(student, draw, 6, 4)
    images = draw.tensor(5, 2, 3)
    theirs(images).returns(ours(images).detach(), what="the scores")


@check("net", points=1)
def test_gradients(student, draw):
    """can be trained: gradients reach its parameters"""
    theirs, ours = filled(student, draw, 6, 4)
    images, upstream = draw.tensor(5, 2, 3), draw.tensor(5, 4)
    outcome = theirs(images, then=Backward(upstream))
    ours(images).backward(upstream)
    outcome.gradients(0, {name: each.grad for name, each in ours.named_parameters()})
    attribute_of(theirs, "training").returns(True)


@check("rows")
def test_length(student, draw):
    """has a length"""
    length = draw.integer(6, 20)
    rows = student.new.Rows(draw.tensor(length, 2), draw.tensor(length))
    call_method(rows, "__len__").returns(length)


@check("rows")
def test_items(student, draw):
    """gives pairs"""
    x, y = draw.tensor(5, 2), draw.tensor(5)
    rows = student.new.Rows(x, y)
    asked = [call_method(rows, "__getitem__", index) for index in (0, 3)]
    for outcome, index in zip(asked, (0, 3), strict=True):
        outcome.returns((x[index], y[index]))


@check("scaler", points=2)
def test_scaled(student, draw):
    """scales others by what it was fitted to"""
    x, other = draw.tensor(6, 2), draw.tensor(3, 2)
    theirs, ours = student.new.Scaler(), objects.Scaler()
    theirs.fit(x)
    ours.fit(x)
    theirs.apply(other).returns(ours.apply(other))


@check("scaler", points=1)
def test_the_last_fit_counts(student, draw):
    """can be fitted again"""
    x, other = draw.tensor(6, 2), draw.tensor(3, 2)
    theirs, ours = student.new.Scaler(), objects.Scaler()
    theirs.fit(x)
    theirs.fit(other)
    ours.fit(other)
    theirs.apply(x).returns(ours.apply(x))


@check("descend")
def test_step(student, draw):
    """takes a step of its own model"""
    theirs, ours = filled(student, draw, 4, 2)
    images, targets = draw.tensor(3, 2, 2), draw.tensor(3, 2)
    opt = Build("torch.optim.SGD", (Parameters(theirs),), {"lr": 0.1})
    outcome = student.descend(theirs, images, targets, opt)
    loss = objects.descend(ours, images, targets, torch.optim.SGD(ours.parameters(), lr=0.1))
    outcome.returns(loss, what="the loss")
    outcome.trained(0, dict(ours.named_parameters()))
'''

VISIBLE = '''
import torch

from grader.checks import call_method, check, load_state


@check("net")
def test_one_image(student):
    """gives the scores of one image"""
    net = student.new.Net(4, 1)
    load_state(net, {"linear.weight": torch.tensor([[1.0, 2.0, 3.0, 4.0]]), "linear.bias": torch.tensor([0.5])})
    net(torch.ones(1, 2, 2)).returns(torch.tensor([[10.5]]))


@check("rows")
def test_three_rows(student):
    """has three rows"""
    call_method(student.new.Rows(torch.ones(3, 2), torch.ones(3)), "__len__").returns(3)


@check("scaler")
def test_two_numbers(student):
    """makes 1 and 3 to -1 and 1"""
    scaler = student.new.Scaler()
    x = torch.tensor([[1.0], [3.0]])
    scaler.fit(x)
    scaler.apply(x).returns(torch.tensor([[-1.0], [1.0]]))
'''

FILES = {
    "course.toml": COURSE,
    "solutions/objects/objects.py": SOLUTION,
    "solutions/objects/hidden/test_objects.py": HIDDEN,
    "exercises/objects/checks/test_objects.py": VISIBLE,
}
RIGHT = SOLUTION.replace("        ### BEGIN SOLUTION\n", "").replace("        ### END SOLUTION\n", "")
