"""A child's scratch folder: made before it runs, removed after it was killed, whatever it left there.

The zygote does both, because a scratch folder inside a sandbox can't be seen from outside.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SECONDS = 2.0
_DEEP = 8  # so many names of 255 bytes are still a path


def make(folder: Path, user: int) -> None:
    """A new folder for a child, and nobody else; `user` is its own, or 0 when it has none. Raises `OSError`."""
    folder.mkdir(0o700)
    if user:
        os.chown(folder, user, user)


def remove(folder: Path, user: int, seconds: float = _SECONDS) -> None:
    """Remove the folder with all that is in it, as the user who made it.

    Works however deep folders are nested and whatever their permissions. Raises `OSError` when something stays or it
    takes too long (a million files): then the zygote should be replaced, and its scratch space goes with it.
    """
    with _acting_as(user):
        _empty(folder, time.monotonic() + seconds)
    folder.rmdir()


def clear(space: Path, seconds: float = _SECONDS) -> None:
    """Remove a whole scratch space, as far as that is possible, when nobody uses it any more."""
    with suppress(OSError):
        remove(space, 0, seconds)


def _empty(top: Path, deadline: float) -> None:
    while folders := _unlink_files(top, deadline):
        for each in folders:
            _remove(each, top, 1, deadline)


def _remove(folder: Path, top: Path, depth: int, deadline: float) -> None:
    """Remove a folder. What is nested too deeply for a path or a call is moved up, where its turn will come."""
    for inner in _unlink_files(folder, deadline):
        if depth < _DEEP:
            _remove(inner, top, depth + 1, deadline)
        else:
            inner.chmod(0o700)  # moving a folder changes its `..`
            inner.rename(top / os.urandom(16).hex())
    folder.rmdir()


def _unlink_files(folder: Path, deadline: float) -> list[Path]:
    """Remove what is not a folder; give the folders."""
    folder.chmod(0o700)
    folders = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if time.monotonic() > deadline:
                raise TimeoutError("the scratch folder holds too much to be removed in time")
            if entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            else:
                Path(entry.path).unlink()
    return folders


@contextmanager
def _acting_as(user: int) -> Iterator[None]:
    """For a while, file access is the child's own: the zygote needs no capability that overrides permissions."""
    if not user:
        yield
        return
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
