"""The line that feedback quotes is the line that Python meant."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from grader.grading.remote import RemoteTransport, line_in
from grader.reading.module_text import ModuleSource
from grader.reading.source_facts import SourceFacts, facts_of
from grader.sandbox.protocol.messages import CodeLine


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_characters_that_end_a_line_only_for_some_programs_end_none(odd: str) -> None:
    source = ModuleSource("from_scratch", f"x = 'a{odd}b'\n\n1 / 0\n")
    shown = line_in({"from_scratch": source}, CodeLine("from_scratch", 3, ""))
    assert shown == "from_scratch.py, line 3:  1 / 0"


NET = """class Net:
    def __init__(self, n):
        self.n = n

    def {}(self, x):
        y = x + self.n
        return y

    def both(self, x):
        if x:
            return 1
        return 2
"""


@pytest.mark.parametrize(
    ("method", "called", "line"),
    [
        ("forward", "forward", 7),
        ("forward", "__call__", 7),
        ("__call__", "__call__", 7),
        ("__getitem__", "__getitem__", 7),
        ("__getitem__", "both", 9),
        ("__getitem__", "__len__", 1),
        ("__getitem__", "", 1),
    ],
)
def test_a_wrong_value_of_a_method_has_the_line_where_that_method_gives_it(method: str, called: str, line: int) -> None:
    facts = facts_of(ModuleSource("lesson", NET.format(method)), "Net", (), True)

    class Read:
        @staticmethod
        def facts_of_function(module: str, function: str) -> SourceFacts:
            return facts if (module, function) == ("lesson", "Net") else SourceFacts()

    no_session: Any = SimpleNamespace(send=None)
    submission: Any = Read()
    place = RemoteTransport(no_session, submission, "net").definition("lesson", f"Net.{called}")
    assert place == CodeLine("lesson", line, f"Net.{called}")
