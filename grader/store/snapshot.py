"""The results as they are at this moment, to read from: nobody else is kept from `results.db` while they are read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from grader.store.database import connect, sentences
from grader.store.key import read_key
from grader.store.results import FILE, ResultStore

_PATIENCE_SECONDS = 1.0


@contextmanager
def snapshot(folder: Path) -> Iterator[ResultStore]:
    """A copy of the store in `folder`, gone at the end. The file itself is read for a moment and never changed.

    Raises `ResultsError` when it can't be read: missing, damaged, of another version, or held by a running grading.
    """
    path = folder / FILE
    with tempfile.TemporaryDirectory(prefix="grader-snapshot-") as place:
        copy = Path(place) / FILE
        with sentences(path):
            _copy(path, copy)
            connection = connect(copy)
            try:
                store = ResultStore(path, connection, read_key(connection, path))
            except BaseException:
                connection.close()
                raise
        with store:
            yield store


def _copy(path: Path, copy: Path) -> None:
    """SQLite's own backup: whole, and with what a killed writer left half done undone."""
    address = f"{path.absolute().as_uri()}?mode=rw"  # not `rwc`: nothing is made where nothing is
    with (
        closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)) as original,
        closing(sqlite3.connect(copy)) as target,
    ):
        # Python's backup waits without end for a lock. This transaction has it before, or says that it can't be had.
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()
        original.backup(target)
