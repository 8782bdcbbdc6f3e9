"""Text as a sequence of words and signs, so that the same code is found however it is spaced, quoted or wrapped."""

from __future__ import annotations

import bisect
import io
import re
import tokenize

_WORD = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\w+|[^\w\s\\]")
# What stands before code in a comment, a doctest, a quotation or a table.
_PREFIX = re.compile(r"(?m)^[ \t]*(?:(?:#+|>+|\||\.\.\.(?=\s))[ \t]*)+")


def phrase(text: str) -> str:
    """The words of a text with single spaces between and around them; kinds of quotes and backslashes are dropped."""
    words = [word.replace("'", '"') for word in _WORD.findall(text)]
    return f" {' '.join(words)} "


class Passage:
    """A text to search in, and where it comes from."""

    def __init__(self, place: str, text: str, *, numbered: bool = True) -> None:
        """`place` names the text for the reader; if `numbered`, the line within it is named too."""
        self.place = place
        self._numbered = numbered
        self._lines: list[int] = []
        self._offsets: list[int] = []
        parts: list[str] = []
        offset = 1
        for number, line in enumerate(_PREFIX.sub("", text).split("\n"), start=1):
            words = phrase(line).strip()
            if words:
                parts.append(words)
                self._lines.append(number)
                self._offsets.append(offset)
                offset += len(words) + 1
        self._phrase = f" {' '.join(parts)} "

    def where(self, wanted: str) -> str | None:
        """The place at which a phrase stands first, None when it doesn't."""
        at = self._phrase.find(wanted)
        if at < 0:
            return None
        line = self._lines[bisect.bisect_right(self._offsets, at + 1) - 1]
        return f"{self.place}, line {line}" if self._numbered else self.place


def without_comments(source: str) -> str:
    """Python source with its comments left out, everything else where it was. Raises SyntaxError if it isn't Python."""
    lines = source.split("\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except tokenize.TokenError as error:
        raise SyntaxError(str(error)) from None
    for token in tokens:
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return "\n".join(lines)
