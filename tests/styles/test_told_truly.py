"""What is said of a mistake is true: one exception, or one wrong value, has several causes, and no sentence names
another one than the program has.

Each program is right but for one function. `says` must be in what the learner reads of it, `never` must not.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow


class Program(NamedTuple):
    """One function of a submission, and patterns for what is read of it."""

    exercise: str
    code: str
    says: str
    never: str = r"parentheses"


def train(body: str, first: str = "") -> str:
    lines = "losses = []\n" + first + "for epoch in range(num_epochs):\n" + textwrap.indent(body, "    ")
    return "def train(inputs, targets, w, b, lr, num_epochs):\n" + textwrap.indent(f"{lines}\nreturn losses", "    ")


def fit(
    loss: str = "loss = loss_fn(model(x), y)",
    parameters: str = "num_epochs, model, loss_fn, opt, train_dl",
    *,
    after: str = "loss.backward()\nopt.step()\nopt.zero_grad()",
    shown: str = 'f"Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}"',
) -> str:
    batch = textwrap.indent(f"{loss}\n{after}", " " * 12)
    return (
        f"def fit({parameters}):\n    for epoch in range(1, num_epochs + 1):\n        for x, y in train_dl:\n{batch}\n"
        f"        if epoch % 10 == 0:\n            print({shown})"
    )


def step(body: str, parameters: str = "w, b, lr") -> str:
    return f"def gradient_step({parameters}):\n" + textwrap.indent(body, "    ")


LOSS = "loss = mse(model(inputs, w, b), targets)\nlosses.append(loss.item())\n"
STEP = "gradient_step(w, b, lr)"
BY_HAND = "w -= lr * w.grad\nb -= lr * b.grad\nw.grad = None\nb.grad = None"
NO_BACKWARD = r"makes new|must run first|other tensors|w = w"
CUT_OFF = r"Something on the way loses it|\.item\(\) or torch"
FIT = r"fit\(num_epochs, model, loss_fn, opt, train_dl\)"
OTHER_ORDER, OTHERS = r"are in another order.*", r"(?:differ from|as the exercise calls it).*"
BEFORE = r"Give it a value before|make it a parameter"

PROGRAMS = {
    # A name that is called, and set in the same function.
    "result named like the loss": Program(
        "train", train("mse = mse(model(inputs, w, b), targets)\nlosses.append(mse.item())\nmse.backward()\n" + STEP),
        r"hides the \w+ outside.* another name", BEFORE,
    ),
    "result named like the model": Program(
        "train", train("model = model(inputs, w, b)\nloss = mse(model, targets)\nlosses.append(loss.item())\n"
                       "loss.backward()\n" + STEP), r"model has no value yet.* another name", BEFORE,
    ),
    "named so further down": Program(
        "train", train("loss = mse(model(inputs, w, b), targets)\nloss.backward()\nmse = loss.item()\n"
                       "losses.append(mse)\n" + STEP), r"hides the \w+ outside", BEFORE,
    ),
    "named so in a loop": Program(
        "train", train("loss = mse(model(inputs, w, b), targets)\nlosses.append(loss.item())\nloss.backward()\n"
                       "for model in [w, b]:\n    pass\n" + STEP), r"hides the \w+ outside", BEFORE,
    ),
    # A .grad that is None.
    "no backward": Program("train", train(LOSS + STEP), r"nothing has computed them", NO_BACKWARD),
    "backward not called": Program(
        "train", train(LOSS + "loss.backward\n" + STEP), r"`backward` without parentheses", NO_BACKWARD
    ),
    "step before backward": Program(
        "train", train(LOSS + STEP + "\nloss.backward()"), r"taken before the backward pass", NO_BACKWARD
    ),
    "loss detached": Program(
        "train", train("loss = mse(model(inputs, w, b), targets).detach().requires_grad_()\nlosses.append(loss.item())"
                       "\nloss.backward()\n" + STEP), r"cut off from w and b", NO_BACKWARD,
    ),
    "predictions detached": Program(
        "train", train("preds = model(inputs, w, b).detach()\npreds.requires_grad = True\nloss = mse(preds, targets)\n"
                       "losses.append(loss.item())\nloss.backward()\n" + STEP), r"cut off from w and b", NO_BACKWARD,
    ),
    "loss made anew": Program(
        "train", train("loss = torch.tensor(mse(model(inputs, w, b), targets).item(), requires_grad=True)\n"
                       "losses.append(loss.item())\nloss.backward()\n" + STEP), r"rebuilt from", NO_BACKWARD,
    ),
    "gradient of copies": Program(
        "train", train("v, c = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()\n"
                       "loss = mse(model(inputs, v, c), targets)\nlosses.append(loss.item())\nloss.backward()\n" + STEP),
        r"w|None", NO_BACKWARD,
    ),
    "gradients taken away": Program(
        "train", train(LOSS + "loss.backward()\nw.grad = None\nb.grad = None\n" + STEP),
        r"is None, such as a \.grad|reset before", NO_BACKWARD,
    ),
    # A graph that is gone through twice.
    "backward twice on one loss": Program(
        "train", train(LOSS + "loss.backward()\nloss.backward()\n" + STEP), r"called twice on one loss",
        r"made once, before|predictions and a loss of its own",
    ),
    "backward twice on two names": Program(
        "train", train(LOSS + "loss.backward()\nsame = loss\nsame.backward()\n" + STEP), r"called twice on one result",
        r"made once, before|predictions and a loss of its own",
    ),
    "predictions before the loop": Program(
        "train", train("loss = mse(preds, targets)\nlosses.append(loss.item())\nloss.backward()\n" + STEP,
                       "preds = model(inputs, w, b)\n"), r"made once, before the loop", r"called twice on one loss\b",
    ),
    "one batch backward twice": Program(
        "fit", fit(after="loss.backward()\nloss.backward()\nopt.step()\nopt.zero_grad()"), r"called twice on one loss",
        r"before the loop|predictions and a loss",
    ),
    # A with that is missing, in other ways.
    **{
        f"forgotten with, {name}": Program("gradient_step", step(f"{off}\n{BY_HAND}"), r"`with` is missing", r"without par")
        for name, off in {
            "no_grad": "torch.no_grad()", "inference_mode": "torch.inference_mode()", "not called": "torch.no_grad",
            "imported": "from torch import no_grad\nno_grad()",
        }.items()
    },
    "forgotten with, in train": Program(
        "train", train(LOSS + "loss.backward()\ntorch.no_grad()\n" + BY_HAND), r"`with` is missing"
    ),
    "forgotten with, in predict": Program(
        "predict", "def predict(model, region):\n    torch.no_grad()\n"
                   "    return model(torch.tensor([list(region)], dtype=torch.float32))[0]", r"`with` is missing",
    ),
    "recording": Program("gradient_step", step(BY_HAND), r"within a `with` block", r"is missing"),
    # Copies without a history.
    **{
        f"copy, {name}": Program("mse", f"def mse(t1, t2):\n    loss = ((t1 - t2) ** 2).mean()\n    return {copy}",
                                 r"is cut off|it is a copy", CUT_OFF)
        for name, copy in {
            "tensor": "torch.tensor(loss)", "item": "torch.tensor(loss.item())", "clone": "loss.clone().detach()",
            "variable": "torch.autograd.Variable(loss.data)", "numpy": "torch.tensor(loss.detach().numpy())",
            "class": "torch.FloatTensor([loss])[0]", "no history": "loss.detach().clone()",
        }.items()
    },
    # Nothing has changed.
    "step under new names": Program(
        "gradient_step", step("new_w = w - lr * w.grad\nnew_b = b - lr * b.grad\nreturn new_w, new_b"),
        r"have not changed",
    ),
    "step returned": Program(
        "gradient_step", step("return w - lr * w.grad, b - lr * b.grad"), r"have not changed|has not changed"
    ),
    "model untouched": Program(
        "fit", fit("loss = loss_fn(model(x), y)\nloss = torch.tensor(loss.item(), requires_grad=True)"),
        r"has not changed",
    ),
    "predictions cut off": Program(
        "fit", fit("loss = loss_fn(model(x).detach().requires_grad_(), y)"), r"has not changed"
    ),
    "nobody knows why": Program("fit", fit("loss = loss_fn(model(x), y) * 0"), r"has not changed|not what it should"),
    # Other parameters.
    "other lesson": Program(
        "fit", fit("loss = ((model(x) - y) ** 2).mean()", "num_epochs, lr, model, train_dl, val_dl, f=torch.optim.SGD",
                   after="opt = f(model.parameters(), lr)\nloss.backward()"), OTHERS + FIT, r"[Pp]arentheses|missing",
    ),
    "other order": Program("fit", fit(parameters="model, loss_fn, num_epochs, opt, train_dl"), OTHER_ORDER + FIT),
    "other words": Program(
        "fit", "def fit(net, loader, criterion, optimizer, epochs):\n    for epoch in range(1, epochs + 1):\n"
               "        for x, y in loader:\n            criterion(net(x), y).backward()\n            optimizer.step()",
        r"differ from.*" + FIT,
    ),
    "one too few": Program("fit", fit(parameters="num_epochs, model, opt, train_dl"), r"exercise  " + FIT),
    "one too many": Program(
        "fit", fit(parameters="num_epochs, model, loss_fn, opt, train_dl, valid_dl"), r"5 arguments.*" + FIT
    ),
    "model of x": Program("model", "def model(x):\n    return x @ w.t() + b", r"exercise  model\(x, w, b\)"),
    "model of w": Program("model", "def model(w, x, b):\n    return x @ w.t() + b", OTHER_ORDER + r"model\(x, w, b\)"),
    "loss of one": Program("mse", "def mse(error):\n    return (error ** 2).mean()", OTHERS + r"mse\(t1, t2\)"),
    "loss of three": Program(
        "mse", "def mse(t1, t2, n):\n    return ((t1 - t2) ** 2).sum() / n", OTHERS + r"mse\(t1, t2\)"
    ),
    "rate before b": Program(
        "gradient_step", step("with torch.no_grad():\n" + textwrap.indent(BY_HAND, "    "), "w, lr, b"),
        OTHER_ORDER + r"gradient_step\(w, b, lr\)",
    ),
    "epochs before rate": Program(
        "train", "def train(x, y, weights, bias, n_epochs, rate):\n    return [float(i) for i in range(n_epochs)]",
        r"differ from.*train\(inputs, targets, w, b, lr, num_epochs\)",
    ),
    "region first": Program(
        "predict", "def predict(region, model):\n    with torch.no_grad():\n"
                   "        return model(torch.tensor([list(region)], dtype=torch.float32))[0]",
        OTHER_ORDER + r"predict\(model, region\)",
    ),
    "shuffle first": Program(
        "make_loader", "def make_loader(inputs, targets, shuffle=True, batch_size=5):\n"
                       "    return DataLoader(TensorDataset(inputs, targets), batch_size=batch_size, shuffle=shuffle)",
        OTHER_ORDER + r"make_loader\(inputs, targets, batch_size=5, shuffle=True\)",
    ),
    "targets first": Program(
        "to_tensors", "def to_tensors(targets, inputs):\n    return torch.from_numpy(inputs).float(), "
                      "torch.from_numpy(targets).float()", OTHER_ORDER + r"to_tensors\(inputs, targets\)",
    ),
    # Other names are no other parameters, whatever else is wrong.
    "own names, no mean": Program("mse", "def mse(a, b):\n    return ((a - b) ** 2).sum()", r"sum", r"parameters"),
    "own letters": Program(
        "model", "def model(a, b, c):\n    return torch.einsum('nd,td->nt', a, b)", r"bias", r"parameters of model"
    ),
    "targets first, no mean": Program(
        "mse", "def mse(t2, t1):\n    return ((t1 - t2) ** 2).sum()", r"sum", r"parameters|order"
    ),
    "own names, typo": Program(
        "predict", "def predict(net, place):\n    return net(torch.tensor([list(place)])).detach()[0].flatten().mena()",
        r"Was mean meant|dtype", r"parameters of predict",
    ),
    # What is printed.
    "mean of all rows": Program(
        "fit", fit(shown='f"Epoch [{epoch}/{num_epochs}], Loss: {sum(losses) / len(train_dl.dataset):.4f}"',
                   after="loss.backward()\nopt.step()\nopt.zero_grad()\n"
                         "losses = (losses if len(losses) < len(train_dl) else []) if epoch > 1 or len(x) < 1 else []"
                         "\nlosses.append(loss.item() * len(x))").replace("    for epoch", "    losses = []\n    for epoch"),
        r"last batch", r"nothing is printed",
    ),
    "other words printed": Program(
        "fit", fit(shown='f"epoch {epoch}: {loss.item():.4f}"'), r"no line reads like the one|another form", r"othing is printed"
    ),
    "printed by another": Program(
        "fit", fit(shown='*show(epoch, loss)') + "\n\n\ndef show(epoch, loss):\n    return [epoch, loss.item()]",
        r"no line reads like the one|another form", r"othing is printed",
    ),
    "silent": Program("fit", fit().partition("        if epoch")[0], r"nothing is printed"),
    # A zip of two loaders.
    "two loaders": Program(
        "make_loader", "def make_loader(inputs, targets, batch_size=5, shuffle=True):\n"
                       "    return zip(DataLoader(inputs, batch_size, shuffle), DataLoader(targets, batch_size, shuffle))",
        r"used up after one epoch", r"list of 3 items",
    ),
    "a generator": Program(
        "make_loader", "def make_loader(inputs, targets, batch_size=5, shuffle=True):\n"
                       "    return (batch for batch in DataLoader(TensorDataset(inputs, targets), batch_size, shuffle))",
        r"should be a DataLoader", r"list of 3 items",
    ),
}  # fmt: skip

RIGHT = {
    "mse in float64": ("mse", "def mse(t1, t2):\n    return torch.mean((t1.double() - t2.double()) ** 2)"),
    "model in float64": ("model", "def model(x, w, b):\n    return x.double() @ w.double().t() + b"),
    "losses rounded": (
        "train",
        train(LOSS.replace("loss.item()", "round(loss.item(), 4)") + "loss.backward()\n" + STEP),
    ),
    "step of b first": (
        "gradient_step",
        step("with torch.no_grad():\n" + textwrap.indent(BY_HAND, "    "), "b, w, lr"),
    ),
}


def name_of(title: str) -> str:
    return re.sub(r"\W+", "-", title)


@pytest.fixture(scope="module")
def run(kit: Callable[..., Any], submit: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("told")
    for title, program in PROGRAMS.items():
        submit(folder / "in", name_of(title), **{program.exercise: program.code})
    for title, (exercise, code) in RIGHT.items():
        submit(folder / "in", name_of(title), **{exercise: code})
    done = kit("grade", folder / "in", out=folder / "out")
    assert done.code == 0, done.text
    return done


@pytest.mark.parametrize("title", PROGRAMS)
def test_what_is_said_of_a_mistake_is_true(run: Any, title: str) -> None:
    program = PROGRAMS[title]
    found = run.results[name_of(title)]["exercises"][program.exercise]
    assert found["status"] in ("failed", "partial"), found
    assert re.search(program.says, found["feedback"], re.DOTALL), found["feedback"]
    assert not re.search(program.never, found["feedback"].partition("  called")[0]), found["feedback"]


@pytest.mark.parametrize("title", RIGHT)
def test_what_the_exercise_leaves_open_costs_nothing(run: Any, title: str) -> None:
    assert run.results[name_of(title)]["score"] == TOTAL


def test_no_line_of_a_right_function_is_pointed_at(run: Any) -> None:
    for title, program in PROGRAMS.items():
        source = (run.out.parent / "in" / name_of(title) / "from_scratch.py").read_text(encoding="utf-8").split("\n")
        if program.exercise == "train":
            feedback = run.results[name_of(title)]["exercises"]["train"]["feedback"]
            lines = re.findall(r"^ +(?:where|look at) +from_scratch.py, line (\d+)", feedback, re.MULTILINE)
            begin = next(at for at, line in enumerate(source) if line.startswith("def train("))
            assert lines
            assert all(int(line) > begin for line in lines)
