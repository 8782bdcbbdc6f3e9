"""A worker that would grade otherwise, or less safely, grades nothing, and a line names it; an address that others can
read along at is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import PROJECT
from tests.cluster.machines import Cluster
from tests.cluster.test_cluster import ended, start
from tests.faults.gradings import Place
from tests.faults.processes import eventually

pytestmark = pytest.mark.slow

NAMES = ("odd", "older", "even")


@pytest.fixture
def one(place: Place, submit: Callable[..., Path], tmp_path: Path) -> Place:
    """A class of one."""
    submit(tmp_path / "one", "ada")
    place.folder = tmp_path / "one"
    return place


def with_another(package: str, folder: Path) -> dict[str, str]:
    """What makes a process find version 9.9 of a package installed."""
    info = folder / "other" / f"{package.replace('-', '_')}-9.9.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 9.9\n")
    return {"PYTHONPATH": str(info.parent)}


def test_workers_with_another_torch_or_other_files_of_the_same_kit_are_refused_by_name_and_the_others_grade(
    one: Place, cluster: Cluster, root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root / "grader", tmp_path / "older" / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "older" / "grader" / "grading" / "cluster_worker.py").open("a") as file:
        file.write("# An older one.\n")
    cluster.add("odd", environment=with_another("torch", tmp_path))
    cluster.add("older", environment={"PYTHONPATH": str(tmp_path / "older")})
    cluster.wait_until_joined(2)
    cluster.add("even")
    cluster.wait_until_joined(3)
    text = ended(start(one, tmp_path / "out", cluster))
    said = {name: re.findall(rf"^Worker {name} \(tcp://127\.0\.0\.1:.*", text, re.MULTILINE) for name in NAMES}
    assert ") grades nothing: it has torch 9.9, expected " in said["odd"][0]
    assert "has other files than the one here: install this one there" in said["older"][0]
    assert said["even"] == []
    assert "1/1 ada: graded, 30 of 30" in text
    assert all(machine.lives for machine in cluster.machines)


@pytest.mark.soak
def test_where_no_worker_may_grade_nothing_is_graded(one: Place, cluster: Cluster, tmp_path: Path) -> None:
    cluster.add("odd", environment=with_another("torch", tmp_path))
    cluster.wait_until_joined(1)
    text = ended(start(one, tmp_path / "out", cluster), 3)
    assert "No worker of the cluster can grade." in text
    assert text.count("it has torch 9.9, expected") == 2
    assert "Traceback" not in text


def test_a_worker_with_a_weaker_sandbox_than_asked_for_is_refused_by_name(
    one: Place, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.add("unboxed", environment={"PATH": str(tmp_path)})  # where there is no bubblewrap
    cluster.wait_until_joined(1)
    text = ended(start(one, tmp_path / "out", cluster, "--sandbox", "full"), 3)
    assert "Worker unboxed (" in text
    assert "This machine can't provide the sandbox" in text
    assert "bubblewrap" in text
    # Where nothing was asked for, it grades as well as it can, and says so.
    text = ended(start(one, tmp_path / "better", cluster))
    assert "Worker unboxed (" in text
    assert "Sandbox: kernel, not full." in text
    assert "1/1 ada: graded, 30 of 30" in text


@pytest.mark.soak
def test_without_the_sandbox_every_result_says_so(one: Place, cluster: Cluster, tmp_path: Path) -> None:
    cluster.add()
    text = ended(start(one, tmp_path / "out", cluster, "--sandbox", "none"))
    assert "Warning: --sandbox none." in text
    assert '"trusted": true' in (tmp_path / "out" / "results.jsonl").read_text()


@pytest.mark.soak
def test_a_worker_with_another_kit_is_refused_by_name(one: Place, cluster: Cluster, tmp_path: Path) -> None:
    # It can't be asked anything that only our kit knows.
    environment = with_another(PROJECT, tmp_path)
    (tmp_path / "other" / "grader.py").write_text("raise ImportError('not our kit')\n")
    cluster.add("older", environment=environment)
    cluster.wait_until_joined(1)
    text = ended(start(one, tmp_path / "out", cluster), 3)
    assert "Worker older (" in text
    assert ") grades nothing: it has the kit 9.9, expected " in text
    assert cluster.machines[0].lives


RUBBISH = {
    "a pickle": "import os, pathlib\n"
    "class Bomb:\n    def __reduce__(self):\n        return (pathlib.Path({mark!r}).touch, ())\n"
    "import grader.grading.cluster_worker as w\nw.grade = lambda *_: Bomb()\n",
    "other bytes": "import grader.grading.cluster_worker as w\nw.grade = lambda *_: b'not what was agreed on'\n",
    "no bytes": "import grader.grading.cluster_worker as w\nw.grade = lambda *_: {{'graded': True}}\n",
    "somebody else's": "import grader.grading.cluster_worker as w\nhonest = w.honest = getattr(w, 'honest', w.grade)\n"
    "def other(*arguments):\n    return honest(*arguments).replace(b'\"ada\"', b'\"bob\"')\n"
    "w.grade = other\n",
}


@pytest.mark.parametrize(
    "kind",
    [
        "a pickle",
        "somebody else's",
        *(pytest.param(kind, marks=pytest.mark.soak) for kind in ("other bytes", "no bytes")),
    ],
)
def test_an_answer_that_is_no_record_is_no_result_and_is_never_unpickled(
    kind: str, one: Place, cluster: Cluster, tmp_path: Path
) -> None:
    mark = tmp_path / "unpickled"
    preload = tmp_path / "rubbish.py"
    # The worker runs what its module holds, by name.
    preload.write_text(RUBBISH[kind].format(mark=str(mark)))
    cluster.add("liar", "--preload", str(preload))
    text = ended(start(one, tmp_path / "out", cluster), 3)
    assert not mark.exists()
    assert "1/1 ada: grader_error" in text
    assert "Our mistake: ada: " in text
    assert "Traceback" not in text


def test_an_answer_that_never_comes_is_not_waited_for_for_ever(one: Place, cluster: Cluster, tmp_path: Path) -> None:
    preload = tmp_path / "silent.py"
    preload.write_text("import time\nimport grader.grading.cluster_worker as w\nw.grade = lambda *_: time.sleep(600)\n")
    cluster.add("silent", "--preload", str(preload))
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nimport grader.grading.cluster as cluster\nfrom grader.cli import main\n"
        "if __name__ == '__main__':\n    cluster.OVERDUE_SECONDS = 3.0\n    sys.exit(main())\n"
    )
    options: dict[str, Any] = {"program": [str(program)], "environment": {"PYTHONPATH": str(one.root)}}
    text = ended(one.start(tmp_path / "out", "--cluster", cluster.address, **options), 3)
    assert "1/1 ada: grader_error" in text
    assert "no answer came within" in text


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://192.0.2.7:8786", "is another machine, and the connection to it is not encrypted"),
        ("tcp://no-such-host.invalid:8786", "is another machine"),
        ("somewhere:8786", 'expected "local", or the address of a Dask scheduler'),
        ("tcp://localhost", 'expected "local", or the address of a Dask scheduler'),
        ("tcp://localhost:port", 'expected "local", or the address of a Dask scheduler'),
        ("ucx://localhost:8786", 'expected "local", or the address of a Dask scheduler'),
    ],
)
def test_an_address_that_must_not_be_used_is_refused(
    address: str, says: str, kit: Callable[..., Any], every_kind: Path, tmp_path: Path
) -> None:
    run = kit("grade", every_kind, "--cluster", address, out=tmp_path / "out")
    assert run.code == 2
    assert says in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_gpu_and_a_cluster_are_refused_together(kit: Callable[..., Any], every_kind: Path, tmp_path: Path) -> None:
    run = kit("grade", every_kind, "--cluster", "local", "--device", "cuda", out=tmp_path / "out")
    assert run.code == 2
    assert "a cluster grades on the CPU" in run.stderr


def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(
    kit: Callable[..., Any], every_kind: Path, tmp_path: Path
) -> None:
    run = kit("grade", every_kind, "--cluster", "tcp://127.0.0.1:9", out=tmp_path / "out")
    assert run.code == 3
    assert "The cluster tcp://127.0.0.1:9 can't be used" in run.stderr
    assert "Traceback" not in run.text


def test_a_worker_beyond_this_machine_without_tls_is_refused_by_name(
    one: Place, cluster: Cluster, tmp_path: Path
) -> None:
    cluster.add("far")
    cluster.wait_until_joined(1)
    # For the main process, the worker's address is one of another machine; the scheduler's is not.
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nimport grader.grading.cluster as cluster\nfrom grader.cli import main\n"
        "if __name__ == '__main__':\n    cluster.in_the_clear = lambda address: True\n    sys.exit(main())\n"
    )
    options = ("--cluster", cluster.address)
    environment = {"PYTHONPATH": str(one.root)}
    grading = one.start(tmp_path / "out", *options, program=[str(program)], environment=environment)
    assert "Worker far (" in ended(grading, 3)
    assert "it is on another machine, and the connection to it is not encrypted" in grading.text
    grading = one.start(tmp_path / "flag", *options, "--no-tls", program=[str(program)], environment=environment)
    assert "1/1 ada: graded" in ended(grading)


def test_without_dask_a_sentence_says_what_to_install(tmp_path: Path, every_kind: Path, root: Path) -> None:
    code = (
        "import sys; sys.modules['distributed'] = None;"
        f"sys.argv = ['grader', 'grade', {str(every_kind)!r}, '--out', {str(tmp_path / 'out')!r}, '--cluster', 'local'];"
        "from grader.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "This needs distributed, which is not installed here:" in done.stderr
    assert "'autograded-course-kit[cluster]'" in done.stderr


@pytest.mark.soak
def test_workers_that_come_late_are_waited_for(one: Place, cluster: Cluster, tmp_path: Path) -> None:
    grading = start(one, tmp_path / "out", cluster)
    assert grading.wait_for("Waiting for one.")
    cluster.add()
    assert "1/1 ada: graded, 30 of 30" in ended(grading)
    eventually(lambda: not cluster.machines[0].batches())
