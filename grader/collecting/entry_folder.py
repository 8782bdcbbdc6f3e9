"""The folder of submissions as `collect` leaves it: the entries, and `collected.csv`, which tells of each of them."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from grader.collecting.collected_table import COLUMNS, Row, read_table
from grader.collecting.download import LeftAside, room_for
from grader.collecting.learners import NewEntry
from grader.collecting.systems import shown
from grader.core.errors import CollectError
from grader.core.files import write_report
from grader.core.sanitize import sanitized
from grader.grading.collect import COLLECTED, NOT_COLLECTED
from grader.results.data_files import csv_lines, plain_cell, safe_cell
from grader.results.export.roster import Person, trimmed

_ENDINGS = (".zip", ".ipynb")
_STAGING, _REPLACED = ".collecting", ".replaced"
# What a person may have written, and isn't written over with what a download says of the same work.
_KEPT = ("members", "handed_in", "late", "extension")


@dataclass
class Outcome:
    """Whose entries are new, the same as before, or replaced by a newer one; what was left out; and what the table says
    otherwise than the download or the roster, which stays."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    aside: list[LeftAside] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


def put_entries(out: Path, entries: Sequence[NewEntry], without_work: Iterable[Person] = ()) -> Outcome:
    """Write the entries into a folder that is new, empty, or of an earlier collect; `without_work` have a row alone.

    What is replaced is moved to `.replaced` in it. Each entry is there whole or not at all; a collect that was stopped
    is taken up by the next one. Raises `CollectError` when the folder holds anything else, or can't be written.
    """
    try:
        rows = _earlier(out)
        out.mkdir(parents=True, exist_ok=True)
        # A team's work is written once for each member.
        room_for(sum(piece.size for entry in entries for _, piece in entry.work.files), out)
        _write_rows(out, rows)  # from now on, the folder is one of an earlier collect
        done = Outcome()
        with _staging(out) as staging:
            for entry in entries:
                _put(out, staging, entry, rows, done)
        for person in without_work:
            _note_without_work(rows, person, done)
        _write_rows(out, rows)
    except OSError as error:
        raise CollectError(
            f'"{sanitized(error.filename or out, 300)}": {error.strerror or error}. What was collected until '
            "then is whole; run it again to go on."
        ) from None
    return done


def write_left_out(out: Path, aside: Iterable[LeftAside]) -> Path:
    """Write what is in no entry, or nothing but the header, so that no old list misleads. Raises `ResultsError`."""
    rows = [[safe_cell(each.path), safe_cell(each.why)] for each in aside]
    write_report(out / NOT_COLLECTED, csv_lines([["file", "why"], *rows]))
    return out / NOT_COLLECTED


def _put(out: Path, staging: Path, entry: NewEntry, rows: dict[str, Row], done: Outcome) -> None:
    made, unread = _staged(staging, entry)
    done.aside += unread
    if made is None:
        return
    key = safe_cell(entry.student)
    there = [path for ending in ("", *_ENDINGS) if os.path.lexists(path := out / (entry.student + ending))]
    handed_in = entry.work.handed_in
    if [path.name for path in there] == [made.name] and _is_same(there[0], made):
        done.same.append(entry.student)
    elif there and handed_in and (earlier := _time(rows.get(key, {}))) and earlier > handed_in:
        why = f"the entry {shown(entry.student)} is newer, and stays"
        done.aside.append(LeftAside(entry.work.source, why))
        return
    else:
        if there:
            moved_to = _moved_to(out, entry.student)
            for path in there:
                path.rename(moved_to / path.name)
        made.rename(out / made.name)
        (done.replaced if there else done.new).append(entry.student)
    before = rows.get(key, dict.fromkeys(COLUMNS, ""))
    said = {
        "members": safe_cell("; ".join(entry.members)),
        "handed_in": handed_in.isoformat(timespec="seconds") if handed_in else "",
        "late": "yes" if entry.work.late else "",
        "extension": safe_cell(entry.extension),
    }
    new = {"student": key, "learner": safe_cell(entry.learner), "roster_id": safe_cell(entry.roster_id)}
    kept = _of_other_work(before, rows) if entry.student in done.replaced else _KEPT
    rows[key] = before | new | _merged(key, before, said, kept, done) | {"from_file": safe_cell(entry.work.source)}


