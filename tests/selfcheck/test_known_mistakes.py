"""The self-check names a misconception from what the learner's function shows, and what is shipped tells nothing."""

import json

import pytest

from tests.lesson_points import EXERCISES
from tests.selfcheck.conftest import LESSON, ROOT
from tests.selfcheck.test_line_search import CHECK, PANELS, shown

pytestmark = pytest.mark.slow

SEALED = f"exercises/{LESSON}/.mistakes.json"
# Written in other words than the bank's.
MISTAKES = {
    "mse": ("def mse(a, b):\n    return (a - b).square().sum() / a.shape[0]", "rows"),
    "model": ("def model(a, b, c):\n    return torch.einsum('nd,td->nt', a, b)", "bias"),
    "gradient_step": (
        "def gradient_step(w, b, lr):\n    for p in (w, b):\n        p.data.sub_(p.grad, alpha=lr)",
        "gradients stay",
    ),
    "train": (
        "def train(x, y, w, b, lr, n):\n    out = []\n    for i in range(n):\n        loss = mse(model(x, w, b), y)\n"
        "        out.append(loss)\n        loss.backward()\n        gradient_step(w, b, lr)\n    return out",
        "tensor",
    ),
}
# Several of the bank show the same here; these are told apart by how they are written.
WRITTEN = {
    "mse": ("def mse(a, b):\n    error = a - b\n    return torch.Tensor([(error * error).mean()])[0]", "it is a copy"),
    "gradient_step": (
        "def gradient_step(v, c, rate):\n    for p in (v, c):\n        p.grad.zero_()\n    for p in (v, c):\n"
        "        p.data -= p.grad * rate",
        "reset before the step",
    ),
    "train": (
        "def train(x, y, v, c, rate, n):\n    out = []\n    while len(out) < n:\n        found = mse(model(x, v, c), y)\n"
        "        out.append(float(found))\n        gradient_step(v, c, rate)\n        found.backward()\n    return out",
        "taken before the backward pass",
    ),
    "fit": (
        "def fit(n, net, loss_of, optimizer, loader):\n    for e in range(n):\n        for a, c in loader:\n"
        "            loss = loss_of(net(a), c)\n            loss.backward()\n            optimizer.step()\n"
        "            optimizer.zero_grad\n        if not (e + 1) % 10:\n"
        "            print(f'Epoch [{e + 1}/{n}], Loss: {loss:.4f}')",
        "without parentheses only names",
    ),
}
# It shows what those show that never change the model, and is none of them.
NONE_OF_THEM = (
    "def fit(num_epochs, model, loss_fn, opt, train_dl):\n    for epoch in range(1, num_epochs + 1):\n"
    "        for x, y in train_dl:\n            loss = loss_fn(model(x), y)\n            (loss * 0).backward()\n"
    "            opt.step()\n            opt.zero_grad()\n        if epoch % 10 == 0:\n"
    "            print(f'Epoch [{epoch}/{num_epochs}], Loss: {loss.item():.4f}')"
)


@pytest.mark.parametrize("exercise", MISTAKES)
def test_a_mistake_is_named_and_the_lesson_s_part_with_it(course, exercise):
    code, words = MISTAKES[exercise]
    ran = course.solve().change(**{exercise: code}).run("exercises", "-k", exercise)
    assert ran.code == 1
    assert words in ran.next
    assert "read " in ran.next
    assert "lesson.html#" in "".join(ran.next.split())
    assert "Hint:" not in ran.next


@pytest.mark.parametrize("exercise", WRITTEN)
def test_of_several_that_show_the_same_the_one_that_is_written_is_named(course, exercise):
    code, words = WRITTEN[exercise]
    ran = course.solve().change(**{exercise: code}).run("exercises", "-k", exercise)
    assert ran.code == 1
    assert words in " ".join(ran.next.split())
    assert "lesson.html#" in "".join(ran.next.split())


def test_in_a_notebook_too_the_one_that_is_written_is_named(course):
    code, words = WRITTEN["mse"]
    (told,) = shown(course, "import torch", code, CHECK)
    assert told.count(words) == PANELS
    assert told.count("the lesson, “Gradients”") == PANELS
    assert "lesson.html" not in told  # that is another place than the notebook


def test_none_is_named_that_is_not_written(course):
    ran = course.solve().change(fit=NONE_OF_THEM).run("exercises", "-k", "fit")
    assert ran.code == 1
    assert "lesson.html" not in ran.next


def test_what_is_no_known_mistake_gets_the_ordinary_words(course):
    two = "def mse(a, b):\n    return (a - b).abs().mean() * 3 + 17"
    ran = course.solve().change(mse=two).run("exercises", "-k", "mse")
    assert "lesson.html" not in ran.next
    assert "Hint:" in ran.next


@pytest.mark.parametrize(
    "damage", [b"", b"{", b'{"exercises": 5}', b'{"exercises": {"mse": {"looked": [], "sealed": [[1]]}}}']
)
def test_a_missing_or_damaged_file_costs_nothing_but_the_name(course, damage):
    path = course.folder / SEALED
    path.write_bytes(damage) if damage else path.unlink()
    ran = course.solve().change(mse=MISTAKES["mse"][0]).run("exercises", "-k", "mse")
    assert ran.code == 1
    assert "Traceback" not in ran.out
    assert "returned  tensor(15203.1)" in ran.next


def test_what_is_shipped_holds_no_word_and_no_name_of_a_mistake():
    text = (ROOT / SEALED).read_text()
    for path in (ROOT / "solutions" / LESSON / "mistakes").rglob("*.py"):
        assert path.stem not in text.replace("test_", "")
    assert set(json.loads(text)["exercises"]) == set(EXERCISES)


def test_a_single_check_is_no_basis_for_a_name(course):
    ran = course.solve().change(mse=MISTAKES["mse"][0])
    ran = ran.run(f"exercises/{LESSON}/checks/test_mse.py::test_the_lessons_numbers")
    assert "lesson.html" not in ran.next
