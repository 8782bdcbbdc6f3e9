"""The folder of submissions: who handed something in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from grader.collect.files import is_hidden, reason
from grader.collect.submission import Entry, Unread, listed
from grader.errors import CollectError
from grader.inert import inert
from grader.records import SubmissionStatus

_STRIPPED = (".zip", ".ipynb")
# Nobody but a learner puts these there: they get a row that says what to do instead of being left aside.
_OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True)
class Found:
    """What lies in the folder of submissions: `entries` sorted by student, and the names of other files.

    `strays` are safe to show; when they are many, the last one says how many more.
    """

    entries: tuple[Entry | Unread, ...]
    strays: tuple[str, ...]


def find_entries(folder: Path) -> Found:
    """Every learner's entry, by names only: no file is opened.

    An entry is a folder, a `.zip` or `.ipynb` (the ending in any case), another kind of archive, or anything that is
    no plain file (a symlink, a pipe), so that it gets a result and is not overlooked. Hidden files are ignored; other
    plain files are strays. Two entries of one name, such as `ada/` and `ada.zip`, become one refused `Unread`.
    """
    shown = inert(folder.name or "the current folder", 80)
    try:
        with os.scandir(folder) as found:
            items = {item.name: item.is_file(follow_symlinks=False) for item in found if not is_hidden(item.name)}
    except FileNotFoundError as error:
        raise CollectError(f"There is no folder {shown}. Give the folder that holds an entry per learner.") from error
    except NotADirectoryError as error:
        raise CollectError(f"{shown} is not a folder. Give the folder that holds an entry per learner.") from error
    except OSError as error:
        raise CollectError(f"The folder {shown} can't be read ({reason(error)}).") from error

    by_stem: dict[str, list[str]] = {}
    strays: list[str] = []
    for name in sorted(items):
        if items[name] and not name.lower().endswith(_STRIPPED + _OTHER_ARCHIVES):
            strays.append(name)
        else:
            by_stem.setdefault(_stem(name), []).append(name)
    shown_strays = listed(strays)
    if not by_stem:
        found_instead = f"; found only {', '.join(shown_strays[:5])}" if strays else ""
        raise CollectError(
            f"There are no submissions in {shown}{found_instead}. "
            "Expected an entry per learner: a folder, a .zip or a .ipynb named after the learner."
        )
    entries = [_entry(student, by_stem[stem], folder) for stem, student in _students(list(by_stem)).items()]
    return Found(tuple(sorted(entries, key=lambda entry: entry.student)), shown_strays)


def _entry(student: str, names: list[str], folder: Path) -> Entry | Unread:
    if len(names) == 1:
        return Entry(student, folder / names[0])
    every = " and ".join(inert(name, 80) for name in names)
    return Unread(
        student,
        SubmissionStatus.REFUSED,
        f"There are {len(names)} entries of this name: {every}. Expected one. Keep the one that counts.",
    )


def _stem(name: str) -> str:
    for ending in _STRIPPED:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def _students(stems: list[str]) -> dict[str, str]:
    """Names that can be stored as UTF-8, by stem; what can't be is escaped, and differs from everybody's name."""
    named: dict[str, str] = {}
    for stem in sorted(stems, key=lambda s: (_storable(s) != s, s)):
        student = _storable(stem)
        while student in named.values():
            student += "~"
        named[stem] = student
    return named


def _storable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
