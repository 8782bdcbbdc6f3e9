"""One temporary folder for a run: all others that it makes lie in it, and go with it.

It is locked while its run lives. One that a killed run left, because nobody was there any more to remove it, is removed
by the next.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.core.errors import GradingError
from grader.sandbox.inside import home

_PREFIX = "grader-run-"
_PAUSES = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)  # seconds, before each try to remove a folder


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """Make it the place for temporary files of this process and of those that it starts. Raises `GradingError`."""
    with locked_run_folder() as folder:
        before = os.environ.get("TMPDIR")
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = None
            del os.environ["TMPDIR"]
            if before is not None:
                os.environ["TMPDIR"] = before


@contextlib.contextmanager
def locked_run_folder() -> Iterator[Path]:
    """Make it for those that are started with it in `TMPDIR`. Raises `GradingError`."""
    try:
        place = Path(tempfile.gettempdir())
        _sweep(place)
        folder, lock = _made(place)
    except OSError as error:
        why = f"{error.strerror}, {error.filename}" if error.filename else error.strerror
        raise GradingError(f"There is no place for temporary files ({why}). Name one in TMPDIR.") from None
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)


def remove_run_folder() -> None:
    """For a process that outlived the one that made the folder: remove it in its place."""
    folder = Path(tempfile.gettempdir())
    if folder.name.startswith(_PREFIX):
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove it, also where processes that have just been told to end still write to it, or remove what is theirs."""
    for pause in _PAUSES:
        time.sleep(pause)
        home.clear(folder)
        if not folder.exists():
            return


def lock_folder(folder: Path) -> int:
    """Lock a folder of ours; it is free again when this is closed, or its process is gone.

    Raises `BlockingIOError` when another run has the lock.
    """
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _made(place: Path) -> tuple[Path, int]:
    """A new folder, and its lock. Another run may take it for a left one before it is locked: then one more is made."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            lock = lock_folder(folder)
            folder.chmod(0o711)  # learners' processes may be other users, and find their own folders in here
            return folder, lock


def _sweep(place: Path) -> None:
    """Remove the folders of this user's runs that are gone: nobody holds their lock."""
    for folder in place.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                lock = lock_folder(folder)
                home.clear(folder)
                os.close(lock)
