"""`grader export`: results, and our grader itself, for other systems."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import get_args

import click

from grader.cli import RenamedOptions
from grader.cli.stored_results import snapshot_of
from grader.core.assignment import Assignment, Course, find_assignment, for_all_variants
from grader.core.errors import ExportError, did_you_mean
from grader.core.files import replace_file, write_report
from grader.core.labels import counted, joined
from grader.core.sanitize import sanitized
from grader.course.load import load_course
from grader.results.class_page import Links, write_class_page
from grader.results.data_files import csv_lines
from grader.results.export.deployments import Settings, Visibility, autograder_archive, write_workflow
from grader.results.export.exported import LeftOut, left_out_path, match, standing_of, write_left_out
from grader.results.export.formats import FORMATS, Done, Job, write_export
from grader.results.export.gradebook_files import Column, course_rows
from grader.results.export.roster import Roster
from grader.results.export.roster_file import read_roster
from grader.results.export.variant_roster import checked_variants, variants_by_address
from grader.results.nbgrader import course_config
from grader.results.reports import page_names


class _Formats(click.Group):
    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The format that was typed. Raises `click.UsageError` with all of them when there is no such one."""
        if arguments and arguments[0] not in self.commands and not arguments[0].startswith("-"):
            near = did_you_mean(arguments[0], list(self.commands))
            context.fail(f"There is no format '{arguments[0]}': expected {', '.join(self.commands)}.{near}")
        return super().resolve_command(context, arguments)


@click.group("export", cls=_Formats, context_settings={"max_content_width": 100})
def export_command() -> None:
    """Write the results of a grading for another system, or what makes another system grade with this kit.

    \b
    python -m grader export canvas --results results --out canvas.csv

    --roster is a CSV file whose first line names its columns: `student`, the entry's name in the folder of
    submissions, and any of name, email, login, sis_id, canvas_id, idnumber, github, section. A gradebook that Canvas
    exported will do as well. Without one, the entry's name is taken for the login.

    Whoever is only in the roster, or only in the results, or has no final points is listed on the terminal and in a
    file beside the export (left-out.csv). Points that a person set count. The results are only read.
    """


_FORMATS = {
    "canvas": "A gradebook for Gradebook > Import in Canvas: a file.",
    "moodle": "Grades and feedback for Grades > Import > CSV file in Moodle: a file.",
    "gradescope": "A results.json for each learner: a folder.",
    "github-classroom": "A result for each learner, as JSON and as base64: a folder.",
    "csv": "Everything on one line for each learner, for a spreadsheet or your own programs: a file.",
    "junit": "JUnit XML for a CI system: a file.",
}


def _format_command(format: str, summary: str) -> click.Command:
    """The command that exports in one of the formats."""

    @click.command(format, help=summary)
    @click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
    @click.option("--out", required=True, type=click.Path(path_type=Path), help="The file or folder to write.")
    @click.option("--roster", type=click.Path(path_type=Path), help="Who the learners are there, as CSV.")
    @click.option(
        "--column", metavar="TEXT", help="What the points' column is called, where there is one.  [default: the title]"
    )
    @click.pass_obj
    def command(root: Path, results: Path, out: Path, roster: Path | None, column: str | None) -> int:
        return _export(root, format, results, out, roster, column)

    return command


for _name, _summary in _FORMATS.items():
    export_command.add_command(_format_command(_name, _summary))


@export_command.command("gradebook")
@click.option(
    "--results",
    "folders",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="The --out of a grading; once for each assignment.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The CSV file to write.")
