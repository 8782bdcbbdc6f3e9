"""What is said of a class's results, read and not changed.

`grader groups`: answers that behave alike, so that one comment or one decision is enough for all. `grader diff`: what
came out differently in another grading of the same class.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from grader.cli.interruptions import open_console
from grader.cli.stored_results import snapshot_of
from grader.core.errors import ResultsError, did_you_mean
from grader.core.labels import counted
from grader.core.records import Change
from grader.core.sanitize import sanitized
from grader.results.cause_groups import AnswerGroup, answer_groups, can_have_a_group
from grader.results.data_files import write_changes
from grader.results.needs import Kind, needs_of
from grader.results.record_rows import changes_between
from grader.results.store import ResultStore
from grader.results.summary_table import print_answer_groups, print_changes


@click.command("groups")
@click.argument("group", required=False)
@click.option("--results", required=True, type=click.Path(path_type=Path), help="The --out of a grading.")
@click.option("--exercise", default="", metavar="ID", help="Only the groups of this exercise.")
@click.option("--alone", is_flag=True, help="Also answers that no other is like.")
def groups_command(group: str | None, results: Path, exercise: str, alone: bool) -> int:
    """List groups of answers that are not right, or not allowed, and behave alike: the same values, exceptions and
    prints, on inputs that were drawn once for the whole class.

    \b
    python -m grader groups --results results
    python -m grader groups mse-4f1c2a --results results
    python -m grader comment set mse-4f1c2a "Draw the error of one row first." --results results

    With GROUP, its learners are listed, those together whose functions are written alike: comments, layout and the
    names that they give are no difference. Changes nothing.
    """
    console = open_console()
    with snapshot_of(results) as store:
        everything = answer_groups(store.results())
        found = [each for each in everything if exercise in ("", each.exercise)]
        if exercise and exercise not in (known := _exercises(store)):
            raise ResultsError(
                f'There is no exercise "{exercise}", there are {", ".join(known)}.{did_you_mean(exercise, known)}'
            )
        if group:
            for line in _one(_named(found, group, store), results):
                console.print(line, markup=False, soft_wrap=True)
            return 0
        knows_none = not everything and any(map(can_have_a_group, store.results()))
    if knows_none:
        raise ResultsError(
            f"No groups are known in {results}: an earlier version of the kit graded it, or nothing that failed could "
            "be called once more. Grade again, with --resume or into another --out."
        )
    shown = [each for each in found if alone or len(each.students) > 1]
    hidden = len(found) - len(shown)
    other, behaves = ("other " if shown else ""), ("behaves" if hidden == 1 else "behave")
    if shown:
        print_answer_groups(console, shown)
    else:
        console.print("No two learners made the same mistake." if hidden else "There are no groups.")
    if hidden:
        console.print(f"{counted(hidden, f'{other}answer')} {behaves} like no other: see --alone.")
    return 0


def _exercises(store: ResultStore) -> list[str]:
    first = next(store.results(), None)
    return [exercise.id for exercise in first.exercises] if first else []


def _named(groups: list[AnswerGroup], wanted: str, store: ResultStore) -> AnswerGroup:
    found = {each.id: each for each in groups}
    if wanted in found:
        return found[wanted]
    if later := sorted(store.went_on_as(wanted) & found.keys()):
        raise ResultsError(f"With other checks, the group {wanted} went on as {', '.join(later)}.")
    raise ResultsError(sanitized(f'There is no group "{wanted}".{did_you_mean(wanted, list(found))}', 300))


def _one(group: AnswerGroup, results: Path) -> list[str]:
    ways = "" if len(group.ways) == 1 else f", written in {len(group.ways)} ways"
    folder = shlex.quote(str(results))
    lines = [f"{group.id}: {group.what}. {counted(len(group.students), 'learner')}{ways}."]
    lines += [f"  {', '.join(sanitized(student, 60) for student in way)}" for way in group.ways]
    lines += [
        f"For example {sanitized(group.example, 120)}",
        "Say something to all of them, or set their points:",
        f"  python -m grader comment set {group.id} TEXT --results {folder}",
        f"  python -m grader override set {group.id} POINTS --reason TEXT --results {folder}",
    ]
    return lines


_NAMED = 20


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--csv", "file", type=click.Path(path_type=Path), help="Write what differs to this file, as CSV.")
def diff_command(old: Path, new: Path, file: Path | None) -> int:
    """Compare the results in two folders, each the --out of a grading: who has other points or another status, in
    which exercise, and by which checks. Points that a person set count.

    Nothing is changed. Ends with status 0, whether or not something differs.
    """
    console = open_console()
    with snapshot_of(old) as before, snapshot_of(new) as after:
        changes = list(differences(before, after))
        gone, come = _only_in(before, after), _only_in(after, before)
        seeds_differ = before.key.seed != after.key.seed
        in_both = len(after.students()) - len(come)
        failed = [(folder, _not_graded(store)) for folder, store in ((old, before), (new, after))]
    if changes:
        print_changes(console, changes, file, f"Of {counted(in_both, 'learner')} in both, these differ")
    else:
        console.print(f"No result differs, of {counted(in_both, 'learner')} in both.")
    for folder, names in ((old, gone), (new, come)):
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            shown = ", ".join(sanitized(name, 60) for name in names[:_NAMED])
            console.print(f"Only in {folder}: {shown}{more}.", markup=False, soft_wrap=True)
    for folder, count in failed:
        if count:
            which = (
                f"In {folder}, {counted(count, 'submission')} could not be graded in full because of our own failure."
            )
            console.print(f"{which} Grade them again with --resume.", markup=False, soft_wrap=True)
    if changes and seeds_differ:
        console.print("The two were graded with different seeds, so a check may have met other inputs.")
    if file:
        write_changes(file, changes)
        console.print(f"  {file}", markup=False, soft_wrap=True)
    return 0


def differences(old: ResultStore, new: ResultStore) -> Iterator[Change]:
    """Exercises with other points or another status, of those who are in both; people's points count.

    `because` is `submission` where something else was handed in, `override` where only a person's points differ, and
    `checks` otherwise.
    """
    handed_in_before, handed_in_now, begun = old.done(), new.done(), new.begun()
    for after in new.results():
        before = old.result(after.student)
        if before is None:
            continue
        is_same = handed_in_before.get(after.student) == handed_in_now.get(after.student)
        checked = {each.id: each.as_checked() for each in before.exercises}
        for change in changes_between(before, after, "checks" if is_same else "submission", begun):
            now = next(each.as_checked() for each in after.exercises if each.id == change.exercise)
            was = checked[change.exercise]
            by_a_person = is_same and (was.status, was.score) == (now.status, now.score)
            yield replace(change, because="override") if by_a_person else change


def _not_graded(store: ResultStore) -> int:
    """How many submissions we failed to grade in full, where nobody has set the points since."""
    needs = (need for result in store.results() for need in needs_of(result))
    return sum(need.kind is Kind.OUR_MISTAKE for need in needs)


def _only_in(one: ResultStore, other: ResultStore) -> list[str]:
    return sorted(set(one.students()) - set(other.students()))
