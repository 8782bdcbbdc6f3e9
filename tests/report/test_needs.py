"""Whom a person has to look after is said at the end of a run, with what to type."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from grader.core.assignment import Assignment, Course
from grader.core.records import ExerciseStatus, Finding, Override, SubmissionResult, SubmissionStatus
from grader.course.load import load_course
from grader.results.feedback_page import page_of
from grader.results.needs import NOT_GRADED, TITLES, Kind, needs_lines, needs_of
from grader.results.reports import feedback_html, text_page
from grader.results.store import ResultStore
from grader.results.summary_table import print_lines, print_table, what_went_wrong
from tests.report.conftest import COURSE
from tests.report.varied_class import stored_class

Make = Callable[..., SubmissionResult]
S = ExerciseStatus
NOTHING = dict.fromkeys(("add", "mean", "plot"), (S.NOT_FOUND, 0.0, None))
SEEN = "There are 2 files for first.py that differ: a/first.py and b/first.py."
MISSING = Finding("second.py was not found in the submission.")
AGAIN = "python -m grader grade class --out results --resume"


def needs(*results: SubmissionResult, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    needing = [need for result in results for need in needs_of(result)]
    print_lines(Console(file=file, width=80), needs_lines(needing, AGAIN, "results"))
    return raw.getvalue().decode(encoding)


def by_a_person(points: float) -> Override:
    return Override(points, "It reads well.", "helena", "2026-11-23T10:00:00+01:00", 0.0)


@pytest.mark.parametrize("status", [SubmissionStatus.NOT_FOUND, SubmissionStatus.UNREADABLE, SubmissionStatus.REFUSED])
def test_what_was_not_graded_needs_a_person(result_of: Make, status: SubmissionStatus) -> None:
    said = needs(result_of("ada"), result_of("bob b", status, SEEN, **NOTHING))
    assert said == (
        f"\nNeeds you:\n  bob b: {status.value.replace('_', ' ')}. The learner reads: {SEEN}\n"
        "Fix or replace these submissions, and grade them again:\n"
        f"  {AGAIN}\n"
        "Or grade them yourself, and set the points of each exercise:\n"
        "  python -m grader override set 'bob b' add POINTS --reason TEXT --results results\n"
    )


def test_a_module_that_was_not_found_needs_a_person_though_the_other_is_graded(result_of: Make) -> None:
    half = result_of("ada", plot=(S.NOT_FOUND, 0.0, MISSING))
    assert "  ada: plot not found. The learner reads: second.py was not found in the submission.\n" in needs(half)
    assert "override set ada plot POINTS" in needs(half)
    assert what_went_wrong(half) == "plot: second.py was not found in the submission"


def test_who_waits_for_a_decision_is_named_with_the_command(result_of: Make) -> None:
    found = Finding("plot uses draw, which isn't allowed here. Write it yourself.")
    said = needs(result_of("noor", plot=(S.FORBIDDEN, 0.0, found)))
    assert said == (
        f"\nNeeds you:\n  noor: plot not allowed. The learner reads: {found.summary}\n"
        "No points until you decide. Where it is all right, say so:\n"
        "  python -m grader override set noor plot 5 --reason TEXT --results results\n"
    )


def test_whoever_is_on_the_class_s_page_is_named_or_counted_at_the_end_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(COURSE)
    stored_class(tmp_path / "results", load_course(tmp_path).assignments["lesson"], 120)
    with ResultStore.reopen(tmp_path / "results") as store:
        results = list(store.results())
    kinds: set[Kind] = set()
    for result in results:
        said = needs(result)
        for need in needs_of(result):
            if need.kind in (*NOT_GRADED, Kind.NOT_ALLOWED):
                assert f"  {need.student}: " in said
                assert (
                    not need.read or f"The learner reads: {need.read}" in said
                )  # what is written for learners is said to be
            elif need.kind is not Kind.OUR_MISTAKE:
                assert f"{TITLES[need.kind][0]} (" in said
            assert need.points is None or need.set_points("results") in said
            kinds.add(need.kind)
    assert {Kind.UNREADABLE, Kind.REFUSED, Kind.NOT_FOUND, Kind.NOT_ALLOWED, Kind.CLOSE_TO_LIMIT} <= kinds


def test_nobody_is_asked_where_all_is_well_or_the_mistake_is_ours_or_a_person_was_there(result_of: Make) -> None:
    ours = result_of("bob", SubmissionStatus.GRADER_ERROR, "Ended twice.")
    done = result_of("cy", SubmissionStatus.NOT_FOUND, SEEN, **NOTHING).overruled({"add": by_a_person(1)})
    assert needs(result_of("ada"), ours, done) == ""


def test_a_name_that_could_do_harm_is_inert_and_is_not_to_be_pasted(result_of: Make) -> None:
    for name in ("\x1b[31m\nada", "-rf", "\u202eada"):
        said = needs(result_of(name, SubmissionStatus.NOT_FOUND, SEEN, **NOTHING))
        assert "override set STUDENT add" in said
        assert not set(said) & set("\x1b\u202e")
    assert needs(result_of("Zoë", SubmissionStatus.NOT_FOUND, SEEN, **NOTHING), encoding="ascii").isascii()


def test_of_very_many_the_first_are_named(result_of: Make) -> None:
    said = needs(*(result_of(f"l{n:03}", SubmissionStatus.NOT_FOUND, SEEN, **NOTHING) for n in range(100)))
    assert said.count(SEEN) == 20
    assert "and 80 more, in class.html" in said


def test_the_table_and_the_pages_show_no_zero(result_of: Make, course: Course, lesson: Assignment) -> None:
    result = result_of("ada", SubmissionStatus.NOT_FOUND, SEEN, **NOTHING)
    raw = io.StringIO()
    print_table(Console(file=raw, width=120), lambda: [result])
    assert f"∅ ada –/10 not found: {SEEN}" in " ".join(raw.getvalue().split())
    page = page_of(result, course, lesson)
    for said in (text_page(page), feedback_html(page)):
        assert "not graded" in said
        assert "0 of 10" not in said
        assert "a/first.py and b/first.py" in " ".join(said.split())


def test_the_page_says_which_module_was_not_found_and_to_hand_it_in(
    result_of: Make, course: Course, lesson: Assignment
) -> None:
    said = text_page(page_of(result_of("ada", plot=(S.NOT_FOUND, 0.0, MISSING)), course, lesson))
    assert "5 of 10 points" in said
    assert "Hand in plot (A picture)." in said
    assert "not found, – of 5 points" in said
    assert "second.py was not found" in said


def test_points_that_a_person_set_are_the_score(result_of: Make) -> None:
    result = result_of("ada", SubmissionStatus.NOT_FOUND, SEEN, **NOTHING)
    assert not result.is_final
    mended = result.overruled({"add": by_a_person(1.5)})
    assert (mended.is_final, mended.score) == (True, 1.5)
    assert [mended.counts(exercise) for exercise in mended.exercises] == [True, False, False]
    nought = result.overruled({"add": by_a_person(0)})
    assert (nought.is_final, nought.score, nought.counts(nought.exercises[0])) == (True, 0, True)
