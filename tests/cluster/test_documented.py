"""The scripts of `docs/cluster.md` as they stand there are run, and its manifests are valid and fit together."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.docs.conftest import read_page
from tests.faults.processes import eventually

ROOT = Path(__file__).resolve().parents[2]
FILES = {name: fence.text for fence in read_page(ROOT / "docs/cluster.md").fences if (name := fence.option("file"))}
SCRIPTS = sorted(name for name in FILES if name.endswith((".sh", ".sbatch")))


class Hosts:
    """A home with the kit in it, seen by processes that stand for those of several hosts."""

    def __init__(self, home: Path) -> None:
        self.home, self.started = home, list[subprocess.Popen[bytes]]()
        self.log = home / "log"
        kit = home / "kit"
        kit.mkdir(parents=True)
        (kit / ".venv").symlink_to(Path(sys.prefix))
        for name in ("course.toml", "solutions", "exercises", "grader"):
            (kit / name).symlink_to(ROOT / name)
        for name in SCRIPTS:
            (home / name).write_text(FILES[name])

    def start(self, script: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "HOME": str(self.home), "TMPDIR": str(self.home), **settings}
        with self.log.open("ab") as log:
            command = ["bash", str(self.home / script), *arguments]
            process = subprocess.Popen(
                command, env=environment, cwd=self.home / "kit", stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(process)
        return process

    def run(self, script: str, *arguments: str, **settings: str) -> None:
        assert self.start(script, *arguments, **settings).wait() == 0, self.log.read_text()

    def close(self) -> None:
        for process in self.started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    made = Hosts(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def two(submit: Callable[..., Path], tmp_path: Path) -> Path:
    """A class of two."""
    submit(tmp_path / "class", "ada")
    submit(tmp_path / "class", "bob", mse="def mse(t1, t2):\n    return 0\n")
    return tmp_path / "class"


def graded(out: Path) -> list[str]:
    return [line.split(",")[0] for line in (out / "grades.csv").read_text().splitlines()[1:]]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_one(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    subprocess.run(["bash", "-n", str(tmp_path / name)], check=True)


@pytest.mark.slow
def test_the_scripts_for_three_hosts_grade_with_tls(hosts: Hosts, two: Path, tmp_path: Path) -> None:
    hosts.run("certificates.sh")
    assert (hosts.home / "grading-tls").stat().st_mode & 0o777 == 0o700
    hosts.start("scheduler.sh")
    eventually(lambda: re.search(r"Scheduler at: +tls://", hosts.log.read_text()))
    for _ in range(2):
        hosts.start("worker.sh", SCHEDULER="127.0.0.1")
    out = tmp_path / "out"
    hosts.run("grade.sh", SCHEDULER="127.0.0.1", SUBMISSIONS=str(two), OUT=str(out))
    assert graded(out) == ["ada", "bob"]
    # Without the certificates nobody gets in, and it is said in a sentence.
    command = [sys.executable, "-m", "grader", "grade", str(two), "--out", str(tmp_path / "no")]
    done = subprocess.run(
        [*command, "--cluster", "tls://127.0.0.1:8786"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "for TLS, are certificates set in Dask's configuration?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.soak
def test_the_slurm_script_grades_with_a_stand_in_for_srun(hosts: Hosts, two: Path, tmp_path: Path) -> None:
    hosts.run("certificates.sh")
    programs = tmp_path / "programs"
    programs.mkdir()
    srun = programs / "srun"
    srun.write_text("#!/bin/bash\nfor node in 1 2; do \"$@\" & done\ntrap 'kill $(jobs -p)' EXIT TERM\nwait\n")
    srun.chmod(0o755)
    with socket.create_server(("", 0)) as free:
        port = str(free.getsockname()[1])
    settings = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "SLURM_SUBMIT_DIR": str(hosts.home / "kit"),
        "SLURM_CPUS_PER_TASK": "1",
        "PORT": port,
    }
    hosts.run("grade.sbatch", str(two), str(tmp_path / "out"), **settings)
    assert graded(tmp_path / "out") == ["ada", "bob"]


# Of `man sbatch`.
SBATCH = {"job-name", "nodes", "ntasks-per-node", "cpus-per-task", "mem-per-cpu", "time", "output"}


def test_what_the_slurm_script_asks_for_are_options_of_sbatch_before_the_first_command() -> None:
    lines = FILES["grade.sbatch"].splitlines()
    assert lines[0] == "#!/bin/bash"
    asked = [line for line in lines if line.startswith("#SBATCH")]
    assert lines[1 : 1 + len(asked)] == asked
    assert {re.fullmatch(r"#SBATCH --([a-z-]+)=\S+", line)[1] for line in asked} == SBATCH  # type: ignore[index]


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(FILES["kubernetes.yaml"]))


def pods(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    """What is in each pod, by the part that it plays."""
    templates = [each["spec"]["template"] for each in manifests if "template" in each.get("spec", {})]
    return {each["metadata"]["labels"]["part"]: each["spec"] for each in templates}


def test_the_manifests_are_as_kubernetes_wants_them(manifests: list[dict[str, Any]]) -> None:
    version = kubernetes_validate.latest_version()
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**manifests[1], "spec": {"ports": "8786"}}, version, strict=True)


def test_the_manifests_fit_together(manifests: list[dict[str, Any]]) -> None:
    by_kind = {f"{each['kind']} {each['metadata']['name']}": each for each in manifests}
    assert len(by_kind) == len(manifests)
    service = by_kind["Service grading-scheduler"]["spec"]
    settings = by_kind["ConfigMap grading"]["data"]
    assert set(pods(manifests)) == {"scheduler", "worker", "main"}
    for manifest in manifests:
        if manifest["kind"] == "Deployment":
            assert manifest["spec"]["selector"]["matchLabels"] == manifest["spec"]["template"]["metadata"]["labels"]
    assert service["selector"] == {"app": "grading", "part": "scheduler"}
    for part, pod in pods(manifests).items():
        (container,) = pod["containers"]
        assert container["image"] == "REGISTRY/grading:1"
        assert container["envFrom"] == [{"configMapRef": {"name": "grading"}}]
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert {Path(value).parent for value in settings.values() if "/" in value} == {Path("/tls")}
        assert "/tls" in mounted
        address = f"tls://grading-scheduler:{service['ports'][0]['port']}"
        assert (address in container["command"]) == (part != "scheduler")
    port = pods(manifests)["scheduler"]["containers"][0]["command"]
    assert port[port.index("--port") + 1] == str(service["ports"][0]["port"])


def test_the_settings_are_dasks_and_the_secret_has_the_files(manifests: list[dict[str, Any]]) -> None:
    settings = next(each for each in manifests if each["kind"] == "ConfigMap")["data"]
    code = (
        "import json, os\nfrom distributed.security import Security\n"
        "s = Security()\nprint(json.dumps([s.require_encryption, s.tls_ca_file, *(getattr(s, f'tls_{r}_{k}')"
        " for r in ('client', 'scheduler', 'worker') for k in ('cert', 'key'))]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **settings}, capture_output=True, text=True, check=True
    )
    certificate, key = "/tls/certificate.pem", "/tls/key.pem"
    assert yaml.safe_load(done.stdout) == [True, certificate, *[certificate, key] * 3]
    page = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    assert set(re.findall(r"--from-file=grading-tls/(\S+)", page)) == {"certificate.pem", "key.pem"}


def test_every_dask_command_has_the_options_that_are_given(manifests: list[dict[str, Any]]) -> None:
    lines = re.findall(r"dask (scheduler|worker)(.*)", "\n".join(FILES[name] for name in SCRIPTS))
    given = {command: set(re.findall(r"(--[a-z-]+)", rest)) for command, rest in lines}
    for pod in pods(manifests).values():
        command = pod["containers"][0]["command"]
        if command[0] == "dask":
            given[command[1]] |= {word for word in command if word.startswith("--")}
    for command, options in given.items():
        module = [sys.executable, "-m", f"distributed.cli.dask_{command}", "--help"]
        known = subprocess.run(module, capture_output=True, text=True, check=True).stdout
        assert options <= set(re.findall(r"--[a-z-]+", known)), command
    assert all(given.values())


def test_the_image_has_what_a_worker_needs() -> None:
    text = FILES["Dockerfile"]
    assert "bubblewrap" in text
    assert "-c constraints.txt '.[grade,cluster]'" in text
    assert text.startswith("FROM python:3.")
