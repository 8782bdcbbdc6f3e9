"""What is released where an assignment has variants: a course for each of them, and who gets which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from pathlib import Path

from grader.collecting.given_variants import COLUMNS
from grader.core.assignment import Assignment, Course
from grader.core.errors import ReleaseError
from grader.core.variants import drawn_variant, same_learner
from grader.derived.derived_files import write_stubs
from grader.derived.sealing import seal_mistakes
from grader.derived.variant_course import VariantCourse, variant_course
from grader.results.data_files import csv_lines, safe_cell
from grader.results.export.roster import Roster


def courses_to_release(
    root: Path, course: Course, assignments: Sequence[Assignment]
) -> list[AbstractContextManager[VariantCourse]]:
    """A course for each variant, with all that is generated; one, where there are none. Raises `ReleaseError` where
    several assignments have variants: archives would have to be made for each variant of one with each of another."""
    varied = [each for each in assignments if each.variants]
    if len(varied) > 1:
        names = ", ".join(each.id for each in varied)
        raise ReleaseError(f"Several assignments have variants: {names}. Release one at a time, with --assignment.")
    chosen = varied[0] if varied else assignments[0]
    return [_to_release(root, course, chosen, name, assignments) for name in chosen.variants or ("",)]


@contextmanager
def _to_release(
    root: Path, course: Course, assignment: Assignment, name: str, assignments: Sequence[Assignment]
) -> Iterator[VariantCourse]:
    with variant_course(root, course, assignment, name, to_release=assignments) as made:
        if not made.is_first:
            write_stubs(made.root, made.assignment)
            # In a process of its own: Python keeps one variant's checks under the names that another's have as well.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                process.submit(seal_mistakes, made.root, made.assignment).result()
        yield made


def who_gets_which(course: Course, assignment: Assignment, roster: Roster, given: Mapping[str, str]) -> str:
    """The text of `variants.csv`: a line for each learner of the roster; `given` says who has another one than is
    drawn."""
    names = [person.student for person in roster.people]
    rows = [
        [safe_cell(name), given.get(same_learner(name)) or drawn_variant(course.id, assignment, name)] for name in names
    ]
    return "".join(csv_lines([list(COLUMNS), *rows]))
