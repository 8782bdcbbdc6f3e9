"""`grader grade`: a folder of submissions in, results and feedback out."""

from __future__ import annotations

import contextlib
import secrets
import shlex
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import click
from rich.console import Console

from grader import __version__
from grader.cli import RenamedOptions
from grader.cli.batch_options import (
    RENAMED_OPTIONS,
    NamedPath,
    Options,
    batch_of,
    batch_options,
    cluster_options,
    least_isolation,
)
from grader.cli.graded_entries import again_words, entries_for_causes, graded_variants, show_progress, waiting_entries
from grader.cli.interruptions import Stopped, open_console, signals_deferred, stoppable
from grader.cli.stored_results import CurrentReports
from grader.collecting.collected_table import Collected, read_collected
from grader.core.assignment import Assignment, Course, Device, find_assignment
from grader.core.errors import CollectError, GradingError, ResultsError, did_you_mean
from grader.core.labels import counted
from grader.core.sanitize import sanitized
from grader.course.load import load_course
from grader.grading.batch import Batch
from grader.grading.collect import FoundEntries, find_entries
from grader.grading.pool import start_template, unused_templates_end
from grader.grading.process import Graded, GradingPlan
from grader.grading.submission import Entry, Unread
from grader.results.needs import needs_lines, needs_of
from grader.results.record_rows import BatchKey
from grader.results.reports import read_once
from grader.results.store import ResultStore
from grader.results.summary_table import closing_words, print_changes, print_lines, print_table
from grader.sandbox.host.machine import Isolation, choose_device, choose_isolation, require_linux
from grader.sandbox.host.run_folder import run_folder

FAILED = 3


@dataclass(frozen=True)
class Handed:
    """What is to be graded, and what else happens on the way.

    `collected` is what `collected.csv` says, None where there can be none. `hide` are the folders that learners' code
    must not see, and `--out` must not lie in the first. `begin` is told who is graded now, before it begins. `end`, if
    there is one, gets the results, when all have come, and what they were graded with, and gives lines to show. `again`
    is the command that grades what was changed.
    """

    found: FoundEntries
    hide: tuple[Path, ...]
    again: str
    begin: Callable[[Sequence[str]], None] = lambda _: None
    end: Callable[[ResultStore, GradingPlan], Sequence[str]] | None = None
    collected: Collected | None = None


