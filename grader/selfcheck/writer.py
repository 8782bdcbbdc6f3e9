"""Lines of styled text, on whatever terminal, file or pipe there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.inert import CUT
from grader.selfcheck.report import SYMBOLS, Line


class Writer:
    """Prints through pytest's own terminal writer, which knows about colours; in what the output's encoding has."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal
        self.file = terminal._file
        self._encoding = getattr(self.file, "encoding", None) or "ascii"
        self.ascii = not _encodable(SYMBOLS, self._encoding)

    def say(self, lines: Sequence[Line]) -> None:
        """Print these lines."""
        for line in lines:
            for text, style in line:
                self._terminal.write(self.fit(text), **_markup(style))
            self._terminal.write("\n")
        self._terminal.flush()

    def write(self, text: str) -> None:
        """Print a text that ends no line, and show it at once."""
        self._terminal.write(self.fit(text), flush=True)

    def fit(self, text: str) -> str:
        """Only what the terminal's encoding knows."""
        if self.ascii:
            text = text.replace(CUT, "...")
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)


def _markup(style: str) -> dict[str, bool]:
    return {style: True} if style else {}


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
