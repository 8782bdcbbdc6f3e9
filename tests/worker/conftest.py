"""Try things in a process that has shut itself in: forked, as a learner's is, from one that started afresh."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_PROGRAM = """
import ctypes, errno, json, os, sys
task = json.load(sys.stdin)
sys.path.insert(0, task["root"])
from grader.sandbox.inside import landlock, seccomp

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(number, *arguments):
    result = libc.syscall(ctypes.c_long(number), *(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result == -1:
        raise OSError(ctypes.get_errno(), "call")
    return result

def what_came_of(attempt):
    try:
        exec(attempt, {**globals()})
    except OSError as error:
        return errno.errorcode[error.errno]
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "done"

def children(attempts, lock):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        libc.prctl(38, 1, 0, 0, 0)
        try:
            exec(lock, globals())
            for name, attempt in attempts.items():
                answer = json.dumps([name, what_came_of(attempt)])
                os.write(writing, answer.encode() + b"\\n")
        except BaseException as error:
            os.write(writing, json.dumps(["", repr(error)]).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as answers:
        results = dict(map(json.loads, answers))
    results["status"] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return results

exec(task["before"])
print(json.dumps(children(task["attempts"], task["lock"])))
"""


@dataclass(frozen=True)
class Tried:
    """What came of each attempt ("done", an errno's name, or an exception), and how the process ended."""

    results: dict[str, str]
    status: int


@pytest.fixture
def shut_in(tmp_path: Path) -> Callable[..., Tried]:
    """`shut_in(lock, attempts, before)`: run `before`, fork, run `lock` in the child, then each attempt."""

    def run(lock: str, attempts: Mapping[str, str], before: str = "", seconds: float = 600) -> Tried:
        task = {"root": str(ROOT), "before": before, "lock": lock, "attempts": attempts}
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _PROGRAM],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            cwd=tmp_path,
            env={"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
        )
        assert done.returncode == 0, done.stderr
        results = json.loads(done.stdout.splitlines()[-1])
        assert "" not in results, f"it could not be shut in: {results['']}"
        return Tried(results, results.pop("status"))

    return run
