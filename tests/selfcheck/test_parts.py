"""The parts of the self-check, without a process of their own."""

import ast
import io
import sys
import time
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from grader.checks import CheckInfo
from grader.checks.scoring import CheckOutcome
from grader.core.records import CheckStatus, ExerciseStatus, Finding
from grader.selfcheck.course_file import read_lessons
from grader.selfcheck.in_process import KEPT, Printed
from grader.selfcheck.known_mistakes import KnownMistakes
from grader.selfcheck.optimizer import SGD
from grader.selfcheck.report import WIDTH, Setting, lesson_lines
from grader.selfcheck.state import Progress, next_thing, standings
from grader.selfcheck.time_limits import TimeLimit, TookTooLong
from tests.selfcheck.conftest import LESSON, ROOT

NONE = KnownMistakes(Path("nowhere"))


def unknown(exercise):
    return None


CHECKS = sorted((ROOT / "exercises" / LESSON / "checks").glob("test_*.py"))


@pytest.fixture
def lesson():
    return read_lessons(ROOT / "course.toml")[LESSON]


def progress_of(lesson, **statuses):
    """Each exercise with one check for each status."""
    found = {}
    for name, each in statuses.items():
        outcomes = [
            CheckOutcome(f"check_{n}", CheckInfo(name, 1.0, 0.0, "is right"), status, Finding(f"{name} {n} {status}"))
            for n, status in enumerate(each)
        ]
        found[name] = Progress(lesson.exercises[name], len(outcomes), outcomes)
    return found


def test_what_is_wrong_comes_before_what_is_to_do_and_blocked_is_never_next(lesson):
    passed, failed, todo = [CheckStatus.PASSED], [CheckStatus.FAILED], [CheckStatus.TODO]
    found = standings(
        lesson, progress_of(lesson, to_tensors=todo, mse=failed, train=failed, fit=failed), {}, NONE, unknown
    )
    assert [(each.exercise.id, each.result.status) for each in found] == [
        ("to_tensors", ExerciseStatus.TODO),
        ("mse", ExerciseStatus.FAILED),
        ("train", ExerciseStatus.BLOCKED),
        ("fit", ExerciseStatus.FAILED),
    ]
    assert found[2].blocked_by == ("mse",)
    for standing in (found, standings(lesson, progress_of(lesson, train=todo, mse=todo), {}, NONE, unknown)):
        thing = next_thing(standing)
        assert thing is not None
        assert thing.exercise.id == "mse"
    assert next_thing(standings(lesson, progress_of(lesson, mse=passed), {}, NONE, unknown)) is None


def test_points_are_earned_in_proportion(lesson):
    half = [CheckStatus.PASSED, CheckStatus.FAILED]
    (found,) = standings(lesson, progress_of(lesson, mse=half), {}, NONE, unknown)
    assert found.result.score == 2
    assert found.result.status is ExerciseStatus.PARTIAL
    assert found.whole


def test_no_line_is_wider_than_the_page_whatever_the_state(lesson):
    failed = [CheckStatus.FAILED]
    found = standings(lesson, progress_of(lesson, **dict.fromkeys(lesson.exercises, failed)), {}, NONE, unknown)
    files = dict.fromkeys(lesson.modules, "exercises/linear_regression/x.py")
    setting = Setting(files, "pytest exercises", "pytest exercises", ascii=True)
    lines = ["".join(text for text, _ in line) for line in lesson_lines(lesson, found, setting)]
    assert max(map(len, lines)) <= WIDTH
    assert any(line.startswith("  ^ train") for line in lines)


