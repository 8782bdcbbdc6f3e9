"""`grader suggest` as an author uses it: what it prints is pasted, and stands up to the audit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import BankError
from grader.course.load import load_course
from grader.grading.bank import load_bank

pytestmark = pytest.mark.slow

COURSE = """
[course]
id = "kinds"
name = "Kinds of exercises"

[assignments.kinds]
title = "Kinds"
modules.kinds.title = "Kinds"
"""
# One of each kind: any shape and a gradient; in place, with gradients set; labels; a model; arrays; a tuple and a number;
# a module.
SOLUTION = '''"""Kinds."""

import torch


def square(x):
    """The squares of the numbers in x.

    x: float tensor of any shape. Returns a tensor of the same shape, differentiable in x.
    """
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION


def decay(w, rate):
    """Make w smaller, in place.

    w: leaf tensor that requires gradients, with .grad set; rate: a float.
    Afterwards it holds its value minus rate times its gradient, and the gradient is reset.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        w -= rate * w.grad
    w.grad = None
    ### END SOLUTION


def hits(scores, labels):
    """How many rows have the highest score at their label.

    scores: tensor (n, k); labels: int64 tensor (n,), labels from 0 to k - 1. Returns an int.
    """
    ### BEGIN SOLUTION
    return int((scores.argmax(dim=1) == labels).sum())
    ### END SOLUTION


