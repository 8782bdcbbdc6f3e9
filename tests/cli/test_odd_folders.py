"""What is no folder to write results into, or to begin with, is refused in a sentence before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli import main

pytestmark = pytest.mark.slow


def made(folder: Path, kind: str) -> str:
    """What is given on the command line."""
    (folder / "file").write_text("x")
    (folder / "circle").symlink_to(folder / "circle")
    (folder / "one").symlink_to(folder / "two")
    (folder / "two").symlink_to(folder / "one")
    return {"nothing": "", "long": str(folder / ("x" * 300))}.get(kind, str(folder / kind))


KINDS = ["nothing", "file", "file/below", "circle", "one", "one/below", "long"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", ["--out", "--from", "--variants", "SUBMISSIONS"])
def test_a_path_that_leads_nowhere_is_told(
    submit: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, kind: str
) -> None:
    submit(tmp_path / "class", "ada")
    path = made(tmp_path, kind)
    given = {"SUBMISSIONS": str(tmp_path / "class"), "--out": str(tmp_path / "out"), option: path}
    more = [word for name, value in given.items() if name != "SUBMISSIONS" for word in (name, value)]
    code = main(["grade", given["SUBMISSIONS"], *more, "--jobs", "1"])
    said = "".join(capsys.readouterr())
    assert code == 2, said
    assert said.strip()
    assert "Traceback" not in said
    assert "did not foresee" not in said
    assert not (tmp_path / "out" / "results.db").exists()


@pytest.mark.parametrize("has_results", [False, True])
@pytest.mark.parametrize("command", ["grade", "nbgrader"])
def test_two_folders_to_begin_with_are_refused_and_neither_is_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, has_results: bool
) -> None:
    old, out = tmp_path / "old", tmp_path / "out"
    for folder in (old, *([out] if has_results else [])):
        folder.mkdir()
        (folder / "results.db").write_text("what was graded")
    before = sorted(tmp_path.rglob("*"))
    code = main([command, str(tmp_path), "--out", str(out), "--resume", "--from", str(old)])
    said = capsys.readouterr().err
    assert code == 2
    assert f"--resume goes on with the results in --out {out}, and --from begins with those in {old}" in said
    assert "Leave out --from where --out holds results already, else --resume." in said
    assert sorted(tmp_path.rglob("*")) == before
