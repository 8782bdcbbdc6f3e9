"""A folder as data, wherever it lies: on the disk, or in a zip archive that is read in memory and never unpacked."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterable
from typing import Protocol

from grader.core.assignment import Limits
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_INSTALLED = {"node_modules", "site-packages", "dist-packages", "venv", "virtualenv"}
ENVIRONMENT = frozenset(("pyvenv.cfg", "conda-meta"))  # one of these lies in each environment, whatever it is called


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


class Given(Protocol):
    """A file that was given: its path, and its bytes or why there are none."""

    @property
    def path(self) -> str: ...
    @property
    def data(self) -> bytes | None: ...
    @property
    def size(self) -> int: ...
    @property
    def problem(self) -> str: ...
    @property
    def status(self) -> SubmissionStatus: ...


class Tree:
    """A folder in memory, made of files and their paths in it; one that ends with a slash is a folder. Hidden ones are
    left out."""

    def __init__(self, files: Iterable[tuple[str, Given]]) -> None:
        self._files: dict[str, Given] = {}
        self._inside: dict[str, list[tuple[str, Given]]] = {}
        for path, file in files:
            first, slash, rest = path.partition("/")
            if is_hidden(first):
                continue
            if not slash:
                self._files[first] = file
                continue
            inside = self._inside.setdefault(first, [])
            if rest:
                inside.append((rest, file))

    def names(self) -> list[str]:
        return sorted(self._files.keys() | self._inside.keys())

    def folders(self) -> list[str]:
        return sorted(self._inside)

    def inside(self, name: str) -> Tree:
        return Tree(self._inside[name])

    def read(self, name: str, limit: int) -> bytes:
        shown = sanitized(name, 80)
        if name not in self._files:
            raise NotReadError(
                f"{shown} is a folder; expected a plain file. Hand in the file itself.", SubmissionStatus.REFUSED
            )
        file = self._files[name]
        if file.size > limit:
            raise too_large(limit, shown)
        if file.data is None:
            raise NotReadError(file.problem, file.status)
        return file.data


def at_most(limit: int, data: bytes, shown: str) -> bytes:
    """`data`, of which no more than `limit + 1` bytes were read, unless that is more than `limit`."""
    if len(data) > limit:
        raise too_large(limit, shown)
    return data


def too_large(limit: int, shown: str) -> NotReadError:
    """What is said of a file of more than `limit` bytes."""
    return NotReadError(
        f"{shown} is larger than the limit of {limit:,} bytes. Hand in only your own work, without data.",
        SubmissionStatus.REFUSED,
    )


def file_kind(mode: int) -> str:
    """What a file's mode says that it is, in words."""
    return _KINDS.get(stat.S_IFMT(mode), "a special file")


class Single:
    """A folder that holds one file and nothing else."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._data = data

    def names(self) -> list[str]:
        return [self._name]

    def folders(self) -> list[str]:
        return []

    def inside(self, name: str) -> Holding:
        raise NotReadError(f"{sanitized(name, 80)} is not a folder.")

    def read(self, name: str, limit: int) -> bytes:  # noqa: ARG002
        return at_most(limit, self._data[: limit + 1], sanitized(self._name, 80))


def is_hidden(name: str) -> bool:
    """True for files that operating systems and editors add, such as .DS_Store."""
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def is_skipped(folder: str) -> bool:
    """Whether a folder of this name is hidden, or holds packages that were installed: nobody's work."""
    return is_hidden(folder) or folder.casefold() in _INSTALLED


_MEMBER = b"PK\x01\x02"  # begins each member's row in an archive's table of contents
_MOST_ROWS = 100_000  # hidden ones too: they count towards no limit, but a table costs time and memory
_DEEPEST = 200
_ENCRYPTED = 0x1
_MAC_OR_UNIX_FILE = {0, stat.S_IFREG}
# The other methods' decompressors can't be told to stop after so many bytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_Tree = dict[str, "_Tree | zipfile.ZipInfo"]


class ZipFolder:
    """A zip archive, or a folder in one."""

    def __init__(self, file: zipfile.ZipFile, tree: _Tree) -> None:
        """`tree` holds what is no hidden file, and folders as trees."""
        self._file = file
        self._tree = tree

    def names(self) -> list[str]:
        return sorted(self._tree)

    def folders(self) -> list[str]:
        return [name for name in self.names() if isinstance(self._tree[name], dict)]

    def inside(self, name: str) -> ZipFolder:
        within = self._tree.get(name)
        return ZipFolder(self._file, within if isinstance(within, dict) else {})

    def read(self, name: str, limit: int) -> bytes:
        info = self._tree.get(name)
        shown = sanitized(name, 80)
        mode = stat.S_IFMT(info.external_attr >> 16) if isinstance(info, zipfile.ZipInfo) else stat.S_IFDIR
        if not isinstance(info, zipfile.ZipInfo) or mode not in _MAC_OR_UNIX_FILE:
            raise _refused(f"{shown} is {file_kind(mode)}; expected a plain file. Hand in the file itself.")
        if info.compress_type not in _METHODS:
            raise _refused(f"{shown} is compressed in an unusual way. Make an ordinary zip archive and hand that in.")
        try:
            with self._file.open(info) as member:
                # What an archive says of a member's size is never believed.
                return at_most(limit, member.read(limit + 1), shown)
        except NotReadError:
            raise
        except Exception as error:  # zipfile and zlib raise a dozen kinds of errors for damaged data
            raise NotReadError(
                f"{shown} is damaged in the archive. Make the archive again and hand that in."
            ) from error


