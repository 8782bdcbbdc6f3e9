"""The results that an earlier grading left in a folder, opened for a command that needs no submissions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.errors import ResultsError, did_you_mean
from grader.store import ResultStore, snapshot
from grader.store.results import FILE


def open_results(out: Path) -> ResultStore:
    """The store in `out`.

    Raises `ResultsError` when there is none, naming a folder beside it that has results and is called almost the same,
    and when it can't be used: in use by a grading, damaged, of another version.
    """
    _see_that_it_is_there(out)
    return ResultStore.reopen(out)


@contextmanager
def snapshot_of(out: Path) -> Iterator[ResultStore]:
    """The results in `out` as they are now, to read from. Raises `ResultsError` like `open_results`, and when the
    grading has not ended: half a class must not look like a whole one."""
    _see_that_it_is_there(out)
    with snapshot(out) as store:
        if not (out / "results.jsonl").exists():
            raise ResultsError(f"The grading in {out} has not ended yet. Go on with `grade --resume`, then export.")
        yield store


def _see_that_it_is_there(out: Path) -> None:
    if not (out / FILE).exists():
        raise ResultsError(
            f'There are no results in "{out}" ({FILE}). Give the --out of an earlier grading.'
            f"{did_you_mean(out.name, _with_results(out.absolute().parent))}"
        )


def _with_results(folder: Path) -> list[str]:
    try:
        return sorted(each.parent.name for each in folder.glob(f"*/{FILE}"))
    except OSError:
        return []
