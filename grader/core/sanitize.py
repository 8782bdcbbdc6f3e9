"""Text from learners, made inert: no control characters, no reordering, no surrogates, no towers, no endless lines.

Whatever a learner's program printed, raised or was called is data. It passes through `sanitized` before it is stored or
shown; a renderer escapes it once more for its own format (HTML, CSV).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

CUT = "…"
# Cc control, Cf format (bidi overrides, zero-width), Cs surrogates, Co private use, Cn unassigned, Zl and Zp line and
# paragraph separators.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Letters and signs that look like nothing at all: Hangul and Khmer fillers, the empty Braille pattern.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Marks pile up on the letter before them, over the lines above and below; no script needs more than these on one.
_MARKS, _MOST_MARKS = {"Mn", "Me"}, 4


def sanitized(text: object, limit: int = 500, *, lines: bool = False) -> str:
    """`text` as printable characters only, at most `limit` of them.

    A hidden character becomes its escape (`\\x1b`, `\\u202e`), and so does a mark on a letter that has enough of them.
    Line feeds are kept when `lines` is true and become spaces otherwise. Text that was cut ends with an ellipsis.
    """
    # Only a little more than can be shown is ever looked at: a 100 MB message costs nothing.
    raw = str(text)[: limit + 1]
    shown = raw if raw.isascii() and raw.isprintable() else "".join(visible(raw, lines=lines))
    return shown if len(shown) <= limit else shown[: limit - 1] + CUT


def sanitized_lines(lines: Iterable[str], limit: int, most: int) -> list[str]:
    """The first of these lines, each `sanitized` by itself, until they come to `most` characters together."""
    shown: list[str] = []
    for line in lines:
        shown.append(sanitized(line, limit))
        most -= len(shown[-1])
        if most <= 0:
            break
    return shown


def visible(text: str, *, lines: bool = False) -> Iterator[str]:
    """What stands for each character of the text: mostly itself."""
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in _MARKS else 0
        if char == "\n":
            yield "\n" if lines else " "
        elif char == "\t":
            yield "    "
        elif category in _HIDDEN or char in _BLANK or marks > _MOST_MARKS:
            yield _escape(ord(char))
        else:
            yield char


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
