"""Text as a sequence of words and signs, so that the same code is found however it is spaced, quoted or wrapped.

Prose is found by its words alone, whatever their case and whatever signs or quotes stand between them.
"""

from __future__ import annotations

import bisect
import io
import re
import tokenize
from collections.abc import Callable

# `#`, `>` and `|` are no words: they also stand before lines of code in a comment, a doctest, a quotation or a table.
_WORD = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\w+|[^\w\s\\#>|]")
_CONTINUED = re.compile(r"(?m)^[ \t#>|]*\.\.\.(?=\s)")  # what stands before the further lines in a doctest
_PLAIN_WORD = re.compile(r"[^\W_]+")
# An ending of a line within quotes, which must not stick to the word behind it.
_ESCAPED = re.compile(r"\\[nrt]")


def phrase(text: str) -> str:
    """The words of a text with single spaces between and around them; kinds of quotes and backslashes are dropped."""
    words = [word.replace("'", '"') for word in _WORD.findall(text)]
    return f" {' '.join(words)} "


def prose(text: str) -> str:
    """The words of a text in small letters, with single spaces between and around them, and no signs."""
    return f" {' '.join(_PLAIN_WORD.findall(_ESCAPED.sub(' ', text).lower()))} "


class Passage:
    """A text to search in, and where it comes from."""

    def __init__(self, place: str, text: str, *, numbered: bool = True) -> None:
        """`place` names the text for the reader; if `numbered`, the line within it is named too."""
        self._place = place
        self._text = text
        self._numbered = numbered
        self._words: dict[bool, Words] = {}

    def words(self, *, is_prose: bool = False) -> Words:
        """Its words and signs, as `phrase` gives them; of prose the words alone, as `prose` does."""
        if is_prose not in self._words:
            text, words_of = (self._text, prose) if is_prose else (_CONTINUED.sub("", self._text), phrase)
            self._words[is_prose] = Words(self._place, text, words_of, numbered=self._numbered)
        return self._words[is_prose]

    def where(self, wanted: str) -> str | None:
        """The place at which a phrase stands first, None when it doesn't."""
        return self.words().place(wanted)


class Words:
    """The words of a text, and the line of each. `known` has every word once."""

    def __init__(self, place: str, text: str, words_of: Callable[[str], str], *, numbered: bool) -> None:
        self._place = place
        self._numbered = numbered
        self._lines: list[int] = []
        self._offsets: list[int] = []
        parts: list[str] = []
        offset = 1
        for number, line in enumerate(text.split("\n"), start=1):
            words = words_of(line).strip()
            if words:
                parts.append(words)
                self._lines.append(number)
                self._offsets.append(offset)
                offset += len(words) + 1
        self._all = f" {' '.join(parts)} "
        self.known = set(self._all.split(" "))

    def place(self, wanted: str) -> str | None:
        """The place at which these words stand first, None when they don't."""
        at = self._all.find(wanted)
        if at < 0:
            return None
        line = self._lines[bisect.bisect_right(self._offsets, at + 1) - 1]
        return f"{self._place}, line {line}" if self._numbered else self._place


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
