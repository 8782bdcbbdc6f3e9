"""The line that feedback quotes is the line that Python meant."""

from __future__ import annotations

import pytest

from grader.grading.remote import line_in
from grader.reading.module_text import ModuleSource
from grader.sandbox.protocol.messages import CodeLine


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_characters_that_end_a_line_only_for_some_programs_end_none(odd: str) -> None:
    source = ModuleSource("from_scratch", f"x = 'a{odd}b'\n\n1 / 0\n")
    shown = line_in({"from_scratch": source}, CodeLine("from_scratch", 3, ""))
    assert shown == "from_scratch.py, line 3:  1 / 0"
