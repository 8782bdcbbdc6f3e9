"""For course authors: `grader init`, `new`, `stubs` and `release`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.authoring.skeletons import NewFiles, make_course, new_exercise, new_lesson
from grader.cli.interruptions import say_error
from grader.core.assignment import Assignment, Course, find_assignment
from grader.core.errors import CourseError, ReleaseError
from grader.core.files import replace_file
from grader.core.labels import counted
from grader.course.load import load_course
from grader.derived.derived_files import StubFile, reset_exercise, write_stubs
from grader.derived.leaks import check_stubs
from grader.derived.sealing import out_of_date, seal_mistakes
from grader.derived.variant_course import as_first_variant, unresolved, variant_course
from grader.results.export.roster_file import read_roster
from grader.results.export.variant_roster import checked_variants, known_only_by_the_table, who_gets_which


@click.command("init")
@click.option("--name", metavar="TEXT", help="The course's name, as people read it.  [default: the folder's]")
@click.option(
    "--kit",
    metavar="WHERE",
    help="Where the course takes the kit from: the path of its wheel or checkout, an address, or versions such as "
    "==0.1.  [default: where the one that runs this was installed from]",
)
def init_command(name: str | None, kit: str | None) -> int:
    """Make a course in this folder, which must be empty."""
    files, remark = make_course(Path(), name, kit)
    for file in files:
        click.echo(f"written: {file}")
    if remark:
        click.echo(f"\n{remark}")
    click.echo("\nNext:\n  make setup              a virtual environment in .venv with the kit")
    click.echo("  grader new lesson NAME  the first lesson, with an exercise that works")
    return 0


@click.group("new")
def new_command() -> None:
    """Begin a lesson or an exercise, with files that work and are to be filled in."""


@new_command.command("lesson")
@click.argument("name")
@click.option("--module", metavar="NAME", help="The module that learners write in.  [default: the lesson's name]")
@click.option("--exercise", metavar="ID", default="double", show_default=True, help="The first exercise, a function.")
@click.pass_obj
def _lesson(root: Path, name: str, module: str | None, exercise: str) -> int:
    """Begin a lesson with one exercise."""
    return _tell(root, new_lesson(root, name, module, exercise))


@new_command.command("exercise")
@click.argument("id")
@click.option("--lesson", "wanted", metavar="NAME", help="Which lesson.  [default: the only one or the course's]")
@click.option("--module", metavar="NAME", help="The module that it is in; a new one is begun.  [default: the last]")
@click.option("--class", "class_name", metavar="NAME", help="A class of this name, a torch.nn.Module, and no function.")
@click.pass_obj
def _exercise(root: Path, id: str, wanted: str | None, module: str | None, class_name: str | None) -> int:
    """Begin an exercise at the end of a lesson."""
    new = new_exercise(root, find_assignment(load_course(root), wanted), id, module, class_name)
    return _tell(root, new, "numbers" if class_name is None else "what a layer gives")


def _tell(root: Path, new: NewFiles, doubled: str = "numbers") -> int:
    """Make what learners get of it, and say what was written and what is to do."""
    course = load_course(root)
    with as_first_variant(root, course, course.assignments[new.lesson]) as made:
        stubs = [file.path for file in write_stubs(made.root, made.assignment) if file.fate == "written"]
        sealed = seal_mistakes(made.root, made.assignment)
        shown = [path.relative_to(made.root).as_posix() for path in [*stubs, *([sealed] if sealed else [])]]
    for file in [*new.written, *shown]:
        click.echo(f"written: {file}")
    secret, public, exercise = f"solutions/{new.lesson}", f"exercises/{new.lesson}", new.exercise
    files = [
        ("course.toml", "title, points and hints"),
        (f"{secret}/{new.module}.py", "the docstring, which is the exercise, and the reference solution"),
        (f"{secret}/hidden/test_{exercise}.py", "the hidden checks; `grader suggest` proposes some"),
        (f"{public}/checks/test_{exercise}.py", "the visible checks"),
    ]
    if (root / public / "lesson.md").is_file():
        files.append((f"{public}/lesson.md", "the text, whose parts are where mistakes are explained"))
    files += [
        (f"{secret}/mistakes/{exercise}/", "a file for each mistake that learners make"),
        (f"{secret}/right/{exercise}/", "a file for each other style of a right answer"),
    ]
    click.echo(
        f"\n{exercise} works already: for now it doubles {doubled}. Make an exercise of your own of it, file by file:"
    )
    width = max(len(file) for file, _ in files)
    for file, what in files:
        click.echo(f"  {file:<{width}}  {what}")
    only = f"--assignment {new.lesson}"
    commands = (f"grader stubs {only}", f"pytest {public} -k {exercise}", f"grader audit {only}")
    click.echo("Then:\n" + "\n".join(f"  {command}" for command in commands))
    return 0


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
        with as_first_variant(root, course, find_assignment(course, wanted)) as made:
            _tell_stubs(made.root, reset_exercise(made.root, made.assignment, exercise))
        return 0
    chosen = [find_assignment(course, wanted)] if wanted else list(course.assignments.values())
    if problems := [sentence for assignment in chosen for sentence in unresolved(root, assignment)]:
        raise CourseError("\n".join(problems))
    if check:
        return _check(root, course, chosen)
    kept = False
    for assignment in chosen:
        with as_first_variant(root, course, assignment) as made:
            for file in write_stubs(made.root, made.assignment, force=force):
                _tell_stubs(made.root, file)
                kept = kept or file.fate == "kept"
            sealed = seal_mistakes(made.root, made.assignment)
            if sealed:
                click.echo(f"written: {sealed.relative_to(made.root)}")
    if kept:
        click.echo("Somebody has worked in these. --force overwrites them and keeps a backup.")
    return 1 if kept else 0


def _check(root: Path, course: Course, assignments: list[Assignment]) -> int:
    problems: list[str] = []
    sealed: list[str] = []
    for assignment in assignments:
        for name in assignment.variants or ("",):
            with variant_course(root, course, assignment, name) as made:
                if not made.is_first:
                    write_stubs(made.root, made.assignment)
                problems += check_stubs(made.root, made.assignment)
                sealed += filter(None, [out_of_date(made.root, made.assignment)] if made.is_first else [])
    if problems or sealed:
        raise ReleaseError("\n".join(dict.fromkeys([*problems, *sealed])))
    click.echo("The stubs are up to date and show no solution.")
    return 0


def _tell_stubs(root: Path, file: StubFile) -> None:
    backup = f" (the old one is in {file.backup.name})" if file.backup else ""
    click.echo(f"{file.fate}: {file.path.relative_to(root)}{backup}")


_ROOMS = ("exercises", "solutions", "docs", "grader")


@click.command("release")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the archives go.")
@click.option("--assignment", "wanted", metavar="ID", help="Only this assignment.  [default: all of them]")
@click.option("--unaudited", is_flag=True, help="Leave out the audit, which takes minutes.")
@click.option("--roster", type=click.Path(path_type=Path), help="Who the learners are, as CSV: who gets which variant.")
@click.pass_obj
def release_command(root: Path, out: Path, wanted: str | None, unaudited: bool, roster: Path | None) -> int:
    """Make the archive for learners, the nbgrader course, and a listing of what is in them.

    Of an assignment with variants, an archive for each of them; with --roster, variants.csv says who gets which.

    Refuses, and writes nothing, when a stub, notebook, page or sealed mistake is out of date, when the audit finds
    something, or when a solution, a hidden check or a misconception is found in anything that a learner gets. The same
    course gives the same bytes.
    """
    from grader.authoring.release import UNAUDITED, make_handout, write_handout  # imports torch

    root = root.resolve()
    course = load_course(root)
    chosen = [find_assignment(course, wanted)] if wanted else list(course.assignments.values())
    varied = next((each for each in chosen if each.variants), None)
    if roster and varied is None:
        raise ReleaseError("--roster says who gets which variant, and nothing that is released has variants.")
    people = read_roster(roster) if roster else None
    if roster and people and varied:
        checked_variants(roster, varied, people)
    for room in _ROOMS:
        if out.resolve().is_relative_to(root / room):
            raise ReleaseError(f'"{out}" lies in the course\'s folder {room}: choose an --out outside of it.')
    handout = make_handout(root, course, chosen, audit=not unaudited, progress=lambda what: say_error(f"{what} …"))
    write_handout(handout, out)
    for archive in handout.archives:
        click.echo(f"{out / archive.name}: {len(archive.files)} files, {len(archive.data) / 1e6:.1f} MB.")
        click.echo(f"  {archive.audience}")
    click.echo(f"{out / 'contents.txt'}: what is in them, and who may have it.")
    if people and varied:
        replace_file(out / "variants.csv", who_gets_which(course, varied, people).encode())
        click.echo(f"{out / 'variants.csv'}: who gets which variant, {counted(len(people.people), 'learner')}.")
        if others := known_only_by_the_table(course, varied, people):
            told = f"another variant is drawn for {counted(others, 'learner')}, or for another of their names"
            click.echo(f"Grade with --variants {shlex.quote(str(out / 'variants.csv'))}: without it, {told}.")
    for note in handout.notes[1:]:
        if note == UNAUDITED:
            say_error(f"Warning: {note}")
        else:
            click.echo(note)
    return 0
