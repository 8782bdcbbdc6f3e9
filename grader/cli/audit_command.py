"""`grader audit`: grade the grader."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.syntax import Syntax
from rich.table import Table

from grader.audit.audit_report import Count, audit_as_json, audit_page, audited_words, counts, total, tried, verdict
from grader.audit.auditing import SEEDS, Audit, audit
from grader.audit.causes_found import Told, causes_found
from grader.cli import RenamedOptions
from grader.cli.batch_options import cores
from grader.cli.interruptions import open_console
from grader.core.assignment import Assignment, find_assignment
from grader.core.errors import CourseError, did_you_mean
from grader.core.files import write_report
from grader.core.labels import points
from grader.course.load import load_course
from grader.derived.variant_course import VariantCourse, course_to_audit
from grader.sandbox.host.machine import choose_isolation, require_linux

NOT_SOUND = 1
_DESERVED = (
    "How many came out as they should, of how many were tried: right answers given full points, "
    "mistakes rejected, mistakes named, mutants rejected, equivalents confirmed. At home: mistakes that a visible "
    "check shows."
)
_CHECKS = "For each check: how many wrong implementations fail it, and how many of them fail no other."


@click.command("audit", cls=RenamedOptions, renamed={"--exercise": "--only"})
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one or the course's]")
@click.option("--variant", metavar="NAME", help="Audit only this variant.  [default: each, one after the other]")
@click.option("--only", metavar="EXERCISE", multiple=True, help="Audit only this one; may be given more than once.")
@click.option(
    "--seeds", type=click.IntRange(1, 1000), default=SEEDS, show_default=True, help="Number of random seeds to try."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=cores, show_default="cores", help="Number of processes.")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write the audit as JSON."
)
@click.option(
    "--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write the audit as a page."
)
@click.option(
    "--causes",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="Instead, measure how often the cause is found of N mutants and N mistakes of each exercise.",
)
@click.pass_obj
def audit_command(
    root: Path,
    wanted: str | None,
    variant: str | None,
    only: tuple[str, ...],
    seeds: int,
    jobs: int,
    json_file: Path | None,
    html_file: Path | None,
    causes: int | None,
) -> int:
    """Grade the grader: does a lesson give every right answer its points, and no wrong one?

    Tries the reference, the stubs, the misconceptions and right answers, and mutants of the reference on the hidden
    checks. Exits with 1 when the audit fails.
    """
    require_linux()
    course = load_course(root)
    assignment = find_assignment(course, wanted)
    _must_be_exercises(assignment, only)
    console = open_console()
    is_sound = True
    for name in _variants(assignment, variant):
        with course_to_audit(root, course, assignment, name) as made:
            if causes:
                show_causes(console, made.root, made.assignment, causes, only)
                continue
            found = _audited(console, made, only, seeds, jobs)
        show(console, found)
        for file, text in ((json_file, audit_as_json), (html_file, audit_page)):
            if file:
                write_report(file if variant or not name else file.with_stem(f"{file.stem}-{name}"), [text(found)])
        is_sound = is_sound and found.sound
    return 0 if is_sound else NOT_SOUND


def _audited(console: Console, made: VariantCourse, only: tuple[str, ...], seeds: int, jobs: int) -> Audit:
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Trying out", total=None)
        return audit(
            made.root,
            made.assignment,
            exercises=only,
            seeds=seeds,
            jobs=jobs,
            progress=lambda done, all: bar.update(task, completed=done, total=all),
        )


def _variants(assignment: Assignment, wanted: str | None) -> list[str]:
    """The names of those to audit; one that is empty, where there are no variants."""
    known = list(assignment.variants or ())
    if wanted is None:
        return known or [""]
    if wanted not in known:
        has = f"they are {', '.join(known)}" if known else "it has none"
        raise CourseError(
            f'The assignment "{assignment.id}" has no variant "{wanted}"; {has}.{did_you_mean(wanted, known)}'
        )
    return [wanted]


def show_causes(console: Console, root: Path, assignment: Assignment, most: int, only: tuple[str, ...]) -> None:
    """How often the cause is found: a table, and what was told of another line."""
    isolation, _ = choose_isolation(None)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Looking for causes", total=None)
        found = causes_found(
            root,
            assignment,
            isolation,
            most,
            only=only,
            progress=lambda done, all: bar.update(task, completed=done, total=all),
        )
    table = Table("exercise", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("tried", "with a cause", "on the line", "on another", "seconds"):
        table.add_column(title, justify="right")
    for kind, title in ((True, "mutants, without the bank"), (False, "mistakes, each out of the bank")):
        of_kind = [each for each in found if each.is_mutant is kind]
        names = [name for name in assignment.exercises if any(each.exercise == name for each in of_kind)]
        for name, some in [
            *((name, [each for each in of_kind if each.exercise == name]) for name in names),
            (title, of_kind),
        ]:
            if some:
                table.add_row(name, *_cells(some), style="bold" if name == title else None)
    console.print(table)
    for each in found:
        if each.on_line is False or each.named:
            where = f"named {each.named}" if each.named else "told of another line"
            console.print(escape(f"{each.exercise}, {each.what}: {where}. {each.says}"), soft_wrap=True)


def _cells(some: list[Told]) -> list[str]:
    """Counts of these, and the median of their seconds."""
    caused = sum(bool(each.by) for each in some)
    on_line, elsewhere = (sum(each.on_line is value for each in some) for value in (True, False))
    lines = [str(on_line), str(elsewhere)] if some[0].is_mutant else ["", ""]
    return [
        str(len(some)),
        f"{caused} ({caused / len(some):.0%})",
        *lines,
        f"{median(each.seconds for each in some):.2f}",
    ]


def show(console: Console, found: Audit) -> None:
    """All of it on the terminal."""

    def say(text: str) -> None:
        console.print(text, soft_wrap=not console.is_terminal)  # a file is searched, and has no width

    say(f"[bold]{escape(found.assignment.title)}[/] ({audited_words(found)}). {tried(found)}\n")
    say(_DESERVED)
    console.print(_exercises(found))
    say(f"\n{_CHECKS}")
    console.print(_checks(found))
    for number, problem in enumerate(found.problems, start=1):
        sentence, _, diff = problem.partition("\n")
        say(f"\n[red]{number}.[/] {escape(sentence)}")
        if diff:
            console.print(Syntax(diff, "diff", theme="ansi_light", background_color="default", word_wrap=True))
    if found.remarks:
        say("\nWorth a look:")
    for remark in found.remarks:
        say(f"- {escape(remark)}")
    say(f"\n[{'green' if found.sound else 'red'}]{'✓' if found.sound else '✗'}[/] {escape(verdict(found))}")


def _exercises(found: Audit) -> Table:
    table = Table("exercise", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("right answers", "mistakes", "named", "mutants", "equivalents", "at home"):
        table.add_column(title, justify="right")
    each = {name: counts(found, name) for name in found.exercises}
    for name, one in [*each.items(), ("all", total(list(each.values())))]:
        cells = (one.right, one.mistakes, one.named, one.mutants, one.equivalents)
        table.add_row(name, *map(_cell, cells), str(one.at_home))
    return table


def _checks(found: Audit) -> Table:
    table = Table("check", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("points", "fails", "alone"):
        table.add_column(title, justify="right")
    for name in found.exercises:
        for worth in found.worth[name]:
            worthy = points(worth.points) if worth.info.points else f"−{points(worth.points)}"
            row = (f"{name}: {worth.check}", worthy, str(len(worth.fails)), str(len(worth.alone)))
            table.add_row(*row, style=None if worth.fails else "red")
    return table


def _cell(count: Count) -> str:
    return str(count) if count.complete else f"[red]{count}[/]"


def _must_be_exercises(assignment: Assignment, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in assignment.exercises:
            known = list(assignment.exercises)
            raise CourseError(
                f'The assignment "{assignment.id}" has no exercise "{name}"; there are: {", ".join(known)}.'
                f"{did_you_mean(name, known)}"
            )
