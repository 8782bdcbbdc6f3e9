"""`python -m grader release` on the command line: where its archives may go, and what it asks of the course."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli import main

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("room", ["exercises", "solutions", "docs", "grader"])
def test_archives_dont_go_where_they_would_be_handed_out_themselves(
    root: Path, room: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = root / room / "dist"
    assert main(["--course", str(root), "release", "--unaudited", "--out", str(out)]) == 2
    assert f"lies in the course's folder {room}: choose an --out outside of it." in capsys.readouterr().err
    assert not out.exists()


def test_an_assignment_that_isnt_there_is_a_sentence(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist"
    assert main(["--course", str(root), "release", "--assignment", "linear_regresion", "--out", str(out)]) == 2
    assert 'Did you mean "linear_regression"?' in capsys.readouterr().err
    assert not out.exists()
