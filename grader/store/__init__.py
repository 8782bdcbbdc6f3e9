"""Results in one SQLite database: `results.db` in the output folder."""

from grader.store.key import BatchKey
from grader.store.results import ResultStore
from grader.store.snapshot import snapshot

__all__ = ["BatchKey", "ResultStore", "snapshot"]
