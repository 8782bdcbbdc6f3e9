"""Notebooks as people write them who follow a tutorial: functions, and between them everything that one tries out."""

from __future__ import annotations

import itertools

import pytest
import torch

from tests.collect.apart import Failed, noted

IMPORTS = [
    "import numpy as np\nimport torch",
    "import torch, numpy as np\n%matplotlib inline\nimport no_such_plots as plt",
]
DATA = [
    "inputs = np.array([[73, 67, 43], [91, 88, 64]], dtype='float32')\ntargets = np.array([[56, 70], [81, 101]], dtype='float32')",
    "inputs = torch.from_numpy(inputs)\ntargets = torch.from_numpy(targets)\nprint(inputs)\nprint(targets)",
]
WEIGHTS = "w = torch.randn(2, 3, requires_grad=True)\nb = torch.randn(2, requires_grad=True)\nprint(w)\nprint(b)"
MODELS = {
    "one argument": "def model(x):\n    return x @ w.t() + b",
    "three arguments": "def model(x, w, b):\n    return x @ w.t() + b",
    "a class": "class Model:\n    def __init__(self):\n        self.w, self.b = w, b\n    def __call__(self, x):\n"
    "        return x @ self.w.t() + self.b\nmodel = Model()",
}
MSE = {
    "the tutorial's": "# MSE loss\ndef mse(t1, t2):\n    diff = t1 - t2\n    return torch.sum(diff * diff) / diff.numel()",
    "a lambda": "mse = lambda t1, t2: ((t1 - t2) ** 2).mean()",
    "with a helper": "def square(t):\n    return t * t\n\ndef mse(t1, t2):\n    return square(t1 - t2).mean()",
    "timed": "%%time\ndef mse(t1, t2):\n    return ((t1 - t2) ** 2).sum() / t1.numel()",
}
FIRST_TRIES = {
    "by step": [
        "preds = model(inputs)\nprint(preds)",
        "loss = mse(preds, targets)\nprint(loss)",
        "loss.backward()",
        "print(w)\nprint(w.grad)",
        "w\nw.grad",
        "with torch.no_grad():\n    w -= w.grad * 1e-5\n    b -= b.grad * 1e-5",
        "w.grad.zero_()\nb.grad.zero_()\nprint(w.grad)",
        "for i in range(100):\n    preds = model(inputs)\n    loss = mse(preds, targets)\n    loss.backward()\n"
        "    with torch.no_grad():\n        w -= w.grad * 1e-5\n        b -= b.grad * 1e-5\n"
        "        w.grad.zero_()\n        b.grad.zero_()",
        "preds = model(inputs)\nloss = mse(preds, targets)\nloss",
    ],
    "in one cell": [
        "history = []\nfor epoch in range(1000):\n    preds = inputs @ w.t() + b\n    loss = mse(preds, targets)\n"
        "    loss.backward()\n    history.append(loss.item())\n    w.data -= 1e-5 * w.grad\n    w.grad = None\n"
        "plt.plot(history)\nplt.show()",
    ],
    "with names given away": [
        "mse = mse(model(inputs), targets)\nprint(mse)\nloss = mse.item()",
        "model = model(inputs)",
    ],
    "with an optimizer": [
        "opt = torch.optim.SGD([w, b], lr=1e-5)",
        "for _ in range(10):\n    opt.zero_grad()\n    loss = mse(model(inputs), targets)\n    loss.backward()\n    opt.step()",
    ],
}
LATER: list[str | tuple[str, str]] = [
    ("text", "## Linear regression using PyTorch built-ins"),
    "import torch.nn as nn\nimport torch.nn.functional as F\nfrom torch.utils.data import TensorDataset, DataLoader",
    "inputs = np.array([[73, 67, 43]] * 15, dtype='float32')\ntargets = np.array([[56, 70]] * 15, dtype='float32')\n"
    "inputs = torch.from_numpy(inputs)\ntargets = torch.from_numpy(targets)",
    "train_ds = TensorDataset(inputs, targets)\ntrain_ds[0:3]",
    "batch_size = 5\ntrain_dl = DataLoader(train_ds, batch_size, shuffle=True)",
    "for xb, yb in train_dl:\n    print(xb)\n    print(yb)\n    break",
    "model = nn.Linear(3, 2)\nprint(model.weight)\nprint(model.bias)",
    "list(model.parameters())",
    "preds = model(inputs)\npreds",
    "loss_fn = F.mse_loss",
    "loss = loss_fn(model(inputs), targets)\nprint(loss)",
    "opt = torch.optim.SGD(model.parameters(), lr=1e-5)",
]
FITS = {
    "with a loader": "def fit(num_epochs, model, loss_fn, opt, train_dl):\n    seen = []\n    for epoch in range(num_epochs):\n"
    "        for xb, yb in train_dl:\n            loss = loss_fn(model(xb), yb)\n            seen.append(loss)\n    return seen",
    "with globals": "def fit(num_epochs, model, loss_fn, opt):\n    return [loss_fn(model(xb), yb) for xb, yb in train_dl]",
}
END = [
    "fit(100, model, loss_fn, opt, train_dl)",
    "preds = model(inputs)\npreds",
    "targets",
    "model(torch.tensor([[75, 63, 44.]]))",
]


