"""The folder of an earlier grading, as commands open it: to change what people decided, or to read from; and whether
the reports in it are those of its results, so that none has to be written again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader import __version__
from grader.core.assignment import Assignment, Course, find_assignment
from grader.core.errors import ResultsError, did_you_mean
from grader.core.files import write_report
from grader.course.load import load_course
from grader.results.reports import write_all_reports
from grader.results.store import FILE, ResultStore, snapshot
from grader.results.summary_table import ClosingWords

_NOTE = ".reports.json"


class CurrentReports:
    """The reports in `folder`, and whether they were those of the results in `store` and of the course when this was
    made: to be made before anything else is stored.

    A file counts as it was when its size and its time of change are. The database's file is never opened here: closing
    it would give up the lock of the store.
    """

    def __init__(self, folder: Path, store: ResultStore, course: Course, assignment: Assignment) -> None:
        self._folder = folder
        self._store = store
        self._course = course
        self._assignment = assignment
        told = json.dumps([__version__, assignment.id, asdict(course)], default=str)
        self._made_of = hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()
        self._were_current, self._said = self._noted()
        self._database_was = _seen(store.path)
        self._class_was = self._class_now()

    def brought_up_to_date(
        self, otherwise: Container[str] | None, closing: Callable[[], ClosingWords | None] = lambda: None
    ) -> list[Path]:
        """The reports as `write_reports` gives them, written where they have to be: `otherwise` are the learners of
        whom something else is stored now, None for all. What `closing` gives is kept with them."""
        if self._are_current():
            return self._were_current
        only = otherwise if self._were_current and self._class_was == self._class_now() else None
        files = write_all_reports(self._folder, self._store, self._course, self._assignment, only)
        self._note(files, closing())
        return files

    def closing_words(self, again: str) -> ClosingWords | None:
        """The words that were kept with the reports, for this command; None when there are none, or the reports have
        to be written again."""
        return self._said if self._said and self._said.again == again and self._are_current() else None

    def _are_current(self) -> bool:
        return bool(self._were_current) and self._database_was == _seen(self._store.path)

    def _class_now(self) -> Any:
        """Who is in the class, which the names of pages hang on, and how everybody handed in."""
        return self._store.students(), self._store.hand_ins()

    def _noted(self) -> tuple[list[Path], ClosingWords | None]:
        """The reports that were written last, and what was kept with them; none if any has to be written again."""
        try:
            noted = json.loads((self._folder / _NOTE).read_text("utf-8"))
            said = noted.pop("closing")
            names = [str(name) for name in noted["reports"]]
            is_as_noted = noted == self._state(names)
            closing = ClosingWords(str(said["again"]), _texts(said["totals"]), _texts(said["needs"])) if said else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return [], None
        return ([self._folder / name for name in names], closing) if is_as_noted else ([], None)

    def _note(self, reports: Sequence[Path], closing: ClosingWords | None) -> None:
        """These were written just now. Where that can't be noted, they are written again the next time."""
        with contextlib.suppress(OSError, ResultsError):
            state = self._state([path.name for path in reports])
            noted = state | {"closing": asdict(closing) if closing else None}
            write_report(self._folder / _NOTE, [json.dumps(noted)], durable=False)

    def _state(self, names: list[str]) -> dict[str, Any]:
        """Raises `OSError` where a file is missing."""
        files = {path.relative_to(self._folder).as_posix(): _seen(path) for path in self._each(names)}
        return {"of": self._made_of, "database": _seen(self._store.path), "reports": names, "files": files}

    def _each(self, names: Iterable[str]) -> Iterator[Path]:
        for name in names:
            path = self._folder / name
            yield from sorted(path.iterdir()) if path.is_dir() else [path]


def _texts(noted: Iterable[object]) -> list[str]:
    return [str(text) for text in noted]


def _seen(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


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
    """Writes the reports after a decision on a learner, or on several where none is named, and says so; made first,
    so that a course that can't be read stops everything before. Pages of others are written where they were not up to
    date before.

    A grading that was stopped on its way has no reports yet, and gets none: half a class must not look like a whole.
    """
    course = load_course(root)
    assignment = find_assignment(course, store.key.assignment)
    reports = CurrentReports(out, store, course, assignment)

    def render(student: str) -> list[str]:
        if not (out / "results.jsonl").exists():
            return [f"The grading in {out} has not ended yet: the reports come with `grade --resume`."]
        try:
            reports.brought_up_to_date([student] if student else None)
        except ResultsError as error:
            kept = f"What you decided is kept in {store.path}, and not all reports have it yet"
            raise ResultsError(f"{error}\n{kept}: fix this, then `grade --resume` writes them.") from error
        return [f"The reports in {out} are rewritten."]

    return render
