"""One comment for all alike: `groups`, `comment` and `override` for a group, a learner and everybody, as they are typed."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.course.load import load_course
from grader.results.nbgrader.gradebook import marks_of, notes_of
from grader.results.store import snapshot
from tests.conftest import Run
from tests.grading.test_regrade import RIGHT, made, replaced

pytestmark = pytest.mark.slow

Kit = Callable[..., Any]
THIRD = "def half(x):\n    return x / 3\n"
# Only names, comments and layout are others.
THIRD_TOO = 'def half(numbers):\n    """A part."""\n    # of three\n    return (numbers\n            / 3)\n'
THIRD_IN_ANOTHER_WAY = "def half(x):\n    part = x * 2\n    return part / 6\n"
MORE = "def half(x):\n    return x / 2 + 1\n"
MORE_FOR_SOME = "def half(x):\n    return x / 2 + (x > 1)\n"
CLASS = {
    "ada": RIGHT["half"],
    "bob": THIRD,
    "cy": THIRD_TOO,
    "dan": THIRD_IN_ANOTHER_WAY,
    "eve": MORE,
    "fay": MORE_FOR_SOME,
}
TEXT = "Two halves make a whole; do two of yours?"
HOSTILE = "=cmd()|'/c calc'!A1 <script>alert(1)</script> \x1b[31mred \u202egnirts"


def hand_in(folder: Path, student: str, half: str) -> None:
    place = folder / "in" / student
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "numbers.py").write_text("\n\n".join({**RIGHT, "half": half}.values()))


@pytest.fixture(autouse=True)
def _as_wide_as_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, kit: Kit) -> Path:
    """A class of six, graded: three make a third of it, in two ways of writing; two add something."""
    folder = tmp_path_factory.mktemp("class")
    made(folder)
    shutil.rmtree(folder / "in")
    for student, half in CLASS.items():
        hand_in(folder, student, half)
    grade(kit, folder, "--seed", 5)
    return folder


@pytest.fixture
def here(graded: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    shutil.copytree(graded, tmp_path / "class")
    return tmp_path / "class"


def grade(kit: Kit, folder: Path, *more: object) -> Run:
    command = ("--course", folder / "course", "grade", folder / "in", "--jobs", 1, *more)
    run = kit(*command, out=folder / "out", cwd=folder)
    assert run.code == 0, run.text
    return run


def typed(folder: Path, *words: str, code: int = 0) -> Run:
    """The same for a command that grades nothing, in this process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    command = ["--course", str(folder / "course"), *words, "--results", str(folder / "out")]
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        given = main(command)
    run = Run(given, stdout.getvalue(), stderr.getvalue(), folder / "out")
    assert run.code == code, run.text
    return run


def group_of(folder: Path) -> str:
    """The id of the only group that has several learners."""
    rows = re.findall(r"^(half-\w+) +(\d+)", typed(folder, "groups").stdout, re.MULTILINE)
    assert len(rows) == 1, rows
    return str(rows[0][0])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def scores(run: Any) -> dict[str, float]:
    return {student: record["exercises"]["half"]["score"] for student, record in run.results.items()}


def comments(run: Any) -> dict[str, list[str]]:
    return {
        student: [f"{each['exercise']}: {each['text']}" for each in record.get("comments", ())]
        for student, record in run.results.items()
    }


def exported(folder: Path, format: str, name: str) -> Path:
    typed(folder, "export", format, "--out", str(folder / name))
    return folder / name


def test_answers_that_behave_alike_are_listed_and_within_them_those_written_alike(graded: Path) -> None:
    listed = typed(graded, "groups").stdout
    group = group_of(graded)
    assert re.search(rf"^{group} +3 +in 2 ways", listed, re.MULTILINE), listed
    assert "2 other answers behave like no other: see --alone." in listed
    assert len(re.findall("^half-", typed(graded, "groups", "--alone").stdout, re.MULTILINE)) == 3
    one = typed(graded, "groups", group).stdout.splitlines()
    assert one[0].endswith("3 learners, written in 2 ways.")
    assert one[1:3] == ["  bob, cy", "  dan"]
    assert f"  python -m grader comment set {group} TEXT --results {graded / 'out'}" in one
    page = unescape((graded / "out" / "class.html").read_text())
    assert f"python -m grader comment set {group} TEXT" in page
    assert typed(graded, "groups", "--exercise", "double").stdout == "There are no groups.\n"


