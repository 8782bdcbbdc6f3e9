"""`results.db` as SQLite has it: its tables, one writer, transactions, and sentences about what is wrong with it.

The tables are written as the steps that lead from an empty file to today's tables, so that a new file and one that an
earlier version of the kit wrote end up the same. `PRAGMA user_version` in the file is the number of steps that it has
taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from grader.core.errors import ResultsError

Row = dict[str, Any]

# Long enough for a person who is looking at the file at this moment, short enough to refuse at once.
PATIENCE_SECONDS = 1.0

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


class Database:
    """The only connection to a database, which is made when it does not exist. Nobody else may use it meanwhile.

    Text is any Python string, exactly: what UTF-8 can't hold (a lone surrogate) is kept as bytes instead of text.
    """

    def __init__(self, path: Path, about: Path | None = None) -> None:
        """Open it and take its lock. `about` is the file that sentences name, if it isn't this one."""
        self.path = about or path
        with sentences(self.path):
            self.connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            with sentences(self.path):
                for setting in _SETTINGS:
                    self.connection.execute(setting).fetchall()
            with self.transaction():
                self.connection.execute(_KEEP_THE_LOCK).fetchall()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside is kept, or nothing of it; and what the database says becomes a `ResultsError`."""
        with sentences(self.path):
            self.connection.execute("BEGIN EXCLUSIVE")
            try:
                yield
                self.connection.commit()
            except BaseException:
                self.connection.rollback()
                raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows that a query finds."""
        found = self.connection.execute(query, [_stored(value) for value in values])
        names = [column[0] for column in found.description]
        return [dict(zip(names, _texts(row) if bytes in map(type, row) else row, strict=True)) for row in found]

    def value(self, query: str) -> Any:
        """The first column of the first row that a query finds."""
        return next(iter(self.rows(query)[0].values()))

    def change(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Carry out one statement."""
        self.connection.execute(statement, [_stored(value) for value in values])

    def insert(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Add rows to a table; each has the columns of the first."""
        if rows:
            names = ", ".join(f'"{name}"' for name in rows[0])
            marks = ", ".join("?" * len(rows[0]))
            values = ([_stored(value) for value in row.values()] for row in rows)
            self.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)

    def tables(self) -> set[str]:
        """The names of its tables."""
        return {row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def close(self) -> None:
        """Give the file and its lock back."""
        self.connection.close()


def _stored(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode(errors="surrogatepass")
    return value


def _texts(row: Sequence[Any]) -> list[Any]:
    return [value.decode(errors="surrogatepass") if type(value) is bytes else value for value in row]


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Whatever the database says inside becomes a `ResultsError` about `path`."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ResultsError(_sentence(path, error)) from error


def damaged(path: Path, what: str) -> ResultsError:
    """The error for a file that is not what we wrote."""
    return ResultsError(
        f"{path} is damaged or was not written by this kit ({what}). "
        "Put a good copy in its place, or grade again into another --out."
    )


def _sentence(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return str(damaged(path, "text that can't be read"))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its details
    if code in _BUSY:
        return f"{path} is in use, most likely by another grading. Wait until it has ended, and try again."
    if code in _DAMAGED:
        return str(damaged(path, str(error)))
    return f"{path} can't be used: {error}."


# A step is never changed once a kit with it was released: a change of the tables is another step at the end.
_STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE batch (
            id INTEGER NOT NULL CHECK (id = 1) PRIMARY KEY,
            assignment TEXT NOT NULL,
            seed TEXT NOT NULL,  -- as text: a seed may have more than 64 bits
            device TEXT NOT NULL,
            checks_digest TEXT NOT NULL,
            kit_version TEXT NOT NULL,
            begun TEXT NOT NULL
        )""",
        """CREATE TABLE submissions (
            student TEXT NOT NULL PRIMARY KEY,
            status TEXT NOT NULL,
            note TEXT NOT NULL,
            digest TEXT NOT NULL,
            seconds FLOAT NOT NULL
        )""",
        """CREATE TABLE exercises (
            student TEXT NOT NULL REFERENCES submissions (student) ON DELETE CASCADE,
            id TEXT NOT NULL,
            position INTEGER NOT NULL,
            status TEXT NOT NULL,
            score FLOAT NOT NULL,
            max_score FLOAT NOT NULL,
            misconception TEXT,
            summary TEXT,  -- null: there is no finding
            facts TEXT NOT NULL,  -- JSON: [[label, text], ...]
            hint TEXT NOT NULL,
            advice TEXT NOT NULL,  -- JSON: [text, ...]
            PRIMARY KEY (student, id)
        )""",
        """CREATE TABLE checks (
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,
            position INTEGER NOT NULL,
            id TEXT NOT NULL,
            status TEXT NOT NULL,
            points FLOAT NOT NULL,
            max_points FLOAT NOT NULL,
            PRIMARY KEY (student, exercise, position),
            FOREIGN KEY (student, exercise) REFERENCES exercises (student, id) ON DELETE CASCADE
        )""",
    ),
    (
        # Rows are only ever added: the latest of an exercise counts, and those before it are the history. A learner who
        # is gone takes no row along, so there is no foreign key.
        """CREATE TABLE overrides (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,
            points FLOAT,  -- null: taken back
            reason TEXT NOT NULL,
            "by" TEXT NOT NULL,
            at TEXT NOT NULL,
            checks_gave FLOAT NOT NULL  -- at that moment
        )""",
        "ALTER TABLE submissions ADD COLUMN trusted INTEGER DEFAULT '0' NOT NULL",  # 1: graded without being shut in
    ),
    ("ALTER TABLE exercises ADD COLUMN cause TEXT",),  # JSON: {"by", "module", "line", "says", "cell"}; null: not known
    (
        # What the exercise was graded with (`grader.grading.exercise_keys`); empty: not known.
        "ALTER TABLE exercises ADD COLUMN graded_with TEXT DEFAULT '' NOT NULL",
        # What grading again changed. Rows are only ever added.
        """CREATE TABLE changes (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,
            before FLOAT,  -- null: it had no points, and no 0
            after FLOAT,
            status_before TEXT NOT NULL,
            status_after TEXT NOT NULL,
            checks TEXT NOT NULL,  -- JSON: the names of the checks that found something else
            because TEXT NOT NULL,  -- "checks": what it is graded with; "submission": what was handed in
            at TEXT NOT NULL
        )""",
    ),
    ("ALTER TABLE submissions ADD COLUMN graded_at TEXT DEFAULT '' NOT NULL",),  # ISO 8601, UTC; empty: not known
    (
        # What `collected.csv` says, as of the last grading: also of learners who handed nothing in.
        """CREATE TABLE hand_ins (
            student TEXT NOT NULL PRIMARY KEY,
            members TEXT NOT NULL,  -- JSON: the names of a team, all of them; [] alone
            in_roster INTEGER,  -- null: not known
            time_missing INTEGER NOT NULL,  -- 1: late, and nobody knows when it came
            handed_in TEXT,  -- ISO 8601, UTC; null, like the two below: lateness is not known
            due TEXT,
            share FLOAT  -- of the points, that lateness costs
        )""",
        "ALTER TABLE exercises ADD COLUMN around TEXT",  # JSON: {"first", "lines"}; null: no line is known
        # What it took, and no part of what came out; null: not known.
        "ALTER TABLE exercises ADD COLUMN seconds FLOAT",
        "ALTER TABLE exercises ADD COLUMN of_limit FLOAT",
        "ALTER TABLE exercises ADD COLUMN search_cut INTEGER",  # 1: the search for its cause was ended by time
        # What was graded.
        """CREATE TABLE sources (
            student TEXT NOT NULL REFERENCES submissions (student) ON DELETE CASCADE,
            module TEXT NOT NULL,
            position INTEGER NOT NULL,
            lines TEXT NOT NULL,  -- JSON: [[number, cell or null, text], ...]
            left_out INTEGER NOT NULL,
            PRIMARY KEY (student, position)
        )""",
        # Answers of a class to the same calls (`grader.core.answers`); `before` went on as `after` with other checks.
        """CREATE TABLE groups (
            id TEXT NOT NULL PRIMARY KEY,
            exercise TEXT NOT NULL,
            shows TEXT NOT NULL,
            numbers TEXT NOT NULL
        )""",
        "CREATE INDEX groups_by_shows ON groups (exercise, shows)",
        """CREATE TABLE groups_went_on (
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            PRIMARY KEY (before, after)
        )""",
        "ALTER TABLE exercises ADD COLUMN of_group TEXT DEFAULT '' NOT NULL",  # empty: none, or not known
        # The same for those that are written alike; empty: not known.
        "ALTER TABLE exercises ADD COLUMN written TEXT DEFAULT '' NOT NULL",
        # Rows are only ever added. For a student, a group, or, where both are empty, for everybody.
        """CREATE TABLE comments (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,
            exercise TEXT NOT NULL,  -- empty: the whole submission
            of_group TEXT NOT NULL,
            text TEXT,  -- null: taken back
            "by" TEXT NOT NULL,
            at TEXT NOT NULL
        )""",
        "ALTER TABLE overrides RENAME TO overrides_of_students",
        """CREATE TABLE overrides (
            id INTEGER NOT NULL PRIMARY KEY,
            student TEXT NOT NULL,  -- empty: of the group; where that is empty, too, of everybody
            exercise TEXT NOT NULL,
            points FLOAT,  -- null: taken back
            reason TEXT NOT NULL,
            "by" TEXT NOT NULL,
            at TEXT NOT NULL,
            checks_gave FLOAT,  -- at that moment; null: not the same for all
            of_group TEXT DEFAULT '' NOT NULL
        )""",
        """INSERT INTO overrides (id, student, exercise, points, reason, "by", at, checks_gave)
            SELECT id, student, exercise, points, reason, "by", at, checks_gave FROM overrides_of_students""",
        "DROP TABLE overrides_of_students",
    ),
    ("ALTER TABLE submissions ADD COLUMN variant TEXT DEFAULT '' NOT NULL",),  # as which it was graded; empty: none
)

SCHEMA_VERSION = len(_STEPS)


def version(database: Database) -> int:
    """How many steps the file has taken."""
    return int(database.value("PRAGMA user_version"))


def bring_up_to_date(database: Database) -> None:
    """Take the steps that the file has not taken, in the caller's transaction: killed in the middle, it is as before.

    An empty file has taken none.
    """
    missing = _STEPS[version(database) :]
    for step in missing:
        for statement in step:
            database.change(statement)
    if missing:  # or a disk that is full or read-only would keep a finished grading from being read
        database.change(f"PRAGMA user_version = {SCHEMA_VERSION}")


def copy_file(path: Path, copy: Path) -> None:
    """SQLite's own backup: whole, and with what a killed writer left half done undone."""
    address = f"{path.absolute().as_uri()}?mode=rw"  # not `rwc`: nothing is made where nothing is
    with (
        closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)) as original,
        closing(sqlite3.connect(copy)) as target,
    ):
        # Python's backup waits without end for a lock. This transaction has it before, or says that it can't be had.
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()
        original.backup(target)
