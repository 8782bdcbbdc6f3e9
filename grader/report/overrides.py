"""`overrides.csv`: what people decided about points, with who, when and why, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import words
from grader.records import Decision
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines, safe_cell

# A spreadsheet that separates by semicolons sees no quotes in the middle of a line, and splits there.
_LATER_FORMULA = re.compile(r"([;|]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_HEADER = ["student", "exercise", "decision", "points", "checks_gave", "reason", "by", "at", "in_force"]


def write_overrides(path: Path, decisions: Sequence[Decision]) -> None:
    """Writes the whole history, the oldest first."""
    write_atomically(path, csv_lines(_rows(decisions)))


def _rows(decisions: Sequence[Decision]) -> Iterator[list[str]]:
    latest = {(decision.student, decision.exercise): decision for decision in decisions}
    yield _HEADER
    for decision in decisions:
        counts = decision.points is not None and latest[decision.student, decision.exercise] is decision
        yield [
            safe_cell(decision.student),
            safe_cell(decision.exercise),
            "taken back" if decision.points is None else "set",
            "" if decision.points is None else words.points(decision.points, 4),
            words.points(decision.checks_gave, 4),
            _free_text(decision.reason),
            _free_text(decision.by),
            decision.at,
            "yes" if counts else "no",
        ]


def _free_text(text: str) -> str:
    return safe_cell(_LATER_FORMULA.sub(r"\1'", text))
