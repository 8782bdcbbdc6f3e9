"""An nbgrader course's submissions in, and results out.

Of what was collected of each learner it is found what counts, and when it was handed in. Results are shown as a graded
notebook for each learner, and as scores and comments in the gradebook. Like every other rendering they are made from
the store, and made anew each time: a kill at any moment loses nothing that the next run does not write.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc  # type: ignore[import-untyped]

from grader.core.assignment import Assignment, Course
from grader.core.errors import CollectError, NbgraderError
from grader.core.records import NotReadError, SubmissionResult, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.grading.collect import Folder, FoundEntries, read_bytes_of
from grader.grading.submission import Entry, Submission, Unread
from grader.reading.folders import is_hidden
from grader.results.nbgrader.gradebook import NOT_GRADED_YET, Book, GradebookEntry, Mark, marks_of, notes_of
from grader.results.nbgrader.nbgrader_course import CourseFolder, Notebook, check_cell, writes
from grader.results.nbgrader.rebuilt import Rebuilt, from_modules, from_notebook, nothing, with_head

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
            every[student] = _work_of(student, folder.submitted(student, assignment.id), released, assignment)
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


def _work_of(student: str, path: Path, released: _Released, assignment: Assignment) -> CollectedWork:
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


_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


@dataclass(frozen=True)
class Published:
    """What is in the gradebook now of one learner, and what was wrong with what was handed in.

    `waiting` are the exercises that could not be graded, `others` the cells that only a person can grade.
    """

    student: str
    written: GradebookEntry
    problems: tuple[str, ...]
    waiting: tuple[str, ...]
    others: tuple[str, ...]
    is_old: bool = False  # handed in anew since it was graded: nothing counts before the next grading


@dataclass(frozen=True)
class Publisher:
    """Publishes the results of one assignment. `read` reads an entry, in another process, with a notebook's cells."""

    folder: CourseFolder
    book: Book
    released: Notebook
    course: Course
    assignment: Assignment
    read: Callable[[Entry], Submission | Unread]

    def publish(
        self, results: Iterable[SubmissionResult], handed_in: Mapping[str, CollectedWork], digests: Mapping[str, str]
    ) -> Iterator[Published]:
        """Each of these results whose submission is there. `digests` are of what was graded.

        Raises `NbgraderError` when a file or the gradebook can't be written.
        """
        for result in results:
            if result.student in handed_in:
                yield self._publish(result, handed_in[result.student], digests.get(result.student))

    def _publish(self, result: SubmissionResult, handed_in: CollectedWork, digest: str | None) -> Published:
        entry = handed_in.entry
        read = entry if isinstance(entry, Unread) else self.read(entry)
        if digest and read.digest != digest:
            marks = [Mark(exercise, None, NOT_GRADED_YET) for exercise in self.assignment.exercises]
            written = self.book.write(result.student, marks, (), handed_in.at)
            return self._published(result.student, written, (), is_old=True)
        rebuilt = self._rebuilt(read)
        problems = [*rebuilt.problems, *([handed_in.time_problem] if handed_in.time_problem else [])]
        notes = [*notes_of(result, self.course, self.assignment), *problems]
        self._write_files(result.student, with_head(rebuilt.notebook, _title(read), notes), handed_in)
        marks = marks_of(result, self.course, self.assignment)
        written = self.book.write(result.student, marks, rebuilt.unanswered, handed_in.at)
        return self._published(result.student, written, tuple(problems))

    def _published(
        self, student: str, written: GradebookEntry, problems: tuple[str, ...], *, is_old: bool = False
    ) -> Published:
        cells = {check_cell(exercise): exercise for exercise in self.assignment.exercises}
        waiting = tuple(exercise for cell, exercise in cells.items() if cell in written.waiting)
        others = tuple(cell for cell in written.waiting if cell not in cells)
        return Published(student, written, problems, waiting, others, is_old)

    def _rebuilt(self, read: Submission | Unread) -> Rebuilt:
        if isinstance(read, Unread):
            return nothing(self.released)
        if not read.reading.cells:
            return from_modules(read, self.released, self.assignment)
        graded = {id: cell for id in self.assignment.exercises if (cell := read.cell_of(id))}
        return from_notebook(read.reading.cells, graded, read.reading.language, self.released, self.assignment)

    def _write_files(self, student: str, notebook: Notebook, handed_in: CollectedWork) -> None:
        """The folder is made beside its place and moved there: nothing of an earlier grading stays in it."""
        place = self.folder.autograded(student, self.assignment.id)
        new = place.with_name(f".{place.name}.new")
        mode = 0o664 if self.folder.group_shared else 0o444
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            (new / f"{self.book.notebook}.ipynb").write_text(writes(notebook) + "\n", encoding="utf-8")
            for name, data in collected_files(handed_in):
                (new / name).write_bytes(data)
            for picture in self._pictures():
                target = new / picture.relative_to(self.folder.released(self.assignment.id))
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(picture, target)
            for path in new.rglob("*"):
                path.chmod(0o775 if path.is_dir() else mode)
            if place.is_dir() and not place.is_symlink():
                shutil.rmtree(place)
            new.rename(place)
        except OSError as error:
            raise NbgraderError(f"{place} can't be written: {error.strerror}.") from error

    def _pictures(self) -> list[Path]:
        """The pictures of the lesson's text, which its pages show."""
        released = self.folder.released(self.assignment.id)
        return [each for each in sorted(released.rglob("*")) if each.suffix.lower() in _PICTURES and each.is_file()]


def _title(read: Submission | Unread) -> str:
    if isinstance(read, Unread):
        return "The submission was not graded. Below is the notebook as it was released."
    return "About this submission"
