"""File names for learners' pages: safe on every system, whatever the learner is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from grader.inert import visible

_CHARS, _BYTES = 60, 120
# Letters, marks and numbers of any script; nothing that a shell, a URL, a file system or a ZIP tool could mind.
_KEPT_CATEGORIES = ("L", "M", "N")
_KEPT = frozenset(" ._-")
_STOOD_FOR = "_"
# Devices on Windows, with any extension; `index` is what a web server shows for the whole folder.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
_HASH_DIGITS = 12
_LOOKS_HASHED = re.compile(rf"-[0-9a-f]{{{_HASH_DIGITS}}}\Z")


def page_names(students: Iterable[str]) -> dict[str, str]:
    """A file name without extension for each student; no two are equal, not even on a system that ignores case.

    A name that is safe stays as it is. One that had to be changed, or that would collide, ends with a hash of the
    whole name; so does one that ends like a hash, so that nobody can choose a name to take another's page.
    """
    clean = {student: _clean(student) for student in students}
    taken = Counter(_key(name) for name in clean.values())
    return {
        student: name if _untouched(student, name) and taken[_key(name)] == 1 else f"{name}-{_hash(student)}"
        for student, name in clean.items()
    }


def _clean(student: str) -> str:
    composed = unicodedata.normalize("NFC", student[:300])
    shown = zip(composed, visible(composed), strict=True)
    name = "".join(char if char == seen and _kept(char) else _STOOD_FOR for char, seen in shown)[:_CHARS]
    name = name.encode()[:_BYTES].decode(errors="ignore").lstrip(" .-").rstrip(" .")
    reserved = _key(name).split(".")[0].strip() in _RESERVED
    return _STOOD_FOR + name if reserved or not name else name


def _kept(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char)[0] in _KEPT_CATEGORIES


def _untouched(student: str, name: str) -> bool:
    return name == student and not _LOOKS_HASHED.search(_key(name))


def _key(name: str) -> str:
    """What two names share when some file system takes them for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _hash(student: str) -> str:
    return hashlib.sha256(student.encode(errors="surrogatepass")).hexdigest()[:_HASH_DIGITS]
