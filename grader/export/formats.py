"""The formats that results can be exported in, and what each of them writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.course.model import Assignment
from grader.errors import ExportError
from grader.export.canvas import IDS, canvas_rows, column_name
from grader.export.folder import write_folder
from grader.export.github_classroom import classroom_result_of
from grader.export.gradescope import as_json, gradescope_result
from grader.export.junit import junit_xml
from grader.export.matching import LeftOut, Matching
from grader.export.moodle import IDENTIFIED_BY, identifying_column, moodle_rows
from grader.export.plain_csv import plain_rows
from grader.export.roster import Roster
from grader.export.standing import Standing
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines
from grader.report.page_names import page_names
from grader.selfcheck.classroom_result import encoded


@dataclass
class Job:
    """What is exported. `standings` gives the results afresh, sorted by student; `left_out` gathers who isn't in it."""

    standings: Callable[[], Iterable[Standing]]
    students: list[str]
    matching: Matching
    roster: Roster | None
    assignment: Assignment
    column: str
    begun: str
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Done:
    """How many learners are in what was written, and how the receiver knows them (empty: by the file's name)."""

    learners: int
    matched_by: str = ""


@dataclass(frozen=True)
class Format:
    """One format: whether it is a folder of files, and the function that writes it."""

    title: str
    write: Callable[[Job, Path], Done]
    is_folder: bool = False


def _gradescope(job: Job, out: Path) -> Done:
    names = page_names(job.students)
    texts = (
        (s.result.student, {f"{names[s.result.student]}.json": as_json(gradescope_result(s))}) for s in _noted(job)
    )
    return Done(write_folder(out, texts))


def _classroom(job: Job, out: Path) -> Done:
    people = job.matching.people
    called = {s: people[s].github if s in people and people[s].github else s for s in job.students}
    names = page_names(called.values())

    def files() -> Iterator[tuple[str, dict[str, str]]]:
        for standing in _noted(job):
            student, result = standing.result.student, classroom_result_of(standing)
            name = names[called[student]]
            yield student, {f"{name}.json": as_json(result), f"{name}.b64": encoded(result) + "\n"}

    by = "their GitHub user names" if any(person.github for person in people.values()) else ""
    return Done(write_folder(out, files()), by)


def _canvas(job: Job, out: Path) -> Done:
    column = column_name(job.column, job.roster)
    rows = canvas_rows(job.standings(), job.matching, column, job.assignment.points, job.left_out)
    known = {heading for heading, of in IDS.items() if any(getattr(p, of) for p in job.matching.people.values())}
    by = ", else by ".join(heading for heading in IDS if heading in known)
    return Done(_write(out, rows) - 2, f'{by or "nothing"}, for the column "{column}"')


def _moodle(job: Job, out: Path) -> Done:
    by, mapped_to = IDENTIFIED_BY[identifying_column(job.matching)]
    rows = moodle_rows(job.standings(), job.matching, job.column, job.left_out)
    return Done(_write(out, rows) - 1, f'"{by}" (map it to {mapped_to})')


def _csv(job: Job, out: Path) -> Done:
    rows = plain_rows(_noted(job), job.matching, job.assignment)
    return Done(_write(out, rows) - 1 - len(job.matching.without_result))


def _junit(job: Job, out: Path) -> Done:
    count = _Counted(junit_xml(_noted(job), job.assignment.id, job.begun))
    write_atomically(out, count)
    return Done(count.number - 2)


FORMATS = {
    "gradescope": Format("Gradescope's results.json", _gradescope, is_folder=True),
    "github-classroom": Format("GitHub Classroom's results", _classroom, is_folder=True),
    "canvas": Format("a gradebook for Canvas", _canvas),
    "moodle": Format("grades and feedback for Moodle", _moodle),
    "csv": Format("a plain table", _csv),
    "junit": Format("JUnit XML", _junit),
}


def write_export(name: str, job: Job, out: Path) -> Done:
    """Write `job` in the format of this name to `out`. Raises `ExportError` and `ResultsError`."""
    wanted = FORMATS[name]
    if wanted.is_folder and out.exists() and not out.is_dir():
        raise ExportError(
            f"{out} is a file, and {name} is exported as a file for each learner: give a folder for --out."
        )
    if not wanted.is_folder and out.is_dir():
        raise ExportError(f"{out} is a folder, and {name} is exported as one file: give its name for --out.")
    job.left_out += job.matching.left_out()
    return wanted.write(job, out)


def _noted(job: Job) -> Iterator[Standing]:
    """Each result; that its points are not final is noted, and is said in what is written, too."""
    for standing in job.standings():
        if not standing.final:
            why = "there, without final points, through our own failure: --resume grades again"
            job.left_out.append(LeftOut(standing.result.student, why))
        yield standing


class _Counted:
    """Passes on what an iterable gives, and counts it."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = pieces
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            self.number += 1
            yield piece


def _write(out: Path, rows: Iterable[list[str]]) -> int:
    lines = _Counted(csv_lines(rows))
    write_atomically(out, lines)
    return lines.number
