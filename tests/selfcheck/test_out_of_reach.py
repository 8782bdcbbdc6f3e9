"""A module that can't be imported: the next thing is what keeps it from that, and nothing is said of its exercises."""

from __future__ import annotations

import re

import pytest

from tests.selfcheck.conftest import MODULES, Course, solution
from tests.selfcheck.notebooks import solved, write_notebook
from tests.selfcheck.test_watch import watched  # noqa: F401

pytestmark = pytest.mark.slow

SECONDS = ("-o", "selfcheck_seconds=2")
# What is written before the first function of a module, and what is said of it. The line is that of `!`.
BREAKS = {
    "no Python": ("x = (1, 2\n!y = 3)) + 1", "SyntaxError"),
    "an indent": ("if True:\n!x = 1", "IndentationError"),
    "an unknown name": ("x = 1\n\n!y = z", "NameError"),
    "no such name there": ("!from torch import nothing_of_it", "ImportError"),
    "its own exception": ("!raise ValueError('no')", "ValueError"),
    "no end": ("import time\n!time.sleep(600)", "took longer"),
}


@pytest.fixture
def both(tmp_path):
    """A course of two lessons, in which everything is done."""
    course = Course(tmp_path / "course", "digits")
    for lesson in ("linear_regression", "digits"):
        course.other(lesson).solve()
    return course


def broken(module, lesson, break_):
    """A module with a break in it, and the break's line."""
    text = re.sub(
        "^(?=class |def |@)", lambda _: f"{break_}\n\n\n", solution(module, lesson), count=1, flags=re.MULTILINE
    )
    line = text[: text.index("!")].count("\n") + 1
    return text.replace("!", "", 1), line


@pytest.mark.parametrize(("number", "kind"), list(enumerate(BREAKS)))
def test_the_next_thing_is_the_line_and_its_exercises_cant_be_checked(both, number, kind):
    lesson, module = ("linear_regression", "digits")[number % 2], MODULES[number // 2 % 2]
    course = both.other(lesson)
    text, line = broken(module, lesson, BREAKS[kind][0])
    course.write(module, text)
    ran = course.run(f"exercises/{lesson}", *SECONDS)
    rows = re.findall(r"^  (\S) (\w+)  .* (\S+/\d+)(?:   (.*))?$", ran.out, re.MULTILINE)
    functions = re.findall(r"^def (\w+)", text, re.MULTILINE)
    hit = [row for row in rows if row[1] in functions]
    assert hit
    assert {(sign, earned[0], words) for sign, _, earned, words in hit} == {("?", "?", "can't be checked")}
    first = f"Next: exercises/{lesson}/{module}.py, line {line}\n"
    assert ran.next.startswith(first)
    assert BREAKS[kind][1] in ran.next
    assert "Hint: " not in ran.next
    assert "Try again with: pytest exercises" in ran.next
    assert " -k " not in ran.next
    name = hit[-1][1]
    assert course.run(f"exercises/{lesson}", "-k", name, *SECONDS).next.startswith(first)


def test_a_module_that_is_missing_or_no_text_is_the_next_thing(course):
    course.solve()
    (course.lesson / "with_torch.py").unlink()
    assert course.run().next.startswith("Next: exercises/linear_regression/with_torch.py\n")
    course.write("with_torch", b"# caf\xe9\n")
    assert course.run().next.startswith("Next: exercises/linear_regression/with_torch.py\n")


def test_what_is_not_written_yet_stays_to_do_and_the_line_is_next_all_the_same(course):
    course.solve("from_scratch")
    course.write(
        "with_torch", (course.lesson / "with_torch.py").read_text().replace("import torch", "import torch\n1 / 0", 1)
    )
    ran = course.run()
    assert ran.row("fit").endswith("to do")
    assert re.match(r"Next: exercises/linear_regression/with_torch.py, line \d+\n", ran.next)


@pytest.mark.parametrize("kind", ["no Python", "its own exception"])
def test_a_watch_gives_no_hint_for_it_and_praises_nothing_anew_when_it_is_mended(course, watched, kind):  # noqa: F811
    course.solve()
    watch = watched(*SECONDS)
    watch.said()
    text, line = broken("from_scratch", "linear_regression", BREAKS[kind][0])
    course.write("from_scratch", text)
    assert f"Next: exercises/linear_regression/from_scratch.py, line {line}\n" in watch.said()
    watch.press("h")
    said = watch.said()
    assert f"see to from_scratch.py, line {line}:" in said
    assert "Hint" not in said
    course.solve("from_scratch")
    said = watch.said()
    assert "All visible checks pass." in said
    assert " done. " not in said


def test_the_page_still_marks_what_was_done_before(course):
    course.solve().run()
    page = (course.lesson / ".progress.css").read_text()
    course.write("from_scratch", "def (")
    course.run()
    assert (course.lesson / ".progress.css").read_text() == page


def test_in_a_saved_notebook_it_is_the_line_of_the_cell_and_only_what_needs_it_cant_be_checked(course):
    model = f"scale = 1 / 0\n{solved()['model'].replace('+ b', '+ b * scale')}"
    write_notebook(course.lesson / "lesson.ipynb", {**solved(), "model": model})
    ran = course.run("exercises", "--source", "notebook")
    assert ran.row("model").endswith("?/4   can't be checked")
    assert ran.row("mse").split()[-1] == "4/4"
    place = r"cell \d+, line 1, in exercises/linear_regression/lesson\.ipynb"
    assert re.match(rf"Next: {place}\n", ran.next), ran.next
    assert "Try again with: check() in the notebook" in ran.next
