"""How a function may end without a result: by leaving, by going round in circles, by asking for what isn't there."""

from __future__ import annotations

import re

from grader.checks.exceptions.row import Seen, row

_NO_FILES = (
    "There is no such file where the function is checked. Code that is checked has no files of its own: it works "
    "with what it is given as arguments."
)
_NOTHING_MORE = "next() found nothing more: what it goes through is used up, or was empty from the start."


def _assert(_: re.Match[str], seen: Seen) -> str:
    return "An assert in the code itself doesn't hold." if seen.line.startswith("assert") else ""


ROWS = (
    row(r"", _assert, "AssertionError"),
    row(
        r"",
        "It ended the whole program, as exit(), quit() and sys.exit() do. A function ends with return.",
        "SystemExit",
    ),
    row(
        r"",
        "It interrupted the program itself, with KeyboardInterrupt. A function ends with return.",
        "KeyboardInterrupt",
    ),
    row(
        r"",
        "A function called itself over and over, until Python stopped it. Is there a way through it that ends "
        "without calling again? Or was another function of the same name meant?",
        "RecursionError",
    ),
    row(r"", _NOTHING_MORE, "StopIteration"),
    row(r"^generator raised StopIteration", _NOTHING_MORE, "RuntimeError"),
    row(r"", _NO_FILES, "FileNotFoundError"),
    row(
        r"EOF when reading a line|reading from stdin while output is captured",
        "input() waits for somebody to type, and there is nobody. Take values from the arguments.",
    ),
    row(
        r"exceptions must derive from BaseException",
        'Only exceptions can be raised, such as ValueError("what is wrong").',
        "TypeError",
    ),
    row(
        r"No active exception to reraise",
        "A bare raise stands where there is no exception to raise again. Which one is meant?",
    ),
)
