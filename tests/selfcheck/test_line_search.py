"""The self-check tells the line to look at, where one small edit of it makes all visible checks pass."""

import json
import re
import subprocess
import sys
import textwrap

import pytest

from tests.selfcheck.conftest import ROOT, surroundings
from tests.selfcheck.notebooks import solved, write_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no copy of the process is made elsewhere")

ONE_LESS = """
def mse(t1, t2):
    difference = t1 - t2
    count = difference.numel() - 1
    return (difference ** 2).sum() / count
"""
# Some edits of it never end, and come before the one that is right.
ENDLESS = """
def mse(t1, t2):
    turns = 0
    while turns < 2:
        turns += 1
    return (t1 - t2).pow(2).sum() / (t1.numel() - 1)
"""
# An edit of it can't be stopped from within: with 1 in place of 0, it adds up without end, in C.
STUBBORN = """
def mse(t1, t2):
    nothing = sum(iter(int, 0))
    return (t1 - t2).pow(2).sum() / (t1.numel() - 1) + nothing
"""
WRITES = """
def note(value):
    with open("noted.txt", "a") as file:
        file.write(str(value))


def mse(t1, t2):
    count = t1.numel() - 1
    note(count)
    return ((t1 - t2) ** 2).sum() / count
"""
READS = """
def mse(t1, t2):
    with open("course.toml") as file:
        number = len(file.read())
    return ((t1 - t2) ** 2).sum() / (t1.numel() - 1) + 0 * number
"""
TWO_MISTAKES = "def mse(a, b):\n    return (a - b).abs().mean() * 3 + 17"
# Wrong in one of two lines, which nobody can tell from the checks.
EITHER = "def mse(a, b):\n    turned = -((a - b) ** 2).mean()\n    return 0 + turned"
REMEMBERS = """
calls = []


def mse(a, b):
    return ((a - b) ** 2).mean() if calls or calls.append(1) else a.sum()
"""


def look(course, *arguments: str, **more):
    """The self-check, of `mse` unless it is told otherwise."""
    return course.run(*(arguments or ("exercises", "-k", "mse")), **more)


def line_of(course, words: str) -> int:
    """Where the learner's module has a line with these words."""
    lines = (course.lesson / "from_scratch.py").read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_line_is_told_in_place_of_the_hint_and_only_the_learners_own_code_is_quoted(course):
    ran = look(course.change(mse=ONE_LESS))
    assert ran.code == 1
    said = " ".join(ran.next.split())
    line = line_of(course, "count = difference")
    assert f"look at from_scratch.py, line {line}: `difference.numel() - 1`: a part of it is too much" in said
    assert "where " not in ran.next
    assert "Hint:" not in ran.next
    assert "More hints:     pytest exercises --hint mse" in ran.next


@pytest.mark.slow
def test_where_the_author_tells_places_only_nothing_is_said_of_what_to_look_at(course):
    file = course.folder / "course.toml"
    table = "[assignments.linear_regression]\n"
    file.write_text(file.read_text("utf-8").replace(table, f'{table}causes = "place"\n'), "utf-8")
    ran = look(course.change(mse=ONE_LESS))
    line = line_of(course, "count = difference")
    assert re.search(rf"look at +from_scratch.py, line {line}\s", ran.next)
    assert "too much" not in ran.next


@pytest.mark.slow
def test_it_is_told_of_the_next_thing_alone_and_the_rest_of_the_report_and_the_status_stay(course):
    course.solve().change(mse=ONE_LESS, predict="def predict(model, region):\n    return torch.zeros(2) + 1")
    ran, before = look(course, "exercises"), look(course, "exercises", search_seconds=0.0)
    assert ran.out.count("look at") == 1
    assert before.out.count("look at") == 0
    assert ran.code == before.code == 1
    assert ran.outcomes() == before.outcomes()
    assert ran.out.split("Next: ")[0] == before.out.split("Next: ")[0]


@pytest.mark.slow
def test_warnings_that_are_errors_and_an_ordinary_report_change_nothing(course):
    ran = look(course.change(mse=ONE_LESS), python=("-W", "error"))
    assert "look at" in ran.next
    assert not ran.err
    assert "look at" not in look(course, "exercises", "-k", "mse", "-v").out


