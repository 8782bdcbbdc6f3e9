"""Inside bubblewrap there is an interpreter with torch, a scratch space, and nothing else."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.sandbox.host import bubblewrap
from grader.sandbox.protocol.encoding import decode_answer, encode_request
from grader.sandbox.protocol.frames import FrameReader, pack
from grader.sandbox.protocol.messages import Begin, Call, Import, Reply

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed"),
]

KIT = Path(grader.__file__).resolve().parent.parent
ROOMY = 16 << 20
# Run by a person: a command line that starts inside.
ENTER = """
import json, os, sys
from pathlib import Path
from grader.sandbox.host.bubblewrap import wrap
task = json.loads(sys.argv[1])
start = wrap(task["bytes"], hide=map(Path, task["hide"]))
os.execv(start[0], [*start, sys.executable, "-I", "-B", "-c", task["code"], *task["arguments"]])
"""
# What of these can be seen, listed or opened?
LOOK = """
import os, sys
for path in sys.argv[1:]:
    try:
        os.stat(path)
        print(path)
    except OSError:
        pass
"""

Inside = Callable[..., str]


@pytest.fixture
def inside(as_person: Callable[..., str]) -> Inside:
    """Run Python code inside, and give what it printed."""

    def run(code: str, *arguments: object, hide: tuple[Path, ...] = (), size: int = ROOMY, **more: Any) -> str:
        task = {"code": code, "arguments": list(map(str, arguments)), "hide": list(map(str, hide)), "bytes": size}
        return as_person(ENTER, json.dumps(task), **more)

    return run


@pytest.fixture
def outside(as_person: Callable[..., str]) -> Callable[..., str]:
    """Run the same code outside, to see that a test would notice."""
    return as_person


@pytest.fixture
def course() -> Iterator[Path]:
    """A course that everybody on the machine may read, with solutions, results and submissions."""
    folder = Path(tempfile.mkdtemp(prefix="bubblewrap-test-")).resolve()
    folder.chmod(0o755)
    for name in ("solutions/hidden.py", "results/grades.db", "submissions/bob/model.py", "course.toml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret")
    yield folder
    shutil.rmtree(folder)


def test_it_is_tried_and_works(as_person: Callable[..., str]) -> None:
    assert (
        as_person("from grader.sandbox.host import bubblewrap; print(repr(bubblewrap.unavailable_reason()))") == "''\n"
    )


# --- What is not there


def test_solutions_results_siblings_and_homes_do_not_exist(inside: Inside, outside: Inside, course: Path) -> None:
    checkout = [KIT / "solutions", KIT / "exercises", KIT / "course.toml", KIT / "grader" / "grading"]
    secrets = [*checkout, *course.rglob("*"), course, Path("/etc/passwd"), Path("/home"), Path("/tmp"), Path("/run")]
    needed = [KIT, Path(sys.prefix), Path(sys.base_prefix).resolve()]  # the folders above are there, and empty
    secrets = [path for path in secrets if path.exists() and not any(each.is_relative_to(path) for each in needed)]
    assert outside(LOOK, *secrets).split() == list(map(str, secrets))
    assert inside(LOOK, *secrets) == ""


def test_a_file_in_the_home_folder_does_not_exist(inside: Inside) -> None:
    with tempfile.NamedTemporaryFile(dir=Path.home(), prefix=".canary-") as canary:
        assert inside(LOOK, canary.name) == ""


def test_of_the_kit_there_is_only_what_the_zygote_imports(inside: Inside) -> None:
    look = "import os, sys; print(sorted(os.listdir(sys.argv[1])))"
    assert inside(look, KIT / "grader") == f"{sorted({name.partition('/')[0] for name in bubblewrap._KIT})}\n"
    assert inside(look, KIT / "grader" / "sandbox") == "['__init__.py', 'inside', 'protocol']\n"


def test_of_the_checkout_there_is_only_the_virtual_environment(inside: Inside) -> None:
    listed = inside("import os, sys; print(*sorted(os.listdir(sys.argv[1])))", KIT).split()
    assert set(listed) - {Path(sys.prefix).name} == {"grader"}


def _virtual_environment(folder: Path, base: str = sys.executable) -> str:
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True, timeout=600)
    return str(folder / "bin" / "python")


def test_a_virtual_environment_made_in_the_course_itself_shows_nothing_of_it(inside: Inside, course: Path) -> None:
    python = _virtual_environment(course)
    listed = inside("import os, sys; print(*sorted(os.listdir(sys.argv[1])))", course, python=python).split()
    assert {"bin", "lib", "pyvenv.cfg"} <= set(listed) <= {"bin", "lib", "lib64", "pyvenv.cfg"}


def test_a_course_reached_by_a_link_stays_hidden(inside: Inside, course: Path) -> None:
    _virtual_environment(course / ".venv")
    link = course.with_name(f"{course.name}-link")
    link.symlink_to(course)
    try:
        python = str(link / ".venv" / "bin" / "python")
        code = "import os, sys; print(sys.prefix, *(os.listdir(each) for each in sys.argv[1:]))"
        assert inside(code, link, course, python=python) == f"{link}/.venv ['.venv'] ['.venv']\n"
    finally:
        link.unlink()


def test_a_course_within_the_interpreters_own_folder_can_be_hidden(inside: Inside, course: Path) -> None:
    python = _virtual_environment(course / "outer")
    inner = Path(
        subprocess.check_output([python, "-c", "import site; print(site.getsitepackages()[0])"], text=True).strip()
    )
    secret = inner / "course" / "solutions" / "hidden.py"
    secret.parent.mkdir(parents=True)
    secret.write_text("secret")
    grades = inner / "grades.db"
    grades.write_text("secret")
    assert inside(LOOK, secret, python=python) == f"{secret}\n"
    assert inside(LOOK, secret, secret.parent, python=python, hide=(inner / "course", grades)) == ""
    with pytest.raises(AssertionError, match="Permission denied"):
        inside("import sys; open(sys.argv[1])", grades, python=python, hide=(inner / "course", grades))
    with pytest.raises(AssertionError, match="Read-only file system"):
        inside(
            "import os, sys; os.mkdir(sys.argv[1] + '/made')", inner / "course", python=python, hide=(inner / "course",)
        )


def test_what_is_needed_from_a_hidden_folder_is_put_back(inside: Inside, course: Path) -> None:
    python = _virtual_environment(course / ".venv")
    packages = Path(
        subprocess.check_output([python, "-c", "import site; print(site.getsitepackages()[0])"], text=True).strip()
    )
    hidden = packages / "course"
    (hidden / "numpy").mkdir(parents=True)  # somebody works on it
    (hidden / "numpy" / "__init__.py").write_text("print('imported')")
    (hidden / "grades.db").write_text("secret")
    (packages / "course.pth").write_text(str(hidden))
    code = "import os, sys; print(sorted(os.listdir(sys.argv[1]))); import numpy"
    assert inside(code, hidden, python=python) == "['grades.db', 'numpy']\nimported\n"
    assert inside(code, hidden, python=python, hide=(hidden,)) == "['numpy']\nimported\n"


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="the system has no Python")
def test_the_systems_own_python_runs_inside(inside: Inside) -> None:
    code = "import os, json, ctypes, ssl, sys; print(sys.version_info >= (3,), os.path.exists('/usr/share'))"
    assert inside(code, python="/usr/bin/python3") == "True False\n"


def test_there_is_no_network(inside: Inside, outside: Inside) -> None:
    code = """
