"""The pinned versions are those that are tested, and each of them can be had with the oldest Python that we promise."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
PINS = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
PROMISED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
OLDEST = PROMISED.removeprefix(">=") + ".0"


@pytest.mark.parametrize(("name", "version"), PINS, ids=[name for name, _ in PINS])
def test_a_pinned_package_runs_on_the_oldest_python(name: str, version: str) -> None:
    try:
        found = metadata(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not needed on this system")
    assert found["Version"].partition("+")[0] == version
    assert SpecifierSet(found["Requires-Python"] or "").contains(OLDEST), found["Requires-Python"]
