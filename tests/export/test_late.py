"""Lateness on Gradescope: from the metadata, by the policy in `course.toml`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader.results.export.autograder_run import read_metadata

DUE = "2026-12-14T23:59:00.000000-08:00"


def metadata(folder: Path, **more: Any) -> Any:
    path = folder / "submission_metadata.json"
    path.write_text(json.dumps({"created_at": "2026-12-15T10:00:00-08:00", "assignment": {"due_date": DUE}, **more}))
    return read_metadata(path)


def test_both_times_are_read_with_their_zone(tmp_path: Path) -> None:
    found, note = metadata(tmp_path)
    assert note == ""
    assert found.created_at.isoformat() == "2026-12-15T10:00:00-08:00"
    assert found.due.isoformat() == "2026-12-14T23:59:00-08:00"


def test_who_has_more_time_than_others_has_it_here_too(tmp_path: Path) -> None:
    longer = {"name": "Ada", "assignment": {"due_date": "2026-12-20T00:00:00-08:00"}}
    found, _ = metadata(tmp_path, users=[{"name": "Bob"}, longer])
    assert found.due.day == 20


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"created_at": 5e999}', '{"created_at": "2026-12-15T10:00:00"}', "[" * 100_000, '{"users": 1}'],
)
def test_whatever_is_in_the_file_it_raises_nothing_and_nobody_is_late(tmp_path: Path, text: str) -> None:
    path = tmp_path / "submission_metadata.json"
    path.write_text(text)
    found, note = read_metadata(path)
    assert (found.created_at, found.due) == (None, None)
    assert "submission_metadata.json" in note


def test_no_file_is_no_lateness(tmp_path: Path) -> None:
    assert read_metadata(tmp_path / "none.json")[1].startswith("There is no none.json")