import socket, sys
print(socket.if_nameindex())
for family, address in ((socket.AF_INET, ("127.0.0.1", int(sys.argv[1]))), (socket.AF_UNIX, chr(0) + sys.argv[2])):
    try:
        socket.socket(family).connect(address)
        print("connected")
    except OSError as error:
        pass
"""
    with socket.socket() as server, socket.socket(socket.AF_UNIX) as local:
        server.bind(("127.0.0.1", 0))
        server.listen()
        name = f"bubblewrap-test-{os.getpid()}"
        local.bind(f"\0{name}")
        local.listen()
        assert outside(code, server.getsockname()[1], name).count("connected") == 2
        assert inside(code, server.getsockname()[1], name) == "[(1, 'lo')]\n"


def test_no_other_process_can_be_seen_or_signalled(inside: Inside) -> None:
    code = """
import os, sys
print(*sorted(int(each) for each in os.listdir("/proc") if each.isdigit()), "and", os.getpid())
try:
    os.kill(int(sys.argv[1]), 0)
except ProcessLookupError:
    print("nobody")
"""
    assert inside(code, os.getpid()) == "1 2 and 2\nnobody\n"


# --- What can't be changed


def test_nothing_can_be_written_but_in_the_scratch_space(inside: Inside) -> None:
    code = """
import os
places = {line.split()[4] for line in open("/proc/self/mountinfo")} | {"/dev/shm", "/etc", "/usr", "/sys", os.path.dirname(os.__file__)}
for place in sorted(places):
    try:
        if os.path.isdir(place):
            os.mkdir(place + "/made")
        elif not place.startswith("/dev/"):
            os.close(os.open(place, os.O_WRONLY))
        else:
            continue
        print(place)
    except OSError:
        pass
