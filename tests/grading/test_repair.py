"""The cause of a mistake that no bank knows: the line that one small edit makes right, and what to look at there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from grader.course.load import load_course
from grader.grading.repair import Failed, Repair
from grader.reading.edits import Edit, applied, edits_of, the_place
from grader.reading.name_resolution import read_module
from tests.conftest import Run
from tests.one_lesson import one_lesson

ROOT = Path(__file__).resolve().parent.parent.parent

# By student: the exercise, its function, and the words of the line that a teacher would point at.
WRONG = {
    "divides by one less": (
        "mse",
        """
def mse(t1, t2):
    difference = t1 - t2
    count = difference.numel() - 1
    return (difference ** 2).sum() / count
""",
        "count = difference.numel() - 1",
    ),
    "in a helper": (
        "mse",
        """
def cubed(values):
    return values * values * values


def mse(t1, t2):
    return cubed(t1 - t2).mean()
""",
        "return values * values * values",
    ),
    "rounds": (
        "model",
        """
def model(x, w, b):
    products = x @ w.t()
    products = torch.round(products)
    return products + b
""",
        "products = torch.round(products)",
    ),
    "ten percent": (
        "predict",
        """
def predict(model, region):
    with torch.no_grad():
        values = model(torch.tensor(region, dtype=torch.float32))
        return values * 1.1
""",
        "return values * 1.1",
    ),
    "forgets one reset": (
        "gradient_step",
        """
def gradient_step(w, b, lr):
    with torch.no_grad():
        for each in (w, b):
            each -= lr * each.grad
            each += 1e-3
        w.grad.zero_()
        b.grad.zero_()
