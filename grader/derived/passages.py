"""Every text that a learner is given, as sequences of words and signs to search in.

Prose is found by its words alone, whatever their case and whatever signs or quotes stand between them.
"""

from __future__ import annotations

import bisect
import html
import io
import json
import re
import tokenize
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from grader.core.assignment import Assignment
from grader.core.errors import ReleaseError
from grader.derived.stubs import plain_source

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


DEEPEST = 3  # archives within archives
LARGEST = 200_000_000  # bytes of all that an archive within an archive holds
_MARKUP = (".html", ".htm", ".svg", ".xml", ".md")
# The outline of a drawing: letters of its commands and numbers, and no words.
_OUTLINE = re.compile(r'\sd="[MmLlHhVvCcSsQqTtAaZz0-9eE., \n+-]*"')
# How files begin that are compressed in a way that isn't looked into.
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR"}


class LearnerFile(NamedTuple):
    """A file: its path, its text, and its passages with and without comments."""

    file: str
    text: str
    passages: list[Passage]


def learner_paths(root: Path, assignment: Assignment) -> list[Path]:
    """`course.toml`, the files directly in `exercises/`, and those at any depth in the assignment's own folder."""
    exercises = root / "exercises"
    found = [root / "course.toml", *exercises.glob("*"), *(exercises / assignment.id).rglob("*")]
    return sorted({path for path in found if path.is_file() or path.is_symlink()})


def read_learner_files(root: Path, assignment: Assignment) -> dict[str, bytes]:
    """Those that are files, by path from the course's root. Raises ReleaseError when one can't be read."""
    files: dict[str, bytes] = {}
    for path in learner_paths(root, assignment):
        if path.is_file():
            file = path.relative_to(root).as_posix()
            try:
                files[file] = path.read_bytes()
            except OSError as error:
                raise ReleaseError(f"{file} can't be read: {error.strerror or error}.") from None
    return files


def unpacked(files: Mapping[str, bytes], depth: int = 0) -> dict[str, bytes]:
    """The files, with those in ZIP archives among them at any depth: `given.zip/data.csv`.

    Raises ReleaseError when an archive can't be looked into, because of its kind, its depth or its size.
    """
    found: dict[str, bytes] = {}
    for file, data in files.items():
        found[file] = data
        kind = next((kind for start, kind in _PACKED.items() if data.startswith(start)), None)
        if kind:
            raise ReleaseError(f"{file} is packed with {kind}, and can't be searched: release its files, or a ZIP.")
        if zipfile.is_zipfile(io.BytesIO(data)):
            if depth == DEEPEST:
                raise ReleaseError(f"{file} is an archive in archives: release its files, to have them searched.")
            found |= unpacked(_within(file, data), depth + 1)
    return found


def _within(file: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise ReleaseError(f"{file} is too large to be searched: release its files.")
            return {f"{file}/{entry.filename}": archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise ReleaseError(f"{file} can't be unpacked, and so not be searched: {error}.") from None


def text_of(file: str, data: bytes) -> LearnerFile:
    """A file as text; of what isn't text, as much as can be read."""
    text = plain_source(_decoded(data))
    return LearnerFile(file, text, list(_passages(file, text)))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace").replace("\0", "\n")


def _passages(file: str, text: str) -> Iterator[Passage]:
    if file.endswith((".ipynb", ".json")):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            content = None
        if file.endswith(".ipynb") and isinstance(content, dict) and isinstance(content.get("cells"), list):
            for number, cell in enumerate(content.pop("cells"), start=1):
                yield from _both(f"{file}, cell {number}", "\n".join(_texts(cell)), numbered=False)
            yield Passage(f"{file}, metadata", "\n".join(_texts(content)), numbered=False)
            return
        yield Passage(file, "\n".join(_texts(content)), numbered=False)
    if file.endswith(_MARKUP):  # without its tags, which stand between the words of coloured code
        yield Passage(file, html.unescape(re.sub(r"<[^<>]*>", lambda tag: "\n" * tag[0].count("\n"), text)))
        yield Passage(file, html.unescape(_OUTLINE.sub(lambda outline: "\n" * outline[0].count("\n"), text)))
    elif file.endswith(".py"):
        yield from _both(file, text, numbered=True)
    else:
        yield Passage(file, text)


def _both(place: str, code: str, *, numbered: bool) -> Iterator[Passage]:
    """The text as it is, in which commented-out code is found, and without comments, which may part copied lines."""
    yield Passage(place, code, numbered=numbered)
    try:
        yield Passage(place, without_comments(code), numbered=numbered)
    except SyntaxError:
        return


def _texts(value: Any) -> Iterator[str]:
    """The strings in a piece of JSON, names included; a list of strings is how notebooks write one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
