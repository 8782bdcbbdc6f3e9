"""`grader nbgrader`: the submissions of an nbgrader course in, scores and comments in its gradebook out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import RenamedOptions
from grader.cli.batch_options import RENAMED_OPTIONS, Options, batch_options
from grader.cli.grade_command import Handed, grade_batch, lies_outside, resuming
from grader.cli.interruptions import signals_deferred
from grader.core.assignment import Assignment, Course
from grader.core.errors import CourseError, MissingPackage
from grader.core.labels import points
from grader.core.sanitize import sanitized
from grader.grading.process import GradingPlan
from grader.results.nbgrader import nbgrader_is_installed
from grader.results.store import ResultStore

if TYPE_CHECKING:
    from grader.results.nbgrader.course_work import Published
    from grader.results.nbgrader.gradebook import Book

_MOST_LINES = 60


@click.command("nbgrader", cls=RenamedOptions, renamed=RENAMED_OPTIONS)
@click.argument("course_dir", type=click.Path(path_type=Path))
@batch_options
@click.pass_obj
def nbgrader_command(root: Path, /, course_dir: Path, **given: object) -> int:
    """Grade what was collected into an nbgrader course, in place of `nbgrader autograde`.

    \b
    nbgrader collect ID                                   or zip_collect, for files from an LMS
    python -m grader nbgrader COURSE_DIR --out results
    nbgrader generate_feedback ID                         and export, release_feedback, the formgrader

    Reads COURSE_DIR/submitted, and writes graded notebooks to COURSE_DIR/autograded, and scores, comments and late
    penalties to the gradebook. Learners' code runs nowhere but in our sandbox. Points and comments that were given by
    hand in the formgrader stay. What could not be graded has no points, and waits there for a person.

    The files in --out are those of `grade`, where nobody is late. With --resume, only what has no result yet or has
    changed is graded, and the gradebook is brought up to date for all.
    """
    if not nbgrader_is_installed():
        raise MissingPackage.of(ModuleNotFoundError(name="nbgrader"))
    options = Options(**given)  # type: ignore[arg-type]
    with contextlib.ExitStack() as opened:
        return grade_batch(root, options, lambda course, one: _handed(course_dir, options, course, one, opened))


def _handed(
    course_dir: Path, options: Options, course: Course, assignment: Assignment, opened: contextlib.ExitStack
) -> Handed:
    if assignment.variants:
        raise CourseError(
            f"{assignment.id} has variants ({', '.join(assignment.variants)}), and nbgrader gives the same to "
            "everybody. Use `release` and `grade`."
        )
    # Here and not above, so that the other commands start as fast as they do, and work without nbgrader.
    from grader.grading.reader_client import Reader
    from grader.results.nbgrader.course_work import Publisher, collected
    from grader.results.nbgrader.gradebook import Book
    from grader.results.nbgrader.nbgrader_course import open_folder, read_released
    from grader.sandbox.host.zygote_client import Zygote

    folder = open_folder(course_dir)
    book = opened.enter_context(Book(folder, assignment))
    released = read_released(folder, assignment.id, book.notebook)
    found, every = collected(folder, assignment)
    lies_outside(options.out, folder.submissions, "the folder of submissions")

    def end(store: ResultStore, plan: GradingPlan) -> Sequence[str]:
        with Zygote(plan.isolation, assignment.limits, hide=plan.hide, only_reads=True) as zygote:
            read = Reader(zygote, assignment, cells=True).read
            publisher = Publisher(folder, book, released, course, assignment, read)
            published = publisher.publish(store.results(), every, store.done())
            return list(_lines(_one_at_a_time(published), book, assignment))

    return Handed(found, (folder.root,), resuming("nbgrader", course_dir, options), book.begin, end)


def _one_at_a_time(published: Iterator[Published]) -> Iterator[Published]:
    while True:
        with signals_deferred():
            one = next(published, None)
        if one is None:
            return
        yield one


def _lines(published: Iterable[Published], book: Book, assignment: Assignment) -> Iterator[str]:
    every = list(published)
    yield ""
    yield f"Written to {book.shown}: {_submissions(len(every))}."
    if book.due_before:
        yield (
            f"It had {book.due_before:%Y-%m-%d %H:%M} UTC as the due date, and has that of course.toml now: "
            f"{assignment.due:%Y-%m-%d %H:%M %Z}."
        )
    lines = [f"  {sanitized(one.student, 60)}: {said}" for one in every for said in _said(one, assignment)]
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"  … and {len(lines) - _MOST_LINES} more, which the graded notebooks say at their top."
    for_a_person = [one for one in every if one.others]
    if for_a_person:
        cells = ", ".join(sorted({cell for one in for_a_person for cell in one.others}))
        yield f"Only a person can grade {cells}, of {_submissions(len(for_a_person))}."
    yield f"Next: `nbgrader generate_feedback {assignment.id} --force`, `nbgrader export`, or the formgrader."


def _said(one: Published, assignment: Assignment) -> Iterator[str]:
    written = one.written
    if one.is_old:
        yield "has changed since it was graded, and counts as not graded. --resume grades it."
        return
    if one.waiting:
        what = "everything" if len(one.waiting) == len(assignment.exercises) > 1 else ", ".join(one.waiting)
        yield f"waits for a person: {what}"
    if written.penalty:
        yield f"{written.hours_late:.1f} hours late, {points(written.penalty)} of {points(written.score)} points off"
    yield from one.problems


def _submissions(count: int) -> str:
    return "1 submission" if count == 1 else f"{count} submissions"
