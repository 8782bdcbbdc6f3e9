"""Cases for the table of exceptions: code of a learner's, and what the sentence for it must hold.

Every case is really raised by `test_exceptions.py`, so that the table is tested on the messages of the torch, NumPy and
Python that are installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.protocol.messages import Backward, Iterate
from tests.checks.exceptions_of_python import IMPORTED, PYTHON
from tests.checks.exceptions_of_torch import TORCH

HEAD = "import torch\nimport numpy as np\nfrom torch import nn\n"
# What learners' functions are called with: a leaf with gradients, of two numbers.
W = tensor_to_plain(torch.tensor([1.0, 2.0], requires_grad=True))
PAIR = Backward(tensor_to_plain(torch.ones(2)))
SINGLE = Backward(tensor_to_plain(torch.tensor(1.0)))


def body(code: str) -> str:
    return HEAD + "def f(w):\n" + "".join(f"    {line}\n" for line in code.split("\n"))


# The body of a function, what is done with what it returns, and what must be in the sentence.
RETURNED: list[tuple[str, Backward | Iterate, str]] = [
    ("return w.detach()", PAIR, "^No gradient can be computed through the result: .*detach"),
    ("return w", SINGLE, r"The function returned a tensor of shape \(2,\) where one of shape \(\) is expected"),
    ("return w * w", Backward(None), "exactly one number, and a single one is expected"),
    (
        "loss = (w * w).sum()\nloss.backward()\nreturn loss",
        SINGLE,
        "has already gone through .* result: inside the function, or in an earlier call",
    ),
    ("y = w.exp()\nz = y * y\ny += 1\nreturn z", PAIR, "changed in place after it had been used"),
    ("pass", SINGLE, "The function returned None.* return with a value"),
    ("return w.sum().item()", SINGLE, r"returned a plain number \(float\).*A tensor is expected"),
    ("return w.mean", SINGLE, "returned a function.*parentheses"),
    ("return np.ones(2)", PAIR, "something other than a tensor"),
    ("return [w, w * 2]", PAIR, "returned 2 tensors where a single one"),
    ("pass", Iterate(1), "The function returned None, and that can't be used in a for loop"),
    ("return 3", Iterate(1), r"returned a plain number \(int\), and that can't be used in a for loop"),
    ("return w.sum()", Iterate(1), "a tensor that is a single number"),
    ("return torch.utils.data.DataLoader", Iterate(1), "returned a class.*parentheses"),
    (
        "return torch.utils.data.DataLoader([torch.ones(2), torch.ones(3)], 2)",
        Iterate(1),
        r"number 0 has the shape \(2,\)",
    ),
]

# A definition of f that can't be called with the two arguments of the exercise.
WITH_TWO = "can't be called with 2 arguments, as the exercise calls it"
DEFINED = [
    "def f(w): return w",
    "def f(w, x, y): return w",
    "def f(): return 1",
    "f = lambda: 1",
    "class f: pass",
    "class f:\n    def __init__(self, a): pass",
    "f = torch.sqrt",
]


def everything() -> Iterator[tuple[str, str, Backward | Iterate | None, tuple[Any, ...]]]:
    """All cases: a source, what the sentence must hold, the follow-up, the arguments."""
    for code, says in (*TORCH, *PYTHON):
        yield body(code), says, None, (W,)
    for source, says in IMPORTED:
        yield source, says, None, (W,)
    for code, then, says in RETURNED:
        yield body(code), says, then, (W,)
    for definition in DEFINED:
        yield HEAD + definition, WITH_TWO, None, (W, W)


CASES = list(everything())
if not torch.cuda.is_available():
    CASES.append((body("w.cuda()"), "device isn't available", None, (W,)))
