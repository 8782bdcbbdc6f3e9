"""Is there a GPU that works? Tried in a process of its own, so that a driver that hangs or dies takes nothing along."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from grader.course.model import Device
from grader.errors import GradingError

_TRY = "import torch; print(torch.ones(2, 2, device='cuda').matmul(torch.ones(2, 2, device='cuda')).sum().item())"
_SECONDS = 120
_DEVICE_FILES = ("nvidia*", "dxg", "kfd", "dri")


def require_linux() -> None:
    """Raise `GradingError` where learners' processes can't be started and limited as grading needs it."""
    if not (sys.platform == "linux" and hasattr(os, "pidfd_open")):
        raise GradingError(
            "Batch grading needs Linux 5.4 or later: it starts and limits learners' processes in ways that other "
            "systems don't have. Use a Linux machine, a container, or WSL2 on Windows. The self-check runs everywhere."
        )


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> tuple[Device, str]:
    """The device to grade on, and a note for the instructor (empty when there is nothing to say).

    `cuda` raises `GradingError` when there is no GPU that works; `auto` falls back to the CPU and says why.
    """
    if wanted == "cpu":
        return "cpu", ""
    reason = why_no_gpu()
    if not reason:
        return "cuda", "Grading on the GPU."
    if wanted == "auto":
        return "cpu", f"Grading on the CPU: {reason}"
    raise GradingError(f"No GPU can be used: {reason} Grade on the CPU instead, with --device cpu.")


def gpu_devices() -> list[str]:
    """The device files through which GPUs are used on this machine."""
    return sorted(str(path) for pattern in _DEVICE_FILES for path in Path("/dev").glob(pattern))


def why_no_gpu() -> str:
    """Why no GPU can be used, in a sentence; empty when one works."""
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"the GPU did not answer within {_SECONDS} seconds."
    if tried.returncode == 0 and tried.stdout.strip() == "8.0":
        return ""
    last = tried.stderr.strip().splitlines()[-1:] or ["torch ended without a message"]
    return f"torch says: {last[0].removeprefix('AssertionError: ').removeprefix('RuntimeError: ').rstrip('.')}."
