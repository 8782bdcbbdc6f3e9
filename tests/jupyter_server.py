"""A real Jupyter server for a test: started at a port that it takes itself, and ended."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

LONG = 600.0


@contextmanager
def serving(module: str, *options: str, folder: Path, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Starts a Jupyter module in a folder. Gives the address at which it answers, as in "http://127.0.0.1:8888".

    The server takes a port itself (0): one that is found free here can be another process' by the time it starts.
    """
    here = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    with log.open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", module, *here, *options], cwd=folder, env=environment, stdout=said, stderr=said
        )
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline and server.poll() is None:
        said = re.search(r"http://127\.0\.0\.1:[0-9]+(?=/)", log.read_text())
        if said and _answers(said[0]):
            return said[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _answers(address: str) -> bool:
    with suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/api", timeout=LONG):
        return True
    return False
