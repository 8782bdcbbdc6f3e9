"""torch's slow first steps, done once before forking."""

from __future__ import annotations

import sys

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.sandbox.inside.compiler_stand_ins import stand_in_for_compiler
from grader.sandbox.inside.execute import perform, pretend, to_plain
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Call

_SOURCE = """
import torch
def usual(x, w):
    print(x)
    w.sub_(0.1 * w)
    w -= 0.1 * w.grad if w.grad is not None else w * 1.0
    w.zero_()
    y = (torch.matmul(x, w.t()) + x @ w.t() + 1 - x) / 2
    return y.square().mean() + (y * y).sum() / y.numel() + torch.mean(torch.pow(y, 2)) + ((x - y) ** 2).mean()
def mixed(x, w):
    return x + torch.zeros(x.shape)
"""


def warm_up() -> None:
    """All of it, for a zygote: one training step, one call of each kind."""
    torch.set_num_threads(1)
    first_steps()
    modules = LearnerModules({"warm": _SOURCE})
    parameter = torch.ones(2, 2)
    parameter.grad = torch.ones(2, 2)
    arguments = (tensor_to_plain(torch.ones(2, 2)), tensor_to_plain(parameter))
    perform(Call("warm", "usual", arguments, watch=("torch.nn.functional.linear",)), modules, "cpu", (Exception,))
    for name in ("usual", "mixed"):
        pretend(Call("warm", name, arguments, pretend=True), modules, (Exception,))
    modules.forget()
    to_plain([1.0, {"a": None}])
    sys.stdout.flush()  # or every child would print it again


def first_steps() -> None:
    """One training step with each of the usual optimizers, and one gradient that is given. The first of them would
    import 800 modules of torch's compiler."""
    stand_in_for_compiler()
    model = nn.Linear(3, 2)
    torch.autograd.backward(model(torch.ones(4, 3)), torch.ones(4, 2))
    model.zero_grad()
    loader = DataLoader(TensorDataset(torch.ones(4, 3), torch.ones(4, 2)), 2, shuffle=True)
    for optimizer in (
        torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9),
        torch.optim.Adam(model.parameters(), lr=0.1),
    ):
        for x, y in loader:
            torch.autograd.backward(nn.functional.mse_loss(model(x), y))
            optimizer.step()
            optimizer.zero_grad()
