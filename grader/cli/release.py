"""`python -m grader release`: the archives that are handed out, and a listing of what is in them."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.output import say_error
from grader.course import find_assignment, load_course
from grader.errors import ReleaseError
from grader.handout import make_handout, write_handout
from grader.handout.handout import UNAUDITED

_ROOMS = ("exercises", "solutions", "docs", "grader")


@click.command("release")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the archives go.")
@click.option("--assignment", "wanted", metavar="ID", help="Only this assignment.  [default: all of them]")
@click.option("--unaudited", is_flag=True, help="Leave out the audit, which takes a minute or more.")
@click.pass_obj
def release_command(root: Path, out: Path, wanted: str | None, unaudited: bool) -> int:
    """Make the archive for learners, the nbgrader course, and a listing of what is in them.

    Refuses, and writes nothing, when a stub, notebook, page or sealed mistake is out of date, when the audit finds
    something, or when a solution, a hidden check or a known mistake is found in anything that a learner gets. The same
    course gives the same bytes.
    """
    root = root.resolve()
    course = load_course(root)
    chosen = [find_assignment(course, wanted)] if wanted else list(course.assignments.values())
    for room in _ROOMS:
        if out.resolve().is_relative_to(root / room):
            raise ReleaseError(f'"{out}" lies in the course\'s folder {room}: choose an --out outside of it.')
    handout = make_handout(root, course, chosen, audit=not unaudited, progress=lambda what: say_error(f"{what} …"))
    write_handout(handout, out)
    for archive in handout.archives:
        click.echo(f"{out / archive.name}: {len(archive.files)} files, {len(archive.data) / 1e6:.1f} MB.")
        click.echo(f"  {archive.audience}")
    click.echo(f"{out / 'contents.txt'}: what is in them, and who may have it.")
    for note in handout.notes[1:]:
        if note == UNAUDITED:
            say_error(f"Warning: {note}")
        else:
            click.echo(note)
    return 0
