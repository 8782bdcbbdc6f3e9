"""Files that are replaced whole or not at all, and backups that replace nothing."""

from __future__ import annotations

import itertools
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.errors import ReleaseError


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
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            _write_new(beside, data, path)
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise


def back_up(path: Path, data: bytes) -> Path:
    """Write `data`, the content of `path`, to the first free name of `.bak`, `.bak-2`, ... beside it.

    Raises ReleaseError when it can't be written.
    """
    with _in_words(path):
        for number in itertools.count(1):
            backup = path.with_name(f"{path.name}.bak" if number == 1 else f"{path.name}.bak-{number}")
            with suppress(FileExistsError):
                _write_new(backup, data, path)
                return backup
    raise AssertionError("there is always a free name")


def _write_new(path: Path, data: bytes, model: Path) -> None:
    """Write a file that wasn't there, down to the disk, with the mode of `model` if that exists."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileNotFoundError):
        path.chmod(stat.S_IMODE(model.stat().st_mode))


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReleaseError(f'"{error.filename or path}": {error.strerror or error}.') from None