""",
        "each += 1e-3",
    ),
}
NEVER_RIGHT = "\ndef mse(t1, t2):\n    return torch.tensor([[1.0, 2.0]]).sin().sum() * t1.sum() + t2.prod().cos()\n"
# Two mistakes, and edits of it that never end.
ENDLESS = "\ndef mse(t1, t2):\n    n = 0\n    while n < 1:\n        n = n + 1\n    return (t1 - t2).abs().mean() + n\n"


def slug(name: str) -> str:
    return name.replace(" ", "-")


TEN = slug("ten percent")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path], kit: Callable[..., Any]) -> Any:
    folder = tmp_path_factory.mktemp("repair")
    for name, (exercise, code, _) in WRONG.items():
        submit(folder / "in", slug(name), **{exercise: code})
    submit(folder / "in", "never", mse=NEVER_RIGHT)
    submit(folder / "in", "endless", mse=ENDLESS)
    submit(folder / "in", "right")
    run = kit("grade", folder / "in", "--seed", 7, out=folder / "out")
    assert run.code == 0, run.text
    return run


@pytest.mark.parametrize("name", WRONG)
def test_the_cause_is_on_the_line_that_a_teacher_would_point_at(graded: Any, name: str) -> None:
    exercise, _, words = WRONG[name]
    result = graded.results[slug(name)]["exercises"][exercise]
    cause = result["cause"]
    assert cause, result["feedback"]
    assert cause["by"] == "repair"
    lines = (graded.out.parent / "in" / slug(name) / f"{cause['module']}.py").read_text().split("\n")
    assert words in lines[cause["line"] - 1]
    assert f"line {cause['line']}" in result["feedback"]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_said_quotes_only_the_learners_own_code(graded: Any, name: str) -> None:
    exercise, code, _ = WRONG[name]
    says = graded.results[slug(name)]["exercises"][exercise]["cause"]["says"]
    quotes = re.findall(r"`([^`]*)`", says)
    assert quotes
    assert all(quoted.rstrip("…") in code for quoted in quotes)


@pytest.mark.parametrize("student", ["never", "endless"])
def test_what_no_edit_makes_right_has_no_cause(graded: Any, student: str) -> None:
    result = graded.results[student]["exercises"]["mse"]
    assert result["status"] in ("failed", "partial")
    assert result["cause"] is None


def test_right_work_has_none(graded: Any) -> None:
    assert [each["cause"] for each in graded.results["right"]["exercises"].values() if each["cause"]] == []


def course_with(folder: Path, *settings: str) -> Path:
    """This course, with other settings."""
    course = one_lesson()
    for name in ("exercises", "solutions"):
        (folder / name).symlink_to(ROOT / name)
    for setting in settings:
        table, _, line = setting.rpartition("\n")
        assert f"{table}\n" in course
        course = course.replace(f"{table}\n", f"{table}\n{line}\n")
    (folder / "course.toml").write_text(course)
    return folder


# Of places alone the self-check tells in each run of the quick tests.
@pytest.fixture(params=[pytest.param("place", marks=pytest.mark.slow), "kind", "edit"])
def told(
    request: pytest.FixtureRequest, submit: Callable[..., Path], kit: Callable[..., Run], tmp_path: Path
) -> tuple[str, dict[str, Any]]:
    """How much the author lets be told, and what is told then where the answer is ten percent too large."""
    exercise, code, _ = WRONG["ten percent"]
    if request.param == "kind":  # which is meant where the author says nothing, as in this course
        run = request.getfixturevalue("graded")
    else:
        (tmp_path / "course").mkdir()
        course = course_with(tmp_path / "course", f'[assignments.linear_regression]\ncauses = "{request.param}"')
        submit(tmp_path / "in", TEN, **{exercise: code})
        run = kit("--course", course, "grade", tmp_path / "in", "--seed", 7, out=tmp_path / "out")
        assert run.code == 0, run.text
    return request.param, run.results[TEN]["exercises"][exercise]


def test_the_author_says_how_much_is_told(told: tuple[str, dict[str, Any]]) -> None:
    level, result = told
    says, instead = {
        "place": ("Look at this line.", None),
        "kind": ("Look at `values * 1.1`: a part of it is too much.", None),
        "edit": ("With `return values` all is right.", "return values"),
    }[level]
    assert says in result["cause"]["says"]
    assert result["cause"]["line"]
    facts = dict(re.findall(r"^  (look at|instead) +(.*)$", result["feedback"], re.MULTILINE))
    assert f"line {result['cause']['line']}" in facts["look at"]
    assert facts.get("instead") == instead
    if level == "place":
        assert "`" not in facts["look at"]


@pytest.mark.slow
def test_the_verdict_is_the_same_without_it(graded: Run, kit: Callable[..., Run], tmp_path: Path) -> None:
    course = course_with(tmp_path, "[assignments.linear_regression.limits]\nrepairs = 0")
    run = kit("--course", course, "grade", graded.out.parent / "in", "--seed", 7, out=tmp_path / "out")
    assert run.code == 0, run.text
    for student, result in graded.results.items():
        other = run.results[student]
        for key in ("score", "status"):
            assert result[key] == other[key]
        for name, exercise in result["exercises"].items():
            assert exercise["checks"] == other["exercises"][name]["checks"]
            cause = other["exercises"][name]["cause"]
            assert cause is None or cause["by"] != "repair"


def right_functions() -> list[tuple[str, str]]:
    assignment = next(iter(load_course(ROOT).assignments.values()))
    folder = ROOT / "solutions" / assignment.id
    texts = {module: (folder / f"{module}.py").read_text() for module in assignment.modules}
    return [(texts[each.module], each.function) for each in assignment.exercises.values()]


def test_a_text_that_was_read_once_before_has_each_edit_once() -> None:
    text, function = right_functions()[0]
    first = edits_of(text, function, 10_000)
    read_module.cache_clear()
    assert edits_of(text, function, 10_000) == first


@pytest.mark.parametrize(("text", "function"), right_functions(), ids=lambda each: each if len(each) < 20 else "")
def test_each_edit_is_python_differs_from_all_others_and_changes_one_definition(text: str, function: str) -> None:
    edits = edits_of(text, function, 10_000)
    assert len(edits) > 30
    assert [edit.tier for edit in edits] == sorted(edit.tier for edit in edits)
    texts = [applied(text, edit) for edit in edits]
    assert len(set(texts)) == len(texts)
    before = {ast.unparse(node) for node in ast.parse(text).body}
    for edit, edited in zip(edits, texts, strict=True):
        changed = {ast.unparse(node) for node in ast.parse(edited).body} - before
        assert len(changed) <= 1
        assert edit.first <= edit.line <= edit.last, edit


@pytest.mark.parametrize(("text", "function"), right_functions(), ids=lambda each: each if len(each) < 20 else "")
def test_the_edits_of_a_text_are_always_the_same(text: str, function: str) -> None:
    assert edits_of(text, function, 300) == edits_of(text, function, 300)
    assert edits_of(text, function, 7) == edits_of(text, function, 300)[:7]


@pytest.mark.parametrize(
    "text",
    ["", "def mse(", "mse = 3\n", "def other(): pass\n", "class mse:\n    x = 1\n", "mse = lambda a, b: a - b\n"],
)
def test_whatever_the_text_is_there_are_edits_or_none(text: str) -> None:
    assert all(json.dumps([edit.text, edit.about]) for edit in edits_of(text, "mse", 300))


def test_a_slip_that_was_made_in_several_places_is_undone_in_all_of_them() -> None:
    text = "def move(first, other):\n    first += first.grad\n    other += other.grad\n"
    right = "def move(first, other):\n    first -= first.grad\n    other -= other.grad"
    (edit,) = [edit for edit in edits_of(text, "move", 1000) if edit.text == right]
    assert (edit.line, edit.tier) == (2, 0)
    assert edit.about == "the operator in `first += first.grad`, and the same further down"


SLIPS = {
    "the loss is kept as a tensor": (
        "def train(x, n):\n    kept = []\n    for i in range(n):\n        loss = step(x)\n        kept.append(loss)\n"
        "    return kept",
        "kept.append(loss.item())",
    ),
    "one round too few, counted from 1": (
        "def train(x, n):\n    for i in range(1, n):\n        step(x)", "for i in range(1, n + 1):"
    ),
    "the step stands two lines too high": (
        "def fit(opt, loss):\n    opt.step()\n    opt.zero_grad()\n    loss.backward()",
        "opt.zero_grad()\nloss.backward()\nopt.step()",
    ),
    "gradients stay, and the rate has none": (
        "def move(w, b, lr):\n    w.data -= lr * w.grad\n    b.data -= lr * b.grad", "w.grad.zero_()\nb.grad.zero_()"
    ),
    "gradients stay, in a loop": (
        "def move(w, b, lr):\n    for p in (w, b):\n        p.data -= lr * p.grad", "p.grad.zero_()"
    ),
    "two names are unpacked in each other's place": (
        "def predict(model, region):\n    warm, damp, wet = region\n    return model(warm, wet, damp)",
        "warm, wet, damp = region",
    ),
    "the pairs of a loop are unpacked the wrong way round": (
        "def fit(model, rows):\n    for y, x in rows:\n        step(model, x, y)", "for x, y in rows:"
    ),
    "the step comes before backward, in a loop that may never end": (
        "def fit(n, opt, loss):\n    at = 0\n    while at < n:\n        at += 1\n        opt.step()\n"
        "        loss.backward()\n        opt.zero_grad()",
        "loss.backward()\nopt.step()",
    ),
    "var divides by one less": ("def spread(x):\n    return x.var()", "return x.var(correction=0)"),
    "the differences are not squared": (
        "def mse(a, b):\n    return (a - b).mean()", "return ((a - b) ** 2).mean()"
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_common_slip_is_undone_within_the_edits_that_are_tried(slip: str) -> None:
    text, becomes = SLIPS[slip]
    function = text[4 : text.index("(")]
    assert becomes in [edit.becomes for edit in edits_of(text, function, 300)]


def test_steps_of_training_in_each_others_place_are_tried_among_the_first() -> None:
    text = SLIPS["the step comes before backward, in a loop that may never end"][0]
    found = [edit for edit in edits_of(text, "fit", 300) if edit.becomes == "loss.backward()\nopt.step()"]
    assert {(edit.tier, edit.line) for edit in found} == {(0, 5)}


def test_a_block_is_the_place_when_its_parts_would_do_as_well() -> None:
    block = Edit(1, 9, "", 2, "the block", 0, until=4)
    parts = [Edit(1, 9, "", at, f"part {at}", 0) for at in (3, 4)]
    assert the_place([*parts, block], "") == block
    elsewhere = [Edit(1, 9, "", at, f"part {at}", 0) for at in (7, 8)]
    assert the_place([*parts, block, *elsewhere], "") is None


def test_what_is_missing_after_a_block_is_no_block() -> None:
    text = "def move(w, b, lr):\n    with torch.no_grad():\n        w -= lr * w.grad\n        b -= lr * b.grad"
    found = [edit for edit in edits_of(text, "move", 300) if edit.becomes == "w.grad.zero_()\nb.grad.zero_()"]
    assert {edit.line for edit in found} == {2, 3, 4}
    place = the_place([edit for edit in found if edit.line != 3], text)  # where b would not move any more
    assert place is not None
    assert place.line == 4


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ([], None),
        ([(2, "the sign")], 2),
        ([(2, "the sign"), (2, "the number")], 2),
        ([(2, "the sign"), (3, "the number")], None),
        ([(2, "the call"), (3, "the call")], 3),
        ([(2, "the call"), (2, "its name"), (3, "the call"), (3, "its name")], 3),
        ([(2, "the call"), (2, "its name"), (3, "the call")], None),
        ([(2, "after this", True), (3, "after that", True)], 3),
        ([(2, "after this", True), (3, "the sign")], 3),
    ],
)
def test_where_edits_of_different_lines_would_do_nothing_is_said(found: list[Any], line: int | None) -> None:
    place = the_place([Edit(1, 9, "", at, about, 0, *missing) for at, about, *missing in found], "")
    assert (place.line if place else None) == line


ROWS = """def rows_of(table):
    rows = []
    for at in range(1, len(table)):
        rows.append(table[at])
    return rows

