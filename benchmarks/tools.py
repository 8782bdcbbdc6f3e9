"""The tools that are compared, each as its users run it. Only commands that grade are timed, and a run counts only when
the tool gave full marks to every right submission, and to no other, by its own gradebook."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.running import Measured, NotMeasured, measure, one_thread
from benchmarks.subject import ASSIGNMENT, LONGEST, ROOT, SEED, check_ids, number_of_checks, parts, students, write

_PEERS = ROOT / "benchmarks" / ".peers"
_PINNED = ROOT / "benchmarks" / "peers.txt"
_NBGRADER = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.Execute.timeout = 5
c.Execute.interrupt_on_timeout = True
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""
_OTTER = """\
# ASSIGNMENT CONFIG
name: lesson
environment: null
run_tests: false
export_cell: false
solutions_pdf: false
template_pdf: false
generate:
  pdf: false
  zips: false
"""
_TEST = "from benchmarks.inprocess import run_check\nrun_check({!r}, globals())"
_Cell = dict[str, Any]


class Tool:
    """A tool, with a folder of its own for what it prepares. `kinds` are the submissions that it can be given: right
    ones with one and with two jobs, wrong ones, such as never end, and notebooks."""

    name = ""
    kinds: tuple[str, ...] = ("right", "two jobs", "wrong", "loop", "notebook")

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="benchmark-")
        self.folder = Path(self._kept.name)

    def close(self) -> None:
        """Clear away what was made."""
        self._kept.cleanup()

    def grade(self, count: int, kind: str = "right") -> Measured:
        """Grade the first `count` submissions of a kind. Raises `NotMeasured` when one doesn't get what it should."""
        with tempfile.TemporaryDirectory(prefix="benchmark-") as work:
            started = time.perf_counter()
            runs, right = self._graded(
                Path(work), count, "right" if kind == "two jobs" else kind, 1 + (kind == "two jobs")
            )
            seconds = time.perf_counter() - started if kind == "two jobs" else sum(run.seconds for run in runs)
        if right != (0 if kind in ("wrong", "loop") else count):
            last = "; ".join(runs[-1].output.strip().splitlines()[-3:])
            raise NotMeasured(f"{self.name} gave full marks to {right} of {count} submissions: {kind} ({last[:300]})")
        return Measured(seconds, max(run.peak_mb for run in runs), 0, "")

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:
        """The commands that graded, and how many submissions got full marks."""
        raise NotImplementedError


class Ours(Tool):
    """`python -m grader grade`, with everything that it writes."""

    name = "grade"

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:
        folder = str(write(work / "in", count, kind))
        command = [sys.executable, "-m", "grader", "--course", str(ROOT), "grade", folder, "--out", str(work / "out")]
        run = measure([*command, "--assignment", ASSIGNMENT, "--jobs", str(jobs), "--seed", str(SEED)], ROOT)
        return [run], sum(row["score"] == row["max_score"] for row in _rows(work / "out" / "grades.csv"))


