"""What is known of the kit itself: the packages that a learner needs, and its licence.

They are read where the kit lies, as a checkout or as an installed package.
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import grader
from grader.errors import ReleaseError

PROJECT = "autograded-course-kit"
_HOME = Path(grader.__file__).resolve().parent.parent


def learner_requirements() -> list[str]:
    """What a learner's part of the kit needs, with its bounds: `numpy>=1.26`. Sorted. Raises ReleaseError."""
    try:
        project = tomllib.loads((_HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        if project["name"] == PROJECT:
            return sorted(project["dependencies"])
    except (OSError, ValueError, KeyError):
        pass
    try:
        lines = metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        raise ReleaseError(
            f"The kit's requirements can't be found: expected \"{_HOME / 'pyproject.toml'}\", or {PROJECT} installed."
        ) from None
    return sorted(line for line in lines if "extra ==" not in line)


def requirements_text() -> bytes:
    """A learner's `requirements.txt`. Raises ReleaseError."""
    lines = [
        "# What the exercises need: python -m pip install -r requirements.txt",
        *learner_requirements(),
        "# To work in the notebook with JupyterLab, besides: python -m pip install jupyterlab",
    ]
    return ("\n".join(lines) + "\n").encode()


def licence() -> bytes | None:
    """The kit's licence, which goes wherever its code goes; None when it can't be found."""
    try:
        return (_HOME / "LICENSE").read_bytes()
    except OSError:
        pass
    try:
        files = metadata.files(PROJECT) or []
    except metadata.PackageNotFoundError:
        return None
    return next((path.read_binary() for path in files if path.name == "LICENSE"), None)
