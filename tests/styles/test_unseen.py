"""Programs in styles that nobody had in mind when the checks were written: each gets what it deserves.

They were written after checks, bank and diagnosis were finished, and nothing was adjusted to them; what had to change is
told in CHANGELOG.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

UNSEEN = Path(__file__).parent / "unseen"
RIGHT = sorted(path.name for path in UNSEEN.glob("right_*"))
# The one exercise that is wrong in each, and those that can't work without it.
WRONG = {
    "wrong_functional": ("mse", {"train"}),
    "wrong_objects": ("gradient_step", {"train"}),
    "wrong_by_hand": ("fit", set()),
    "wrong_einstein": ("predict", set()),
    "wrong_one_liners": ("make_loader", set()),
}


@pytest.fixture(scope="module")
def run(kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return kit("grade", UNSEEN, out=tmp_path_factory.mktemp("unseen") / "out")


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_earn_every_point(run: Any, name: str) -> None:
    assert run.code == 0, run.text
    lost = {each: (found["status"], found["feedback"]) for each, found in run.results[name]["exercises"].items()}
    assert not {each: told for each, told in lost.items() if told[0] != "passed"}
    assert run.results[name]["score"] == 30


@pytest.mark.parametrize("name", WRONG)
def test_wrong_programs_lose_the_points_of_what_is_wrong_and_of_nothing_else(run: Any, name: str) -> None:
    exercise, needing = WRONG[name]
    found = run.results[name]["exercises"]
    assert found[exercise]["status"] in ("failed", "partial")
    assert found[exercise]["score"] < found[exercise]["max_score"]
    assert len(found[exercise]["feedback"].splitlines()) >= 2
    others = {each: told["status"] for each, told in found.items() if each != exercise}
    assert {each for each, status in others.items() if status != "passed"} <= needing
    assert {others[each] for each in needing} <= {"blocked", "passed"}


@pytest.mark.parametrize("name", [*RIGHT, *WRONG])
def test_the_self_check_says_the_same(root: Path, name: str, tmp_path: Path) -> None:
    shutil.copytree(root / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "course.toml", tmp_path)
    for module in (UNSEEN / name).glob("*.py"):
        shutil.copy(module, tmp_path / "exercises" / "linear_regression")
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "pytest", "exercises"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    if name in RIGHT:
        assert "30 of 30 points" in done.stdout
    else:
        assert done.returncode == 1
        assert f"Next: {WRONG[name][0]}, in" in done.stdout
