"""The notebook in a real kernel: fresh and solved, checked again and again, interrupted; and then handed in."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat import NotebookNode

from grader.course.lesson_text import Demonstration, read_lesson
from grader.course.load import load_course
from tests.lesson.lesson_text import same
from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow

LESSON = "linear_regression"
ROOT = Path(__file__).resolve().parents[2]


def cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.id: cell for cell in notebook.cells}


def result(cell: NotebookNode) -> dict[str, str]:
    """What the one output of a cell shows."""
    (output,) = cell.outputs
    assert output.output_type == "execute_result"
    return dict(output.data)


@pytest.fixture(scope="module")
def handed_in(
    learners_course: Path,
    executed: Callable[[NotebookNode, Path], NotebookNode],
    solved: Callable[..., NotebookNode],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A folder of submissions: the notebook untouched, and solved, each with all its outputs."""
    path = learners_course / "exercises" / LESSON / "lesson.ipynb"
    folder = tmp_path_factory.mktemp("handed") / "in"
    folder.mkdir()
    fresh = nbformat.read(path, as_version=4)
    for student, notebook in {"fresh": fresh, "solved": solved(path)}.items():
        nbformat.write(executed(notebook, path.parent), folder / f"{student}.ipynb")
    return folder


def test_in_a_fresh_notebook_everything_is_to_do_and_run_all_gets_to_the_end(handed_in: Path) -> None:
    shown = cells(nbformat.read(handed_in / "fresh.ipynb", as_version=4))
    for name in load_course(ROOT).assignments[LESSON].exercises:
        panel = result(shown[f"check-{name}"])
        assert panel["text/plain"] == "0"
        assert "to do" in panel["text/html"]
        assert f"{name} is still to do." in panel["text/html"]
        assert re.search(rf"Cell In\[\d+\], line \d+:  def {name}\(", panel["text/html"])
    assert f"0 of {TOTAL} points" in result(shown["kit-standing-check"])["text/html"]


