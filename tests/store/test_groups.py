"""Answers that are alike have a group, and what people decide about it reaches whoever is in it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.core.answers import NEAR, Answers
from grader.core.records import (
    Comment,
    ExerciseResult,
    ExerciseStatus,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.decisions import Decision, Remark
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore

AT = "2026-11-30T20:00:00+01:00"
THIRDS, HALVES = [[1 / 3, 2 / 3]], [[0.5, 1.0]]


@pytest.fixture
def store(tmp_path: Path, key: BatchKey) -> Iterator[ResultStore]:
    with ResultStore.create(tmp_path, key) as made:
        yield made


def graded(
    store: ResultStore, student: str, numbers: list[list[float]] | None, digest: str = "d", checks: str = "1/1"
) -> SubmissionResult:
    """Stored: a wrong `mse` that gives these numbers, or, without any, a right one. Gives it as it is read."""
    wrong = ExerciseResult("mse", ExerciseStatus.FAILED, 0.0, 4.0, answers=Answers.of("text", numbers or []))
    right = ExerciseResult("mse", ExerciseStatus.PASSED, 4.0, 4.0)
    result = SubmissionResult(student, SubmissionStatus.GRADED, (wrong if numbers else right,))
    store.put(result, digest, 0.1, graded_with={"mse": checks})
    return read(store, student)


def read(store: ResultStore, student: str) -> SubmissionResult:
    result = store.result(student)
    assert result is not None
    return result


def group(result: SubmissionResult) -> str:
    return result.exercises[0].group


def said(result: SubmissionResult) -> list[str]:
    return [comment.text for comment in result.exercises[0].comments]


def points(wanted: float | None, student: str = "", group: str = "") -> Decision:
    return Decision(student, "mse", wanted, "because", "helena", AT, None, group)


def remark(text: str | None, student: str = "", group: str = "", exercise: str = "mse") -> Remark:
    return Remark(student, exercise, group, text, "helena", AT)


def test_answers_that_differ_by_rounding_alone_are_one_group_and_others_are_not(store: ResultStore) -> None:
    first = group(graded(store, "ada", THIRDS))
    assert first.startswith("mse-")
    assert group(graded(store, "bob", [[1 / 3 + NEAR / 3, 2 / 3 - NEAR / 3]])) == first
    others = [
        group(graded(store, "cy", HALVES)),
        group(graded(store, "dan", [[1 / 3 + 3 * NEAR, 2 / 3]])),
        group(graded(store, "eve", [[1 / 3], [2 / 3]])),
    ]
    assert len({first, *others}) == 4
    assert group(graded(store, "fay", None)) == ""


def test_numbers_near_an_edge_of_rounding_are_compared_and_not_rounded() -> None:
    for edge in (0.5, 0.05, 1.005, 12345.5, 1e-7):
        below, above = (Answers.of("", [[1.0 * edge, edge * (1 + sign * NEAR / 10)]]) for sign in (-1, 1))
        assert below.is_like(above), edge
    wide = Answers.of("", [[math.inf, 1e300, -1e300]])
    assert wide.is_like(wide)
    assert not wide.is_like(Answers.of("", [[math.inf, -1e300, -1e300]]))
    assert not Answers.of("a", [[1.0]]).is_like(Answers.of("b", [[1.0]]))


def test_what_is_decided_about_a_group_reaches_whoever_comes_to_it_and_leaves_with_it(store: ResultStore) -> None:
    thirds = group(graded(store, "ada", THIRDS))
    store.decide(points(3.0, group=thirds))
    store.comment(remark("Draw it.", group=thirds))
    for student in ("ada", "bob"):
        result = graded(store, student, THIRDS)
        assert (result.score, said(result)) == (3.0, ["Draw it."]), student
    assert graded(store, "cy", HALVES).score == 0.0
    again = graded(store, "bob", HALVES, "handed in again")
    assert (again.score, said(again)) == (0.0, [])
    assert graded(store, "ada", None, "handed in again").exercises[0].override is None


def test_a_learner_s_own_points_come_first_then_the_group_s_then_everybody_s(store: ResultStore) -> None:
    thirds = group(graded(store, "ada", THIRDS))
    seen = []
    for decision in (points(1.0), points(2.0, group=thirds), points(3.0, student="ada"), points(None, student="ada")):
        store.decide(decision)
        seen.append(read(store, "ada").score)
    store.decide(points(None, group=thirds))
    store.decide(points(None))
    assert [*seen, read(store, "ada").score] == [1.0, 2.0, 3.0, 2.0, 0.0]
    assert len(store.decisions()) == 6


def test_comments_stand_together_and_each_can_be_taken_back(store: ResultStore) -> None:
    thirds = group(graded(store, "ada", THIRDS))
    store.comment(remark("all"), remark("some", group=thirds), remark("you", student="ada"))
    store.comment(remark("whole", student="ada", exercise=""), remark("some, better", group=thirds))
    ada = read(store, "ada")
    assert said(ada) == ["all", "you", "some, better"]
    assert ada.comments == (Comment("whole", "helena", AT),)
    store.comment(remark(None, group=thirds), remark(None, student="ada", exercise=""))
    assert (said(read(store, "ada")), read(store, "ada").comments) == (["all", "you"], ())
    assert [each.text for each in store.remarks()][-2:] == [None, None]
    assert len(store.remarks()) == 7


def test_graded_with_other_checks_a_group_goes_on_with_all_that_was_decided(store: ResultStore) -> None:
    """The answers are others then: they are to other calls. Twice in a row."""
    before = [group(graded(store, student, THIRDS)) for student in ("ada", "bob")]
    store.decide(points(3.0, group=before[0]))
    store.comment(remark("Draw it.", group=before[0]))
    for checks, numbers in (("2/1", [[7.0]]), ("3/1", [[8.0]])):
        now = [graded(store, student, numbers, checks=checks) for student in ("ada", "bob")]
        assert group(now[0]) not in before
        before.append(group(now[0]))
        assert [(each.score, said(each)) for each in now] == [(3.0, ["Draw it."])] * 2, checks
        joined = graded(store, f"later {checks}", numbers, checks=checks)
        assert (joined.score, said(joined)) == (3.0, ["Draw it."])
    assert store.went_on_as(before[0]) == set(before[2:])
    assert store.lineage(before[-1]) == set(before)


def test_with_the_same_checks_nothing_goes_on_though_one_answers_otherwise_each_time(store: ResultStore) -> None:
    thirds = group(graded(store, "ada", THIRDS))
    store.comment(remark("Draw it.", group=thirds))
    graded(store, "cy", HALVES)
    assert said(graded(store, "ada", HALVES)) == []
    assert said(read(store, "cy")) == []


def test_points_of_an_unchanged_submission_stay_when_other_checks_find_nothing_wrong(store: ResultStore) -> None:
    thirds = group(graded(store, "ada", THIRDS))
    store.decide(points(3.0, group=thirds))
    assert graded(store, "ada", None, checks="2/1").score == 3.0
    assert graded(store, "ada", None, "handed in again", checks="2/1").score == 4.0


def test_two_groups_never_share_a_name(store: ResultStore) -> None:
    """The name is made of the first numbers, and these differ in the last ones."""
    names = [group(graded(store, f"s{number}", [[1.0, 2.0, number]])) for number in range(9)]
    assert len(set(names)) == 9
