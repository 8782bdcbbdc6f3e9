"""A course whose only assignment has two variants, as an author writes it: nothing in it is generated."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

COURSE = """
[course]
id = "sums"
name = "Sums"

[assignments.sums]
title = "Along an axis"
modules.reduce.title = "Reduce"

[assignments.sums.variants]
a = { axis = 0, reduction = "mean", along = "columnwise", shown = "tensor([2., 3.])" }
b = { axis = 1, reduction = "sum", along = "rowwise", shown = "tensor([3., 7.])" }

[assignments.sums.exercises.total]
module = "reduce"
title = "The {{reduction}}, {{along}}"
points = 3
hints = ["What does dim={{axis}} go along?", "Which method gives the {{reduction}}?", "That method takes a dim."]

[assignments.sums.exercises.double]
module = "reduce"
title = "Twice as much"
points = 1
hints = ["How much?", "What is two times three?", "Multiply."]
"""
SOLUTION = '''"""Numbers, {{along}}."""

import torch

from grader.checks import variant


def total(x):
    """The {{reduction}} of a tensor, {{along}}.

    x: float tensor (n, d). Returns a tensor, differentiable in x.

    >>> total(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    {{shown}}
    """
    ### BEGIN SOLUTION
    if variant("reduction") == "mean":
        return torch.mean(x, dim=variant("axis"))
    return torch.sum(x, dim=variant("axis"))
    ### END SOLUTION


def double(x):
    """Two times x: a tensor of the same shape, differentiable in x."""
    ### BEGIN SOLUTION
    return x * 2
    ### END SOLUTION
'''
HIDDEN = '''"""Hidden checks of `total`."""

from torch import autograd

from grader.checks import Backward, check, variant
from solutions.sums.reduce import total


@check("total")
def test_values(student, draw):
    """is the {{reduction}}, {{along}}"""
    for n, d in [(4, 3), (4, 3), (3, 3), (1, 5)]:
        x = draw.tensor(n, d).requires_grad_()
        upstream = draw.tensor((n, d)[1 - variant("axis")])
        outcome = student.total(x, then=Backward(upstream))
        right = total(x)
        autograd.backward(right, upstream)
        outcome.returns(right.detach())
        outcome.gradient(0, x.grad, "x")
'''
HIDDEN_DOUBLE = '''"""Hidden checks of `double`, which are the same in both variants."""

from torch import autograd

from grader.checks import Backward, check
from solutions.sums.reduce import double


@check("double")
def test_values(student, draw):
    """is twice as much"""
    for shape in [(4, 3), (4, 3), (2, 2)]:
        x, upstream = draw.tensor(*shape).requires_grad_(), draw.tensor(*shape)
        outcome = student.double(x, then=Backward(upstream))
        right = double(x)
        autograd.backward(right, upstream)
        outcome.returns(right.detach())
        outcome.gradient(0, x.grad, "x")
'''
VISIBLE = '''"""Visible checks."""

import torch

from grader.checks import check, variant


@check("total")
def test_small(student):
    """is the {{reduction}}, {{along}}"""
    wanted = {0: [2.0, 3.0], 1: [3.0, 7.0]}[variant("axis")]
    student.total(torch.tensor([[1.0, 2.0], [3.0, 4.0]])).returns(torch.tensor(wanted))


@check("double")
def test_twice(student):
    """is twice as much"""
    student.double(torch.tensor([1.0, -2.0])).returns(torch.tensor([2.0, -4.0]))
'''
OTHER_AXIS = '''"""The same along the other axis.

Shows: Another shape, unless there are as many rows as columns.
Says: The numbers go along the other axis of the tensor than {{along}}.
Lesson: axes
"""


def total(x):
    return getattr(torch, variant("reduction"))(x, dim=1 - variant("axis"))
'''
UNBOUND = '''"""Taken apart."""


def total(x):
    parts = x.unbind(variant("axis"))
    return sum(parts) / len(parts) if variant("reduction") == "mean" else sum(parts)
'''
LESSON = """# Along an axis

<a id="axes"></a>
## Axis {{axis}}

What the {{reduction}} is, {{along}}:

```python
import torch

print(torch.ones(2, 2).{{reduction}}({{axis}}).shape)
```

<!-- exercise: total -->

<!-- exercise: double -->
"""
FILES = {
    "course.toml": COURSE,
    "solutions/sums/reduce.py": SOLUTION,
    "solutions/sums/hidden/test_total.py": HIDDEN,
    "solutions/sums/hidden/test_double.py": HIDDEN_DOUBLE,
    "solutions/sums/mistakes/total/other_axis.py": OTHER_AXIS,
    "solutions/sums/right/total/unbound.py": UNBOUND,
    "exercises/sums/checks/test_reduce.py": VISIBLE,
    "exercises/sums/lesson.md": LESSON,
}


@pytest.fixture(scope="session")
def authored(root: Path) -> Callable[[Path], Path]:
    """Writes what the author of the course wrote into a folder."""

    def write(folder: Path) -> Path:
        for file, text in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        for name in ("conftest.py", "pytest.ini"):
            shutil.copy(root / "exercises" / name, folder / "exercises" / name)
        return folder

    return write
