"""Reports are brought up to date: only what would be another is written, and it is as if all were written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.cli.stored_results import CurrentReports
from grader.core.assignment import Assignment, Course
from grader.core.due_dates import HandIn, Lateness
from grader.core.records import ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.results import store as store_module
from grader.results.decisions import Decision
from grader.results.record_rows import BatchKey
from grader.results.reports import write_all_reports
from grader.results.store import ResultStore
from grader.results.summary_table import ClosingWords, closing_words
from tests.report.varied_class import SOURCES

Make = Callable[..., SubmissionResult]
# Two of them have pages whose names would clash.
STUDENTS = ("ada", "Ada", "bob", "cy")
WHO = st.sampled_from(STUDENTS)
# What one run, or one command, does to whom.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grades again", "grades otherwise", "takes new files", "can't grade", "is late"])
        | st.sampled_from(["is dropped", "sets points", "loses a page", "goes on with another kit"]),
        st.sets(WHO, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=5,
)


def pages(out: Path) -> dict[str, bytes]:
    """Every learner's pages."""
    found = (path for each in ("feedback", "source") for path in sorted((out / each).glob("*")))
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


AGAIN = "grade again"


def words_of(store: ResultStore) -> ClosingWords | None:
    return closing_words(store.results(), AGAIN, "out")


def carried_out(store: ResultStore, does: str, students: set[str], shares: dict[str, int], result_of: Make) -> set[str]:
    """Carry out one step, and say of whom something else is stored by it."""
    others: set[str] = set()
    if does in ("grades again", "grades otherwise", "takes new files", "can't grade"):
        for student in students:
            number = shares[student] = shares.get(student, 0) + (does == "grades otherwise")
            digest = f"files {student} {len(shares)}" if does == "takes new files" else f"files {student}"
            status = SubmissionStatus.UNREADABLE if does == "can't grade" else SubmissionStatus.GRADED
            result = result_of(student, status, mean=(ExerciseStatus.PARTIAL, 1 / (2 + number), None))
            if store.put(result, digest, 0.1, sources=SOURCES):
                others.add(student)
    elif does == "is late":
        late = Lateness("2026-11-02T10:00:00+00:00", "2026-11-01T10:00:00+00:00", 0.2)
        store.note_hand_ins({student: HandIn(lateness=late) for student in students})
    elif does == "is dropped":
        store.keep_only(set(store.students()) - students)
    elif does == "sets points":
        for student in students:
            store.decide(Decision(student, "add", 0.5, "So it is.", "helena", "2026-11-23T10:00:00+01:00", 2.0))
        others |= students
    elif does == "goes on with another kit":
        store.note_key("other checks", "9.9")
    return others


@pytest.mark.slow
@settings(max_examples=40)
@given(STEPS)
@example([("is dropped", {"Ada"})])
@example([("grades otherwise", {"ada"}), ("grades again", {"ada", "bob"})])
def test_whatever_happened_since_the_pages_are_as_if_all_were_written(
    course: Course, lesson: Assignment, result_of: Make, steps: list[tuple[str, set[str]]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        out, whole = Path(folder, "out"), Path(folder, "whole")
        days = iter(range(1, 29))
        shares: dict[str, int] = {}
        ResultStore.create(out, BatchKey(lesson.id, 7, "cpu", "digest", "0.1.0")).close()
        for does, students in [("grades again", set(STUDENTS)), *steps]:
            day = next(days)
            patched.setattr(store_module, "_now", lambda day=day: f"2026-11-{day:02}T12:00:00+00:00")
            with ResultStore.reopen(out) as store:
                if does == "loses a page":
                    next(iter((out / "feedback").iterdir())).unlink(missing_ok=True)
                reports = CurrentReports(out, store, course, lesson)
                others = carried_out(store, does, students, shares, result_of)
                reports.brought_up_to_date(others, partial(words_of, store))
                kept = CurrentReports(out, store, course, lesson).closing_words(AGAIN)
                assert kept == words_of(store), does
                shutil.rmtree(whole, ignore_errors=True)
                whole.mkdir()
                write_all_reports(whole, store, course, lesson)
            assert pages(out) == pages(whole), does


def test_nothing_is_written_where_nothing_was_stored_and_otherwise_the_pages_of_others_stay(
    tmp_path: Path, course: Course, lesson: Assignment, result_of: Make
) -> None:
    def written(does: str, *students: str) -> set[str]:
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
        with ResultStore.reopen(tmp_path) as store:
            reports = CurrentReports(tmp_path, store, course, lesson)
            reports.brought_up_to_date(carried_out(store, does, set(students), shares, result_of))
        now = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
        return {path.name for path, time in now.items() if before.get(path) != time and path.name != "results.db"}

    shares: dict[str, int] = {}
    ResultStore.create(tmp_path, BatchKey(lesson.id, 7, "cpu", "digest", "0.1.0")).close()
    assert "bob.html" in written("grades again", "ada", "bob")
    assert written("nothing") == set()
    assert not {"ada.html", "bob.html"} & written("grades again", "ada", "bob")
    assert {"ada.html", "bob.html"} & written("grades otherwise", "bob") == {"bob.html"}
    assert {"ada.html", "bob.html"} & written("sets points", "ada") == {"ada.html"}


def test_the_closing_words_are_kept_for_one_command_until_something_is_stored_and_not_where_we_failed(
    tmp_path: Path, course: Course, lesson: Assignment, result_of: Make
) -> None:
    ResultStore.create(tmp_path, BatchKey(lesson.id, 7, "cpu", "digest", "0.1.0")).close()

    def kept(result: SubmissionResult) -> ClosingWords | None:
        with ResultStore.reopen(tmp_path) as store:
            store.put(result, f"files {result.status}", 0.1)
            CurrentReports(tmp_path, store, course, lesson).brought_up_to_date(None, partial(words_of, store))
        with ResultStore.reopen(tmp_path) as store:
            reports = CurrentReports(tmp_path, store, course, lesson)
            assert reports.closing_words("grade elsewhere") is None
            return reports.closing_words(AGAIN)

    unreadable = kept(result_of("ada", SubmissionStatus.UNREADABLE))
    assert unreadable
    assert "Fix or replace these submissions, and grade them again:" in unreadable.needs
    with ResultStore.reopen(tmp_path) as store:
        before = CurrentReports(tmp_path, store, course, lesson)
        assert before.closing_words(AGAIN)
        store.put(result_of("bob"), "files", 0.1)  # and then the run is killed
        assert before.closing_words(AGAIN) is None
        assert CurrentReports(tmp_path, store, course, lesson).closing_words(AGAIN) is None
    assert kept(result_of("ada", mean=(ExerciseStatus.GRADER_ERROR, 0.0, None))) is None
