"""One exception, several causes: what is said is true of each, and denies none.

Every program is really run. The programs of a group raise the same, and what is said of them must match the group's
pattern, and must not match what would be true of some of them only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import torch

from grader.checks import Tolerance
from grader.checks.compare import difference
from grader.sandbox.inside.execute import to_plain
from grader.sandbox.inside.materialize import tensor_to_plain
from grader.sandbox.protocol.messages import Backward
from tests.checks.exception_cases import PAIR, SINGLE, body
from tests.checks.test_exceptions import Told, told

# What is said of all, what must not be said of any, and the bodies of a function of w.
GROUPS: dict[str, tuple[str, str, list[str]]] = {
    "no gradient": (
        r"None, such as a \.grad", r"must run|makes new|is still None|is missing",
        [
            "w.data -= 0.1 * w.grad",
            "w.sum().backward()\nw.grad = None\nw.data -= 0.1 * w.grad",
            "v = w * 2\nv.sum().backward()\nv.data -= 0.1 * v.grad",
            "y = w.detach().sum().requires_grad_()\ny.backward()\nw.data -= 0.1 * w.grad",
            "w.sum().backward()\nlr = None\nw.data -= lr * w.grad",
            "v = w.clone().detach().requires_grad_()\nv.sum().backward()\nw.data -= 0.1 * w.grad",
        ],
    ),
    "graph used up": (
        r"called twice on one result, or something used again", r"Compute the result anew|needs predictions",
        [
            "y = (w * w).sum()\ny.backward()\ny.backward()",
            "z = w * w\nfor _ in range(2): z.sum().backward()",
            "z = w.exp()\nz.sum().backward()\n(z * 2).sum().backward()",
        ],
    ),
    "attribute of a function": (
        r"Do you mean its result, with parentheses after its name, or something else", r"are missing",
        ["w.mean.item()", "def g(): pass\ng.parameters()", "loss = nn.functional.mse_loss\nloss.parameters()"],
    ),
    "function computed with": (
        r"Do you mean its result, with parentheses after its name, or something else", r"are missing|[Tt]o call it",
        ["w.sum() / w.numel", "loss = nn.functional.mse_loss\nrange(1, loss + 1)", "w * print"],
    ),
    "called before it is set": (
        r"hides the \w+ outside", r"Give it a value|make it a parameter",
        [
            "abs = abs(w)",
            "x = len(w)\nlen = 3",
            "x = sum(w)\nfor sum in w: pass",
            "y = max(w)\nimport max",
        ],
    ),
    "read before it is set": (
        r"Give it a value before this line.* if you mean the \w+ outside", r"make it a parameter",
        ["if w is None: n = 1\nreturn n", "total += 1", "for i in []: pass\nreturn i"],
    ),
    "a tensor that is called": (
        r"\* missing before a parenthesis.*taken the name of a function", r"$^",
        ["w(2)", "sum = w.sum()\nsum(w)", "w.grad = torch.ones(2)\nw.grad()"],
    ),
    "not one number": (
        r"doesn't hold exactly one number", r"several|more than one",
        ["float(w)", "float(torch.ones(0))", "int(torch.ones(2, 2))"],
    ),
    "gradient of none or many": (
        r"doesn't hold exactly one number", r"more than one",
        ["(w * w).backward()", "w[:0].backward()"],
    ),
    "no length": (r"has no length", r"DataLoader", ["len(zip([1], [2]))", "len(x for x in w)"]),
    "a model gone through": (
        r"can't be looped over", r"[Oo]ptimizer", ["for x, y in nn.Linear(3, 2): pass", "a, b = nn.Linear(3, 2)"],
    ),
    "too large": (
        r"doesn't fit where it is to be held", r"^A number grew",
        ["int(float('inf'))", "float(10**400)", "10.0 ** 400"],
    ),
    "not found": (r"doesn't hold what was looked up", r"under a key", ["{}[(1, 2)]", "{1}.remove((2, 3))"]),
    "raised by hand": (
        r"^The code itself raises this exception\.$", r"Which|next\(\)|permitted|allowed",
        [
            "raise ZeroDivisionError", "raise KeyError('loss')", "raise StopIteration", "raise PermissionError('no')",
            "raise RuntimeError('a leaf Variable that requires grad is being used in an in-place operation.')",
            "raise NameError(\"name 'np' is not defined\")", "raise torch.jit.Error('x')", "raise FileNotFoundError",
        ],
    ),
    "methods": (
        r"more arguments than it takes", r"takes \d|given its object",
        [
            "class C:\n    def g(self, a): pass\nC().g(1, 2)",
            "class C:\n    @staticmethod\n    def g(a): pass\nC().g(1, 2)",
        ],
    ),
    "names of modules": (
        r"Is its import missing\?", r"its import is missing", ["random.random()", "math.sqrt(1)", "return time"],
    ),
    "changed in place": (
        r"with torch\.no_grad\(\):", r"is missing",
        ["w -= 0.1", "torch.no_grad()\nw -= 0.1", "torch.no_grad\nw -= 0.1", "w.mul_(2)"],
    ),
    "no way back": (
        r"depends on no tensor that requires gradients", r"is there\b|was detached",
        [
            "torch.tensor(float(w.sum())).backward()", "w.detach().sum().backward()", "torch.ones(1).sum().backward()",
            "torch.from_numpy(w.detach().numpy()).sum().backward()", "w.argmax().float().backward()",
            "torch.autograd.Variable(w.data).sum().backward()",
        ],
    ),
}  # fmt: skip


def programs() -> Iterator[tuple[str, str]]:
    for group, (_, _, codes) in GROUPS.items():
        for code in codes:
            yield group, code


@pytest.mark.parametrize(("group", "code"), list(programs()))
def test_what_is_said_is_true_of_every_cause(group: str, code: str) -> None:
    says, never, _ = GROUPS[group]
    said = told(body(code)).summary
    assert_says(said, says, never)


@pytest.mark.parametrize(
    "code",
    [
        "return w.detach()", "return torch.tensor(w.tolist())", "return torch.zeros(2)", "return (w > 0).float()",
        "return torch.from_numpy(w.detach().numpy())", "return torch.autograd.Variable(w.data)",
        "return torch.tensor(w)", "return w.clone().detach()",
    ],
)  # fmt: skip
def test_what_no_gradient_goes_through_is_constant_or_cut_off(code: str) -> None:
    assert_says(told(body(code), then=PAIR).summary, r"doesn't depend on the arguments, or is cut off", r"^What it ret")


def test_a_result_of_an_earlier_call_is_no_backward_in_this_one() -> None:
    code = "z = w.exp()\nif not KEPT: KEPT.append(z)\nloss = KEPT[0].sum()\nloss.backward()\nreturn loss"
    said = told("KEPT = []\n" + body(code), then=SINGLE).summary
    assert_says(said, r"inside the function, or in an earlier call", r"^What it returned had already")


@pytest.mark.parametrize("code", ["pass\nelse if w: pass", "for x in w pass", "while w"])
def test_a_colon_that_is_missing_or_too_late(code: str) -> None:
    assert_says(
        told(body(code)).summary, r"missing on this line, or stands too late|can't read", r"missing on this line:"
    )


def test_a_file_that_imports_itself() -> None:
    said = told("from lesson import f\n" + body("pass")).summary
    assert_says(said, r"lesson imports from itself", r"may import torch|spelling")


# Parameters of f, what the exercise's f has, the arguments, and what is said and is not.
PLAIN = (tensor_to_plain(torch.ones(3, 2)), tensor_to_plain(torch.ones(2)), 0.5, 3)
FOUR = "f(inputs, w, lr, num_epochs)"
SIGNATURES = [
    ("w, inputs, lr, num_epochs", "another order", "w gets what the exercise calls inputs"),
    ("inputs, w, num_epochs, lr", "another order", "num_epochs gets what the exercise calls lr"),
    ("x, weights, epochs, rate", "differ from", "epochs gets what the exercise calls lr"),
    ("lr, a, b, c", "differ from", "lr gets what the exercise calls inputs"),
    ("inputs, w, lr", "can't be called with 4 arguments, as the exercise calls it", ""),
    ("inputs, w, lr, num_epochs, more", "can't be called with 4 arguments", ""),
    ("", "can't be called with 4 arguments", ""),
    ("inputs, w, *, lr, num_epochs", "can't be called with 4 arguments", ""),
]
OWN_NAMES = [
    "a, b, c, d",
    "x, weights, rate, n_epochs",
    "inputs, w, lr, num_epochs, more=None",
    "*args",
    "input, w, r, n",
    "a, b, w, c",
]


@pytest.mark.parametrize(("parameters", "says", "got"), SIGNATURES)
def test_other_parameters_are_said_with_the_right_ones(parameters: str, says: str, got: str) -> None:
    said = told(f"def f({parameters}):\n    return None + 1", args=PLAIN, wanted=FOUR).summary
    assert_says(said, says, "parentheses")
    assert FOUR in said
    assert got in said


@pytest.mark.parametrize("parameters", OWN_NAMES)
def test_own_names_are_no_other_parameters(parameters: str) -> None:
    said = told(f"def f({parameters}):\n    return None + 1", args=PLAIN, wanted=FOUR).summary
    assert said.startswith("Something on this line is None")


def test_parameters_that_may_change_places_are_no_matter() -> None:
    alike = (tensor_to_plain(torch.ones(2)), tensor_to_plain(torch.ones(2)))
    said = told("def f(t2, t1):\n    return t1.maen()", args=alike, wanted="f(t1, t2)").summary
    assert said == "A tensor has no maen. Was mean meant?"


def test_the_line_that_called_another_exercise_is_shown_and_not_a_line_in_it() -> None:
    source = "def other(w):\n    return 0.1 * w.grad\n\n\ndef f(w):\n    x = 1\n    return other(w)\n"
    said: Told = told(source)
    assert said.summary.startswith("other stopped with an error when it was called here. Something in other is None")
    assert dict(said.facts)["where"] == "lesson.py, line 7:  return other(w)"


def test_a_number_that_is_not_finite_is_not_blamed_on_the_learning_rate() -> None:
    for got in (torch.tensor([float("nan")]), torch.tensor([float("inf")])):
        found = difference("the loss", to_plain(got), torch.tensor([1.0]), Tolerance())
        assert found is not None
        assert_says(found.summary, "division by zero or the like, or from numbers that grow", "[Ll]earning rate")


def test_a_single_number_is_asked_for_where_none_came() -> None:
    assert_says(told(body("return w[:0]"), then=Backward(None)).summary, "exactly one number", "more than one")


def assert_says(said: str, says: str, never: str) -> None:
    assert re.search(says, said), said
    assert not re.search(never, said), said
