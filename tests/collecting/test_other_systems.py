"""Gradescope's export, clones of GitHub Classroom, and folders as people make them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

ROSTER = """student,name,email,sis_id,github
al01,Ada Lovelace,ada@uni.example,12,ada-l
at02,Alan Turing,alan@uni.example,14,turing
eb03,Evelyn Boyd,evelyn@uni.example,15,l
"""
ADA, ALAN = ("Ada Lovelace", "12", "ada@uni.example"), ("Alan Turing", "14", "alan@uni.example")


def gradescope(*submissions: tuple[int, str, list[tuple[str, str, str]]]) -> dict[str, str]:
    """An export of (number, when, submitters), as Gradescope's Ruby writes it."""
    lines = ["---"]
    files = {}
    for number, when, submitters in submissions:
        lines += [f"submission_{number}:", "  :submitters:"]
        for name, sid, email in submitters:
            lines += [f"  - :name: {name}", f"    :sid: '{sid}'", f"    :email: {email}"]
        lines += [f"  :created_at: {when}.000000000 Z", "  :score: 3.0", "  :history:", "  - :id: 1"]
        files[f"assignment_7_export/submission_{number}/from_scratch.py"] = str(number)
    return {"assignment_7_export/submission_metadata.yml": "\n".join(lines) + "\n", **files}


def test_submissions_of_gradescope_come_with_their_times(packed: Callable, collect: Callable) -> None:
    export = gradescope((501, "2026-11-28 21:40:36", [ADA]), (502, "2026-11-29 08:00:00", [ALAN]))
    done = collect(packed(export), "gradescope", ROSTER)
    assert done.files == {"al01/from_scratch.py": "501", "at02/from_scratch.py": "502"}
    assert done.rows["al01"]["handed_in"] == "2026-11-28T21:40:36+00:00"
    assert (done.rows["al01"]["from_file"], done.rows["al01"]["members"]) == ("submission_501", "")
    assert not done.left_out


def test_each_member_of_a_team_has_the_team_s_work(packed: Callable, collect: Callable) -> None:
    done = collect(packed(gradescope((501, "2026-11-28 21:40:36", [ADA, ALAN]))), "gradescope", ROSTER)
    assert done.files == {"al01/from_scratch.py": "501", "at02/from_scratch.py": "501"}
    assert {name: row["members"] for name, row in done.rows.items()} == {
        **dict.fromkeys(("al01", "at02"), "al01; at02"),
        "eb03": "",
    }
    assert "Handed in as a team: al01 and at02." in done.said


def test_of_several_submissions_of_one_learner_the_newest_counts(packed: Callable, collect: Callable) -> None:
    export = gradescope((501, "2026-11-28 21:40:36", [ADA, ALAN]), (502, "2026-11-29 08:00:00", [ADA]))
    done = collect(packed(export), "gradescope", ROSTER)
    assert done.files == {"al01/from_scratch.py": "502", "at02/from_scratch.py": "501"}
    assert done.left_out == {"submission_501": '"submission_502" of "al01" is newer'}


@pytest.mark.parametrize("damage", ["", "- a list\n", "a: [", "submission_501: {':submitters': nobody}\n"])
def test_an_export_that_does_not_say_whose_it_is_is_refused(packed: Callable, collect: Callable, damage: str) -> None:
    export = gradescope((501, "2026-11-28 21:40:36", [ADA]))
    done = collect(packed({**export, "assignment_7_export/submission_metadata.yml": damage}), "gradescope", ROSTER)
    assert done.code == 2
    assert done.wrong.startswith("grader: ")
    assert not done.files


def test_metadata_that_would_run_something_runs_nothing(packed: Callable, collect: Callable, tmp_path: Path) -> None:
    export = gradescope((501, "2026-11-28 21:40:36", [ADA]))
    evil = f"submission_501: !!python/object/apply:os.mkdir ['{tmp_path / 'evil'}']\n"
    done = collect(packed({**export, "assignment_7_export/submission_metadata.yml": evil}), "gradescope")
    assert done.code == 2
    assert not (tmp_path / "evil").exists()


def test_a_clone_is_its_learner_s_by_all_that_follows_the_assignment_s_name(collect: Callable, tmp_path: Path) -> None:
    for clone in ("lab-1-ada-l", "lab-1-Turing", "lab-1-nobody", "lab-1-x-l"):
        (tmp_path / "clones" / clone / ".git").mkdir(parents=True)
        (tmp_path / "clones" / clone / ".git" / "config").write_text("[core]")
        (tmp_path / "clones" / clone / "from_scratch.py").write_text(clone)
    done = collect(tmp_path / "clones", "github", ROSTER)
    assert done.files == {
        "al01/from_scratch.py": "lab-1-ada-l",
        "at02/from_scratch.py": "lab-1-Turing",
        "lab-1-nobody/from_scratch.py": "lab-1-nobody",
        "lab-1-x-l/from_scratch.py": "lab-1-x-l",  # not of the learner who is called l
    }
    assert "nothing handed in: eb03." in done.said


@pytest.mark.parametrize("wrapped", ["", "submissions/"])
def test_a_folder_of_entries_is_matched_by_whatever_tells_learners_apart(
    packed: Callable, collect: Callable, wrapped: str
) -> None:
    names = ["ALAN@uni.example.zip", "Lovelace Ada/from_scratch.py", "15.ipynb"]
    done = collect(packed({wrapped + name: name for name in names}), "folder", ROSTER)
    assert done.files == {"at02.zip": names[0], "al01/from_scratch.py": names[1], "eb03.ipynb": names[2]}


def test_where_nothing_says_which_of_two_is_newer_none_is_taken(packed: Callable, collect: Callable) -> None:
    done = collect(
        packed({"al01.zip": "", "ada@uni.example.zip": "", "at02.zip": "", "notes.txt": ""}), "folder", ROSTER
    )
    assert done.files == {"at02.zip": ""}
    assert {*done.left_out} == {"al01.zip", "ada@uni.example.zip", "notes.txt"}
    assert "nothing says which is newer" in done.left_out["al01.zip"]
