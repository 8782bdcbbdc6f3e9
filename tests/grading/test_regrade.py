"""What changed is graded again and nothing else, people's points stay, and what came out differently is told."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.cli.stored_results import snapshot_of
from grader.core.records import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, Finding, SubmissionResult
from grader.core.records import SubmissionStatus as Status
from grader.course.load import load_course
from grader.grading import exercise_keys as keys_of
from grader.grading.exercise_keys import ExerciseKey, exercise_keys, previous_grading, touched
from grader.grading.submission import PreviousGrading
from grader.results.reports import write_all_reports

COURSE = """
[course]
id = "small"
name = "A small course"

[assignments.numbers]
title = "Numbers"
modules.numbers.title = "Numbers"

[assignments.numbers.limits]
exercise_seconds = 4

[assignments.numbers.exercises.double]
module = "numbers"
title = "Twice as much"
points = 2
hints = ["Add it to itself."]

[assignments.numbers.exercises.half]
module = "numbers"
title = "Half as much"
points = 1
hints = ["What makes two of it?"]

[assignments.numbers.exercises.four_times]
module = "numbers"
title = "Twice twice as much"
points = 4
needs = ["double"]
hints = ["Call double."]
"""
REFERENCE = '''
def scaled(x, factor):
    """Some times x."""
    return x * factor


def double(x):
    """Twice x."""
    return scaled(x, 2)


def half(x):
    """Half of x."""
    return x / 2


def four_times(x):
    """Four times x."""
    return double(double(x))
'''
RIGHT = {
    "double": "def double(x):\n    return x + x\n",
    "half": "def half(x):\n    return 0.5 * x\n",
    "four_times": "def four_times(x):\n    return double(double(x))\n",
}
STUDENTS: dict[str, dict[str, str]] = {
    "ada": RIGHT,
    "bob": {**RIGHT, "half": "def half(x):\n    return x / 3\n"},
    "cyd": {**RIGHT, "double": "def double(x):\n    return x + 2\n"},
    "dan": {**RIGHT, "half": "def half(x):\n    return x / 2 + 1\n"},
    "eve": {**RIGHT, "four_times": "def four_times(x):\n    raise NotImplementedError\n"},
    "fay": {**RIGHT, "half": "def half(x):\n    import os\n    os._exit(3)\n"},
}
CHECK = '''
from pathlib import Path

from grader.checks import check
from solutions.numbers.numbers import {0}
from {1} import noted


@check("{0}")
def test_{0}(student, draw):
    """gives the right number"""
    x = draw.tensor(3)
    student.{0}(x).returns({0}(x){2})
    noted("{0}")
'''
# Leaves a note of each check that was passed, where the author's own checks may write.
NOTED = """
from pathlib import Path


def noted(exercise):
    with (Path(__file__).resolve().parents[3] / "noted.txt").open("a") as file:
        file.write(exercise + "\\n")
