"""`python -m grader grade`: a folder of submissions in, results and feedback out."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from grader import __version__
from grader.cli.batch_options import Options, batch_options
from grader.cli.output import open_console
from grader.cli.progress import show_progress
from grader.cli.stopping import Stopped, in_one_piece, stoppable
from grader.collect import Entry, Found, Unread, find_entries, read_entry
from grader.course import Assignment, Course, find_assignment, load_course
from grader.course.model import Device
from grader.errors import CollectError, GradingError, ResultsError, did_you_mean
from grader.grading.batch import Batch
from grader.grading.device import choose_device, require_linux
from grader.grading.fingerprint import checks_digest
from grader.grading.isolation import Isolation, choose_isolation
from grader.grading.process import Plan
from grader.grading.run_folder import run_folder
from grader.inert import inert
from grader.report import print_table, write_reports
from grader.store import BatchKey, ResultStore

FAILED = 3


@dataclass(frozen=True)
class Handed:
    """What is to be graded, and what else happens on the way.

    `hide` are the folders that learners' code must not see, and `--out` must not lie in the first. `begin` is told who
    is graded now, before it begins. `end` gets the results, when all have come, and gives lines to show.
    """

    found: Found
    hide: tuple[Path, ...]
    begin: Callable[[Sequence[str]], None] = lambda _: None
    end: Callable[[ResultStore], Sequence[str]] = lambda _: ()


@click.command("grade")
@click.argument("submissions", type=click.Path(path_type=Path))
@batch_options
@click.pass_obj
def grade_command(root: Path, /, submissions: Path, **given: object) -> int:
    """Grade every submission in a folder: an entry per learner, which is a folder of modules, a .zip of one, or a
    notebook.

    \b
    Writes to --out:
      results.jsonl        a record for each submission
      grades.csv           the gradebook
      feedback/            a page for each learner, as HTML and as text
      feedback_index.csv   which page is whose
      mistakes.csv         which known mistakes were made, and by how many
      overrides.csv        points that a person set, if anybody did
      results.db           all of it, as it came; --resume goes on from here

    With --resume, submissions that have a result are left alone, unless they have changed since, or are named with
    --only. Points that a person set with `override` stay. Ends with status 0 when every submission got a result,
    whatever the scores.
    """

    def handed(_course: Course, _assignment: Assignment) -> Handed:
        lies_outside(options.out, submissions, "the folder of submissions")
        return Handed(find_entries(submissions), (submissions.resolve(),))

    options = Options(**given)  # type: ignore[arg-type]
    return grade_batch(root, options, handed)


def grade_batch(root: Path, options: Options, handed: Callable[[Course, Assignment], Handed]) -> int:
    """Grade what is handed in, into `options.out`. Gives the exit status."""
    with stoppable(), run_folder():
        return _grade(root.resolve(), options, handed)


def _grade(root: Path, options: Options, handed: Callable[[Course, Assignment], Handed]) -> int:
    require_linux()
    course = load_course(root)
    assignment = find_assignment(course, options.assignment)
    console = open_console()
    isolation, note = _isolation(options)
    if note:
        console.print(note, markup=False)
    work = handed(course, assignment)
    found = work.found
    entries = _chosen(list(found.entries), options.only)
    wanted = {entry.student for entry in entries}
    with _opened(root, assignment, options, console) as store, _says_what_is_kept(store, wanted, console):
        if options.resume and not options.only:
            gone = store.keep_only({entry.student for entry in found.entries})
            if gone:
                names = ", ".join(inert(student, 60) for student in gone)
                console.print(f"No longer handed in, and so dropped: {names}.", markup=False)
        waiting = list(_waiting(entries, store, assignment, options))
        if len(waiting) < len(entries):
            console.print(f"{len(entries) - len(waiting)} of {len(entries)} submissions have a result already.")
        device: Device = "cuda" if store.key.device == "cuda" else "cpu"
        hide = (root / "solutions", *work.hide, options.out.resolve())
        plan = Plan(root, assignment, store.key.seed, device, isolation, hide)
        work.begin([entry.student for entry in waiting])
        faults = _run(plan, options, store, waiting, console)
        files = write_reports(options.out, store.results, store.decisions(), course, assignment)
        lines = work.end(store)
        console.print()
        print_table(console, store.results, [*files, options.out / "results.db"])
        missing = len(wanted - store.done().keys())
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    if found.strays:
        console.print(f"Left aside, as they are no submissions: {', '.join(found.strays)}.", markup=False)
    for fault in faults[:10]:
        console.print(f"Our mistake: {inert(fault, 1000)}", markup=False)
    if missing:
        again = (
            f"{missing} submissions could not be graded in full, through our own failure. --resume tries them again."
        )
        console.print(again, markup=False)
    return FAILED if missing else 0


def lies_outside(out: Path, folder: Path, called: str) -> None:
    """Raises `ResultsError` when results would be written where submissions are read."""
    if out.resolve().is_relative_to(folder.resolve()):
        raise ResultsError(f"--out {out} lies in {called}. Give a folder outside of it.")


def _isolation(options: Options) -> tuple[Isolation, str]:
    if options.trusted and options.isolation:
        raise click.UsageError("--trusted and --isolation contradict each other: give one of them.")
    return choose_isolation("trusted" if options.trusted else options.isolation, cuda=options.device != "cpu")


def _run(
    plan: Plan, options: Options, store: ResultStore, waiting: list[Entry | Unread], console: Console
) -> list[str]:
    batch = Batch(plan, options.jobs)
    results = batch.run(waiting)
    shown = show_progress(results, len(waiting), console)
    with contextlib.closing(results), contextlib.closing(shown):
        for graded in shown:
            with in_one_piece():
                store.put(graded.result, graded.digest, graded.seconds)
    return batch.faults


@contextlib.contextmanager
def _says_what_is_kept(store: ResultStore, wanted: set[str], console: Console) -> Iterator[None]:
    """For whoever stops the grading, and where results can't be written any more. Raises `GradingError` for that."""
    try:
        yield
    except Stopped:
        kept = len(wanted & store.done().keys())
        console.print(f"\nStopped: {kept} of {len(wanted)} are graded and kept. --resume goes on from here.")
        raise
    except ResultsError as error:
        more = "What was stored before is kept: mend this, and --resume goes on from there."
        raise GradingError(f"{error}\n{more}") from error


