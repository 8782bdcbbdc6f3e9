"""JupyterLab in a learner's folder, and a learner at the notebook: goes to a cell, types, runs it, reads below it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.chromium import Browser
from tests.jupyter_server import serving

# JupyterLab as it comes, without what else this environment has installed, and without a look for news.
_SERVER = {
    "ServerApp": {
        "jpserver_extensions": {
            "jupyterlab": True,
            "jupyter_lsp": True,
            "jupytext": False,
            "nbgrader.server_extensions.assignment_list": False,
            "nbgrader.server_extensions.course_list": False,
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.validate_assignment": False,
            "notebook": False,
        }
    },
    "LabApp": {"check_for_updates_class": "jupyterlab.NeverCheckForUpdate", "extension_manager": "readonly"},
}
_PAGE = {
    "disabledExtensions": {
        "@jupyter/nbgrader": True,
        "@jupyterlab/apputils-extension:announcements": True,
        "jupyterlab-jupytext": True,
    }
}


@contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """Starts a server in a folder, and ends it. Gives the address of the folder, with a token."""
    for path, settings in {"jupyter_server_config.json": _SERVER, "labconfig/page_config.json": _PAGE}.items():
        (home / ".jupyter" / path).parent.mkdir(parents=True, exist_ok=True)
        (home / ".jupyter" / path).write_text(json.dumps(settings))
    token = secrets.token_hex()
    keep = {n: v for n, v in os.environ.items() if not n.startswith(("PYTEST", "JUPYTER", "IPYTHON", "PYTHONPATH"))}
    environment = {**keep, "HOME": str(home), "JUPYTER_TOKEN": token}
    with serving("jupyterlab", folder=folder, environment=environment, log=home / "server.log") as address:
        yield f"{address}/lab/tree/{{}}?token={token}"


class Notebook:
    """The learner at a notebook that is open in the browser."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        idle = ".jp-NotebookPanel-toolbar .jp-Notebook-ExecutionIndicator[data-status='idle']"
        browser.until(lambda: browser.all(idle), "a kernel")

    def cell(self, number: int) -> WebElement:
        """The cell at this place, counted from 0, brought into view. Cells that are far away come when there is time."""
        css = f".jp-Notebook [data-windowed-list-index='{number}']"
        (found,) = self._browser.until(lambda: self._browser.all(css), f"cell {number}")
        self._browser.ask("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        return found

    def write(self, number: int, *lines: str) -> None:
        """Replace what is in a cell. The editor indents by itself, as far as the line before wants it."""
        self._browser.click(self.cell(number).find_element("css selector", ".cm-content"))
        self._browser.press("a", Keys.CONTROL)
        self._browser.type(Keys.DELETE + Keys.ENTER.join(lines))

    def source(self, number: int) -> str:
        return "\n".join(line.text for line in self.cell(number).find_elements("css selector", ".cm-line"))

    def run(self, number: int) -> None:
        """Press Shift and Enter in a cell, and wait until it has run."""
        before = self._prompt(number)
        self._browser.click(self.cell(number).find_element("css selector", ".cm-content"))
        self._browser.press(Keys.ENTER, Keys.SHIFT)
        self._browser.until(lambda: self._prompt(number) not in (before, "[*]:", "[ ]:"), f"cell {number} to have run")

    def below(self, number: int) -> str:
        """What is shown below a cell, as one line."""
        outputs = self.cell(number).find_elements("css selector", ".jp-OutputArea-output")
        return " ".join(" ".join(each.text for each in outputs).split())

    def told(self, number: int) -> str:
        """Run a cell that shows something, and read it."""
        self.run(number)
        return self._browser.until(lambda: self.below(number), f"something below cell {number}")

    def choose(self, *labels: str) -> None:
        """Click through the menus at the top."""
        for label in labels:
            css = ".lm-MenuBar-itemLabel, .lm-Menu-itemLabel"
            (item,) = self._browser.until(lambda: self._shown(css, label)[-1:], label)  # noqa: B023  it is called at once
            item.click()

    def _shown(self, css: str, text: str) -> list[WebElement]:
        return [each for each in self._browser.all(css) if each.text == text and each.is_displayed()]

    def _prompt(self, number: int) -> str:
        return self.cell(number).find_element("css selector", ".jp-InputPrompt").text.strip()
