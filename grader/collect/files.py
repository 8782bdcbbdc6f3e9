"""Plain files and folders, read without following links, waiting for pipes or trusting sizes."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

from grader.inert import inert
from grader.records import SubmissionStatus

# Not every system has each of these; where one is missing, the checks before and after the opening have to do.
_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _OPEN |= getattr(os, _flag, 0)

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotReadError(Exception):
    """Something that was handed in can't be read. `str(error)` is a sentence for the reader."""

    def __init__(self, sentence: str, status: SubmissionStatus = SubmissionStatus.UNREADABLE) -> None:
        super().__init__(sentence)
        self.status = status


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
    """A folder on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with os.scandir(path) as found:
                self._is_folder = {e.name: e.is_dir(follow_symlinks=False) for e in found if not is_hidden(e.name)}
        except OSError as error:
            raise NotReadError(f"The folder {inert(path.name, 80)} can't be read ({reason(error)}).") from error

    def names(self) -> list[str]:
        return sorted(self._is_folder)

    def folders(self) -> list[str]:
        return [name for name in self.names() if self._is_folder[name]]

    def inside(self, name: str) -> Folder:
        return Folder(self._path / name)

    def read(self, name: str, limit: int) -> bytes:
        return read_file(self._path / name, limit)


def read_file(path: Path, limit: int) -> bytes:
    """The bytes of a plain file (hard links are fine) of at most `limit` bytes."""
    shown = inert(path.name, 80)
    try:
        _expect_plain(os.lstat(path).st_mode, shown)
        with os.fdopen(os.open(path, _OPEN), "rb") as file:
            _expect_plain(os.fstat(file.fileno()).st_mode, shown)
            return at_most(limit, file.read(limit + 1), shown)
    except OSError as error:
        raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error


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
