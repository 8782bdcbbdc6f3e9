"""Brings a database that an earlier version of the kit wrote up to the schema of this one."""

from __future__ import annotations

from sqlalchemy import Connection

from grader.store.schema import SCHEMA_VERSION, overrides

_FIRST = 1


def migrate(connection: Connection, version: int) -> int:
    """The version that the database has afterwards: this kit's, or the one that it came with where no way leads here.

    Runs in the caller's transaction: killed in the middle, the database is what it was.
    """
    if version != _FIRST:
        return version
    overrides.create(connection)
    connection.exec_driver_sql("ALTER TABLE submissions ADD COLUMN trusted INTEGER DEFAULT '0' NOT NULL")
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    return SCHEMA_VERSION
