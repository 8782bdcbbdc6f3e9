"""A batch of attacks, graded by the real command line in the real sandbox, and everything that came of it."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.attack import FUNCTIONS, ROOT, Attack, Lesson
from tests.attacks.packages import Package
from tests.attacks.person import ORDINARY, Person
from tests.attacks.world import LIMITS, World, fingerprint, hand_over, make_world

JOBS = 2
_SHARED = ("/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/run", "/etc", "/sys", sys.prefix, Path.home(), ROOT)
_INSIDE = Path(__file__).parent / "inside.py"
_SECONDS = 2400  # of the many that sleep or loop; ten times as long as on a quiet machine


@dataclass
class Batch:
    """What came of it."""

    lesson: Lesson
    attacks: Sequence[Attack]
    packages: Sequence[Package]
    level: str
    person: Person
    code: int
    seconds: float
    cpu: float
    start_up: float
    start_up_cpu: float
    reporting: float
    text: str
    honest: list[str]
    canaries: dict[str, str]
    mark: str
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    left: dict[str, Any] = field(default_factory=dict)
    processes: list[str] = field(default_factory=list)
    bystander: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def students(self) -> list[str]:
        """All that were handed in but the honest ones."""
        return [*(attack.student for attack in self.attacks), *(package.student for package in self.packages)]

    def exercise(self, student: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.records[student]["exercises"][name]
        return found

    def work(self, student: str) -> float:
        """The seconds that a submission used beside the limits that it ran into."""
        honest = sum(self.took[name] for name in self.honest) / len(self.honest)
        return honest if self.limits_hit(student) else self.took[student]

    def limits_hit(self, student: str) -> float:
        """The seconds of the limits that a submission ran into."""
        overran = [each for each in self.records[student]["exercises"].values() if each["status"] == "timed_out"]
        seconds = len(overran) * LIMITS["exercise_seconds"]
        return float(min(LIMITS["submission_seconds"], seconds))


def run_batch(
    attacks: Sequence[Attack],
    packages: Sequence[Package],
    person: Person,
    options: Sequence[str] = (),
    lesson: Lesson = FUNCTIONS,
) -> Batch:
    """Grade all of them, and honest submissions between them, in one batch; and before that, one honest one alone."""
    with _world_of(lesson, person, [], [], 1) as alone:
        report, _ = _graded(alone, person, options)
        start_up, start_up_cpu = report["seconds"] - sum(_took(alone).values()), report["cpu"]
    with _world_of(lesson, person, attacks, packages, lesson.honest) as world:
        before = _watched(world)
        groups = _groups()
        try:
            report, text = _graded(world, person, options)
        finally:
            marked = _marked(world)
        after = _watched(world)
        return Batch(
            lesson=lesson,
            attacks=attacks,
            packages=packages,
            level=_level(options, text),
            person=person,
            code=report["code"],
            seconds=report["seconds"],
            cpu=report["cpu"],
            start_up=start_up,
            start_up_cpu=start_up_cpu,
            reporting=report["ended"] - (world.results / "results.db").stat().st_mtime,
            text=text,
            honest=world.honest,
            canaries=world.canaries,
            mark=world.mark,
            records=_records(world),
            took=_took(world),
            outputs=_outputs(world),
            reached=world.reached,
            left={**report["left"], **_left_groups(groups), **marked},
            processes=report["processes"],
            bystander=report["bystander"],
            changed={where: _changes(before[where], after[where]) for where in before},
        )


def _world_of(
    lesson: Lesson, person: Person, attacks: Sequence[Attack], packages: Sequence[Package], honest: int
) -> World:
    world = make_world(lesson, attacks, packages, honest)
    if person.user == ORDINARY:
        hand_over(world, person.user)
    return world


def _graded(world: World, person: Person, options: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Run `grade` in a process namespace of its own."""
    command = [sys.executable, "-m", "grader", "--course", str(world.course), "grade", str(world.submissions)]
    command += ["--seed", "3", "--jobs", str(JOBS), "--out", str(world.results), *options]
    files = {name: world.folder / f"{name}.txt" for name in ("task", "report", "stdout", "stderr")}
    task = {
        "command": command,
        "environment": world.environment,
        "mark": world.mark,
        "seconds": _SECONDS,
        "stdout": str(files["stdout"]),
        "stderr": str(files["stderr"]),
    }
    files["task"].write_text(json.dumps(task))
    inside = [*person.start, sys.executable, "-I", str(_INSIDE), str(files["task"]), str(files["report"])]
    done = subprocess.run(inside, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS + 60, check=False)
    text = "".join(files[name].read_text(errors="replace") for name in ("stdout", "stderr") if files[name].exists())
    if not files["report"].exists():
        raise AssertionError(
            f"what ran around the grader was ended ({done.returncode}): {done.stderr[-2000:]}{text[-2000:]}"
        )
    if not (world.results / "results.db").exists():
        raise AssertionError(f"there are no results: {text[-2000:]}")
    return json.loads(files["report"].read_text()), text