@click.command("grade", cls=RenamedOptions, renamed=RENAMED_OPTIONS)
@click.argument("submissions", type=NamedPath(path_type=Path))
@batch_options
@cluster_options
@click.option("--variants", type=NamedPath(path_type=Path), help="Who has which variant: a table student,variant.")
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
      mistakes.csv         which misconceptions were made, and by how many
      class.html           the class at a glance: who needs you, scores, exercises, mistakes, learners
      source/              what each learner wrote, as it was graded: for instructors only
      overrides.csv        points that a person set, if anybody did
      comments.csv         what a person wrote to learners, if anybody did
      changes.csv          what grading again changed, if anything
      results.db           all of it, as it came; --resume goes on from here

    With --resume, submissions that have a result are left alone, unless they have changed since, are named with
    --only, or are to get the causes that --no-causes left for later. Where hidden checks, references or settings have
    changed, only the exercises that these are for are graded again. Points that a person set with `override` stay.
    What came out differently is in changes.csv.
    Ends with status 0 when every submission got a result, whatever the scores.
    """

    def handed(course: Course, assignment: Assignment) -> Handed:
        lies_outside(options.out, submissions, "the folder of submissions")
        found = find_entries(submissions)
        collected = read_collected(submissions, found, course, assignment)
        again = resuming("grade", submissions, options)
        return Handed(found, (submissions.resolve(),), again, collected=collected)

    options = Options(**given)  # type: ignore[arg-type]
    return grade_batch(root, options, handed)


def grade_batch(root: Path, options: Options, handed: Callable[[Course, Assignment], Handed]) -> int:
    """Grade what is handed in, into `options.out`. Gives the exit status."""
    with stoppable(), run_folder(), unused_templates_end():
        return _grade(root.resolve(), options, handed)


def _grade(root: Path, options: Options, handed: Callable[[Course, Assignment], Handed]) -> int:
    require_linux()
    _refuse_two_beginnings(options)
    course = load_course(root)
    assignment = find_assignment(course, options.assignment)
    console = open_console()
    isolation = cache(partial(_isolation, options, console))
    if not _goes_on(options):
        isolation()  # where it can't be had, nothing is begun
    work = handed(course, assignment)
    found, collected = work.found, work.collected or Collected(work.found.entries)
    entries = _chosen(collected, options.only)
    wanted = collected.learners_of(entries)
    with (
        graded_variants(root, course, assignment, options.variants, collected) as variants,
        _opened(assignment, variants.checks_digest, options, console) as store,
        _says_what_is_kept(store, wanted, console),
    ):
        reports = CurrentReports(options.out, store, course, assignment)
        store.note_key(variants.checks_digest, __version__)
        if _goes_on(options) and not options.only:
            gone = store.keep_only(collected.learners_of(collected.entries))
            if gone:
                names = ", ".join(sanitized(student, 60) for student in gone)
                console.print(f"Dropped, because they are no longer in the folder: {names}.", markup=False)
        for line in work.collected.noted(store) if work.collected else ():
            console.print(line, markup=False, soft_wrap=True)
        found_waiting = list(waiting_entries(entries, collected, store, variants, options))
        waiting = [entry for entry, _ in found_waiting]
        if again := again_words(found_waiting, assignment):
            console.print(again, markup=False)
        if len(waiting) < len(entries):
            console.print(f"{len(entries) - len(waiting)} of {len(entries)} submissions have a result already.")
        for_causes = entries_for_causes(entries, collected, waiting, store, options)
        if for_causes:
            again_for = counted(len(for_causes), "submission")
            console.print(f"Graded again, for causes that were left for later: {again_for}.")
            waiting += for_causes
        if numbers := variants.counted(entry.student for entry in waiting):
            console.print(f"Graded {'now ' if _goes_on(options) else ''}{numbers}.", markup=False)
        device: Device = "cuda" if store.key.device == "cuda" else "cpu"
        hide = (root / "solutions", *variants.folders, *work.hide, options.out.resolve())
        work.begin([entry.student for entry in waiting])
        have_one = {entry.student for entry in for_causes}
        later = options.no_causes and assignment.limits.repairs > 0
        otherwise: set[str] = set()  # whose results are others now

        def put(graded: Graded) -> None:
            # What was graded in full is not given up for a failure of ours that came while causes were looked for.
            if graded.result.is_final or graded.result.student not in have_one:
                graded_with = {name: str(key) for name, key in variants.of(graded.result.student).keys.items()}
                told = variants.told(graded.result)
                for learner in collected.learners(told.student):
                    result, took = replace(told, student=learner), (graded.digest, graded.seconds)
                    if store.put(result, *took, graded_with=graded_with, causes_later=later, sources=graded.sources):
                        otherwise.add(learner)

        changes_before = len(store.changes())
        batches: list[tuple[Batch, list[Entry | Unread]]] = []
        lines: Sequence[str] = ()
        for variant in variants.each:
            own = [entry for entry in waiting if variants.of(entry.student) is variant]
            if own or work.end:
                with_limits = _without_repairs(variant.assignment) if options.no_causes else variant.assignment
                plan = GradingPlan(variant.made.root, with_limits, store.key.seed, device, isolation(), hide)
                batches.append((batch_of(plan, options, console), own))
        if batches:
            _run(batches, put, console)
        changes = store.changes()
        # What was decided about a group may be for others now as well.
        has_of_groups = any(one.group for one in store.decisions()) or any(one.group for one in store.remarks())
        results = read_once(store)
        words = partial(closing_words, again=work.again, out=str(options.out))
        files = reports.brought_up_to_date(None if has_of_groups else otherwise, lambda: words(results()))
        shown = [*files, options.out / "results.db"]
        if work.end:
            lines = work.end(store, plan)
        console.print()
        if not batches and (closing := reports.closing_words(work.again)):
            print_lines(console, [*closing.totals, *(f"  {path}" for path in shown), *closing.needs])
        else:
            graded = collected.learners_of(waiting) if _goes_on(options) else None
            print_table(console, results, shown, graded)
            if again and len(changes) == changes_before and not any(batch.faults for batch, _ in batches):
                console.print("\nNothing came out differently.", markup=False)
            print_changes(console, changes[changes_before:], options.out / "changes.csv")
            notices = [notice for batch, _ in batches for notice in batch.notices]
            needs = (need for result in results() for need in needs_of(result))
            print_lines(console, needs_lines(needs, work.again, str(options.out), notices))
        missing, left = len(wanted - store.done().keys()), len(store.causes_left())
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    if left:
        console.print(
            f"Causes were left for later in {counted(left, 'submission')}: --resume without --no-causes adds them."
        )
    for first, second in found.second_copies():
        names = f"{sanitized(second, 60)} looks like another copy of {sanitized(first, 60)}"
        console.print(f"{names}: they are graded as two learners. Keep the one that counts.", markup=False)
    if found.strays:
        console.print(f"Not submissions, so left out: {', '.join(found.strays)}.", markup=False)
        if any(name.lower().endswith(".py") for name in found.strays):
            console.print("Put a module into a folder or a .zip that is named after its learner.", markup=False)
    for fault in [fault for batch, _ in batches for fault in batch.faults][:10]:
        console.print(f"Our mistake: {sanitized(fault, 1000)}", markup=False)
    if missing:
        again = (
            f"{missing} submissions could not be graded in full because of our own failure. --resume tries them again."
        )
        console.print(again, markup=False)
    return FAILED if missing else 0


def resuming(command: str, submissions: Path, options: Options) -> str:
    """The command that grades what has changed since."""
    of = ["--assignment", options.assignment] if options.assignment else []
    table = ["--variants", str(options.variants)] if options.variants else []
    words = ["python", "-m", "grader", command, str(submissions), *of, "--out", str(options.out), "--resume", *table]
    return shlex.join(words)


def lies_outside(out: Path, folder: Path, called: str) -> None:
    """Raises `ResultsError` when results would be written where submissions are read."""
    try:
        is_inside = out.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # of links that lead in a circle, which Python's versions tell differently
        raise ResultsError(f"--out {out} or {folder} leads in a circle of links. Give a folder.") from None
    if is_inside:
        raise ResultsError(f"--out {out} lies in {called}. Give a folder outside of it.")


def _isolation(options: Options, console: Console) -> Isolation:
    if options.cluster is not None:
        isolation, note = least_isolation(options)
    else:
        start_template()  # trying the sandbox takes nearly as long as importing torch
        isolation, note = choose_isolation(options.sandbox, cuda=options.device != "cpu")
    if note:
        console.print(note, markup=False)
    return isolation


def _run(
    batches: Sequence[tuple[Batch, list[Entry | Unread]]], put: Callable[[Graded], None], console: Console
) -> None:
    def one_after_the_other() -> Generator[Graded, None, None]:
        for batch, entries in batches:
            with contextlib.closing(batch.run(entries)) as of_batch:
                yield from of_batch

    def under_way() -> list[str]:
        return [name for batch, _ in batches for name in batch.under_way()]

    results = one_after_the_other()
    shown = show_progress(results, sum(len(entries) for _, entries in batches), console, under_way)
    with contextlib.closing(results), contextlib.closing(shown):
        for graded in shown:
            with signals_deferred():
                put(graded)


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
        more = "Earlier results are kept: fix this, then continue with --resume."
        raise GradingError(f"{error}\n{more}") from error


def _chosen(collected: Collected, only: tuple[str, ...]) -> list[Entry | Unread]:
    names = sorted(collected.learners_of(collected.entries))
    for name in only:
        if name not in names:
            raise CollectError(f'There is no submission of "{name}".{did_you_mean(name, names, is_person=True)}')
    return [each for each in collected.entries if not only or {*collected.learners(each.student)} & {*only}]


def _refuse_two_beginnings(options: Options) -> None:
    """Raises `ResultsError` where it isn't clear which earlier results are meant."""
    if options.resume and options.from_ is not None:
        raise ResultsError(
            f"--resume goes on with the results in --out {options.out}, and --from begins with those in "
            f"{options.from_}: expected one of them, found both. Leave out --from where --out holds results already, "
            "else --resume."
        )


