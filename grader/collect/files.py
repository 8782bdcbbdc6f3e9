"""Plain files and folders, read without following links, waiting for pipes or trusting sizes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol

from grader.cells.not_read import NotReadError
from grader.inert import inert
from grader.records import SubmissionStatus

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class Holding(Protocol):
    """A folder, wherever it lies: what it holds, without hidden files."""

    def names(self) -> list[str]:
        """What lies in it, sorted."""

    def folders(self) -> list[str]:
        """Those of the names that are folders."""

    def inside(self, name: str) -> Holding:
        """The folder of that name."""

    def read(self, name: str, limit: int) -> bytes:
        """The file of that name, when it is a plain file of at most `limit` bytes; else raises `NotReadError`."""


class Folder:
    """A folder on the disk, or one in it. No link is followed, not even one that is put there meanwhile."""

    def __init__(self, path: Path, most: int, inside: tuple[str, ...] = ()) -> None:
        """`most` is how many files and folders it may hold."""
        self._path, self._most, self._inside = path, most, inside
        shown = inert((path.name, *inside)[-1], 80)
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
        shown = inert(name, 80)
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


class Without:
    """A folder without some of what lies in it."""

    def __init__(self, folder: Holding, aside: frozenset[str]) -> None:
        self._folder = folder
        self._aside = aside

    def names(self) -> list[str]:
        return [name for name in self._folder.names() if name not in self._aside]

    def folders(self) -> list[str]:
        return [name for name in self._folder.folders() if name not in self._aside]

    def inside(self, name: str) -> Holding:
        return self._folder.inside(name)

    def read(self, name: str, limit: int) -> bytes:
        return self._folder.read(name, limit)


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a plain file of at most `limit` bytes."""
    shown = inert(path.name, 80)
    try:
        return _read(path, None, limit, shown)
    except OSError as error:
        raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error


def _read(path: Path | str, folder: int | None, limit: int, shown: str, owner: int | None = None) -> bytes:
    """What kind of file it is, is looked at before it is opened, for a pipe would wait and a device might act, and
    afterwards, for it may be another one by then."""
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
        data = at_most(limit, file.read(limit + 1), shown)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise NotReadError(f"{shown} was changed while it was read. Leave it alone, and have it graded again.")
    return data


def at_most(limit: int, data: bytes, shown: str) -> bytes:
    """`data`, of which no more than `limit + 1` bytes were read, unless that is more than `limit`."""
    if len(data) > limit:
        raise NotReadError(
            f"{shown} is larger than the limit of {limit:,} bytes. Hand in only your own work, without data.",
            SubmissionStatus.REFUSED,
        )
    return data


def kind_of(mode: int) -> str:
    """What a file's mode says that it is, in words."""
    return _KINDS.get(stat.S_IFMT(mode), "a special file")


def is_hidden(name: str) -> bool:
    """Whether a name is of the kind that people don't know they handed in."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def reason(error: OSError) -> str:
    """Why the system refused, without the path that `str(error)` would tell."""
    return (error.strerror or type(error).__name__).lower()


def _expect_plain(mode: int, shown: str) -> None:
    if not stat.S_ISREG(mode):
        raise NotReadError(
            f"{shown} is {kind_of(mode)}; expected a plain file. Hand in the file itself.", SubmissionStatus.REFUSED
        )