def test_minus_k_with_an_exercise_selects_its_checks_alone(lesson):
    names = {
        path.stem: [node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        for path in CHECKS
    }
    assert set(names) == {f"test_{name}" for name in lesson.exercises}
    for exercise in lesson.exercises:
        matching = {file for file, tests in names.items() if exercise in file or any(exercise in t for t in tests)}
        assert matching == {f"test_{exercise}"}


def test_the_visible_checks_know_no_solution():
    for path in CHECKS:
        assert "solutions" not in path.read_text("utf-8")


def test_the_small_optimizer_does_what_torchs_does():
    def parameters():
        torch.manual_seed(1)
        layer = torch.nn.Linear(3, 2)
        return layer, torch.ones(4, 3), torch.zeros(4, 2)

    (one, x, y), (other, *_) = parameters(), parameters()
    ours, theirs = SGD(one.parameters(), 0.1), torch.optim.SGD(other.parameters(), lr=0.1)
    assert isinstance(ours, torch.optim.Optimizer)
    for layer, opt in ((one, ours), (other, theirs)):
        for to_none in (True, False):
            opt.zero_grad(set_to_none=to_none)
            F.mse_loss(layer(x), y).backward()
            assert opt.step() is None

        def closure(layer=layer, opt=opt):
            opt.zero_grad()
            loss = F.mse_loss(layer(x), y)
            loss.backward()
            return loss

        with torch.no_grad():
            assert opt.step(closure).item() > 0
        opt.param_groups[0]["lr"] = 0.5
        opt.step()
    for mine, yours in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(mine, yours)
    assert ours.state_dict()["param_groups"][0]["params"] == theirs.state_dict()["param_groups"][0]["params"]
    ours.load_state_dict(ours.state_dict())
    assert ours.events == ["zero_grad", "step", "zero_grad", "step", "zero_grad", "step", "step"]
    ours.zero_grad()
    ours.step()
    assert ours.events[-1] == "step without gradients"


def test_what_is_printed_is_kept_up_to_a_limit_and_streams_are_put_back():
    before = sys.stdout
    printed = Printed()
    with printed.captured():
        print("héllo \ud800", flush=True)
        sys.stdout.buffer.write(b"raw\n")
        print("aside", file=sys.stderr)
        sys.stdout.write("x" * (KEPT * 2))
        sys.stdout = io.StringIO()
    assert sys.stdout is before
    assert printed.out.startswith("héllo \\ud800\nraw\nxxx")
    assert len(printed.out) <= KEPT
    assert printed.all.endswith("aside\n")


def test_time_that_is_up_before_the_call_begins_leaves_no_trace_either(monkeypatch):
    import signal
    import threading

    class Slow(threading.Thread):
        def start(self):
            super().start()
            time.sleep(1)

    monkeypatch.setattr(threading, "Thread", Slow)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(TookTooLong), TimeLimit(0.01, lambda: None).running():
        pytest.fail("the call began")
    assert signal.getsignal(signal.SIGINT) is handler
    time.sleep(1)  # nothing interrupts what comes afterwards


def test_one_thread_waits_for_all_calls_and_ends_with_them():
    import threading

    def waiting():
        return [each for each in threading.enumerate() if each.name == "time limit"]

    limit = TimeLimit(600, lambda: None)
    for _ in range(3):
        with limit.running():
            (thread,) = waiting()
    limit.end()
    thread.join(60)
    assert waiting() == []


def test_a_call_is_interrupted_however_many_there_were_before_it():
    limit = TimeLimit(2, lambda: None)
    for _ in range(3):
        with limit.running():
            pass
    with pytest.raises(TookTooLong), limit.running():
        time.sleep(600)
    with limit.running():
        time.sleep(0.5)
        limit.suspend()
        time.sleep(2)  # a person debugs
    with pytest.raises(TookTooLong), limit.running():
        time.sleep(600)
    limit.end()


def test_the_time_limit_interrupts_a_sleep_and_leaves_no_trace():
    import signal

    handler = signal.getsignal(signal.SIGINT)
    limit = TimeLimit(0.2, lambda: None)
    started = time.monotonic()
    with pytest.raises(TookTooLong), limit.running():
        time.sleep(600)
    assert time.monotonic() - started < 600
    with TimeLimit(600, lambda: None).running():
        pass
    for _ in range(20):  # calls that end just when the time is up
        try:
            with TimeLimit(0.01, lambda: None).running():
                time.sleep(0.01)
        except TookTooLong:
            continue
    assert signal.getsignal(signal.SIGINT) is handler
    time.sleep(0.1)
