"""A download as it lies there, packed or unpacked: its files, and whatever of it is not safe to take."""

from __future__ import annotations

import lzma
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from grader.core.errors import CollectError
from grader.core.sanitize import sanitized

MOST_FILES = 200_000
FILE_BYTES = 500_000_000
DOWNLOAD_BYTES = 20_000_000_000
_DEEPEST = 60
_LONGEST_NAME = 255
_ENCRYPTED = 1
_DRIVE = re.compile(r"[A-Za-z]:")
_OF_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini")
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # also NotImplementedError, for ways of packing that Python does not know
)


@dataclass(frozen=True)
class Piece:
    """A file of a download: `path` with slashes, as it is named there; `size` in bytes."""

    path: str
    size: int
    opened: Callable[[], BinaryIO]

    def copy_to(self, target: Path) -> str:
        """Write it to a new file. Gives why it can't be read, or nothing. Raises `OSError` for the target."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            try:
                with self.opened() as source:
                    while chunk := source.read(1 << 20):
                        if file.tell() + len(chunk) > self.size:
                            return "is longer than it says"
                        _write(file, chunk)
            except _TargetError as error:
                raise error.cause from None
            except _UNREADABLE as error:
                return f"can't be read ({sanitized(error, 80) or type(error).__name__})"
        return ""


class _TargetError(Exception):
    def __init__(self, cause: OSError) -> None:
        super().__init__(cause)
        self.cause = cause


def _write(file: BinaryIO, chunk: bytes) -> None:
    """Told apart from what goes wrong with the download: a full disk is nobody's damaged file."""
    try:
        file.write(chunk)
    except OSError as error:
        raise _TargetError(error) from None


@dataclass(frozen=True)
class LeftAside:
    """A file of the download, or all that a learner handed in, that is in no entry; `why` follows a colon."""

    path: str
    why: str


@dataclass(frozen=True)
class Download:
    """What can be taken, in the order of the names, and what can't."""

    pieces: tuple[Piece, ...]
    aside: tuple[LeftAside, ...]


@contextmanager
def open_download(path: Path) -> Iterator[Download]:
    """The files of an archive or of a folder. Raises `CollectError` when it can't be read, or is far too large."""
    if path.is_dir():
        yield _checked(path, _of_folder(path))
        return
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise CollectError(f"There is no {path}. Give the archive that was downloaded, or the folder.") from None
    except IsADirectoryError:
        raise CollectError(f"{path} can't be read as a folder.") from None
    except _UNREADABLE as error:
        why = (error.strerror or "") if isinstance(error, OSError) else ""
        raise CollectError(
            f"{path} can't be read as a .zip{f' ({why.lower()})' if why else ''}. Expected what was downloaded, a .zip "
            "or the folder that it was unpacked to. Download it again."
        ) from None
    with archive:
        yield _checked(path, _of_archive(archive))


def _checked(path: Path, found: Iterator[Piece | LeftAside]) -> Download:
    pieces: list[Piece] = []
    aside: list[LeftAside] = []
    names: set[str] = set()
    total = 0
    for number, each in enumerate(found):
        if number >= MOST_FILES:
            raise CollectError(f"{path} holds more than {MOST_FILES:,} files. Is it the right download?")
        if isinstance(each, LeftAside):
            if not _is_nobodys(each.path):
                aside.append(each)
        elif why := _unsafe(each):
            aside.append(LeftAside(each.path, why))
        elif _is_nobodys(each.path):
            continue
        elif each.path in names:
            aside.append(LeftAside(each.path, "it is there twice, and the first one was taken"))
        else:
            names.add(each.path)
            pieces.append(each)
            total += each.size
    if total > DOWNLOAD_BYTES:
        raise CollectError(
            f"{path} would unpack to {total / 1e9:.1f} GB; expected at most {DOWNLOAD_BYTES / 1e9:.0f} GB. Nothing was "
            "unpacked. Collect it in parts."
        )
    return Download(tuple(sorted(pieces, key=lambda piece: piece.path)), tuple(aside))


def room_for(total: int, folder: Path) -> None:
    """Raises `CollectError` when so many bytes have no room on the disk."""
    free = shutil.disk_usage(folder).free
    if total > free:
        raise CollectError(
            f"There are {free / 1e9:.1f} GB free in {folder}; what was handed in needs {total / 1e9:.1f} GB. "
            "Nothing was unpacked."
        )


def _is_nobodys(path: str) -> bool:
    """Whether it is hidden, or made by a system. Nothing is said of these: a Mac makes one for each file."""
    parts = path.split("/")
    return any(part.startswith(".") or part in _OF_SYSTEMS for part in parts)


def _unsafe(piece: Piece) -> str:
    """Why a file is not safe to write; empty when it may be taken."""
    parts = piece.path.split("/")
    if piece.path.startswith("/") or _DRIVE.match(piece.path) or "\\" in piece.path or {"..", ".", ""} & {*parts}:
        return "its path could lead out of the folder"
    if len(parts) > _DEEPEST or any(len(os.fsencode(part)) > _LONGEST_NAME for part in parts):
        return "its path is longer than a disk takes"
    if piece.size > FILE_BYTES:
        return f"it has {piece.size / 1e6:,.0f} MB; expected at most {FILE_BYTES / 1e6:.0f}"
    return ""


def _of_archive(archive: zipfile.ZipFile) -> Iterator[Piece | LeftAside]:
    for member in archive.infolist():
        kind = stat.S_IFMT(member.external_attr >> 16)
        if member.is_dir():
            continue
        if kind not in (0, stat.S_IFREG):
            yield LeftAside(member.filename, "a link, or another thing that is no plain file")
        elif member.flag_bits & _ENCRYPTED:
            yield LeftAside(member.filename, "it is locked with a password")
        else:
            yield Piece(member.filename, member.file_size, partial(_member, archive, member))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    return archive.open(member)  # type: ignore[return-value]


def _of_folder(folder: Path) -> Iterator[Piece | LeftAside]:
    for where, folders, names in os.walk(folder):
        inside = Path(where).relative_to(folder)
        for name in [each for each in folders if (Path(where) / each).is_symlink()]:
            yield LeftAside((inside / name).as_posix(), "a link, or another thing that is no plain file")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where) / name
            try:
                state = path.lstat()
            except OSError as error:
                yield LeftAside((inside / name).as_posix(), f"it can't be read ({error.strerror})")
                continue
            if stat.S_ISREG(state.st_mode):
                yield Piece((inside / name).as_posix(), state.st_size, partial(_plain_file, path))
            else:
                yield LeftAside((inside / name).as_posix(), "a link, or another thing that is no plain file")


def _plain_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
