"""A child with a user of its own: what it can't do any more, where its number comes from, and its scratch folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import grader
from grader.core.errors import GradingError
from grader.sandbox.host import bubblewrap, users
from grader.sandbox.host.users import Users, has_processes
from grader.sandbox.inside import home
from grader.sandbox.inside.confine import become

pytestmark = pytest.mark.slow

LAST = 2_147_483_000  # no grader at work gets as far as this
KIT = Path(grader.__file__).resolve().parent.parent
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change users")
sandboxed = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
# Each piece of code runs in a forked child that has become the user in sys.argv[1]; what raises is printed.
CHILD = """
import os, resource, sys, threading, time
sys.path.insert(0, sys.argv[2])
from grader.sandbox.inside.confine import become
user = int(sys.argv[1])
if os.fork() == 0:
    become(user)
    exec(sys.argv[3])
    sys.stdout.flush()
    os._exit(0)
os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
TRY = """
def what_came_of(call, *arguments):
    try:
        call(*arguments)
        print("done")
    except OSError as error:
        print(type(error).__name__)
"""


@pytest.fixture
def numbers() -> Iterator[Users]:
    reserved = Users()
    yield reserved
    reserved.close()


def _as(user: int, code: str, sandbox: list[str] | None = None) -> list[str]:
    command = [
        *(sandbox or []),
        sys.executable,
        "-I",
        "-B",
        "-c",
        CHILD,
        str(user),
        str(KIT),
        TRY + textwrap.dedent(code),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, extra_groups=[4, 27])
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


# --- What a child can't do any more


@root_only
def test_nothing_of_root_is_left(numbers: Users) -> None:
    user = numbers.next()
    code = "print(*os.getresuid(), *os.getresgid(), os.getgroups(), *(l.split()[1] for l in open('/proc/self/status') if l[:6] in ('CapPrm', 'CapEff', 'CapAmb')))"
    assert _as(user, code) == [*[str(user)] * 6, "[]", *["0" * 16] * 3]


@root_only
@pytest.mark.parametrize("inside", [False, pytest.param(True, marks=sandboxed)])
def test_it_reaches_neither_roots_files_nor_other_processes(numbers: Users, inside: bool, tmp_path: Path) -> None:
    code = """
        what_came_of(os.setuid, 0)
        what_came_of(os.setgroups, [0])
        what_came_of(os.open, "/proc/sys/kernel/core_pattern", os.O_WRONLY)
        what_came_of(os.kill, os.getppid(), 9)
        what_came_of(os.listdir, f"/proc/{os.getppid()}/fd")
        what_came_of(os.chown, "/proc/self/fd/0", 0, 0)
    """
    sandbox = bubblewrap.wrap(1 << 20) if inside else None
    assert _as(numbers.next(), code, sandbox) == ["PermissionError"] * 6


@root_only
def test_two_children_can_not_touch_each_other(numbers: Users) -> None:
    with subprocess.Popen(["/bin/sleep", "30"], user=numbers.next()) as other:
        code = f"""
            what_came_of(os.kill, {other.pid}, 9)
            what_came_of(os.setpriority, os.PRIO_PROCESS, {other.pid}, 19)
            what_came_of(os.readlink, "/proc/{other.pid}/exe")
        """
        assert _as(numbers.next(), code) == ["PermissionError"] * 3
        assert other.poll() is None
        other.kill()


@root_only
def test_the_number_of_its_threads_can_be_limited_for_itself_alone(numbers: Users) -> None:
    code = """
        resource.setrlimit(resource.RLIMIT_NPROC, (8, 8))
        started = 0
        try:
            for _ in range(50):
                threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
                started += 1
        except RuntimeError:
            pass
        print(started)
    """
    assert _as(numbers.next(), code) == ["7"]


