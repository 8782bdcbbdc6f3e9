"""What many tests need: the course, right submissions to change, and the real command line."""

from __future__ import annotations

import ast
import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
MODULES = ("from_scratch", "with_torch")
QUICK = "not slow and not soak"  # what `make test` asks for


# What a shell, cron or CI may have set, and what changes what the commands print.
_OF_OTHERS = (
    *("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PY_COLORS", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE"),
    *("PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE"),
    *("GRADER_DEBUG", "PYTEST_ADDOPTS"),
)


def pytest_configure() -> None:
    """The tests and the commands that they start find the same surroundings everywhere."""
    for name in _OF_OTHERS:
        os.environ.pop(name, None)
    # Forms of addresses that no schema here asks for: jsonschema would build 38 grammars for them, in three seconds.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    sys.dont_write_bytecode = False  # or each of several processes prepares each file of tests anew
    os.environ["LC_ALL"] = "C.UTF-8"
    os.umask(0o022)
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background: commands would never hear it
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file whose tests are all left out is not even loaded: some import for seconds, in each of several processes."""
    if config.getoption("markexpr") != QUICK or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return True if re.search(r"^pytestmark = pytest\.mark\.(slow|soak)$", text, re.MULTILINE) else None


def pytest_collection_finish() -> None:
    """Thousands of tests are not looked through for garbage again and again, while one of them runs against a clock."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: much of the time is spent in waiting, for limits, processes and pages."""
    return (os.cpu_count() or 1) + 1


@dataclass(frozen=True)
class Run:
    """What came of a command."""

    code: int
    stdout: str
    stderr: str
    out: Path

    @property
    def text(self) -> str:
        return self.stdout + self.stderr

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """`results.jsonl` by student."""
        lines = (self.out / "results.jsonl").read_text(encoding="utf-8").splitlines()
        return {record["student"]: record for record in map(json.loads, lines)}


def in_the_foreground() -> None:
    """For `preexec_fn`: a program gets its signals, though these tests may run in the background, or with nohup."""
    for each in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def right_source(module: str) -> str:
    """A reference solution as a learner would hand it in: without the markers."""
    text = (ROOT / "solutions" / "linear_regression" / f"{module}.py").read_text(encoding="utf-8")
    return re.sub(r"^ *### (BEGIN|END) SOLUTION\n", "", text, flags=re.MULTILINE)


def with_function(text: str, name: str, code: str) -> str:
    """A module's text with the code of one function replaced."""
    lines = text.splitlines(keepends=True)
    node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == name)
    assert node.end_lineno is not None
    return "".join([*lines[: node.lineno - 1], code.rstrip() + "\n", *lines[node.end_lineno :]])


@pytest.fixture(scope="session")
def root() -> Path:
    """The course's folder."""
    return ROOT


@pytest.fixture(scope="session")
def quick_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course with shorter limits, for submissions that run into them."""
    folder = tmp_path_factory.mktemp("quick") / "course"
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "course.toml").read_text(encoding="utf-8")
    text = text.replace("exercise_seconds = 5", "exercise_seconds = 3").replace("memory_mb = 1024", "memory_mb = 256")
    assert "= 3\n" in text
    assert "= 256\n" in text
    (folder / "course.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def submit() -> Callable[..., Path]:
    """Write a submission that is right but for the functions that are given: `submit(folder, "ada", mse="def …")`."""

    def write(folder: Path, student: str, **functions: str) -> Path:
        place = folder / student
        place.mkdir(parents=True)
        for module in MODULES:
            text = right_source(module)
            for name, code in functions.items():
                if f"def {name}(" in text:
                    text = with_function(text, name, code)
            (place / f"{module}.py").write_text(text, encoding="utf-8")
        return place

    return write


@pytest.fixture(scope="session")
def kit() -> Callable[..., Run]:
    """Run `python -m grader …` as a person would, in a process of its own. What works on several processes works on one,
    where the test doesn't say how many: each costs imports of torch, and tests beside this one have the other cores."""

    def run(*arguments: object, out: Path | None = None, cwd: Path = ROOT, timeout: float = 600, **more: Any) -> Run:
        where = "--results" if {"override", "comment", "groups"} & set(arguments) else "--out"
        words = [str(each) for each in arguments]
        if "--jobs" not in words:
            for at in [at for at, word in enumerate(words) if word in ("grade", "audit", "suggest")][:1]:
                words[at + 1 : at + 1] = ["--jobs", "1"]
        command = [sys.executable, "-m", "grader", *words, *([where, str(out)] if out else [])]
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout, check=False, **more
        )
        return Run(done.returncode, done.stdout, done.stderr, out or Path())

    return run


@pytest.fixture(scope="session")
def interpreter_lock(tmp_path_factory: pytest.TempPathFactory) -> FileLock:
    """Held by whoever touches the installed packages, if only by a link to them, and by whoever sees to it that nobody
    does."""
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    return FileLock(together / "interpreter.lock")


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Run]) -> Run:
    """`python -m grader release` of this repository, run once for all workers: leave its folder as it is."""
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    out, said = together / "released", together / "released.json"
    with FileLock(together / "released.lock"):
        if not said.exists():
            run = kit("release", "--unaudited", out=out)
            assert run.code == 0, run.text
            said.write_text(json.dumps([run.stdout, run.stderr]), encoding="utf-8")
    stdout, stderr = json.loads(said.read_text(encoding="utf-8"))
    return Run(0, stdout, stderr, out)
