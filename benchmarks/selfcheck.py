"""The learner's own `pytest exercises`, against a bare `import torch`, each in a new process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.subject import ASSIGNMENT, ROOT
from benchmarks.submissions import modules

IMPORT_TORCH = "python -c 'import torch'"
STUBS = "pytest exercises, all stubs"
SOLVED = "pytest exercises, all solved"
PASSED, SOME_FAILED = 0, 1
_NOT_RELEASED = ("solutions", "benchmarks", "tests", "docs", "results", "build", "dist", "sample_class")
_NOT_KEPT = (".git", ".venv", ".ci", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info")


class SelfCheck:
    """Two copies of the course in a temporary folder, as a learner has it: with stubs, and with all of them solved."""

    def __init__(self) -> None:
        self._work = tempfile.TemporaryDirectory(prefix="benchmark-")
        bin = Path(sys.executable).parent
        self._commands: dict[str, tuple[list[str], Path]] = {}
        self.statuses: dict[str, int] = {}
        self.last_lines: dict[str, str] = {}
        for label, solved in ((STUBS, False), (SOLVED, True)):
            course = Path(self._work.name, "solved" if solved else "stubs")
            shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(*_NOT_RELEASED, *_NOT_KEPT))
            if solved:
                for module, text in modules("a learner").items():
                    (course / "exercises" / ASSIGNMENT / f"{module}.py").write_text(text, "utf-8")
            self._commands[label] = ([str(bin / "pytest"), "exercises"], course)
        self._commands[IMPORT_TORCH] = ([sys.executable, "-c", "import torch"], Path(self._work.name))

    def once(self) -> dict[str, float]:
        """Seconds for each of the three commands, run once in this order."""
        return {label: self._seconds(label) for label in (IMPORT_TORCH, STUBS, SOLVED)}

    def close(self) -> None:
        """Clear away the copies."""
        self._work.cleanup()

    def _seconds(self, label: str) -> float:
        command, folder = self._commands[label]
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "OMP_"))}
        started = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
        self.statuses[label] = done.returncode
        self.last_lines[label] = ((done.stdout + done.stderr).strip().splitlines() or [""])[-1]
        return seconds
