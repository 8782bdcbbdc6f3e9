"""Collecting again: nothing is written over in silence, and what was there can be had back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.results.data_files import plain_cell, safe_cell
from tests.collecting.test_other_systems import ADA, ALAN, ROSTER, gradescope


def test_new_work_replaces_what_was_there_which_is_kept(packed: Callable, collect: Callable) -> None:
    collect(packed({"a_11_1_x.zip": "first", "b_12_2_x.zip": "b"}), "canvas")
    again = collect(packed({"a_11_3_lesson.ipynb": "second", "b_12_2_x.zip": "b", "c_13_4_x.zip": "c"}), "canvas")
    assert again.files == {"11.ipynb": "second", "12.zip": "b", "13.zip": "c", ".replaced/1/11/11.zip": "first"}
    assert "out: 3 learners: 1 new, 1 replaced, 1 the same as before." in again.said
    assert "Replaced; what was there is in .replaced: 11." in again.said
    assert again.rows["11"]["from_file"] == "a_11_3_lesson.ipynb"
    third = collect(packed({"a_11_5_x.zip": "third"}), "canvas")
    assert third.files[".replaced/2/11/11.ipynb"] == "second"
    assert {*third.rows} == {"11", "12", "13"}


def test_a_folder_that_is_the_same_is_left_alone_and_one_that_differs_is_not(
    packed: Callable, collect: Callable
) -> None:
    files = {"a_11_1_f.py": "f", "a_11_2_g.py": "g"}
    collect(packed(files), "canvas")
    assert "1 the same as before." in collect(packed(files), "canvas").said
    again = collect(packed({**files, "a_11_2_g.py": "G"}), "canvas")
    assert again.files["11/g.py"] == "G"
    assert again.files[".replaced/1/11/11/g.py"] == "g"


def test_what_is_older_than_what_is_there_is_left_out(packed: Callable, collect: Callable) -> None:
    collect(packed(gradescope((502, "2026-11-29 08:00:00", [ADA]))), "gradescope", ROSTER)
    older = gradescope((501, "2026-11-28 21:40:36", [ADA]), (503, "2026-11-28 21:40:36", [ALAN]))
    again = collect(packed(older), "gradescope", ROSTER)
    assert again.files == {"al01/from_scratch.py": "502", "at02/from_scratch.py": "503"}
    assert again.left_out == {"submission_501": 'the entry "al01" is newer, and stays'}
    assert again.rows["al01"]["from_file"] == "submission_502"


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_is(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "11.zip").write_text("mine")
    done = collect(packed({"a_11_1_x.zip": "new"}), "canvas")
    assert (done.code, done.files, done.rows) == (2, {"11.zip": "mine"}, {})
    assert "nothing is written over" in done.wrong


def test_what_a_person_wrote_into_the_table_stays(packed: Callable, collect: Callable, tmp_path: Path) -> None:
    table = tmp_path / "out" / "collected.csv"
    table.parent.mkdir()
    table.write_text("student,handed_in,note\nzoe,2026-11-01T12:00,by mail\n11,,ill\n", encoding="utf-8")
    done = collect(packed({"a_11_1_x.zip": "new"}), "canvas")
    assert (done.code, done.files) == (0, {"11.zip": "new"})
    assert (done.rows["zoe"]["note"], done.rows["zoe"]["handed_in"]) == ("by mail", "2026-11-01T12:00")
    assert (done.rows["11"]["note"], done.rows["11"]["learner"]) == ("ill", "a")


def test_a_table_that_is_none_is_refused(packed: Callable, collect: Callable, tmp_path: Path) -> None:
    table = tmp_path / "out" / "collected.csv"
    table.parent.mkdir()
    for text in (b"name\nada\n", b"student\n\xff\xfe\n", b'student\n"ada\n', b"student,late\n,yes\n"):
        table.write_bytes(text)
        done = collect(packed({"a_11_1_x.zip": "new"}), "canvas")
        assert (done.code, done.files) == (2, {})
        assert table.read_bytes() == text


def test_a_collect_that_was_stopped_is_taken_up(packed: Callable, collect: Callable, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".collecting" / "12").mkdir(parents=True)  # half of an entry
    (out / "collected.csv").write_text("student,learner,roster_id,members,handed_in,late,from_file\n")
    (out / "11.zip").write_text("a")
    done = collect(packed({"a_11_1_x.zip": "a", "b_12_2_x.zip": "b"}), "canvas")
    assert done.files == {"11.zip": "a", "12.zip": "b"}
    assert {*done.rows} == {"11", "12"}


def test_a_folder_inside_the_download_is_refused(collect: Callable, tmp_path: Path) -> None:
    (tmp_path / "down").mkdir()
    (tmp_path / "down" / "ada.zip").write_text("x")
    assert "lies in" in collect(tmp_path / "down", "folder", out="down/out").wrong


def test_what_a_person_wrote_of_the_same_work_is_kept_and_what_a_download_says_otherwise_is_told(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    download = gradescope((501, "2024-11-28 21:40:36", [ADA]), (502, "2024-11-29 08:00:00", [ALAN]))
    collect(packed(download), "gradescope", ROSTER)
    table = tmp_path / "out" / "collected.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("2024-11-28T21:40:36+00:00", "2024-11-28 20:00Z"), encoding="utf-8")
    again = collect(packed(download), "gradescope", ROSTER)
    assert again.rows["al01"]["handed_in"] == "2024-11-28 20:00Z"
    assert (
        "collected.csv says otherwise, and stays as it is: al01, handed_in: 2024-11-28 20:00Z, not 2024" in again.said
    )
    assert again.rows["at02"]["handed_in"] == "2024-11-29T08:00:00+00:00"


def test_a_team_and_a_time_that_a_person_wrote_survive_another_collect(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    collect(packed({"a_11_1_x.zip": "first"}), "canvas")
    table = tmp_path / "out" / "collected.csv"
    table.write_text('student;members;handed_in;extension\n11;"11; 12";2024-11-28 20:00Z;2\n')
    same = collect(packed({"a_11_1_x.zip": "first"}), "canvas").rows["11"]
    assert (same["members"], same["handed_in"], same["extension"]) == ("11; 12", "2024-11-28 20:00Z", "2")
    other = collect(packed({"a_11_2_x.zip": "second"}), "canvas").rows["11"]
    assert (other["members"], other["handed_in"], other["extension"]) == ("11; 12", "", "2")


def test_more_time_comes_from_the_roster_and_whoever_handed_nothing_in_has_a_row(
    packed: Callable, collect: Callable
) -> None:
    roster = "student,name,canvas_id,Extension\nada,A,11,2 days\nbob,B,12,2024-12-20 23:59+01:00\n"
    done = collect(packed({"a_11_1_x.zip": "a"}), "canvas", roster)
    assert {name: (row["extension"], row["from_file"]) for name, row in done.rows.items()} == {
        "ada": ("2 days", "a_11_1_x.zip"),
        "bob": ("2024-12-20 23:59+01:00", ""),
    }
    again = collect(packed({"a_11_1_x.zip": "a", "b_12_2_x.zip": "b"}), "canvas", roster.replace("2 days", "3 days"))
    assert again.rows["bob"]["from_file"] == "b_12_2_x.zip"
    assert again.rows["ada"]["extension"] == "2 days"
    assert "stays as it is: ada, extension: 2 days, not 3 days." in again.said
    wrong = collect(packed({"a_11_1_x.zip": "a"}), "canvas", roster.replace("2 days", "soon"))
    assert (wrong.code, "line 2, column extension" in wrong.wrong) == (2, True)


def test_a_row_that_somebody_typed_with_the_name_as_it_is_stays_the_only_one(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    for name in ("'t-hooft", "=x", "''s"):
        roster = f"student,canvas_id\n{safe_cell(name)},11\n"
        out = f"out-{len(name)}"
        collect(packed({"a_11_1_x.zip": "first"}), "canvas", roster, out)
        table = tmp_path / out / "collected.csv"
        typed = name if plain_cell(name) == name else safe_cell(name)
        table.write_text(table.read_text().replace(safe_cell(name), typed))
        again = collect(packed({"a_11_1_x.zip": "first"}), "canvas", roster, out)
        assert again.code == 0, again.wrong
        assert len(table.read_text().splitlines()) == 2
        assert (tmp_path / out / f"{name}.zip").exists()