def _of_other_work(before: Row, rows: Mapping[str, Row]) -> tuple[str, ...]:
    """What stays of a row whose work is replaced: an extension, and a team of which one alone has an entry."""
    members = [name.strip() for name in plain_cell(before["members"]).split(";")]
    is_only_one = sum(bool(rows[key]["from_file"]) for key in map(safe_cell, members) if key in rows) < 2
    return ("extension", "members") if is_only_one else ("extension",)


def _merged(key: str, before: Row, said: Row, kept: Sequence[str], done: Outcome) -> Row:
    """What is said now; of the `kept` columns, what is there already, if anything is."""
    stays = {column: before[column] for column in kept if before[column]}
    for column, value in stays.items():
        if plain_cell(said[column]) not in ("", plain_cell(value)):
            done.differs.append(f"{key}, {column}: {value}, not {said[column]}")
    return said | stays


def _note_without_work(rows: dict[str, Row], person: Person, done: Outcome) -> None:
    """A row for somebody of the roster who handed nothing in, unless there is work of an earlier download."""
    key = safe_cell(trimmed(person.student))
    before = rows.get(key, dict.fromkeys(COLUMNS, ""))
    if not before["from_file"]:
        new = {"student": key, "learner": safe_cell(person.name), "roster_id": safe_cell(person.student)}
        rows[key] = before | new | _merged(key, before, {"extension": safe_cell(person.extension)}, ["extension"], done)


def _staged(staging: Path, entry: NewEntry) -> tuple[Path | None, list[LeftAside]]:
    """The entry, made where nobody looks yet: a lone archive or notebook as it is, all else as a folder."""
    files = entry.work.files
    ending = PurePosixPath(files[0][0]).suffix.lower()
    is_alone = len(files) == 1 and "/" not in files[0][0] and ending in _ENDINGS
    made = staging / (entry.student + (ending if is_alone else ""))
    aside: list[LeftAside] = []
    for path, piece in files:
        target = made if is_alone else made / path
        try:
            why = piece.copy_to(target)
        except (FileExistsError, NotADirectoryError):
            why = "a file and a folder of one name can't lie in one place"
        else:
            if why:
                target.unlink()
        if why:
            aside.append(LeftAside(piece.path, why))
    has_any = len(aside) < len(files)
    if not has_any and made.is_dir():
        shutil.rmtree(made)
    return made if has_any else None, aside


def _is_same(one: Path, other: Path) -> bool:
    if one.is_symlink() or one.is_dir() != other.is_dir():
        return False
    if one.is_file():
        return filecmp.cmp(one, other, shallow=False)
    there, new = ({path.relative_to(top): path for path in top.rglob("*") if path.is_file()} for top in (one, other))
    return there.keys() == new.keys() and all(filecmp.cmp(there[name], new[name], shallow=False) for name in new)


def _moved_to(out: Path, student: str) -> Path:
    """A new folder for what is replaced."""
    number = 1
    while (kept := out / _REPLACED / str(number) / student).exists():
        number += 1
    kept.mkdir(parents=True)
    return kept


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """A hidden folder in the same file system; what a stopped collect left in it is nothing that counts."""
    staging = out / _STAGING
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _earlier(out: Path) -> dict[str, Row]:
    """What an earlier collect wrote of each entry. Raises `CollectError` when the folder is of somebody else."""
    file = out / COLLECTED
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return {}
    if not out.is_dir():
        raise CollectError(f"{out} is a file. Give a folder to write entries into.")
    if not file.is_file():
        raise CollectError(
            f"{out} holds something already, and no {COLLECTED} of an earlier collect. Give a new folder: nothing is "
            "written over."
        )
    rows: dict[str, Row] = {}
    for number, row in read_table(file):
        if rows.setdefault(safe_cell(plain_cell(row["student"])), row) is not row:
            raise CollectError(f"{file}, line {number}, column student: {shown(row['student'])} is there twice.")
    return rows


def _write_rows(out: Path, rows: Mapping[str, Row]) -> None:
    """The table, sorted. Columns that a person added stay."""
    more = dict.fromkeys(column for row in rows.values() for column in row if column not in COLUMNS)
    columns = [*COLUMNS, *more]
    lines = [[rows[student].get(column, "") for column in columns] for student in sorted(rows)]
    write_report(out / COLLECTED, csv_lines([columns, *lines]))


def _time(row: Mapping[str, str]) -> datetime | None:
    try:
        time = datetime.fromisoformat(row.get("handed_in", ""))
    except ValueError:
        return None
    return time if time.tzinfo else time.astimezone()
