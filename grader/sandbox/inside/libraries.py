"""The libraries that submissions import, loaded once before forking.

Which ones is decided by what learners wrote, so each is tried first in a process that is shut in as a learner's is and
thrown away. Only installed libraries are loaded, never a module of Python's own, of ours, or of a course.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from grader.sandbox.inside import home, landlock


def freeze_objects() -> None:
    """What was made so far stays: the collector leaves it alone, and forked children share its pages."""
    gc.collect()
    gc.freeze()


SECONDS = 60.0  # of wall time, for one library: a machine may be busy
# Why a library is not loaded before forking.
MISSING, SLOW, ENDS, THREADS = "missing", "slow", "ends", "threads"


def load(name: str, folder: Path, user: int, shut_in: Callable[[str, int], None]) -> str:
    """Import a module of a library in this process, if that can be done; why not, otherwise.

    `folder` is a scratch folder, `user` the user that it belongs to; `shut_in(folder, descriptor)` confines a process
    but for this descriptor. Raises `OSError`, and `RuntimeError` when this process is of no more use.
    """
    if name in sys.modules:
        return ""
    if not _may_be_loaded(name):
        return MISSING
    home.make(folder, user)
    try:
        why = _tried(name, str(folder), shut_in)
        if not why:
            with _at_home(f"{folder}/.home", user):
                importlib.import_module(name)
            if _threads("self") > 1:
                raise RuntimeError(f"{name} left a thread behind")
            freeze_objects()
    finally:
        home.remove(folder, user)
    return why


def _may_be_loaded(name: str) -> bool:
    """Whether a module is one of an installed library."""
    root, *parts = name.split(".")
    if root in sys.stdlib_module_names or root == "grader" or any(part.startswith("_") for part in (root, *parts)):
        return False
    try:
        spec = find_spec(root)
        there = spec is not None and (not parts or root not in sys.modules or find_spec(name) is not None)
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None or not there:
        return False
    origin = spec.origin or next(iter(spec.submodule_search_locations or ()), "")
    place = Path(origin).resolve()
    return any(place.is_relative_to(each) for each in landlock.interpreter_places())


def _tried(name: str, folder: str, shut_in: Callable[[str, int], None]) -> str:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _try(name, folder, writing, shut_in)
    os.close(writing)
    try:
        ready, _, _ = select.select([reading], [], [], SECONDS)
        if not ready:
            return SLOW
        said = os.read(reading, 1)
        if said == b"":
            return ENDS
        if said == b"-":
            return MISSING
        return THREADS if _threads(str(pid)) > 1 else ""
    finally:
        os.close(reading)
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _try(name: str, folder: str, writing: int, shut_in: Callable[[str, int], None]) -> NoReturn:
    try:
        shut_in(folder, writing)
        try:
            importlib.import_module(name)
            said = b"+"
        except Exception:
            said = b"-"
        os.write(writing, said)
        time.sleep(2 * SECONDS)
    finally:
        os._exit(1)


@contextlib.contextmanager
def _at_home(home: str, user: int) -> Iterator[None]:
    """Have the home of the process in which a library was tried: it holds what the library made for itself, such as
    matplotlib's list of fonts, and only `user` can read it. What a library says is not heard."""
    before = dict(os.environ)
    os.environ.update(HOME=home, MPLBACKEND="Agg")
    if user:
        os.setresuid(user, user, 0)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        if user:
            os.setresuid(0, 0, 0)
        os.environ.clear()
        os.environ.update(before)


def _threads(process: str) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/task").iterdir())
