"""What an implementation of an exercise does on a battery of inputs: what it returns or raises, leaves and prints.

Two implementations with the same behaviour can't be told apart by running them, only by reading them.
"""

from __future__ import annotations

import contextlib
import copy
import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

LESSON = Path(__file__).resolve().parents[2] / "solutions" / "linear_regression"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?|-?\binf\b|\bnan\b")
_DTYPES = (np.float64, np.float32, np.int64, np.bool_)


def implementation(module: str, function: str, source: str = "") -> Callable[..., Any]:
    """The function of the reference solution, or of `source` put in its place."""
    text = (LESSON / f"{module}.py").read_text(encoding="utf-8")
    namespace: dict[str, Any] = {"__name__": "learner"}
    exec(compile(text, module, "exec", dont_inherit=True), namespace)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a method named and not called, a bare comparison
        exec(compile(source, "way", "exec", dont_inherit=True), namespace)
    return namespace[function]


def behaviour(exercise: str, function: Callable[..., Any], seed: int = 0) -> list[Any]:
    """What the function does on each input of the exercise's battery, as plain values."""
    done = []
    _SOURCE.manual_seed(7)
    for arguments in BATTERIES[exercise]():
        torch.manual_seed(seed)
        before = copy.deepcopy(arguments) if exercise == "make_loader" else arguments
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                returned = _returned(exercise, function(*arguments), before)
            except Exception as error:
                returned = ("raised", type(error).__name__, str(error))
        after = [_plain(each) for each in arguments]
        done.append((returned, after, _pieces(printed.getvalue())))
    return done


def alike(one: Any, other: Any) -> bool:
    """The same, but for what rounding does."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or one.dtype != other.dtype:
            return False
        if not np.issubdtype(one.dtype, np.floating):
            return bool((one == other).all())
        finite = np.concatenate([each[np.isfinite(each)].ravel() for each in (one, other)])
        scale = float(np.abs(finite).max()) if finite.size else 0.0
        return bool(np.allclose(one, other, rtol=1e-4, atol=1e-5 * scale, equal_nan=True))
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=1e-4, atol=1e-12, equal_nan=True))
    if isinstance(one, list | tuple) and type(one) is type(other):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def _returned(exercise: str, value: Any, arguments: tuple[Any, ...]) -> Any:
    if exercise in ("gradient_step", "fit"):
        return "ignored"
    if exercise == "make_loader":
        return _loader(value, *arguments[:2])
    if exercise in ("model", "mse") and isinstance(value, torch.Tensor) and value.requires_grad:
        torch.autograd.backward(value, torch.linspace(1, 2, value.numel()).reshape(value.shape).to(value.dtype))
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        grad = value.grad if value.is_leaf else None
        return (
            "tensor",
            value.detach().numpy().copy(),
            value.requires_grad,
            None if grad is None or not grad.any() else grad.numpy().copy(),
        )
    if isinstance(value, torch.nn.Module):
        return [_plain(each.detach()) for each in value.parameters()]
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, np.generic):
        return ("generic", np.array(value))
    if isinstance(value, list | tuple):
        return type(value)(_plain(each) for each in value)
    return value if isinstance(value, int | float | str | bool | None) else type(value).__name__


def _loader(value: Any, inputs: torch.Tensor, targets: torch.Tensor) -> Any:
    """What can be said of a loader whatever order it draws: its batches' shapes, and how its rows come."""
    if not isinstance(value, DataLoader):
        return _plain(value) if value is None else (type(value).__name__, [type(each).__name__ for each in value][:2])
    passes = [list(value) for _ in range(2)]
    shapes = [
        [[(str(part.dtype), tuple(part.shape)) for part in _parts(batch)] + [type(batch).__name__] for batch in each]
        for each in passes
    ]
    given = torch.cat([inputs, targets], dim=1).tolist()
    rows = [[row for batch in each for row in _rows(batch)] for each in passes]
    complete = [sorted(each) == sorted(given) for each in rows]
    firsts = [sorted(row[:1] for row in each) == sorted(row[:1] for row in given) for each in rows]
    ordered = [each == given[: len(each)] for each in rows]
    return shapes, complete, firsts, ordered, rows[0] == rows[1], [_turned(each, given) for each in rows]


def _turned(rows: list[list[float]], given: list[list[float]]) -> bool:
    """Whether most rows come as far behind one another as they were given."""
    places = [given.index(row) for row in rows if row in given]
    steps = Counter((after - before) % len(given) for before, after in pairwise(places))
    return steps.total() > 0 and max(steps.values()) > len(given) / 2


def _parts(batch: Any) -> list[torch.Tensor]:
    return [batch] if isinstance(batch, torch.Tensor) else list(batch.values() if isinstance(batch, dict) else batch)


def _rows(batch: Any) -> list[list[float]]:
    parts = _parts(batch)
    return torch.cat([part.float() for part in parts], dim=1).tolist()


def _pieces(text: str) -> list[str | float]:
    """Printed text, with its numbers as numbers."""
    words, numbers = _NUMBER.split(text), [float(each) for each in _NUMBER.findall(text)]
    return [*words, *numbers]


