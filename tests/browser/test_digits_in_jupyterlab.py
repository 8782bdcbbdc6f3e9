"""The second lesson's notebook in a real JupyterLab: two functions and a class, each wrong at first, then right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser.chromium import Browser
from tests.browser.lab import Notebook, jupyterlab

pytestmark = pytest.mark.slow

LESSON = "exercises/digits/lesson.ipynb"
SMALL = (1060, 640)
OUT = Keys.BACKSPACE  # one step further to the left than the editor proposes
CLASS = (
    "class SoftmaxRegression(nn.Module):",
    "def __init__(self, d, k):",
    "super().__init__()",
    "self.linear = nn.Linear(d, k)",
)


@pytest.fixture(scope="module")
def cells(unpacked: Path) -> dict[str, int]:
    """Where each cell stands, by its id."""
    notebook = nbformat.read(unpacked / LESSON, as_version=4)
    return {cell.id: number for number, cell in enumerate(notebook.cells)}


@pytest.fixture(scope="module")
def notebook(
    browser: Browser, unpacked: Path, cells: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Notebook]:
    """Open, and its first cell has been run."""
    with jupyterlab(unpacked, tmp_path_factory.mktemp("home")) as address:
        browser.open(address.format(LESSON))
        notebook = Notebook(browser)
        notebook.run(cells["kit-setup"])
        assert notebook.below(cells["kit-setup"]) == ""
        yield notebook


def test_the_images_are_loaded_and_rows_are_told_what_they_lack(
    browser: Browser, notebook: Notebook, cells: dict[str, int]
) -> None:
    assert "(1797, 8, 8)" in notebook.told(cells["what-digit-is-this-code-1"])
    browser.shot("digits-notebook")
    notebook.write(cells["to_rows"], "def to_rows(images):", "return torch.from_numpy(images).float().flatten(1)")
    notebook.run(cells["to_rows"])
    said = notebook.told(cells["check-to_rows"])
    browser.picture("digits-notebook-wrong", notebook.cell(cells["check-to_rows"]), SMALL, ".jp-NotebookPanel")
    assert said.startswith("✗ to_rows Images become rows not right yet 0/2 ")
    assert "Traceback" not in said

    notebook.write(cells["to_rows"], "def to_rows(images):", "return torch.from_numpy(images).float().flatten(1) / 16")
    notebook.run(cells["to_rows"])
    assert notebook.told(cells["check-to_rows"]).startswith("✓ to_rows Images become rows done 2/2 ")
    assert "torch.Size([1797, 64]) torch.float32" in notebook.told(cells["images-as-rows-code-3"])


def test_a_class_is_told_which_part_of_it_is_wrong_and_then_it_is_done(
    browser: Browser, notebook: Notebook, cells: dict[str, int]
) -> None:
    notebook.run(cells["kit-given-with_torch"])
    forward = (OUT + "def forward(self, x):", "return self.linear(x.flatten(1))")
    notebook.write(cells["regression"], *CLASS, *forward)
    notebook.run(cells["regression"])
    said = notebook.told(cells["check-regression"])
    browser.picture("digits-notebook-class", notebook.cell(cells["check-regression"]), SMALL, ".jp-NotebookPanel")
    assert said.startswith("◐ regression A module of your own ")
    assert "Traceback" not in said

    zeros = ("nn.init.zeros_(self.linear.weight)", "nn.init.zeros_(self.linear.bias)")
    notebook.write(cells["regression"], *CLASS, *zeros, *forward)
    notebook.run(cells["regression"])
    assert notebook.told(cells["check-regression"]).startswith("✓ regression A module of your own done 4/4 ")

    said = notebook.told(cells["kit-standing-check"])
    browser.shot("digits-notebook-standing")
    assert said.startswith("Handwritten digits with PyTorch 6 of 50 points From scratch ✓ to_rows ")
