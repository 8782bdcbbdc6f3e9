"""`python -m grader export`: the results of a grading, in the form that another system reads."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from grader.cli.opened import snapshot_of
from grader.course import find_assignment, load_course
from grader.errors import ExportError
from grader.export.formats import FORMATS, Done, Job, write_export
from grader.export.left_out import left_out_path, write_left_out
from grader.export.matching import LeftOut, match
from grader.export.roster_file import read_roster
from grader.export.standing import standing_of
from grader.inert import inert

_MOST_NAMES = 20


@click.command("export")
@click.argument("format", type=click.Choice(list(FORMATS)), metavar="FORMAT")
@click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file or folder to write.")
@click.option("--roster", type=click.Path(path_type=Path), help="Who the learners are there, as CSV.")
@click.option(
    "--column", metavar="TEXT", help="canvas, moodle: what the points' column is called.  [default: assignment's title]"
)
@click.pass_obj
def export_command(root: Path, format: str, results: Path, out: Path, roster: Path | None, column: str | None) -> int:
    """Write the results of a grading for another system.

    \b
    FORMAT            --out is   for
    canvas            a file     Gradebook > Import in Canvas
    moodle            a file     Grades > Import > CSV file in Moodle
    gradescope        a folder   a results.json for each learner
    github-classroom  a folder   a result for each learner, as JSON and as base64
    csv               a file     a spreadsheet, or your own programs
    junit             a file     a CI system

    --roster is a CSV file whose first line names its columns: `student`, the entry's name in the folder of
    submissions, and any of name, email, login, sis_id, canvas_id, idnumber, github, section. A gradebook that Canvas
    exported will do as well. Without one, the entry's name is taken for the login.

    Whoever is only in the roster, or only in the results, or has no final points is listed on the terminal and in a
    file beside the export (left-out.csv). Points that a person set count. The results are only read.
    """
    course = load_course(root.resolve())
    people = read_roster(roster) if roster else None
    with snapshot_of(results) as store:
        assignment = find_assignment(course, store.key.assignment)
        students = store.students()
        job = Job(
            standings=lambda: (standing_of(result, course, assignment) for result in store.results()),
            students=students,
            matching=match(students, people),
            roster=people,
            assignment=assignment,
            column=_heading(column or assignment.title),
            begun=store.begun(),
        )
        done = write_export(format, job, out)
        trusted = sum(result.trusted for result in store.results())
    listed = left_out_path(out, is_folder=FORMATS[format].is_folder)
    write_left_out(listed, job.left_out)
    for line in _told(format, out, done, job, trusted):
        click.echo(line)
    if job.left_out:
        click.echo(f"They are listed in {listed}.")
    return 0


def _heading(text: str) -> str:
    if inert(text, 200) != text or text != text.strip() or text.startswith(("=", "+", "-", "@", "'")):
        raise ExportError(
            f'--column "{inert(text, 80)}" can\'t head a column: give one line of at most 200 characters.'
        )
    return text


def _told(format: str, out: Path, done: Done, job: Job, trusted: int) -> list[str]:
    learners = "1 learner" if done.learners == 1 else f"{done.learners} learners"
    lines = [f"{out}: {FORMATS[format].title}, with {learners}."]
    if done.matched_by:
        lines.append(f"They are matched by {done.matched_by}.")
    if job.roster is None and format in ("canvas", "moodle"):
        lines.append("Without a roster, the name of each entry is taken for the login.")
    if job.roster and job.roster.ignored:
        lines.append(f"The roster has columns that mean nothing here: {', '.join(job.roster.ignored)}.")
    if trusted:
        lines.append(f"{trusted} of them were graded with --trusted: their code was run without being shut in.")
    return lines + _groups(job.left_out)


def _groups(left_out: list[LeftOut]) -> list[str]:
    """One line for each reason, with the names it holds for."""
    lines = []
    for why, group in groupby(sorted(left_out, key=lambda each: each.why), key=lambda each: each.why):
        names = [inert(each.student, 60) for each in group]
        shown = ", ".join(names[:_MOST_NAMES]) + (
            f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
        )
        lines.append(f"  {shown}: {why}{'' if why.endswith('?') else '.'}")
    return [f"Left out, or without a grade: {len(left_out)}.", *lines] if lines else []