@click.option("--roster", type=click.Path(path_type=Path), help="Who the learners are, as CSV.")
@click.pass_obj
def _gradebook_command(root: Path, folders: tuple[Path, ...], out: Path, roster: Path | None) -> int:
    """Join the results of several assignments: a line for each learner, with the points of each and their sum.

    \b
    python -m grader export gradebook --results results/one --results results/two --out course.csv

    What is not final, or was not handed in, is left empty; the column without_points names it. Whoever has handed in
    something that is not final has no sum yet.
    """
    course = load_course(root.resolve())
    people = read_roster(roster) if roster else None
    columns: dict[str, tuple[Path, Column]] = {}
    for folder in folders:
        with snapshot_of(folder) as store:
            assignment = find_assignment(course, store.key.assignment)
            scores = {each.student: each.final_score if each.is_final else None for each in store.results()}
        if assignment.id in columns:
            raise ExportError(f"{columns[assignment.id][0]} and {folder} both have results of {assignment.id}.")
        columns[assignment.id] = folder, Column(assignment.id, assignment.points, scores)
    ordered = [columns[id][1] for id in course.assignments if id in columns]
    students = sorted({student for column in ordered for student in column.scores})
    matching = match(students, people)
    left_out = matching.left_out()
    write_report(out, csv_lines(course_rows(ordered, matching, left_out)))
    write_left_out(left_out_path(out, is_folder=False), left_out)
    learners = "1 learner" if len(students) == 1 else f"{len(students)} learners"
    click.echo(f"{out}: a gradebook of {joined([column.assignment for column in ordered])}, with {learners}.")
    for line in left_out_lines("Without points somewhere", left_out):
        click.echo(line)
    if left_out:
        click.echo(f"They are listed in {left_out_path(out, is_folder=False)}.")
    return 0


@export_command.command("class-page")
@click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The HTML file to write.")
@click.option("--anonymous", is_flag=True, help="Leave out everything of learners, to show the page in class.")
@click.pass_obj
def _class_page_command(root: Path, results: Path, out: Path, anonymous: bool) -> int:
    """Write the class at a glance, as class.html has it, to another file.

    \b
    python -m grader export class-page --anonymous --results results --out class-for-all.html

    With --anonymous it can be shown in class: it has no names, links, commands or code of learners, and groups of fewer
    than three learners are joined with others or left out.
    """
    course = load_course(root.resolve())
    with snapshot_of(results) as store:
        assignment = find_assignment(course, store.key.assignment)
        feedback, source = (os.path.relpath(results / name, out.parent) for name in ("feedback", "source"))
        names = page_names(store.students())
        with_source = {student for student, name in names.items() if (results / "source" / f"{name}.html").exists()}
        links = Links(str(results), feedback, names, source, with_source)
        missing = store.without_work()
        write_class_page(
            out, store.results, course, for_all_variants(assignment), links, anonymous=anonymous, without_work=missing
        )
    click.echo(f"written: {out}")
    if not anonymous:
        click.echo("It names learners and quotes their code: it is for instructors only.")
    return 0


@export_command.command("classroom-workflow")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The starter repository.")
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one or the course's]")
@click.option(
    "--extra-index-url", "index", default="", metavar="URL", help="One more place where pip looks for packages."
)
@click.pass_obj
def _classroom_command(root: Path, out: Path, wanted: str | None, index: str) -> int:
    """Write .github/workflows/classroom.yml into the repository that learners of GitHub Classroom start from.

    At each push it runs the visible self-check of the assignment and reports its points. Hidden checks stay with you:
    the grade comes from `grade`, over the repositories that you collect.
    """
    course = load_course(root.resolve())
    path = write_workflow(out, find_assignment(course, wanted), index)
    click.echo(f"written: {path}")
    click.echo("The points that it reports are those of the visible self-check, and no grade.")
    return 0


