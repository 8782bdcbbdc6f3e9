"""What a file's name says it is: systems, browsers and people make many names of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import unquote

EXACT, COPIED, LONGER = range(3)
_LONGEST = 300
# What systems add to the name of a second copy, in the languages in which people meet it.
_OF_COPIES = frozenset(["copy", "copie", "copia", "kopie", "kopia", "kopi", "of", "de", "di", "von", "van", "av"])
_ENDINGS = frozenset(["py", "txt", "ipynb", "json", "checkpoint"])
_NO_WORK = frozenset(("test", "tests", "testing", "conftest", "check", "checks", "checker", "stub", "stubs"))
_MODULE_ENDINGS = frozenset(("py", "txt", ""))
_NOTEBOOK = re.compile(r"\.ipynb(?:\.(?:txt|json))?[\W\d_]*")
_ZIP = re.compile(r"\.zip[\W\d_]*")
_OTHER_ARCHIVE = re.compile(r"\.(?:tar|tgz|tbz2?|txz|gz|bz2|xz|zst|7z|rar)[\W\d_]*")


def nearness(name: str, module: str) -> int | None:
    """How near a file's name is to the module's: `EXACT`, `COPIED` (what systems make of it: another case, ` (1)`,
    `.py.txt`), `LONGER` (it holds the module's name), or None."""
    if name == f"{module}.py":
        return EXACT
    if len(name) > _LONGEST:
        return None
    plain = _plain(name)
    _, dot, ending = plain.rpartition(".")
    if dot and re.sub(r"[\W\d_]+", "", ending) not in _MODULE_ENDINGS:
        return None
    words, wanted = _words(plain), _words(_plain(module))
    others = _without(words, wanted)
    if others is None:
        others = _without(words, ["".join(wanted)])
    if others is None or _NO_WORK & set(others):
        return None
    return COPIED if all(map(_is_added, others)) else LONGER


def is_notebook(name: str) -> bool:
    """Whether it is called as a notebook is, whatever was put behind the ending."""
    return _ends_with(_NOTEBOOK, name)


def copied_from(name: str) -> str:
    """The words of a name, without those of copies: `lesson (1).ipynb` is `lesson`, and so is `Lesson.ipynb`."""
    return " ".join(word for word in _words(_plain(name)) if not _is_added(word))


def is_copy(name: str) -> bool:
    """Whether a notebook's name is one that systems give to a second copy."""
    return not name.endswith(".ipynb") or any(_is_added(word) and word != "ipynb" for word in _words(_plain(name)))


def is_zip(name: str) -> bool:
    """Whether it is called as an archive is that can be read."""
    return _ends_with(_ZIP, name)


def is_other_archive(name: str) -> bool:
    """Whether it is called as an archive of a kind that is not read."""
    return _ends_with(_OTHER_ARCHIVE, name)


def may_be_python(name: str) -> bool:
    """Whether it may hold Python, by its ending."""
    return re.sub(r"[\W\d_]+", "", _plain(name).rpartition(".")[2]) in ("py", "txt")


def defined_in(text: str, functions: Iterable[str]) -> list[str]:
    """Those of the functions that a text seems to give a meaning to at the beginning of a line."""
    return [name for name in functions if re.search(_meaning(name), text, re.MULTILINE)]


def _is_added(word: str) -> bool:
    return word.isdigit() or word in _OF_COPIES or word in _ENDINGS


def _meaning(name: str) -> str:
    escaped = re.escape(name)
    return rf"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{escaped}\b|^{escaped}[ \t]*(?::[^=\n]*)?=(?!=)"


def _ends_with(pattern: re.Pattern[str], name: str) -> bool:
    plain = _plain(name[-200:])
    return any(pattern.fullmatch(plain, at) for at, char in enumerate(plain) if char == ".")


def _plain(name: str) -> str:
    """A name as it is told apart from others: without its case, invisible characters, and the escapes of addresses."""
    composed = unicodedata.normalize("NFKC", unquote(name, errors="replace")).casefold()
    return "".join(char for char in composed if unicodedata.category(char) not in ("Cf", "Cc"))


def _words(plain: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain)


def _without(words: Sequence[str], wanted: Sequence[str]) -> list[str] | None:
    """The other words, where the wanted ones stand one after the other."""
    for at in range(len(words) - len(wanted) + 1):
        if list(words[at : at + len(wanted)]) == list(wanted):
            return [*words[:at], *words[at + len(wanted) :]]
    return None
