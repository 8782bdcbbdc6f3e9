"""Code that hangs, floods, exits or breaks: the rest is still looked at."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import in_the_foreground
from tests.lesson_points import TOTAL
from tests.selfcheck.conftest import ROOT, surroundings

pytestmark = pytest.mark.slow

LONG = 300  # seconds after which a test gives up waiting for something that must come

STUBBORN = """
def mse(a, b):
    caught = 0
    while caught < 3:
        try:
            import time
            time.sleep(600)
        except:
            caught += 1
    while True:
        pass
"""
FLOOD = """
def predict(model, region):
    print("mine:", region)
    for number in range(20_000):
        print(number, "flood " * 10)
    import sys
    print("to stderr", file=sys.stderr)
    return None
"""


def test_endless_loops_cost_one_exercise_each_and_exits_and_floods_cost_nothing(course):
    course.solve().change(
        model="def model(x, w, b):\n    while True:\n        pass",
        mse=STUBBORN,
        gradient_step="def gradient_step(w, b, lr):\n    import time\n    time.sleep(600)",
        make_loader="def make_loader(*args):\n    import sys\n    sys.exit(3)",
        fit="def fit(*args):\n    exit()",
        predict=FLOOD,
    )
    ran = course.run("exercises", "-o", "selfcheck_seconds=3")
    assert ran.code == 1
    assert ran.row("to_tensors").split()[-1] == "2/2"
    for name in ("model", "mse", "gradient_step"):
        assert ran.row(name).endswith("took too long")
    for name in ("make_loader", "fit", "predict"):
        assert ran.row(name).endswith("not right yet")
    assert "The function was still running after 3 seconds." in ran.next
    assert re.search(r"where +from_scratch.py, line \d+:  (while True:|pass)\n", ran.next)
    assert "SystemExit: 3" in str(ran.outcomes()["make_loader"])

    ran = course.run("exercises", "-k", "predict")
    assert "mine: (75, 63, 44)" in ran.next
    assert "more lines" in ran.next
    assert len(ran.out) < 5000


@pytest.mark.parametrize("depth", [0, 1, 4])
def test_the_line_at_which_a_call_was_stopped_is_told_however_deep_in_helpers_it_is(course, depth):
    helpers = "".join(f"def helper_{each}(x):\n    return helper_{each + 1}(x)\n\n\n" for each in range(depth))
    last = f"def helper_{depth}(x):\n    import time\n    time.sleep(600)  # stopped here\n    return x\n\n\n"
    course.solve().change(mse=f"{helpers}{last}def mse(a, b):\n    return helper_0(a)\n")
    ran = course.run("exercises", "-k", "mse", "-o", "selfcheck_seconds=0.5")
    lines = (course.lesson / "from_scratch.py").read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if "# stopped here" in line)
    said = f"after 0.5 seconds. It was at from_scratch.py, line {number}, when it was stopped."
    assert said in " ".join(ran.next.split())
    assert re.search(rf"where +from_scratch.py, line {number}:  time.sleep\(600\)", ran.next)


def test_a_module_that_hangs_or_breaks_while_imported_is_tried_once(course):
    course.solve()
    course.write("with_torch", "import time\nprint('begun')\ntime.sleep(600)\n")
    ran = course.run("exercises", "-o", "selfcheck_seconds=3")
    assert ran.code == 1
    assert "can't be used: Importing with_torch.py took longer than 3 seconds." in " ".join(ran.out.split())
    assert ran.row("train").split()[-1] == "5/5"
    assert "where    with_torch.py, line 3:  time.sleep(600)" in ran.next
    assert "printed  begun" in ran.next


def test_code_that_cannot_be_stopped_ends_the_run_with_a_sentence(course):
    forever = """
        def mse(a, b):
            import signal
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while True:
                pass
    """
    ran = course.solve().change(mse=forever).run("exercises", "-o", "selfcheck_seconds=0.3")
    assert ran.code == 1
    assert "runs without end and doesn't let itself be stopped" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_stops_the_run_as_ever(course):
    course.solve().change(mse="def mse(a, b):\n    open('begun', 'w').close()\n    while True:\n        pass")
    command = [sys.executable, "-m", "pytest", "exercises", "-k", "mse"]
    child = subprocess.Popen(
        command,
        cwd=course.folder,
        env=surroundings(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        preexec_fn=in_the_foreground,
    )
    wait_for(course.folder / "begun")
    os.kill(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=LONG)
    assert child.returncode == 2
    assert "Stopped" in out.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent in another way there")
def test_ctrl_c_does_not_stop_a_run_that_a_shell_started_in_the_background(course):
    waits = """
        def mse(a, b):
            import os, time
            open("begun", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)
            return ((a - b) ** 2).mean()
    """
    course.solve().change(mse=waits)
    command = [sys.executable, "-m", "pytest", "exercises", "-k", "mse", "-o", f"selfcheck_seconds={LONG}"]
    child = subprocess.Popen(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command],
        cwd=course.folder,
        env=surroundings(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
    )
    wait_for(course.folder / "begun")
    os.kill(child.pid, signal.SIGINT)
    (course.folder / "go").touch()
    out, _ = child.communicate(timeout=LONG)
    assert "mse  The mean squared error" in out.decode()
    assert "4/4" in out.decode()
    assert child.returncode == 0


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + LONG
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not come"
        time.sleep(0.02)


def test_what_learners_set_for_the_whole_of_torch_and_warnings_do_no_harm(course):
    course.solve().change(
        predict="""
            def predict(model, region):
                import warnings
                warnings.warn("not an error")
                with torch.no_grad():
                    return model(torch.tensor([list(region)], dtype=torch.float32))[0]
        """
    )
    text = (course.lesson / "with_torch.py").read_text()
    course.write("with_torch", text + "\ntorch.set_default_dtype(torch.float64)\n")
    ran = course.run("exercises", PYTHONWARNINGS="error::UserWarning")
    assert (
        f"{TOTAL - 2} of {TOTAL} points" in ran.out
    )  # predict's model is built for it in float64: as in the grading, that is wrong
    assert {tag for name in ("fit", "make_loader") for tag, _ in ran.outcomes()[name]} == {"passed"}
    assert "UserWarning" not in str(ran.outcomes())


def test_a_debugger_stops_in_the_learners_own_code_and_has_no_time_limit(course):
    course.solve().change(mse="def mse(first, second):\n    inside = 41 + 1\n    return first.nothing")
    command = [sys.executable, "-m", "pytest", "exercises", "-k", "mse", "--pdb", "-x", "-o", "selfcheck_seconds=0.2"]
    environment = surroundings(PYTHONPATH=str(ROOT))
    done = subprocess.run(
        command, cwd=course.folder, env=environment, input="import time; time.sleep(1)\np inside\nq\n",
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert "(Pdb) 42" in done.stdout
    assert "AttributeError" in done.stdout
    assert done.returncode == 2


def test_the_process_is_left_at_once_only_where_pytest_is_the_program(course):
    course.change(mse="import atexit\natexit.register(print, 'taken apart')\ndef mse(a, b):\n    return a")
    (course.folder / "profiled").mkdir()
    profiler = "import sys; sys.setprofile(lambda frame, event, argument: None)"
    (course.folder / "profiled" / "sitecustomize.py").write_text(profiler)
    program = ["-m", "pytest", "exercises", "-k", "mse"]
    host = ["-c", "import pytest; code = pytest.main(['exercises', '-k', 'mse']); print('still here', int(code))"]
    for command, first, apart in [(program, "", False), (host, "", True), (program, "profiled", True)]:
        path = os.pathsep.join([*([str(course.folder / first)] if first else []), str(ROOT)])
        done = subprocess.run(
            [sys.executable, *command], cwd=course.folder, env=surroundings(PYTHONPATH=path),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "0 of 4 points" in done.stdout
        assert ("taken apart" in done.stdout) is apart
        assert ("still here 1" in done.stdout) is (command is host)
        assert done.returncode == (0 if command is host else 1)
