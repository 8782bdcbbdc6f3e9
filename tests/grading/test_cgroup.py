"""A control group around a zygote: limits on all that is in it together, and nothing survives it."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import grader
from grader.core.errors import GradingError
from grader.sandbox.host import bubblewrap, cgroup
from grader.sandbox.host.cgroup import Group

pytestmark = pytest.mark.slow

KIT = Path(grader.__file__).resolve().parent.parent
MIB = 1 << 20


@pytest.fixture
def group() -> Iterator[Group]:
    try:
        made = Group()
    except GradingError as error:
        pytest.skip(str(error))
    with made:
        yield made


@pytest.fixture
def any_group(monkeypatch: pytest.MonkeyPatch) -> Iterator[Group]:
    """A group, though it may be that memory and processes are not limited by it."""
    if why := cgroup.unavailable_reason():
        monkeypatch.setattr(cgroup, "_NEEDED", ())
        try:
            Group().close()
        except GradingError:
            pytest.skip(why)
    with Group() as made:
        yield made


def _start(group: Group, code: str, *more: str) -> subprocess.Popen[str]:
    """A process in the group, which has said that it is ready; then it waits for a line."""
    start = "import sys\nprint('ready', flush=True)\ninput()\n"
    command = [*group.entrance(), *more, sys.executable, "-I", "-c", start + textwrap.dedent(code)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _go(process: subprocess.Popen[str]) -> str:
    return process.communicate("\n", timeout=600)[0]


# A zygote with a child that is the first to go when memory runs out. How it ends is printed.
CHILD_THAT = """
import os
pid = os.fork()
if pid == 0:
    open("/proc/self/oom_score_adj", "w").write("1000")
    {}
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_it_is_tried_and_works_or_says_what_to_do(as_person: Callable[..., str], is_root: bool) -> None:
    why = as_person("from grader.sandbox.host import cgroup; print(cgroup.unavailable_reason())").strip()
    if why:
        assert why.startswith("Control groups can't be used here (")
        assert "systemd-run --user --scope" in why
    if is_root and {"memory", "pids"} <= _passed_on():
        assert not why


def _passed_on() -> set[str]:
    """What groups in the topmost one can limit."""
    try:
        return set(Path("/sys/fs/cgroup/cgroup.subtree_control").read_text().split())
    except OSError:
        return set()


def test_a_child_that_uses_too_much_memory_is_killed_and_its_zygote_is_not(group: Group) -> None:
    zygote = _start(group, CHILD_THAT.format("bytearray(200 << 20)"))
    group.limit(64 * MIB, 16)
    assert _go(zygote) == f"{-signal.SIGKILL}\n"
    assert zygote.returncode == 0


def test_memory_that_no_process_maps_counts_as_well(group: Group) -> None:
    code = "file = os.memfd_create('x'); [os.write(file, bytes(1 << 20)) for _ in range(200)]"
    zygote = _start(group, CHILD_THAT.format(code))
    group.limit(64 * MIB, 16)
    assert _go(zygote) == f"{-signal.SIGKILL}\n"


def test_what_is_within_the_limits_is_left_alone(group: Group) -> None:
    zygote = _start(group, CHILD_THAT.format("bytearray(32 << 20)"))
    group.limit(64 * MIB, 16)
    assert _go(zygote) == "0\n"


def test_a_fork_bomb_ends_at_the_limit(group: Group) -> None:
    code = """
        import os, time
        made = 0
        try:
            while made < 100:
                if os.fork() == 0:
                    time.sleep(30)
                    os._exit(0)
                made += 1
        except BlockingIOError:
            print(made, flush=True)
        os._exit(0)
    """
    zygote = _start(group, code)
    group.limit(256 * MIB, 10)
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write("\n")
    zygote.stdin.flush()
    assert zygote.stdout.readline() == "9\n"
    assert len(group.processes()) == 9 + (zygote.poll() is None)
    group.close()
    assert zygote.wait() in (0, -signal.SIGKILL)
    zygote.communicate()


