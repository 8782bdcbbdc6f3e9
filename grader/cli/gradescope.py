"""`python -m grader gradescope`: our grader as an autograder that can be uploaded to Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from grader.course import find_assignment, load_course
from grader.export.autograder_archive import autograder_archive
from grader.export.autograder_settings import Settings
from grader.export.gradescope import Visibility
from grader.release.files import replace_file


@click.command("gradescope")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The archive to write.")
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one in course.toml]")
@click.option(
    "--visibility",
    type=click.Choice(get_args(Visibility)),
    default="visible",
    show_default=True,
    help="When learners see points and feedback.",
)
@click.option("--trusted", is_flag=True, help="Grade also where learners' code can't be shut in well enough.")
@click.option(
    "--extra-index-url", "index", default="", metavar="URL", help="One more place where pip looks for packages."
)
@click.pass_obj
def gradescope_command(
    root: Path, out: Path, wanted: str | None, visibility: Visibility, trusted: bool, index: str
) -> int:
    """Make the archive that turns this grader into Gradescope's autograder of an assignment.

    It holds the kit, the course with its solutions and hidden checks, and the versions of all packages that are
    installed here. Upload it on the page Configure Autograder. The same course gives the same bytes.

    In Gradescope's container the best level of isolation that works is used, and the autograder's output names it.
    Where none does, nothing is graded, and the output says what `doctor` would say; with --trusted it is graded there
    all the same, with the layers that work, and every result says so.
    """
    course = load_course(root.resolve())
    assignment = find_assignment(course, wanted)
    settings = Settings(assignment=assignment.id, visibility=visibility, trusted=trusted)
    data = autograder_archive(root.resolve(), assignment, settings, index)
    replace_file(out, data)
    click.echo(f"{out}: the autograder of {assignment.id}, {len(data) / 1e6:.1f} MB.")
    click.echo("It holds solutions and hidden checks. Upload it to Gradescope, and hand it to nobody.")
    return 0
