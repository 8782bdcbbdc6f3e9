"""No points are lost for our failures: it is tried again, said, and --resume takes just what failed."""

from __future__ import annotations

import json
import shutil
import socket
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.grading.pool import _Worker
from grader.grading.submission import Entry
from grader.sandbox.host.template_client import Forked, Template
from tests.faults.gradings import Place

pytestmark = pytest.mark.slow

COURSE = """
[course]
id = "small"
name = "A course of two exercises"

[assignments.numbers]
title = "Numbers"
modules.numbers.title = "Numbers"

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
"""
SOLUTION = "def double(x):\n    return 2 * x\n\n\ndef half(x):\n    return x / 2\n"
# Breaks once for each line of a file, and takes the line away. For each line of another one it acts as if the machine
# had let nobody run for minutes.
HIDDEN = '''
import contextlib
import socket
from pathlib import Path

from grader.checks import check
from grader.sandbox.host import child, zygote_process
from solutions.numbers.numbers import double, half

BREAKS = Path(__file__).parents[3] / "breaks"
BUSY = Path(__file__).parents[3] / "busy"
USUAL = child.longest_wait

if (Path(__file__).parents[3] / "deadly").exists():  # no zygote lives long enough to answer
    usual = zygote_process.ZygoteProcess.answer

    def answer(self, seconds):
        for each in (self._started, self._forked):
            if each:
                each.send_signal(9)
                each.wait()
        # It hears by this that it is not needed, should bubblewrap have been killed before it set up that all die with it.
        self._control.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            while self._control.recv(1 << 16):  # what it answered before it was dead
                pass
        return usual(self, seconds)

    zygote_process.ZygoteProcess.answer = answer


@check("double")
def test_double(student, draw):
    """is twice as much"""
    busy = BUSY.read_text().splitlines()
    BUSY.write_text("\\n".join(busy[1:]))
    child.longest_wait = (lambda _: 0.1) if busy else USUAL
    x = draw.tensor(3)
    student.double(x).returns(double(x))
    if lines := BREAKS.read_text().splitlines():
        BREAKS.write_text("\\n".join(lines[1:]))
        raise RuntimeError(lines[0])


@check("half")
def test_half(student, draw):
    """is half as much"""
    x = draw.tensor(3)
    student.half(x).returns(half(x))
'''


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course of two exercises, and right submissions for it in `class`."""
    folder = tmp_path / "course"
    files = {
        "course.toml": COURSE,
        "breaks": "",
        "busy": "",
        "solutions/numbers/numbers.py": SOLUTION,
        "solutions/numbers/hidden/test_numbers.py": HIDDEN,
        **{f"class/{student}/numbers.py": SOLUTION for student in ("ada", "bob", "cy")},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def run(place: Place, small_course: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Grade the class of the small course: exit status, and what was said."""

    def grade(*more: str, **options: Any) -> tuple[int, str]:
        return place.run(tmp_path / "out", *more, folder=small_course / "class", course=small_course, **options)

    return grade


def statuses(out: Path) -> dict[str, tuple[str, str]]:
    """The status of both exercises of each learner."""
    records = map(json.loads, (out / "results.jsonl").read_text().splitlines())
    return {
        record["student"]: (record["exercises"]["double"]["status"], record["exercises"]["half"]["status"])
        for record in records
    }


RIGHT = dict.fromkeys(("ada", "bob", "cy"), ("passed", "passed"))