def sure(model, row):
    """What a model says of one row.

    model: takes a tensor (n, 4) and returns one of (n, 2); row: four numbers in a list.
    Returns a tensor (2,) that is not attached to a graph.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        return model(torch.tensor([row]))[0]
    ### END SOLUTION


def halves(rows):
    """The first and the second half of the columns of rows, which is an array (n, d + d), and how many rows there are."""
    ### BEGIN SOLUTION
    middle = rows.shape[1] // 2
    left, right = torch.from_numpy(rows[:, :middle]), torch.from_numpy(rows[:, middle:])
    return left, right, len(rows)
    ### END SOLUTION


class Scores(torch.nn.Module):
    """Scores for each class, by one linear layer `linear`."""

    def __init__(self, features, classes):
        """Make the layer."""
        super().__init__()
        ### BEGIN SOLUTION
        self.linear = torch.nn.Linear(features, classes)
        ### END SOLUTION

    def forward(self, x):
        """The scores of x, a tensor (n, features): a tensor (n, classes), none of them below 0."""
        ### BEGIN SOLUTION
        return torch.relu(self.linear(x))
        ### END SOLUTION
'''
EXERCISES = ("square", "decay", "hits", "sure", "halves", "layer")


FUNCTIONS = {"layer": "Scores"}


def blocks(text: str) -> dict[str, str]:
    """What is printed to be pasted, by file."""
    found = re.findall(r"^=== (\S+)(?:   \(is there already[^\n]*\))?\n(.*?)^===$", text, re.MULTILINE | re.DOTALL)
    assert len(found) == text.count("\n=== ")
    return dict(found)


def pasted(folder: Path, text: str) -> dict[str, str]:
    """All of it pasted, with something said of each mistake."""
    found = blocks(text)
    for file, block in found.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(block.replace("\nSays:\n", "\nSays: This is wrong.\n"))
    return found


def a_course(folder: Path, root: Path) -> Path:
    hints = '["Where?", "What?", "How?"]'
    tables = [
        f'[assignments.kinds.exercises.{name}]\nmodule = "kinds"\nfunction = "{FUNCTIONS.get(name, name)}"\ntitle = "{name}"\npoints = 4\nhints = {hints}\n'
        for name in EXERCISES
    ]
    for name in ("exercises", "solutions/kinds"):
        (folder / name).mkdir(parents=True)
    (folder / "course.toml").write_text("\n".join([COURSE, *tables]))
    (folder / "solutions/kinds/kinds.py").write_text(SOLUTION)
    for name in ("conftest.py", "pytest.ini"):
        shutil.copy(root / "exercises" / name, folder / "exercises" / name)
    return folder


@pytest.fixture(scope="module")
def said(root: Path, tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> tuple[Path, str]:
    """A course without checks, bank or text, and what is suggested for all of it."""
    folder = a_course(tmp_path_factory.mktemp("kinds") / "course", root)
    before = {path for path in folder.rglob("*") if path.is_file()}
    run = kit("suggest", cwd=folder)
    assert run.code == 0, run.text
    assert {path for path in folder.rglob("*") if path.is_file()} == before, "nothing is written"
    return folder, run.stdout


@pytest.fixture(scope="module")
def audited(said: tuple[Path, str], kit: Callable[..., Any]) -> dict[str, Any]:
    """What the audit says of all that was suggested, pasted."""
    folder, text = said
    pasted(folder, text)
    assert kit("stubs", cwd=folder).code == 0
    run = kit("audit", "--seeds", 2, "--json", folder.parent / "audit.json", cwd=folder)
    assert run.code in (0, 1), run.text
    found = json.loads((folder.parent / "audit.json").read_text())
    assert isinstance(found, dict)
    return found


def test_a_lesson_of_references_alone_gets_checks_and_mistakes_for_each_kind_of_exercise(
    said: tuple[Path, str],
) -> None:
    _, text = said
    found = blocks(text)
    for name in EXERCISES:
        assert f"solutions/kinds/hidden/test_{name}.py" in found, name
        assert f"exercises/kinds/checks/test_{name}.py" in found, name
    assert sum("/mistakes/" in file for file in found) >= 2 * len(EXERCISES)
    hidden = {name: found[f"solutions/kinds/hidden/test_{name}.py"] for name in EXERCISES}
    assert "outcome.gradient(0, " in hidden["square"]
    assert "leaves_alone(0)" in hidden["square"]
    assert 'outcome.leaves(0, ours[0].detach(), "w"' in hidden["decay"]
    assert 'outcome.resets_gradient(0, "w")' in hidden["decay"]
    assert 'outcome.requires_grad(0, "w")' in hidden["decay"]
    assert "low=0, high=k, dtype=torch.int64" in hidden["hits"]
    assert "test_is_not_attached_to_a_graph" in hidden["sure"]
    assert "outcome.trained(0, given[0].state)" in hidden["sure"]
    assert "draw.array(n, d + d)" in hidden["halves"]
    assert "theirs, ours = student.new.Scores(features, classes), Scores(features, classes)" in hidden["layer"]
    assert "outcome.gradients(0, " in hidden["layer"]


@pytest.mark.soak
def test_the_reference_passes_what_is_suggested_and_most_mutants_do_not(audited: dict[str, Any]) -> None:
    (reference,) = [each for each in audited["implementations"] if each["kind"] == "reference"]
    assert [run["exercise"] for run in reference["runs"] if run["status"] != "passed"] == []
    assert not [each for each in audited["problems"] if "reference solution" in each or "breaks" in each]
    for name, each in audited["exercises"].items():
        assert each["mutants"]["good"] >= 0.8 * each["mutants"]["all"], (name, each["mutants"])


def test_each_suggested_mistake_loses_points_and_is_told_from_every_other(audited: dict[str, Any]) -> None:
    for name, each in audited["exercises"].items():
        assert each["mistakes"]["all"] > 0, name
        assert each["mistakes"]["good"] == each["mistakes"]["all"], (name, audited["problems"])
        assert each["named"]["good"] == each["named"]["all"], (name, audited["problems"], audited["remarks"])


def test_the_visible_checks_show_small_numbers_and_are_passed_at_home(said: tuple[Path, str], audited: Any) -> None:
    folder, _ = said
    home = folder.parent / "home"
    shutil.copytree(folder / "exercises", home / "exercises")
    shutil.copy(folder / "course.toml", home)

    def checked() -> str:
        command = [sys.executable, "-m", "pytest", "exercises"]
        return subprocess.run(command, cwd=home, capture_output=True, text=True, check=False).stdout

    assert "0 of 24 points" in checked()
    lines = [line for line in SOLUTION.splitlines(keepends=True) if "###" not in line]
    (home / "exercises/kinds/kinds.py").write_text("".join(lines))
    assert "24 of 24 points" in checked()


def test_an_entry_of_which_nothing_is_said_is_refused_by_the_bank(said: tuple[Path, str], audited: Any) -> None:
    folder, text = said
    file, block = next((file, block) for file, block in blocks(text).items() if "/mistakes/square/" in file)
    course = folder.parent / "unsaid"
    shutil.copytree(folder, course)
    (course / file).write_text(block)
    with pytest.raises(BankError, match=re.escape(f"{file}: its docstring has no field Says.")):
        load_bank(course, load_course(course).assignments["kinds"])


@pytest.mark.soak
def test_what_the_bank_has_is_not_suggested_and_nothing_that_a_mistake_of_it_does(
    root: Path, tmp_path: Path, kit: Callable[..., Any]
) -> None:
    """With the bank of an exercise of this course: what is suggested besides is told from all of its entries."""
    for name in ("solutions", "exercises"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "course.toml", tmp_path)
    run = kit("suggest", "model", "--assignment", "linear_regression", cwd=tmp_path)
    assert run.code == 0, run.text
    new = {file: block for file, block in blocks(run.stdout).items() if "/mistakes/" in file}
    assert 0 < len(new) <= 5
    assert "Your own hidden checks reject" in run.stdout
    assert "not listed as equivalent" not in run.stdout
    for file, block in new.items():
        assert not (tmp_path / file).exists()
        assert "Lesson: " in block
        (tmp_path / file).write_text(block.replace("\nSays:\n", "\nSays: This is wrong.\n"))
    out = tmp_path / "audit.json"
    kit("audit", "--assignment", "linear_regression", "--only", "model", "--seeds", 1, "--json", out, cwd=tmp_path)
    found = json.loads(out.read_text())["exercises"]["model"]
    assert found["mistakes"]["good"] == found["mistakes"]["all"]
    assert found["named"]["good"] == found["named"]["all"]


OF_MY_OWN = '''"""Totals."""

import torch
from torch import nn


def centre(x):
    """Move every column of x so that its mean is 0.

    x: float tensor (n, d). Returns a tensor (n, d), differentiable in x.
    """
    ### BEGIN SOLUTION
    return x - x.mean(dim=0)
    ### END SOLUTION


class Net(nn.Module):
    """Multiply each feature by a number of its own, and add another.

    Net(features) has the parameters scale and shift, (features,) each.
    """

    def __init__(self, features):
        super().__init__()
        ### BEGIN SOLUTION
        self.scale, self.shift = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        ### END SOLUTION

    def forward(self, x):
        """x: float tensor (n, features). Returns a tensor (n, features)."""
        ### BEGIN SOLUTION
        return x * self.scale + self.shift
        ### END SOLUTION
'''


def test_what_grader_new_left_is_told_and_counts_for_nothing(tmp_path: Path, kit: Callable[..., Any]) -> None:
    """Also what it left of another exercise, whose checks can't be run yet."""
    assert kit("init", cwd=tmp_path).code == 0
    assert kit("new", "lesson", "sums", "--module", "totals", "--exercise", "centre", cwd=tmp_path).code == 0
    assert kit("new", "exercise", "net", "--class", "Net", cwd=tmp_path).code == 0
    (tmp_path / "solutions/sums/totals.py").write_text(OF_MY_OWN)
    run = kit("suggest", "centre", cwd=tmp_path)
    assert run.code == 0, run.text
    assert "Delete them: rm solutions/sums/mistakes/centre/centre_in_place.py " in run.stdout
    assert run.stdout.count("(is there already, as `grader new` wrote it: put this in its place)") == 2
    assert '"""moves every column of x so that its mean is 0"""' in run.stdout
    assert "Your right answer" not in run.stdout
    for left in run.stdout.split("Delete them: rm ")[1].split("\n")[0].split():
        (tmp_path / left).unlink()
    pasted(tmp_path, run.stdout)
    run = kit("suggest", "centre", cwd=tmp_path)
    assert "Your own hidden checks reject" in run.stdout, run.text
    assert "Delete them" not in run.stdout


