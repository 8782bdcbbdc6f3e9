"""`collected.csv` as `grade` reads it: whatever a person wrote there is taken as it was meant, or told with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main
from grader.collecting.collected_table import Collected, read_collected
from grader.course.load import load_course
from grader.grading.collect import find_entries
from tests.export.small_class import COURSE

DUE = "2024-12-14T23:59:00+01:00"
LATE = "[assignments.lesson.late]\ngrace_minutes = 15\npenalty_per_day = 0.1\nmax_penalty = 0.5\n"
HEAD = "student,members,handed_in,late,extension\n"
ZONE = 'name = "A small course"\ntime_zone = "Europe/Berlin"'

# What is wrong -> the table, and what must be said of it.
WRONG: dict[str, tuple[str | bytes, str]] = {
    "nothing at all": ("", "is empty"),
    "other bytes": (b"student\nad\xe4\n", "line 2: expected UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "expected UTF-8"),
    "a quote without an end": ('student\n"ada\n', "is not a table"),
    "no column student": ("name,handed_in\nada,\n", 'line 1: there is no column "student"'),
    "a slip in a heading": ("student,handedin\nada,\n", 'unknown column "handedin". Did you mean "handed_in"?'),
    "a slip behind a mark": ("\ufeffstudent,member\nada,\n", 'unknown column "member". Did you mean "members"?'),
    "a column twice": ("student,late,Late\nada,,\n", 'the column "late" is there twice'),
    "more cells than columns": ("student,handed_in\nada,2024-12-14,12:00\n", "line 2: has 3 cells"),
    "a row without a name": (HEAD + ",,2024-12-14 12:00Z,,\n", "line 2, column student: is empty"),
    "somebody unknown": (
        HEAD + "adda,,2024-12-14 12:00Z,,\n",
        'line 2, column student: "adda" is the name of no entry',
    ),
    "who might be meant": (HEAD + "adda,,,yes,\n", 'Did you mean "ada"?'),
    "somebody twice": (HEAD + "ada,,,,\nbob,,,,\nADA ,,,,\n", 'line 4, column student: "ada" is there twice: line 2'),
    "a date without a time": (HEAD + "ada,,2024-12-14,,\n", "line 2, column handed_in"),
    "a date as a spreadsheet shows it": (
        HEAD + "ada,,14.12.2024 23:10,,\n",
        "expected one like 2026-12-14 23:59+01:00",
    ),
    "a date that is none": (HEAD + "ada,,2024-02-30 12:00Z,,\n", "is not a date and time (day is out of range"),
    "words": (HEAD + "ada,,yesterday,,\n", '"yesterday" is not a date and time'),
    "no time zone": (HEAD + "ada,,2024-12-14 12:00,,\n", "has no time zone. Write its offset"),
    "a time to come": (
        HEAD + "ada,,2099-12-14 12:00Z,,\n",
        'line 2, column handed_in: "2099-12-14 12:00Z" is still to',
    ),
    "late in other words": (HEAD + "ada,,,2 days,\n", 'column late: "2 days" is neither yes nor no'),
    "an extension in words": (HEAD + "ada,,,,a week\n", 'column extension: "a week" is not a date and time'),
    "an extension without a zone": (HEAD + "ada,,,,2024-12-20 12:00\n", "column extension"),
    "an extension to the past": (HEAD + "ada,,,,2024-12-01 12:00Z\n", "is before the due date in course.toml"),
    "a team of one": (HEAD + "ada,ada,,,\n", 'column members: "ada" names one alone'),
    "a team in commas": (HEAD + '"ada","ada, bob",,,\n', "separated by semicolons"),
    "somebody twice in a team": (HEAD + "ada,ada; bob; ADA,,,\n", "names somebody twice"),
    "in two teams": (
        HEAD + "ada,ada; cat,,,\nbob,bob; cat,,,\n",
        'line 3, column members: "bob; cat" names "cat", who',
    ),
    "copies that differ": (
        HEAD + "ada,ada; dot,,,\ndot,ada; dot,,,\n",
        'line 2, column members: "ada; dot" have entries',
    ),
    "two times for one work": (
        HEAD + "ada,ada; bob,2024-12-14 12:00Z,,\nbob,ada; bob,2024-12-14 13:00Z,,\n",
        "line 3, column handed_in",
    ),
    "a member who is no name": (HEAD + "ada,ada; b/c,,,\n", 'has no name for "b/c": it has a slash'),
    "a member of the roster left out": (
        "student,roster_id,members\nada,ada,bob; cat\n",
        'leaves out "ada"; expected the whole team',
    ),
    "several at once": (HEAD + "ada,,x,,\nbob,,,x,\n", "line 3, column late"),
}


@pytest.fixture
def class_of(tmp_path: Path) -> Callable[..., Path]:
    """A course, and a folder of submissions with this table: ada and bob handed in the same, dot and team-7 others."""

    def make(table: str | bytes, course: str = COURSE) -> Path:
        text = course.replace('title = "The lesson"', f'title = "The lesson"\ndue = {DUE}') + LATE
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        for name, work in {"ada": "1", "bob": "1", "dot": "2", "team-7": "3"}.items():
            (tmp_path / "in" / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name / "first.py").write_text(work, encoding="utf-8")
        path = tmp_path / "in" / "collected.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        return tmp_path

    return make


@pytest.fixture
def read(class_of: Callable[..., Path]) -> Callable[..., Collected]:
    """What is read of a table."""

    def of(table: str | bytes, **more: str) -> Collected:
        root = class_of(table, **more)
        course = load_course(root)
        return read_collected(root / "in", find_entries(root / "in"), course, course.assignments["lesson"])

    return of


def test_a_wrong_table_is_told_with_its_line_and_column_before_anything_is_graded(
    class_of: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    failures = []
    for what, (table, told) in WRONG.items():
        root = class_of(table)
        before = (root / "in" / "collected.csv").read_bytes()
        code = main(["--course", str(root), "grade", str(root / "in"), "--out", str(root / "out"), "--sandbox", "none"])
        said = capsys.readouterr().err
        if code != 2 or told not in said or "Traceback" in said or "collected.csv" not in said:
            failures.append(f"{what}: {code}, {said!r}")
        if (root / "out").exists() or (root / "in" / "collected.csv").read_bytes() != before:
            failures.append(f"{what}: something was begun or written")
    assert failures == []


def test_every_row_that_is_wrong_is_told_at_once(
    class_of: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = class_of(HEAD + "ada,,x,x,x\nbob,bob,,,\nnobody,,,yes,\n")
    main(["--course", str(root), "grade", str(root / "in"), "--out", str(root / "out"), "--sandbox", "none"])
    places = [
        line.split(": ")[-2].rpartition("collected.csv, ")[2] for line in capsys.readouterr().err.splitlines()[:5]
    ]
    assert len(places) == 5


# How it is written -> the table. All of them say that ada came 1 day and 10 hours after it was due.
WAYS: dict[str, str | bytes] = {
    "commas": HEAD + "ada,,2024-12-16T09:59:00+01:00,,\n",
    "semicolons, as spreadsheets write them": "\ufeffstudent;members;handed_in\r\nada;;2024-12-16 08:59Z\r\n",
    "tabs, in UTF-16": "student\thanded_in\nada\t2024-12-16 08:59 UTC\n".encode("utf-16"),
    "a line for a spreadsheet": "sep=;\nstudent;handed_in\nada;2024-12-16 09:59 +0100\n",
    "other capitals, spaces and columns": "Note , Student,HANDED IN\n\nill, ADA ,2024-12-16 09:59:00.5+01:00\n",
    "every cell in quotes": '"student","handed_in"\n"ada","2024-12-16 03:59-05:00"\n',
    "the course's time zone": HEAD + "ada,,2024-12-16 09:59,,\n",
    "half an extension of nothing": HEAD + "ada,,2024-12-16 09:59+01:00,yes,0\n",
}


def test_what_people_and_spreadsheets_write_is_read_as_it_was_meant(read: Callable[..., Collected]) -> None:
    failures = []
    for what, table in WAYS.items():
        found = read(table, course=COURSE.replace('name = "A small course"', ZONE)).hand_ins["ada"].lateness
        if found is None or (found.words, round(found.share, 4)) != ("1 day and 10 hours", 0.2):
            failures.append(f"{what}: {found}")
    assert failures == []


def test_an_hour_that_is_there_twice_or_never_is_asked_about(read: Callable[..., Collected]) -> None:
    for night in ("2024-10-27 02:30", "2024-03-31 02:30"):
        with pytest.raises(Exception, match="is an hour in which the clocks of Europe/Berlin are changed"):
            read(HEAD + f"ada,,{night},,\n", course=COURSE.replace('name = "A small course"', ZONE))
        assert read(HEAD + f"ada,,{night}+01:00,,\n").hand_ins["ada"].lateness


def test_an_extension_moves_the_due_date_of_one_learner(read: Callable[..., Collected]) -> None:
    said = {
        "2": 0,
        "1": 0.1,
        "36 hours": 0,
        "1.5 days": 0,
        "2024-12-16 23:59+01:00": 0,
        "2024-12-15 23:59Z": 0.1,
        "": 0.2,
    }
    found = {
        extension: read(HEAD + f"ada,,2024-12-16 09:59+01:00,,{extension}\n").hand_ins["ada"].lateness
        for extension in said
    }
    assert {extension: round(late.share, 4) for extension, late in found.items() if late} == said


def test_without_a_time_or_a_due_date_lateness_isn_t_known(read: Callable[..., Collected]) -> None:
    found = read(HEAD + "ada,,,yes,\nbob,,,no,\ndot,,,,3\n").hand_ins
    assert all(known.lateness is None for known in found.values())
    assert {name for name, known in found.items() if known.time_missing} == {"ada"}
    assert read(HEAD).hand_ins == {}


def test_a_team_s_work_is_one_entry_for_all_members(read: Callable[..., Collected]) -> None:
    copies = read(HEAD + "ada,ada; bob,,,\nbob,bob; ada,,,\n")
    assert copies.teams == {"ada": ("ada", "bob")}
    assert [entry.student for entry in copies.entries] == ["ada", "dot", "team-7"]
    by_name = read(HEAD + "team-7,cat; =eve,2024-12-14 12:00Z,,\ncat,,,,2\n")
    assert by_name.teams == {"team-7": ("cat", "=eve")}
    assert by_name.hand_ins["=eve"].members == by_name.hand_ins["cat"].members == ("cat", "=eve")
    assert by_name.hand_ins["cat"].lateness is not None
    assert (by_name.hand_ins["cat"].lateness.due[:10], by_name.hand_ins["=eve"].lateness.due[:10]) == (  # type: ignore[union-attr]
        "2024-12-16",
        "2024-12-14",
    )
    own = read(HEAD + "dot,dot; ada,,,\nada,,,,\n")
    assert own.teams == {}
    assert own.hand_ins["ada"].members == own.hand_ins["dot"].members == ()


def test_whoever_has_a_row_alone_handed_nothing_in_and_strangers_are_known(read: Callable[..., Collected]) -> None:
    found = read("student,roster_id,from_file\nada,ada,a.zip\nbob,,b.zip\neve,eve,\n")
    assert {name: known.in_roster for name, known in found.hand_ins.items()} == {"ada": True, "bob": False, "eve": True}
    assert found.without_row == ("dot", "team-7")
    assert found.learners_of(found.entries) == {"ada", "bob", "dot", "team-7"}