def _goes_on(options: Options) -> bool:
    """Whether there are earlier results."""
    return options.resume or options.from_ is not None


def _opened(assignment: Assignment, digest: str, options: Options, console: Console) -> ResultStore:
    """The store of a new batch, or of the one that goes on. Raises `ResultsError` when it can't go on as asked."""
    if not _goes_on(options):
        device, note = choose_device(options.device)
        if note:
            console.print(note, markup=False)
        seed = secrets.randbits(48) if options.seed is None else options.seed
        return ResultStore.create(options.out, BatchKey(assignment.id, seed, device, digest, __version__))
    if options.from_ is not None and not options.resume:
        ResultStore.copy(options.from_, options.out)
    store = ResultStore.reopen(options.out)
    key, reason = store.key, ""
    if key.assignment != assignment.id:
        reason = f"its results are of the assignment {key.assignment}, not {assignment.id}"
    elif options.seed not in (None, key.seed):
        reason = f"it was begun with the seed {key.seed}"
    elif options.device == "cuda" != key.device:
        reason = f"it was begun on the device {key.device}"
    if reason:
        store.close()
        raise ResultsError(f"The batch in {options.out} can't go on: {reason}. Grade into another --out.")
    return store


def _without_repairs(assignment: Assignment) -> Assignment:
    return replace(assignment, limits=replace(assignment.limits, repairs=0))
