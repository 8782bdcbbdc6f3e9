"""The zygote inside bubblewrap: what learners must not see doesn't exist there; and what to do where that is refused.

`wrap` gives what a command line starts with: a zygote's, or that of `STAY`, whose namespaces a forked zygote enters.
Inside, there is one interpreter with its libraries, the system's libraries, three pieces of the kit and a scratch space
in memory; no network but a loopback that nobody else hears, no other process, no home, no course. Bubblewrap stays as
the first process there and reaps orphans; when it is killed, or the grader's thread that started it ends, everything
inside is killed with it.

As an ordinary user, a user namespace makes that possible, and no further ones can be made inside. As root there is
none, so that each child can become a user of its own: a child that stayed number 0, under whatever name, could write
to what root owns in /proc. The zygote keeps the four capabilities that this needs.
"""

from __future__ import annotations

import functools
import os
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import grader

_APPARMOR = (
    "Ubuntu 24.04 and later let only programs with an AppArmor profile make user namespaces: write "
    "`abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }` to "
    "/etc/apparmor.d/bwrap and run `sudo systemctl reload apparmor`."
)


def what_to_do() -> str:
    """One sentence of advice that fits this machine."""
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0:
        return _APPARMOR
    if _setting("kernel/unprivileged_userns_clone") == "0" and os.geteuid() != 0:
        return "Allow user namespaces with `sudo sysctl kernel.unprivileged_userns_clone=1`."
    if _setting("user/max_user_namespaces") == "0":
        return "Allow user namespaces with `sudo sysctl user.max_user_namespaces=10000`."
    if _is_wsl1():
        return "WSL1 has no namespaces: change to WSL2 with `wsl --set-version <distribution> 2`."
    if _in_container():
        return (
            "This is a container that may not make namespaces: start it with `--security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined --security-opt systempaths=unconfined`, or grade outside of it."
        )
    return "Use a kernel with user, mount, PID and network namespaces, or grade as root in a virtual machine."


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return ""


def _is_wsl1() -> bool:
    release = _setting("kernel/osrelease")
    return "Microsoft" in release and "WSL2" not in release


def _in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists() or "container" in os.environ


