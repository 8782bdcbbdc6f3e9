"""A person has the last word on points: `override`, `--undo` and `overrides`, as they are typed."""

from __future__ import annotations

import csv
import getpass
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.cli.stored_results import snapshot_of
from grader.core.assignment import find_assignment
from grader.course.load import load_course
from grader.results.reports import write_all_reports
from grader.results.store import ResultStore
from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow

Kit = Callable[..., Any]
Submit = Callable[..., Path]
WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"
READY_MADE = "def mse(t1, t2):\n    return torch.nn.functional.mse_loss(t1, t2)\n"
# Markup, colours, a formula, a turn of the text, a byte that is no UTF-8, a line feed.
HOSTILE = "=cmd()|'/c calc'!A1 <script>alert(1)</script> \x1b[31mred \u202egnirts\u2028 \udcff [red]x[/red]\nend"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, submit: Submit, kit: Kit) -> Path:
    """A class of three in `in`, graded into `out`: ada is right, bob is wrong in mse, cy's mse is not allowed."""
    folder = tmp_path_factory.mktemp("class")
    submit(folder / "in", "ada")
    submit(folder / "in", "bob", mse=WRONG)
    submit(folder / "in", "cy", mse=READY_MADE)
    run = kit("grade", folder / "in", "--seed", 5, "--jobs", 1, out=folder / "out")
    assert run.code == 0, run.text
    return folder


@pytest.fixture
def here(graded: Path, tmp_path: Path) -> Path:
    """The same, to change."""
    shutil.copytree(graded, tmp_path / "class")
    return tmp_path / "class"


def rendered(out: Path) -> dict[str, bytes]:
    """Every report; where commands in them name the folder, it is called OUT."""
    aside = ("results.db", ".reports.json")
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and not path.name.startswith(aside))
    named = re.compile(rb"(--(?:out|results)) [^\s<]+")
    return {path.relative_to(out).as_posix(): named.sub(rb"\1 OUT", path.read_bytes()) for path in files}


def timeless(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same without the moments of the decisions, which two runs don't share to the second."""
    return {name: re.sub(rb"\d{4}-\d\d-\d\dT[0-9:+-]+", b"WHEN", data) for name, data in files.items()}


def grades(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file, strict=True)}