"""
    assert inside(code) == f"{bubblewrap.SCRATCH}\n"


def test_the_settings_of_the_machine_cannot_be_written_even_by_root(inside: Inside) -> None:
    code = """
import os
for name in ("sys/kernel/core_pattern", "sys/vm/drop_caches", "sys/kernel/randomize_va_space", "sysrq-trigger"):
    try:
        os.close(os.open("/proc/" + name, os.O_WRONLY))
        print(name)
    except OSError:
        pass
"""
    assert inside(code) == ""


def test_the_scratch_space_is_limited(inside: Inside) -> None:
    code = """
import os
written = 0
try:
    for number in range(100):
        with open(f"{number}", "wb", buffering=0) as file:
            written += file.write(bytes(1 << 20))
except OSError as error:
    print(error.errno, written)
"""
    number, written = map(int, inside(code, size=4 << 20).split())
    assert number == 28  # ENOSPC
    assert written <= 4 << 20


def test_capabilities_are_those_of_changing_users_or_none(inside: Inside, is_root: bool) -> None:
    code = "print(*(line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapPrm', 'CapEff', 'NoNew'))))"
    held = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 if is_root else 0  # CHOWN, KILL, SETGID, SETUID
    assert inside(code) == f"{held:016x} {held:016x} 1\n"


def test_an_ordinary_users_sandbox_makes_no_further_namespaces(inside: Inside, is_root: bool) -> None:
    if is_root:
        pytest.skip("as root there is no user namespace to say so; the seccomp filter does")
    code = "import ctypes; print(ctypes.CDLL(None, use_errno=True).unshare(0x10000000), ctypes.get_errno())"
    assert inside(code) == "-1 28\n"  # ENOSPC: none are left


# --- What works


def test_torch_takes_a_training_step_and_threads_run(inside: Inside) -> None:
    code = """
import threading, torch
model = torch.nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = model(torch.ones(4, 3)).square().mean()
loss.backward()
optimizer.step()
thread = threading.Thread(target=lambda: print(bool(model(torch.ones(4, 3)).square().mean() < loss)))
thread.start()
thread.join()
"""
    assert inside(code) == "True\n"


class Served:
    """A zygote inside, started by hand as the grader does, with one child."""

    def __init__(self, start: str, person: list[str]) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        walls = {"landlock": False, "seccomp": False, "devices": [], "beside": []}  # bubblewrap alone
        settings = json.dumps({**walls, "torch": True})
        task = json.dumps(
            {"code": start, "arguments": [str(KIT), str(theirs.fileno()), settings], "hide": [], "bytes": ROOMY}
        )
        command = [*person, sys.executable, "-c", f"import sys; sys.path.insert(0, {str(KIT)!r})\n{ENTER}", task]
        environment = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], cwd="/")
        theirs.close()
        self.control.settimeout(120)
        assert "ready" in json.loads(self.control.recv(1 << 16))

    def spawn(self, user: int = 0) -> tuple[int, int, socket.socket]:
        """A child's process id inside, its pidfd, and its connection."""
        ours, theirs = socket.socketpair()
        wanted = {"cpu_seconds": 10, "memory_mb": 512, "file_bytes": 1 << 20, "user": user}
        with open(os.devnull, "wb") as silence, theirs:
            socket.send_fds(
                self.control,
                [json.dumps({"spawn": wanted, "reads": False}).encode()],
                [theirs.fileno(), silence.fileno()],
            )
        answer, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
        ours.settimeout(60)
        return json.loads(answer)["pid"], descriptors[0], ours

    def close(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def served(person: list[str]) -> Iterator[Served]:
    from grader.sandbox.host.zygote_process import START

    zygote = Served(START, person)
    yield zygote
    zygote.close()


def _ask(connection: socket.socket, reader: FrameReader, request: Any) -> Any:
    connection.sendall(pack(request))
    while (frame := reader.next()) is None:
        data = connection.recv(1 << 16)
        assert data, "the child has ended"
        reader.data += data
    return decode_answer(frame)


def test_the_zygote_serves_inside_and_its_children_are_killed_from_outside(served: Served, is_root: bool) -> None:
    user = 2_147_482_900 if is_root else 0  # no grader at work gets as far as this
    pid, pidfd, connection = served.spawn(user)
    reader = FrameReader()
    source = "import os\n\ndef look(x):\n    open('kept', 'w').close()\n    return [x * 2, os.getuid(), os.getcwd()]\n"
    assert _ask(connection, reader, encode_request(Begin({"model": source}))) == Reply(None)
    assert _ask(connection, reader, encode_request(Import("model"))) == Reply(None)
    looked = _ask(connection, reader, encode_request(Call("model", "look", (21,))))
    assert isinstance(looked, Reply), looked
    assert looked.value[0] == 42
    assert looked.value[1] == (user or looked.value[1])
    assert looked.value[2].startswith(bubblewrap.SCRATCH)

    assert pid < 10, "it is numbered in a PID namespace of its own"
    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    served.control.send(json.dumps({"reap": pid}).encode())
    assert json.loads(served.control.recv(1 << 16)) == {"exit": int(signal.SIGKILL)}
    connection.close()
    os.close(pidfd)


def test_all_inside_ends_with_bubblewrap(served: Served) -> None:
    _, pidfd, connection = served.spawn()
    served.process.kill()
    assert select.select([pidfd], [], [], 10)[0], "the child lives on"
    connection.close()
    os.close(pidfd)


def test_all_inside_ends_with_the_grader(person: list[str]) -> None:
    task = json.dumps(
        {
            "code": "import os, time; print('up', flush=True); time.sleep(3600)",
            "arguments": [],
            "hide": [],
            "bytes": 1 << 20,
        }
    )
    enter = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(KIT)!r})\n{ENTER}", task]
    grader_like = f"import subprocess, time\nsubprocess.Popen({enter!r})\ntime.sleep(3600)"
    process = subprocess.Popen([*person, sys.executable, "-c", grader_like], stdout=subprocess.PIPE, cwd="/")
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    process.kill()
    process.wait()
    # It would end by itself after an hour; nobody holds its other end any more.
    assert select.select([process.stdout], [], [], 120)[0]
    assert process.stdout.read() == b""
    process.stdout.close()