def to_tensor(table):
    return torch.tensor(rows_of(table))
"""


def passing(*pieces: str) -> list[Edit]:
    """The edits of `to_tensor` and its helper after which one of these stands in it."""
    found = [edit for edit in edits_of(ROWS, "to_tensor", 2000) if edit.becomes in pieces]
    assert {edit.becomes for edit in found} == set(pieces)
    return found


WITHIN, AROUND, GIVEN_BACK = "for at in range(len(table)):", "return torch.tensor(table)", "return table"


def test_an_edit_within_a_helper_says_more_than_one_that_does_without_it() -> None:
    place = the_place(passing(WITHIN, AROUND, GIVEN_BACK), ROWS)
    assert place is not None
    assert place.line == 3


def test_where_only_doing_without_a_helper_helps_its_call_is_the_place() -> None:
    place = the_place(passing(AROUND, GIVEN_BACK), ROWS)
    assert place is not None
    assert (place.line, "rows_of" in place.about) == (8, True)


def test_edits_that_have_nothing_to_do_with_each_other_are_no_place() -> None:
    elsewhere = Edit(7, 8, "", 7, "the name", 0)
    assert the_place([*passing(WITHIN), elsewhere], ROWS) is None


@pytest.mark.parametrize(("as_it_is", "place"), [(True, None), (False, 2)])
def test_where_the_code_passes_as_it_is_with_other_inputs_no_edit_says_anything(
    monkeypatch: pytest.MonkeyPatch, as_it_is: bool, place: int | None
) -> None:
    """A check failed by a rounding, say: then an edit that does nothing passes, too."""
    text = "def half(x):\n    return x / 3\n"
    edit = next(edit for edit in edits_of(text, "half", 300) if edit.line == 2)
    session = SimpleNamespace(has_ended=False, is_out_of_time=False)
    repair = Repair(session, None, lambda _: 0.0, None, 1, 300)  # type: ignore[arg-type]
    monkeypatch.setattr(repair, "_passes", lambda tried, *_: as_it_is or tried != text)
    failed = Failed(None, {}, None, ())  # type: ignore[arg-type]
    found = repair.place([edit], SimpleNamespace(text=text, name="m"), failed, {})  # type: ignore[arg-type]
    assert (found.line if found else None) == place
