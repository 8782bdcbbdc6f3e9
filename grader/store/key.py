"""What a batch was graded with, and the row that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from grader.errors import ResultsError
from grader.store.database import damaged
from grader.store.migrate import migrate
from grader.store.schema import SCHEMA_VERSION, batch


@dataclass(frozen=True)
class BatchKey:
    """What a batch was graded with. Results of different keys must not be mixed in one folder."""

    assignment: str
    seed: int
    device: str
    checks_digest: str
    kit_version: str


def read_key(connection: Connection, path: Path) -> BatchKey:
    """Reads what the batch was graded with, having made sure that the file is sound and of our version.

    A file of an earlier version is brought up to ours. Raises `ResultsError` when it is damaged or of another version.
    """
    with connection.begin():
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        tables = inspect(connection).get_table_names()
        if not tables:
            raise ResultsError(f"{path} holds no results to go on with: it is empty. Grade without --resume.")
        if "batch" not in tables:
            raise damaged(path, "it has other tables")
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if verdict != "ok":
            raise damaged(path, str(verdict))
        if migrate(connection, version) != SCHEMA_VERSION:
            raise ResultsError(
                f"{path} was written by another version of the kit (schema {version}, this one has {SCHEMA_VERSION}). "
                "Go on with that version, or grade again into another --out."
            )
        row = connection.execute(select(batch)).mappings().one()
    try:
        return BatchKey(row["assignment"], int(row["seed"]), row["device"], row["checks_digest"], row["kit_version"])
    except ValueError as error:
        raise damaged(path, str(error)) from error


def key_row(key: BatchKey) -> dict[str, str]:
    """The key as columns."""
    return {
        "assignment": key.assignment,
        "seed": str(key.seed),
        "device": key.device,
        "checks_digest": key.checks_digest,
        "kit_version": key.kit_version,
    }