@root_only
@sandboxed
def test_the_zygote_can_still_kill_and_reap_it(numbers: Users) -> None:
    code = """
        import os, signal, sys, time
        sys.path.insert(0, sys.argv[2])
        from grader.sandbox.inside.confine import become
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            become(int(sys.argv[1]))
            os.write(writing, b"!")
            time.sleep(60)
        os.read(reading, 1)
        os.killpg(pid, signal.SIGKILL)
        print(os.waitpid(pid, 0)[1])
    """
    command = [*bubblewrap.wrap(1 << 20), sys.executable, "-I", "-B", "-c", textwrap.dedent(code)]
    done = subprocess.run(
        [*command, str(numbers.next()), str(KIT)], capture_output=True, text=True, timeout=600, check=False
    )
    assert (done.stdout, done.stderr) == (f"{int(signal.SIGKILL)}\n", "")


def test_root_is_not_a_user_for_children() -> None:
    with pytest.raises(PermissionError, match="must not be the user root"):
        become(0)


def test_an_ordinary_user_can_not_change_and_is_told(as_person: Callable[..., str], is_root: bool) -> None:
    if is_root:
        pytest.skip("this is about ordinary users")
    code = """
from grader.sandbox.host import users
from grader.sandbox.inside.confine import become
print(users.unavailable_reason())
try:
    become(1_900_000_000)
except PermissionError as error:
    print("refused")
"""
    told, refused = as_person(code).splitlines()
    assert told.startswith("Only root can give learners' processes users of their own.")
    assert refused == "refused"


@root_only
@sandboxed
def test_inside_bubblewrap_the_interpreter_is_in_reach_after_the_change() -> None:
    assert users.unavailable_reason(bubblewrap.wrap(1 << 20)) == ""


@root_only
def test_outside_it_is_tried_whether_the_interpreter_is_in_reach() -> None:
    in_reach = all(each.stat().st_mode & 0o001 for each in Path(sys.base_prefix).resolve().parents)
    why = users.unavailable_reason()
    assert (why == "") == in_reach
    assert in_reach or "install bubblewrap" in why


# --- Where the number comes from


@root_only
def test_no_two_children_of_two_graders_have_the_same_number(numbers: Users) -> None:
    other = Users()
    mine, theirs = ([each.next() for _ in range(100)] for each in (numbers, other))
    other.close()
    assert len({*mine, *theirs}) == 200


@root_only
def test_the_numbers_of_a_killed_grader_are_free_again() -> None:
    code = f"""
        import os, sys
        sys.path.insert(0, {str(KIT)!r})
        from grader.sandbox.host import users
        users._RANGES = (({LAST} - 10, 1, 5),)
        print(users.Users().next(), flush=True)
        os.kill(os.getpid(), 9)
    """
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, timeout=600, check=False
        )
        assert (done.returncode, int(done.stdout)) == (-signal.SIGKILL, LAST - 10)


@root_only
def test_a_number_is_not_given_again_while_a_process_of_its_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "_RANGES", ((LAST, 1, 3),))
    few = Users()
    first, second, third = (few.next() for _ in range(3))
    with subprocess.Popen(["/bin/sleep", "30"], user=first) as sleeper:
        assert has_processes(first)
        assert [few.next() for _ in range(4)] == [second, third, second, third]
        sleeper.kill()
    assert not has_processes(first)
    assert few.next() == first
    few.close()


@root_only
def test_a_container_with_few_users_has_some_or_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "_mapped", lambda _: [range(65536)])
    small = Users()
    assert 60_578 <= small.next() < 61_184
    small.close()
    monkeypatch.setattr(users, "_mapped", lambda _: [range(1)])
    with pytest.raises(GradingError, match="too few"):
        Users()


# --- Its scratch folder


@pytest.fixture
def own() -> Iterator[int]:
    """A child's own user where there is one."""
    if os.geteuid() != 0:
        yield 0
        return
    reserved = Users()
    yield reserved.next()
    reserved.close()


