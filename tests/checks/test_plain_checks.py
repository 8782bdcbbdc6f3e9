"""A check that is a plain function is called without pytest, with the same outcome as within it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = """
[course]
id = "small"
name = "A small course"

[assignments.numbers]
title = "Numbers"
modules.numbers.title = "Numbers"

[assignments.numbers.exercises.half]
module = "numbers"
title = "Half as much"
points = 1
hints = ["What makes two of it?"]

[assignments.numbers.exercises.other]
module = "numbers"
title = "Never run here"
points = 1
hints = ["None."]
"""
CHECKS = '''
import warnings

import pytest

from grader.checks import check, guard


@check("half")
def test_both(student, draw):
    """gives the right number"""
    x = draw.tensor(3)
    student.half(x).returns(x / 2)


@check("half")
def test_only_the_student(student):
    """halves 4"""
    student.half(4.0).returns(2.0)


@guard("half", penalty=0.5)
def test_neither():
    """fails"""
    raise AssertionError("quoted nowhere")


@pytest.mark.parametrize(("x", "y"), [(1.0, 0.5), (3.0, 2.0)])
@check("half")
def test_numbers(student, x, y):
    """gives the right number"""
    student.half(x).returns(y)


@check("half")
def test_warns(student):
    """warns"""
    warnings.warn("loud", stacklevel=1)
    student.half(2.0).returns(1.0)


@check("half")
def test_default(student, x=6.0):
    """has a default"""
    student.half(x).returns(3.0)


@pytest.fixture
def six():
    yield 6.0


@check("half")
def test_a_fixture_of_its_own(student, six):
    """gives the right number"""
    student.half(six).returns(3.0)


@pytest.fixture
def doubled(request):
    return 2 * request.param


@pytest.mark.parametrize("doubled", [1.0, 2.0], indirect=True)
@check("half")
def test_indirect(student, doubled):
    """gives the right number"""
    student.half(doubled).returns(doubled / 2)


@pytest.mark.skip
@check("other")
def test_skipped(student):
    """is skipped"""


@pytest.mark.xfail(raises=ZeroDivisionError)
@check("other")
def test_expected_to_fail(student):
    """fails"""
    1 / 0


class TestClass:
    def setup_method(self):
        self.x = 8.0

    @check("half")
    def test_method(self, student):
        """gives the right number"""
        student.half(self.x).returns(4.0)
'''
SET_UP = '''
from grader.checks import check

READY = []


def setup_function(function):
    READY.append(1)


@check("half")
def test_set_up(student):
    """is set up"""
    assert READY
    student.half(8.0).returns(4.0)
'''
PLAIN = {
    *("test_both", "test_only_the_student", "test_neither", "test_numbers[1.0-0.5]", "test_numbers[3.0-2.0]"),
    *("test_warns", "test_default"),
}
RUN = """
import json, sys
from pathlib import Path

from grader.course.load import load_course
from grader.grading.collected_checks import run_hidden
from grader.grading.local_run import run_locally

root = Path(sys.argv[1])
assignment = load_course(root).assignments["numbers"]
found = {}


def body(checks):
    for name, text in {"right": "def half(x): return x / 2", "wrong": "def half(x): return 0.4 * x"}.items():
        run = run_locally(checks, assignment, assignment.exercises["half"], {"numbers": text}, seed=1)
        found[name] = [[each.id, each.status.value, str(each.finding)] for each in run.outcomes]
    found["plain"] = [item.name for items in checks.items.values() for item, _ in items if checks._plain.get(item.nodeid)]


run_hidden(root, assignment, body)
Path(sys.argv[2]).write_text(json.dumps(found))
"""


def found(folder: Path, *, conftest: bool) -> dict[str, list[list[str]]]:
    secret = folder / "solutions" / "numbers"
    (secret / "hidden").mkdir(parents=True)
    (folder / "course.toml").write_text(COURSE)
    (secret / "numbers.py").write_text("def half(x):\n    return x / 2\n\n\ndef other(x):\n    return x\n")
    (secret / "hidden" / "test_half.py").write_text(CHECKS)
    (secret / "hidden" / "test_set_up.py").write_text(SET_UP)
    if conftest:
        (secret / "hidden" / "conftest.py").write_text("def pytest_runtest_setup(item):\n    pass\n")
    command = [sys.executable, "-c", RUN, str(folder), str(folder / "found")]
    done = subprocess.run(command, text=True, timeout=600, check=False, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "found").read_text())


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str]]]:
    return found(tmp_path_factory.mktemp("called"), conftest=False)


def test_plain_functions_of_student_and_draw_are_called_and_whatever_needs_pytest_is_run_by_it(
    called: dict[str, list[list[str]]],
) -> None:
    assert set(map(str, called["plain"])) == PLAIN


@pytest.mark.slow
def test_where_a_conftest_may_change_how_checks_run_pytest_runs_all_and_the_outcomes_are_the_same(
    called: dict[str, list[list[str]]], tmp_path: Path
) -> None:
    by_pytest = found(tmp_path, conftest=True)
    assert by_pytest["plain"] == []
    assert by_pytest["right"] == called["right"]
    assert by_pytest["wrong"] == called["wrong"]
    assert {status for _, status, _ in called["right"]} == {"passed", "failed"}
