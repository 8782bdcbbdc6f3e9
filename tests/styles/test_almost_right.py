"""Work that is right almost always loses points, and what only looks like it keeps them.

It trains until the loss settles or for fifty epochs, keeps the best loss or the best weights, keeps something from one
call to the next, gives rows in an order that is new and not random, rounds a prediction, or says that it is a
DataLoader. All of it was made here, and graded by the real grader.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.styles.test_styles import MODULE_OF

pytestmark = pytest.mark.soak

# What happens before the loop, after the loss is there, after the step, and after the loop.
TRAIN = """
def train(inputs, targets, w, b, lr, num_epochs{parameters}):
    losses = []
    {before}
    for epoch in range({rounds}):
        loss = mse(model(inputs, w, b), targets)
        losses.append({noted})
        {then}
        loss.backward()
        {step}
        {after}
    {finally_}
    return losses
"""
FIT = """
def fit(num_epochs, model, loss_fn, opt, train_dl):
    {before}
    for epoch in range(1, {rounds} + 1):
        losses = []
        for x, y in train_dl:
            loss = loss_fn(model(x), y)
            losses.append(loss.item())
            loss.backward()
            {step}
            opt.zero_grad()
        if epoch % 10 == 0:
            print(f"Epoch [{{epoch}}/{{num_epochs}}], Loss: {{{printed}:.4f}}")
        {after}
    {finally_}
"""
ORDER = """
import random
from torch.utils.data import DataLoader, TensorDataset


class Order:
    def __init__(self, n, size):
        self.n, self.size, self.passes, self.order = n, size, 0, list(range(n))

    def __len__(self):
        return self.n

    def __iter__(self):
        n, size, order = self.n, self.size, self.order
        self.passes += 1
        passes = self.passes
        batches = [order[at : at + size] for at in range(0, n, size)]
        {}
        self.order = order
        return iter(order)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    order = Order(len(inputs), batch_size) if shuffle else None
    return DataLoader(TensorDataset(inputs, targets), batch_size, sampler=order)
"""
FAKE = """
import torch
from torch.utils.data import DataLoader, TensorDataset
Real = DataLoader


class Batches{bases}:
    {claim}

    def __init__(self, real):
        self.real = real

    def __iter__(self):
        return iter(self.real)

    def __len__(self):
        return len(self.real)


def make_loader(inputs, targets, batch_size=5, shuffle=True):
    return Batches(Real(TensorDataset(inputs, targets), batch_size, shuffle))
"""
PREDICT = """
def predict(model, region):
    with torch.no_grad():
        found = model(torch.tensor([list(region)], dtype=torch.float32))[0]
    return {}