def test_a_hidden_check_that_breaks_is_tried_again_and_what_breaks_twice_is_told_and_resumed(
    run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    (small_course / "breaks").write_text("ada's first\nada's second\nbob's first\n")
    code, text = run()
    assert code == 3, text
    assert statuses(tmp_path / "out") == {**RIGHT, "ada": ("grader_error", "passed")}
    assert "Our mistake: ada, double: RuntimeError: ada's second" in text
    assert "(solutions/numbers/hidden/test_numbers.py, line " in " ".join(text.split()), "where the check broke"
    assert "Our mistake: bob, double: RuntimeError: bob's first" in text, "it was tried again, and is told all the same"
    assert "1 submissions could not be graded in full because of our own failure. --resume tries them again." in text
    code, text = run("--resume")
    assert code == 0, text
    assert "2 of 3 submissions have a result already." in text
    assert statuses(tmp_path / "out") == RIGHT


def test_that_nothing_came_out_differently_is_said_only_where_grading_did_not_fail(
    run: Callable[..., tuple[int, str]], small_course: Path
) -> None:
    hidden = small_course / "solutions" / "numbers" / "hidden" / "test_numbers.py"
    assert run()[0] == 0
    for breaks, code in (("", 0), ("first\nsecond\n", 3)):
        hidden.write_text(f"{hidden.read_text()}# {code}\n")
        (small_course / "breaks").write_text(breaks)
        ended, text = run("--resume")
        assert ended == code, text
        assert ("Nothing came out differently." in text) is (code == 0)


def test_a_result_that_only_waited_for_its_cause_is_not_given_up_for_a_failure_of_ours(
    run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    (small_course / "class" / "bob" / "numbers.py").write_text(SOLUTION.replace("x / 2", "x / 3"))
    code, text = run("--no-causes")
    assert code == 0, text
    before = (tmp_path / "out" / "results.jsonl").read_bytes()
    (small_course / "breaks").write_text("bob's first\nbob's second\n")
    code, text = run("--resume")
    assert code == 0, text
    assert "Our mistake: bob, double: RuntimeError: bob's second" in text
    assert "Causes were left for later in 1 submission: --resume without --no-causes adds them." in text
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == before
    code, text = run("--resume")
    assert code == 0, text
    assert "Causes were left" not in text
    assert statuses(tmp_path / "out") == {**RIGHT, "bob": ("passed", "failed")}
    assert b'"by": "repair"' in (tmp_path / "out" / "results.jsonl").read_bytes()


def test_what_the_wall_clock_alone_stopped_is_graded_again_at_the_end_and_said_when_it_is_stopped_again(
    run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    slow = SOLUTION.replace("    return 2", "    import time\n\n    time.sleep(1)\n    return 2")
    (small_course / "class" / "ada" / "numbers.py").write_text(slow)
    (small_course / "busy").write_text("for one\n" * 3)
    code, text = run()
    assert code == 0, text
    assert statuses(tmp_path / "out") == RIGHT
    assert text.rindex("ada: graded, 3 of 3") > text.rindex("cy: graded, 3 of 3"), "it is the last"
    assert "Needs you" not in text
    (small_course / "busy").write_text("for one\n" * 9)
    code, text = run("--resume", "--only", "ada")
    assert code == 0, text
    assert statuses(tmp_path / "out") == {**RIGHT, "ada": ("timed_out", "passed")}
    said = " ".join(text.split())
    assert "Needs you: ada: double had to be stopped, and may have waited for the machine rather than run" in said
    assert "--resume --only ada" in said
    (small_course / "busy").write_text("")
    code, text = run("--resume", "--only", "ada")
    assert statuses(tmp_path / "out") == RIGHT


def test_learners_processes_that_can_not_be_shut_in_run_nothing_and_cost_nothing(
    run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    kit = tmp_path / "kit"
    shutil.copytree(Path(grader.__file__).parent, kit / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    confine = kit / "grader" / "sandbox" / "inside" / "confine.py"
    before = confine.read_text()
    confine.write_text(before.replace("    os.setsid()\n", '    os.setsid()\n    raise OSError("no walls today")\n', 1))
    assert confine.read_text() != before
    code, text = run("--only", "ada", cwd=kit)
    assert code == 3, text
    assert statuses(tmp_path / "out") == {"ada": ("grader_error", "grader_error")}
    assert "ada: grader_error" in text
    assert "did not get ready. It ended with exit code 99." in " ".join(text.split())
    confine.write_text(before)
    code, text = run("--resume", cwd=kit)
    assert code == 0, text
    assert statuses(tmp_path / "out") == RIGHT


def test_zygotes_that_are_killed_at_each_attempt_cost_nobody_a_point(
    place: Place, run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    deadly = small_course / "deadly"
    deadly.touch()
    code, text = run("--only", "ada")
    assert code == 3, text
    assert statuses(tmp_path / "out") == {"ada": ("grader_error", "grader_error")}
    assert "Our mistake: ada: " in text
    assert "zygote" in text
    place.nothing_is_left()
    deadly.unlink()
    code, text = run("--resume")
    assert code == 0, text
    assert statuses(tmp_path / "out") == RIGHT


def test_grading_processes_that_are_killed_at_each_attempt_cost_nobody_a_point(
    place: Place, run: Callable[..., tuple[int, str]], small_course: Path, tmp_path: Path
) -> None:
    grading = place.start(tmp_path / "out", "--only", "ada", folder=small_course / "class", course=small_course)
    while grading.process.poll() is None:
        for process in grading.processes("grading"):
            process.kill()
        time.sleep(0.01)
    assert grading.end() == 3, grading.text
    assert statuses(tmp_path / "out") == {"ada": ("grader_error", "grader_error")}
    assert "Our mistake: ada: a grading process ended (exit code -9)" in grading.text
    place.nothing_is_left()
    code, text = run("--resume")
    assert code == 0, text
    assert statuses(tmp_path / "out") == RIGHT


def test_an_entry_that_is_given_to_a_process_that_has_just_died_is_not_lost() -> None:
    ours, theirs = Pipe()
    theirs.close()
    entry = Entry("ada", Path("ada"))
    template = Template(socket.socket())
    worker: _Worker[Entry] = _Worker(Forked(template), ours)
    worker.give(entry)
    assert worker.task is entry
    with pytest.raises((EOFError, OSError)):  # by which the batch notices
        ours.recv()
    ours.close()
    template.close()
