"""nbgrader's release of its source: what its own `generate_assignment` makes, in a folder for that alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import ReleaseError

_TIME = 600  # seconds for one assignment; it takes five
_TOLD = 5  # lines of what nbgrader said when it failed


def generated(course: Mapping[str, bytes], assignments: list[str]) -> dict[str, bytes]:
    """The files in `release/` of an nbgrader course, by path in the course; `course` has its configuration and source.

    The same input and the same nbgrader give the same bytes. Raises ReleaseError when nbgrader fails.
    """
    with tempfile.TemporaryDirectory(prefix="nbgrader-") as place:
        folder = Path(place) / "course"
        for file, data in course.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
        for assignment in assignments:
            _generate(folder, assignment)
        released = folder / "release"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(released.rglob("*"))
            if path.is_file()
        }


def _generate(folder: Path, assignment: str) -> None:
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    # Nobody's own configuration, and nbgrader's tools on the path.
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment = {
        **keep,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=_TIME, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ReleaseError(f"nbgrader generate_assignment {assignment}: no end after {_TIME} s.") from None
    if done.returncode or not (folder / "release" / assignment).is_dir():
        said = "\n".join(done.stdout.strip().splitlines()[-_TOLD:])
        raise ReleaseError(f"nbgrader generate_assignment {assignment} failed:\n{said}")
