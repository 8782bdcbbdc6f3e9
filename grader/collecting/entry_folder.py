"""The folder of submissions as `collect` leaves it: the entries, and `collected.csv`, which tells of each of them."""

from __future__ import annotations

import csv
import filecmp
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from grader.collecting.download import LeftAside, room_for
from grader.collecting.learners import NewEntry
from grader.collecting.systems import shown
from grader.core.errors import CollectError
from grader.core.files import write_report
from grader.core.sanitize import sanitized
from grader.grading.collect import COLLECTED, NOT_COLLECTED
from grader.results.data_files import csv_lines, safe_cell

COLUMNS = ("student", "learner", "roster_id", "members", "handed_in", "late", "from_file")
_ENDINGS = (".zip", ".ipynb")
_STAGING, _REPLACED = ".collecting", ".replaced"
_MOST_BYTES = 50_000_000
Row = dict[str, str]


@dataclass
class Outcome:
    """Whose entries are new, the same as before, or replaced by a newer one; and what was left out."""

    new: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    aside: list[LeftAside] = field(default_factory=list)


def put_entries(out: Path, entries: Sequence[NewEntry]) -> Outcome:
    """Write the entries into a folder that is new, empty, or of an earlier collect.

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
    elif there and handed_in and (before := _time(rows.get(key, {}))) and before > handed_in:
        why = f"the entry {shown(entry.student)} is newer, and stays"
        done.aside.append(LeftAside(entry.work.source, why))
        return
    else:
        if there:
            kept = _kept(out, entry.student)
            for path in there:
                path.rename(kept / path.name)
        made.rename(out / made.name)
        (done.replaced if there else done.new).append(entry.student)
    rows[key] = rows.get(key, {}) | {
        "student": key,
        "learner": safe_cell(entry.learner),
        "roster_id": safe_cell(entry.roster_id),
        "members": safe_cell("; ".join(entry.members)),
        "handed_in": handed_in.isoformat(timespec="seconds") if handed_in else "",
        "late": "yes" if entry.work.late else "",
        "from_file": safe_cell(entry.work.source),
    }


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


def _kept(out: Path, student: str) -> Path:
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
    if file.stat().st_size > _MOST_BYTES:
        raise CollectError(f"{file} is larger than {_MOST_BYTES / 1e6:.0f} MB. Is it the right file?")
    try:
        text = file.read_bytes().decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True, restval="", restkey=""))
    except UnicodeDecodeError:
        raise CollectError(f"{file}: expected UTF-8, found other bytes. Save it as CSV in UTF-8.") from None
    except csv.Error as error:
        raise CollectError(f"{file} is not a table of comma-separated values: {error}.") from None
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, 2):
        if not line.get("student"):
            raise CollectError(
                f'{file}, row {number}: there is nothing in a column "student"; expected the name of an entry. '
                f"Expected columns, separated by commas: {', '.join(COLUMNS)}."
            )
        rows[line["student"]] = {column: value for column, value in line.items() if column}
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
