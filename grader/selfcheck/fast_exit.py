"""Leaving without taking the interpreter apart, which costs as much as `import torch` itself.

Only where nobody else has a stake in this process: pytest is the program, and no debugger, tracer, profiler or
coverage measurement watches.
"""

from __future__ import annotations

import os
import sys
from types import FrameType
from typing import NoReturn

# What pytest ends with when it came to the end of what it was to do: its `OK`, `TESTS_FAILED`, `NO_TESTS_COLLECTED`.
ORDINARY_ENDS = (0, 1, 5)
_TOOLS = ("coverage", "pydevd", "debugpy", "line_profiler", "memory_profiler")


def may_leave_at_once() -> bool:
    """Whether this process can end here and now."""
    if sys.gettrace() or sys.getprofile() or sys.flags.inspect or os.environ.get("PYTHONINSPECT"):
        return False
    monitoring = getattr(sys, "monitoring", None)
    if monitoring and any(monitoring.get_tool(number) for number in range(6)):
        return False
    return not any(tool in sys.modules for tool in _TOOLS) and _is_program()


def leave(status: int) -> NoReturn:
    """End the process with this exit status; what was printed arrives."""
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(status)


def _is_program() -> bool:
    """Whether pytest's command line was started by Python itself, as `pytest` or `python -m pytest`."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and not _is_command_line(frame):
        frame = frame.f_back
    if frame is None or frame.f_back is None:
        return False
    main = frame.f_back
    if main.f_code.co_name != "<module>" or main.f_globals.get("__name__") != "__main__":
        return False
    outer = main.f_back
    while outer is not None:
        if outer.f_globals.get("__name__") != "runpy":
            return False
        outer = outer.f_back
    return True


def _is_command_line(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == "_pytest.config" and frame.f_code.co_name.strip("_") == "console_main"
