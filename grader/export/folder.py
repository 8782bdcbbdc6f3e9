"""A folder with a file or two for each learner, and the list of which is whose."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.errors import ExportError
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines, safe_cell

INDEX = "files.csv"


def write_folder(folder: Path, files: Iterable[tuple[str, Mapping[str, str]]]) -> int:
    """Writes (student, texts by file name) into `folder`, and `files.csv`; gives how many students there were.

    Files that an earlier export listed there and this one doesn't have are removed; all others are left alone. Raises
    `ExportError` for a folder that holds other things, and `ResultsError` when a file can't be written.
    """
    before = _listed(folder)
    rows: list[list[str]] = []
    names: set[str] = set()
    for student, texts in files:
        rows.append([safe_cell(student), *texts])
        names.update(texts)
        for name, text in texts.items():
            write_atomically(folder / name, [text], durable=False)
    width = max((len(row) for row in rows), default=2) - 1
    header = ["student", "file", *(f"file_{number}" for number in range(2, width + 1))]
    write_atomically(folder / INDEX, csv_lines([header, *rows]))
    for stale in before - names:
        (folder / stale).unlink(missing_ok=True)
    return len(rows)


def _listed(folder: Path) -> set[str]:
    """The files that an earlier export made; the folder is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / INDEX).open(encoding="utf-8", newline="") as file:
            listed = {name for row in list(csv.reader(file))[1:] for name in row[1:]}
    except FileNotFoundError:
        if any(folder.iterdir()):
            raise ExportError(f"{folder} holds other files. Give a new or empty folder for --out.") from None
        return set()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ExportError(f"{folder} can't be used for the export: {error}.") from None
    return {name for name in listed if name and Path(name).name == name and name != INDEX}
