"""A zip archive as a folder: read in memory, member by member, and never unpacked."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Mapping

from grader.cells.not_read import NotReadError
from grader.collect.files import at_most, is_hidden, kind_of
from grader.course.model import Limits
from grader.inert import inert
from grader.records import SubmissionStatus

_MEMBER = b"PK\x01\x02"  # begins each member's row in an archive's table of contents
_ENCRYPTED = 0x1
_MAC_OR_UNIX_FILE = {0, stat.S_IFREG}
# The other methods' decompressors can't be told to stop after so many bytes.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """A zip archive, or a folder in one."""

    def __init__(self, file: zipfile.ZipFile, members: Mapping[tuple[str, ...], zipfile.ZipInfo | None]) -> None:
        """`members` by their paths, hidden ones left out; None stands for a folder."""
        self._file = file
        self._members = members

    def names(self) -> list[str]:
        return sorted({path[0] for path in self._members})

    def folders(self) -> list[str]:
        return [name for name in self.names() if self._members.get((name,)) is None]

    def inside(self, name: str) -> Archive:
        within = {path[1:]: info for path, info in self._members.items() if path[0] == name and len(path) > 1}
        return Archive(self._file, within)

    def read(self, name: str, limit: int) -> bytes:
        info = self._members.get((name,))
        shown = inert(name, 80)
        mode = stat.S_IFMT(info.external_attr >> 16) if info else stat.S_IFDIR
        if info is None or mode not in _MAC_OR_UNIX_FILE:
            raise _refused(f"{shown} is {kind_of(mode)}; expected a plain file. Hand in the file itself.")
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


def open_archive(data: bytes, shown: str, limits: Limits) -> Archive:
    """The archive whose bytes these are, once nothing about its table of contents is suspicious."""
    too_many = _refused(
        f"{shown} holds more than {limits.archive_files} files, the limit. Hand in only your own modules or notebook."
    )
    # A first look at the bytes, so that a huge table is never parsed; archives within archives make it inexact.
    if data.count(_MEMBER) > 20 * limits.archive_files:
        raise too_many
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:  # as above
        raise NotReadError(
            f"{shown} is not a zip archive, or is damaged or cut off. Make the archive again and hand that in."
        ) from error
    infos = file.infolist()
    if len(infos) > limits.archive_files:
        raise too_many
    _refuse_a_bomb(infos, len(data), shown, limits)
    members: dict[tuple[str, ...], zipfile.ZipInfo | None] = {}
    for info in infos:
        path = _path(info.orig_filename, shown)
        if not path or any(is_hidden(part) for part in path):
            continue
        if path in members:
            raise _refused(
                f"{shown} holds {inert('/'.join(path), 80)} more than once. Hand in an archive with one of each."
            )
        if info.flag_bits & _ENCRYPTED:
            raise _refused(f"{shown} is protected by a password. Hand in an archive without one.")
        members[path] = None if info.is_dir() else info
    return Archive(file, members)


def _refuse_a_bomb(infos: list[zipfile.ZipInfo], size: int, shown: str, limits: Limits) -> None:
    """What an archive says of its members' sizes is compared with its own: no member is ever unpacked beyond it."""
    shared = len({info.header_offset for info in infos}) < len(infos)  # newer versions of zipfile read none of these
    if shared or sum(info.compress_size for info in infos) > size:
        raise _refused(f"{shown} holds files that overlap each other. Make an ordinary zip archive and hand that in.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(limits.module_bytes, limits.archive_ratio * size):
        raise _refused(
            f"{shown} says that it unpacks to {unpacked:,} bytes, more than {limits.archive_ratio} times its own size, "
            "the limit. Hand in only your own modules or notebook."
        )


def _path(name: str, shown: str) -> tuple[str, ...]:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or re.match("[A-Za-z]:/", name):
        raise _refused(
            f"{shown} holds a file with an unsafe path: {inert(name, 80)}. "
            "Expected plain names such as those of the modules. Make the archive again and hand that in."
        )
    return tuple(part for part in parts if part not in ("", "."))


def _refused(sentence: str) -> NotReadError:
    return NotReadError(sentence, SubmissionStatus.REFUSED)
