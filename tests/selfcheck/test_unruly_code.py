"""Code that hangs, floods, exits or breaks: the rest is still looked at."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.selfcheck.conftest import ROOT, surroundings

STUBBORN = """
def mse(a, b):
    caught = 0
    while caught < 3:
        try:
            import time
            time.sleep(60)
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
        gradient_step="def gradient_step(w, b, lr):\n    import time\n    time.sleep(60)",
        make_loader="def make_loader(*args):\n    import sys\n    sys.exit(3)",
        fit="def fit(*args):\n    exit()",
        predict=FLOOD,
    )
    started = time.monotonic()
    ran = course.run("exercises", "-o", "selfcheck_seconds=0.5")
    assert time.monotonic() - started < 30
    assert ran.code == 1
    assert ran.row("to_tensors").split()[-1] == "2/2"
    for name in ("model", "mse", "gradient_step"):
        assert ran.row(name).endswith("took too long")
    for name in ("make_loader", "fit", "predict"):
        assert ran.row(name).endswith("not right yet")
    assert "It was still running after 0.5 seconds." in ran.next
    assert re.search(r"where +from_scratch.py, line \d+:  (while True:|pass)\n", ran.next)
    assert "SystemExit: 3" in str(ran.outcomes()["make_loader"])

    ran = course.run("exercises", "-k", "predict")
    assert "mine: (75, 63, 44)" in ran.next
    assert "more lines" in ran.next
    assert len(ran.out) < 5000


def test_a_module_that_hangs_or_breaks_while_imported_is_tried_once(course):
    course.solve()
    course.write("with_torch", "import time\nprint('begun')\ntime.sleep(60)\n")
    ran = course.run("exercises", "-o", "selfcheck_seconds=0.5")
    assert ran.code == 1
    assert "can't be used: with_torch.py was still busy after 0.5 seconds of being imported." in " ".join(
        ran.out.split()
    )
    assert ran.row("train").split()[-1] == "5/5"
    assert "where    with_torch.py, line 3:  time.sleep(60)" in ran.next
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
    child = subprocess.Popen(command, cwd=course.folder, env=surroundings(PYTHONPATH=str(ROOT)), stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (course.folder / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 2
    assert "Stopped" in out.decode()


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
    assert "28 of 30 points" in ran.out  # predict's model is built for it in float64: as in the grading, that is wrong
    assert {tag for name in ("fit", "make_loader") for tag, _ in ran.outcomes()[name]} == {"passed"}
    assert "UserWarning" not in str(ran.outcomes())


def test_a_debugger_stops_in_the_learners_own_code_and_has_no_time_limit(course):
    course.solve().change(mse="def mse(first, second):\n    inside = 41 + 1\n    return first.nothing")
    command = [sys.executable, "-m", "pytest", "exercises", "-k", "mse", "--pdb", "-x", "-o", "selfcheck_seconds=0.2"]
    environment = surroundings(PYTHONPATH=str(ROOT))
    done = subprocess.run(
        command, cwd=course.folder, env=environment, input="import time; time.sleep(1)\np inside\nq\n",
        capture_output=True, text=True, timeout=120, check=False,
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
