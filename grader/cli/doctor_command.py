"""`grader doctor` and `grader check`: what this machine can enforce, and whether course.toml is in order."""

from __future__ import annotations

import textwrap
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.core.assignment import Assignment, for_all_variants
from grader.core.errors import CourseError
from grader.core.labels import parameter_words, points
from grader.course.load import load_course
from grader.derived.variant_course import unresolved
from grader.sandbox.host.machine import LEVELS, Layer, isolation_of, require_linux, try_layers, why_no_gpu

TOO_LITTLE = 1


@click.command("doctor")
@click.option(
    "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True, help="The device to grade on."
)
def doctor_command(device: str) -> int:
    """Try every layer of the sandbox on this machine, and say what is missing and how to get it.

    \b
    The levels:
      full     bubblewrap and seccomp work: the default wherever that is possible
      kernel   Landlock and seccomp work: the least that `grade` accepts
      none     less than that: `grade` refuses, unless you say --sandbox none

    Ends with status 0 when submissions can be graded here, 1 when they can't.
    """
    require_linux()
    console = Console(highlight=False)
    layers = try_layers(cuda=device == "cuda")
    console.print(_layers_table(layers))
    for layer in layers:
        if not layer.works:
            console.print()
            console.print(textwrap.fill(f"{layer.name}: {layer.why_not}", console.width - 1), markup=False)
    level = isolation_of(layers).level
    console.print()
    console.print(f"Level: {level}. {LEVELS[level]}", markup=False, soft_wrap=True)
    enough = level != "none"
    if not enough:
        console.print("`grade` runs here only with --sandbox none.", markup=False)
    if device == "cuda" and (reason := why_no_gpu()):
        console.print(f"No GPU can be used: {reason}", markup=False)
        enough = False
    return 0 if enough else TOO_LITTLE


def _layers_table(layers: list[Layer]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Layer")
    table.add_column("Works")
    table.add_column("Stops")
    for layer in layers:
        table.add_row(layer.name, "yes" if layer.works else "no", layer.stops)
    return table


@click.command("check")
@click.pass_obj
def check_command(root: Path) -> None:
    """Check course.toml and show the course: assignments, exercises, points, limits and variants."""
    course = load_course(root)
    if problems := [
        sentence for assignment in course.assignments.values() for sentence in unresolved(root, assignment)
    ]:
        raise CourseError("\n".join(problems))
    console = Console()
    console.print(f"{course.name} ({course.id})", highlight=False)
    for assignment in course.assignments.values():
        console.print(_exercise_table(for_all_variants(assignment)))
        for name, parameters in (assignment.variants or {}).items():
            words = parameter_words([name], parameters)
            console.print(f"V{words[1:]}", highlight=False, markup=False, soft_wrap=True)
        limits = assignment.limits
        console.print(
            f"Limits: {limits.exercise_seconds:g} s an exercise, {limits.submission_seconds:g} s a submission, "
            f"{limits.memory_mb} MB. Devices: {', '.join(assignment.devices)}.",
            highlight=False,
        )
    console.print("course.toml is in order.", highlight=False)


def _exercise_table(assignment: Assignment) -> Table:
    due = f", due {assignment.due:%Y-%m-%d %H:%M}" if assignment.due else ""
    title = f"{assignment.title} ({assignment.id}): {points(assignment.points)} points{due}"
    table = Table("exercise", "title", "module", "points", "needs", title=title, title_justify="left")
    for exercise in assignment.exercises.values():
        needs = ", ".join(exercise.needs)
        table.add_row(exercise.id, exercise.title, exercise.module, points(exercise.points), needs)
    return table
