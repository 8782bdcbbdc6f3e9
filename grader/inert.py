"""Text from learners, made inert: no control characters, no reordering, no surrogates, no endless lines.

Whatever a learner's program printed, raised or was called is data. It passes through `inert` before it is stored or
shown; a renderer escapes it once more for its own format (HTML, CSV).
"""

from __future__ import annotations

import unicodedata

CUT = "…"
# Cc control, Cf format (bidi overrides, zero-width), Cs surrogates, Co private use, Cn unassigned, Zl and Zp line and
# paragraph separators.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def inert(text: object, limit: int = 500, *, lines: bool = False) -> str:
    """`text` as printable characters only, at most `limit` of them.

    A hidden character becomes its escape (`\\x1b`, `\\u202e`). Line feeds are kept when `lines` is true and become
    spaces otherwise. Text that was cut ends with an ellipsis.
    """
    # Only a little more than can be shown is ever looked at: a 100 MB message costs nothing.
    raw = str(text)[: limit + 1]
    shown = "".join(_visible(c, lines) for c in raw)
    return shown if len(shown) <= limit else shown[: limit - 1] + CUT


def _visible(char: str, lines: bool) -> str:
    if char == "\n":
        return "\n" if lines else " "
    if char == "\t":
        return "    "
    if unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
