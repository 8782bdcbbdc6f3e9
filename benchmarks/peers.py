"""The environment in which the peers are installed: made when it is missing, or when `peers.txt` has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / ".peers"
PINNED = HERE / "peers.txt"
_READY = FOLDER / "ready"


class PeerMissing(Exception):
    """A peer can't be measured here, for this reason."""


def tool(name: str) -> str:
    """The path of a peer's command. Raises `PeerMissing`."""
    path = FOLDER / "bin" / name
    if not path.exists():
        raise PeerMissing(f"{name} is not installed")
    return str(path)


def make() -> None:
    """Install the peers, unless they are installed already. Raises `PeerMissing` when that fails."""
    digest = hashlib.sha256(PINNED.read_bytes()).hexdigest()
    if _READY.exists() and _READY.read_text() == digest:
        return
    print("Installing the peers in benchmarks/.peers, which is done once and takes a while ...", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)])
    _run([tool("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(PINNED)])
    _READY.write_text(digest)


def one_thread() -> dict[str, str]:
    """This process's variables, without any that steer Python or pytest, and with one thread for torch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    return {**kept, "OMP_NUM_THREADS": "1"}


def environment(work: Path, **more: str) -> dict[str, str]:
    """Variables for a peer's command: its own programs first, one thread, the kit importable, nothing left at home."""
    folders = {name: str(work / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    return {
        **one_thread(),
        **folders,
        "JUPYTER_CONFIG_DIR": str(work / "jupyter_config"),
        "PATH": f"{FOLDER / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(HERE.parent),
        **more,
    }


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise PeerMissing(f"the peers can't be installed: {last[:200]}")
