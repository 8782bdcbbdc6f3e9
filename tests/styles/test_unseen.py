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
from typing import Any, NamedTuple

import pytest

from tests.lesson_points import TOTAL
from tests.one_lesson import OTHER_LESSONS, one_lesson

pytestmark = pytest.mark.slow

UNSEEN = Path(__file__).parent / "unseen"
RIGHT = sorted(path.name for path in UNSEEN.iterdir())


class Slip(NamedTuple):
    """What makes a wrong program of a right one: in which exercise, what can't work without that, and the change."""

    exercise: str
    needing: set[str]
    module: str
    old: str
    new: str


WRONG = {
    "functional": Slip("mse", {"train"}, "from_scratch", "/ d.shape[0])", "/ max(d.shape[0] - 1, 1))"),
    "objects": Slip(
        "gradient_step",
        {"train"},
        "from_scratch",
        "            parameter.data = parameter.data - self.lr * parameter.grad.data\n",
        '            self.speed = 0.9 * getattr(self, "speed", 0) + 0.1 * parameter.grad.data.norm()\n'
        "            parameter.data = parameter.data - self.lr * parameter.grad.data / (1 + self.speed)\n",
    ),
    "by_hand": Slip(
        "fit",
        set(),
        "with_torch",
        "            opt.step()\n            for",
        "        opt.step()\n        if True:\n            for",
    ),
    "einstein": Slip(
        "predict",
        set(),
        "with_torch",
        "        return th.squeeze(net(th.Tensor([[*map(float, place)]])))",
        "        numbers = th.Tensor([[*map(float, place)]])\n"
        "        return th.squeeze(net((numbers - numbers.mean()) / numbers.std()))",
    ),
    "one_liners": Slip(
        "make_loader",
        set(),
        "with_torch",
        "return DataLoader([*zip(x, y)], bs, sh)",
        "p = torch.randperm(len(x)) if sh else slice(None); return DataLoader([*zip(x[p], y[p])], bs)",
    ),
}
PROGRAMS = [*(f"right-{name}" for name in RIGHT), *(f"wrong-{name}" for name in WRONG)]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all ten."""
    folder = tmp_path_factory.mktemp("programs")
    for name in RIGHT:
        shutil.copytree(UNSEEN / name, folder / f"right-{name}")
    for name, slip in WRONG.items():
        shutil.copytree(UNSEEN / name, folder / f"wrong-{name}")
        path = folder / f"wrong-{name}" / f"{slip.module}.py"
        text = path.read_text(encoding="utf-8")
        assert text.count(slip.old) == 1
        path.write_text(text.replace(slip.old, slip.new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(kit: Callable[..., Any], programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return kit("grade", programs, out=tmp_path_factory.mktemp("unseen") / "out")


@pytest.mark.parametrize("name", RIGHT)
def test_right_programs_earn_every_point(run: Any, name: str) -> None:
    assert run.code == 0, run.text
    lost = {
        each: (found["status"], found["feedback"]) for each, found in run.results[f"right-{name}"]["exercises"].items()
    }
    assert not {each: told for each, told in lost.items() if told[0] != "passed"}
    assert run.results[f"right-{name}"]["score"] == TOTAL


@pytest.mark.parametrize("name", WRONG)
def test_wrong_programs_lose_the_points_of_what_is_wrong_and_of_nothing_else(run: Any, name: str) -> None:
    exercise, needing = WRONG[name].exercise, WRONG[name].needing
    found = run.results[f"wrong-{name}"]["exercises"]
    assert found[exercise]["status"] in ("failed", "partial")
    assert found[exercise]["score"] < found[exercise]["max_score"]
    assert len(found[exercise]["feedback"].splitlines()) >= 2
    others = {each: told["status"] for each, told in found.items() if each != exercise}
    assert {each for each, status in others.items() if status != "passed"} <= needing
    assert {others[each] for each in needing} <= {"blocked", "passed"}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_self_check_says_the_same(root: Path, programs: Path, name: str, tmp_path: Path) -> None:
    shutil.copytree(
        root / "exercises", tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__", *OTHER_LESSONS)
    )
    (tmp_path / "course.toml").write_text(one_lesson())
    for module in (programs / name).glob("*.py"):
        shutil.copy(module, tmp_path / "exercises" / "linear_regression")
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "pytest", "exercises"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False)
    if name.startswith("right"):
        assert f"{TOTAL} of {TOTAL} points" in done.stdout
    else:
        assert done.returncode == 1
        assert f"Next: {WRONG[name.removeprefix('wrong-')].exercise}, in" in done.stdout
