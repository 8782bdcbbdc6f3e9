"""The lesson's numbers, from the reference solutions and from the oracle."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

INPUTS = np.array([[73, 67, 43], [91, 88, 64], [87, 134, 58], [102, 43, 37], [69, 96, 70]], dtype=np.float32)
TARGETS = np.array([[56, 70], [81, 101], [119, 133], [22, 37], [103, 119]], dtype=np.float32)
MORE_INPUTS = [
    [74, 66, 43],
    [91, 87, 65],
    [88, 134, 59],
    [101, 44, 37],
    [68, 96, 71],
    [73, 66, 44],
    [92, 87, 64],
    [87, 135, 57],
    [103, 43, 36],
    [68, 97, 70],
]
MORE_TARGETS = [
    [57, 69],
    [80, 102],
    [118, 132],
    [21, 38],
    [104, 118],
    [57, 69],
    [82, 100],
    [118, 134],
    [20, 38],
    [102, 120],
]
ALL_INPUTS = np.vstack([INPUTS, np.array(MORE_INPUTS, dtype=np.float32)])
ALL_TARGETS = np.vstack([TARGETS, np.array(MORE_TARGETS, dtype=np.float32)])
REGION = (75, 63, 44)


def load(root: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        f"reference_{name}", root / "solutions" / "linear_regression" / f"{name}.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scratch(root: Path) -> Any:
    return load(root, "from_scratch")


@pytest.fixture(scope="module")
def parts(root: Path) -> Any:
    return load(root, "with_torch")


@pytest.fixture(scope="module")
def oracle(root: Path) -> Any:
    return load(root, "oracle")


@pytest.fixture
def start() -> tuple[torch.Tensor, torch.Tensor]:
    w = torch.tensor([[0.2493, 0.5977, 1.0519], [0.5243, 1.6664, 0.2768]], requires_grad=True)
    return w, torch.tensor([0.2634, -1.4872], requires_grad=True)


def test_the_first_loss_and_its_gradients(scratch: Any, start: Any) -> None:
    x, y = scratch.to_tensors(INPUTS, TARGETS)
    w, b = start
    loss = scratch.mse(scratch.model(x, w, b), y)
    loss.backward()
    assert loss.item() == pytest.approx(7601.41, rel=1e-4)
    expected = torch.tensor([[4610.71, 4369.90, 2855.70], [9219.63, 9829.94, 5972.58]])
    torch.testing.assert_close(w.grad, expected, rtol=1e-4, atol=0)
    torch.testing.assert_close(b.grad, torch.tensor([53.4904, 108.4641]), rtol=1e-4, atol=0)


def test_the_loss_after_one_step_and_after_a_hundred_more(scratch: Any, start: Any) -> None:
    x, y = scratch.to_tensors(INPUTS, TARGETS)
    w, b = start
    losses = scratch.train(x, y, w, b, 1e-5, 1)
    assert losses == [pytest.approx(7601.41, rel=1e-4)]
    losses = scratch.train(x, y, w, b, 1e-5, 100)
    assert losses[0] == pytest.approx(5181.05, rel=1e-4)
    assert scratch.mse(scratch.model(x, w, b), y).item() == pytest.approx(83.249, rel=1e-4)


def test_the_closed_form_foretells_the_same_losses(oracle: Any, start: Any) -> None:
    theta = oracle.stack(start[0].detach(), start[1].detach())
    for epochs, loss in [(0, 7601.41), (1, 5181.05), (101, 83.249)]:
        assert oracle.loss(oracle.descend(theta, INPUTS, TARGETS, 1e-5, epochs), INPUTS, TARGETS) == pytest.approx(
            loss, rel=1e-4
        )


def test_least_squares_is_as_low_as_it_goes(oracle: Any) -> None:
    best = oracle.least_squares(INPUTS, TARGETS)
    assert oracle.loss(best, INPUTS, TARGETS) == pytest.approx(0.4831, rel=1e-3)
    best = oracle.least_squares(ALL_INPUTS, ALL_TARGETS)
    assert (oracle.with_ones([REGION]) @ best)[0] == pytest.approx([53.80, 66.81], abs=0.005)


def test_batches_in_their_order_are_the_power_of_one_epoch(oracle: Any, parts: Any) -> None:
    torch.manual_seed(4)
    x, y = torch.randn(12, 3), torch.randn(12, 2)
    layer = torch.nn.Linear(3, 2)
    theta = oracle.stack(layer.weight.detach(), layer.bias.detach())
    opt = torch.optim.SGD(layer.parameters(), lr=0.2)
    parts.fit(15, layer, torch.nn.functional.mse_loss, opt, parts.make_loader(x, y, 5, False))
    weight, bias = oracle.unstack(oracle.descend_in_batches(theta, x, y, 0.2, 15, 5))
    assert layer.weight.detach().numpy() == pytest.approx(weight, abs=1e-5)
    assert layer.bias.detach().numpy() == pytest.approx(bias, abs=1e-5)


def test_a_hundred_epochs_on_the_larger_set_predict_the_new_region(
    parts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(1)
    layer = torch.nn.Linear(3, 2)
    loader = parts.make_loader(torch.from_numpy(ALL_INPUTS), torch.from_numpy(ALL_TARGETS))
    parts.fit(100, layer, torch.nn.functional.mse_loss, torch.optim.SGD(layer.parameters(), lr=1e-5), loader)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == [f"Epoch [{n}/100]" for n in range(10, 101, 10)]
    prediction = parts.predict(layer, REGION)
    assert prediction.shape == (2,)
    assert not prediction.requires_grad
    assert prediction.numpy() == pytest.approx([53.80, 66.81], abs=25)
