"""`python -m grader export`: nobody is dropped, nothing is disturbed, and what goes wrong is a sentence."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from grader.cli import main
from grader.results.export.formats import FORMATS

Export = Callable[..., Any]
ONLY_IN_RESULTS = {"'=cmd()|x", "a\\nb", "\\u202eevil", "李", 'O\'Hara, "Zed"; Ann', "'@at"}


def listed(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row["why"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("format", FORMATS)
def test_who_is_left_out_is_on_the_terminal_and_in_a_file(export: Export, format: str) -> None:
    run = export(format)
    assert run.code == 0
    found = listed(run.left_out)
    assert found.keys() == ONLY_IN_RESULTS | {"nobody", "broken", "lost", "refused", "unseen"}
    assert all("not in the roster" in found[name] for name in ONLY_IN_RESULTS)
    assert "nothing handed in" in found["nobody"]
    assert "because of a failure on our side" in found["lost"]
    assert found["refused"].endswith("not graded, refused: There are 2 entries of this name.")
    assert found["unseen"].endswith("not graded, not found: There are 2 notebooks that differ.")
    for said in ("nobody", "李", "broken", "lost", str(run.left_out)):
        assert said in run.said
    assert "1 of them were graded with --sandbox none" in run.said


def test_when_nobody_is_left_out_any_more_the_list_is_empty(export: Export, tmp_path: Path) -> None:
    stale = tmp_path / "out.left-out.csv"
    stale.write_text("student,name,why\nghost,,x\n")
    run = export("csv", roster=None, name="out.csv")
    assert "ghost" not in run.left_out.read_text()


def test_the_results_are_only_read_and_the_same_export_gives_the_same_bytes(export: Export, small_class: Any) -> None:
    before = {path: path.read_bytes() for path in small_class.results.rglob("*") if path.is_file()}
    one, two = export("junit", name="one.xml"), export("junit", name="two.xml")
    assert one.out.read_bytes() == two.out.read_bytes()
    assert {path: path.read_bytes() for path in small_class.results.rglob("*") if path.is_file()} == before


def page_of_the_class(small_class: Any, out: Path, *more: str) -> int:
    given = ["--course", str(small_class.root), "export", "class-page", "--results", str(small_class.results)]
    return main([*given, "--out", str(out), *more])


def test_the_class_page_at_another_place_leads_to_the_same_pages(
    small_class: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert page_of_the_class(small_class, tmp_path / "page.html") == 0
    assert "for instructors only" in capsys.readouterr().out
    html, original = (each.read_text() for each in (tmp_path / "page.html", small_class.results / "class.html"))
    links = [unquote(link) for link in re.findall(r'<th scope="row"><a href="([^"]+)">', html)]
    assert len(links) == 17
    assert all((tmp_path / link).is_file() for link in links)
    assert re.sub('href="[^"]*feedback/', 'href="feedback/', html) == original


def test_the_page_to_show_in_class_names_nobody(small_class: Any, tmp_path: Path) -> None:
    out = tmp_path / "for-all.html"
    assert page_of_the_class(small_class, out, "--anonymous") == 0
    text = re.sub(r"<style>.*?</style>", "", out.read_text(), flags=re.DOTALL)
    assert "The lesson" in text
    assert [name for name in ("ada", "mended", "trusty", "Hara", "evil", "<a ", "<script") if name in text] == []
    assert page_of_the_class(small_class, tmp_path / "nowhere" / "page.html") == 2


@pytest.mark.parametrize(
    ("format", "made", "words"), [("canvas", "folder", "one file"), ("gradescope", "file", "folder")]
)
def test_a_file_where_a_folder_must_be_and_the_other_way_round(
    export: Export, tmp_path: Path, format: str, made: str, words: str
) -> None:
    (tmp_path / "out").mkdir() if made == "folder" else (tmp_path / "out").write_text("mine")
    run = export(format)
    assert run.code == 2
    assert words in run.said


def test_a_folder_with_other_things_in_it_is_left_alone(export: Export, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    run = export("gradescope")
    assert run.code == 2
    assert "holds other files" in run.said
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_broken_roster_stops_everything_before_anything_is_written(export: Export, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("student,email\nada,nonsense\n")
    run = export("canvas", roster=bad)
    assert run.code == 2
    assert "line 2, column email" in run.said
    assert not run.out.exists()


@pytest.mark.parametrize("format", FORMATS)
def test_a_roster_of_another_class_is_an_error_and_nothing_is_written(
    export: Export, tmp_path: Path, format: str
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("student,login\nadd,x1\nnobody-else,x2\n")
    run = export(format, roster=other)
    assert run.code == 2
    for words in ("None of the results is in the roster", '"add", "nobody-else"', 'Did you mean "add"?'):
        assert words in run.said
    assert not run.out.exists()
    assert not run.left_out.exists()


def test_logins_written_otherwise_are_exported_as_the_roster_writes_them(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "roster2.csv"
    path.write_text("sep=;\nstudent;login;Last Name;First Name\n ADA\u00a0;AL01;Lovelace;Ada\n", encoding="utf-8-sig")
    run = export("canvas", roster=path, name="canvas.csv")
    assert run.code == 0
    with run.out.open(encoding="utf-8", newline="") as file:
        (row,) = list(csv.DictReader(file))[1:]
    assert (row["Student"], row["SIS Login ID"]) == ("Lovelace, Ada", "AL01")


def test_no_results_and_an_unknown_format_are_sentences(kit: Callable[..., Any], tmp_path: Path) -> None:
    missing = kit("export", "canvas", "--results", tmp_path / "nowhere", "--out", tmp_path / "x.csv")
    assert missing.code == 2
    assert "There are no results in" in missing.stderr
    unknown = kit("export", "blackboard", "--results", tmp_path, "--out", tmp_path / "x.csv")
    assert unknown.code == 2
    assert "canvas" in unknown.stderr
    assert "Traceback" not in missing.text + unknown.text


def test_a_grading_that_has_not_ended_is_not_exported(small_class: Any, tmp_path: Path, export: Export) -> None:
    (small_class.results / "results.jsonl").rename(tmp_path / "away")
    try:
        run = export("csv", name="x.csv")
    finally:
        (tmp_path / "away").rename(small_class.results / "results.jsonl")
    assert run.code == 2
    assert "has not ended yet" in run.said


@pytest.mark.parametrize("command", ["export", "export gradescope-autograder", "export classroom-workflow"])
def test_the_help_is_worth_reading(kit: Callable[..., Any], command: str) -> None:
    run = kit(*command.split(), "--help")
    assert run.code == 0
    assert "--out" in run.stdout
    assert len(run.stdout.splitlines()) > 12
