"""`python -m grader nbgrader-config`: how nbgrader is set up for this course."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course import load_course
from grader.nbgrader import course_config


@click.command("nbgrader-config")
@click.pass_obj
def nbgrader_config_command(root: Path) -> int:
    """Print the nbgrader_config.py of this course, to be kept in the folder of its nbgrader course.

    It names the course and its gradebook, says what learners find in place of a solution and how Moodle and Canvas call
    the files of a download, and makes `nbgrader autograde` refuse.
    """
    click.echo(course_config(load_course(root.resolve())), nl=False)
    return 0
