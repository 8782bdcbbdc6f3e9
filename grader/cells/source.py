"""The text of one module of a submission, and where each of its lines was written."""

from __future__ import annotations

import codecs
import io
import tokenize
import warnings
from dataclasses import dataclass

from grader.cells.compiling import endless_name
from grader.cells.not_read import NotReadError
from grader.inert import inert


@dataclass(frozen=True)
class Line:
    """Where a line of a built module stands in its notebook. Cells of every kind count, from 1; lines too."""

    cell: int
    line: int


@dataclass(frozen=True)
class ModuleSource:
    """One module as text: `\\n` line ends, no BOM, no NUL, always storable as UTF-8.

    A coding cookie is left in the text, so the text is to be compiled as a `str`, not written to a file and read again.
    `lines` has an entry for each line of a module that was built from a notebook, and is empty for a file.
    """

    name: str
    text: str
    lines: tuple[Line, ...] = ()

    def locate(self, line: int) -> str:
        """Where the learner finds line `line` of `text`: "from_scratch.py, line 31", or "cell 5, line 3"."""
        if not self.lines:
            return f"{self.name}.py, line {line}"
        place = self.lines[min(max(line, 1), len(self.lines)) - 1]
        return f"cell {place.cell}, line {place.line}"


def decode(data: bytes, shown: str) -> str:
    """The text of a Python file, as Python itself would read it. `shown` is its name, for the reader."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise NotReadError(f"{shown} is saved as UTF-16; expected UTF-8. Save it as UTF-8 and hand it in again.")
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        _decode(data, "utf-8", shown)  # when a byte is to blame rather than the cookie, that is said
        raise NotReadError(
            f"{shown} names an encoding that can't be used ({inert(error, 80)}). Save it as UTF-8 and hand it in again."
        ) from error
    text = _decode(data, encoding, shown).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise NotReadError(f"{shown} has a NUL byte in line {line}; expected Python text. Save it again as UTF-8.")
    if not storable(text):
        raise NotReadError(f"{shown} holds half a character (a lone surrogate). Save it as UTF-8 and hand it in again.")
    if endless := endless_name(text):  # this process parses it as well, to say where something is
        raise NotReadError(f"{shown} has a name with too many dots in line {endless}. Shorten it and hand it in again.")
    return text


def storable(text: str) -> bool:
    """Whether the text can be written as UTF-8, that is, has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decode(data: bytes, encoding: str, shown: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some codecs warn of what they read
            return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"0x{data[error.start]:02x}" if error.start < len(data) else "an early end"
        raise NotReadError(
            f"{shown} is not valid {encoding} text: line {line} holds {found}. Save it as UTF-8 and hand it in again."
        ) from error
    except (LookupError, ValueError) as error:
        raise NotReadError(
            f"{shown} names an encoding that can't be used ({encoding}). Save it as UTF-8 and hand it in again."
        ) from error