def test_a_comment_and_points_for_a_group_reach_every_report_and_survive_changed_checks(here: Path, kit: Kit) -> None:
    """Page, history, Canvas, Moodle, Gradescope and nbgrader; and later submissions that behave the same."""
    group = group_of(here)
    run = typed(here, "comment", group, TEXT, "--by", "helena")
    assert f"group {group}, 3 learners: {TEXT}" in run.stdout
    run = typed(here, "override", "set", group, "0.5", "--reason", "Nearly.", "--by", "helena")
    assert f"group {group}, 3 learners: 0.5 of 1 points, set by helena: Nearly." in run.stdout
    replaced(here / "course/solutions/numbers/hidden/test_half.py", "draw.tensor(3)", "draw.tensor(4)")
    hand_in(here, "gus", "def half(a):\n    return (a + a) / 6\n")
    hand_in(here, "hal", MORE)
    run = grade(kit, here, "--resume")
    assert scores(run) == {"ada": 1, "bob": 0.5, "cy": 0.5, "dan": 0.5, "eve": 0, "fay": 0, "gus": 0.5, "hal": 0}
    theirs = {"bob", "cy", "dan", "gus"}
    assert {student for student, found in comments(run).items() if found == [f"half: {TEXT}"]} == theirs
    assert group not in typed(here, "groups", "--alone").stdout
    assert f"With other checks, the group {group} went on as half-" in typed(here, "groups", group, code=2).stderr

    moodle = rows_of(exported(here, "moodle", "moodle.csv"))
    canvas = {row["SIS Login ID"]: row for row in rows_of(exported(here, "canvas", "canvas.csv"))}
    gradescope = exported(here, "gradescope", "gradescope")
    course = load_course(here / "course")
    assignment = course.assignments["numbers"]
    with snapshot(here / "out") as store:
        results = {result.student: result for result in store.results()}
    for student in run.results:
        told = {
            "text": (here / "out/feedback" / f"{student}.txt").read_text(),
            "html": unescape((here / "out/feedback" / f"{student}.html").read_text()),
            "moodle": unescape(next(r for r in moodle if r["Username"] == student)["Numbers (feedback)"]),
            "gradescope": json.dumps(json.loads((gradescope / f"{student}.json").read_text())["tests"]),
            "nbgrader": next(m.comment for m in marks_of(results[student], course, assignment) if m.exercise == "half"),
        }
        for where, text in told.items():
            text = " ".join(text.split())
            assert (f"Comment: {TEXT} (" in text) == (student in theirs), (student, where)
            assert "helena" not in text, (student, where)
        assert ("set by a person: Nearly." in told["text"]) == (student in theirs)
        assert float(canvas[student]["Numbers"]) == run.results[student]["score"]
        half = next(m for m in marks_of(results[student], course, assignment) if m.exercise == "half")
        assert half.share == run.results[student]["exercises"]["half"]["score"]
    (row,) = rows_of(here / "out/comments.csv")
    assert (row["group"], row["comment"], row["by"], row["in_force"]) == (group, TEXT, "helena", "yes")


def test_whoever_hands_in_again_and_behaves_otherwise_loses_them_and_only_now_is_for_those_of_now(
    here: Path, kit: Kit
) -> None:
    group = group_of(here)
    typed(here, "comment", "set", group, "For all.")
    typed(here, "comment", "set", group, "For you three.", "--only-now")
    hand_in(here, "bob", MORE)
    hand_in(here, "gus", THIRD)
    assert comments(grade(kit, here, "--resume")) == {
        "ada": [],
        "bob": ["half: For you three."],
        "cy": ["half: For all.", "half: For you three."],
        "dan": ["half: For all.", "half: For you three."],
        "eve": [],
        "fay": [],
        "gus": ["half: For all."],
    }


def test_a_learner_everybody_an_exercise_and_a_whole_submission_can_be_meant(here: Path) -> None:
    typed(here, "comment", "set", "ada", "All of it is clear.")
    typed(here, "comment", "set", "ada", "half", "The shortest in class.")
    typed(here, "comment", "set", "everybody", "half", "We go through it on Monday.")
    run = typed(here, "override", "set", "everybody", "half", "full", "--reason", "The text was wrong.")
    assert set(scores(run).values()) == {1.0}
    assert comments(run)["ada"] == [
        "None: All of it is clear.",
        "half: The shortest in class.",
        "half: We go through it on Monday.",
    ]
    assert comments(run)["eve"] == ["half: We go through it on Monday."]
    page = (here / "out/feedback/ada.txt").read_text()
    assert page.index("Comment: All of it") < page.index("half: Half as much") < page.index("Comment: The shortest")
    run = typed(here, "override", "set", "eve", "0", "--reason", "Handed in by another.", "--by", "otto")
    assert run.results["eve"]["score"] == 0
    assert "eve: 0 points, set by otto" in run.stdout
    run = typed(here, "override", "set", "eve", "--undo")
    assert run.results["eve"]["score"] == 7
    run = typed(here, "override", "set", "everybody", "half", "--undo")
    assert scores(run)["eve"] == 0
    course = load_course(here / "course")
    with snapshot(here / "out") as store:
        ada = store.result("ada")
        assert ada is not None
        assert any("All of it is clear." in line for line in notes_of(ada, course, course.assignments["numbers"]))


