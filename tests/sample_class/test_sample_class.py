"""The sample class, graded as `make grade` does it, gets the report that was agreed on.

`expected.json` holds, for each learner, the status, the score and each exercise that isn't passed, with its status, its
points and the first line of its feedback (long numbers as #, since they depend on the seed and the machine). To agree on a new one, after reading what has changed:

    UPDATE_GOLDEN=1 pytest tests/sample_class
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).with_name("expected.json")
# Long ones, and the limit of a call, which goes by what the reference takes on this machine.
_NUMBERS = re.compile(r"\d[\d.,e+-]*\d|\d(?=-second limit for a call)")
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
AGREED = {} if UPDATE else json.loads(GOLDEN.read_text(encoding="utf-8"))
# Those for which the class was made: the lesson may have grown since.
EXERCISES = {name for each in AGREED.values() for name in each["missed"]}


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Any]) -> Any:
    return kit("grade", root / "sample_class", "--seed", 1, "--jobs", 2, out=tmp_path_factory.mktemp("sample") / "results")


def summary(record: dict[str, Any]) -> dict[str, Any]:
    missed = {
        name: [each["status"], each["score"], _NUMBERS.sub("#", (each["feedback"].splitlines() or [""])[0])]
        for name, each in record["exercises"].items()
        if each["status"] != "passed" and (UPDATE or name in EXERCISES)
    }
    return {"status": record["status"], "score": record["score"], "note": record["note"], "missed": missed}


def test_the_class_gets_the_report_that_was_agreed_on(run: Any) -> None:
    assert run.code == 0, run.text
    found = {student: summary(record) for student, record in run.results.items()}
    if UPDATE:
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_every_entry_of_the_sample_class_is_in_the_report_and_in_the_docs(run: Any, root: Path) -> None:
    entries = {re.sub(r"\.(zip|ipynb)$", "", path.name) for path in (root / "sample_class").iterdir()}
    assert set(run.results) == entries
    page = (root / "docs" / "sample-class.md").read_text(encoding="utf-8")
    assert not [name for name in entries if f"`{name}" not in page]


def test_everybody_has_a_page_of_feedback_that_shows_no_check(run: Any) -> None:
    pages = sorted((run.out / "feedback").glob("*.html"))
    assert len(pages) == len(run.results)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "test_" not in text
        assert "Traceback" not in text
        assert "AssertionError" not in text
