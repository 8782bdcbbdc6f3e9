"""The folder of submissions: who submitted something, and an entry's bytes, gathered without looking into them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.core.assignment import Limits
from grader.core.errors import CollectError
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.grading.submission import Entry, Unread
from grader.reading.file_names import is_notebook, is_other_archive, is_zip, may_be_python
from grader.reading.folders import ENVIRONMENT, at_most, file_kind, is_hidden, is_skipped, too_large
from grader.reading.read import listed
from grader.reading.reader import File

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class TooLargeError(NotReadError):
    """A file is larger than what may be read. `size` is in bytes."""

    def __init__(self, size: int, limit: int, shown: str) -> None:
        said = too_large(limit, shown)
        super().__init__(str(said), said.status)
        self.size = size


class Folder:
    """A folder on the disk, or one in it. No link is followed, not even one that is put there meanwhile."""

    def __init__(self, path: Path, most: int, inside: tuple[str, ...] = ()) -> None:
        """`most` is how many files and folders it may hold."""
        self._path, self._most, self._inside = path, most, inside
        shown = sanitized((path.name, *inside)[-1], 80)
        try:
            with self._opened() as folder, os.scandir(folder) as found:
                seen = list(islice(found, most + 1))
                self._is_folder = {e.name: e.is_dir(follow_symlinks=False) for e in seen if not is_hidden(e.name)}
        except OSError as error:
            raise NotReadError(f"The folder {shown} can't be read ({reason(error)}).") from error
        if len(seen) > most:
            raise NotReadError(
                f"The folder {shown} holds more than {most:,} files, the limit. "
                "Hand in only your own modules or notebook.",
                SubmissionStatus.REFUSED,
            )

    def names(self) -> list[str]:
        return sorted(self._is_folder)

    def folders(self) -> list[str]:
        return [name for name in self.names() if self._is_folder[name]]

    def inside(self, name: str) -> Folder:
        return Folder(self._path, self._most, (*self._inside, name))

    def read(self, name: str, limit: int) -> bytes:
        shown = sanitized(name, 80)
        try:
            with self._opened() as folder:
                return _read(name, folder, limit, shown, owner=os.fstat(folder).st_uid)
        except OSError as error:
            raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error

    @contextmanager
    def _opened(self) -> Iterator[int]:
        with ExitStack() as opened:
            folder = os.open(self._path, _OPEN | os.O_DIRECTORY)
            opened.callback(os.close, folder)
            for name in self._inside:
                folder = os.open(name, _OPEN | os.O_DIRECTORY, dir_fd=folder)
                opened.callback(os.close, folder)
            yield folder


def read_bytes_of(path: Path, limit: int) -> bytes:
    """The bytes of a plain file of at most `limit` bytes."""
    shown = sanitized(path.name, 80)
    try:
        return _read(path, None, limit, shown)
    except OSError as error:
        raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error


def _read(path: Path | str, folder: int | None, limit: int, shown: str, owner: int | None = None) -> bytes:
    """Check the file type before opening it (FIFOs block, devices have side effects) and again afterwards (it may
    have been swapped)."""
    _expect_plain(os.stat(path, dir_fd=folder, follow_symlinks=False).st_mode, shown)
    with os.fdopen(os.open(path, _OPEN, dir_fd=folder), "rb") as file:
        before = os.fstat(file.fileno())
        _expect_plain(before.st_mode, shown)
        # Hard links are fine: backups and copies are full of them. Not those that lead to what somebody else wrote.
        if before.st_nlink > 1 and owner not in (None, before.st_uid):
            raise NotReadError(
                f"{shown} is a hard link to a file that belongs to somebody else. Hand in a file of your own.",
                SubmissionStatus.REFUSED,
            )
        if before.st_size > limit:
            raise TooLargeError(before.st_size, limit, shown)
        data = at_most(limit, file.read(limit + 1), shown)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise NotReadError(f"{shown} was changed while it was read. Leave it alone, and have it graded again.")
    return data


def reason(error: OSError) -> str:
    """Why the system refused, without the path that `str(error)` would tell."""
    return (error.strerror or type(error).__name__).lower()


def _expect_plain(mode: int, shown: str) -> None:
    if not stat.S_ISREG(mode):
        raise NotReadError(
            f"{shown} is {file_kind(mode)}; expected a plain file. Hand in the file itself.", SubmissionStatus.REFUSED
        )


# What a frame carries, less some room; of what lies beside the work itself, the smallest first, as much as fits.
_MOST_BYTES = 56 << 20
_MOST_PATHS = 2 << 20
_DEEPEST = 100


@dataclass(frozen=True)
class Gathered:
    """An entry's files. The same files give the same `digest`."""

    entry: Entry
    is_folder: bool
    files: tuple[File, ...]
    digest: str


def gather(entry: Entry, limits: Limits) -> Gathered | Unread:
    """All files of an entry, those that can't be had with the reason. Whatever lies there, this answers."""
    try:
        given = entry.files
        is_folder, files = (given.is_folder, list(given.files)) if given else _gathered(entry, limits)
    except NotReadError as problem:
        return Unread(entry.student, problem.status, str(problem))
    rows = [[file.path, hashlib.sha256(file.data or b"").hexdigest(), file.problem] for file in files]
    digest = hashlib.sha256(json.dumps([is_folder, entry.notebook, rows]).encode()).hexdigest()
    return Gathered(entry, is_folder, tuple(files), digest)


