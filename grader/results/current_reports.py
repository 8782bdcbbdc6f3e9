"""Whether the reports in an output folder are those of its results, so that none has to be written again."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader import __version__
from grader.core.assignment import Assignment, Course
from grader.core.errors import ResultsError
from grader.core.files import write_report

_NOTE = ".reports.json"


class CurrentReports:
    """What is noted of the reports in `folder`, which were made of its `database`, a course and this kit.

    A file counts as it was when its size and its time of change are. The database is never opened here: closing it
    would give up the lock of whoever has it open.
    """

    def __init__(self, folder: Path, database: Path, course: Course, assignment: Assignment) -> None:
        self._folder = folder
        self._database = database
        told = json.dumps([__version__, assignment.id, asdict(course)], default=str)
        self._made_of = hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()

    def files(self) -> list[Path]:
        """The reports, as `write_reports` gave them; none if any of them has to be written again."""
        try:
            noted = json.loads((self._folder / _NOTE).read_text("utf-8"))
            names = [str(name) for name in noted["reports"]]
            is_as_noted = noted == self._state(names)
        except (OSError, ValueError, TypeError, KeyError):
            return []
        return [self._folder / name for name in names] if is_as_noted else []

    def note(self, reports: Sequence[Path]) -> None:
        """These were written just now. Where that can't be noted, they are written again the next time."""
        with contextlib.suppress(OSError, ResultsError):
            names = [path.name for path in reports]
            write_report(self._folder / _NOTE, [json.dumps(self._state(names))], durable=False)

    def _state(self, names: list[str]) -> dict[str, Any]:
        """Raises `OSError` where a file is missing."""
        files = {path.relative_to(self._folder).as_posix(): _seen(path) for path in self._each(names)}
        return {"of": self._made_of, "database": _seen(self._database), "reports": names, "files": files}

    def _each(self, names: Iterable[str]) -> Iterator[Path]:
        for name in names:
            path = self._folder / name
            yield from sorted(path.iterdir()) if path.is_dir() else [path]


def _seen(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
