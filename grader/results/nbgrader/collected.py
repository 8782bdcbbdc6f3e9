"""What was collected of each learner: what of it counts, and when it was handed in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc  # type: ignore[import-untyped]

from grader.core.assignment import Assignment
from grader.core.errors import CollectError
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.grading.collect import Folder, FoundEntries, read_bytes_of
from grader.grading.submission import Entry, Unread
from grader.reading.folders import is_hidden
from grader.results.nbgrader.nbgrader_course import CourseFolder

TIMESTAMP = "timestamp.txt"
# Written by `nbgrader submit`: when it was handed in, and what its learner fetches the feedback with.
NBGRADER_FILES = (TIMESTAMP, "submission_secret.txt")
_LONGEST_FILE = 1000
_DEEPEST = 4  # folders around folders, as archives of folders make them


@dataclass(frozen=True)
class CollectedWork:
    """One learner's submission. `notebook` is its file, when that is what counts; `at` is UTC.

    `time_problem` says why there is no time although there is a file of it.
    """

    entry: Entry | Unread
    folder: Path
    notebook: Path | None = None
    at: datetime | None = None
    time_problem: str = ""


def collected(folder: CourseFolder, assignment: Assignment) -> tuple[FoundEntries, dict[str, CollectedWork]]:
    """Everybody's submission of the assignment, by learner, and the same as entries to grade.

    Raises `CollectError` when nobody's was collected.
    """
    released = _Released(folder.released(assignment.id), assignment)
    every: dict[str, CollectedWork] = {}
    strays: list[str] = []
    for student in folder.students(assignment.id):
        if _storable(student):
            every[student] = _of(student, folder.submitted(student, assignment.id), released, assignment)
        else:
            strays.append(sanitized(student, 80))
    if not every:
        place = folder.submitted("*", assignment.id)
        raise CollectError(
            f"There are no submissions in {place}. Collect them with `nbgrader collect {assignment.id}` or "
            f"`nbgrader zip_collect {assignment.id}`."
        )
    return FoundEntries(tuple(each.entry for each in every.values()), tuple(strays)), every


class _Released:
    """What learners got: not their own work, as long as it is as they got it."""

    def __init__(self, folder: Path, assignment: Assignment) -> None:
        self.modules = {f"{module}.py": b"" for module in assignment.modules}
        self.limit = assignment.limits.module_bytes
        try:
            names = {each.name for each in folder.iterdir()}
        except OSError:
            names = set()
        for name in self.modules:
            with contextlib.suppress(NotReadError):
                self.modules[name] = read_bytes_of(folder / name, self.limit)
        own = {name for name in names if name in self.modules or name.lower().endswith(".ipynb")}
        self.others = frozenset(names - own)

    def has(self, folder: Folder, name: str) -> bool:
        """Whether this module is as it was handed out."""
        try:
            return bool(self.modules[name]) and folder.read(name, self.limit) == self.modules[name]
        except NotReadError:
            return False


def _of(student: str, path: Path, released: _Released, assignment: Assignment) -> CollectedWork:
    at, time_problem = _time(path / TIMESTAMP)
    if path.parent.is_symlink():
        note = "The learner's folder is a symbolic link. Collect the files themselves."
        return CollectedWork(Unread(student, SubmissionStatus.REFUSED, note), path)
    always = released.others.union(NBGRADER_FILES)
    try:
        within, folder = _unwrapped(path, always, assignment.limits.folder_files)
    except NotReadError:
        return CollectedWork(Entry(student, path), path, at=at, time_problem=time_problem)  # whoever grades it says why
    own = [name for name in folder.names() if name not in always]
    modules = [name for name in own if name in released.modules]
    # Learners who write modules get the notebook, and learners who write the notebook may get modules, untouched.
    untouched = modules if all(released.has(folder, name) for name in modules) else []
    aside = always.union(untouched)
    notebooks = [name for name in own if name.lower().endswith(".ipynb") and name not in folder.folders()]
    name = f"{assignment.id}.ipynb"
    chosen = name if name in notebooks else notebooks[0] if len(notebooks) == 1 else ""
    entry = Entry(student, within, chosen, aside)
    counts = chosen if len(untouched) == len(modules) else ""
    return CollectedWork(entry, path, within / counts if counts else None, at, time_problem)


def _unwrapped(path: Path, aside: frozenset[str], most: int) -> tuple[Path, Folder]:
    """The innermost folder, where folders hold nothing but one folder each."""
    folder = Folder(path, most)
    for _ in range(_DEEPEST):
        names = [name for name in folder.names() if name not in aside]
        if len(names) != 1 or names != [name for name in folder.folders() if name in names]:
            break
        path, folder = path / names[0], folder.inside(names[0])
    return path, folder


def _time(path: Path) -> tuple[datetime | None, str]:
    if not os.path.lexists(path):
        return None, ""
    problem = f"{TIMESTAMP} can't be read, so it is unknown whether it was late."
    try:
        text = read_bytes_of(path, _LONGEST_FILE).decode().strip()
        return (parse_utc(text).replace(tzinfo=UTC), "") if text else (None, problem)
    except (NotReadError, ValueError, OverflowError):
        return None, problem


def _storable(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return not is_hidden(name)


def collected_files(handed_in: CollectedWork) -> Iterator[tuple[str, bytes]]:
    """The files that nbgrader wants to find beside a graded notebook, as they were handed in."""
    for name in NBGRADER_FILES:
        with contextlib.suppress(NotReadError):
            yield name, read_bytes_of(handed_in.folder / name, _LONGEST_FILE)
