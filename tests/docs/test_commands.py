"""The commands in the docs do what is shown: in order, in a copy of the course, a new one where a block says `fresh`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
# How a command begins that is not run here -> why. CONTRIBUTING has a test of its own.
SKIPPED = {
    "make setup": "installs packages; CI begins with it",
    "source .venv/bin/activate": "the Python that runs the tests is used",
}
# How a command begins that takes long -> what does the same to the folder in less time.
STAND_INS = {
    "make grade": "mkdir one && cp -r sample_class/ada one && "
    f"make -s -f {ROOT / 'Makefile'} -o .venv/ready-grade BIN={Path(sys.executable).parent} SUBMISSIONS=one grade > log "
    "|| { cat log; exit 1; }; rm -r one log",
}


def instead(command: str) -> str | None:
    """What is run where a page shows this command, if anything is."""
    if is_skipped(command):
        return None
    return STAND_INS.get(command, in_one_process(command))


def in_one_process(command: str) -> str:
    """The same where several processes would do the work: each costs imports of torch, and other tests have the other
    cores."""
    several = command.startswith(tuple(f"python -m grader {name} " for name in ("audit", "grade", "suggest")))
    return f"{command} --jobs 1" if several and " --jobs " not in command else command


def is_skipped(command: str) -> bool:
    if command.startswith("sqlite3 ") and not shutil.which("sqlite3"):
        return True  # not everybody has it, and nothing of ours needs it
    return command.startswith(tuple(SKIPPED))


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_is_what_is_printed(
    name: str, page: Callable[[str], Any], tmp_path: Path, copies: Any
) -> None:
    fences = page(name).fences
    if not any(fence.language == "console" and fence.commands for fence in fences):
        return
    copy = copies(tmp_path / "0")
    for number, fence in enumerate(fences, start=1):
        if "fresh" in fence.words:
            copy = copies(tmp_path / str(number))
        copy.try_out(fence, instead)


def test_every_command_that_is_not_run_as_shown_is_in_the_docs(page: Callable[[str], Any]) -> None:
    commands = [
        command
        for name in PAGES
        for fence in page(name).fences
        if fence.language == "console"
        for command, _ in fence.commands
    ]
    for skipped in (*SKIPPED, *STAND_INS):
        assert any(command.startswith(skipped) for command in commands), skipped
