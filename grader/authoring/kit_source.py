"""Where a course takes the kit from: the line in its `requirements.txt`."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement

import grader
from grader import __version__
from grader.core.errors import PROJECT, ReleaseError

EXTRA = "grade"
_HERE = Path(grader.__file__).resolve().parent.parent  # what holds the kit: a checkout, or the installed packages


@dataclass(frozen=True)
class KitSource:
    """The requirement, as pip reads it; and what to tell whoever begins the course about it, if there is anything."""

    requirement: str
    remark: str = ""


def kit_source(where: str | None, folder: Path) -> KitSource:
    """Where the course in `folder` takes the kit from.

    `where` is a path from `folder` to a wheel or a checkout, an address (`https://…`, `git+ssh://…`), versions
    (`==0.2`) or a whole requirement; without it, what runs this is taken from where it was installed from. Raises
    ReleaseError.
    """
    if where is None:
        return _installed_from()
    where = where.strip()
    if re.match(r"[a-z0-9+.-]+://", where):
        return _at(where)
    try:
        versions = Requirement(f"{PROJECT}[{EXTRA}]{where}" if re.match(r"[<>=!~]", where) else where)
    except InvalidRequirement:
        pass
    else:
        if versions.name == PROJECT:
            return KitSource(str(versions))
    path = folder / where
    if not (path.is_dir() and (path / "pyproject.toml").is_file()) and not path.is_file():
        raise ReleaseError(
            f'There is no kit at "{where}": expected the path of its wheel or checkout, an address, or versions such '
            f'as "=={__version__}".'
        )
    return KitSource(f"{where if re.match(r'[./]', where) else f'./{where}'}[{EXTRA}]")


def _installed_from() -> KitSource:
    """Where what runs this is from: the checkout that it lies in, or what pip noted of it when it was installed."""
    if _is_checkout(_HERE):
        return _on_this_machine(_HERE.as_uri())
    try:
        noted = metadata.distribution(PROJECT).read_text("direct_url.json")
        origin: dict[str, Any] = json.loads(noted) if noted else {}
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    if not origin:  # from an index, by its name
        return KitSource(f"{PROJECT}[{EXTRA}]=={__version__}")
    address = str(origin.get("url", ""))
    version = origin.get("vcs_info")
    if version and not address.startswith("file:"):
        address = f"{version['vcs']}+{address}@{version['commit_id']}"
    if part := origin.get("subdirectory"):
        address = f"{address}#subdirectory={part}"
    if not address.startswith("file:"):
        return _at(address)
    if version and not _is_checkout(_path_of(address)):
        # pip refuses `NAME @ git+file:///…`, and a repository without a work tree is no folder to install from.
        return KitSource(
            f"{PROJECT}[{EXTRA}]=={__version__}",
            f"The kit was installed from the repository {_path_of(address)}, and requirements.txt can't name that. "
            "Before make setup, put in its place where the kit can be found: an address, or the path of a wheel or a "
            "checkout.",
        )
    return _on_this_machine(address)


def _is_checkout(folder: Path) -> bool:
    try:
        return bool(
            tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"] == PROJECT
        )
    except (OSError, ValueError, KeyError):
        return False


def _path_of(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def _on_this_machine(address: str) -> KitSource:
    """Others don't have that place, and here it may be gone by now."""
    path = _path_of(address)
    taken = f"requirements.txt takes the kit from where it was installed from, {path}"
    if path.exists():
        remark = (
            f"{taken}, and nobody else has that. Before others or CI use the course, put something in its place that "
            "they can reach: an address, or the path of a wheel within the course."
        )
    else:
        remark = (
            f"{taken}, and that is gone. Before make setup, put in its place where the kit is now: an address, or the "
            "path of a wheel or a checkout."
        )
    return KitSource(_at(address).requirement, remark)


def _at(address: str) -> KitSource:
    return KitSource(f"{PROJECT}[{EXTRA}] @ {address}")
