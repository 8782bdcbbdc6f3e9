"""`grader suggest`: checks and bank entries for an exercise, made of its reference solution or of a graded class."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.batch_options import cores
from grader.cli.interruptions import say_error
from grader.cli.stored_results import snapshot_of
from grader.core.assignment import Assignment, Exercise, find_assignment
from grader.core.errors import BankError, CourseError, ResultsError, did_you_mean
from grader.core.labels import counted, joined
from grader.course.load import load_course
from grader.derived.variant_course import first_variant, variant_course
from grader.grading.bank import Bank, load_bank
from grader.results.store import ResultStore
from grader.sandbox.host.machine import choose_isolation, require_linux

if TYPE_CHECKING:
    from grader.authoring.suggestions import Suggestion, Survivor
    from grader.authoring.worth_naming import Entry

_SURVIVORS = 6
_GROUPS = 10


@click.command("suggest")
@click.argument("exercise", required=False)
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one or the course's]")
@click.option("--from", "results", type=click.Path(path_type=Path), help="Only mistakes of a class: a grading's --out.")
@click.option("--jobs", type=click.IntRange(1, 64), default=cores, show_default="cores", help="Number of processes.")
@click.pass_obj
def suggest_command(root: Path, exercise: str | None, wanted: str | None, results: Path | None, jobs: int) -> int:
    """Suggest checks and mistakes for EXERCISE, or for all of a lesson, made of the reference solution alone.

    \b
    python -m grader suggest normalise --assignment vectors
    python -m grader suggest --from results

    Prints hidden checks on inputs that are drawn as the docstring describes them, a visible one with small numbers,
    what would reject mutants that the checks let pass, and mistakes for the bank: each with its file, to be pasted. All
    was tried: the reference passes, and each mistake loses points. Writes nothing.

    With --from, what learners of a graded class did that no misconception names, instead.
    """
    require_linux()
    root = root.resolve()
    course = load_course(root)
    if results:
        with snapshot_of(results) as store:
            if wanted and wanted != store.key.assignment:
                raise ResultsError(
                    f"The results in {results} are of the assignment {store.key.assignment}, not {wanted}. Leave "
                    "--assignment out, or give the results of that one."
                )
            assignment = find_assignment(course, store.key.assignment)
            hide = (root / "solutions", results.resolve())
            with variant_course(root, course, assignment, first_variant(assignment)) as made:
                chosen = _chosen(made.assignment, exercise)
                for line in _of_class(made.root, made.assignment, chosen, store, results, hide):
                    click.echo(line)
        return 0
    assignment = find_assignment(course, wanted)
    chosen = _chosen(assignment, exercise)
    from grader.authoring.suggestions import Suggesting  # imports torch

    with variant_course(root, course, assignment, first_variant(assignment)) as made:
        suggesting = Suggesting(made.root, made.assignment, jobs)
        if suggesting.bank_problem:
            say_error(f"The bank is not in order, and is left aside: {suggesting.bank_problem}")
        for each in _chosen(made.assignment, exercise):
            if len(chosen) > 1:
                say_error(f"{each.id} …")
            for line in _told(suggesting.suggestion(each), made.root, made.assignment):
                click.echo(line)
    return 0


def _chosen(assignment: Assignment, name: str | None) -> list[Exercise]:
    if name is None:
        return list(assignment.exercises.values())
    if name in assignment.exercises:
        return [assignment.exercises[name]]
    known = list(assignment.exercises)
    raise CourseError(
        f'The assignment "{assignment.id}" has no exercise "{name}"; there are: {", ".join(known)}.'
        f"{did_you_mean(name, known)}"
    )


def _told(found: Suggestion, root: Path, assignment: Assignment) -> Iterator[str]:
    exercise, left = found.exercise, found.leftovers.files
    yield f"{exercise.id}: {found.signature}\n"
    if found.to_say:
        yield "First see to this:"
        yield from (f"- {sentence}" for sentence in found.to_say)
        yield ""
    if found.hidden:
        yield f"Checks on drawn inputs. {found.worth}"
        yield from _block(f"solutions/{assignment.id}/hidden/test_{exercise.id}.py", found.hidden, root, left)
    if found.visible:
        yield "A visible check with small numbers. Work it out on paper before you trust it."
        yield from _block(f"exercises/{assignment.id}/checks/test_{exercise.id}.py", found.visible, root, left)
    yield found.own
    yield from _survivors(found.survivors)
    yield ""
    if found.entries:
        yield (
            f"{counted(len(found.entries), 'mistake')} for the bank: each loses points, and does what no entry does. "
            'Choose those that learners make, and write after "Says:" what they are told; until then the bank refuses '
            "the file."
        )
    yield from _entries(found.entries, root, assignment, exercise)


def _of_class(
    root: Path,
    assignment: Assignment,
    chosen: list[Exercise],
    store: ResultStore,
    results: Path,
    hide: tuple[Path, ...],
) -> Iterator[str]:
    """The unnamed mistakes of a class."""
    from grader.authoring.class_mistakes import SEVERAL, entries_of, safe_entry, unnamed_groups

    try:
        bank = load_bank(root, assignment)
    except BankError as error:
        bank = Bank({}, {})
        say_error(f"The bank is not in order, and is left aside: {str(error).splitlines()[0]}")
    taken = [each.id for found in bank.mistakes.values() for each in found]
    groups = unnamed_groups(store.results(), [each.id for each in chosen])
    several = [each for each in groups if len(each.students) >= SEVERAL]
    if not several:
        alone = counted(len(groups), "mistake") if groups else "no mistake"
        yield f"No two learners made the same mistake without a name; {alone} of one learner alone."
        return
    isolation, note = choose_isolation(None)
    if note:
        say_error(note)
    found = entries_of(several[:_GROUPS], store, assignment, isolation, (root / "solutions", *hide), taken)
    yield (
        f'{counted(len(several), "mistake")} of several learners without a name. Write after "Says:" what they are '
        "told; until then the bank refuses the file."
    )
    if found:
        yield (
            "The code is a learner's, without comments, and what is in the bank runs outside the sandbox: read it "
            "before you save it. Then audit the exercise."
        )
    for group, entry in found:
        exercise = assignment.exercises[group.exercise]
        known = f"group {group.group}" if group.group else "the same cause"
        yield f"\n{counted(entry.learners, 'learner')}, {known}: {group.what}."
        yield from _entries((safe_entry(entry),), root, assignment, exercise)
    unread = [each for each in several[:_GROUPS] if each not in [group for group, _ in found]]
    for group in unread:
        yield f"{counted(len(group.students), 'learner')} in {group.exercise}, whose code can't be read: {group.what}."
    if len(several) > _GROUPS:
        yield f"And {len(several) - _GROUPS} more. `grader groups --results {results}` lists all."


def _survivors(survivors: tuple[Survivor, ...]) -> Iterator[str]:
    by_remedy: dict[str, list[str]] = {}
    for each in survivors:
        those = f"{joined(each.caught_by)} above rejects this" if each.caught_by else each.advice
        by_remedy.setdefault(those, []).append(each.what)
    for remedy, found in by_remedy.items():
        more = f"; and {len(found) - _SURVIVORS} more" if len(found) > _SURVIVORS else ""
        yield f"- {'; '.join(found[:_SURVIVORS])}{more}: {remedy}."
    if survivors:
        yield "`grader audit` shows each as a diff."


def _entries(entries: tuple[Entry, ...], root: Path, assignment: Assignment, exercise: Exercise) -> Iterator[str]:
    from grader.derived.variant_course import anchor_of

    anchor = anchor_of(root, assignment, exercise)
    for entry in entries:
        yield from _block(f"solutions/{assignment.id}/mistakes/{exercise.id}/{entry.id}.py", entry.text(anchor), root)


def _block(file: str, text: str, root: Path, left: Collection[str] = ()) -> Iterator[str]:
    there = "   (is there already: take from this what it lacks)" if (root / file).exists() else ""
    if file in left:
        there = "   (is there already, as `grader new` wrote it: put this in its place)"
    yield f"\n=== {file}{there}\n{text.rstrip()}\n===\n"
