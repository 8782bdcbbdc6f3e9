"""`grader feedback`: the learners' pages, packed to be returned."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.export_command import left_out_lines
from grader.cli.stored_results import snapshot_of
from grader.core.assignment import find_assignment
from grader.core.errors import ExportError
from grader.core.records import SubmissionResult, SubmissionStatus
from grader.course.load import load_course
from grader.results.export.exported import match, write_left_out
from grader.results.export.feedback_folders import (
    address_folders,
    folders_of,
    pages,
    read_participants,
    refuse_if_taken,
    write_pages,
)
from grader.results.export.roster_file import read_roster
from grader.results.reports import page_names

_CALLED = {
    "learner": "called like the entry in the folder of submissions",
    "email": "called by the e-mail address in the roster",
    "moodle": "called as Moodle wants them",
}


@click.command("feedback")
@click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder, or the .zip, to write.")
@click.option(
    "--by",
    type=click.Choice(list(_CALLED)),
    default="learner",
    show_default=True,
    help="What each learner's folder is called by.",
)
@click.option("--roster", type=click.Path(path_type=Path), help="For email and moodle: who the learners are, as CSV.")
@click.option(
    "--moodle",
    type=click.Path(path_type=Path),
    help="For moodle: the grading worksheet, or the folder of the unpacked download.",
)
@click.pass_obj
def feedback_command(root: Path, results: Path, out: Path, by: str, roster: Path | None, moodle: Path | None) -> int:
    """Pack the feedback pages to return to learners: a folder for each learner, in one folder or ZIP file.

    \b
    python -m grader feedback --results results --out pages.zip
    python -m grader feedback --results results --out pages --by email --roster roster.csv
    python -m grader feedback --results results --out moodle.zip --by moodle --moodle worksheet.csv

    Each folder has feedback.html and feedback.txt. With `--by moodle` the ZIP file is what Moodle takes at Upload
    multiple feedback files in a zip. Whoever can't be told apart for sure gets no page, and is listed on the terminal
    and beside the pages (PATH.left-out.csv). Nothing is written over, and the results are only read.
    """
    _see_that_options_fit(by, roster, moodle)
    listed = out.with_name(f"{out.name}.left-out.csv")
    refuse_if_taken(out, listed)
    course = load_course(root.resolve())
    people = read_roster(roster) if roster else None
    participants = read_participants(moodle) if moodle else []
    with snapshot_of(results) as store:
        assignment = find_assignment(course, store.key.assignment)
        students = store.students()
        matching = match(students, people)
        left_out = matching.left_out()
        if by == "email":
            folders = address_folders(matching.people, left_out)
        elif by == "moodle":
            folders = folders_of(matching.people, matching.without_result, participants, left_out)
        else:
            folders = page_names(students)
        if not folders:
            said = ["There is no page to return, and nothing was written.", *left_out_lines("Left out", left_out)]
            raise ExportError("\n".join(said))
        files = pages(store.results(), folders, course, assignment)
        unfinished = sum(_failed_on_our_side(result) for result in store.results() if result.student in folders)
    write_pages(out, files)
    click.echo(f"{out}: the pages of {_learners(len(folders))}, in folders {_CALLED[by]}.")
    if unfinished:
        click.echo(f"{_learners(unfinished)} of these: not graded in full, because of a failure on our side.")
    for line in left_out_lines("Left out", left_out):
        click.echo(line)
    if left_out:
        write_left_out(listed, left_out)
        click.echo(f"They are listed in {listed}.")
    return 0


def _see_that_options_fit(by: str, roster: Path | None, moodle: Path | None) -> None:
    """Raises `click.UsageError` for what is missing, and for what would be ignored."""
    if by == "email" and roster is None:
        raise click.UsageError("--by email needs --roster, which says who has which address.")
    if by == "moodle" and moodle is None:
        raise click.UsageError(
            "--by moodle needs --moodle: the grading worksheet, or the folder of the unpacked download."
        )
    if by != "moodle" and moodle is not None:
        raise click.UsageError(f"--moodle means nothing with --by {by}. Did you mean --by moodle?")
    if by == "learner" and roster is not None:
        raise click.UsageError("--roster means nothing with --by learner. Did you mean --by email?")


def _failed_on_our_side(result: SubmissionResult) -> bool:
    """Whether what isn't final comes of us, so that the page says so, too."""
    return not result.is_final and result.status in (SubmissionStatus.GRADED, SubmissionStatus.GRADER_ERROR)


def _learners(number: int) -> str:
    return "1 learner" if number == 1 else f"{number} learners"
