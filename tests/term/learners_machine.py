"""A learner's own machine: the released archive, unpacked, and an environment with its requirements and nothing of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, Run

_OURS = ("grader", "autograded_course_kit", "__editable__", "_virtualenv", "distutils-precedence")
_LONG = 600


@dataclass(frozen=True)
class Machine:
    """The unpacked archive, and its virtual environment. `borrowed`: why its packages are ours, or empty."""

    folder: Path
    venv: Path
    borrowed: str

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


def set_up(folder: Path, venv: Path) -> Machine:
    """What `START.md` says, in the unpacked archive, and ipykernel for the notebook; with the versions we test with.

    torch is installed only from this machine's disk: elsewhere it may be gigabytes. Without it, or without pip's other
    packages, the environment borrows those of the process that runs the tests, but for the kit.
    """
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, timeout=_LONG)
    machine = Machine(folder, venv, "")
    pinned = ["-c", str(ROOT / "constraints.txt")]
    asked = machine.run(
        "python", "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--report", "-", "torch", *pinned, code=None
    )  # fmt: skip
    if asked.code or not json.loads(asked.stdout)["install"][0]["download_info"]["url"].startswith("file:"):
        return _borrowing(machine, "torch would have to be downloaded")
    # Bytecode is made of what is imported, and not of all of torch.
    installed = machine.run(
        "python", "-m", "pip", "install", "--quiet", "--no-compile", "-r", "requirements.txt", "ipykernel", *pinned,
        code=None,
    )  # fmt: skip
    if installed.code:
        return _borrowing(machine, f"pip could not install: {installed.stderr.strip().splitlines()[-1]}")
    return machine


def _borrowing(machine: Machine, why: str) -> Machine:
    place = machine.venv.parent / "borrowed"
    place.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(_OURS) and path.suffix != ".pth":
            (place / path.name).symlink_to(path)
    (site,) = machine.venv.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(f"{place}\n", encoding="utf-8")
    script = machine.venv / "bin" / "pytest"
    script.write_text(f"#!{machine.python}\nimport sys\n\nimport pytest\n\nsys.exit(pytest.main())\n")
    script.chmod(0o755)
    return Machine(machine.folder, machine.venv, why)
