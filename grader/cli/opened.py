"""The results that an earlier grading left in a folder, opened for a command that needs no submissions."""

from __future__ import annotations

from pathlib import Path

from grader.errors import ResultsError, did_you_mean
from grader.store import ResultStore
from grader.store.results import FILE


def open_results(out: Path) -> ResultStore:
    """The store in `out`.

    Raises `ResultsError` when there is none, naming a folder beside it that has results and is called almost the same,
    and when it can't be used: in use by a grading, damaged, of another version.
    """
    if not (out / FILE).exists():
        raise ResultsError(
            f'There are no results in "{out}" ({FILE}). Give the --out of an earlier grading.'
            f"{did_you_mean(out.name, _with_results(out.absolute().parent))}"
        )
    return ResultStore.reopen(out)


def _with_results(folder: Path) -> list[str]:
    try:
        return sorted(each.parent.name for each in folder.glob(f"*/{FILE}"))
    except OSError:
        return []
