"""What passes at home passes here: harmless lines at the top of a module, in the self-check and in the grading."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.core.assignment import Limits
from grader.core.errors import GradingError
from grader.course.load import load_course
from grader.grading.session import Answer, Session
from grader.sandbox.host.machine import choose_isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.host.zygote_process import public_files
from grader.sandbox.inside.home import Beside
from grader.sandbox.protocol.messages import Call, Raised
from tests.grading.harmless import LINES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
LIMITS = Limits(exercise_seconds=60, submission_seconds=120)
_FUNCTION = "\n\ndef works():\n    return 'it works'\n"
# The self-check's own way to a learner's functions, for each line in turn.
_AT_HOME = """
import json, os, sys
from pathlib import Path
from grader.selfcheck.in_process import InProcess
from grader.selfcheck.in_process import read_files
from grader.selfcheck.time_limits import TimeLimit
from grader.sandbox.protocol.messages import Call

found, here = {}, Path.cwd()
for name, text in json.load(sys.stdin).items():
    folder = here / f"course {len(found)}"
    folder.mkdir()
    os.chdir(folder)
    (folder / "m.py").write_text(text, encoding="utf-8")
    code = InProcess(read_files(folder, ["m"]), TimeLimit(60, lambda: None))
    outcome, _ = code.send(Call("m", "works", ()))()
    found[name] = repr(outcome)
    code.forget()
