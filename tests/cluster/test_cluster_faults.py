"""A cluster in whose processes and connections something goes wrong. Long, and left to the soak."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import ENTRIES
from tests.cluster.machines import Cable, Cluster, Machine
from tests.cluster.test_cluster import ended, forgotten, start
from tests.faults.gradings import Place, stored
from tests.faults.processes import LONG, Process, eventually

pytestmark = pytest.mark.soak


def test_one_worker_with_several_threads_grades_as_many_at_a_time(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    cluster.add(threads=2)
    ended(start(place, tmp_path / "out", cluster))
    same(tmp_path / "out")


def test_a_worker_that_is_cut_off_is_done_without(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    with Cable(cluster.address) as cable:
        far = cluster.add("far", to=cable.address)
        grading = start(place, tmp_path / "out", cluster)
        grading.wait_for_result()
        cluster.add("near")
        cable.cut()
        ended(grading)
        same(tmp_path / "out")
        far.process.wait(LONG)  # it can't know what became of its work: it ends, and so do its grading processes
        eventually(lambda: forgotten(far))


def test_a_grading_process_that_is_frozen_is_replaced(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    impatient, begun = tmp_path / "impatient.py", time.monotonic()
    assert place.run(tmp_path / "before", "--only", "s00")[0] == 0
    enough = max(8.0, 4 * (time.monotonic() - begun))  # for a process to start and to grade one, as busy as it is here
    impatient.write_text(f"import grader.grading.cluster_worker as w\nw.LONGEST_SECONDS = {enough}\n")
    worker = cluster.add("only", "--preload", str(impatient))
    grading = start(place, tmp_path / "out", cluster)
    grading.wait_for_result()
    frozen = eventually(lambda: graders_of(worker))[0]
    os.kill(frozen, signal.SIGSTOP)
    text = ended(grading)
    assert "a grading process ended" in text
    same(tmp_path / "out")


def graders_of(machine: Machine) -> list[int]:
    """The grading processes that a worker has started."""
    return [each.pid for each in Process.all_of(machine.process.pid) if each.role == "grading"]


def test_a_scheduler_that_is_frozen_is_not_waited_for_for_ever(place: Place, cluster: Cluster, tmp_path: Path) -> None:
    cluster.add()
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nimport grader.grading.cluster as cluster\nfrom grader.cli import main\n"
        "if __name__ == '__main__':\n    cluster.WAIT_SECONDS = 5.0\n    sys.exit(main())\n"
    )
    options: dict[str, Any] = {"program": [str(program)], "environment": {"PYTHONPATH": str(place.root)}}
    grading = place.start(tmp_path / "out", "--cluster", cluster.address, **options)
    grading.wait_for_result(2)
    cluster.scheduler.send_signal(signal.SIGSTOP)
    assert "The connection to the scheduler of --cluster" in ended(grading, 3)
    assert len(stored(tmp_path / "out")) >= 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_grading_ends_soon_and_its_workers_forget_it(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path, number: int
) -> None:
    worker = cluster.add()
    grading = start(place, tmp_path / "out", cluster)
    grading.wait_for_result(2)
    grading.send(number)
    text = ended(grading, 128 + number)
    assert f"of {ENTRIES} are graded and kept. --resume goes on from here." in text
    assert "Traceback" not in text
    eventually(lambda: forgotten(worker))
    ended(start(place, tmp_path / "out", cluster, "--resume"))
    same(tmp_path / "out")


def test_a_worker_whose_main_process_was_killed_forgets_the_course(
    place: Place, cluster: Cluster, tmp_path: Path
) -> None:
    forgetful = tmp_path / "forgetful.py"
    forgetful.write_text("import grader.grading.cluster_worker as w\nw.IDLE_SECONDS = 4.0\n")
    worker = cluster.add("only", "--preload", str(forgetful))
    grading = start(place, tmp_path / "out", cluster)
    grading.wait_for_result()
    assert worker.batches()
    grading.send(signal.SIGKILL)
    grading.end()
    eventually(lambda: forgotten(worker))
    assert worker.lives