def open_archive(data: bytes, shown: str, limits: Limits) -> ZipFolder:
    """The archive whose bytes these are, once nothing about its table of contents is suspicious.

    What lies in hidden folders and in those of packages counts towards no limit, and is not there.
    """
    # A first look at the bytes, so that a huge table is never parsed; archives within archives make it inexact.
    if data.count(_MEMBER) > _MOST_ROWS:
        raise _too_many(shown, _MOST_ROWS)
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # as above
        raise NotReadError(
            f"{shown} is not a zip archive, or is damaged or cut off. Make the archive again and hand that in."
        ) from error
    rows = [(_path(info.orig_filename, shown), info) for info in file.infolist()]
    environments = {path[:-1] for path, _ in rows if len(path) > 1 and path[-1] in ENVIRONMENT}
    depths = {len(path) for path in environments}
    seen = [
        (path, info)
        for path, info in rows
        if path and not _is_aside(path, info) and not any(path[:depth] in environments for depth in depths)
    ]
    if len(seen) > limits.archive_files:
        raise _too_many(shown, limits.archive_files)
    _refuse_a_bomb(file.infolist(), [info for _, info in seen], len(data), shown, limits)
    tree: _Tree = {}
    for path, info in seen:
        if info.flag_bits & _ENCRYPTED:
            raise _refused(f"{shown} is protected by a password. Hand in an archive without one.")
        if not _put(tree, path, info):
            raise _refused(
                f"{shown} holds {sanitized('/'.join(path), 80)} more than once. Hand in an archive with one of each."
            )
    return ZipFolder(file, tree)


def _put(tree: _Tree, path: tuple[str, ...], info: zipfile.ZipInfo) -> bool:
    """Puts a member where it belongs; not so when there is another one already. Folders may be listed twice."""
    for part in path[: None if _is_folder(info) else -1]:
        within = tree.setdefault(part, {})
        if not isinstance(within, dict):
            return False
        tree = within
    if _is_folder(info):
        return True
    known = tree.setdefault(path[-1], info)
    if isinstance(known, dict):
        return False
    return known is info or (known.CRC, known.file_size) == (info.CRC, info.file_size)


def _is_aside(path: tuple[str, ...], info: zipfile.ZipInfo) -> bool:
    folders = path if _is_folder(info) else path[:-1]
    return len(path) > _DEEPEST or is_hidden(path[-1]) or any(is_skipped(part) for part in folders)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\"))


def _refuse_a_bomb(
    every: list[zipfile.ZipInfo], seen: list[zipfile.ZipInfo], size: int, shown: str, limits: Limits
) -> None:
    """What an archive says of its members' sizes is compared with its own: no member is ever unpacked beyond it.

    Up to the size of a notebook anything is fine: outputs that repeat themselves pack as tightly as a bomb.
    """
    shared = len({info.header_offset for info in every}) < len(every)  # newer versions of zipfile read none of these
    if shared or sum(info.compress_size for info in every) > size:
        raise _refused(f"{shown} holds files that overlap each other. Make an ordinary zip archive and hand that in.")
    unpacked = sum(info.file_size for info in seen)
    if unpacked > max(limits.notebook_bytes, limits.archive_ratio * size):
        raise _refused(
            f"{shown} says that it unpacks to {unpacked:,} bytes, more than {limits.archive_ratio} times its own size, "
            "the limit. Hand in only your own modules or notebook."
        )


def _path(name: str, shown: str) -> tuple[str, ...]:
    """The folders and the name of a member. Some programs for Windows separate them with backslashes."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    if plain.startswith("/") or ".." in parts or "\0" in plain or re.match("[A-Za-z]:/", plain):
        raise _refused(
            f"{shown} holds a file with an unsafe path: {sanitized(name, 80)}. "
            "Expected plain names such as those of the modules. Make the archive again and hand that in."
        )
    return tuple(part for part in parts if part not in ("", "."))


def _too_many(shown: str, most: int) -> NotReadError:
    return _refused(f"{shown} holds more than {most:,} files, the limit. Hand in only your own modules or notebook.")


def _refused(sentence: str) -> NotReadError:
    return NotReadError(sentence, SubmissionStatus.REFUSED)