(here / "found.json").write_text(json.dumps(found), encoding="utf-8")
os._exit(0)  # some lines have started threads that wait for minutes
"""


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the self-check gets from each line, on a machine with a home."""
    folder = tmp_path_factory.mktemp("home")
    user = dict.fromkeys(("USER", "LOGNAME"), "ada")
    environment = {**os.environ, **user, "HOME": str(folder), "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _AT_HOME],
        cwd=folder,
        env={**environment, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "SHELL": "/bin/sh", "TMPDIR": str(folder)},
        input=json.dumps({name: line + _FUNCTION for name, line in LINES.items()}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (folder / "found.json").exists(), done.stderr
    return dict(json.loads((folder / "found.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=["full", "kernel"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    try:
        isolation, _ = choose_isolation(request.param)
    except GradingError as error:
        pytest.skip(str(error))
    lesson = public_files(ROOT, load_course(ROOT).assignments["linear_regression"])
    with Zygote(isolation, LIMITS, hide=[ROOT], beside=lesson) as running:
        yield running


@pytest.fixture
def answered(zygote: Zygote) -> Callable[..., Answer]:
    """What a function `works` of a module gives, in a process of its own."""

    def ask(text: str, data: dict[str, bytes] | None = None, function: str = "works") -> Answer:
        session = Session(zygote, {"m": text}, LIMITS, data=data)
        try:
            session.begin("cpu")
            return session.send(Call("m", function, ()))()
        finally:
            session.close()

    return ask


@pytest.mark.parametrize("name", LINES)
def test_a_harmless_line_costs_nothing_here_and_at_home(
    name: str, answered: Callable[..., Answer], at_home: dict[str, str]
) -> None:
    outcome = answered(LINES[name] + _FUNCTION).outcome
    assert not isinstance(outcome, Raised), f"{LINES[name]}\n{outcome.type_name}: {outcome.message}"
    assert outcome.value == "it works"
    if name not in ONLY_HERE:
        assert "it works" in at_home[name], "if it fails at home as well, it is no harmless line"


# What holds in the grading and need not at home: the self-check's captured streams are no files, torch takes the number of
# threads once in a process, and the user of this machine has no entry of this name.
ONLY_HERE = {
    *("isatty", "fdopen", "faulthandler", "faulthandler2", "interop", "interop2", "interop4", "argv", "argparse"),
    *("getlogin", "pwd", "pwdnam", "tilde_user", "grp", "owner"),
}


def test_nothing_of_the_machine_is_told(answered: Callable[..., Answer]) -> None:
    told = """
import getpass, os, pwd, sys
def works():
    return [dict(os.environ), sys.argv, sys.orig_argv, getpass.getuser(), list(pwd.getpwuid(os.getuid())), os.getcwd()]
"""
    outcome = answered(told).outcome
    assert not isinstance(outcome, Raised)
    for secret in (str(ROOT), sys.prefix, "grader.sandbox.inside", "landlock"):
        assert secret not in repr(outcome.value), secret
    assert outcome.value[3] == "learner"


def test_the_lessons_files_lie_beside_the_module_and_can_be_read_but_not_changed(
    answered: Callable[..., Answer],
) -> None:
    text = """
import os
from pathlib import Path
HERE = Path(__file__).parent
assert open("lesson.md").read() == (HERE / "lesson.md").read_text()
assert (HERE / "figures" / "data.svg").read_bytes()
(HERE / "figures" / "mine.png").write_bytes(b"x")
LISTED = sorted(os.listdir(HERE))
def works():
    return LISTED
def changes():
    open("lesson.md", "a")
"""
    outcome = answered(text).outcome
    assert not isinstance(outcome, Raised), outcome.message
    assert outcome.value == [".home", ".tmp", "README.md", "figures", "lesson.html", "lesson.md", "m.py"]
    refused = answered(text, function="changes").outcome
    assert isinstance(refused, Raised)
    assert refused.type_name in ("PermissionError", "OSError")


def test_the_files_that_were_handed_in_lie_beside_the_module(answered: Callable[..., Answer]) -> None:
    data = {
        "yields.csv": b"56,70\n",
        "data/deep/more.bin": bytes(3_000_000),
        "lesson.md": b"my own",
        "../outside": b"x",
        "/tmp/outside": b"x",
        "m.py/inside": b"x",
        "m.py": b"raise SystemExit",
    }
    text = """
import os
FOUND = [open("yields.csv").read(), os.path.getsize("data/deep/more.bin"), open("lesson.md").read()]
assert not os.path.exists("../outside")
open("yields.csv", "a").write("81,101")
def works():
    return FOUND
"""
    outcome = answered(text, data).outcome
    assert not isinstance(outcome, Raised), outcome.message
    assert outcome.value == ["56,70\n", 3_000_000, "my own"]


def test_what_a_process_leaves_is_gone_for_the_next(answered: Callable[..., Answer]) -> None:
    text = """
import os
from pathlib import Path
def works():
    found = [sorted(os.listdir(place)) for place in (Path.home(), os.environ["TMPDIR"], ".")]
    for place in (Path.home(), os.environ["TMPDIR"], "."):
        Path(place, "left behind").write_text("x")
    return found
"""
    for _ in range(2):
        outcome = answered(text).outcome
        assert not isinstance(outcome, Raised)
        assert "left behind" not in str(outcome.value)


def test_a_message_doesnt_name_folders_that_are_others_each_time(answered: Callable[..., Answer]) -> None:
    text = "import os\ndef works():\n    open(os.path.join(os.path.dirname(__file__), 'data.csv'))\n"
    outcome = answered(text).outcome
    assert isinstance(outcome, Raised)
    assert outcome.message == "[Errno 2] No such file or directory: 'data.csv'"
    assert [(place.module, place.line) for place in outcome.where] == [("m", 3)]


@pytest.mark.parametrize("line", ["import subprocess; subprocess.run(['true'])", "import socket; socket.socket()"])
def test_programs_and_the_network_are_still_refused(answered: Callable[..., Answer], line: str) -> None:
    outcome = answered(line + _FUNCTION).outcome
    assert isinstance(outcome, Raised)
    assert outcome.type_name == "PermissionError"


def test_of_very_many_files_only_the_top_is_shown(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / "many").mkdir(exist_ok=True)
        (tmp_path / "many" / str(number)).touch()
    (tmp_path / "few").mkdir()
    (tmp_path / "few" / "one").touch()
    assert Beside(str(tmp_path), ("few", "many")).parts == ([], ["few", "many"])
    assert Beside(str(tmp_path), ("few",)).parts == (["few"], ["few/one"])