@export_command.command("gradescope-autograder", cls=RenamedOptions, renamed={"--trusted": "--sandbox none"})
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The archive to write.")
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one or the course's]")
@click.option(
    "--visibility",
    type=click.Choice(get_args(Visibility)),
    default="visible",
    show_default=True,
    help="When learners see points and feedback.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["kernel", "none"]),
    default="kernel",
    show_default=True,
    help="The least that is accepted; with `none`, grade also where Gradescope's machine can't provide the sandbox.",
)
@click.option(
    "--extra-index-url", "index", default="", metavar="URL", help="One more place where pip looks for packages."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="Of an assignment with variants: who the learners are, with their e-mail addresses, as CSV.",
)
@click.pass_obj
def _gradescope_command(
    root: Path, out: Path, wanted: str | None, visibility: Visibility, sandbox: str, index: str, roster: Path | None
) -> int:
    """Make the archive that turns this grader into Gradescope's autograder of an assignment.

    It holds the kit, the course with its solutions and hidden checks, and the versions of all packages that are
    installed here. Upload it on the page Configure Autograder. The same course gives the same bytes.

    In Gradescope's container the best level of isolation that works is used, and the autograder's output names it.
    Where none does, nothing is graded, and the output says what `doctor` would say; with --sandbox none it is graded
    there all the same, with the layers that work, and every result says so.
    """
    course = load_course(root.resolve())
    assignment = find_assignment(course, wanted)
    known, variants = _variants_by_address(course, assignment, roster)
    settings = Settings(assignment=assignment.id, visibility=visibility, trusted=sandbox == "none", variants=variants)
    data = autograder_archive(root.resolve(), assignment, settings, index)
    replace_file(out, data)
    click.echo(f"{out}: the autograder of {assignment.id}, {len(data) / 1e6:.1f} MB.")
    click.echo("It holds solutions and hidden checks. Upload it to Gradescope, and give it to nobody else.")
    if variants:
        click.echo(f"It knows the variants of {counted(len(variants), 'learner')} by their e-mail addresses.")
    if known.ignored:
        click.echo(_ignored_words(known))
    without = [person.student for person in known.people if not person.email]
    if without:
        click.echo("\n".join(left_out_lines("Not known there", [LeftOut(name, _NO_ADDRESS) for name in without])))
    return 0


_NO_ADDRESS = "the roster has no email; Gradescope would not grade them"


def _variants_by_address(course: Course, assignment: Assignment, path: Path | None) -> tuple[Roster, dict[str, str]]:
    """The roster, and who of them has which variant; nothing where the assignment has none. Raises
    `ExportError` where a roster is needed or has no address, or where it is of no use."""
    if not assignment.variants:
        if path:
            raise ExportError(f"--roster {path}: {assignment.id} has no variants. Leave the option out.")
        return Roster(()), {}
    if path is None:
        raise ExportError(
            f"{assignment.id} has variants ({', '.join(assignment.variants)}), and Gradescope knows a learner by an "
            "e-mail address: say with --roster which is whose, in the columns student and email."
        )
    roster = checked_variants(path, assignment, read_roster(path))
    variants = variants_by_address(course, assignment, roster)
    if not variants:
        of_canvas = (
            "" if "student" in roster.named_by else " A gradebook of Canvas has none: make a table student,email."
        )
        raise ExportError(
            f'{path} has no address: expected a column "email", by which Gradescope knows a learner.{of_canvas}'
        )
    return roster, variants


@export_command.command("nbgrader-config")
@click.pass_obj
def _nbgrader_config_command(root: Path) -> int:
    """Print the nbgrader_config.py of this course, to be kept in the folder of its nbgrader course.

    It names the course and its gradebook, says what learners find in place of a solution and how Moodle and Canvas call
    the files of a download, and makes `nbgrader autograde` refuse.
    """
    click.echo(course_config(load_course(root.resolve())), nl=False)
    return 0


_MOST_NAMES = 20


def _export(root: Path, format: str, results: Path, out: Path, roster: Path | None, column: str | None) -> int:
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
    if sanitized(text, 200) != text or text != text.strip() or text.startswith(("=", "+", "-", "@", "'")):
        raise ExportError(
            f'--column "{sanitized(text, 80)}" can\'t head a column: give one line of at most 200 characters.'
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
        lines.append(_ignored_words(job.roster))
    if trusted:
        lines.append(f"{trusted} of them were graded with --sandbox none: their code ran without the sandbox.")
    return lines + left_out_lines("Left out, or without a grade", job.left_out)


def _ignored_words(roster: Roster) -> str:
    return f"The roster has columns that mean nothing here: {', '.join(roster.ignored)}."


def left_out_lines(heading: str, left_out: list[LeftOut]) -> list[str]:
    """The heading with how many there are, and a line for each reason, with the names it holds for."""
    lines = []
    for why, group in groupby(sorted(left_out, key=lambda each: each.why), key=lambda each: each.why):
        names = [sanitized(each.student, 60) for each in group]
        shown = ", ".join(names[:_MOST_NAMES]) + (
            f" and {len(names) - _MOST_NAMES} more" if names[_MOST_NAMES:] else ""
        )
        lines.append(f"  {shown}: {why}{'' if why.endswith(('?', '.')) else '.'}")
    return [f"{heading}: {len(left_out)}.", *lines] if lines else []