def _drawn(*shape: int, low: float = -2.0, high: float = 2.0) -> torch.Tensor:
    return torch.empty(*shape).uniform_(low, high, generator=_SOURCE)


_SOURCE = torch.Generator()


def _arrays() -> Iterator[tuple[Any, ...]]:
    for dtype in _DTYPES:
        yield tuple((_drawn(4, size) * 50).round(decimals=3).numpy().astype(dtype) for size in (3, 2))
    for n, d, t in [(1, 3, 2), (6, 1, 1), (2, 2, 2)]:
        yield tuple(_drawn(n, size).double().numpy() for size in (d, t))


def _predictions() -> Iterator[tuple[Any, ...]]:
    for n, d, t in [(5, 3, 2), (1, 3, 2), (4, 1, 2), (6, 3, 1), (1, 1, 1), (3, 3, 3), (4, 7, 4)]:
        for tracked in (False, True):
            yield _drawn(n, d), _drawn(t, d).requires_grad_(tracked), _drawn(t).requires_grad_(tracked)


def _losses() -> Iterator[tuple[Any, ...]]:
    for shape in [(5, 2), (1, 4), (6, 1), (3, 3), (7,), (2, 3, 4)]:
        for tracked in (False, True):
            yield _drawn(*shape).requires_grad_(tracked), _drawn(*shape).requires_grad_(tracked)


def _steps() -> Iterator[tuple[Any, ...]]:
    for t, d, lr, size in [(2, 3, 1e-5, 9000.0), (1, 1, 0.5, 1.0), (4, 2, 0.05, 10.0), (1, 5, 0.3, 2.0)]:
        w, b = _drawn(t, d).requires_grad_(), _drawn(t).requires_grad_()
        w.grad, b.grad = _drawn(t, d) * size, _drawn(t) * size
        yield w, b, lr


def _trainings() -> Iterator[tuple[Any, ...]]:
    runs = [(5, 3, 2, 50.0, 1e-5, 4), (8, 2, 1, 1.0, 0.1, 12), (1, 1, 1, 1.0, 0.2, 1), (6, 1, 3, 1.0, 0.1, 5)]
    # Steps that are too large, so that the loss rises, and steps so small that it stays.
    runs += [(8, 2, 1, 2.0, 1.0, 5), (8, 2, 1, 1.0, 1e-9, 110)]
    for n, d, t, size, lr, epochs in runs:
        data = _drawn(n, d) * size, _drawn(n, t) * size
        yield *data, _drawn(t, d).requires_grad_(), _drawn(t).requires_grad_(), lr, epochs


def _loaders() -> Iterator[tuple[Any, ...]]:
    for n, options in [(12, (5, False)), (12, (5, True)), (30, (8, True)), (8, (4, False)), (34, ()), (9, (10, False))]:
        yield _drawn(n, 3), _drawn(n, 2), *options


def _fits() -> Iterator[tuple[Any, ...]]:
    runs: list[tuple[int, int, int, int, int, Any, dict[str, Any]]] = [
        (2, 7, 3, 2, 5, F.mse_loss, {"lr": 0.05}),
        (3, 6, 2, 1, 3, F.smooth_l1_loss, {"lr": 0.1, "momentum": 0.9}),
        (1, 1, 1, 1, 5, F.mse_loss, {"lr": 0.2}),
        (20, 4, 2, 1, 3, F.mse_loss, {"lr": 0.02}),
        (21, 3, 2, 2, 3, F.mse_loss, {"lr": 0.02}),
        (12, 5, 2, 2, 2, F.huber_loss, {"lr": 0.05}),
        # Steps that are too large, so that the loss rises, and steps so small that it stays.
        (10, 4, 2, 1, 4, F.mse_loss, {"lr": 1.0}),
        (60, 4, 2, 1, 4, F.mse_loss, {"lr": 1e-9}),
    ]
    for epochs, n, d, t, size, loss_fn, options in runs:
        model = torch.nn.Linear(d, t)
        for parameter in model.parameters():
            parameter.data = _drawn(*parameter.shape)
        data = TensorDataset(_drawn(n, d), _drawn(n, t))
        yield epochs, model, loss_fn, torch.optim.SGD(model.parameters(), **options), DataLoader(data, size)


def _regions() -> Iterator[tuple[Any, ...]]:
    numbers = _drawn(12, low=20.0, high=120.0).double()
    whole = numbers.round().int().tolist()
    for region in (tuple(whole[:3]), numbers[:3].tolist(), numbers[3:6].numpy(), np.array(whole[6:9])):
        model = torch.nn.Linear(3, 2)
        for parameter in model.parameters():
            parameter.data = _drawn(*parameter.shape)
        yield model, region
    # Small weights: the prediction is small, and rounding shows.
    model = torch.nn.Linear(3, 2)
    for parameter in model.parameters():
        parameter.data = _drawn(*parameter.shape) / 1000
    yield model, tuple(whole[9:])


BATTERIES: dict[str, Callable[[], Iterator[tuple[Any, ...]]]] = {
    "to_tensors": _arrays,
    "model": _predictions,
    "mse": _losses,
    "gradient_step": _steps,
    "train": _trainings,
    "make_loader": _loaders,
    "fit": _fits,
    "predict": _regions,
}