"""
AUTHORS_MISTAKE = " + 1"  # in the check of `half`: the right answer doesn't pass


def made(folder: Path, mistake: str = "", of: str = "half") -> Path:
    """The course, and what was handed in beside it; with the author's mistake in the check of one exercise."""
    secret = folder / "course" / "solutions" / "numbers"
    files = {
        folder / "course" / "course.toml": COURSE,
        secret / "numbers.py": REFERENCE,
        secret / "notes.py": NOTED,
        **{
            secret / "hidden" / f"test_{name}.py": CHECK.format(
                name, "solutions.numbers.notes", mistake if name == of else ""
            )
            for name in RIGHT
        },
        **{folder / "in" / who / "numbers.py": "\n\n".join(each.values()) for who, each in STUDENTS.items()},
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "course"


def keys(course: Path) -> dict[str, ExerciseKey]:
    return exercise_keys(course, load_course(course).assignments["numbers"])


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


ALL = {"double", "half", "four_times"}
TABLE = COURSE[
    COURSE.index("[assignments.numbers.exercises.half]") : COURSE.index("[assignments.numbers.exercises.four")
]


def without_half(course: Path) -> None:
    written(course / "course.toml", COURSE.replace(TABLE, ""))
    (course / "solutions" / "numbers" / "hidden" / "test_half.py").unlink()


Changing = Callable[[Path], object]


def in_secret(name: str, old: str, new: str) -> Changing:
    return lambda course: replaced(course / "solutions" / "numbers" / name, old, new)


def in_table(old: str, new: str) -> Changing:
    return lambda course: replaced(course / "course.toml", old, new)


# A change, the exercises whose points might be others then, and those of which something else might be told.
CHANGES: dict[str, tuple[Changing, set[str], set[str]]] = {
    "a check": (in_secret("hidden/test_half.py", "tensor(3)", "tensor(4)"), {"half"}, {"half"}),
    "a check of what others need": (
        in_secret("hidden/test_double.py", "tensor(3)", "tensor(4)"),
        {"double"},
        {"double"},
    ),
    "the words of a check": (in_secret("hidden/test_half.py", "the right", "the wanted"), {"half"}, {"half"}),
    "another file of checks": (
        lambda course: written(
            course / "solutions" / "numbers" / "hidden" / "test_more.py",
            CHECK.format("half", "solutions.numbers.notes", "").replace("test_half", "test_more"),
        ),
        {"half"},
        {"half"},
    ),
    "a helper of the reference": (
        in_secret("numbers.py", "x * factor", "factor * x"),
        {"double", "four_times"},
        {"double", "four_times"},
    ),
    "the reference of one": (in_secret("numbers.py", "return x / 2", "return x * 0.5"), {"half"}, {"half"}),
    "comments and docstrings of the reference": (
        in_secret("numbers.py", '"""Half of x."""', '"""The half."""  # of x'),
        set(),
        set(),
    ),
    "what all checks import": (in_secret("notes.py", '"a"', '"at"'), ALL, ALL),
    "a helper beside the checks": (
        lambda course: written(course / "solutions" / "numbers" / "hidden" / "helping.py", "X = 1\n"),
        ALL,
        ALL,
    ),
    "data of the lesson": (lambda course: written(course / "exercises" / "numbers" / "data.csv", "1,2\n"), ALL, ALL),
    "text of the lesson": (lambda course: written(course / "exercises" / "numbers" / "lesson.md", "# 1\n"), set(), set()),
    "the title of a part of it": (
        lambda course: written(course / "exercises" / "numbers" / "lesson.md", '<a id="half"></a>\n# Half\n'),
        set(),
        ALL,
    ),
    "points": (in_table("points = 1", "points = 3"), {"half"}, {"half"}),
    "an exercise that is gone": (without_half, {"double", "four_times"}, {"double", "four_times"}),
    "their order": (
        lambda course: written(course / "course.toml", COURSE.replace(TABLE, "") + TABLE),
        ALL,
        ALL,
    ),
    "where notebooks are cut": (
        in_table('modules.numbers.title = "Numbers"', 'modules.numbers.title = "Numbers"\nmodules.numbers.notebook_landmarks = ["1"]'),
        ALL,
        ALL,
    ),
    "a module's title": (in_table('modules.numbers.title = "Numbers"', 'modules.numbers.title = "1"'), set(), set()),
    "limits": (in_table("exercise_seconds = 4", "exercise_seconds = 3"), ALL, ALL),
    "a hint": (in_table("What makes two", "What makes 2"), set(), {"half"}),
    "a title": (in_table("Half as much", "The half"), set(), set()),
    "the course's name": (in_table("A small course", "A course"), set(), set()),
    "how much is told of causes": (
        in_table('title = "Numbers"\nmod', 'title = "Numbers"\ncauses = "place"\nmod'),
        set(),
        ALL,
    ),
    "how many edits are tried": (in_table("exercise_seconds = 4", "exercise_seconds = 4\nrepairs = 5"), set(), ALL),
    "a misconception": (
        lambda course: written(
            course / "solutions" / "numbers" / "mistakes" / "half" / "third.py",
            '"""A third.\n\nShows: a third.\nSays: You took a third.\n"""\n\n\ndef half(x):\n    return x / 3\n',
        ),
        set(),
        {"half"},
    ),
    "a right answer's advice": (
        lambda course: written(
            course / "solutions" / "numbers" / "right" / "half" / "times.py",
            '"""Times a half."""\n\n\ndef half(x):\n    return 0.5 * x\n',
        ),
        {"half"},
        {"half"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_touches_the_exercises_whose_results_might_be_others(tmp_path: Path, change: str) -> None:
    course = made(tmp_path)
    before = {name: str(key) for name, key in keys(course).items()}
    make, points, told = CHANGES[change]
    make(course)
    after = keys(course)
    passed = {name: (ExerciseStatus.PASSED, text) for name, text in before.items()}
    failed = {name: (ExerciseStatus.FAILED, text) for name, text in before.items()}
    assert touched(after, passed) == points
    assert touched(after, failed) == told


@pytest.mark.parametrize("new", ["a misconception", "a right answer's advice"])
def test_a_file_of_the_bank_that_changes_touches_what_a_new_one_does(tmp_path: Path, new: str) -> None:
    course = made(tmp_path)
    make, points, told = CHANGES[new]
    make(course)
    before = {name: str(key) for name, key in keys(course).items()}
    (file,) = course.glob("solutions/numbers/*/half/*.py")
    replaced(file, "half(x):", "half(x):  # in other words")
    for status, expected in ((ExerciseStatus.PASSED, points), (ExerciseStatus.FAILED, told)):
        assert touched(keys(course), {name: (status, text) for name, text in before.items()}) == expected, status


def test_a_newer_kit_or_a_result_of_unknown_making_touches_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = made(tmp_path)
    before = {name: (ExerciseStatus.PASSED, str(key)) for name, key in keys(course).items()}
    assert touched(keys(course), before) == set()
    assert touched(keys(course), dict.fromkeys(before, (ExerciseStatus.PASSED, ""))) == ALL
    assert touched(keys(course), {}) == ALL
    monkeypatch.setattr(keys_of, "__version__", "99")
    assert touched(keys(course), before) == ALL


def exercise(name: str, status: ExerciseStatus, words: str = "") -> ExerciseResult:
    return ExerciseResult(name, status, 0.0, 1.0, (CheckResult("c", CheckStatus.FAILED, 0, 1),), Finding(words or name))


@pytest.mark.parametrize(
    ("status", "others", "kept"),
    [
        (Status.GRADED, exercise("b", ExerciseStatus.FAILED), ["b", "c"]),
        (Status.GRADED, exercise("b", ExerciseStatus.BLOCKED), ["b", "c"]),
        (Status.GRADED, exercise("b", ExerciseStatus.TIMED_OUT), []),
        (Status.GRADED, exercise("b", ExerciseStatus.CRASHED), []),
        (Status.GRADED, exercise("b", ExerciseStatus.NOT_FOUND), ["c"]),
        (Status.GRADED, exercise("b", ExerciseStatus.FAILED, "numbers.py can't be imported: see a."), ["c"]),
        (Status.NOT_FOUND, exercise("b", ExerciseStatus.FAILED), []),
    ],
)
def test_results_that_hang_together_are_graded_again_together(
    status: Status, others: ExerciseResult, kept: list[str]
) -> None:
    own, aside = exercise("a", ExerciseStatus.PASSED), exercise("c", ExerciseStatus.FAILED)
    result = SubmissionResult("ada", status, (own, others, aside))
    modules = {"a": "numbers", "b": "numbers", "c": "words"}
    previous = previous_grading(result, {"a"}, modules)
    assert [each.id for each in previous.results if each.id not in previous.again] == kept
    assert previous_grading(replace(result, trusted=True), {"a"}, modules) == PreviousGrading()


@pytest.fixture(scope="module")
def class_of_six(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Path:
    """Graded with the author's mistake; a person has set points since."""
    folder = tmp_path_factory.mktemp("regrade")
    course = made(folder, AUTHORS_MISTAKE)
    run = kit("--course", course, "grade", folder / "in", "--seed", 7, out=folder / "out")
    assert run.code == 0, run.text
    by_hand = ("override", "set", "cyd", "double", 1, "--reason", "nearly", "--by", "grace")
    assert kit("--course", course, *by_hand, out=folder / "out").code == 0
    return folder


def noted(folder: Path) -> list[str]:
    path = folder / "noted.txt"
    return path.read_text().split() if path.exists() else []


@pytest.mark.slow
def test_a_mended_check_is_all_that_is_run_and_the_results_are_those_of_a_grading_from_nothing(
    class_of_six: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    shutil.copytree(class_of_six, folder)
    course = made(folder)  # the check is mended
    (folder / "noted.txt").unlink(missing_ok=True)
    run = kit("--course", course, "grade", folder / "in", "--resume", "--jobs", 1, out=folder / "out")
    assert run.code == 0, run.text
    assert "6 submissions are graded again: half." in run.stdout
    # `fay` ended her process, which may have cost her other exercises something: hers are all graded again.
    only_hers_and_the_reference = 2
    for exercise_that_stays in ("double", "four_times"):
        assert noted(folder).count(exercise_that_stays) == only_hers_and_the_reference

    with (folder / "out" / "changes.csv").open(encoding="utf-8") as file:
        rows = [
            (row["student"], row["exercise"], row["before"], row["after"], row["because"])
            for row in csv.DictReader(file)
        ]
    assert sorted(rows) == [
        *((who, "half", "0", "1", "checks") for who in ("ada", "cyd")),
        ("dan", "half", "1", "0", "checks"),
        ("eve", "half", "0", "1", "checks"),
    ]
    assert "Graded again with another result: 4 exercises of 4 learners. 3 gained points, 1 lost some." in run.stdout
    assert "ada, half: 0 (failed) → 1 (passed), by test_half" in run.stdout.replace("->", "→")

    cyd = run.results["cyd"]
    assert (cyd["exercises"]["double"]["score"], cyd["overrides"]["double"]["reason"]) == (1, "nearly")
    (folder / "noted.txt").unlink()
    fresh = kit("--course", course, "grade", folder / "in", "--seed", 7, out=folder / "fresh")
    for who in STUDENTS:
        if who != "cyd":
            assert run.results[who] == fresh.results[who]
    assert run.results["cyd"]["exercises"]["half"] == fresh.results["cyd"]["exercises"]["half"]

    (folder / "noted.txt").unlink()
    nothing = kit("--course", course, "grade", folder / "in", "--resume", out=folder / "out")
    assert nothing.code == 0
    assert "6 of 6 submissions have a result already." in nothing.stdout
    assert noted(folder) == []
    assert "Graded again" not in nothing.stdout
    assert len((folder / "out" / "changes.csv").read_text().splitlines()) == 1 + len(rows)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"), [(AUTHORS_MISTAKE, ""), pytest.param("", AUTHORS_MISTAKE, marks=pytest.mark.soak)]
)
def test_what_needs_an_exercise_is_graded_again_where_that_is_answered_otherwise_now(
    kit: Callable[..., Any], tmp_path: Path, before: str, after: str
) -> None:
    """Cyd's `double` is wrong by either check, so that her `four_times` stays."""
    course = made(tmp_path, before, of="double")
    assert kit("--course", course, "grade", tmp_path / "in", "--seed", 7, "--jobs", 1, out=tmp_path / "out").code == 0
    made(tmp_path, after, of="double")
    (tmp_path / "noted.txt").unlink()
    run = kit("--course", course, "grade", tmp_path / "in", "--resume", "--jobs", 1, out=tmp_path / "out")
    assert run.code == 0, run.text
    assert "6 submissions are graded again: double." in run.stdout
    again = noted(tmp_path).count("four_times")
    (tmp_path / "noted.txt").unlink()
    fresh = kit("--course", course, "grade", tmp_path / "in", "--seed", 7, "--jobs", 1, out=tmp_path / "fresh")
    assert run.results == fresh.results
    assert again == noted(tmp_path).count("four_times")  # all that pass it: Cyd's doesn't, nor Eve's


@pytest.mark.slow
def test_what_needs_an_exercise_stays_where_that_is_answered_as_before(kit: Callable[..., Any], tmp_path: Path) -> None:
    course = made(tmp_path)
    shutil.rmtree(tmp_path / "in" / "fay")  # who ends her process, and is graded again as a whole
    assert kit("--course", course, "grade", tmp_path / "in", "--seed", 7, "--jobs", 1, out=tmp_path / "out").code == 0
    in_secret("hidden/test_double.py", "tensor(3)", "tensor(4)")(course)
    (tmp_path / "noted.txt").unlink()
    run = kit("--course", course, "grade", tmp_path / "in", "--resume", "--jobs", 1, out=tmp_path / "out")
    assert "5 submissions are graded again: double." in run.stdout
    assert noted(tmp_path).count("four_times") == 0
    fresh = kit("--course", course, "grade", tmp_path / "in", "--seed", 7, "--jobs", 1, out=tmp_path / "fresh")
    assert run.results == fresh.results


@pytest.mark.slow
def test_who_is_graded_again_before_causes_were_looked_for_gets_them_for_every_exercise(
    kit: Callable[..., Any], tmp_path: Path
) -> None:
    course = made(tmp_path)
    first = kit("--course", course, "grade", tmp_path / "in", "--seed", 7, "--no-causes", out=tmp_path / "out")
    assert first.code == 0, first.text
    assert first.results["bob"]["exercises"]["half"].get("cause", {}).get("by") != "repair"
    replaced(course / "course.toml", "points = 2", "points = 3")  # of `double`
    again = kit("--course", course, "grade", tmp_path / "in", "--resume", out=tmp_path / "out")
    fresh = kit("--course", course, "grade", tmp_path / "in", "--seed", 7, out=tmp_path / "fresh")
    assert again.results == fresh.results
    assert again.results["bob"]["exercises"]["half"]["cause"]["by"] == "repair"


@pytest.mark.slow
def test_another_folder_begins_with_what_an_earlier_one_holds_and_that_one_stays_as_it_is(
    class_of_six: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "from"
    shutil.copytree(class_of_six, folder)
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()}
    course = made(folder)
    run = kit("--course", course, "grade", folder / "in", "--from", folder / "out", out=folder / "new")
    assert run.code == 0, run.text
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()} == before
    assert run.results["cyd"]["overrides"]["double"]["by"] == "grace"
    assert run.results["ada"]["score"] == 7
    assert (folder / "new" / "changes.csv").exists()
    refused = kit("--course", course, "grade", folder / "in", "--from", folder / "out", out=folder / "new")
    assert refused.code == 2
    assert "holds results already" in refused.stderr
    nowhere = kit("--course", course, "grade", folder / "in", "--from", folder / "in", out=folder / "other")
    assert nowhere.code == 2
    assert "holds no results to begin with" in nowhere.stderr
    assert json.loads((folder / "new" / "results.jsonl").read_text().splitlines()[0])["student"] == "ada"


def as_they_are(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def in_note(out: Path, key: str, *value: object) -> None:
    """Another value in the note about the reports; none: without the key."""
    noted = json.loads((out / ".reports.json").read_text())
    del noted[key]
    (out / ".reports.json").write_text(json.dumps(noted | ({key: value[0]} if value else {})))


WORDS = {"again": "grade", "totals": 1, "needs": None}  # that nobody could have written
Spoil = Callable[[Path, Path], object]
# What happens between two runs, and whether the reports have to be written again.
BETWEEN: dict[str, tuple[Spoil, bool]] = {
    "nothing": (lambda _course, _out: None, False),
    "a page is gone": (lambda _course, out: (out / "feedback" / "ada.html").unlink(), True),
    "a page was edited": (lambda _course, out: (out / "feedback" / "ada.html").write_text("My own words"), True),
    "a page too many": (lambda _course, out: (out / "feedback" / "zoe.html").write_text("Whose?"), True),
    "the gradebook was edited": (lambda _course, out: (out / "grades.csv").write_text("student,score\n"), True),
    "the course has another name": (lambda course, _out: in_table("A small course", "A course")(course), True),
    "the note is damaged": (lambda _course, out: (out / ".reports.json").write_text("[]"), True),
    "the note's words are damaged": (lambda _course, out: in_note(out, "closing", WORDS), True),
    "the note is an earlier version's": (lambda _course, out: in_note(out, "closing"), True),
}


@pytest.fixture(scope="module")
def finished(class_of_six: Path, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same class with the check corrected, and graded again for that."""
    folder = tmp_path_factory.mktemp("finished") / "class"
    shutil.copytree(class_of_six, folder)
    assert kit("--course", made(folder), "grade", folder / "in", "--resume", out=folder / "out").code == 0
    return folder


@pytest.fixture
def again(finished: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(finished, tmp_path / "again")


@pytest.mark.slow
@pytest.mark.parametrize("between", BETWEEN)
def test_reports_are_written_again_only_where_they_would_be_others(
    again: Path, kit: Callable[..., Any], between: str
) -> None:
    course, out = again / "course", again / "out"
    before = as_they_are(out)
    spoil, is_written = BETWEEN[between]
    spoil(course, out)
    spoiled = as_they_are(out)
    run = kit("--course", course, "grade", again / "in", "--resume", out=out)
    assert run.code == 0, run.text
    assert "6 of 6 submissions have a result already." in run.stdout
    after = as_they_are(out)
    if not is_written:
        assert after == spoiled == before
    else:
        rewritten = {name for name in before if after[name][0] != before[name][0]}
        assert rewritten >= {"feedback/ada.html", "feedback/ada.txt", "grades.csv", "results.jsonl", "class.html"}
        assert "My own words" not in after["feedback/ada.html"][1].decode()


@pytest.mark.slow
def test_a_run_that_grades_nobody_ends_as_the_results_are_whether_its_words_were_kept_or_not(
    again: Path, kit: Callable[..., Any]
) -> None:
    course, out = again / "course", again / "out"
    note = out / ".reports.json"

    def said() -> str:
        run = kit("--course", course, "grade", again / "in", "--resume", out=out)
        assert run.code == 0, run.text
        return str(run.stdout)

    note.unlink()
    written = said()
    assert said() == written
    kept = json.loads(note.read_text())
    assert kept["closing"]["totals"][0] in written
    kept["closing"]["totals"] = ["Words that were kept."]
    note.write_text(json.dumps(kept))
    assert "Words that were kept." in said()
    by_hand = ("override", "set", "bob", "half", 0.5, "--reason", "nearly", "--by", "grace")
    assert kit("--course", course, *by_hand, out=out).code == 0
    assert "were set by a person" in said()
    note.unlink()
    assert said() == said()


@pytest.mark.slow
def test_points_that_a_person_sets_are_in_the_reports_of_the_next_run(
    again: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    course, out = again / "course", again / "out"
    by_hand = ("override", "set", "bob", "half", 0.5, "--reason", "nearly", "--by", "grace")
    assert kit("--course", course, *by_hand, out=out).code == 0
    written_by_override = as_they_are(out)["grades.csv"][1]
    assert kit("--course", course, "grade", again / "in", "--resume", out=out).code == 0
    assert as_they_are(out)["grades.csv"][1] == written_by_override


@pytest.mark.slow
def test_pages_are_written_of_those_whose_results_are_others_and_are_as_if_all_were_written(
    again: Path, kit: Callable[..., Any], tmp_path: Path
) -> None:
    course, out = again / "course", again / "out"

    def written_now(change: Callable[[], object]) -> set[str]:
        """Whose pages a run after a change writes."""
        before = as_they_are(out)
        change()
        run = kit("--course", course, "grade", again / "in", "--resume", out=out)
        assert run.code == 0, run.text
        after = as_they_are(out)
        whole = tmp_path / "whole"
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir()
        with snapshot_of(out) as store:
            write_all_reports(whole, store, load_course(course), load_course(course).assignments["numbers"])
        pages = {name for name in after if name.startswith(("feedback/", "source/"))}
        afresh = as_they_are(whole)
        assert pages == {name for name in afresh if name.startswith(("feedback/", "source/"))}
        assert {name for name in pages if after[name][1] != afresh[name][1]} == set()
        changed = {name for name in pages if after[name][0] != before.get(name, (0, b""))[0]}
        return {Path(name).stem for name in changed}

    hidden = course / "solutions" / "numbers" / "hidden"
    pages = written_now(lambda: replaced(hidden / "test_half.py", "tensor(3)", "tensor(4)"))
    assert pages == {"bob", "dan", "fay"}  # who are told of other numbers
    moved = "\n\n\n".join(STUDENTS["eve"].values())
    pages = written_now(lambda: written(again / "in" / "eve" / "numbers.py", moved))
    assert pages == {"eve"}  # her lines stand elsewhere
    everybody = set(STUDENTS)
    pages = written_now(
        lambda: written(again / "in" / "collected.csv", "student,handed_in\nada,2026-11-01 10:00+00:00\n")
    )
    assert pages == everybody
    alone = kit("--course", course, "groups", "--alone", out=out).stdout
    group = next(iter(re.findall(r"^(half-\w+)", alone, re.MULTILINE)))
    assert kit("--course", course, "comment", "set", group, "Look at one number.", out=out).code == 0
    pages = written_now(lambda: replaced(hidden / "test_half.py", "tensor(4)", "tensor(5)"))
    assert pages == everybody  # it may be for others now
    pages = written_now(lambda: shutil.rmtree(again / "in" / "eve"))
    assert pages == everybody - {"eve"}  # names of pages hang on who is in the class