@pytest.mark.slow
@pytest.mark.parametrize("code", [TWO_MISTAKES, EITHER, REMEMBERS, READS], ids=["two", "places", "memory", "file"])
def test_what_no_single_place_makes_right_or_opens_a_file_has_its_hint(course, code):
    ran = look(course.change(mse=code))
    assert ran.code == 1
    assert "look at" not in ran.next
    assert "Hint:" in ran.next


@pytest.mark.slow
def test_edits_that_never_end_hold_up_nothing(course):
    ran = look(course.change(mse=ENDLESS))
    assert "`t1.numel() - 1`: a part of it is too much" in " ".join(ran.next.split())


@pytest.mark.slow
def test_edits_that_cant_be_stopped_are_ended_with_their_process(course):
    ran = look(course.change(mse=STUBBORN), search_seconds=3.0)  # without an end it would be given up after minutes
    assert ran.code == 1
    assert "Hint:" in ran.next


def test_a_function_that_writes_is_run_no_more_often_than_ever(course):
    ran = look(course.change(mse=WRITES))
    assert "look at" not in ran.next
    times = len((course.folder / "noted.txt").read_text())
    (course.folder / "noted.txt").unlink()
    look(course, search_seconds=0.0)
    assert len((course.folder / "noted.txt").read_text()) == times


@pytest.mark.slow
def test_of_a_saved_notebook_the_cell_is_told(course):
    write_notebook(course.lesson / "lesson.ipynb", {**solved(), "mse": ONE_LESS})
    ran = look(course, "exercises", "-k", "mse", "--source", "notebook")
    assert re.search(r"look at +cell \d+, line \d+: `difference\.numel\(\) - 1`", ran.next)


# A notebook's kernel in small: cells that are run one by one in a namespace of their own, and what `check` shows then.
NOTEBOOK = """
import json, linecache, os, sys
from grader.selfcheck import line_search
from grader.selfcheck.notebook import check

line_search.SECONDS = 60.0
names = {"check": check, "__name__": "__main__"}
for number, text in enumerate(json.load(sys.stdin)):
    filename = f"<cell {number}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    if text == "check('mse')":
        panel = eval(text, names)
        print(panel, panel._repr_html_(), sep="\\n", end="\\0")
    else:
        exec(compile(text, filename, "exec"), names)
"""
CHECK = "check('mse')"
PANELS = 2  # as text and as a page


def shown(course, *cells: str) -> list[str]:
    """What each `check('mse')` among these cells shows, as text and as a page."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", NOTEBOOK],
        cwd=course.folder,
        env=surroundings(PYTHONPATH=str(ROOT)),
        input=json.dumps([textwrap.dedent(cell) for cell in cells]),
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert not done.stderr
    return [" ".join(each.split()) for each in done.stdout.split("\0")[:-1]]


def test_in_a_notebook_the_panel_says_the_line_of_the_cell(course):
    (found,) = shown(course, "import torch", ONE_LESS, CHECK)
    assert found.count("look at") == PANELS
    assert found.count("line 4: `difference.numel() - 1`") == PANELS
    assert "Hint:" not in found


@pytest.mark.slow
def test_in_a_notebook_a_helper_in_another_cell_counts(course):
    note, rest = WRITES.split("\n\n\n")
    writes, gives = shown(course, note, rest, CHECK, "def note(value):\n    return value", CHECK)
    assert "look at" not in writes
    assert writes.count("Hint:") == PANELS
    assert gives.count("look at") == PANELS


@pytest.mark.slow
def test_in_a_notebook_a_helper_that_was_defined_anew_is_not_taken_for_the_old_one(course):
    here = "def rows(x):\n    return x.numel()\n\n\ndef mse(a, b):\n    return ((a - b) ** 2).sum() / (rows(a) + 1)"
    old, anew = shown(course, here, CHECK, "def rows(x):\n    return x.numel() - 2", CHECK)
    assert old.count("look at") == PANELS
    assert "look at" not in anew
    assert anew.count("Hint:") == PANELS


@pytest.mark.slow
def test_where_no_copy_of_the_process_can_be_made_nothing_is_said(course):
    for code in ("del os.fork", "os.fork = open", "sys.platform = 'darwin'"):
        (found,) = shown(course, f"import os, sys\n{code}", ONE_LESS, CHECK)
        assert "look at" not in found
        assert found.count("Hint:") == PANELS
