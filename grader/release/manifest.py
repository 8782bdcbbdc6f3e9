"""Which stubs were generated: a SHA-256 for each, in `.stubs.json` beside them.

It tells an older generated version, which may be replaced, from somebody's work, which may not.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from grader.release.files import read_if_there, replace_file

FILE_NAME = ".stubs.json"


def digest(data: bytes) -> str:
    """The SHA-256 of a text file, whichever line ends a checkout gave it."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def read_manifest(folder: Path) -> dict[str, str] | None:
    """File name -> digest of what was generated there last; None when there is no manifest or it is damaged."""
    data = read_if_there(folder / FILE_NAME)
    try:
        manifest = json.loads(data or b"")
    except ValueError:
        return None
    if isinstance(manifest, dict) and all(isinstance(value, str) for value in manifest.values()):
        return manifest
    return None


def write_manifest(folder: Path, manifest: dict[str, str]) -> None:
    """Write the manifest, unless it says that already. Raises ReleaseError when it can't be written."""
    if manifest != read_manifest(folder):
        replace_file(folder / FILE_NAME, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())
