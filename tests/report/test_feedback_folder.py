"""The output folder holds a page for each learner, and of earlier pages only what isn't ours."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, Course
from grader.core.errors import ResultsError
from grader.core.records import SubmissionResult
from grader.results.reports import write_reports
from grader.results.reports import write_reports as write

Make = Callable[..., SubmissionResult]
Render = Callable[..., list[Path]]


@pytest.fixture
def render(tmp_path: Path, course: Course, lesson: Assignment, result_of: Make) -> Render:
    def run(*students: str) -> list[Path]:
        return write_reports(tmp_path, lambda: map(result_of, sorted(students)), course, lesson)

    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_everything_is_written_and_named(tmp_path: Path, render: Render) -> None:
    files = render("ada", "bob")
    assert [path.name for path in files] == [
        "results.jsonl",
        "grades.csv",
        "mistakes.csv",
        "class.html",
        "feedback",
        "feedback_index.csv",
    ]
    assert names(tmp_path) == sorted(path.name for path in files)
    assert names(tmp_path / "feedback") == ["ada.html", "ada.txt", "bob.html", "bob.txt"]
    assert "Feedback for ada" in (tmp_path / "feedback" / "ada.txt").read_text(encoding="utf-8")


def test_the_index_leads_from_each_learner_to_their_page(tmp_path: Path, render: Render) -> None:
    render("=cmd()", "a/b", "Ada", "ada", "a\nb", "\udc80")
    with (tmp_path / "feedback_index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["'=cmd()", "Ada", "a\\nb", "a/b", "ada", "\\udc80"]
    for row in rows:
        shown = (tmp_path / "feedback" / row["text"]).read_text(encoding="utf-8")
        assert f"Feedback for {row['student'].lstrip(chr(39)).replace(chr(92) + 'n', ' ')}\n" in shown
        assert (tmp_path / "feedback" / row["html"]).exists()


def test_pages_of_learners_who_are_gone_are_removed_and_nothing_else(tmp_path: Path, render: Render) -> None:
    render("ada", "bob")
    (tmp_path / "feedback" / "mine.html").write_text("written by hand")
    render("ada")
    assert names(tmp_path / "feedback") == ["ada.html", "ada.txt", "mine.html"]


def test_an_index_that_was_tampered_with_removes_nothing_outside(tmp_path: Path, render: Render) -> None:
    render("ada")
    (tmp_path / "precious.txt").write_text("keep")
    (tmp_path / "feedback" / "notes.md").write_text("keep")
    index = tmp_path / "feedback_index.csv"
    with index.open("a", encoding="utf-8") as file:
        file.write(f"x,../precious.txt,notes.md\nx,{tmp_path}/precious.txt,..\nshort\n")
    render("ada")
    assert (tmp_path / "precious.txt").exists()
    assert names(tmp_path / "feedback") == ["ada.html", "ada.txt", "notes.md"]


def test_an_index_that_is_no_table_is_replaced(tmp_path: Path, render: Render) -> None:
    (tmp_path / "feedback_index.csv").write_bytes(b"\xff\x00" * 50)
    render("ada")
    assert (tmp_path / "feedback_index.csv").read_text() == "student,html,text\nada,ada.html,ada.txt\n"


def test_a_rendering_that_is_repeated_gives_the_same_bytes(tmp_path: Path, render: Render) -> None:
    render("ada", "a/b")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    render("ada", "a/b")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_folder_that_can_t_be_written_is_a_sentence(tmp_path: Path, render: Render) -> None:
    (tmp_path / "feedback").write_text("a file")
    with pytest.raises(ResultsError, match="can't be used for the feedback"):
        render("ada")
    (tmp_path / "results.jsonl").unlink()
    (tmp_path / "results.jsonl").mkdir()
    with pytest.raises(ResultsError, match="can't be written"):
        render("ada")


def test_an_empty_class_is_rendered_too(tmp_path: Path, render: Render) -> None:
    render()
    assert (tmp_path / "results.jsonl").read_text() == ""
    assert (tmp_path / "grades.csv").read_text() == "student,score,max_score,status,add,mean,plot\n"
    assert names(tmp_path / "feedback") == []


def test_the_package_exports_what_the_command_line_needs() -> None:
    assert write is write_reports
