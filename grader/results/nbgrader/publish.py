"""Shows results in an nbgrader course: a graded notebook for each learner, and scores and comments in the gradebook.

Like every other rendering it is made from the store, and made anew each time: a kill at any moment loses nothing that
the next run does not write.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.core.assignment import Assignment, Course
from grader.core.errors import NbgraderError
from grader.core.records import SubmissionResult
from grader.grading.submission import Entry, Submission, Unread
from grader.results.nbgrader.collected import CollectedWork, collected_files
from grader.results.nbgrader.gradebook import NOT_GRADED_YET, Book, GradebookEntry, Mark, marks_of, notes_of
from grader.results.nbgrader.nbgrader_course import CourseFolder, Notebook, check_cell, writes
from grader.results.nbgrader.rebuilt import Rebuilt, from_modules, from_notebook, nothing, with_head

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
