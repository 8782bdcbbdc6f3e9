"""`grader similar`: which submissions of a class agree surprisingly, for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from grader.cli.grade_command import lies_outside
from grader.cli.interruptions import open_console, stoppable
from grader.cli.stored_results import snapshot_of
from grader.core.assignment import Assignment, find_assignment, for_all_variants
from grader.core.errors import CollectError, ResultsError
from grader.core.labels import counted, points
from grader.core.sanitize import sanitized
from grader.course.load import load_course
from grader.derived.derived_files import given_forms
from grader.derived.variant_course import variant_course
from grader.grading.bank import load_bank
from grader.grading.collect import find_entries
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry, Submission, Unread
from grader.results.similar_page import shown_name, write_similar_csv, write_similar_page
from grader.results.similarity import Comparison, Mistake, Similar, Work, mistakes_of
from grader.results.summary_table import plain_text
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.host.machine import Isolation, Level, choose_isolation, require_linux
from grader.sandbox.host.run_folder import run_folder
from grader.sandbox.host.zygote_client import Zygote

_PRINTED = 10
_NAMED = 20


@click.command("similar")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write the page into.")
@click.option("--assignment", "wanted", metavar="ID", help="Which assignment.  [default: the only one or the course's]")
@click.option("--results", type=click.Path(path_type=Path), help="The --out of a grading: which mistakes were made.")
@click.option(
    "--earlier", multiple=True, type=click.Path(path_type=Path), help="Earlier submissions; more than once for more."
)
@click.option("--pairs", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many pairs to show.")
@click.option("--sandbox", type=click.Choice(get_args(Level)), help="As for `grade`.  [default: the best that works]")
@click.pass_obj
def similar_command(
    root: Path,
    /,
    submissions: Path,
    out: Path,
    wanted: str | None,
    results: Path | None,
    earlier: tuple[Path, ...],
    pairs: int,
    sandbox: Level | None,
) -> int:
    """Compare the submissions in a folder with each other, and show the pairs that agree most surprisingly.

    \b
    python -m grader similar submissions --results results --earlier submissions-2025 --out similar

    Writes similar.html, with both sources side by side, and similar.csv to --out. Names, comments, layout and the order
    of functions do not count, nor does what learners were given or what many wrote. With --results, an agreement in a
    rare mistake counts as well. Submissions of --earlier, a folder like SUBMISSIONS, are compared with this class's.

    It decides nothing: nothing of it enters points or feedback. No submission is run.
    """
    require_linux()
    root = root.resolve()
    course = load_course(root)
    assignment = find_assignment(course, wanted)
    for folder in (submissions, *earlier):
        lies_outside(out, folder, "a folder of submissions")
    entries = _entries(submissions, earlier)
    mistakes = _mistakes(results, assignment) if results else {}
    console = open_console()
    isolation, note = choose_isolation(sandbox)
    if note:
        _say(console, note)
    given: frozenset[str] = frozenset()
    right: list[frozenset[str]] = []
    for variant in assignment.variants or ("",):
        with variant_course(root, course, assignment, variant) as made:
            given |= given_forms(made.root, made.assignment)
            bank = load_bank(made.root, made.assignment)
        right += [each.forms for answers in bank.right.values() for each in answers]
    assignment = for_all_variants(assignment)
    hide = tuple(
        folder.resolve() for folder in (root / "solutions", submissions, *earlier, *([results] if results else []))
    )
    with stoppable(), run_folder():
        works, left_out = _works(entries, assignment, isolation, hide, console)
    similar = Comparison(works, given, right, mistakes).similar(pairs)
    _print(console, similar, works, left_out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f'The folder "{out}" can\'t be made: {error.strerror}.') from error
    write_similar_page(out / "similar.html", similar, course, assignment)
    write_similar_csv(out / "similar.csv", similar)
    for name in ("similar.html", "similar.csv"):
        _say(console, f"  {out / name}")
    return 0


def _mistakes(results: Path, assignment: Assignment) -> dict[str, dict[str, Mistake]]:
    with snapshot_of(results) as store:
        if store.key.assignment != assignment.id:
            raise ResultsError(
                f"The results in {results} are of the assignment {store.key.assignment}, not {assignment.id}. "
                "Give those of this one, or --assignment."
            )
        return mistakes_of(store.results())


def _entries(submissions: Path, earlier: Sequence[Path]) -> list[tuple[Entry | Unread, str]]:
    """Everybody's entry, and the name of the earlier folder that it lies in. Raises `CollectError`."""
    names = [folder.resolve().name for folder in earlier]
    folders = [(submissions, "")]
    for place, (folder, name) in enumerate(zip(earlier, names, strict=True)):
        before = names[:place].count(name)
        folders.append((folder, f"{name} {before + 1}" if before else name))
    return [(entry, name) for folder, name in folders for entry in find_entries(folder).entries]


