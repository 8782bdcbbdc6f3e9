"""A class that is graded by the workers of a Dask cluster has the results that one machine gives, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.conftest import SEED
from tests.cluster.machines import Cable, Cluster, Machine
from tests.faults.gradings import Grading, Place, stored
from tests.faults.processes import LONG, eventually, nobody_is_left

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CLUSTER_KILLS", "8"))
RANDOM = int(os.environ.get("CLUSTER_SEED", "1"))


def start(place: Place, out: Path, cluster: Cluster | str, *more: object) -> Grading:
    address = cluster if isinstance(cluster, str) else cluster.address
    return place.start(out, "--seed", SEED, "--cluster", address, *more)


def ended(grading: Grading, code: int = 0) -> str:
    assert grading.end() == code, grading.text
    return grading.text


def told(text: str) -> list[str]:
    """Whose results were stored, in the order in which they came."""
    return [line.split(" ", 1)[1].partition(":")[0] for line in text.splitlines() if line.split("/")[0].isdigit()]


def forgotten(machine: Machine) -> bool:
    return not machine.batches()


def test_four_workers_give_what_one_machine_gives(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    for _ in range(4):
        cluster.add()
    text = ended(start(place, tmp_path / "out", cluster))
    same(tmp_path / "out")
    assert len(told(text)) == len(set(told(text))) == 22
    assert set(told(text)) == stored(tmp_path / "out")
    # Nothing of the course stays with the workers, and they are there for others.
    for machine in cluster.machines:
        eventually(partial(forgotten, machine))
        assert machine.lives


def test_a_local_cluster_gives_it_too_and_leaves_nothing(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    grading = start(place, tmp_path / "out", "local", "--jobs", 3)
    assert grading.wait_for_result()
    processes = grading.processes()
    ended(grading)
    same(tmp_path / "out")
    nobody_is_left(processes)
    place.nothing_is_left()


def test_one_worker_with_several_threads_grades_as_many_at_a_time(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    cluster.add(threads=2)
    ended(start(place, tmp_path / "out", cluster))
    same(tmp_path / "out")


def test_whatever_happens_to_workers_nothing_is_lost_or_doubled(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    chance = random.Random(RANDOM)
    for _ in range(4):
        cluster.add()
    done = 0
    for round_ in range(100):
        out = tmp_path / f"out-{round_}"
        grading = start(place, out, cluster)
        grading.wait_for_result()
        while grading.process.poll() is None and done < KILLS:
            time.sleep(chance.uniform(0.2, 2.5))
            alive = [machine for machine in cluster.machines if machine.lives]
            victim, deed = chance.choice(alive), chance.choice(("kill", "kill", "freeze", "freeze and thaw", "end"))
            if deed == "kill":
                victim.kill()
            elif deed == "end":
                victim.send(signal.SIGTERM)
            else:
                victim.send(signal.SIGSTOP)
                if deed == "freeze and thaw":
                    time.sleep(chance.uniform(0.5, 8))
                    victim.send(signal.SIGCONT)
                else:
                    victim.is_frozen = True
            cluster.add(f"added-{done}")
            done += 1
        text = ended(grading)
        same(out)
        assert len(told(text)) == len(set(told(text))) == 22
        if done >= KILLS:
            break
    assert done >= KILLS


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
    children = Path(f"/proc/{machine.process.pid}/task").glob("*/children")
    pids = [int(pid) for each in children for pid in each.read_text().split()]
    return [pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_grading_that_lost_its_scheduler_goes_on_later(
    place: Place, cluster: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    cluster.add()
    grading = start(place, tmp_path / "out", cluster)
    grading.wait_for_result(2)
    cluster.scheduler.kill()
    text = ended(grading, 3)
    assert "The connection to the scheduler of --cluster" in text
    assert "--resume" in text
    (tmp_path / "other").mkdir()
    other = Cluster(tmp_path / "other")
    try:
        other.add()
        assert "have a result already" in ended(start(place, tmp_path / "out", other, "--resume"))
    finally:
        other.close()
    same(tmp_path / "out")


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
    assert "of 22 are graded and kept. --resume goes on from here." in text
    assert "Traceback" not in text
    eventually(lambda: forgotten(worker))
    ended(start(place, tmp_path / "out", cluster, "--resume"))
    same(tmp_path / "out")


def test_ctrl_c_reaches_the_main_process_of_a_local_cluster_alone(place: Place, tmp_path: Path) -> None:
    grading = place.start(tmp_path / "out", "--seed", SEED, "--cluster", "local", "--jobs", 2, start_new_session=True)
    grading.wait_for_result()
    processes = grading.processes()
    os.killpg(grading.pid, signal.SIGINT)
    text = ended(grading, 130)
    assert "are graded and kept" in text
    assert "Traceback" not in text
    assert "KeyboardInterrupt" not in text
    nobody_is_left(processes)
    place.nothing_is_left()


def test_a_killed_main_process_leaves_nothing_that_runs(place: Place, tmp_path: Path) -> None:
    grading = start(place, tmp_path / "out", "local", "--jobs", 2)
    grading.wait_for_result()
    processes = grading.processes()
    grading.send(signal.SIGKILL)
    grading.end()
    nobody_is_left(processes)
    assert not list(place.temporary.rglob("solutions"))


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
