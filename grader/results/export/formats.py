"""The formats that results can be exported in, and what each of them writes.

JUnit XML is valid by both schemas that are in use: junit-10.xsd of Jenkins's xUnit plugin, and JUnit.xsd of
windyroad/JUnit-Schema (Apache Ant). The latter is the stricter one, and asks for times: records have none, so they are
0.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.core.assignment import Assignment
from grader.core.errors import ExportError
from grader.core.files import write_report
from grader.core.records import ExerciseResult, ExerciseStatus, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.results.data_files import LATENESS, csv_lines, late_cells, safe_cell
from grader.results.export.deployments import gradescope_json, gradescope_result
from grader.results.export.exported import ExportedResult, LeftOut, Matching, part_text
from grader.results.export.gradebook_files import (
    IDENTIFIED_BY,
    IDS,
    canvas_rows,
    column_name,
    identifying_column,
    moodle_rows,
    plain_rows,
)
from grader.results.export.roster import Roster, points
from grader.results.reports import page_names
from grader.selfcheck.classroom_result import Status, Test, classroom_result, encoded

INDEX = "files.csv"


def write_folder(folder: Path, files: Iterable[tuple[str, Mapping[str, str]]]) -> int:
    """Writes (student, texts by file name) into `folder`, and `files.csv`; gives how many students there were.

    Files that an earlier export listed there and this one doesn't have are removed; all others are left alone. Raises
    `ExportError` for a folder that holds other things, and `ResultsError` when a file can't be written.
    """
    before = _listed(folder)
    rows: list[list[str]] = []
    names: set[str] = set()
    for student, texts in files:
        rows.append([safe_cell(student), *texts])
        names.update(texts)
        for name, text in texts.items():
            write_report(folder / name, [text], durable=False)
    width = max((len(row) for row in rows), default=2) - 1
    header = ["student", "file", *(f"file_{number}" for number in range(2, width + 1))]
    write_report(folder / INDEX, csv_lines([header, *rows]))
    for stale in before - names:
        (folder / stale).unlink(missing_ok=True)
    return len(rows)


def _listed(folder: Path) -> set[str]:
    """The files that an earlier export made; the folder is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / INDEX).open(encoding="utf-8", newline="") as file:
            listed = {name for row in list(csv.reader(file))[1:] for name in row[1:]}
    except FileNotFoundError:
        if any(folder.iterdir()):
            raise ExportError(f"{folder} holds other files. Give a new or empty folder for --out.") from None
        return set()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{folder} can't be used for the export: {error}.") from None
    return {name for name in listed if name and Path(name).name == name and name != INDEX}


# What is not written yet, or not found, is skipped; what we failed at is an error; what earned less is a failure.
_KINDS = {
    ExerciseStatus.PASSED: "",
    ExerciseStatus.TODO: "skipped",
    ExerciseStatus.NOT_FOUND: "skipped",
    ExerciseStatus.GRADER_ERROR: "error",
}


