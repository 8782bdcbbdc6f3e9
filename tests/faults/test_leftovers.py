"""What a kill leaves is gone with its process, or at the next start."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.sandbox.host.run_folder import locked_run_folder
from tests.faults.gradings import Place
from tests.faults.processes import Process, eventually, nobody_is_left
from tests.grading.conftest import ROOT, person  # noqa: F401

pytestmark = pytest.mark.slow

# A process that has been told to end, and is not quick about it.
WRITES = """
import os, sys, time
print(flush=True)
end = time.monotonic() + 0.5
while time.monotonic() < end:
    for number in range(1000):
        try:
            os.close(os.open(os.path.join(sys.argv[1], str(number)), os.O_CREAT))
        except OSError:
            pass
"""

# A grading process's part: a zygote with the best walls that can be had, and a child that is at work.
ZYGOTE = """
import sys
sys.path.insert(0, sys.argv[1])
from grader.core.assignment import Limits
from grader.sandbox.host.machine import choose_isolation
from grader.grading.session import Session
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call

isolation, _ = choose_isolation(None)
limits = Limits()
with Zygote(isolation, limits) as zygote:
    session = Session(zygote, {"m": "import time\\n\\ndef slow():\\n    time.sleep(600)\\n"}, limits)
    session.begin("cpu")
    session.send(Call("m", "slow", ()))
    print(isolation.level, flush=True)
    sys.stdin.read()
"""


def test_a_grading_process_that_is_killed_takes_box_zygote_and_child_along(
    person: list[str],  # noqa: F811
) -> None:
    command = [*person, sys.executable, "-B", "-c", ZYGOTE, str(ROOT)]
    grading = subprocess.Popen(command, cwd="/", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert grading.stdout
    assert grading.stdin
    assert grading.stdout.readline() in (b"full\n", b"kernel\n")
    processes = Process.all_of(grading.pid)
    roles = [process.role for process in processes]
    groups = {group for process in processes for group in process.groups()}
    assert roles.count("zygote") == 1, roles
    assert "child" in roles
    grading.kill()
    grading.wait()
    nobody_is_left(processes, groups)
    grading.stdout.close()
    grading.stdin.close()


def test_all_killed_at_once_leave_no_process_and_the_next_start_removes_the_rest(
    place: Place, undisturbed: Path, tmp_path: Path
) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5)
    assert grading.wait_for_result()
    grading.send(signal.SIGSTOP)
    processes = grading.processes()
    groups = {group for process in processes for group in process.groups()}
    for process in sorted(processes, key=lambda process: process.role != "grading"):
        process.kill()
    grading.end()
    nobody_is_left(processes, groups)
    # A control group is taken for a left one only some seconds after its making.
    eventually(lambda: all(time.time() - int(group.name.split("-")[1]) > 11 for group in groups))
    shutil.copytree(undisturbed, tmp_path / "finished")
    code, text = place.run(tmp_path / "finished", "--resume")
    assert code == 0, text
    place.nothing_is_left()
    assert not [group for group in groups if group.exists()]


@pytest.mark.parametrize("foreign", ["a file", "a link"])
def test_what_only_looks_like_a_left_folder_is_left_alone(
    place: Place, undisturbed: Path, tmp_path: Path, foreign: str
) -> None:
    place.temporary.mkdir()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "file").touch()
    name = place.temporary / "grader-run-abc"
    name.touch() if foreign == "a file" else name.symlink_to(tmp_path / "work")
    shutil.copytree(undisturbed, tmp_path / "finished")
    code, text = place.run(tmp_path / "finished", "--resume")
    assert code == 0, text
    assert name.exists()
    assert (tmp_path / "work" / "file").exists()


def test_the_folder_of_a_run_that_lives_is_left_alone(
    place: Place, undisturbed: Path, same: Callable[[Path], None], tmp_path: Path
) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5)
    assert grading.wait_for_result()
    (folder,) = place.temporary.iterdir()
    shutil.copytree(undisturbed, tmp_path / "finished")
    code, text = place.run(tmp_path / "finished", "--resume")
    assert code == 0, text
    assert list(place.temporary.iterdir()) == [folder]
    assert grading.end() == 0, grading.text
    same(tmp_path / "out")
    place.nothing_is_left()


def test_a_process_that_still_writes_when_its_run_ends_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with locked_run_folder() as folder:
        writes = subprocess.Popen([sys.executable, "-c", WRITES, str(folder)], stdout=subprocess.PIPE)
        assert writes.stdout
        writes.stdout.readline()
    writes.communicate()
    assert list(tmp_path.iterdir()) == []
