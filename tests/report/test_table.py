"""The table at the end of a run fits any terminal and hides nobody who needs a person."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader.core.records import ExerciseStatus, Finding, Override, SubmissionResult, SubmissionStatus
from grader.results.summary_table import MOST_ROWS, print_table, what_went_wrong

Make = Callable[..., SubmissionResult]
S = ExerciseStatus
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


def printed(
    results: list[SubmissionResult],
    *files: Path,
    encoding: str = "utf-8",
    width: int = 80,
    graded: set[str] | None = None,
) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    print_table(Console(file=file, width=width), lambda: results, files, graded)
    return raw.getvalue().decode(encoding)


def test_a_row_says_what_went_wrong_in_a_few_words(result_of: Make) -> None:
    finding = Finding("`add` takes away.\nAnd more.")
    result = result_of("ada", add=(S.FAILED, 0.0, finding), mean=(S.BLOCKED, 0.0, None), plot=(S.TODO, 0.0, None))
    assert what_went_wrong(result) == "add: takes away; blocked: mean; to do: plot"
    assert "✗ ada 0/10 add: takes away;" in " ".join(printed([result]).split())


WITHOUT_POINTS = st.sampled_from([S.FAILED, S.TODO, S.BLOCKED, S.FORBIDDEN, S.TIMED_OUT, S.CRASHED])
AN_EXERCISE = st.one_of(
    st.tuples(WITHOUT_POINTS, st.just(0.0)), st.just((S.PASSED, 1.0)), st.tuples(st.just(S.PARTIAL), st.just(0.5))
)


@given(st.tuples(AN_EXERCISE, AN_EXERCISE, AN_EXERCISE), st.sampled_from([None, 0.0, 1.0, 2.0]))
def test_no_sign_says_partly_of_no_points_or_of_all(result_of: Make, exercises: Any, by_hand: float | None) -> None:
    result = result_of(
        "ada", **{id: (*each, None) for id, each in zip(("add", "mean", "plot"), exercises, strict=True)}
    )
    if by_hand is not None:
        result = result.overruled({"add": Override(by_hand, "So.", "helena", "2026-11-23T10:00:00+01:00", 0.0)})
    (row,) = [line for line in printed([result]).splitlines() if " ada " in line]
    assert row.startswith("◐") == (0 < result.score < 10)
    assert row.startswith("✓") == (result.score == 10)
    assert row.startswith("○") == all(each.status is S.TODO for each in result.exercises)
    for each in result.exercises:
        assert (each.status is S.PARTIAL) == (0 < each.score < each.max_score)


def test_a_row_names_our_mistakes_and_what_was_not_allowed(result_of: Make) -> None:
    result = result_of("ada", add=(S.FORBIDDEN, 0.0, Finding("It uses `sum`.")), plot=(S.GRADER_ERROR, 0.0, None))
    assert what_went_wrong(result) == "add: not allowed; our mistake: plot"
    nothing = dict.fromkeys(("add", "mean", "plot"), (S.TODO, 0.0, None))
    assert what_went_wrong(result_of("ada", **nothing)) == "to do: everything"
    assert what_went_wrong(result_of("ada", SubmissionStatus.REFUSED, "Two entries.", **nothing)) == "Two entries."
    assert what_went_wrong(result_of("ada")) == ""


@pytest.mark.parametrize("graded", [set(), {"s1"}, {"s0", "s2"}, {"s0", "s1", "s2"}], ids=sorted)
def test_of_those_that_were_graded_now_there_are_rows_and_of_all_there_are_totals(
    result_of: Make, graded: set[str]
) -> None:
    wrong = (S.FAILED, 0.0, Finding("`add` takes away."))
    everybody = [result_of(name, add=wrong) for name in ("s0", "s1", "s2")]
    said = printed(everybody, graded=graded)
    assert {name for name in ("s0", "s1", "s2") if f" {name} " in said} == graded
    assert "3 submissions: 3 graded." in said
    assert ("more in grades.csv" in said) == (len(graded) in (1, 2))
    assert ("takes away" in said) == bool(graded)


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=8), st.integers(0, 255))
def test_the_variants_of_all_are_counted_whoever_was_graded_now(
    result_of: Make, variants: list[str], graded: int
) -> None:
    results = [replace(result_of(f"s{number}"), variant=variant) for number, variant in enumerate(variants)]
    said = printed(results, graded={f"s{number}" for number in range(8) if graded >> number & 1})
    told = ", ".join(f"{variants.count(name)} {name}" for name in "abc" if name in variants)
    assert [line for line in said.splitlines() if "Variants" in line] == ([f"Variants: {told}."] if told else [])


@pytest.mark.parametrize("graded", [set(), {"s0"}], ids=sorted)
def test_whom_we_failed_to_grade_has_a_row_also_where_only_others_were_graded_now(
    result_of: Make, graded: set[str]
) -> None:
    ours = (S.GRADER_ERROR, 0.0, None)
    failed = result_of("s1", SubmissionStatus.GRADER_ERROR, add=ours, mean=ours, plot=ours)
    settled = result_of("s3", plot=ours).overruled({"plot": Override(2.0, "Right.", "h", "2026-11-23T10:00:00Z", 0.0)})
    said = printed([result_of("s0"), failed, result_of("s2", plot=ours), settled], graded=graded)
    assert {name for name in ("s0", "s1", "s2", "s3") if f" {name} " in said} == {"s1", "s2", *graded}
    assert "our mistake: plot" in said


def test_the_end_counts_each_kind_and_says_where_the_files_are(result_of: Make, tmp_path: Path) -> None:
    half = result_of("bob", plot=(S.TODO, 0.0, None))
    lost = result_of("cy", SubmissionStatus.UNREADABLE, "No module.")
    said = printed([result_of("ada"), half, lost], tmp_path / "grades.csv")
    assert "✗ cy –/10 unreadable: No module." in " ".join(said.split())
    assert "graded: " not in said
    assert "3 submissions: 2 graded, 1 unreadable." in said
    assert "Graded submissions: mean 7.5, median 7.5, out of 10 points." in said
    assert f"  {tmp_path / 'grades.csv'}\n" in said


def test_a_long_finding_is_cut_between_words_and_its_own_name_left_out(result_of: Make) -> None:
    finding = Finding("`add` takes away, " + "and away " * 30)
    said = what_went_wrong(result_of("ada", add=(S.PARTIAL, 0.5, finding), plot=(S.TIMED_OUT, 0.0, finding)))
    assert said == "add: takes away, and away and away and away and away and …; plot: took too long"


def test_what_is_wrong_with_several_exercises_is_said_once(result_of: Make) -> None:
    broken = (S.CRASHED, 0.0, Finding("m.py can't be imported."))
    said = what_went_wrong(result_of("ada", add=broken, mean=(S.FAILED, 0.0, None), plot=broken))
    assert said == "add, plot: m.py can't be imported; mean: not right yet"


def test_an_empty_class_is_said_to_be_empty() -> None:
    assert printed([]) == "0 submissions.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@settings(max_examples=40)
@given(name=ANY_TEXT, text=ANY_TEXT)
def test_any_text_fits_any_console(result_of: Make, encoding: str, name: str, text: str) -> None:
    result = result_of(name, add=(S.FAILED, 0.0, Finding(text)))
    said = printed([result, result_of(name, SubmissionStatus.REFUSED, text)], encoding=encoding)
    assert "\x1b" not in said
    rows = said.split("2 submissions")[0].splitlines()
    if encoding == "ascii":
        assert all(len(row) <= 80 for row in rows)


def test_markup_in_a_name_is_only_text(result_of: Make) -> None:
    assert "[red]ada[/red]" in printed([result_of("[red]ada[/red]")])


def test_long_names_and_hostile_names_leave_room_for_the_rest(result_of: Make) -> None:
    rows = printed([result_of("x" * 300), result_of("a\u202eb\nc")]).splitlines()
    assert all(len(row) <= 80 for row in rows)
    assert any("10/10" in row and row.startswith("✓") for row in rows)


def test_of_a_large_class_those_who_need_a_person_come_first(result_of: Make) -> None:
    many = [result_of(f"good{number:03}") for number in range(100)]
    lost = [result_of(f"lost{number:03}", plot=(S.TODO, 0.0, None)) for number in range(30)]
    person = [
        result_of("zoe", SubmissionStatus.REFUSED),
        result_of("zac", add=(S.FORBIDDEN, 0.0, None)),
        result_of("zed", add=(S.GRADER_ERROR, 0.0, None)),
    ]
    said = printed([*many, *lost, *person])
    rows = said.splitlines()[2 : 2 + MOST_ROWS]
    assert [row.split()[1] for row in rows[:4]] == ["zoe", "zac", "zed", "lost000"]
    assert f"… and {133 - MOST_ROWS} more in grades.csv" in said
    assert "133 submissions: 132 graded, 1 refused." in said