def _chosen(entries: list[Entry | Unread], only: tuple[str, ...]) -> list[Entry | Unread]:
    if not only:
        return entries
    names = [entry.student for entry in entries]
    for name in only:
        if name not in names:
            raise CollectError(f'There is no submission of "{name}".{did_you_mean(name, names)}')
    return [entry for entry in entries if entry.student in only]


def _opened(root: Path, assignment: Assignment, options: Options, console: Console) -> ResultStore:
    """The store of a new batch, or of the one that goes on. Raises `ResultsError` when it can't go on as asked."""
    digest = checks_digest(root, assignment)
    if not options.resume:
        device, note = choose_device(options.device)
        if note:
            console.print(note, markup=False)
        seed = secrets.randbits(48) if options.seed is None else options.seed
        return ResultStore.create(options.out, BatchKey(assignment.id, seed, device, digest, __version__))
    store = ResultStore.reopen(options.out)
    key, reason = store.key, ""
    if key.assignment != assignment.id:
        reason = f"its results are of the assignment {key.assignment}, not {assignment.id}"
    elif key.checks_digest != digest or key.kit_version != __version__:
        reason = "the checks, the solutions, course.toml or the kit have changed since it was begun"
    elif options.seed not in (None, key.seed):
        reason = f"it was begun with the seed {key.seed}"
    elif options.device == "cuda" != key.device:
        reason = f"it was begun on the device {key.device}"
    if reason:
        store.close()
        raise ResultsError(f"The batch in {options.out} can't go on: {reason}. Grade into another --out.")
    return store


def _waiting(
    entries: list[Entry | Unread], store: ResultStore, assignment: Assignment, options: Options
) -> Iterator[Entry | Unread]:
    """The entries that have no result yet, or have changed since, or are asked for by name."""
    done = store.done()
    for entry in entries:
        if entry.student in done and not options.only:
            read = entry if isinstance(entry, Unread) else read_entry(entry, assignment)
            if read.digest == done[entry.student]:
                continue
        yield entry
