"""Opens `results.db` for one writer, and says in a sentence what is wrong with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from grader.errors import ResultsError

# Long enough for a person who is looking at the file at this moment, short enough to refuse at once.
_PATIENCE_SECONDS = 1.0

# A rollback journal, not a write-ahead log: with a log, what was graded since the last checkpoint lies in
# results.db-wal, and a person who copies results.db alone after a crash loses it without noticing. Here a commit is in
# results.db when `put` returns. A kill at any moment leaves at most the transaction in flight, half in results.db and
# with its undoing in results.db-journal; the next opening rolls it back.
_SETTINGS = ("PRAGMA foreign_keys = ON", "PRAGMA journal_mode = DELETE", "PRAGMA synchronous = FULL")

# The writer keeps SQLite's own exclusive lock from its first transaction until it closes the file. That is a lock of
# the operating system on results.db itself: no lock file can be left behind, and it is gone when the process is.
_KEEP_THE_LOCK = "PRAGMA locking_mode = EXCLUSIVE"

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(path: Path) -> Connection:
    """The only connection to the database at `path`, which is made when it does not exist. Nobody else may use it."""
    engine = create_engine(
        URL.create("sqlite", database=str(path.absolute())),
        poolclass=NullPool,
        # SQLite's transactions are begun below, not guessed at by the driver.
        connect_args={"isolation_level": None, "timeout": _PATIENCE_SECONDS},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return _locked(engine)


def _locked(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        with connection.begin():
            connection.exec_driver_sql(_KEEP_THE_LOCK)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for setting in _SETTINGS:
        connection.execute(setting).fetchall()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN EXCLUSIVE")


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Whatever the database says inside becomes a `ResultsError` about `path`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise ResultsError(_sentence(path, error)) from error


def damaged(path: Path, what: str) -> ResultsError:
    """The error for a file that is not what we wrote."""
    return ResultsError(
        f"{path} is damaged or was not written by this kit ({what}). "
        "Put a good copy in its place, or grade again into another --out."
    )


def _sentence(path: Path, error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, UnicodeDecodeError):
        return str(damaged(path, "text that can't be read"))
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its details
    if code in _BUSY:
        return f"{path} is in use, most likely by another grading. Wait until it has ended, and try again."
    if code in _DAMAGED:
        return str(damaged(path, str(cause)))
    return f"{path} can't be used: {cause}."
