"""The file that lists who is not in what was exported, or not with a grade, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.export.cells import shown
from grader.export.matching import LeftOut
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines, safe_cell


def left_out_path(out: Path, *, is_folder: bool) -> Path:
    """Where it lies: in the exported folder, or beside the exported file."""
    return out / "left-out.csv" if is_folder else out.with_name(f"{out.stem}.left-out.csv")


def write_left_out(path: Path, left_out: Sequence[LeftOut]) -> None:
    """Writes the list; when nobody is on it, it has nothing but its header, so that an old one can't mislead."""
    rows = [[safe_cell(each.student), shown(each.name), shown(each.why)] for each in left_out]
    write_atomically(path, csv_lines([["student", "name", "why"], *rows]))
