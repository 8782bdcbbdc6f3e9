"""Persons who run the grader: root, and an ordinary user. Each layer must hold for both, or say why it can't."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_ORDINARY = "54321"
# In a mount namespace of its own, folders above the interpreter that only root may enter (such as root's home) become
# empty folders that everybody may enter, with the interpreter put back.
_REACH = """
set -e
mount --bind "$2" "$1"
mount -t tmpfs -o mode=755 none "$3"
mkdir -p "$2"
mount --bind "$1" "$2"
shift 3
exec "$@"
"""


def _closed_above(path: Path) -> Path | None:
    return next((each for each in reversed(path.parents) if not each.stat().st_mode & 0o001), None)


@pytest.fixture(params=["root", "an ordinary user"])
def person(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """What a command line starts with so that this person runs it."""
    if request.param == "root":
        if os.geteuid() != 0:
            pytest.skip("only root can be root")
        return []
    if os.geteuid() != 0:
        return []
    missing = [each for each in ("unshare", "setpriv", "mount") if shutil.which(each) is None]
    if missing:
        pytest.skip(f"root needs {', '.join(missing)} to act as an ordinary user")
    change = ["setpriv", "--reuid", _ORDINARY, "--regid", _ORDINARY, "--clear-groups"]
    interpreter = Path(sys.base_prefix).resolve()
    closed = _closed_above(interpreter)
    if closed is None:
        return change
    prefix = ["unshare", "--mount", "sh", "-c", _REACH, "sh", str(tmp_path), str(interpreter), str(closed), *change]
    if subprocess.run([*prefix, sys.executable, "-c", ""], check=False, capture_output=True, timeout=600).returncode:
        pytest.skip("no other user can reach this interpreter, and mounts can't be changed here")
    return prefix


@pytest.fixture
def is_root(person: list[str]) -> bool:
    """Is the person root?"""
    return os.geteuid() == 0 and not person


@pytest.fixture
def as_person(person: list[str]) -> Callable[..., str]:
    """Run Python code of the kit as this person, and give what it printed."""

    def run(code: str, *arguments: object, python: str = sys.executable) -> str:
        start = "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        command = [*person, python, "-B", "-c", start + code, str(ROOT), *map(str, arguments)]
        # Where torch has been at work in this process, it has noted a folder that other people and places don't have.
        env = {name: value for name, value in os.environ.items() if not name.startswith("TORCHINDUCTOR_")}
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, cwd="/", env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