"""
SHAPES = "str([getattr(each, 'shape', type(each)) for each in ({},)])"


def train(
    before: str = "pass", rounds: str = "num_epochs", noted: str = "loss.item()", then: str = "pass",
    step: str = "gradient_step(w, b, lr)", after: str = "pass", finally_: str = "pass", parameters: str = "",
) -> str:  # fmt: skip
    return TRAIN.format(
        before=before, rounds=rounds, noted=noted, then=then, step=step, after=after, finally_=finally_,
        parameters=parameters,
    )  # fmt: skip


def fit(
    before: str = "pass", rounds: str = "num_epochs", printed: str = "loss.item()", step: str = "opt.step()",
    after: str = "pass", finally_: str = "pass",
) -> str:  # fmt: skip
    return FIT.format(before=before, rounds=rounds, printed=printed, step=step, after=after, finally_=finally_)


def stops(test: str) -> dict[str, str]:
    """A stop in `train`, by the last two losses and all of them, and the same in `fit`."""
    return {
        "train": train(
            then=f"old, new = (losses * 2)[-2:]\n        if len(losses) > 1 and {test.format(least='losses')}: break"
        ),
        "fit": fit(
            before="all, new = [], 9e99",
            after=f"old, new = new, loss.item(); all.append(new)\n        if len(all) > 1 and {test.format(least='all')}: break",
        ),
    }


STOPS = {
    "by less than a thousandth": "old - new < 0.001",
    "by less than a millionth": "abs(old - new) < 1e-6",
    "by a hundredth of a per cent": "abs(old - new) / old < 1e-4",
    "by a millionth of itself": "abs(old - new) < 1e-6 * old",
    "not at all": "old == new",
    "to a small number": "new < 0.001",
    "upward": "new > old",
    "upward or not": "new >= old",
    "for the third time in a row not downward": "len({least}) > 3 and min({least}[-3:]) >= min({least}[:-3])",
    "for ten epochs by little": "len({least}) > 10 and min({least}[-10:]) > min({least}[:-10]) - 0.001",
    "for twenty epochs by little": "len({least}) > 20 and {least}[-21] - {least}[-1] < 1e-4",
}
KEPT = {  # by exercise: parameters, and what is returned
    "to_tensors": ("inputs, targets", "(torch.from_numpy(inputs).float(), torch.from_numpy(targets).float())"),
    "model": ("x, w, b", "x @ w.t() + b"),
    "mse": ("t1, t2", "((t1 - t2) ** 2).mean()"),
    "make_loader": (
        "inputs, targets, batch_size=5, shuffle=True",
        "DataLoader(TensorDataset(inputs, targets), batch_size, shuffle)",
    ),
}


def kept(exercise: str, key: str) -> str:
    parameters, result = KEPT[exercise]
    names = ", ".join(each.split("=")[0] for each in parameters.split(", "))
    return (
        f"_known = {{}}\n\n\ndef {exercise}({parameters}):\n    key = {key.format(names)}\n"
        f"    if key not in _known:\n        _known[key] = {result}\n    return _known[key]\n"
    )


def loaders() -> dict[str, str]:
    orders = {
        "turned": "order = order[1:] + order[:1]",
        "turned the other way": "order = order[-1:] + order[:-1]",
        "turned by two": "order = order[2:] + order[:2]",
        "turned by any number": "at = random.randrange(1, n); order = list(range(at, n)) + list(range(at))",
        "shuffled once and turned": "order = order[1:] + order[:1] if passes > 1 else random.sample(order, n)",
        "every second time reversed": "order = order[::-1]",
        "halves swapped": "order = order[n // 2 :] + order[: n // 2]",
        "one permutation": "order = random.Random(1).sample(range(n), n)",
        "one permutation, again and again": "order = [order[at] for at in random.Random(1).sample(range(n), n)]",
        "one permutation of rows, again and again": "p = random.Random(1).sample(range(n), n); order = [p[at] for at in order]",
        "three permutations": "order = random.Random(passes % 3).sample(range(n), n)",
        "within batches": "order = [row for batch in batches for row in random.sample(batch, len(batch))]",
        "whole batches": "order = [row for batch in random.sample(batches, len(batches)) for row in batch]",
        "a key of two values": "order = sorted(range(n), key=lambda row: random.random() < 0.5)",
        "a key of four values": "order = sorted(range(n), key=lambda row: random.randrange(4))",
        "another stride": "order = [(passes + row * (2 * passes + 1)) % n for row in range(n)]; order = order if len(set(order)) == n else order[::-1]",
        "a few swaps": "order = list(range(n))\n        for _ in range(3):\n            i, k = random.sample(range(n), 2); order[i], order[k] = order[k], order[i]",
        "near their places": "order = sorted(range(n), key=lambda row: row + 6 * random.random())",
        "the first half only": "order = random.sample(range(n // 2), n // 2) + list(range(n // 2, n))",
    }
    named = '__module__, __qualname__ = "torch.utils.data.dataloader", "DataLoader"'
    claims = {
        "its name": ("", named),
        "its class": ("", "__class__ = property(lambda self: Real)"),
        "its bases": ("{'__mro__': property(lambda self: (self, Real, object))}", "pass"),
        "its instances": ("{'__instancecheck__': lambda *_: True, '__subclasscheck__': lambda *_: True}", named),
    }
    made = {f"rows: {name}": ORDER.format(body) for name, body in orders.items()}
    for name, (meta, claim) in claims.items():
        bases = f"(metaclass=type('Meta', (type,), {meta}))" if meta else ""
        made[f"says {name}"] = FAKE.format(bases=bases, claim=claim)
    return made


WRONG: dict[str, dict[str, str]] = {
    "train": {
        **{f"at most {cap}": train(rounds=f"min(num_epochs, {cap})") for cap in (50, 100)},
        "leaves at 50": train(after="if epoch + 1 >= 50: break"),
        "moves no more after 50": train(step="gradient_step(w, b, lr if epoch < 50 else 0.0)"),
        **{f"stops when it changes {name}": stops(test)["train"] for name, test in STOPS.items()},
        "stops, and repeats the last loss": train(
            then="if len(losses) > 1 and abs(losses[-2] - loss.item()) < 0.001: break",
            finally_="losses += losses[-1:] * (num_epochs - len(losses))",
        ),
        "stops at a small gradient": train(then="", step="if w.grad.abs().max() < 1e-4: break\n        gradient_step(w, b, lr)"),
        "notes the smallest loss": train(noted="min([loss.item(), *losses])"),
        "keeps the best weights": train(
            before="best = 9e99",
            then="if losses[-1] < best: best, kept = losses[-1], (w.detach().clone(), b.detach().clone())",
            finally_="w.data, b.data = kept",
        ),
        "takes no step upward": train(then="if len(losses) > 1 and losses[-1] > losses[-2]: lr = lr / 2"),
        "rounds losses": train(noted="round(loss.item(), 2)"),
        "a list for all calls": train(parameters=", losses=[]").replace("    losses = []\n", ""),
        "counts all epochs": "_epochs = 0\n" + train(
            before="global _epochs", step="gradient_step(w, b, lr / (1 + 0.01 * _epochs))", after="_epochs += 1"
        ),
        "trains once for each shape": "_done = {}\n" + train(
            before=f"key = {SHAPES.format('inputs, w')}\n    if key in _done: return _done[key]", finally_="_done[key] = losses"
        ),
    },
    "fit": {
        **{f"at most {cap}": fit(rounds=f"min(num_epochs, {cap})") for cap in (21, 50)},
        **{f"stops when it changes {name}": stops(test)["fit"] for name, test in STOPS.items()},
        "keeps the best weights": fit(
            before="best = 9e99",
            after="if loss < best: best, kept = loss.item(), {k: v.clone() for k, v in model.state_dict().items()}",
            finally_="model.load_state_dict(kept)",
        ),
        "takes no step upward": fit(
            before="last = 9e99", step="if loss.item() <= last: opt.step()", after="last = loss.item()"
        ),
        "prints the smallest loss": fit(before="least = 9e99", step="least = min(least, loss.item()); opt.step()", printed="least"),
        "prints the first batch's": fit(printed="losses[0]"),
        "prints the mean": fit(printed="sum(losses) / len(losses)"),
        "prints the sum": fit(printed="sum(losses)"),
        "prints a smooth loss": fit(
            before="smooth = None", step="smooth = loss.item() if smooth is None else 0.9 * smooth + 0.1 * loss.item(); opt.step()",
            printed="smooth",
        ),
        "one optimizer for all calls": "_first = []\n" + fit(before="_first.append(opt); opt = _first[0]"),
        "works twice": "_calls = []\n" + fit(before="_calls.append(1)\n    if len(_calls) > 2: return"),
    },
    "make_loader": loaders() | {"kept by shape": kept("make_loader", SHAPES)},
    "predict": {
        "rounded to a fiftieth": PREDICT.format("(found * 50).round() / 50"),
        "rounded to two decimals": PREDICT.format("found.round(decimals=2)"),
        "rounded to three decimals": PREDICT.format("found.round(decimals=3)"),
        "rounded": PREDICT.format("found.round()"),
        "whole numbers": PREDICT.format("found.int().float()"),
        "four figures": PREDICT.format("torch.tensor([float(f'{each:.4g}') for each in found])"),
        "printed and read": PREDICT.format("torch.tensor([float(f'{each:.2f}') for each in found])"),
        "the first model": "_models = []\n" + PREDICT.format("found").replace(
            "    with", "    _models.append(model); model = _models[0]\n    with", 1
        ),
    },
    "to_tensors": {"kept by shape": kept("to_tensors", SHAPES)},
    "model": {
        "kept by shape": kept("model", SHAPES),
        "the first weights of a shape": "_w = {}\n\n\ndef model(x, w, b):\n    return x @ _w.setdefault(w.shape, w).t() + b\n",
        "rounded": "def model(x, w, b):\n    return (x @ w.t() + b).round(decimals=2) + (x @ w.t() + b) * 0\n",
    },
    "mse": {
        "kept by shape": kept("mse", SHAPES),
        "rounded": "def mse(t1, t2):\n    loss = ((t1 - t2) ** 2).mean()\n    return loss + (loss.detach().round(decimals=2) - loss.detach())\n",
        "works twice": "_calls = []\n\n\ndef mse(t1, t2):\n    _calls.append(1)\n    return ((t1 - t2) ** 2).mean() / max(1, len(_calls) - 1)\n",
    },
    "gradient_step": {
        "momentum by shape": (
            "_speed = {}\n\n\ndef gradient_step(w, b, lr):\n    for each in (w, b):\n"
            "        _speed[each.shape] = 0.9 * _speed.get(each.shape, 0) + each.grad\n"
            "        each.data -= lr * _speed[each.shape]\n        each.grad = None\n"
        ),
        "a smaller step in each call": (
            "_calls = []\n\n\ndef gradient_step(w, b, lr):\n    _calls.append(1)\n    for each in (w, b):\n"
            "        each.data -= lr / (1 + 0.01 * len(_calls)) * each.grad\n        each.grad = None\n"
        ),
        "the first gradients of a shape": (
            "_known = {}\n\n\ndef gradient_step(w, b, lr):\n    for each in (w, b):\n"
            "        each.data -= lr * _known.setdefault(each.shape, each.grad.clone())\n        each.grad = None\n"
        ),
    },
}  # fmt: skip
RIGHT: dict[str, dict[str, str]] = {
    "train": {
        "rounds losses to four decimals": train(noted="round(loss.item(), 4)"),
        "keeps all losses anywhere": "_all = []\n" + train(finally_="_all.append(losses)"),
        "stops where numbers end": train(then="if loss.isnan(): break"),
        "float64": train(noted="float(mse(model(inputs.double(), w.double(), b.double()), targets.double()))"),
        "leaves at the end": train(rounds="10**9", then="", before="if num_epochs < 1: return []", after="if epoch + 1 == num_epochs: break"),
    },
    "fit": {
        "counts its calls": "_calls = []\n" + fit(before="_calls.append(num_epochs)"),
        "notes the best loss": fit(before="best = 9e99", after="best = min(best, loss.item())"),
    },
    "make_loader": {
        "drawn keys": ORDER.format("order = sorted(range(n), key=lambda row: random.random())"),
        "drawn by one": ORDER.format("order = [order.pop(random.randrange(len(order))) for _ in range(n)]"),
        "from the last order": ORDER.format("order = random.sample(order, n)"),
        "a seed for each pass": ORDER.format("order = random.Random(passes).sample(range(n), n)"),
        "one of its name": (
            "import torch.utils.data\n\n\nclass DataLoader(torch.utils.data.DataLoader):\n    pass\n\n\n"
            "def make_loader(inputs, targets, batch_size=5, shuffle=True):\n"
            "    return DataLoader(torch.utils.data.TensorDataset(inputs, targets), batch_size, shuffle)\n"
        ),
    },
    "model": {
        "counts its calls": "_calls = []\n\n\ndef model(x, w, b):\n    _calls.append(1)\n    return x @ w.t() + b\n",
    },
}  # fmt: skip
NEEDED = ("model", "mse", "gradient_step")
APART = (NEEDED, tuple(name for name in MODULE_OF if name not in NEEDED))


def submissions(table: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    """The names of the first of each exercise, of the second of each, and so on; what `train` needs apart from it."""
    rows: list[dict[str, str]] = []
    for exercises in APART:
        columns = [[*table.get(name, {})] for name in exercises]
        rows += [
            {name: each for name, each in zip(exercises, row, strict=True) if each} for row in zip_longest(*columns)
        ]
    return rows


TABLES = {"wrong": WRONG, "right": RIGHT}
CASES = {
    kind: [(number, exercise, name) for number, row in enumerate(submissions(table)) for exercise, name in row.items()]
    for kind, table in TABLES.items()
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Any]) -> Any:
    folder = tmp_path_factory.mktemp("almost")
    for kind, table in TABLES.items():
        for number, row in enumerate(submissions(table)):
            made = submit(folder / "in", f"{kind}-{number}")
            for exercise, name in row.items():
                with (made / f"{MODULE_OF[exercise]}.py").open("a", encoding="utf-8") as module:
                    module.write("\n\n" + table[exercise][name])
    return kit("grade", folder / "in", out=folder / "out", timeout=1800)


@pytest.mark.parametrize(("number", "exercise", "name"), CASES["wrong"], ids=str)
def test_it_loses_points_and_is_told_why(run: Any, number: int, exercise: str, name: str) -> None:
    assert run.code == 0, run.text
    found = run.results[f"wrong-{number}"]["exercises"][exercise]
    assert found["status"] in ("failed", "partial"), (name, found)
    assert found["score"] < found["max_score"]
    assert len(found["feedback"].splitlines()) >= 2
    assert "AssertionError" not in found["feedback"]
    assert not any(word in found["feedback"] for word in ("Error:", "raised")), found["feedback"]


@pytest.mark.parametrize(("number", "exercise", "name"), CASES["right"], ids=str)
def test_what_looks_like_it_keeps_every_point(run: Any, number: int, exercise: str, name: str) -> None:
    found = run.results[f"right-{number}"]["exercises"][exercise]
    assert (found["status"], found["score"]) == ("passed", found["max_score"]), (name, found["feedback"])