def test_results_of_an_earlier_version_have_no_groups_and_it_says_so(here: Path) -> None:
    with closing(sqlite3.connect(here / "out" / "results.db")) as file:
        file.execute("UPDATE exercises SET of_group = ''")
        file.commit()
    assert "No groups are known in" in typed(here, "groups", code=2).stderr


def test_the_history_keeps_what_was_replaced_or_taken_back(here: Path) -> None:
    group = group_of(here)
    for text in ("First.", "First.", "Second."):
        typed(here, "comment", "set", group, text, "--by", "helena")
    assert "Second." in typed(here, "comment", "list").stdout
    run = typed(here, "comment", "set", group, "--undo", "--by", "otto")
    assert comments(run)["bob"] == []
    assert typed(here, "comment", "list").stdout == "Nobody has written a comment here.\n"
    lines = typed(here, "comment", "list", "--history").stdout.splitlines()
    assert [re.sub(r" \(.*?\)", "", line) for line in lines] == [
        f"{group}: helena: First.",
        f"{group}: helena: Second.",
        f"{group}: taken back by otto",
    ]
    typed(here, "override", "set", group, "1", "--reason", "x")
    assert f"{group}: 1 points, set by " in typed(here, "override", "list").stdout
    assert scores(typed(here, "override", "set", group, "--undo"))["bob"] == 0


def test_a_hostile_comment_is_only_text_everywhere(here: Path) -> None:
    run = typed(here, "comment", "set", "bob", "half", HOSTILE, "--by", "@x")
    assert not set("\x1b\u202e") & set(run.stdout)
    assert "<script>alert" not in (here / "out/feedback/bob.html").read_text()
    (row,) = rows_of(here / "out/comments.csv")
    assert (row["comment"][:6], row["by"]) == ("'=cmd(", "'@x")


ASKED_WRONGLY: list[tuple[tuple[str, ...], str]] = [
    (("groups", "half-0"), 'There is no group "half-0".'),
    (
        ("groups", "--exercise", "hlf"),
        'There is no exercise "hlf", there are double, half, four_times. Did you mean "half"?',
    ),
    (("comment", "set", "bobb", "x"), 'nor such a group. Did you mean "bob"?'),
    (("comment", "set", "bob", "hlf", "x"), 'There is no exercise "hlf"'),
    (("comment", "set", "bob"), "Say it, as TEXT in quotes"),
    (("comment", "set", "bob", "half", "not", "quoted"), "Put TEXT in quotes"),
    (("comment", "set", "bob", "x" * 501), "TEXT has 501 characters"),
    (("comment", "set", "bob", "half", "x", "--undo"), "--undo takes the comment back, so it goes without TEXT."),
    (("comment", "set", "bob", "--undo"), "Nobody has written a comment for bob"),
    (("override", "set", "bob", "2", "--reason", "x"), "Points of a whole submission can't be divided"),
    (("override", "set", "everybody", "half", "2", "--reason", "x"), "half is worth 1 points"),
    (("override", "set", "everybody", "half", "--undo"), "Nobody has set the points of everybody, half"),
]


def test_what_is_asked_for_wrongly_is_a_sentence_and_changes_nothing(graded: Path) -> None:
    before = (graded / "out" / "results.jsonl").read_bytes()
    said = {words: typed(graded, *words, code=2).stderr for words, _ in ASKED_WRONGLY}
    assert [(words, said[words]) for words, expected in ASKED_WRONGLY if expected not in said[words]] == []
    assert (graded / "out" / "results.jsonl").read_bytes() == before
    with closing(sqlite3.connect(graded / "out" / "results.db")) as file:
        counts = "SELECT (SELECT count(*) FROM comments) + (SELECT count(*) FROM overrides)"
        assert file.execute(counts).fetchone() == (0,)