SCRATCH = "/scratch"
LESSON = "/lesson"
_GRADER = Path(grader.__file__).resolve().parent
# What `grader.sandbox.inside.zygote` and its children import.
_KIT = ("__init__.py", "core", "reading", "sandbox/__init__.py", "sandbox/protocol", "sandbox/inside")
_SYSTEM = (
    *("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/local/lib"),
    *("/etc/ld.so.cache", "/etc/alternatives"),  # Debian's BLAS is found through links in the latter
    *("/nix/store", "/gnu/store"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node"),  # torch asks how many cores there are
)
_GPU_FILES = (
    "/sys/bus/pci",
    "/sys/devices",
    "/sys/module",
    "/run/opengl-driver",
    "/usr/local/nvidia",
    "/usr/local/cuda",
)
_GPU_DEVICES = ("nvidia*", "dxg", "kfd", "dri")  # in /dev
# Those that the zygote keeps as root, with their numbers (linux/capability.h).
_CAPABILITIES = {"CAP_SETUID": 7, "CAP_SETGID": 6, "CAP_KILL": 5, "CAP_CHOWN": 0}
# A command that stays inside, and sends the namespaces that it is in through a socket, so that others can enter them:
# the namespaces' descriptors, that of users last. The socket's descriptor follows. It ends when nobody holds the other
# end any more: who is killed before it could ask that what is inside be killed with it, leaves this one behind.
_STAY = """\
import _socket, array, os, sys
inside = _socket.socket(fileno=int(sys.argv[1]))
names = ("mnt", "pid", "net", "ipc", "uts", "cgroup", "user")
spaces = array.array("i", [os.open(f"/proc/self/ns/{name}", os.O_RDONLY) for name in names])
inside.sendmsg([b"+"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, spaces)])
for each in spaces:
    os.close(each)
inside.recv(1)
"""
STAY = (sys.executable, "-I", "-S", "-B", "-c", _STAY)
_TRY = """\
import importlib.util, os
assert importlib.util.find_spec("torch") and importlib.util.find_spec("numpy"), "torch is not to be found inside"
assert os.getpid() < 10, "other processes can be seen inside"
with open("/proc/net/dev") as net:
    assert [line.split(":")[0].strip() for line in net][2:] in ([], ["lo"]), "there is a network inside"
try:
    os.mkdir("/made-inside")
except OSError:
    pass
else:
    raise AssertionError("more than the scratch space can be written to")
os.mkdir("made-inside")
print("inside")
"""
_SECONDS = 60


def wrap(
    scratch_bytes: int, *, cuda: bool = False, hide: Iterable[Path] = (), show: Mapping[str, str] | None = None
) -> list[str]:
    """What a command line starts with so that the command runs inside, its working folder an empty `SCRATCH`.

    `hide` names folders and files that must not be seen even where they lie in a folder that is needed, such as a
    course below the interpreter's own folder; what doesn't exist yet can't be hidden. `show` are folders that can be
    read all the same, and where they are seen inside. Descriptors that are passed on
    stay open, and the environment is passed on.
    `cuda` adds the GPU. Raises `FileNotFoundError` when bubblewrap isn't installed.
    """
    program = _program()
    devices = [each for device in gpu_devices() if cuda for each in ("--dev-bind", device, device)]
    size = ["--size", str(scratch_bytes)] if _knows(program, "--size") else []  # without: half of the memory
    return [
        program,
        *_separation(program),
        *_mounts([*_needed(), *_gpu_files(cuda)], [_GRADER, *hide]),
        *("--proc", "/proc", *_read_only("/proc/sys"), *_read_only("/proc/sysrq-trigger")),
        *("--dev", "/dev", *devices),
        *(each for folder, inside in (show or {}).items() for each in ("--ro-bind", folder, inside)),
        *(*size, "--tmpfs", SCRATCH),
        *("--remount-ro", "/", "--remount-ro", "/dev", "--chdir", SCRATCH, "--"),
    ]


def kept_capabilities() -> list[int]:
    """The numbers of those that a command inside has."""
    return list(_CAPABILITIES.values()) if os.geteuid() == 0 else []


def unavailable_reason(*, cuda: bool = False) -> str:
    """Why bubblewrap can't be used, and what to do; empty when it can. Tried in a process that is thrown away."""
    try:
        command = [*wrap(1 << 20, cuda=cuda), sys.executable, "-I", "-B", "-c", _TRY]
    except FileNotFoundError:
        return "bubblewrap is not installed. Install the package `bubblewrap`."
    try:
        tried = subprocess.run(command, env={}, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap could not be tried: {error}. Can `bwrap --version` be run?"
    if tried.stdout == "inside\n":
        return ""
    last = (tried.stderr.strip().splitlines() or ["it ended without a message"])[-1]
    return f"bubblewrap does not work here ({last.removeprefix('bwrap: ').rstrip('.')}). {what_to_do()}"


def gpu_devices() -> list[str]:
    """The files in /dev through which this machine's GPUs are used: NVIDIA's, WSL2's, AMD's."""
    return [str(device) for pattern in _GPU_DEVICES for device in sorted(Path("/dev").glob(pattern))]


def _program() -> str:
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bubblewrap is not installed")
    return program


@functools.cache
def _knows(program: str, option: str) -> bool:
    """Options came with versions: --size with 0.7, --disable-userns with 0.8."""
    done = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    return option in (done.stdout + done.stderr)


def _separation(program: str) -> Iterator[str]:
    yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
    yield from ("--die-with-parent", "--new-session", "--hostname", "sandbox", "--cap-drop", "ALL")
    if os.geteuid() == 0:
        for capability in _CAPABILITIES:
            yield from ("--cap-add", capability)
    else:
        yield "--unshare-user"
        if _knows(program, "--disable-userns"):
            yield "--disable-userns"


def _needed() -> Iterator[Path]:
    """All that the interpreter reads. Not its whole prefix: a virtual environment may have been made in the course."""
    yield from map(Path, _SYSTEM)
    yield Path(sys.executable)
    yield Path(sys.prefix, "pyvenv.cfg")
    for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
        # `/usr` itself has what it needs in the system's folders.
        yield from (Path(prefix, folder) for folder in ("lib", sys.platlibdir))
    yield from (Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from map(Path, site.getsitepackages())
    for package in ("torch", "numpy"):  # in case they are being worked on, outside of the interpreter's folders
        if (spec := find_spec(package)) and spec.origin:
            yield Path(spec.origin).parent
    yield from (_GRADER / name for name in _KIT)


def _gpu_files(cuda: bool) -> Iterator[Path]:
    if cuda:
        yield from map(Path, _GPU_FILES)
        named = map(Path, os.environ.get("LD_LIBRARY_PATH", "").split(":"))
        yield from (folder for folder in named if folder.is_absolute() and any(folder.glob("lib*.so*")))


def _read_only(path: str) -> list[str]:
    """The whole machine's settings: a new /proc shows them, and bubblewrap 0.8 leaves them writable to root."""
    return ["--ro-bind", path, path] if os.geteuid() == 0 and Path(path).exists() else []


def _mounts(needed: Iterable[Path], hidden: Iterable[Path]) -> Iterator[str]:
    """Options that bind-mount `needed`, and mask any `hidden` path that is not itself in `needed`.

    What lies further up comes first. A hidden folder becomes an empty one, and what is needed from it is put back.
    """
    links: dict[Path, str] = {}
    wanted = {_follow(path.absolute(), links) for path in needed if path.exists()}
    unwanted = {path.resolve() for path in hidden if path.exists()} - wanted
    shown: dict[Path, bool] = {}  # what was decided so far; it holds for all below
    made = {Path("/")}
    for path in sorted(wanted | unwanted | set(links), key=lambda path: (len(path.parts), path)):
        is_shown = next((shown[each] for each in path.parents if each in shown), False)
        if path in unwanted and is_shown:
            shown[path] = False
            yield from ("--tmpfs", str(path)) if path.is_dir() else ("--ro-bind", "/dev/null", str(path))
        elif path not in unwanted and not is_shown:
            yield from _folders(path.parent, made)
            shown[path] = path in wanted
            yield from ("--ro-bind", str(path), str(path)) if path in wanted else ("--symlink", links[path], str(path))
    for path, is_shown in shown.items():
        if not is_shown and path not in links and path.is_dir():
            yield from ("--remount-ro", str(path))


def _follow(path: Path, links: dict[Path, str]) -> Path:
    """Where a path leads, noting every symbolic link on the way, so that the same way exists inside."""
    there = Path(path.anchor)
    parts = list(path.parts[1:])
    while parts:
        part = parts.pop(0)
        if part == "..":
            there = there.parent
            continue
        there = there / part
        if there.is_symlink():
            target = str(there.readlink())
            links[there] = target
            parts = [*Path(target).parts, *parts]
            if parts[0] == "/":
                there, parts = Path("/"), parts[1:]
            else:
                there = there.parent
    return there


def _folders(path: Path, made: set[Path]) -> Iterator[str]:
    """Made one by one, or bubblewrap would let nobody but root into those above."""
    for each in reversed([path, *path.parents]):
        if each not in made:
            made.add(each)
            yield from ("--dir", str(each))
