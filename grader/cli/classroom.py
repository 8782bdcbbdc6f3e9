"""`python -m grader classroom`: the workflow with which GitHub Classroom shows the points of the self-check."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course import find_assignment, load_course
from grader.export.classroom_workflow import write_workflow


@click.command("classroom")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The starter repository.")
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one in course.toml]")
@click.option(
    "--extra-index-url", "index", default="", metavar="URL", help="One more place where pip looks for packages."
)
@click.pass_obj
def classroom_command(root: Path, out: Path, wanted: str | None, index: str) -> int:
    """Write .github/workflows/classroom.yml into the repository that learners of GitHub Classroom start from.

    At each push it runs the visible self-check of the assignment and reports its points. Hidden checks stay with you:
    the grade comes from `grade`, over the repositories that you collect.
    """
    course = load_course(root.resolve())
    path = write_workflow(out, find_assignment(course, wanted), index)
    click.echo(f"written: {path}")
    click.echo("The points that it reports are those of the visible self-check, and no grade.")
    return 0
