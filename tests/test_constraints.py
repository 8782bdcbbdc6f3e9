"""The pinned versions are those that are tested, and each of them can be had with the oldest Python that we promise."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
PINS = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
PROMISED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
OLDEST = PROMISED.removeprefix(">=") + ".0"


def test_pinned_packages_run_on_the_oldest_python() -> None:
    assert len(PINS) > 10
    for name, version in PINS:
        try:
            found = metadata(name)
        except PackageNotFoundError:
            continue  # not needed on this system
        assert found["Version"].partition("+")[0] == version, name
        promised = "Requires-Python" in found and found["Requires-Python"]
        assert SpecifierSet(promised or "").contains(OLDEST), name
