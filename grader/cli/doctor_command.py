"""`grader doctor` and `grader check`: what this machine can enforce, and whether course.toml is in order."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from grader.core.assignment import Assignment, for_all_variants
from grader.core.due_dates import due_words
from grader.core.errors import CourseError
from grader.core.labels import parameter_words, points
from grader.course.hints import hint_problems
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
    click.echo(f"{course.name} ({course.id})")
    for assignment in course.assignments.values():
        click.echo(f"\n{_heading(assignment, course.time_zone)}")
        for line in _exercises(for_all_variants(assignment)):
            click.echo(line)
        for name, parameters in (assignment.variants or {}).items():
            words = parameter_words([name], parameters)
            click.echo(f"  V{words[1:]}")
        limits = assignment.limits
        click.echo(
            f"  Limits: {limits.exercise_seconds:g} s an exercise, {limits.submission_seconds:g} s a submission, "
            f"{limits.memory_mb} MB. Devices: {', '.join(assignment.devices)}."
        )
    if wanting := [sentence for assignment in course.assignments.values() for sentence in hint_problems(assignment)]:
        click.echo("\nThe audit will ask for more:\n" + "\n".join(wanting))
    click.echo("\ncourse.toml is in order.")


def _heading(assignment: Assignment, zone: str | None) -> str:
    due = f", due {due_words(assignment.due, zone)}" if assignment.due else ""
    return f"{assignment.title} ({assignment.id}): {points(assignment.points)} points{due}"


def _exercises(assignment: Assignment) -> Iterator[str]:
    """A line for each module, and below it one for each of its exercises."""
    every = assignment.exercises.values()
    width = max(len(exercise.id) for exercise in every)
    worth = max(len(points(exercise.points)) for exercise in every)
    for module, of_module in assignment.modules.items():
        yield f"  {of_module.title} ({module}.py)"
        for exercise in every:
            if exercise.module == module:
                needs = f"; needs {', '.join(exercise.needs)}" if exercise.needs else ""
                yield f"    {exercise.id:<{width}}  {points(exercise.points):>{worth}}  {exercise.title}{needs}"