def _gathered(entry: Entry, limits: Limits) -> tuple[bool, list[File]]:
    path, shown = entry.path, sanitized(entry.path.name, 80)
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error
    if stat.S_ISDIR(mode):
        return True, _of_folder(path, entry.aside, limits)
    if not stat.S_ISREG(mode):
        raise NotReadError(
            f"{shown} is {file_kind(mode)}; expected a folder, a .zip or a notebook. Hand in the files themselves.",
            SubmissionStatus.REFUSED,
        )
    if is_other_archive(path.name):
        raise NotReadError(
            f"{shown} is an archive of a kind that can't be read. Make a .zip of what is in it, or hand in the folder."
        )
    if not (is_zip(path.name) or is_notebook(path.name) or may_be_python(path.name)):
        raise NotReadError(f"{shown} is neither a folder nor a .zip nor a notebook. Hand in one of these.")
    data = read_bytes_of(path, limits.archive_bytes if is_zip(path.name) else limits.notebook_bytes)
    return False, [File(path.name, len(data), data)]


def _of_folder(path: Path, aside: frozenset[str], limits: Limits) -> list[File]:
    top = Folder(path, limits.folder_files)
    found = list(
        islice((row for row in _walk(top, "", 0) if row[0].split("/")[0] not in aside), limits.folder_files + 1)
    )
    if sum(len(os.fsencode(name)) for name, _, _ in found) > _MOST_PATHS or len(found) > limits.folder_files:
        raise NotReadError(
            f"The folder {sanitized(path.name, 80)} holds more than {limits.folder_files:,} files, the limit. "
            "Hand in only your own modules or notebook.",
            SubmissionStatus.REFUSED,
        )
    left = _MOST_BYTES
    files: dict[str, File] = {}
    for name, folder, base in sorted(found, key=lambda row: (not _may_be_work(row[2]), row[0])):
        files[name] = _file(name, folder, base, min(left, max(limits.archive_bytes, limits.notebook_bytes)))
        left -= len(files[name].data or b"")
    return [files[name] for name, _, _ in found]


def _may_be_work(name: str) -> bool:
    return is_notebook(name) or is_zip(name) or may_be_python(name)


def _walk(folder: Folder, before: str, depth: int) -> Iterator[tuple[str, Folder, str]]:
    """Every file below, and every folder in which nothing is to be seen: its path, what it lies in, its name there."""
    folders = set(folder.folders())
    for name in folder.names():
        if name not in folders:
            yield f"{before}{name}", folder, name
            continue
        yield f"{before}{name}/", folder, ""
        if depth < _DEEPEST and not is_skipped(name):
            with contextlib.suppress(NotReadError):  # one that can't be read is as good as empty
                inside = folder.inside(name)
                if ENVIRONMENT.isdisjoint(inside.names()):
                    yield from _walk(inside, f"{before}{name}/", depth + 1)


def _file(path: str, folder: Folder, name: str, limit: int) -> File:
    if not name:
        return File(path, 0, None)
    try:
        data = folder.read(name, limit)
    except TooLargeError as problem:
        return File(path, problem.size, None, str(problem), problem.status)
    except NotReadError as problem:
        return File(path, 0, None, str(problem), problem.status)
    return File(path, len(data), data)


# What `grader collect` writes beside the entries: what it found, and what it left out.
COLLECTED, NOT_COLLECTED = "collected.csv", "left-out.csv"
_STRIPPED = (".zip", ".ipynb")
_COPY = re.compile(r" ?\(\d+\)| (?:- )?(?:Copy|copy|Kopie)(?: \d+| ?\(\d+\))?")


@dataclass(frozen=True)
class FoundEntries:
    """What lies in the folder of submissions: `entries` sorted by student, and the names of other files.

    `strays` are safe to show; when they are many, the last one says how many more.
    """

    entries: tuple[Entry | Unread, ...]
    strays: tuple[str, ...]

    def second_copies(self) -> list[tuple[str, str]]:
        """Pairs of entries of which the second is named as browsers and systems name another copy of the first:
        `ada` and `ada (1)`, `ada` and `ada - Copy`."""
        names = {entry.student for entry in self.entries}
        cut = ((name[:at], name[at:]) for name in sorted(names) for at in range(1, len(name)))
        return [(first, first + ending) for first, ending in cut if first in names and _COPY.fullmatch(ending)]


def find_entries(folder: Path) -> FoundEntries:
    """Every learner's entry, by names only: no file is opened.

    An entry is a folder, a `.zip` or `.ipynb` (the ending in any case, and with what systems put behind it), another
    kind of archive, or anything that is no plain file (a symlink, a pipe), so that it gets a result and is not
    overlooked. Hidden files and the tables of `collect` are ignored; other plain files are strays. Two entries of
    one name, such as `ada/` and `ada.zip`, become one refused `Unread`.
    """
    shown = sanitized(folder.name or "the current folder", 80)
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
        if items[name] and name in (COLLECTED, NOT_COLLECTED):
            continue
        if items[name] and not (is_zip(name) or is_notebook(name) or is_other_archive(name)):
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
    return FoundEntries(tuple(sorted(entries, key=lambda entry: entry.student)), shown_strays)


def _entry(student: str, names: list[str], folder: Path) -> Entry | Unread:
    if len(names) == 1:
        return Entry(student, folder / names[0])
    every = " and ".join(sanitized(name, 80) for name in names)
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
