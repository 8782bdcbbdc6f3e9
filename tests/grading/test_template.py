"""A zygote that was forked from the template is no less shut in than one that was started by itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.core.errors import GradingError
from grader.sandbox.host import bubblewrap, cgroup
from grader.sandbox.host.cgroup import Group
from tests.faults.processes import Process, nobody_is_left

KIT = Path(__file__).parents[2]
LEVELS = {
    "full": {"bubblewrap": True, "landlock": True, "seccomp": True},
    "kernel": {"landlock": True, "seccomp": True},
    "none": {},
}
SPACES = ("mnt", "pid", "net", "ipc", "uts", "cgroup", "user")


# Bubblewrap as it is when it is killed before it has asked that what is inside be killed with it.
KILLED_TOO_SOON = """\
#!/bin/sh
for each; do shift; [ "$each" = --die-with-parent ] || set -- "$@" "$each"; done
{} "$@" &
wait
"""


@contextmanager
def held(person: list[str], how: str, layers: dict[str, bool], **environment: str) -> Iterator[tuple[int, Any]]:
    """A child of a zygote, for as long as the block: the process that has it, and what it answered."""
    words = ["-c", "import sys; from tests.grading.forked_and_started import hold; hold(*sys.argv[1:])"]
    words += [how, json.dumps(layers), str(KIT / "exercises" / "linear_regression")]
    process = subprocess.Popen(
        [*person, sys.executable, *words],
        cwd=KIT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process.pid, json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(600)
        process.stdout.close()


def seen(main: int) -> dict[str, Any]:
    """What the kernel says of the zygote and of its child."""
    found = {}
    for role in ("zygote", "child"):
        (pid,) = {each.pid for each in Process.all_of(main) if each.role == role}
        place = Path("/proc", str(pid))
        status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
        limits = [line for line in (place / "limits").read_text().splitlines() if "address space" not in line]
        mounts = [_mount(line) for line in (place / "mountinfo").read_text().splitlines()]
        found[role] = {
            "status": {
                name: _without_numbers(value)
                for name, value in status.items()
                if name.startswith(("Cap", "Sig", "NoNew", "Seccomp", "Uid", "Gid", "Groups", "Threads", "Umask"))
                and name != "SigQ"  # how many wait for anything that this user runs
            },
            "limits": limits,
            "mounts": sorted(mounts),
            "apart": [each for each in SPACES if not (place / "ns" / each).samefile(Path("/proc/self/ns", each))],
            # Bubblewrap says in it where it started the process.
            "environment": sorted(set((place / "environ").read_bytes().split(b"\0")) - {b"PWD=/scratch"}),
            "adjusted": (place / "oom_score_adj").read_text(),
            "descriptors": sorted(each.name for each in (place / "fd").iterdir()) if role == "child" else [],
            "leads its session": role == "child" and os.getsid(pid) == pid,
        }
    return found


def _without_numbers(text: str) -> str:
    """Of what was seen: without the names of temporary folders, and with a user's place in its block instead of its
    number. Whoever else grades now may have the block before."""
    text = re.sub(r"grader-\w+/", "", text)
    return re.sub(r"\b(?:[12]\d{9}|6[01]\d{3})\b", lambda number: f"number {int(number[0]) % 64}", text)


def _mount(line: str) -> str:
    """Of a line of mountinfo: what is mounted where, and how, without numbers that are new each time."""
    before, after = line.split(" - ")
    _, _, _, root, place, options, *_ = before.split()
    return re.sub(r"/grader-\w+|pytest-\d+|size=\w+", "", f"{root} {place} {options} {after}")


@pytest.mark.parametrize(
    "level", ["full", *(pytest.param(each, marks=pytest.mark.slow) for each in ("kernel", "none"))]
)
def test_it_is_shut_in_as_one_that_is_started(person: list[str], level: str) -> None:
    layers = LEVELS[level]
    if level == "full" and (why := bubblewrap.unavailable_reason()):
        pytest.skip(why)
    if os.geteuid() == 0 and not person and level != "none":
        layers = {**layers, "users": True}
    with held(person, "started", layers) as (main, (was_forked, answer)):
        assert not was_forked
        started = seen(main)
    with held(person, "forked", layers) as (main, (was_forked, same)):
        assert was_forked, "it fell back"
        forked = seen(main)
    if level != "none":
        child = started["child"]["status"]
        assert (child["Seccomp"], child["NoNewPrivs"], int(child["CapPrm"], 16)) == ("2", "1", 0)
    # What no program that it starts could have any more, and it starts none.
    for role, name in product(started, ("CapAmb", "CapBnd", "CapInh")):
        theirs, ours = (int(each[role]["status"].pop(name), 16) for each in (started, forked))
        assert ours & ~theirs == 0
    for role, what in started.items():
        for each, expected in what.items():
            assert forked[role][each] == expected, f"{each} of the {role}"
    assert _without_numbers(same) == _without_numbers(answer)
    assert "sandbox.host" not in same


@pytest.mark.slow
def test_where_nobody_may_enter_namespaces_a_zygote_is_started_and_nothing_is_said(
    person: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    if why := bubblewrap.unavailable_reason():
        pytest.skip(why)
    with held(person, "started", LEVELS["full"]) as (_, (_, answer)):
        pass
    with held(person, "refused", LEVELS["full"]) as (_, (was_forked, same)):
        assert not was_forked
    assert same == answer
    assert capfd.readouterr().err == ""


def test_where_bubblewrap_is_killed_too_soon_nothing_stays_behind(person: list[str], tmp_path: Path) -> None:
    if why := bubblewrap.unavailable_reason():
        pytest.skip(why)
    program = tmp_path / "bwrap"
    program.write_text(KILLED_TOO_SOON.format(shutil.which("bwrap")))
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    with held(person, "forked", LEVELS["full"], PATH=path) as (main, (was_forked, _)):
        assert was_forked
        processes = Process.all_of(main)
        assert any(Path(f"/proc/{each.pid}/comm").read_text() == "bwrap\n" for each in processes if each.role == "box")
    nobody_is_left(processes)


def test_a_child_ends_with_its_zygote_where_no_namespace_ends_with_it(person: list[str]) -> None:
    with held(person, "forked", LEVELS["none"]) as (main, _):
        processes = [each for each in Process.all_of(main) if each.role in ("zygote", "child")]
        processes[0].kill()
        nobody_is_left(processes)


def test_it_enters_its_control_group_before_any_child_is_there(
    person: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cgroup, "_NEEDED", ())
    try:
        Group().close()
    except GradingError as error:
        pytest.skip(str(error))
    if person:
        pytest.skip("an ordinary user can make no group here")
    with held(person, "forked", {"cgroup": True}) as (main, (was_forked, _)):
        assert was_forked
        groups = {
            each.role: "/grader-" in Path(f"/proc/{each.pid}/cgroup").read_text() for each in Process.all_of(main)
        }
    assert groups == {"main": False, "template": False, "grading": False, "zygote": True, "child": True}


def test_a_torch_that_can_not_be_imported_is_told_in_a_sentence(tmp_path: Path, submit: Callable[..., Path]) -> None:
    submit(tmp_path / "class", "ada")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from grader.cli import main\n"
        "from grader.sandbox.host import template_client\n"
        "template_client.START = 'import sys; sys.modules[\"torch\"] = None\\n' + template_client.START\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n"
    )
    words = ["grade", tmp_path / "class", "--assignment", "linear_regression", "--out", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, program, *map(str, words)],
        cwd=KIT,
        env={**os.environ, "PYTHONPATH": str(KIT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 3, said
    assert "No process to grade in could be started. Can `python -c 'import torch'` be run?" in said
    assert "Traceback" not in said


def test_a_template_that_nobody_needed_ends_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    words = ["grade", str(tmp_path / "class"), "--assignment", "linear_regression", "--out", str(tmp_path / "out")]
    before = {each.pid for each in Process.all_of(os.getpid()) if each.role == "template"}
    main(words)
    assert not {each.pid for each in Process.all_of(os.getpid()) if each.role == "template"} - before