@pytest.mark.parametrize(("tries", "kind"), list(itertools.product(FIRST_TRIES, MODELS)))
def test_what_is_tried_out_between_the_functions_costs_them_nothing(tries, kind):
    for loss, start, fit in zip(MSE, itertools.cycle(IMPORTS), [*FITS, *reversed(FITS)], strict=False):
        cells = [start, *DATA, WEIGHTS, MODELS[kind], MSE[loss], *FIRST_TRIES[tries], *LATER, FITS[fit], *END]
        built = noted(*cells)
        ones, zeros = torch.ones(2, 2), torch.zeros(2, 2)
        assert built.call("mse", ones, zeros).item() == built.call_whole("mse", ones, zeros).item() == 1
        for call in (built.call, built.call_whole):
            if kind == "three arguments":
                assert call("model", torch.ones(1, 3), torch.ones(2, 3), ones[0]).tolist() == [[4, 4]]
            else:
                with pytest.raises(TypeError, match=r"positional arguments? but"):
                    call("model", torch.ones(1, 3), torch.ones(2, 3), ones[0])
            with pytest.raises(Failed, match="missing: NameError: gradient_step is not defined"):
                call("gradient_step", 1, 2, 3)
        if fit == "with a loader":
            given = (2, abs, max, None, [(1, 1)])
            assert built.call("fit", *given) == built.call_whole("fit", *given) == [1, 1]
        else:
            for call in (built.call, built.call_whole):
                assert [len(list(batch)) for batch in call("fit", 1, list, zip, None)] == [5, 5, 5]


@pytest.mark.parametrize("tries", FIRST_TRIES)
def test_helpers_that_look_at_the_notebooks_own_names_bring_no_training(tries):
    show = "def show(epoch, loss):\n    print(epoch, loss, w.shape, len(inputs), len(targets))"
    train = "def train(x, y, w, b, lr, n):\n    show(0, 0)\n    return [mse(x, y).item()] * n"
    cells = [
        IMPORTS[0],
        *DATA,
        WEIGHTS,
        MODELS["one argument"],
        MSE["a lambda"],
        *FIRST_TRIES[tries],
        show,
        train,
        *LATER,
    ]
    for order in (cells, [*cells[-len(LATER) :], *cells[: -len(LATER)]]):
        built = noted(*order)
        given = (torch.ones(2, 2), torch.zeros(2, 2), None, None, 0, 3)
        assert built.call("train", *given) == built.call_whole("train", *given) == [1, 1, 1]
