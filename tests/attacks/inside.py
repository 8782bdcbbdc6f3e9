"""The first process of a process namespace: runs a command beside a bystander, and tells what it left behind.

`python inside.py TASK REPORT`: files of JSON. Whoever is killed in here, nobody outside is.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path


def main(task_file: str, report_file: str) -> None:
    """Run the task's command, and write the report."""
    task = json.loads(Path(task_file).read_text())
    # Two signals that would end it tell that something reached it.
    bystander = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(3600)"])
    time.sleep(0.1)
    before, seen = _state(task["mark"]), _of(bystander.pid)
    started, used = time.monotonic(), _processor_time()
    with open(task["stdout"], "wb") as out, open(task["stderr"], "wb") as err:
        grading = subprocess.Popen(task["command"], env={**os.environ, **task["environment"]}, stdout=out, stderr=err)
        try:
            code = grading.wait(task["seconds"])
        except subprocess.TimeoutExpired:
            grading.kill()
            code = -1
    seconds, ended = time.monotonic() - started, time.time()
    for _ in range(200):  # what has been told to end may take a while to do so on a busy machine
        time.sleep(0.3)
        _reap(bystander.pid)
        if not _processes(bystander.pid):
            break
    report = {
        "code": code,
        "seconds": seconds,
        "cpu": _processor_time() - used,
        "ended": ended,
        "left": _differences(before, _state(task["mark"])),
        "processes": _processes(bystander.pid),
        "bystander": [seen, _of(bystander.pid)],
    }
    Path(report_file).write_text(json.dumps(report))
    bystander.kill()


def _processor_time() -> float:
    """What all that ended below this process has computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _of(pid: int) -> dict[str, object]:
    """All of a process that another could change."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        limits = {name: resource.prlimit(pid, getattr(resource, name)) for name in ("RLIMIT_NOFILE", "RLIMIT_CORE")}
        return {
            "state": "alive" if state in "SRD" else state,
            "priority": os.getpriority(os.PRIO_PROCESS, pid),
            "cores": sorted(os.sched_getaffinity(pid)),
            "scheduler": os.sched_getscheduler(pid),
            "limits": limits,
            "oom": Path(f"/proc/{pid}/oom_score_adj").read_text(),
        }
    except OSError as error:
        return {"state": f"gone: {error}"}


def _processes(bystander: int) -> list[str]:
    """Processes that should not be there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        if int(folder.name) in (os.getpid(), bystander):
            continue
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found.append(f"{folder.name}: {command[:200] or (folder / 'comm').read_text()}")
    return found


def _reap(bystander: int) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            pid = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if pid is None or pid.si_pid == bystander:
                return
            os.waitpid(pid.si_pid, 0)


def _state(mark: str) -> dict[str, list[str]]:
    """What processes can leave in the kernel, and in folders that everybody shares."""
    shared = {
        folder: sorted(name for name in _names(folder) if mark in name)
        for folder in (
            "/",
            "/tmp",
            "/var/tmp",
            "/dev/shm",
            "/dev/mqueue",
            "/run",
            "/dev",
            sys.prefix,
            str(Path.home()),
            str(Path.cwd()),
        )
    }
    ipc = {name: _lines(f"/proc/sysvipc/{name}")[1:] for name in ("shm", "sem", "msg")}
    marked = {path: [line for line in _lines(path) if mark in line] for path in ("/proc/keys", "/proc/net/unix")}
    marked["/proc/net/unix"] = [line for line in marked["/proc/net/unix"] if not line.endswith(f"@{mark}")]
    settings = [f"{path}: {_lines(path)}" for path in _SETTINGS]
    mounts = [re.sub(r"^\d+ \d+ ", "", line) for line in _lines("/proc/self/mountinfo")]
    return {**shared, **ipc, **marked, "settings": settings, "mounts": sorted(mounts), "queues": _queues(mark)}


_SETTINGS = ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory")


def _queues(mark: str) -> list[str]:
    library = ctypes.CDLL(None, use_errno=True)
    return [mark] if library.mq_open(f"/{mark}".encode(), os.O_RDONLY) >= 0 else []


def _names(folder: str) -> list[str]:
    try:
        return [each.name for each in Path(folder).iterdir()]
    except OSError:
        return []


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []


def _differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[list[str]]]:
    return {
        name: [[each for each in old if each not in after[name]], [each for each in after[name] if each not in old]]
        for name, old in before.items()
        if old != after[name]
    }


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main(*sys.argv[1:])
