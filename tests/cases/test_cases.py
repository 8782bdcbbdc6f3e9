"""Submissions that were judged wrongly once, each an example of its kind: `class/` holds them, and here is what is right.

Right work that lost points to its packing, its style or its surroundings; mistakes that were told something untrue;
texts and answers that took the grading process with them; wrong work that passed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CLASS = Path(__file__).with_name("class")
FULL = 30.0
# Not full points: the points, and what the named exercise is told, as far as it must be there and must not be there.
LESS: dict[str, tuple[float, str, list[str], list[str]]] = {
    "05_unused_import__tqdm_in_fit": (25, "fit", ["tqdm is not installed"], []),
    "tqdm_in_fit_only": (25, "fit", ["tqdm is not installed"], []),
    "07_newer_python__fstring_312": (21, "mse", ["needs Python 3.12"], ["Something is wrong with the braces"]),
    "2_names_memory__b_names": (21, "mse", ["too large to check"], []),
    "5_match_memory__pattern_400": (0, "model", ["There is no function model in the notebook"], []),
    "6_dict_keys__fg_dict_str_bool": (
        15,
        "to_tensors",
        ["What came back from your code could not be read"],
        ["Our grading"],
    ),
    "6_dict_keys__mixed_keys": (15, "to_tensors", ["What came back from your code could not be read"], ["Our grading"]),
    "8_bytes_memory__b_bytes": (28, "to_tensors", ["too large to check"], []),
    "9_wrong_but_pass__wr_fit_prints_many": (29, "fit", ["not what it should be"], []),
    "9_wrong_but_pass__wr_loader_fake": (27, "make_loader", ["should be a DataLoader"], []),
    "9_wrong_but_pass__wr_loader_onceshuf": (28, "make_loader", ["isn't drawn"], []),
    "9_wrong_but_pass__wr_predict_round": (28, "predict", ["not what it should be"], []),
    "9_wrong_but_pass__wr_train_stop": (28, "train", ["after a fixed number of epochs"], []),
    "backward_twice_in_one_epoch": (25, "train", ["called twice on one loss"], ["of its own"]),
    "fit_epochs_lr_model": (25, "fit", ["fit(num_epochs, model, loss_fn, opt, train_dl)"], ["parentheses"]),
    "fit_loss_rewrapped": (25, "fit", ["The model has not changed"], []),
    "fit_other_order": (25, "fit", ["another order"], ["parentheses"]),
    "fit_prints_epoch_mean": (29, "fit", ["mean over the whole epoch", "last batch's loss"], []),
    "loss_detached_then_requires_grad": (25, "train", ["w and b get none"], ["w = w -"]),
    "make_loader_zip_of_two": (27, "make_loader", ["zip", "one DataLoader"], ["0 items"]),
    "mse_rewrapped_in_torch_tensor": (23, "mse", ["it is a copy"], ["detach"]),
    "mse_shadowed_in_train": (25, "train", ["another name"], ["make it a parameter"]),
    "no_grad_as_a_statement": (20, "gradient_step", ["`with` is missing"], ["recording switched off"]),
    "notebook_raw_tutorial_cells": (9, "model", ["takes one argument"], []),
    "step_returns_new_tensors": (20, "gradient_step", ["themselves have not changed"], []),
    "train_stops_early": (25, "train", ["12 floats, but it has "], []),
}
# An f-string with thousands of fields. It takes a moment to read, which not every machine has within the limits: then
# each exercise can't be built without the line that fails, and those of the module lose their points.
NEAR_THE_LIMITS: dict[str, tuple[float, str, list[str], list[str]]] = {
    "1_targets__fstr": (10, "to_tensors", ["a isn't known when the module is imported"], [])
}
UNREADABLE = {"10_notebook_messages__conflict": "merge conflict"}


ENTRIES = sorted(path.name.removesuffix(".zip").removesuffix(".ipynb") for path in CLASS.iterdir())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Any:
    return kit("grade", CLASS, "--seed", 1, "--jobs", 2, out=tmp_path_factory.mktemp("cases") / "results", timeout=3000)


@pytest.mark.parametrize("name", ENTRIES)
def test_each_has_the_points_that_are_right_and_is_told_what_is_true(run: Any, name: str) -> None:
    record = run.results[name]
    if name in UNREADABLE:
        assert record["status"] == "unreadable"
        assert UNREADABLE[name] in record["note"]
        return
    lost = LESS.get(name) or (record["score"] < FULL and NEAR_THE_LIMITS.get(name))
    points, exercise, said, unsaid = lost or (FULL, "", [], [])
    assert record["status"] == "graded", record["note"]
    assert record["score"] == points, {k: v["feedback"] for k, v in record["exercises"].items() if v["feedback"]}
    if exercise:
        feedback = record["exercises"][exercise]["feedback"]
        assert not [words for words in said if words not in feedback], feedback
        assert not [words for words in unsaid if words in feedback], feedback


def test_what_the_notebook_of_the_tutorial_has_is_graded_and_the_rest_is_to_do(run: Any) -> None:
    exercises = run.results["notebook_raw_tutorial_cells"]["exercises"]
    assert exercises["mse"]["score"] == 4
    others = ("to_tensors", "gradient_step", "train", "make_loader", "predict")
    assert {exercises[name]["status"] for name in others} == {"todo"}


def test_nothing_of_it_is_our_mistake(run: Any) -> None:
    assert run.code == 0, run.text
    assert "Our mistake" not in run.text


def test_a_notebook_with_repetitive_output_is_no_bomb(tmp_path: Path, kit: Callable[..., Any], root: Path) -> None:
    """It was 1.1 MB, all of it one line again and again, and 1 % of that when zipped."""
    notebook = json.loads((CLASS / "notebook_imports_matplotlib.ipynb").read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "Epoch [10/100], Loss: 68.7956\n" * 37_000}]
    entry = tmp_path / "class" / "ada"
    entry.mkdir(parents=True)
    (entry / "work.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    shutil.make_archive(str(tmp_path / "class" / "zipped"), "zip", entry)
    run = kit("grade", tmp_path / "class", "--seed", 1, out=tmp_path / "out")
    assert {name: record["score"] for name, record in run.results.items()} == {"ada": FULL, "zipped": FULL}
