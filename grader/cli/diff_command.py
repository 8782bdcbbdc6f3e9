"""`grader diff`: what came out differently in another grading of the same class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from grader.cli.interruptions import open_console
from grader.cli.stored_results import snapshot_of
from grader.core.labels import counted
from grader.core.records import Change
from grader.core.sanitize import sanitized
from grader.results.data_files import write_changes
from grader.results.record_rows import changes_between
from grader.results.store import ResultStore
from grader.results.summary_table import print_changes

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
    if changes:
        print_changes(console, changes, file, f"Of {counted(in_both, 'learner')} in both, these differ")
    else:
        console.print(f"No result differs, of {counted(in_both, 'learner')} in both.")
    for folder, names in ((old, gone), (new, come)):
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            shown = ", ".join(sanitized(name, 60) for name in names[:_NAMED])
            console.print(f"Only in {folder}: {shown}{more}.", markup=False, soft_wrap=True)
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


def _only_in(one: ResultStore, other: ResultStore) -> list[str]:
    return sorted(set(one.students()) - set(other.students()))
