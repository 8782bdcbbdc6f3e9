"""Canvas's gradebook, read as lib/gradebook_importer.rb of canvas-lms reads it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.export.small_class import ROSTER

Export = Callable[..., Any]


class Importer:
    """What Canvas makes of a file. `students` are those of its course: (canvas id, SIS id, login, name)."""

    def __init__(self, path: Path, students: list[tuple[str, str, str, str]]) -> None:
        first = path.read_text(encoding="utf-8").splitlines(keepends=True)[:3]
        fields = {
            separator: {len(next(csv.reader([line], delimiter=separator))) for line in first} for separator in ";,"
        }
        counts = {separator: next(iter(found)) if len(found) == 1 else 0 for separator, found in fields.items()}
        self.delimiter = ";" if counts[";"] > counts[","] else ","
        self.students = students
        self.points_possible = ""
        self.grades: dict[str, str] = {}  # by Canvas's ID
        self.unknown: list[str] = []
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file, delimiter=self.delimiter, strict=True)
        self._header(header)
        for row in rows:
            assert len(row) == len(header)
            self._row(row)

    def _header(self, row: list[str]) -> None:
        assert len(row) > 3
        assert "Student" in row[0]
        assert "ID" in row[1]
        columns, self.login, self.sis = 3, -1, -1
        if re.search(r"SIS\s+Login\s+ID", row[2]):
            self.login, columns = 2, 4
        elif re.search(r"SIS\s+User\s+ID", row[2]) and re.search(r"SIS\s+Login\s+ID", row[3]):
            self.sis, self.login, columns = 2, 3, 5
        assert "Section" in row[columns - 1]
        assignments = [each for each in row[columns:] if not re.search("Current|Final|Override", each)]
        assert len(assignments) == 1
        self.title, self.column = assignments[0], row.index(assignments[0])

    def _row(self, row: list[str]) -> None:
        if "Points Possible" in row[0]:
            self.points_possible = row[self.column]
            return
        found = [s for s in self.students if row[1] and s[0] == row[1]]
        found = found or [s for s in self.students if row[self.sis] and s[1] == row[self.sis]]
        found = found or [s for s in self.students if row[self.login] and s[2] == row[self.login]]
        found = found or [s for s in self.students if s[3] == row[0]]
        if found:
            self.grades[found[0][0]] = row[self.column]
        else:
            self.unknown.append(row[0])


def everybody() -> list[tuple[str, str, str, str]]:
    rows = csv.DictReader(ROSTER.splitlines())
    return [(row["canvas_id"], row["sis_id"], row["login"], row["name"]) for row in rows]


FINAL = {"11": "5", "12": "3.5", "14": "4", "15": "3", "18": "2", "21": "2", "22": "2.5"}


def test_everybody_with_final_points_is_found_and_nobody_else_is_touched(export: Export) -> None:
    run = export("canvas", name="canvas.csv")
    book = Importer(run.out, everybody())
    assert book.grades == FINAL
    assert not book.unknown
    assert (book.title, book.points_possible) == ("The lesson", "5")


def test_the_login_alone_is_enough_to_match_on(export: Export, tmp_path: Path) -> None:
    rows = list(csv.DictReader(ROSTER.splitlines()))
    few = tmp_path / "few.csv"
    few.write_text("student,login\n" + "".join(f"{row['student']},{row['login']}\n" for row in rows), encoding="utf-8")
    run = export("canvas", roster=few, name="canvas.csv")
    nameless = [(canvas, "", login, "somebody") for canvas, _, login, _ in everybody()]
    assert Importer(run.out, nameless).grades == FINAL
    assert "matched by SIS Login ID" in run.said


def test_names_are_safe_in_a_spreadsheet_and_ids_are_exact(export: Export) -> None:
    with export("canvas", name="canvas.csv").out.open(encoding="utf-8", newline="") as file:
        rows = {row["ID"]: row for row in csv.DictReader(file)}
    assert rows["12"]["Student"] == "'=Zoë()"
    assert rows["11"]["Student"] == "Lovelace, Ada"
    assert rows["11"]["Section"] == 'One; and "two"'
    assert [rows["12"][column] for column in ("SIS User ID", "SIS Login ID")] == ["S2", "zo02"]


def test_without_a_roster_names_that_cannot_be_logins_are_left_out(export: Export) -> None:
    run = export("canvas", roster=None, name="canvas.csv")
    with run.out.open(encoding="utf-8", newline="") as file:
        logins = [row["SIS Login ID"] for row in csv.DictReader(file)]
    assert "ada" in logins
    assert not [login for login in logins if login.lstrip().startswith(("=", "@")) or "\n" in login]
    assert "give a roster" in run.left_out.read_text()
    assert "the name of each entry is taken for the login" in run.said


def test_canvas_s_own_gradebook_gives_the_column_its_id(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "canvas-export.csv"
    path.write_text(
        "Student,ID,SIS Login ID,Section,Other (1),The lesson (98765)\n    Points Possible,,,,1,5\nAda,11,ada,One,,\n"
    )
    run = export("canvas", roster=path, name="canvas.csv")
    book = Importer(run.out, [("11", "", "ada", "Ada")])
    assert book.title == "The lesson (98765)"
    assert book.grades == {"11": "5"}


def test_a_column_of_one_s_own_choice(export: Export) -> None:
    run = export("canvas", "--column", "Homework 1 (42)", name="canvas.csv")
    assert Importer(run.out, everybody()).title == "Homework 1 (42)"


@pytest.mark.parametrize("column", ["Final Score", "Section", "=x", "two\nlines"])
def test_a_column_that_canvas_would_not_take_is_refused(export: Export, column: str) -> None:
    run = export("canvas", "--column", column, name="canvas.csv")
    assert run.code == 2
    assert "--column" in run.said
    assert not run.out.exists()


def test_a_learner_called_like_canvas_s_own_row_is_not_lost(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "roster2.csv"
    path.write_text("student,name,login\nada,Points Possible Jr.,al01\n")
    run = export("canvas", roster=path, name="canvas.csv")
    assert Importer(run.out, [("11", "", "al01", "x")]).grades == {"11": "5"}
