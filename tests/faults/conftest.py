"""What the tests of faults share: a small class, a real grading that can be disturbed, and a look at what it leaves."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.disk import Disk
from tests.faults.gradings import Place, files_in

SEED = 5
STUDENTS = [f"s{number:02d}" for number in range(10)]
# It takes the time of its exercise, and none of the processor's, which other tests have.
ENDLESS = "def predict(model, region):\n    import time\n\n    time.sleep(1000)\n"
WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()\n"
SLOW = "\nimport time\n\ntime.sleep(0.2)\n"


@pytest.fixture(scope="session")
def small_class(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path]) -> Path:
    """Right submissions, a wrong one, and one that never ends. Each takes a moment, so that it can be disturbed."""
    folder = tmp_path_factory.mktemp("class")
    for number, student in enumerate(STUDENTS):
        place = submit(
            folder, student, **({"predict": ENDLESS} if number == 3 else {"mse": WRONG} if number == 5 else {})
        )
        with (place / "from_scratch.py").open("a") as module:
            module.write(SLOW)
    return folder


@pytest.fixture
def place(small_class: Path, quick_course: Path, root: Path, tmp_path: Path) -> Iterator[Place]:
    """To begin gradings in; what is still there at the end is ended."""
    made = Place(small_class, quick_course, root, tmp_path, [])
    yield made
    for grading in made.started:
        grading.dispose()


@pytest.fixture(scope="session")
def undisturbed(small_class: Path, quick_course: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a grading of the small class that nothing happened to."""
    made = Place(small_class, quick_course, root, tmp_path_factory.mktemp("undisturbed"), [])
    code, text = made.run(made.top / "out", "--seed", SEED)
    assert code == 0, text
    made.started[0].dispose()
    made.nothing_is_left()
    return made.top / "out"


@pytest.fixture
def same(undisturbed: Path) -> Callable[[Path], None]:
    """Asserts that a folder holds what the undisturbed grading gave, byte for byte, and nothing else."""

    def compare(out: Path) -> None:
        for name in ("results.jsonl", "grades.csv", "feedback_index.csv"):
            assert (out / name).read_bytes() == (undisturbed / name).read_bytes(), name
        assert files_in(out) == files_in(undisturbed)

    return compare


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of two megabytes that only those see who are sent there."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("nsenter") is None:
        pytest.skip("only root, with unshare and nsenter, can make a small disk of its own")
    (tmp_path / "disk").mkdir()
    script = 'mount -t tmpfs -o size=2m none "$1" && echo ready && exec cat'
    holder = subprocess.Popen(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", str(tmp_path / "disk")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert holder.stdout
    if holder.stdout.readline() != b"ready\n":
        pytest.skip(f"mounts can't be changed here: {holder.communicate()[1].decode()}")
    yield Disk(holder.pid, tmp_path / "disk")
    holder.kill()
    holder.communicate()