def test_who_left_the_session_and_the_parent_is_killed_with_the_group(any_group: Group) -> None:
    code = """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                print(os.getpid(), flush=True)
                time.sleep(60)
            os._exit(0)
        os.wait()
    """
    zygote = _start(any_group, code)
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write("\n")
    zygote.stdin.flush()
    orphan = int(zygote.stdout.readline())
    zygote.wait(60)
    assert any_group.processes() == [orphan]
    watch = os.pidfd_open(orphan)
    any_group.close()
    assert select.select([watch], [], [], 0)[0], "it lives on"
    os.close(watch)
    zygote.communicate()


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_a_sandbox_in_it_is_limited_and_can_not_leave_it(group: Group) -> None:
    code = "import os; print(os.path.exists('/sys/fs/cgroup'))" + CHILD_THAT.format("bytearray(200 << 20)")
    zygote = _start(group, code, *bubblewrap.wrap(MIB))
    assert len(group.processes()) == 3  # bubblewrap outside, its first process inside, and the zygote
    group.limit(64 * MIB, 16)
    assert _go(zygote) == f"False\n{-signal.SIGKILL}\n"


def _folders() -> set[str]:
    return {str(each) for place in cgroup._places() for each in place.glob("grader-*")}


def test_a_closed_group_leaves_nothing(any_group: Group) -> None:
    mine = str(any_group.folder)
    assert mine in _folders()
    any_group.close()
    assert mine not in _folders()


def test_what_a_killed_grader_left_is_removed_by_the_next(any_group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"""
        import subprocess, sys, time
        sys.path.insert(0, {str(KIT)!r})
        from grader.sandbox.host import cgroup
        cgroup._NEEDED = {cgroup._NEEDED!r}
        group = cgroup.Group()
        sleeper = subprocess.Popen([*group.entrance(), "/bin/sleep", "60"])
        while sleeper.pid not in group.processes():
            time.sleep(0.01)
        print(sleeper.pid, group.folder, flush=True)
        time.sleep(60)
    """
    other = subprocess.Popen([sys.executable, "-B", "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    sleeper, left = other.stdout.readline().split()
    watch = os.pidfd_open(int(sleeper))
    monkeypatch.setattr(cgroup, "_YOUNG", -5.0)
    with Group():
        assert left in _folders(), "its grader lives"
    other.kill()
    other.wait()
    other.stdout.close()
    assert left in _folders()
    with Group():
        assert left not in _folders()
        assert str(any_group.folder) in _folders(), "mine is in use"
    assert select.select([watch], [], [], 0)[0], "it lives on"
    os.close(watch)


def test_places_for_a_group_are_found_from_what_the_kernel_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inner = tmp_path / "user.slice" / "session.scope"
    inner.mkdir(parents=True)
    told = {
        "/proc/self/cgroup": "5:memory:/docker/abc\n0::/user.slice/session.scope\n",
        "/proc/self/mountinfo": f"31 23 0:27 / /sys/memory rw - cgroup cgroup rw,memory\n"
        f"30 23 0:26 / {tmp_path} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
    }
    real = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, *a, **k: told.get(str(self)) or real(self, *a, **k))
    assert cgroup._places() == [inner, inner.parent, tmp_path]
    told["/proc/self/mountinfo"] = f"30 23 0:26 /user.slice {tmp_path / 'user.slice'} ro - cgroup2 cgroup2 ro\n"
    assert cgroup._places() == [inner, inner.parent]


@pytest.mark.parametrize(
    ("mounted", "why"),
    [
        ("cgroup cgroup rw,memory", "no control groups of version 2 are mounted"),
        ("cgroup2 cgroup2 rw", "limits neither memory nor processes"),
    ],
)
def test_where_none_can_be_made_it_is_said_why_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mounted: str, why: str
) -> None:
    told = {"/proc/self/cgroup": "0::/\n", "/proc/self/mountinfo": f"30 23 0:26 / {tmp_path} rw - {mounted}\n"}
    real = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, *a, **k: told.get(str(self)) or real(self, *a, **k))
    with pytest.raises(GradingError, match=rf"Control groups can't be used here \(.*{why}\)"):
        Group()
    assert [path.name for path in tmp_path.iterdir()] in ([], ["cgroup.subtree_control"])
