"""The learner's own `pytest exercises`, against a bare `import torch`, each in a new process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.subject import ASSIGNMENT, ROOT, modules

IMPORT_TORCH, STUBS, SOLVED = "python -c 'import torch'", "pytest exercises, all stubs", "pytest exercises, all solved"
_NOT_RELEASED = ("solutions", "benchmarks", "tests", "docs", "results", "build", "dist", "sample_class")
_NOT_KEPT = (".git", ".venv", ".ci", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info")


class SelfCheck:
    """Two copies of the course in a temporary folder, as a learner has it: with stubs, and with all of them solved."""

    def __init__(self) -> None:
        self._work = tempfile.TemporaryDirectory(prefix="benchmark-")
        folder = Path(self._work.name)
        self._commands = {IMPORT_TORCH: ([sys.executable, "-c", "import torch"], folder)}
        self.ended: dict[str, str] = {}  # how each command ended the last time
        for label, solved in ((STUBS, {}), (SOLVED, modules("a learner"))):
            course = folder / ("solved" if solved else "stubs")
            shutil.copytree(ROOT, course, ignore=shutil.ignore_patterns(*_NOT_RELEASED, *_NOT_KEPT))
            for module, text in solved.items():
                (course / "exercises" / ASSIGNMENT / f"{module}.py").write_text(text, "utf-8")
            self._commands[label] = ([str(Path(sys.executable).parent / "pytest"), "exercises"], course)

    def once(self) -> dict[str, float]:
        """Seconds for each of the three commands, run once."""
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "OMP_"))}
        seconds = {}
        for label, (command, folder) in self._commands.items():
            started = time.perf_counter()
            done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
            seconds[label] = time.perf_counter() - started
            last = ((done.stdout + done.stderr).strip().splitlines() or [""])[-1]
            self.ended[label] = f"exit status {done.returncode}: {last}"
        return seconds

    def close(self) -> None:
        """Clear away the copies."""
        self._work.cleanup()