def test_a_solved_notebook_runs_without_an_error_and_is_right_everywhere(handed_in: Path) -> None:
    notebook = nbformat.read(handed_in / "solved.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    shown = cells(notebook)
    for name, exercise in load_course(ROOT).assignments[LESSON].exercises.items():
        panel = result(shown[f"check-{name}"])
        assert float(panel["text/plain"]) == exercise.points
        assert "done" in panel["text/html"]
    assert "<svg" in result(shown["check-train"])["text/html"]
    assert f"{TOTAL} of {TOTAL} points" in result(shown["kit-standing-check"])["text/html"]


def test_its_demonstrations_show_what_the_text_says_though_checks_ran_between_them(handed_in: Path) -> None:
    text = (ROOT / "exercises" / LESSON / "lesson.md").read_text(encoding="utf-8")
    lesson = read_lesson(text, "lesson.md", list(load_course(ROOT).assignments[LESSON].exercises))
    told = [part for part in lesson.parts if isinstance(part, Demonstration)]
    notebook = nbformat.read(handed_in / "solved.ipynb", as_version=4)
    shown = [cell for cell in notebook.cells if "raises-exception" in cell.metadata.get("tags", [])]
    assert [part.code for part in told] == [cell.source for cell in shown]
    for part, cell in zip(told, shown, strict=True):
        printed = "".join(o.text if o.output_type == "stream" else o.data["text/plain"] for o in cell.outputs)
        if part.output is not None:
            assert same(part.output, printed.rstrip()), (part.line, printed)


def test_grading_gives_the_solved_notebook_all_points_and_the_fresh_one_none(
    handed_in: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    run = kit("grade", handed_in, "--assignment", LESSON, out=tmp_path / "out")
    assert run.code == 0, run.text
    assert run.results["solved"]["score"] == run.results["solved"]["max_score"] == TOTAL
    assert run.results["fresh"]["score"] == 0
    assert {each["status"] for each in run.results["fresh"]["exercises"].values()} == {"todo"}


class Kernel:
    """A kernel in the lesson's folder, driven cell by cell."""

    def __init__(self, folder: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        self.manager, self.client = start_new_kernel(cwd=str(folder), env=environment)

    def run(self, code: str, interrupt_at: Path | None = None) -> list[dict[str, Any]]:
        """The outputs of a cell, which is interrupted as soon as there is such a file."""
        self.client.execute(code)
        outputs: list[dict[str, Any]] = []
        if interrupt_at:
            deadline = time.monotonic() + 600
            while not interrupt_at.exists():
                assert time.monotonic() < deadline, "it did not begin"
                time.sleep(0.02)
            self.manager.interrupt_kernel()
        while True:
            message = self.client.get_iopub_msg(timeout=600)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return outputs
            if message["msg_type"] in ("execute_result", "stream", "error", "display_data"):
                outputs.append({"type": message["msg_type"], **message["content"]})

    def panel(self, code: str, interrupt_at: Path | None = None) -> str:
        (output,) = self.run(code, interrupt_at)
        assert output["type"] == "execute_result", output
        return str(output["data"]["text/html"])

    def value(self, code: str) -> str:
        (output,) = self.run(code)
        return str(output["data"]["text/plain"])


@contextmanager
def set_up(lesson: Path) -> Iterator[Kernel]:
    """A kernel in a lesson's folder, after the notebook's first cell."""
    kernel = Kernel(lesson)
    try:
        assert not kernel.run(cells(nbformat.read(lesson / "lesson.ipynb", as_version=4))["kit-setup"].source)
        yield kernel
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel(learners_course: Path) -> Iterator[Kernel]:
    with set_up(learners_course / "exercises" / LESSON) as kernel:
        assert not kernel.run("import torch, sys, random, numpy as np")
        yield kernel


def test_a_function_is_checked_as_it_is_defined_now(kernel: Kernel) -> None:
    assert "There is no function mse in this notebook yet" in kernel.panel('check("mse")')
    kernel.run("def mse(a, b):\n    d = a - b\n    return (d * d).sum() / len(d)")
    panel = kernel.panel('check("mse")')
    assert "The sum is divided by the number of rows" in panel
    assert re.search(r"Cell In\[\d+\], line 3:  return \(d \* d\)\.sum\(\) / len\(d\)", panel)
    kernel.run("def mse(a, b):\n    return torch.mean((a - b).square())")
    for _ in range(3):
        assert "done" in kernel.panel('check("mse")')
    assert "done" in kernel.panel("check(mse)")
    kernel.run("mse = mse(torch.ones(2), torch.ones(2))")
    assert "mse is now a Tensor, and not a function" in kernel.panel('check("mse")')
    assert "Did you mean" in kernel.panel('check("mes")')


def test_the_line_of_a_slip_is_told_by_its_cell_and_the_kernel_lives(kernel: Kernel) -> None:
    kernel.run("from grader.selfcheck import line_search; line_search.SECONDS = 60.0")
    kernel.run("def mse(a, b):\n    count = a.numel() + 1\n    return ((a - b) ** 2).sum() / count")
    for _ in range(2):
        panel = kernel.panel('check("mse")')
        assert re.search(r"Cell In\[\d+\], line 2: `a\.numel\(\) \+ 1`: a part of it is too much", panel)
        assert "Hint:" not in panel
    assert kernel.value("1 + 1") == "2"
    kernel.run("line_search.SECONDS = 0.5")


def test_an_error_in_a_function_is_a_sentence_with_its_line_and_no_traceback(kernel: Kernel) -> None:
    kernel.run("def to_tensors(inputs, targets):\n    return inputs.nonsense, targets")
    panel = kernel.panel('check("to_tensors")')
    assert "AttributeError: " in panel
    assert "line 2:  return inputs.nonsense, targets" in panel
    assert "Traceback" not in panel


def test_what_a_function_prints_is_shown_as_text_and_never_as_a_page(kernel: Kernel) -> None:
    kernel.run(
        "def to_tensors(inputs, targets):\n    print('<script>alert(1)</script>\\x1b[31m')\n    return '<img src=x>'"
    )
    panel = kernel.panel('check("to_tensors")')
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m" in panel
    assert "<script" not in panel
    assert "<img" not in panel


def test_a_check_leaves_nothing_behind(kernel: Kernel) -> None:
    kernel.run("def predict(model, region):\n    print('noise'); torch.manual_seed(0); np.random.seed(0); return 1")
    kernel.panel("check()")
    before = (
        "[sorted(sys.modules), sys.path[:], sys.meta_path[:], torch.get_default_dtype(), torch.is_grad_enabled(), "
        "torch.get_rng_state().tolist(), random.getstate(), np.random.get_state()[1].tolist(), sys.stdout, sys.stderr]"
    )
    kernel.run("torch.manual_seed(101); np.random.seed(102); random.seed(103); torch.set_default_dtype(torch.float64)")
    kernel.run(f"state = {before}; kept = check(); again = {before}")
    assert kernel.value("[one == other for one, other in zip(state, again)]") == str([True] * 10)
    kernel.run("torch.set_default_dtype(torch.float32)")
    assert kernel.value("[name for name in sys.modules if 'checks.test_' in name]") == "[]"


@pytest.fixture
def limit(learners_course: Path) -> Iterator[Callable[[int], object]]:
    """Say how many seconds a call may take."""
    path = learners_course / "exercises" / "pytest.ini"
    before = path.read_text(encoding="utf-8")
    yield lambda seconds: path.write_text(f"{before}\nselfcheck_seconds = {seconds}\n", encoding="utf-8")
    path.write_text(before, encoding="utf-8")


def test_an_endless_loop_is_stopped_at_the_limit_and_the_kernel_lives(kernel: Kernel, limit: Any) -> None:
    limit(1)
    kernel.run("def make_loader(*anything):\n    while True:\n        pass")
    panel = kernel.panel('check("make_loader")')
    assert "took too long" in panel
    assert re.search(r"line [23]:  (while True:|pass)", panel)
    assert kernel.value("1 + 1") == "2"


def test_an_interruption_ends_a_check_and_is_no_traceback(kernel: Kernel, limit: Any, tmp_path: Path) -> None:
    limit(600)
    begun = tmp_path / "begun"
    kernel.run(f"def make_loader(*anything):\n    open({str(begun)!r}, 'w').close()\n    while True:\n        pass")
    panel = kernel.panel('check("make_loader")', begun)
    assert "Stopped: you interrupted it." in panel
    assert kernel.value("1 + 1") == "2"


@pytest.mark.parametrize("asked", ['"Digits"', "Digits"])
def test_an_exercise_is_meant_by_the_name_of_what_it_asks_for(both_lessons: Kernel, asked: str) -> None:
    panel = both_lessons.panel(f"check({asked})")
    assert ">dataset<" in panel
    assert "There is no exercise" not in panel


@pytest.fixture(scope="module")
def both_lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """In the lesson that asks for a class, with the other one beside it."""
    folder = tmp_path_factory.mktemp("both")
    shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns("__pycache__", "*.bak*"))
    shutil.copy(ROOT / "course.toml", folder)
    with set_up(folder / "exercises" / "digits") as kernel:
        assert not kernel.run("class Digits:\n    pass")
        yield kernel