class ForkServer(Tool):
    """A process that has imported torch and collected the checks, and forks for each submission; no sandbox."""

    name = "fork-server with pytest, no sandbox"

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:
        command = [sys.executable, "-m", "benchmarks.fork_server", str(write(work / "in", count, kind)), str(jobs)]
        run = measure(command, ROOT, {**one_thread(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
        return [run], run.output.count("right: ")


class PytestEach(Tool):
    """A pytest process for each submission, which it imports: our interpreter and our hidden check files."""

    name = "pytest, a process each"

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:
        hidden = str(ROOT / "solutions" / ASSIGNMENT / "hidden")
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "benchmarks.inprocess", "-q"]
        command += ["-c", os.devnull, "--rootdir", hidden, "--import-mode=importlib", hidden]
        env = {**one_thread(), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
        entries, longest = sorted(write(work / "in", count, kind).iterdir()), LONGEST if kind == "loop" else None

        def run(entry: Path) -> Measured:
            return measure([*self._around(entry), *command], ROOT, {**env, "SUBMISSION": str(entry)}, longest)

        with ThreadPoolExecutor(jobs) as together:
            runs = list(together.map(run, entries))
        return runs, sum(run.status == 0 for run in runs)

    def _around(self, _entry: Path) -> list[str]:
        return []


class Container(PytestEach):
    """The same in a container for each submission, made by bubblewrap: namespaces of its own, files read-only, and
    nothing of other submissions."""

    name = "pytest, a container each (bubblewrap)"

    def __init__(self) -> None:
        super().__init__()
        tried = measure([*self._around(self.folder), "true"], ROOT) if shutil.which("bwrap") else None
        if tried is None or tried.status:
            why = tried.output.strip()[-200:] if tried else "bwrap is not installed"
            raise NotMeasured(f"no container can be started here: {why}")

    def _around(self, entry: Path) -> list[str]:
        shown = [word for path in (ROOT, entry) for word in ("--ro-bind", str(path), str(path))]
        system = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        return ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", *system, *shown]


class Nbgrader(Tool):
    """A course with one notebook: a solution cell for each exercise, and a hidden test cell for each hidden check."""

    name = "nbgrader autograde"
    kinds = ("right", "wrong", "loop")

    def __init__(self) -> None:
        super().__init__()
        (self.folder / "nbgrader_config.py").write_text(_NBGRADER)
        _save(self.folder / "source" / "lesson" / "lesson.ipynb", _nbgrader_source())
        made = self._run(self.folder, "generate_assignment", "lesson")
        released = self.folder / "release" / "lesson" / "lesson.ipynb"
        if made.status or not released.exists() or "run_check" in released.read_text("utf-8"):
            raise NotMeasured(f"nbgrader could not make the assignment: {made.output[-300:]}")
        self._released = json.loads(released.read_text("utf-8"))["cells"]

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:  # noqa: ARG002
        course = shutil.copytree(self.folder, work / "course")
        for student in students(count):
            setup, written = parts(student, kind)
            said = [(cell, cell["metadata"]["nbgrader"]) for cell in self._released]
            cells = [{**cell, "source": written[of["grade_id"]]} if of["solution"] else cell for cell, of in said]
            _add_helpers(cells, setup)
            _save(course / "submitted" / student / "lesson" / "lesson.ipynb", cells)
        run = self._run(course, "autograde", "lesson")
        self._run(course, "export", "--to=grades.csv")
        return [run], sum(float(row["score"] or 0) == number_of_checks() for row in _rows(course / "grades.csv"))

    def _run(self, course: Path, *arguments: str) -> Measured:
        return measure([_peer("nbgrader"), *arguments], course, _peers_environment(self.folder))


class Otter(Tool):
    """A notebook with a question for each exercise, and a hidden test for each hidden check."""

    name = "otter run"
    kinds = ("right", "wrong")  # no time limit: a loop would never end

    def __init__(self) -> None:
        super().__init__()
        self._environment = _peers_environment(self.folder)
        _save(self.folder / "lesson.ipynb", _otter_source())
        command = [_peer("otter"), "assign", "lesson.ipynb", "dist", "--no-run-tests"]
        made = measure(command, self.folder, self._environment)
        found = list((self.folder / "dist" / "autograder").glob("*.zip"))
        if made.status or not found:
            raise NotMeasured(f"Otter could not make the assignment: {made.output[-300:]}")
        self._autograder = found[0]
        self._released = json.loads((self.folder / "dist" / "student" / "lesson.ipynb").read_text("utf-8"))

    def _graded(self, work: Path, count: int, kind: str, jobs: int) -> tuple[list[Measured], int]:  # noqa: ARG002
        runs, right = [], 0
        for student in students(count):
            place, (setup, written) = work / student, parts(student, kind)
            asked = [(cell, cell["metadata"].get("otter", {}).get("tests")) for cell in self._released["cells"]]
            cells = [{**cell, "source": written[tests[0]]} if tests else cell for cell, tests in asked]
            _add_helpers(cells, setup)
            _save(place / "lesson.ipynb", cells, self._released["metadata"])
            options = ["-a", str(self._autograder), "-o", str(place), "--no-logo", str(place / "lesson.ipynb")]
            runs.append(measure([_peer("otter"), "run", *options], place, self._environment))
            if (place / "results.json").exists():
                tests = json.loads((place / "results.json").read_text("utf-8"))["tests"]
                right += abs(sum(test.get("score", 0.0) for test in tests) - number_of_checks()) < 1e-6
        return runs, right


def install_peers() -> None:
    """Make the peers' environment when it is missing or `peers.txt` has changed. Raises `NotMeasured`."""
    digest, ready = hashlib.sha256(_PINNED.read_bytes()).hexdigest(), _PEERS / "ready"
    if ready.exists() and ready.read_text() == digest:
        return
    print("Installing the peers in benchmarks/.peers, which is done once and takes a while ...", flush=True)
    pip = [str(_PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in ([sys.executable, "-m", "venv", "--clear", str(_PEERS)], [*pip, "-r", str(_PINNED)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            raise NotMeasured(f"the peers can't be installed: {last[:200]}")
    ready.write_text(digest)


def _peer(name: str) -> str:
    path = _PEERS / "bin" / name
    if not path.exists():
        raise NotMeasured(f"{name} is not installed")
    return str(path)


def _peers_environment(work: Path) -> dict[str, str]:
    """Variables for a peer's command: its own programs first, one thread, the kit importable, nothing left at home."""
    names = ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR")
    path = f"{_PEERS / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**one_thread(), **{name: str(work / name.lower()) for name in names}, "PATH": path, "PYTHONPATH": str(ROOT)}


def _rows(book: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(book.open(encoding="utf-8"))) if book.exists() else []


def _nbgrader_source() -> list[_Cell]:
    setup, written = parts("the author")
    tests = {
        id: f"### BEGIN HIDDEN TESTS\n{_TEST.format(id)}\n### END HIDDEN TESTS\n" for id in chain(*check_ids().values())
    }
    solutions = {name: f"### BEGIN SOLUTION\n{source}### END SOLUTION\n" for name, source in written.items()}
    cells = []
    for name, source in {"setup": setup, **solutions, **tests}.items():
        said = {"grade_id": name, "schema_version": 3, "task": False, "locked": name not in solutions}
        said |= {"solution": name in solutions, "grade": name in tests, **({"points": 1} if name in tests else {})}
        cells.append(_cell("code", name, source, {"nbgrader": said}))
    return cells


def _otter_source() -> list[_Cell]:
    setup, written = parts("the author")
    cells = [_cell("raw", "config", _OTTER), _cell("code", "setup", setup)]
    for name, checks in check_ids().items():
        question = f"# BEGIN QUESTION\nname: {name}\npoints: {len(checks)}\n"
        cells += [_cell("raw", f"question-{name}", question), _cell("raw", f"begin-{name}", "# BEGIN SOLUTION")]
        cells += [_cell("code", f"solution-{name}", written[name]), _cell("raw", f"end-{name}", "# END SOLUTION")]
        cells.append(_cell("raw", f"begin-tests-{name}", "# BEGIN TESTS"))
        cells += [_cell("code", id, f"# HIDDEN\n{_TEST.format(id)}") for id in checks]
        cells.append(_cell("raw", f"end-tests-{name}", "# END TESTS"))
        cells.append(_cell("raw", f"end-question-{name}", "# END QUESTION"))
    return cells


def _add_helpers(cells: list[_Cell], setup: str) -> None:
    """What a wrong answer defines besides its function stands in a cell before all others but the imports."""
    cells.insert(1, _cell("code", "helpers", setup))


def _cell(kind: str, id: str, source: str, metadata: dict[str, Any] | None = None) -> _Cell:
    code: _Cell = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": id[:64], "metadata": metadata or {}, "source": source, **code}


def _save(path: Path, cells: list[_Cell], more: dict[str, Any] | None = None) -> None:
    """Write a Python notebook. `more` is added to the notebook's own metadata."""
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, **(more or {})}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": metadata}), "utf-8")
