"""A class that is graded by the workers of a Dask cluster has the results that one machine gives, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cluster.conftest import ENTRIES, SEED
from tests.cluster.machines import Cluster, Machine
from tests.faults.gradings import Grading, Place, stored
from tests.faults.processes import eventually, nobody_is_left

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("CLUSTER_KILLS", "4"))
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
    place: Place, four_workers: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    text = ended(start(place, tmp_path / "out", four_workers))
    same(tmp_path / "out")
    assert len(told(text)) == len(set(told(text))) == ENTRIES
    assert set(told(text)) == stored(tmp_path / "out")
    # Nothing of the course stays with the workers, and they are there for others.
    for machine in four_workers.machines:
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


def test_whatever_happens_to_workers_nothing_is_lost_or_doubled(
    place: Place, four_workers: Cluster, same: Callable[[Path], None], tmp_path: Path
) -> None:
    chance, cluster = random.Random(RANDOM), four_workers
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
        assert len(told(text)) == len(set(told(text))) == ENTRIES
        if done >= KILLS:
            break
    assert done >= KILLS


@pytest.mark.soak
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
