"""The line that feedback quotes is the line that Python meant."""

from __future__ import annotations

from typing import Any, cast

import pytest

from grader.collect import ModuleSource
from grader.grading.remote import RemoteTransport
from grader.wire.messages import Place


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_characters_that_end_a_line_only_for_some_programs_end_none(odd: str) -> None:
    source = ModuleSource("from_scratch", f"x = 'a{odd}b'\n\n1 / 0\n")
    transport = RemoteTransport(cast(Any, None), {"from_scratch": source})
    assert transport.line_of(Place("from_scratch", 3, "")) == "from_scratch.py, line 3:  1 / 0"