@pytest.fixture
def folder(own: int) -> Iterator[Path]:
    """A scratch folder, below one that only the grader may write to."""
    memory = Path("/dev/shm")  # where removing is quick, as it is inside a sandbox
    above = Path(tempfile.mkdtemp(prefix="scratch-test-", dir=memory if os.access(memory, os.W_OK) else None))
    above.chmod(0o711)
    home.make(above / "1", own)
    yield above / "1"
    shutil.rmtree(above / "1", ignore_errors=True)
    above.rmdir()


def _leave(code: str, folder: Path, own: int) -> None:
    """What a child leaves in its scratch folder."""
    change = {"user": own, "group": own, "extra_groups": []} if own else {}
    python = next(each for each in ("/usr/bin/python3", sys.executable) if Path(each).exists())  # others can reach it
    subprocess.run([python, "-c", "import os\n" + code], cwd=folder, check=True, timeout=600, **change)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "open('file', 'w').close(); os.mkdir('folder'); open('folder/file', 'w').close()",
        "os.mkdir('closed', 0o300); os.mkdir('closed/inner', 0o100); os.mkdir('shut', 0)",
        "os.mkdir('sticky', 0o1777); os.chmod('sticky', 0o1777); open('sticky/file', 'w').close()",
        "[(os.mkdir('d'), os.chdir('d')) for _ in range(3000)]",  # far longer than a path may be
        "[(os.mkdir('d' * 255), os.chdir('d' * 255)) for _ in range(30)]",
        "os.mkdir('a'); os.symlink('/', 'a/link'); os.mkfifo('a/fifo'); os.symlink('/etc/passwd', 'link')",
        "os.chmod('.', 0)",
        r"os.mkdir(b'\xff\n'); open(b'\xff\n/\xfe', 'w').close()",
    ],
)
def test_whatever_was_left_in_it_is_removed(code: str, folder: Path, own: int) -> None:
    _leave(code, folder, own)
    home.remove(folder, own, seconds=60)
    assert not list(folder.parent.iterdir())
    assert Path("/etc/passwd").exists()
    assert os.geteuid() == os.getuid()


def test_too_much_to_remove_in_time_is_an_error(folder: Path, own: int) -> None:
    _leave("[open(str(each), 'w').close() for each in range(50)]", folder, own)
    with pytest.raises(TimeoutError):
        home.remove(folder, own, seconds=0)
    home.remove(folder, own)


@root_only
@sandboxed
def test_inside_bubblewrap_four_capabilities_are_enough_to_make_and_remove_it(own: int) -> None:
    code = """
        import os, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[2])
        from grader.sandbox.inside import home
        from grader.sandbox.inside.confine import become
        user, folder = int(sys.argv[1]), Path("1").absolute()
        home.make(folder, user)
        if os.fork() == 0:
            become(user)
            os.chdir(folder)
            Path("file").touch()
            Path("closed").mkdir()
            Path("closed/file").touch()
            Path("closed").chmod(0)
            Path("sticky").mkdir()
            Path("sticky").chmod(0o1777)
            Path("sticky/file").touch()
            os._exit(0)
        print(os.wait()[1], os.listdir("."))
        home.remove(folder, user)
        print(os.listdir("."))
    """
    command = [*bubblewrap.wrap(1 << 20), sys.executable, "-I", "-B", "-c", textwrap.dedent(code), str(own), str(KIT)]
    assert subprocess.check_output(command, text=True, timeout=600) == "0 ['1']\n[]\n"


@root_only
def test_a_child_writes_in_its_own_folder_only(folder: Path, own: int, numbers: Users) -> None:
    _leave("open('mine', 'w').close()", folder, own)
    with pytest.raises(subprocess.CalledProcessError):
        _leave("os.mkdir('../beside')", folder, own)
    with pytest.raises((subprocess.CalledProcessError, PermissionError)):
        _leave("open('yours', 'w').close()", folder, numbers.next())
    home.remove(folder, own)
