"""What the tests of `grader collect` share: downloads as the systems pack them, and the command over them."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.cli import main


@dataclass(frozen=True)
class Collected:
    """What came of it: `files` are the entries' files with their text; `rows` and `left_out` are the tables."""

    code: int
    said: str
    wrong: str
    files: dict[str, str]
    rows: dict[str, dict[str, str]]
    left_out: dict[str, str]


@pytest.fixture
def packed(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """An archive of these files."""

    def pack(files: Mapping[str, str]) -> Path:
        with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return tmp_path / "download.zip"

    return pack


@pytest.fixture
def collect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Collected]:
    """Run `python -m grader collect …` into the same folder each time, in this process."""

    def run(download: Path, system: str, roster: str = "", out: str = "out") -> Collected:
        arguments = ["collect", str(download), "--from", system, "--out", str(tmp_path / out)]
        if roster:
            (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
            arguments += ["--roster", str(tmp_path / "roster.csv")]
        code = main(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        made = tmp_path / out
        tables = {name: _table(made / name) for name in ("collected.csv", "left-out.csv")}
        files = {
            str(path.relative_to(made)): path.read_text(encoding="utf-8")
            for path in (made.rglob("*") if made.is_dir() else ())
            if path.is_file() and path.name not in tables
        }
        rows = {row.get("student", ""): row for row in tables["collected.csv"]}
        left_out = {row["file"]: row["why"] for row in tables["left-out.csv"]}
        return Collected(code, printed.out, printed.err, files, rows, left_out)

    return run


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file))
