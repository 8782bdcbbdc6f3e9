"""Reading the source for what an exercise forbids: through imports, aliases and helpers, and no further."""

from __future__ import annotations

import pytest

from grader.grading.forbidden import forbidden_uses

FORBIDDEN = ("torch.nn.functional.mse_loss", "torch.nn.MSELoss")


def lines(source: str) -> list[int | None]:
    return [use.line for use in forbidden_uses(source, "mse", FORBIDDEN)]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ndef mse(a, b):\n    return torch.nn.functional.mse_loss(a, b)\n",
        "import torch.nn.functional as F\ndef mse(a, b):\n    return F.mse_loss(a, b)\n",
        "from torch.nn import functional as G\ndef mse(a, b):\n    return G.mse_loss(a, b)\n",
        "from torch.nn.functional import mse_loss\ndef mse(a, b):\n    return mse_loss(a, b)\n",
        "from torch.nn.functional import mse_loss as m\ndef mse(a, b):\n    return m(a, b)\n",
        "from torch import nn\ndef mse(a, b):\n    return nn.MSELoss()(a, b)\n",
        "import torch\ndef mse(a, b):\n    return torch._C._nn.mse_loss(a, b)\n",
        "import torch\ndef mse(a, b):\n    return torch.ops.aten.mse_loss(a, b)\n",
        "import torch.nn.functional as F\ndef mse(a, b):\n    return getattr(F, 'mse_loss')(a, b)\n",
    ],
)
def test_a_use_is_found_with_its_line(source: str) -> None:
    assert lines(source) == [3]


def test_a_use_in_a_helper_is_found() -> None:
    source = "import torch\ndef helper(a, b):\n    return torch.nn.MSELoss()(a, b)\ndef mse(a, b):\n    return helper(a, b)\n"
    assert lines(source) == [3]


def test_an_alias_at_the_top_is_found() -> None:
    assert lines("import torch.nn.functional as F\nloss = F.mse_loss\ndef mse(a, b):\n    return loss(a, b)\n") == [
        2,
        4,
    ]
    assert lines("import torch.nn.functional as F\nmse = F.mse_loss\n") == [2]


@pytest.mark.parametrize(
    "source",
    [
        "import torch\nfrom torch.nn.functional import mse_loss\ndef mse(a, b):\n    return ((a - b) ** 2).mean()\n",
        "import torch\ndef mse(a, b):\n    # not F.mse_loss\n    return ((a - b) ** 2).mean()\n",
        "import torch.nn.functional as F\ndef other(a, b):\n    return F.mse_loss(a, b)\ndef mse(a, b):\n    return a\n",
        "def mse(a, b):\n    mse_loss = a - b\n    return (mse_loss ** 2).mean()\n",
        "class Own:\n    def mse_loss(self, a, b):\n        return ((a - b) ** 2).mean()\nown = Own()\ndef mse(a, b):\n    return own.mse_loss(a, b)\n",
        "def mse(:\n",
    ],
)
def test_what_is_no_use_is_left_in_peace(source: str) -> None:
    assert lines(source) == []
