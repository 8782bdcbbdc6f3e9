"""Which functions could mix devices on a GPU, as far as their source tells."""

from __future__ import annotations

import pytest

from grader.reading.source_facts import makes_tensors


def could(body: str, before: str = "") -> bool:
    return makes_tensors(f"import torch\n{before}\ndef mse(a, b):\n    {body}\n", "mse")


@pytest.mark.parametrize(
    "body",
    [
        "return ((a - b) ** 2).mean()",
        "return torch.sum((a - b).pow(2)) / a.numel()",
        "return sum((a - b)[i] for i in range(3))",
        "return torch.zeros_like(a) + a.new_zeros(3)",
    ],
)
def test_a_function_that_only_works_on_its_arguments_can_not(body: str) -> None:
    assert not could(body, before="def other():\n    return torch.zeros(3)\n")


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("return a + torch.zeros(3)", ""),
        ("return a + zeros(3)", "from torch import zeros"),
        ("return a + z(3)", "from torch import zeros as z"),
        ("return a.cpu()", ""),
        ("return a.to('cpu')", ""),
        ("return torch.from_numpy(a.numpy())", ""),
        ("return helper(a)", "def helper(a):\n    return a + torch.tensor(1.0)"),
        ("return a * SCALE", "SCALE = torch.tensor(2.0)"),
        ("return getattr(torch, 'zer' + 'os')(3)", ""),
        ("return torch.nn.Linear(3, 2)(a)", ""),
    ],
)
def test_a_function_that_makes_or_moves_tensors_could(body: str, before: str) -> None:
    assert could(body, before)


def test_a_module_that_can_not_be_read_says_nothing() -> None:
    assert not makes_tensors("def mse(a, b:\n", "mse")
    assert not makes_tensors("x = torch" + ".a" * 30_000, "mse")
