"""The part of the machine that a learner needs: what checks are written with, and the self-check."""

from __future__ import annotations

from pathlib import Path

import grader

# As `tests/test_layers.py` has it: these import torch, NumPy, pytest and the standard library only.
_PACKAGES = ("wire", "worker", "cells", "checks", "selfcheck")
_MODULES = ("__init__", "errors", "inert", "records", "words")


def learner_machine() -> dict[str, bytes]:
    """The files of `grader/` that learners need, by path: `grader/selfcheck/plugin.py`."""
    folder = Path(grader.__file__).parent
    paths = [folder / f"{module}.py" for module in _MODULES]
    for package in _PACKAGES:
        paths += [path for path in (folder / package).rglob("*") if path.suffix in (".py", ".css")]
    return {f"grader/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in sorted(paths)}
