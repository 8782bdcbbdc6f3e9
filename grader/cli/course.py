"""`python -m grader course`: read course.toml, check it, and show what it says."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.course import Assignment, load_course
from grader.words import points


@click.command("course")
@click.pass_obj
def course_command(root: Path) -> None:
    """Check course.toml and show the course: assignments, exercises, points and limits."""
    course = load_course(root)
    console = Console()
    console.print(f"{course.name} ({course.id})", highlight=False)
    for assignment in course.assignments.values():
        console.print(_table(assignment))
        limits = assignment.limits
        console.print(
            f"Limits: {limits.exercise_seconds:g} s an exercise, {limits.submission_seconds:g} s a submission, "
            f"{limits.memory_mb} MB. Devices: {', '.join(assignment.devices)}.",
            highlight=False,
        )
    console.print("course.toml is in order.", highlight=False)


def _table(assignment: Assignment) -> Table:
    due = f", due {assignment.due:%Y-%m-%d %H:%M}" if assignment.due else ""
    title = f"{assignment.title} ({assignment.id}): {points(assignment.points)} points{due}"
    table = Table("exercise", "title", "module", "points", "needs", title=title, title_justify="left")
    for exercise in assignment.exercises.values():
        needs = ", ".join(exercise.needs)
        table.add_row(exercise.id, exercise.title, exercise.module, points(exercise.points), needs)
    return table
