"""Without --unaudited the real audit decides: a sound lesson is handed out, one whose checks let wrong answers pass is not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit import lessons

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.soak
def test_a_sound_lesson_is_handed_out_and_an_unsound_one_is_not(kit: Callable[..., Any], tmp_path: Path) -> None:
    course = lessons.write(tmp_path / "course", lessons.SOUND)
    for name in ("conftest.py", "pytest.ini"):
        shutil.copyfile(ROOT / "exercises" / name, course / "exercises" / name)
    assert kit("stubs", cwd=course).code == 0
    run = kit("release", out=tmp_path / "dist", cwd=course)
    assert run.code == 0, run.text
    contents = (tmp_path / "dist" / "contents.txt").read_text(encoding="utf-8")
    assert "Audited: the hidden checks tell right from wrong." in contents
    assert "NOT AUDITED" not in contents + run.stderr

    hidden = course / "solutions" / "statistics" / "hidden" / "test_centre.py"
    weak = (
        '@check("centre")\ndef test_centre(student, draw):\n    """is there"""\n    student.centre(draw.tensor(2, 2))\n'
    )
    hidden.write_text(lessons.SOUND["solutions/statistics/hidden/test_centre.py"].split("\n@check")[0] + "\n" + weak)
    run = kit("release", out=tmp_path / "other", cwd=course)
    assert run.code == 2
    assert "Nothing was released:\n" in run.stderr
    assert "the mistake by_columns" in run.stderr
    assert "earns full points" in run.stderr
    assert not (tmp_path / "other").exists()
