"""Files that are written whole or not at all, backups that replace nothing, and reproducible ZIP archives."""

from __future__ import annotations

import io
import itertools
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.core.errors import ReleaseError, ResultsError


def replace_whole(path: Path, chunks: Iterable[bytes], *, durable: bool = True) -> None:
    """Write a file beside `path` and move it into place, with the mode of what stood there.

    What stood there stays until the new file is complete, also when `chunks` raises. `durable` waits until the disk has
    it. Raises `OSError`.
    """
    # One name, not a random one: what a killed process left is written over by the next. One process writes at a time.
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        unfinished.unlink(missing_ok=True)
        with unfinished.open("xb") as file:
            file.writelines(chunks)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        with suppress(OSError):
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
    except BaseException as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(unfinished):
            error.filename = str(path)  # nobody knows the other one
        raise


def write_report(path: Path, texts: Iterable[str], *, durable: bool = True) -> None:
    """The same with text, as UTF-8. Raises `ResultsError`."""
    try:
        replace_whole(path, (text.encode(errors="backslashreplace") for text in texts), durable=durable)
    except OSError as error:
        raise ResultsError(f"{path} can't be written: {error.strerror}.") from error


def read_if_there(path: Path) -> bytes | None:
    """The bytes of a file, None when there is none. Raises ReleaseError when it can't be read."""
    with _in_words(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def replace_file(path: Path, data: bytes) -> None:
    """Make `data` the content of `path` in one step; the file's mode is kept. Raises ReleaseError when it can't be."""
    with _in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, [data])


def back_up(path: Path, data: bytes) -> Path:
    """Write `data`, the content of `path`, to the first free name of `.bak`, `.bak-2`, ... beside it.

    Raises ReleaseError when it can't be written.
    """
    with _in_words(path):
        for number in itertools.count(1):
            backup = path.with_name(f"{path.name}.bak" if number == 1 else f"{path.name}.bak-{number}")
            with suppress(FileExistsError), backup.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                with suppress(FileNotFoundError):
                    backup.chmod(stat.S_IMODE(path.stat().st_mode))
                return backup
    raise AssertionError("there is always a free name")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(f'"{error.filename or path}": {error.strerror or error}.') from None


_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a ZIP can hold
_UNIX = 3


def zipped(files: Mapping[str, bytes], executable: frozenset[str] = frozenset(), comment: str = "") -> bytes:
    """The archive of these files, by their path in it.

    Stored, not compressed: no zlib packs like every other, and what unpacks to much more than itself is refused by the
    grading.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment.encode()
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, data)
    return target.getvalue()
