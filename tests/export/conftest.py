"""What the tests of the exports share: the small class, graded, and its export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course.load import load_course
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.reports import write_reports
from grader.results.store import ResultStore
from tests.export.small_class import COURSE, ROSTER, whole_class


@dataclass(frozen=True)
class Exported:
    """What came of an export: what was printed, and where things are."""

    code: int
    said: str
    out: Path
    left_out: Path


@dataclass(frozen=True)
class SmallClass:
    """A course, its results and a roster in a folder."""

    root: Path
    results: Path
    roster: Path


@pytest.fixture(scope="session")
def small_class(tmp_path_factory: pytest.TempPathFactory) -> SmallClass:
    """Graded: everything that can become of a submission, with names that could do harm."""
    root = tmp_path_factory.mktemp("small")
    (root / "course.toml").write_text(COURSE)
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    course = load_course(root)
    results = root / "results"
    with ResultStore.create(results, BatchKey("lesson", 7, "cpu", "digest", "0.1.0")) as store:
        for result in whole_class():
            store.put(result, "digest", 0.1)
        for student, name, points in [
            ("mended", "add", 1.0),
            ("saved", "add", 2.0),
            ("saved", "mean", 0.0),
            ("pardoned", "mean", 2.5),
        ]:
            store.decide(Decision(student, name, points, "Looks fine.", "helena", "2026-11-23T10:00:00+01:00", 0.0))
        write_reports(results, store.results, course, course.assignments["lesson"], store.decisions())
    return SmallClass(root, results, root / "roster.csv")


@pytest.fixture
def export(small_class: SmallClass, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Exported]:
    """Run `python -m grader export FORMAT …` over the small class, in this process."""
    from grader.cli import main

    def run(format: str, *more: str, roster: Path | None = small_class.roster, name: str = "out") -> Exported:
        out = tmp_path / name
        given = ["--course", str(small_class.root), "export", format, "--results", str(small_class.results)]
        code = main([*given, "--out", str(out), *(["--roster", str(roster)] if roster else []), *more])
        printed = capsys.readouterr()
        listed = out / "left-out.csv" if out.is_dir() else tmp_path / f"{out.stem}.left-out.csv"
        return Exported(code, printed.out + printed.err, out, listed)

    return run