WEAK = '''
from grader.checks import check
from solutions.kinds.kinds import {name}


@check("{name}")
def test_values(student, draw):
    """is right"""
    x = draw.tensor(3)
    student.square(x).returns(square(x))
'''


def test_checks_that_are_too_weak_are_told_what_would_reject_the_mutants(
    root: Path, tmp_path: Path, kit: Callable[..., Any]
) -> None:
    folder = a_course(tmp_path / "course", root)
    toml = (folder / "course.toml").read_text()
    (folder / "course.toml").write_text(toml[: toml.index("[assignments.kinds.exercises.decay]")])
    (folder / "solutions/kinds/hidden").mkdir()
    (folder / "solutions/kinds/hidden/test_square.py").write_text(WEAK.format(name="square"))
    text = kit("suggest", "square", cwd=folder).stdout
    assert re.search(r"Your own hidden checks reject \d+ of \d+ mutants, and let \d+ pass", text)
    assert re.search(r"^- .*a detached result.*: test_can_be_differentiated above rejects this\.$", text, re.MULTILINE)


BROKEN: list[tuple[Callable[[str], str], str]] = [
    (
        lambda text: text.replace("import torch\n", "import torch\nimport nothing_of_this_name\n"),
        "solutions/kinds/kinds.py can't be imported: ModuleNotFoundError: No module named",
    ),
    (lambda text: text.replace("def square(x):", "def squares(x):"), 'defines no function or class "square"'),
    (lambda text: text.replace("    return x * x\n", "    return x *\n"), "not valid Python"),
]


@pytest.mark.parametrize(("change", "told"), BROKEN)
def test_a_reference_that_can_not_be_used_is_a_sentence(
    change: Callable[[str], str], told: str, root: Path, tmp_path: Path, kit: Callable[..., Any]
) -> None:
    folder = a_course(tmp_path / "course", root)
    (folder / "solutions/kinds/kinds.py").write_text(change(SOLUTION))
    run = kit("suggest", "square", cwd=folder)
    assert run.code == 2
    assert told in run.stderr
    assert "Traceback" not in run.text


def test_what_a_docstring_should_say_is_said_plainly(root: Path, tmp_path: Path, kit: Callable[..., Any]) -> None:
    folder = a_course(tmp_path / "course", root)
    told = {
        '"""The squares of the numbers in x.\n\n    x: float tensor of any shape. Returns a tensor of the same shape, '
        'differentiable in x.\n    """': ('"""The squares."""', "The docstring says nothing of x"),
        "labels: int64 tensor (n,), labels from 0 to k - 1.": ("labels: what to hit.", 'says "what to hit." of labels'),
    }
    text = SOLUTION
    for old, (new, _) in told.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "solutions/kinds/kinds.py").write_text(text)
    for name, sentence in zip(("square", "hits"), (each for _, each in told.values()), strict=True):
        run = kit("suggest", name, cwd=folder)
        assert run.code == 0, run.text
        assert sentence in run.stdout
        assert "=== " not in run.stdout, "nothing can be tried without checks"
    run = kit("suggest", "sqare", cwd=folder)
    assert (run.code, 'has no exercise "sqare"' in run.stderr) == (2, True)
    assert 'Did you mean "square"?' in run.stderr
