"""`python -m grader grade` on notebooks that were tried out in: right work keeps its points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.selfcheck.notebooks import solved

START = ["import numpy as np\nimport torch", "from torch.utils.data import DataLoader, TensorDataset"]
DONE = solved()
SCALED = "def mse(t1, t2):\n    diff = (t1 - t2) * {}\n    return (diff * diff).sum() / diff.numel()"
STUB = 'def mse(t1, t2):\n    raise NotImplementedError("mse is still to do")'
SHOW = "def show(loss):\n    print(loss, w.shape)"
TRAIN = DONE["train"].replace("    return", "    show(losses[-1:])\n    return", 1)
PLAY = [
    "w = torch.randn(2, 3, requires_grad=True)\nb = torch.randn(2, requires_grad=True)",
    "loss = mse(model(torch.ones(2, 3), w, b), torch.ones(2, 2))\nloss.backward()\nprint(w.grad)",
    "with torch.no_grad():\n    w -= w.grad * 1e-5\n    b -= b.grad * 1e-5\n    w.grad.zero_()",
]


def cells(*more: str, **changed: str) -> list[str]:
    functions = {**DONE, **changed}
    return [*START, *more, *(code for code in functions.values() if code)]


NOTEBOOKS: dict[str, list[str]] = {
    "counts": cells("n = 0\nn += 1", mse=SCALED.format("n")),
    "appends": cells("scale = []\nfor i in range(1):\n    scale.append(1.0)", mse=SCALED.format("scale[0]")),
    "plays": [*cells(*PLAY, SHOW, train=TRAIN), "model = torch.nn.Linear(3, 2)", "predict(model, (1, 2, 3))"],
    "stub_after": [*cells(), STUB],
    "stub_before": [STUB, *cells()],
    "block": cells(mse="if True:\n    " + DONE["mse"].replace("\n", "\n    ")),
    "magics": cells(mse="%%capture\n%%time\n" + DONE["mse"]),
    "writes": [
        "%%writefile from_scratch.py\nimport torch\n" + "\n".join(DONE[e] for e in list(DONE)[:5]),
        "%%writefile with_torch.py\nimport torch\nfrom torch.utils.data import *\n"
        + "\n".join(DONE[e] for e in list(DONE)[5:]),
    ],
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Any:
    """The run that graded them all."""
    folder: Path = tmp_path_factory.mktemp("notebooks")
    (folder / "in").mkdir()
    for name, texts in NOTEBOOKS.items():
        made = [{"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in texts]
        (folder / "in" / f"{name}.ipynb").write_text(json.dumps({"cells": made}), encoding="utf-8")
    return kit("grade", folder / "in", "--jobs", 2, out=folder / "out")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_right_notebook_has_every_point(graded: Any, name: str) -> None:
    result = graded.results[name]
    assert result["score"] == result["max_score"], result["exercises"]
