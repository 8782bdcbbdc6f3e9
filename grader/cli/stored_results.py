"""The folder of an earlier grading, as commands open it: to change what people decided, or to read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.core.assignment import find_assignment
from grader.core.errors import ResultsError, did_you_mean
from grader.course.load import load_course
from grader.results.current_reports import CurrentReports
from grader.results.reports import write_all_reports
from grader.results.store import FILE, ResultStore, snapshot


def open_results(out: Path) -> ResultStore:
    """The store in `out`.

    Raises `ResultsError` when there is none, naming a folder beside it that has results and is called almost the same,
    and when it can't be used: in use by a grading, damaged, of a newer version.
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


def renderer(root: Path, store: ResultStore, out: Path) -> Callable[[str], list[str]]:
    """Writes the reports after a decision on a learner, or on several where none is named, and says which; made first,
    so that a course that can't be read stops everything before. Pages of others are written where they were not up to
    date before.

    A grading that was stopped on its way has no reports yet, and gets none: half a class must not look like a whole.
    """
    course = load_course(root)
    assignment = find_assignment(course, store.key.assignment)
    reports = CurrentReports(out, store.path, course, assignment)
    were_current = bool(reports.files())

    def render(student: str) -> list[str]:
        if not (out / "results.jsonl").exists():
            return [f"The grading in {out} has not ended yet: the reports come with `grade --resume`."]
        files = write_all_reports(out, store, course, assignment, [student] if student and were_current else None)
        reports.note(files)
        return ["Rewritten:", *(f"  {file}" for file in files)]

    return render
