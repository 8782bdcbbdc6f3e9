"""Cells of tables that go elsewhere: shown text is safe in a spreadsheet, and what is matched on stays as it is."""

from __future__ import annotations

import html
import re

from grader import words
from grader.report.gradebook import safe_cell

# What makes a spreadsheet take a cell for a formula, full-width forms included: see grader/report/gradebook.py.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
# A spreadsheet that separates by semicolons sees no quotes in the middle of a line, and splits there.
_LATER_FORMULA = re.compile(r"(?<=[;|])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])")


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would run this cell."""
    return text.lstrip().startswith(_FORMULA)


def shown(text: str) -> str:
    """A name or other text that only people read: on one line, inert, with an apostrophe before a formula."""
    return _LATER_FORMULA.sub(r"\1'\2", safe_cell(text))


def points(number: float) -> str:
    """Points without needless decimals, at most four."""
    return words.points(number, 4)


def as_html(text: str) -> str:
    """Inert text as a piece of HTML on one line: nothing in it is markup, and line ends are kept.

    Where an entity's semicolon would stand before the beginning of a formula, that is written as an entity, too.
    """
    escaped = html.escape(text).replace("\n", "<br>")
    return _LATER_FORMULA.sub(lambda found: f"{found[1]}&#{ord(found[2])};", escaped)