def test_orphans_inside_are_reaped(inside: Inside) -> None:
    code = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        os._exit(0)
    time.sleep(0.05)
    os._exit(0)
os.wait()
end = time.monotonic() + 60
while len([each for each in os.listdir("/proc") if each.isdigit()]) > 2 and time.monotonic() < end:
    time.sleep(0.01)
print(sorted(each for each in os.listdir("/proc") if each.isdigit()))
"""
    assert inside(code) == "['1', '2']\n"


# --- What it says when it can't


def test_without_the_program_it_names_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bubblewrap.unavailable_reason() == "bubblewrap is not installed. Install the package `bubblewrap`."


def test_a_refusal_by_the_kernel_is_told_with_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refuses = tmp_path / "bwrap"
    refuses.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    refuses.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    why = bubblewrap.unavailable_reason()
    assert why.startswith("bubblewrap does not work here (setting up uid map: Permission denied). ")
    assert len(why) > 90


@pytest.mark.parametrize(
    ("setting", "value", "advice"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor profile"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces"),
        ("kernel/osrelease", "4.4.0-19041-Microsoft", "WSL2"),
    ],
)
def test_the_advice_fits_the_machine(monkeypatch: pytest.MonkeyPatch, setting: str, value: str, advice: str) -> None:
    monkeypatch.setattr(bubblewrap, "_setting", lambda name: value if name == setting else "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert advice in bubblewrap.what_to_do()


def test_an_older_bubblewrap_is_not_asked_for_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "_knows", lambda *_: False)
    command = bubblewrap.wrap(1 << 20)
    assert not {"--size", "--disable-userns"} & set(command)


def test_the_gpu_is_there_only_when_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "libcuda.so.1").touch()
    monkeypatch.setenv("LD_LIBRARY_PATH", f"relative:{tmp_path}:/")
    monkeypatch.setattr(bubblewrap, "_GPU_DEVICES", ("ful?",))  # stands for /dev/nvidia0
    without, with_gpu = bubblewrap.wrap(1 << 20), bubblewrap.wrap(1 << 20, cuda=True)
    assert "--dev-bind" not in without
    assert str(tmp_path) not in without
    at = with_gpu.index("--dev-bind")
    assert with_gpu[at : at + 3] == ["--dev-bind", "/dev/full", "/dev/full"]
    assert str(tmp_path) in with_gpu
    assert ["--ro-bind", "/", "/"] not in [with_gpu[i : i + 3] for i in range(len(with_gpu))]


def test_the_whole_prefix_is_never_shown() -> None:
    command = bubblewrap.wrap(1 << 20)
    shown = [command[i + 1] for i, option in enumerate(command) if option == "--ro-bind"]
    assert not {sys.prefix, sys.base_prefix, "/", "/usr", "/etc", str(KIT), str(KIT / "grader")} & set(shown)
    packages = Path(sysconfig.get_path("purelib"))
    assert any(packages.resolve().is_relative_to(Path(each).resolve()) for each in shown)