def _records(world: World) -> dict[str, dict[str, Any]]:
    path = world.results / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {record["student"]: record for record in map(json.loads, lines)}


def _took(world: World) -> dict[str, float]:
    """The seconds of each submission; none when an attack has destroyed the database."""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(world.results / "results.db")) as connection,
    ):
        return dict(connection.execute("select student, seconds from submissions").fetchall())
    return {}


def _level(options: Sequence[str], text: str) -> str:
    """The level that was graded at: the one asked for, or else the one that the grading's note tells."""
    asked = [each for each in options if each in ("full", "kernel", "none")]
    return asked[0] if asked else "kernel" if "kernel, not full" in text else "full"


def _outputs(world: World) -> dict[str, str]:
    """All that comes out of a grading, but for the database."""
    return {
        path.relative_to(world.results).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(world.results.rglob("*"))
        if path.is_file() and path.name != "earlier.txt"
    }


@functools.cache
def _interpreter() -> list[Path]:
    """What must stay as it is, wherever it lies: the interpreter with its libraries, and of the kit what learners' processes run."""
    found = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "purelib")}
    return [*sorted(found), ROOT / "grader" / "core", ROOT / "grader" / "reading", ROOT / "grader" / "sandbox"]


def _watched(world: World) -> dict[str, dict[str, tuple[object, ...]]]:
    kit = {key: value for place in _interpreter() for key, value in fingerprint(place).items()}
    return {
        "course": fingerprint(world.course),
        "submissions": fingerprint(world.submissions),
        "bystander": fingerprint(world.bystander, skip=()),
        "temporary": fingerprint(world.temporary),
        "earlier results": {"earlier.txt": fingerprint(world.results)[str(world.results / "earlier.txt")]},
        "interpreter": {
            path: it for path, it in kit.items() if path.endswith((".py", ".so")) and "/tests/" not in path
        },
    }


def _changes(before: dict[str, tuple[object, ...]], after: dict[str, tuple[object, ...]]) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def _marked(world: World) -> dict[str, list[str]]:
    """What attacks left anywhere. It is removed, so that nothing stays that succeeded."""
    left = [path for place in _SHARED for path in Path(place).glob(f"*{world.mark}*")]
    left += [path for place in _interpreter() for path in place.rglob(f"*{world.mark}*")]
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return {"marked files": sorted(map(str, left))} if left else {}


def _groups() -> set[Path]:
    """Control groups that nobody uses: their grader has ended, and not removed them."""
    found = set()
    for folder in Path("/sys/fs/cgroup").glob("**/grader-*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.add(folder)
            finally:
                os.close(lock)
    return found


def _left_groups(before: set[Path]) -> dict[str, list[str]]:
    """A group that another grading just made may not be locked yet: it is looked at again."""
    left = _groups() - before
    if left:
        time.sleep(1)
        left &= _groups()
    return {"control groups": sorted(map(str, left))} if left else {}
