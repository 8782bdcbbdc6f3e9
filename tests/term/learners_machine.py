"""A learner's own machine: the released archive, unpacked, and an environment with its requirements and nothing of ours."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from packaging.requirements import Requirement

from tests.conftest import ROOT, Run
from tests.environments import make_environment

_LONG = 600


@dataclass(frozen=True)
class Machine:
    """The unpacked archive, and its virtual environment."""

    folder: Path
    venv: Path

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def environment(self) -> dict[str, str]:
        """What an activated environment has, without anything of the process that runs the tests."""
        ours = ("PYTHON", "PYTEST", "VIRTUAL_ENV", "JUPYTER", "IPYTHON")
        keep = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        path = os.pathsep.join([str(self.venv / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
        return {**keep, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"}

    def run(self, *command: str, cwd: Path | None = None, code: int | None = 0) -> Run:
        """Run a command as it is typed there."""
        tool = str(self.venv / "bin" / command[0])
        done = subprocess.run(
            [tool, *command[1:]], cwd=cwd or self.folder, env=self.environment, capture_output=True, text=True,
            timeout=_LONG, check=False,
        )  # fmt: skip
        assert code is None or done.returncode == code, f"{command}\n{done.stdout}{done.stderr}"
        return Run(done.returncode, done.stdout, done.stderr, Path())

    def kernels(self) -> Path:
        """A folder for JUPYTER_PATH, with a kernel `learner` that is this environment's."""
        place = self.venv.parent / "jupyter" / "kernels" / "learner"
        place.mkdir(parents=True, exist_ok=True)
        argv = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "A learner's", "language": "python"}
        (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        return place.parent.parent


def set_up(folder: Path, venv: Path, lock: FileLock) -> Machine:
    """What `START.md` says, in the unpacked archive, and ipykernel for the notebook; with the versions we test with.

    The packages that learners need lie there already: pip looks at each, and gets nothing from elsewhere.
    """
    asked = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = [Requirement(line).name for line in asked if not line.startswith("#")]
    make_environment(venv, (*needed, "ipykernel"), lock)
    machine = Machine(folder, venv)
    pinned = ["-c", str(ROOT / "constraints.txt")]
    machine.run("python", "-m", "pip", "install", "--no-index", "-r", "requirements.txt", "ipykernel", *pinned)
    return machine