def junit_xml(standings: Iterable[ExportedResult], assignment: str, begun: str) -> Iterator[str]:
    """The file in pieces, one for each submission. `begun` is when the batch was begun, ISO 8601 in UTC."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, standing in enumerate(standings):
        suite = _suite(standing, assignment, begun[:19], number)
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _suite(standing: ExportedResult, assignment: str, begun: str, number: int) -> Element:
    result = standing.result
    suite = Element("testsuite", name=_token(result.student), package=assignment, id=str(number), hostname="localhost")
    properties = SubElement(suite, "properties")
    known = {
        "status": result.status.value,
        "score": points(result.score) if standing.final else "",
        "max_score": points(result.max_score),
        **({} if result.late_penalty is None else dict(zip(LATENESS, late_cells(result), strict=True))),
        **{
            f"points.{e.id}": f"{points(e.score)} of {points(e.max_score)}" if result.counts(e) else ""
            for e in result.exercises
        },
        **({"set_by_a_person": " ".join(e.id for e in result.overridden)} if result.overridden else {}),
        **({"trusted": "yes"} if result.trusted else {}),
    }
    for name, value in known.items():
        SubElement(properties, "property", name=name, value=value)
    kinds = []
    if result.status is not SubmissionStatus.GRADED:
        kinds.append("failure" if standing.final else "error")
        case = SubElement(suite, "testcase", name="what was handed in", classname=assignment, time="0")
        _outcome(case, kinds[-1], result.status.value, standing.opening())
    by_id = {exercise.id: exercise for exercise in result.exercises}
    for part in standing.parts:
        exercise = by_id[part.id]
        kinds.append(_kind(exercise))
        case = SubElement(suite, "testcase", name=exercise.id, classname=assignment, time="0")
        _outcome(case, kinds[-1], exercise.status.value, part_text(part))
    SubElement(suite, "system-out").text = standing.opening()
    SubElement(suite, "system-err").text = ""
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.attrib |= {"tests": str(len(kinds)), **{name: str(kinds.count(kind)) for name, kind in counts.items()}}
    suite.attrib |= {"time": "0", "timestamp": begun}
    return suite


def _kind(exercise: ExerciseResult) -> str:
    return _KINDS.get(exercise.status, "failure")


def _outcome(case: Element, kind: str, status: str, text: str) -> None:
    if kind:
        first = text.split("\n")[1] if "\n" in text else text
        SubElement(case, kind, type=status, message=sanitized(first, 300)).text = text


def _token(name: str) -> str:
    """XML's tokens have no spaces at their ends and no two in a row."""
    return " ".join(sanitized(name, 300).split()) or "(no name)"


_STATUSES: dict[ExerciseStatus, Status] = {ExerciseStatus.PASSED: "pass", ExerciseStatus.GRADER_ERROR: "error"}


def classroom_result_of(standing: ExportedResult) -> dict[str, Any]:
    """A test for each exercise; for what was not graded, one that says why."""
    result = standing.result
    tests = []
    if result.status is not SubmissionStatus.GRADED:
        status: Status = "fail" if standing.final else "error"
        tests.append(Test("what was handed in", status, 0, standing.opening().replace("\n", " ")))
    by_id = {exercise.id: exercise for exercise in result.exercises}
    for part in standing.parts:
        exercise = by_id[part.id]
        said = part.override or part.summary or part.state.words
        said = " ".join((*part.comments, said))
        tests.append(Test(f"{part.id}: {part.title}", _STATUSES.get(exercise.status, "fail"), exercise.score, said))
    return classroom_result(tests, result.max_score)


@dataclass
class Job:
    """What is exported. `standings` gives the results afresh, sorted by student; `left_out` gathers who isn't in it."""

    standings: Callable[[], Iterable[ExportedResult]]
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
        (s.result.student, {f"{names[s.result.student]}.json": gradescope_json(gradescope_result(s))})
        for s in _noted(job)
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
            yield student, {f"{name}.json": gradescope_json(result), f"{name}.b64": encoded(result) + "\n"}

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
    has_lateness = any(standing.result.late_penalty is not None for standing in job.standings())
    rows = plain_rows(_noted(job), job.matching, job.assignment, has_lateness=has_lateness)
    return Done(_write(out, rows) - 1 - len(job.matching.without_result))


def _junit(job: Job, out: Path) -> Done:
    count = _Counted(junit_xml(_noted(job), job.assignment.id, job.begun))
    write_report(out, count)
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


def _noted(job: Job) -> Iterator[ExportedResult]:
    """Each result; that its points are not final is noted, and is said in what is written, too."""
    for standing in job.standings():
        if not standing.final:
            job.left_out.append(LeftOut(standing.result.student, f"there, {_without(standing)}"))
        yield standing


def _without(standing: ExportedResult) -> str:
    return standing.why_no_points.replace("no final points", "without final points")


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
    write_report(out, lines)
    return lines.number
