"""What our grader needs where it grades elsewhere: the installed versions, and theirs of all that these need."""

from __future__ import annotations

from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

GRADING = ("jinja2", "numpy", "pydantic", "pytest", "rich", "torch")
SELF_CHECK = ("numpy", "pytest", "torch")
# Where it will be installed, whatever this is.
_THERE = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}


def pinned(names: tuple[str, ...]) -> dict[str, str]:
    """Version by name, for these packages alone. A build's own label (`+cpu`) is no part of it."""
    return {name: metadata.version(name).partition("+")[0] for name in names}


def all_pinned(names: tuple[str, ...]) -> dict[str, str]:
    """The same with everything that they need on Linux, as far as it is installed here, sorted by name."""
    found: dict[str, str] = {}
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # needed there and not here: pip finds it by itself
            continue
        found[name] = package.version.partition("+")[0]
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate(_THERE):
                waiting.append(canonicalize_name(needed.name))
    return dict(sorted(found.items()))


def requirements_text(pins: dict[str, str], index: str = "") -> str:
    """A requirements file; `index` is one more place to look for packages, such as one with builds for the CPU."""
    lines = [f"--extra-index-url {index}"] if index else []
    return "\n".join([*lines, *(f"{name}=={version}" for name, version in pins.items())]) + "\n"
