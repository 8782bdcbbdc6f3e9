"""`grader collect`: from what another system packed to a folder of submissions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.console import Console

from grader.cli.interruptions import open_console
from grader.collecting.download import LeftAside, open_download
from grader.collecting.entry_folder import put_entries, write_left_out
from grader.collecting.learners import NewEntry, named
from grader.collecting.systems import SYSTEMS, found_in, shown
from grader.core.errors import CollectError
from grader.core.labels import counted
from grader.core.sanitize import sanitized
from grader.grading.collect import COLLECTED
from grader.results.export.roster_file import read_roster

_NAMED = 20


@click.command("collect")
@click.argument("download", type=click.Path(path_type=Path))
@click.option("--from", "system", required=True, type=click.Choice(list(SYSTEMS)), help="What packed it.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write the entries into.")
@click.option("--roster", type=click.Path(path_type=Path), help="Who the learners are, as CSV.")
def collect_command(download: Path, system: str, out: Path, roster: Path | None) -> int:
    """Make the folder of submissions of what another system packed: an entry per learner, called as in the roster.

    \b
    python -m grader collect submissions.zip --from canvas --roster gradebook.csv --out submissions

    DOWNLOAD is the archive, or the folder that it was unpacked to. --roster is what `export` takes; without one, and
    for whoever is not in it, an entry is called by the number or name in the download. Each member of a team gets the
    team's work. What was found is in collected.csv, and what was left out and why in left-out.csv.

    --out is a new or empty folder, or one of an earlier collect: then what is newer replaces what is there, which is
    moved to .replaced. Nothing of the download is changed.
    """
    if download.is_dir() and (out.resolve() == download.resolve() or download.resolve() in out.resolve().parents):
        raise CollectError(f"{out} lies in {download}. Give a folder outside of what is collected.")
    people = read_roster(roster) if roster else None
    with open_download(download) as found:
        works, aside = found_in(found, system)
        who = named(works, people)
        done = put_entries(out, who.entries, who.without_work)
    left_out = [*found.aside, *aside, *who.aside, *done.aside]
    console = open_console()
    parts = [("new", done.new), ("replaced", done.replaced), ("the same as before", done.same)]
    told = ", ".join(f"{len(names):,} {what}" for what, names in parts if names) or "nothing to write"
    _say(console, f"{out}: {counted(len(done.new + done.replaced + done.same), 'learner')}: {told}.")
    _list(console, "Handed in late", (entry.student for entry in who.entries if entry.work.late))
    _list(console, "Handed in as a team", _teams(who.entries))
    if people:
        strangers = (f"{each.student} ({each.learner})" for each in who.entries if not each.roster_id)
        _list(console, "Not in the roster, and called as in the download", strangers)
        _list(console, "In the roster, and nothing handed in", (person.student for person in who.without_work))
    _list(console, f"{COLLECTED} says otherwise, and stays as it is", done.differs)
    _list(console, "Replaced; what was there is in .replaced", done.replaced)
    _say_left_out(console, left_out)
    for path in (out / COLLECTED, write_left_out(out, left_out)):
        _say(console, f"  {path}")
    return 0


def _teams(entries: Sequence[NewEntry]) -> list[str]:
    return [" and ".join(team) for team in dict.fromkeys(entry.members for entry in entries) if team]


def _say_left_out(console: Console, left_out: Sequence[LeftAside]) -> None:
    for each in left_out[:_NAMED]:
        _say(console, f"Left out: {shown(each.path)}: {each.why}.")
    if len(left_out) > _NAMED:
        _say(console, f"… and {len(left_out) - _NAMED} more.")


def _list(console: Console, what: str, names: Iterable[str]) -> None:
    listed = [sanitized(name, 80) for name in names]
    if listed:
        more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
        _say(console, f"{what}: {', '.join(listed[:_NAMED])}{more}.")


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)
