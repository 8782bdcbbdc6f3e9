"""The notebook in a real JupyterLab: a learner runs the first cell, gets an exercise wrong, reads why, and mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from tests.browser.chromium import Browser
from tests.browser.lab import Notebook, jupyterlab

pytestmark = pytest.mark.slow

LESSON = "exercises/linear_regression/lesson.ipynb"


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
        browser.shot("notebook")
        notebook.run(cells["kit-setup"])
        assert notebook.below(cells["kit-setup"]) == ""
        yield notebook


def test_a_wrong_function_is_told_why_and_the_right_one_is_done(
    browser: Browser, notebook: Notebook, cells: dict[str, int]
) -> None:
    notebook.write(cells["mse"], "def mse(t1, t2):", "d = t1 - t2", "return (d * d).sum() / len(d)")
    typed = "def mse(t1, t2):\n    d = t1 - t2\n    return (d * d).sum() / len(d)"
    browser.until(lambda: notebook.source(cells["mse"]) == typed, "what was typed")
    notebook.run(cells["mse"])
    assert notebook.below(cells["mse"]) == ""
    said = notebook.told(cells["check-mse"])
    browser.shot("notebook-wrong")
    assert said.startswith("✗ mse The mean squared error not right yet 0/4 ")
    assert "The sum is divided by the number of rows: that is what len() counts." in said
    assert "returned tensor(15203.1) expected tensor(7601.56)" in said
    assert re.search(r"where Cell In\[\d+\], line 3: return \(d \* d\)\.sum\(\) / len\(d\)", said)
    assert "Traceback" not in said

    notebook.write(cells["mse"], "def mse(t1, t2):", "return ((t1 - t2) ** 2).mean()")
    notebook.run(cells["mse"])
    assert notebook.below(cells["mse"]) == ""
    said = notebook.told(cells["check-mse"])
    browser.shot("notebook-right")
    assert said.startswith("✓ mse The mean squared error done 4/4 The visible checks of this exercise pass.")

    said = notebook.told(cells["kit-standing-check"])
    browser.shot("notebook-standing")
    assert said.startswith("Linear regression with PyTorch 4 of 30 points From scratch ○ to_tensors ")
    assert "Next: to_tensors There is no function to_tensors in this notebook yet" in said


def test_the_panel_is_readable_in_a_light_and_in_a_dark_jupyterlab(
    browser: Browser, notebook: Notebook, cells: dict[str, int]
) -> None:
    notebook.told(cells["check-model"])
    panel = f"[data-windowed-list-index='{cells['check-model']}'] .selfcheck"
    for name, light in (("JupyterLab Dark", "false"), ("JupyterLab Light", "true")):
        notebook.choose("Settings", "Theme", name)
        browser.until(lambda light=light: browser.all(f"body[data-jp-theme-light='{light}']"), name)  # type: ignore[misc]
        assert browser.hard_to_read(panel) == []
        browser.shot(f"notebook-{name.split()[1].lower()}")


def test_it_works_offline_and_the_console_has_no_complaint(browser: Browser, notebook: Notebook) -> None:
    assert browser.complaints() == []
    assert {urlsplit(address).hostname for address in browser.asked_for()} <= {"127.0.0.1", None}
