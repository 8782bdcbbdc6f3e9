"""Two small courses, audited once each by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.audit import lessons


@dataclass(frozen=True)
class Audited:
    """What came of an audit: the command's run, the JSON, the page."""

    run: Any
    data: dict[str, Any]
    html: str
    course: Path

    def problem(self, *words: str) -> str:
        """The one problem that holds all these words."""
        found = [problem for problem in self.data["problems"] if all(word in problem for word in words)]
        assert len(found) == 1, (words, found, self.data["problems"])
        return found[0]

    def implementation(self, id: str) -> dict[str, Any]:
        return next(each for each in self.data["implementations"] if each["id"] == id)


def audited(course: Path, kit: Callable[..., Any], *more: str, into: Path | None = None) -> Audited:
    """Audit a course; the files go `into` a folder, which is the course's own unless it is given."""
    files = [(into or course) / name for name in ("audit.json", "audit.html")]
    # A minute or two on two cores; a busy machine may take many times longer.
    run = kit("audit", "--json", files[0], "--html", files[1], *more, cwd=course, timeout=3600)
    assert files[0].is_file(), run.text
    return Audited(run, json.loads(files[0].read_text(encoding="utf-8")), files[1].read_text(encoding="utf-8"), course)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Audited:
    course = lessons.write(tmp_path_factory.mktemp("sound"), lessons.SOUND)
    assert kit("stubs", cwd=course).code == 0
    return audited(course, kit, "--jobs", "1", "--seeds", "3")


@pytest.fixture(scope="module")
def unsound(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Audited:
    course = lessons.write(tmp_path_factory.mktemp("unsound"), lessons.UNSOUND)
    assert kit("stubs", cwd=course).code == 0
    stub = course / "exercises/statistics/sums.py"
    stub.write_text(stub.read_text() + "\n# The mean distance is (x - centre(x)).abs().mean(dim=0).\n")
    return audited(course, kit, "--seeds", "6")
