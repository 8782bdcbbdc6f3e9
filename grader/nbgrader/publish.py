"""Shows results in an nbgrader course: a graded notebook for each learner, and scores and comments in the gradebook.

Like every other rendering it is made from the store, and made anew each time: a kill at any moment loses nothing that
the next run does not write.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.cells.build import grade_ids
from grader.cells.not_read import NotReadError
from grader.cells.notebook import read_cells
from grader.collect import Submission, read_entry
from grader.collect.files import read_file
from grader.collect.submission import Unread
from grader.course.model import Assignment, Course
from grader.errors import NbgraderError
from grader.nbgrader.comments import NOT_GRADED_YET, Mark, marks_of, notes_of
from grader.nbgrader.convention import check_cell
from grader.nbgrader.definitions import defining_cell
from grader.nbgrader.folder import CourseFolder, Notebook, writes
from grader.nbgrader.gradebook import Book, Written
from grader.nbgrader.handed_in import HandedIn, nbgrader_files
from grader.nbgrader.rebuilt import Rebuilt, from_modules, from_notebook, language_of, nothing, with_head
from grader.records import SubmissionResult

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")


@dataclass(frozen=True)
class Published:
    """What is in the gradebook now of one learner, and what was wrong with what was handed in.

    `waiting` are the exercises that could not be graded, `others` the cells that only a person can grade.
    """

    student: str
    written: Written
    problems: tuple[str, ...]
    waiting: tuple[str, ...]
    others: tuple[str, ...]
    is_old: bool = False  # handed in anew since it was graded: nothing counts before the next grading


@dataclass(frozen=True)
class Publisher:
    """Publishes the results of one assignment."""

    folder: CourseFolder
    book: Book
    released: Notebook
    course: Course
    assignment: Assignment

    def publish(
        self, results: Iterable[SubmissionResult], handed_in: Mapping[str, HandedIn], digests: Mapping[str, str]
    ) -> Iterator[Published]:
        """Each of these results whose submission is there. `digests` are of what was graded.

        Raises `NbgraderError` when a file or the gradebook can't be written.
        """
        for result in results:
            if result.student in handed_in:
                yield self._publish(result, handed_in[result.student], digests.get(result.student))

    def _publish(self, result: SubmissionResult, handed_in: HandedIn, digest: str | None) -> Published:
        entry = handed_in.entry
        read = entry if isinstance(entry, Unread) else read_entry(entry, self.assignment)
        if digest and read.digest != digest:
            marks = [Mark(exercise, None, NOT_GRADED_YET) for exercise in self.assignment.exercises]
            written = self.book.write(result.student, marks, (), handed_in.at)
            return self._published(result.student, written, (), is_old=True)
        rebuilt = self._rebuilt(read, handed_in)
        problems = [*rebuilt.problems, *([handed_in.time_problem] if handed_in.time_problem else [])]
        notes = [*notes_of(result, self.course, self.assignment), *problems]
        self._write_files(result.student, with_head(rebuilt.notebook, _title(read), notes), handed_in)
        marks = marks_of(result, self.course, self.assignment)
        written = self.book.write(result.student, marks, rebuilt.unanswered, handed_in.at)
        return self._published(result.student, written, tuple(problems))

    def _published(
        self, student: str, written: Written, problems: tuple[str, ...], *, is_old: bool = False
    ) -> Published:
        cells = {check_cell(exercise): exercise for exercise in self.assignment.exercises}
        waiting = tuple(exercise for cell, exercise in cells.items() if cell in written.waiting)
        others = tuple(cell for cell in written.waiting if cell not in cells)
        return Published(student, written, problems, waiting, others, is_old)

    def _rebuilt(self, read: Submission | Unread, handed_in: HandedIn) -> Rebuilt:
        if isinstance(read, Unread):
            return nothing(self.released)
        if handed_in.notebook is None:
            return from_modules(read.modules, self.released, self.assignment)
        limits = self.assignment.limits
        try:
            data = read_file(handed_in.notebook, limits.notebook_bytes)
            cells = read_cells(
                data, handed_in.notebook.name, limits.module_bytes, frozenset(grade_ids(self.assignment))
            )
        except NotReadError:  # it has gone since
            return nothing(self.released)
        graded = {}
        for exercise in self.assignment.exercises.values():
            module = read.modules.get(exercise.module)
            number = defining_cell(module, exercise.function) if module else None
            if number:
                graded[exercise.id] = number
        return from_notebook(cells, graded, language_of(data), self.released, self.assignment)

    def _write_files(self, student: str, notebook: Notebook, handed_in: HandedIn) -> None:
        """The folder is made beside its place and moved there: nothing of an earlier grading stays in it."""
        place = self.folder.autograded(student, self.assignment.id)
        new = place.with_name(f".{place.name}.new")
        mode = 0o664 if self.folder.group_shared else 0o444
        try:
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(parents=True)
            (new / f"{self.book.notebook}.ipynb").write_text(writes(notebook) + "\n", encoding="utf-8")
            for name, data in nbgrader_files(handed_in):
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
        return "What was handed in was not graded. Below is the notebook as it was handed out."
    return "About this submission"
