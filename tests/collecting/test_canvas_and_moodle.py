"""Downloads of Canvas and Moodle: every file finds its learner by the system's number, and none is lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading.collect import find_entries

GRADEBOOK = """Student,ID,SIS User ID,SIS Login ID,Section,Lesson (98765)
"    Points Possible",,,,,30
"Lovelace, Ada",12,S-12,al01,A,
"Turing, Alan",14,S-14,at02,A,
"Boyd, Evelyn",15,S-15,,A,
"Student, Test",99,,x,A,
"""
WORKSHEET = """Identifier,"Full name","Email address",Status,Grade
"Participant 812","Ada Lovelace",ada@uni.example,"Submitted",
"Participant 813","Alan Turing",alan@uni.example,"No submission",
"""


def test_an_entry_is_called_as_in_the_gradebook_of_canvas(packed: Callable, collect: Callable, tmp_path: Path) -> None:
    names = ["lovelaceada_12_9001_w.zip", "turingalan_LATE_14_9002_lesson.ipynb", "boydevelyn_15_9003_from_scratch.py"]
    done = collect(packed({name: name for name in names}), "canvas", GRADEBOOK)
    assert done.code == 0
    assert done.files == {"al01.zip": names[0], "at02.ipynb": names[1], "S-15/from_scratch.py": names[2]}
    assert [(row["student"], row["learner"], row["roster_id"], row["late"]) for row in done.rows.values()] == [
        ("S-15", "Boyd, Evelyn", "S-15", ""),
        ("al01", "Lovelace, Ada", "al01", ""),
        ("at02", "Turing, Alan", "at02", "yes"),
    ]
    assert done.rows["al01"]["from_file"] == names[0]
    assert "Handed in late: at02." in done.said
    found = find_entries(tmp_path / "out")
    assert [entry.student for entry in found.entries] == ["S-15", "al01", "at02"]
    assert found.strays == ()


def test_whoever_only_one_side_knows_is_named(packed: Callable, collect: Callable) -> None:
    done = collect(packed({"doejane_77_9001_w.zip": ""}), "canvas", GRADEBOOK)
    assert done.files == {"77.zip": ""}
    assert done.rows["77"]["roster_id"] == ""
    assert "Not in the roster, and called as in the download: 77 (doejane)." in done.said
    assert "In the roster, and nothing handed in: al01, at02, S-15." in done.said


def test_a_stranger_never_gets_the_name_of_somebody_else(packed: Callable, collect: Callable) -> None:
    roster = "student,canvas_id,name\n14,12,Ada\n"
    done = collect(packed({"a_12_9001_w.zip": "Ada's", "b_14_9002_w.zip": "a stranger's"}), "canvas", roster)
    assert done.files == {"14.zip": "Ada's"}
    assert 'the entry would be called "14": that is somebody else in the roster' in done.left_out["b_14_9002_w.zip"]


@pytest.mark.parametrize("ending", ["zip", "ZIP", "ipynb", "iPyNb"])
@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("lovelaceada_11_9001_work.{}", "canvas"),
        ("lovelaceada_LATE_11_9001_work-1.{}", "canvas"),
        ("lovelaceada_11_9001_work+(1).{}", "canvas"),
        ("submissions/lovelaceada_11_9001_work.{}", "canvas"),
        ("Ada Lovelace_11_assignsubmission_file_/work.{}", "moodle"),
        ("Ada Lovelace_11_assignsubmission_file_work.{}", "moodle"),
        ("Participant_11_assignsubmission_file/work (2).{}", "moodle"),
    ],
)
def test_an_archive_or_a_notebook_is_an_entry_whatever_the_case_of_its_ending(
    packed: Callable, collect: Callable, name: str, system: str, ending: str
) -> None:
    done = collect(packed({name.format(ending): "work"}), system)
    assert (done.files, done.left_out) == ({f"11.{ending.lower()}": "work"}, {})


@pytest.mark.parametrize(
    "name", ["from_scratch.py", "from_scratch+(12).py", "from_scratch-3.py", "from_scratch-1 (2).py"]
)
def test_a_number_that_was_put_behind_a_name_is_taken_off(packed: Callable, collect: Callable, name: str) -> None:
    done = collect(packed({f"d_14_9005_{name}": "one", "d_14_9006_with_torch.py": "two"}), "canvas")
    assert done.files == {"14/from_scratch.py": "one", "14/with_torch.py": "two"}
    deep = collect(packed({f"E F_15_assignsubmission_file_/deep/er/{name}": "three"}), "moodle", out="moodle")
    assert deep.files == {"15/deep/er/from_scratch.py": "three"}


@pytest.mark.parametrize(
    ("older", "newer", "system"),
    [
        ("c_13_9000_f-2.py", "c_13_9001_f-1.py", "canvas"),
        ("c_13_999_f.py", "c_13_1000_F (1).PY", "canvas"),
        ("C_13_assignsubmission_file_/f (9).py", "C_13_assignsubmission_file_/f (10).py", "moodle"),
        ("C_13_assignsubmission_file_/f.py", "C_13_assignsubmission_file_/f-1.py", "moodle"),
    ],
)
def test_of_several_files_of_one_name_the_newest_counts_and_the_others_are_listed(
    packed: Callable, collect: Callable, older: str, newer: str, system: str
) -> None:
    for names in ([older, newer], [newer, older]):
        done = collect(packed({name: name for name in names}), system, out=f"out-{names[0] == older}")
        assert [*done.files.values()] == [newer]
        assert done.left_out == {older: f'"{newer}" is newer, and has the same name'}


@pytest.mark.parametrize(
    "names", [["first.zip", "second.zip"], ["lesson.ipynb", "f.zip"], ["hw.tar.gz"], ["lesson.ipynb.txt"]]
)
def test_files_of_different_names_all_lie_in_the_entry(packed: Callable, collect: Callable, names: list[str]) -> None:
    done = collect(packed({f"c_13_{9000 + at}_{name}": name for at, name in enumerate(names)}), "canvas")
    assert done.files == {f"13/{name}": name for name in names}
    assert not done.left_out


def test_what_is_nobody_s_is_left_out_with_the_reason(packed: Callable, collect: Callable) -> None:
    names = ["index.html", "a_11_text.html", "a_LATE_11_link.html", "anon_x4k9d_9001_w.zip"]
    done = collect(packed(dict.fromkeys([*names, "__MACOSX/._b_12_9002_x.zip", "e_18_9004_x.zip"], "")), "canvas")
    assert done.files == {"18.zip": ""}
    assert [*done.left_out] == sorted(names, key=names.index) or {*done.left_out} == {*names}
    assert "typed into Canvas" in done.left_out["a_LATE_11_link.html"]
    assert "anonymous" in done.left_out["anon_x4k9d_9001_w.zip"]
    typed = "B_17_assignsubmission_onlinetext_/x.html"
    done = collect(packed({typed: "", "F_19_assignsubmission_file_/a.zip": ""}), "moodle", out="moodle")
    assert (done.files, done.left_out) == ({"19.zip": ""}, {typed: "a text that was typed into Moodle, and no file"})


def test_a_learner_s_own_file_name_can_t_make_it_somebody_else_s(packed: Callable, collect: Callable) -> None:
    canvas = collect(packed({"eve_13_9001_ada_12_9002_x.zip": "Eve's"}), "canvas", GRADEBOOK)
    assert canvas.files == {"13.zip": "Eve's"}
    inside = "Eve_814_assignsubmission_file_/Ada Lovelace_812_assignsubmission_file_/x.zip"
    moodle = collect(packed({inside: "Eve's"}), "moodle", WORKSHEET, out="moodle")
    assert {path.split("/")[0] for path in moodle.files} == {"814"}


def test_a_worksheet_of_moodle_is_the_roster_as_it_is(packed: Callable, collect: Callable) -> None:
    done = collect(packed({"Adah Lovelace_812_assignsubmission_file_/w.zip": ""}), "moodle", WORKSHEET)
    assert done.files == {"812.zip": ""}
    assert done.rows["812"]["learner"] == "Ada Lovelace"
    assert "In the roster, and nothing handed in: 813." in done.said


def test_in_another_roster_learners_of_moodle_are_found_by_their_names(packed: Callable, collect: Callable) -> None:
    roster = 'student,name\nal01,"Lovelace, Ada"\n812,Somebody Else\nm1,Ann Lee\nm2,Lee Ann\n'
    files = {
        "Ada Lovelace_812_assignsubmission_file_/w.zip": "Ada's",
        "Ann Lee_5_assignsubmission_file_/w.zip": "Ann's",
    }
    done = collect(packed(files), "moodle", roster)
    assert done.files == {"al01.zip": "Ada's", "5.zip": "Ann's"}


def test_the_wrong_system_is_named(packed: Callable, collect: Callable) -> None:
    done = collect(packed({"Ada_812_assignsubmission_file_/w.zip": ""}), "canvas")
    assert done.code == 2
    assert "It looks like a download from moodle: use --from moodle." in done.wrong
    assert not done.files
    assert "There is nothing in it" in collect(packed({}), "moodle").wrong


def test_a_name_that_can_t_be_an_entry_s_is_refused_before_anything_is_written(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    for student in ("../x", "a/b", ".hidden", "a.zip", "a" * 201):
        done = collect(packed({"a_12_9001_w.zip": ""}), "canvas", f"student,canvas_id\n{student},12\n")
        assert (done.code, "line 2: " in done.wrong) == (2, True)
        assert not (tmp_path / "out").exists()