def history(out: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(out / "results.db") as file:
        return file.execute('SELECT student, exercise, points, reason, "by" FROM overrides ORDER BY id').fetchall()


def problem(run: Any) -> str:
    assert run.code == 2, run.text
    assert "Traceback" not in run.text
    assert run.stdout == ""
    return str(run.stderr)


def pages(out: Path) -> dict[str, int]:
    """When each learner's page and source were written."""
    return {path.name: path.stat().st_mtime_ns for each in ("feedback", "source") for path in (out / each).iterdir()}


def test_pages_of_others_are_written_only_where_they_were_not_up_to_date(here: Path, kit: Kit, root: Path) -> None:
    out, course = here / "out", load_course(root)
    before = pages(out)
    for points in (1, 2):
        assert kit("override", "set", "bob", "mse", points, "--reason", "why", "--results", out).code == 0
        now = pages(out)
        assert {name for name in now if now[name] != before[name]} == {"bob.html", "bob.txt"}
        with snapshot_of(out) as store:
            shutil.rmtree(here / "whole", ignore_errors=True)
            (here / "whole").mkdir()
            write_all_reports(here / "whole", store, course, find_assignment(course, None))
        assert rendered(out) == rendered(here / "whole")
        before = now
    (out / "feedback" / "ada.txt").write_text("somebody has changed it")
    kit("override", "set", "bob", "mse", 3, "--reason", "why", "--results", out)
    assert set(pages(out)) == set(before)
    assert all(pages(out)[name] != before[name] for name in before)


def test_what_is_forbidden_gets_points_in_every_report_at_once(here: Path, kit: Kit) -> None:
    out = here / "out"
    columns = (out / "grades.csv").read_text().splitlines()[0]
    run = kit("override", "set", "cy", "mse", "4", "--reason", "Agreed in class.", "--by", "helena", out=out)
    assert run.code == 0, run.text
    assert "cy, mse: 4 of 4 points, set by helena: Agreed in class." in run.stdout
    assert f"The checks gave 0 (forbidden). cy has {TOTAL} of {TOTAL} points now." in run.stdout
    said = "4 of 4 points, set by a person: Agreed in class. ("
    record = run.results["cy"]
    assert record["score"] == TOTAL
    assert (record["exercises"]["mse"]["score"], record["exercises"]["mse"]["status"]) == (4, "passed")
    assert record["exercises"]["mse"]["feedback"].startswith(said)
    assert record["overrides"]["mse"]["by"] == "helena"
    assert record["overrides"]["mse"]["checks_status"] == "forbidden"
    assert (float(grades(out)["cy"]["score"]), grades(out)["cy"]["mse"]) == (TOTAL, "4")
    assert (out / "grades.csv").read_text().splitlines()[0] == columns
    for page in ("cy.txt", "cy.html"):
        text = (out / "feedback" / page).read_text()
        assert said in text
        assert "Well done!" in text
        assert "helena" not in text


def test_a_resume_renders_byte_for_byte_what_the_override_did(here: Path, kit: Kit) -> None:
    for arguments in (("bob", "mse", "3", "--reason", "Nearly."), ("cy", "mse", "1.5", "--reason", "Half.")):
        assert kit("override", "set", *arguments, out=here / "out").code == 0
    assert kit("override", "set", "bob", "mse", "--undo", out=here / "out").code == 0
    before = rendered(here / "out")
    for name in before:
        (here / "out" / name).write_text("somebody wrote over it")
    run = kit("grade", here / "in", "--resume", "--jobs", 1, out=here / "out")
    assert run.code == 0, run.text
    assert "3 of 3 submissions have a result already." in run.stdout
    assert "The points of 1 exercise were set by a person." in run.stdout
    assert rendered(here / "out") == before


def test_it_stays_through_every_regrade_and_the_run_says_when_the_checks_give_something_else(
    here: Path, kit: Kit, submit: Submit
) -> None:
    out = here / "out"
    assert kit("override", "set", "bob", "mse", "1", "--reason", "Nearly.", out=out).code == 0
    only = kit("grade", here / "in", "--resume", "--only", "bob", "--jobs", 1, out=out)
    assert only.results["bob"]["exercises"]["mse"]["score"] == 1
    shutil.rmtree(here / "in" / "bob")
    submit(here / "in", "bob")
    again = kit("grade", here / "in", "--resume", "--jobs", 1, out=out)
    assert again.code == 0, again.text
    assert again.results["bob"]["exercises"]["mse"]["score"] == 1
    assert again.results["bob"]["overrides"]["mse"]["checks_score"] == 4
    assert "of 1 of them the checks give something else now" in again.stdout
    assert "the checks gave 0 then, and give 4 now" in kit("override", "list", out=out).stdout
    assert kit("override", "set", "bob", "mse", "--undo", out=out).results["bob"]["score"] == TOTAL


@pytest.mark.soak
def test_it_outlives_an_entry_that_is_gone_and_can_still_be_taken_back(here: Path, kit: Kit) -> None:
    out = here / "out"
    assert kit("override", "set", "bob", "mse", "3", "--reason", "Nearly.", out=out).code == 0
    (here / "in" / "bob").rename(here / "bob")
    gone = kit("grade", here / "in", "--resume", "--jobs", 1, out=out)
    assert "bob" not in gone.results
    assert "there is no submission at present" in kit("override", "list", out=out).stdout
    (here / "bob").rename(here / "in" / "bob")
    back = kit("grade", here / "in", "--resume", "--jobs", 1, out=out)
    assert back.results["bob"]["exercises"]["mse"]["score"] == 3
    shutil.rmtree(here / "in" / "bob")
    kit("grade", here / "in", "--resume", "--jobs", 1, out=out)
    undone = kit("override", "set", "bob", "mse", "--undo", out=out)
    assert undone.code == 0, undone.text
    assert "There is no submission of bob at present." in undone.stdout


def test_a_grading_into_another_folder_has_none_and_one_into_this_is_refused(here: Path, kit: Kit) -> None:
    assert kit("override", "set", "cy", "mse", "4", "--reason", "Fine.", out=here / "out").code == 0
    before = rendered(here / "out")
    assert "holds results already" in problem(kit("grade", here / "in", out=here / "out"))
    assert rendered(here / "out") == before
    assert len(history(here / "out")) == 1
    new = kit("grade", here / "in", "--only", "cy", "--jobs", 1, out=here / "new")
    assert new.results["cy"]["exercises"]["mse"]["status"] == "forbidden"
    assert not (here / "new" / "overrides.csv").exists()
    (here / "out" / "results.db").unlink()
    for name in ("results.jsonl", "grades.csv", "feedback_index.csv"):
        (here / "out" / name).unlink()
    shutil.rmtree(here / "out" / "feedback")
    assert "overrides.csv" in problem(kit("grade", here / "in", out=here / "out"))


def test_taken_back_the_reports_are_what_they_were_and_the_history_keeps_both(here: Path, kit: Kit) -> None:
    out = here / "out"
    before = rendered(out)
    kit("override", "set", "bob", "mse", "3", "--reason", "Nearly.", "--by", "helena", out=out)
    kit("override", "set", "bob", "mse", "2", "--reason", "Not quite.", "--by", "helena", out=out)
    assert "2 points, set by helena" in kit("override", "list", out=out).stdout
    run = kit("override", "set", "bob", "mse", "--undo", "--by", "otto", out=out)
    assert run.code == 0, run.text
    assert "bob, mse: the 2 points that helena set are taken back, and stay in the history." in run.stdout
    after = rendered(out)
    assert after.pop("overrides.csv").decode().count("\nbob,mse,") == 3
    assert after == before
    assert history(out) == [
        ("bob", "mse", 3.0, "Nearly.", "helena"),
        ("bob", "mse", 2.0, "Not quite.", "helena"),
        ("bob", "mse", None, "", "otto"),
    ]
    assert kit("override", "list", out=out).stdout == "Nobody has set points here.\n"
    lines = kit("override", "list", "--history", out=out).stdout.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "bob, mse: 3 points, set by helena",
        "bob, mse: 2 points, set by helena",
        "bob, mse: taken back by otto",
    ]


