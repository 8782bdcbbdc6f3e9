"""What is no folder to write results into, or to begin with, is refused in a sentence before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Kit = Callable[..., Any]


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
    kit: Kit, submit: Callable[..., Path], tmp_path: Path, option: str, kind: str
) -> None:
    submit(tmp_path / "class", "ada")
    path = made(tmp_path, kind)
    given = {"SUBMISSIONS": str(tmp_path / "class"), "--out": str(tmp_path / "out"), option: path}
    more = [word for name, value in given.items() if name != "SUBMISSIONS" for word in (name, value)]
    run = kit("grade", given["SUBMISSIONS"], *more, "--jobs", 1)
    assert run.code == 2, run.text
    assert "Traceback" not in run.text
    assert "did not foresee" not in run.text
    assert not (tmp_path / "out" / "results.db").exists()