def _works(
    entries: Sequence[tuple[Entry | Unread, str]],
    assignment: Assignment,
    isolation: Isolation,
    hide: tuple[Path, ...],
    console: Console,
) -> tuple[list[Work], list[str]]:
    """What can be compared; and what can't, each in a sentence. Raises `CollectError`."""
    works: list[Work] = []
    left_out: list[str] = []
    with Zygote(isolation, assignment.limits, hide=hide, only_reads=True) as zygote:
        reader = Reader(zygote, assignment, parts=True)
        shown = track(entries, "Reading", console=console, transient=True, disable=not console.is_terminal)
        for entry, folder_name in shown:
            found = _read(reader, entry)
            if isinstance(found, str):
                left_out.append(found)
                continue
            works.append(Work.of(found, folder_name))
            if not any(part.forms for part in works[-1].parts.values()):
                left_out.append(f"{shown_name(works.pop())}: nothing in it can be read as Python.")
    if sum(not work.earlier for work in works) < 1 or len(works) < 2:
        raise CollectError(
            f"There is nothing to compare: {counted(len(works), 'submission')} could be read. Expected two or more."
        )
    return works, left_out


def _read(reader: Reader, entry: Entry | Unread) -> Submission | str:
    """What an entry holds; or, in a sentence, why it can't be compared."""
    try:
        found = reader.read(entry) if isinstance(entry, Entry) else entry
    except WorkerFault as error:
        return f"{sanitized(entry.student, 80)}: reading it failed, by our mistake. {sanitized(error, 200)}"
    return f"{sanitized(found.student, 80)}: {sanitized(found.note, 300)}" if isinstance(found, Unread) else found


def _print(console: Console, similar: Similar, works: Sequence[Work], left_out: Sequence[str]) -> None:
    now = sum(not work.earlier for work in works)
    more = f" and {len(works) - now:,} earlier ones" if len(works) > now else ""
    _say(console, f"{counted(now, 'submission')}{more}, {counted(similar.compared, 'pair')} compared.")
    if not similar.pairs:
        _say(console, "No two of them share anything that is rare.")
    else:
        console.print(_table(console, similar))
        if len(similar.pairs) > _PRINTED:
            _say(console, f"and {len(similar.pairs) - _PRINTED} more in similar.html")
        _say(
            console,
            f"99 of 100 pairs stay below {points(similar.usual, 1)}. This decides nothing: they can agree by chance, "
            "or because learners may work together. Read both sources, and ask.",
        )
    for sentence in left_out[:_NAMED]:
        _say(console, f"Not compared: {sentence}")
    if len(left_out) > _NAMED:
        _say(console, f"… and {len(left_out) - _NAMED} more.")


def _table(console: Console, similar: Similar) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_edge=False)
    table.add_column("surprise", justify="right")
    table.add_column("learners", overflow="fold")
    table.add_column("agree in", overflow="fold")
    table.add_column("rarest form in", justify="right")
    for pair in similar.pairs[:_PRINTED]:
        texts = (
            points(pair.surprise, 1),
            f"{shown_name(pair.one)}, {shown_name(pair.other)}",
            ", ".join(each.part for each in pair.agreements),
            f"{pair.rarest} of {similar.works:,}",
        )
        table.add_row(*(plain_text(text, console.options.ascii_only) for text in texts))
    return table


def _say(console: Console, text: str) -> None:
    console.print(plain_text(text, console.options.ascii_only), soft_wrap=True)