def test_who_typed_it_is_who_decided_unless_another_is_named(here: Path, kit: Kit) -> None:
    assert kit("override", "set", "bob", "mse", "3", "--reason", "Nearly.", out=here / "out").code == 0
    assert history(here / "out")[0][-1] == getpass.getuser()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("bobb", "mse", "3", "--reason", "x"),
            'There is no result of "bobb" in {out}, nor such a group. Did you mean "bob"?',
        ),
        (("bob", "msee", "3", "--reason", "x"), 'There is no exercise "msee", there are to_tensors, model, mse,'),
        (("bob", "msee", "3", "--reason", "x"), 'Did you mean "mse"?'),
        (("bob", "mse", "4.01", "--reason", "x"), "mse is worth 4 points: POINTS must lie between 0 and that"),
        (("bob", "mse", "-1", "--reason", "x"), "POINTS can't be below 0."),
        (("bob", "mse", "nan", "--reason", "x"), "and nan does not"),
        (("bob", "mse", "inf", "--reason", "x"), "and inf does not"),
        (("bob", "mse", "3,5", "--reason", "x"), "POINTS are a number, or full; found '3,5'."),
        (("bob", "mse", "3"), "Say why, with --reason"),
        (("bob", "mse", "3", "--reason", " \n"), "Say why, with --reason"),
        (("bob", "mse", "3", "--reason", "x" * 501), "--reason has 501 characters"),
        (("bob", "mse", "--reason", "x"), "Say how many POINTS, or --undo"),
        (("bob", "mse", "3", "--undo"), "--undo takes points back, so it goes without POINTS"),
        (("bob", "mse", "--undo"), "Nobody has set the points of bob, mse: there is nothing to take back."),
        (("bobb", "mse", "--undo"), 'Did you mean "bob"?'),
        (("bob", "msee", "--undo"), 'Did you mean "mse"?'),
        (("bob", "mse", "3", "--reasn", "x"), "--reason"),
    ],
)
def test_what_is_asked_for_wrongly_is_a_sentence_and_changes_nothing(
    graded: Path, kit: Kit, arguments: tuple[str, ...], said: str
) -> None:
    before = rendered(graded / "out")
    assert said.format(out=graded / "out") in problem(kit("override", "set", *arguments, out=graded / "out"))
    assert rendered(graded / "out") == before
    assert history(graded / "out") == []


@pytest.mark.parametrize("command", [("override", "list"), ("override", "set", "bob", "mse", "3", "--reason", "x")])
def test_a_folder_without_results_is_a_sentence_that_names_one_nearby(
    graded: Path, kit: Kit, command: tuple[str, ...]
) -> None:
    said = problem(kit(*command, out=graded / "outt"))
    assert "There are no results in" in said
    assert 'Did you mean "out"?' in said
    assert not (graded / "outt").exists()


def test_a_folder_that_a_grading_holds_is_a_sentence(here: Path, kit: Kit) -> None:
    with ResultStore.reopen(here / "out"):
        for command in (("override", "list"), ("override", "set", "bob", "mse", "3", "--reason", "x")):
            assert "is in use, most likely by another grading" in problem(kit(*command, out=here / "out"))
    assert history(here / "out") == []


def test_a_grading_that_has_not_ended_keeps_the_points_and_is_given_no_reports(here: Path, kit: Kit) -> None:
    for name in rendered(here / "out"):
        (here / "out" / name).unlink()
    run = kit("override", "set", "cy", "mse", "4", "--reason", "Fine.", out=here / "out")
    assert run.code == 0, run.text
    assert "has not ended yet" in run.stdout
    assert rendered(here / "out") == {}
    again = kit("grade", here / "in", "--resume", "--jobs", 1, out=here / "out")
    assert again.results["cy"]["exercises"]["mse"]["score"] == 4


