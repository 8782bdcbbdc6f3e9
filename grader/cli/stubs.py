"""`python -m grader stubs`: what learners get, made from the reference solutions and the lesson's text."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course import Assignment, find_assignment, load_course
from grader.diagnosis.sealing import out_of_date, seal_mistakes
from grader.errors import ReleaseError
from grader.release import StubFile, check_stubs, reset_exercise, write_stubs


@click.command("stubs")
@click.option("--assignment", "wanted", metavar="ID", help="Only this assignment.  [default: all of them]")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is out of date or shows a solution.")
@click.option("--reset", "exercise", metavar="EXERCISE", help="Put only this exercise back to its stub, with a backup.")
@click.option("--force", is_flag=True, help="Overwrite files that somebody has worked in, too, with a backup.")
@click.pass_obj
def stubs_command(root: Path, wanted: str | None, check: bool, exercise: str | None, force: bool) -> int:
    """Regenerate the stubs in exercises/ from the solutions, and notebook and page from the lesson's text.

    A file that somebody has changed is left as it is, unless --force is given; then a backup is kept beside it.
    """
    if sum((check, force, exercise is not None)) > 1:
        raise click.UsageError("--check, --reset and --force can't be combined.")
    course = load_course(root)
    if exercise is not None:
        _tell(root, reset_exercise(root, find_assignment(course, wanted), exercise))
        return 0
    chosen = [find_assignment(course, wanted)] if wanted else list(course.assignments.values())
    if check:
        return _check(root, chosen)
    kept = False
    for assignment in chosen:
        for file in write_stubs(root, assignment, force=force):
            _tell(root, file)
            kept = kept or file.fate == "kept"
        sealed = seal_mistakes(root, assignment)
        if sealed:
            click.echo(f"written: {sealed.relative_to(root)}")
    if kept:
        click.echo("Somebody has worked in these. --force overwrites them and keeps a backup.")
    return 1 if kept else 0


def _check(root: Path, assignments: list[Assignment]) -> int:
    problems = [sentence for assignment in assignments for sentence in check_stubs(root, assignment)]
    problems += filter(None, (out_of_date(root, assignment) for assignment in assignments))
    if problems:
        raise ReleaseError("\n".join(problems))
    click.echo("The stubs are what the solutions give, and show none of them.")
    return 0


def _tell(root: Path, file: StubFile) -> None:
    backup = f" (the old one is in {file.backup.name})" if file.backup else ""
    click.echo(f"{file.fate}: {file.path.relative_to(root)}{backup}")
