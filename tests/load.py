"""Other work beside what is tested, so that nothing rests on a machine that has nothing else to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    for _ in range(1_000_000): pass"


@contextmanager
def busy(processes: int, processor: int | None = None) -> Iterator[None]:
    """So many processes that compute, all of them on one processor if it is named."""
    command = [sys.executable, "-S", "-c", _BUSY]
    # Each in a session of its own: a kernel that shares the processors out among sessions gives each as much.
    started = [subprocess.Popen(command, start_new_session=True) for _ in range(processes)]
    try:
        for each in started:
            if processor is not None:
                os.sched_setaffinity(each.pid, {processor})
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def a_processor() -> int:
    """One that this process may use."""
    return min(os.sched_getaffinity(0))