def test_a_hostile_reason_is_only_text_everywhere(here: Path, kit: Kit) -> None:
    out = here / "out"
    run = kit("override", "set", "bob", "mse", "3", "--reason", HOSTILE, "--by", "@x\x1b[2J\u202e", out=out)
    assert run.code == 0, run.text
    shown = [run.stdout, kit("override", "list", out=out).stdout, kit("override", "list", "--history", out=out).stdout]
    for text in [*shown, *(data.decode() for data in rendered(out).values())]:
        assert not set("\x1b\u202e\u2028\udcff") & set(text)
        assert "\nend" not in text
    html = (out / "feedback" / "bob.html").read_text()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\x1b[31mred \\u202egnirts\\u2028 \\udcff [red]x[/red] end" in html
    with (out / "overrides.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file, strict=True))
    assert row["reason"].startswith("'=cmd()")
    assert row["by"].startswith("'@x")
    feedback = run.results["bob"]["exercises"]["mse"]["feedback"].splitlines()
    assert "[red]x[/red] end (" in feedback[0]


DIE = """
import os, signal, sqlite3, sys
import grader.results.reports as everything
import grader.cli.stored_results as stored_results
from grader.cli import main

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def watch(statement):
    seen.append(statement)
    if statement == "COMMIT" and any(each.startswith("INSERT INTO overrides") for each in seen):
        die()

def watched(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.set_trace_callback(watch)
    return connection

seen, connect = [], sqlite3.connect
if sys.argv[1] == "before the commit":
    sqlite3.connect = watched
elif sys.argv[1] == "before the reports":
    stored_results.write_all_reports = die
else:
    everything.write_grades = die
main(sys.argv[2:])
"""


@pytest.mark.parametrize(
    ("moment", "kept"), [("before the commit", 1), ("before the reports", 2), ("between two reports", 2)]
)
@pytest.mark.parametrize(
    "command",
    [("bob", "mse", "3", "--reason", "Nearly."), pytest.param(("bob", "mse", "--undo"), marks=pytest.mark.soak)],
    ids=["set", "taken back"],
)
def test_killed_at_any_moment_it_is_kept_or_not_and_the_same_command_again_finishes_it(
    here: Path, root: Path, kit: Kit, moment: str, kept: int, command: tuple[str, ...]
) -> None:
    out, undisturbed = here / "out", here / "undisturbed"
    assert kit("override", "set", "bob", "mse", "1", "--reason", "First.", out=out).code == 0
    shutil.copytree(out, undisturbed)
    assert kit("override", "set", *command, out=undisturbed).code == 0
    words = [sys.executable, "-c", textwrap.dedent(DIE), moment, "override", *command, "--out", str(out)]
    done = subprocess.run(words, cwd=root, capture_output=True, timeout=600, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(history(out)) == kept
    assert kit("override", "set", *command, out=out).code == 0
    assert len(history(out)) == 2
    assert timeless(rendered(out)) == timeless(rendered(undisturbed))


def test_make_grade_does_not_remove_what_a_person_set(graded: Path, root: Path, kit: Kit, tmp_path: Path) -> None:
    if not shutil.which("make"):
        pytest.skip("there is no make on this machine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "overrides.csv").write_text("student\n")
    done = subprocess.run(
        ["make", "-o", ".venv/ready", "-o", ".venv/ready-grade", "grade", f"OUT={tmp_path / 'out'}"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode != 0
    assert "A person has set points" in done.stdout
    assert (tmp_path / "out" / "overrides.csv").exists()


@pytest.mark.parametrize("report", ["grades.csv", "class.html", "results.jsonl"])
@pytest.mark.parametrize(
    "decision", [("override", "set", "bob", "mse", "1", "--reason", "So."), ("comment", "set", "bob", "Hi.")]
)
def test_a_decision_whose_reports_can_not_be_written_is_kept_and_says_so(
    here: Path, kit: Kit, report: str, decision: tuple[str, ...]
) -> None:
    path = here / "out" / report
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    run = kit(*decision, "--results", here / "out")
    assert run.code == 2, run.text
    assert f"{path} can't be written: " in run.stderr
    assert f"What you decided is kept in {here / 'out' / 'results.db'}, and not all reports have it yet" in run.stderr
    assert "Traceback" not in run.text
    shutil.rmtree(path)
    with ResultStore.reopen(here / "out") as store:
        assert len([*store.overrides(), *store.comments()]) == 1
