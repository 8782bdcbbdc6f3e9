"""The tables of `results.db`: a row per batch, submission, exercise and check, and per decision of a person."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

# Raised by one whenever a table changes; kept in the file as `PRAGMA user_version`.
SCHEMA_VERSION = 2


class AnyText(TypeDecorator[str]):
    """Any Python string, exactly: what UTF-8 can't hold (a lone surrogate) is kept as bytes instead of text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | bytes | None:  # noqa: ARG002
        """Text as it is stored."""
        if value is None:
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode(errors="surrogatepass")
        return value

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Text as it was given."""
        return value.decode(errors="surrogatepass") if isinstance(value, bytes) else value


metadata = MetaData()

batch = Table(
    "batch",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("assignment", AnyText, nullable=False),
    Column("seed", AnyText, nullable=False),  # as text: a seed may have more than 64 bits
    Column("device", AnyText, nullable=False),
    Column("checks_digest", AnyText, nullable=False),
    Column("kit_version", AnyText, nullable=False),
    Column("begun", AnyText, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("student", AnyText, primary_key=True),
    Column("status", AnyText, nullable=False),
    Column("note", AnyText, nullable=False),
    Column("digest", AnyText, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("trusted", Integer, nullable=False, server_default="0"),  # 1: graded without being shut in
)

exercises = Table(
    "exercises",
    metadata,
    Column("student", AnyText, ForeignKey("submissions.student", ondelete="CASCADE"), primary_key=True),
    Column("id", AnyText, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("status", AnyText, nullable=False),
    Column("score", Float, nullable=False),
    Column("max_score", Float, nullable=False),
    Column("misconception", AnyText),
    Column("summary", AnyText),  # null: there is no finding
    Column("facts", AnyText, nullable=False),  # JSON: [[label, text], ...]
    Column("hint", AnyText, nullable=False),
    Column("advice", AnyText, nullable=False),  # JSON: [text, ...]
)

checks = Table(
    "checks",
    metadata,
    Column("student", AnyText, primary_key=True),
    Column("exercise", AnyText, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("id", AnyText, nullable=False),
    Column("status", AnyText, nullable=False),
    Column("points", Float, nullable=False),
    Column("max_points", Float, nullable=False),
    ForeignKeyConstraint(["student", "exercise"], ["exercises.student", "exercises.id"], ondelete="CASCADE"),
)

# Rows are only ever added: the latest of an exercise counts, and those before it are the history. A learner who is gone
# takes no row along, so there is no foreign key.
overrides = Table(
    "overrides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student", AnyText, nullable=False),
    Column("exercise", AnyText, nullable=False),
    Column("points", Float),  # null: taken back
    Column("reason", AnyText, nullable=False),
    Column("by", AnyText, nullable=False),
    Column("at", AnyText, nullable=False),
    Column("checks_gave", Float, nullable=False),  # at that moment
)
