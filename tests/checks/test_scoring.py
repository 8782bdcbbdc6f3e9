"""From checks to points and a status: by one rule, adding up to the last digit."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import CheckInfo, check, guard
from grader.checks.scoring import CheckOutcome, judge
from grader.core.records import CheckStatus, ExerciseResult, ExerciseStatus, Finding

PASSED, FAILED, TODO = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.TODO


@dataclass(frozen=True)
class Exercise:
    id: str = "mse"
    points: float = 4
    needs: tuple[str, ...] = ()
    hints: tuple[str, ...] = ("look at the name",)


@dataclass(frozen=True)
class Use:
    name: str = field(default="torch.nn.functional.mse_loss")


def earns(points: float, status: CheckStatus, culprit: str | None = None) -> CheckOutcome:
    finding = None if status is PASSED else Finding(f"a check of {points:g} points failed")
    return CheckOutcome(f"check{points:g}", CheckInfo("mse", points, 0, ""), status, finding, culprit)


def takes(share: float, status: CheckStatus) -> CheckOutcome:
    finding = None if status is PASSED else Finding("a guard failed")
    return CheckOutcome(f"guard{share:g}", CheckInfo("mse", 0, share, ""), status, finding)


def test_everything_right_earns_everything() -> None:
    result = judge(Exercise(), [earns(1, PASSED), earns(2, PASSED), takes(0.5, PASSED)], {})
    assert (result.status, result.score, result.finding) == (ExerciseStatus.PASSED, 4, None)


def test_points_are_shared_by_weight() -> None:
    result = judge(Exercise(), [earns(1, PASSED), earns(3, FAILED)], {})
    assert (result.status, result.score) == (ExerciseStatus.PARTIAL, 1)
    assert result.finding == Finding("a check of 3 points failed", (), "look at the name")


def test_a_guard_takes_away_and_never_earns() -> None:
    assert judge(Exercise(), [earns(1, PASSED), takes(0.25, FAILED)], {}).score == 3
    assert judge(Exercise(), [earns(1, PASSED), takes(0.25, FAILED)], {}).status is ExerciseStatus.PARTIAL
    nothing = judge(Exercise(), [earns(1, FAILED), takes(0.25, PASSED)], {})
    assert (nothing.status, nothing.score) == (ExerciseStatus.FAILED, 0)


def test_what_earns_is_named_before_what_only_takes() -> None:
    result = judge(Exercise(), [takes(0.5, FAILED), earns(1, FAILED)], {})
    assert result.finding is not None
    assert result.finding.summary == "a check of 1 points failed"


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1), st.lists(st.floats(0.01, 1), max_size=4))
def test_the_checks_add_up_to_the_score_and_the_score_is_never_negative(
    earning: list[tuple[int, bool]], shares: list[float]
) -> None:
    outcomes = [earns(points, PASSED if ok else FAILED) for points, ok in earning]
    result = judge(Exercise(points=7), [*outcomes, *(takes(share, FAILED) for share in shares)], {})
    assert result.score == pytest.approx(sum(check.points for check in result.checks), abs=1e-6)
    assert 0 <= result.score <= 7
    assert sum(check.max_points for check in result.checks) == pytest.approx(7, abs=1e-6)
    if all(ok for _, ok in earning) and not shares:
        assert result.score == 7


def test_nothing_written_yet_is_to_do() -> None:
    result = judge(Exercise(), [earns(1, TODO), takes(0.5, TODO)], {})
    assert (result.status, result.score) == (ExerciseStatus.TODO, 0)


def other(status: CheckStatus) -> ExerciseResult:
    return judge(Exercise("model"), [earns(1, status)], {})


def test_what_fails_and_needs_what_fails_is_blocked_and_says_by_what() -> None:
    result = judge(Exercise("train", needs=("model",)), [earns(1, FAILED)], {"model": other(FAILED)})
    assert result.status is ExerciseStatus.BLOCKED
    assert result.finding is not None
    assert "model" in result.finding.summary


def test_what_passes_is_never_blocked() -> None:
    result = judge(Exercise("train", needs=("model",)), [earns(1, PASSED)], {"model": other(FAILED)})
    assert result.status is ExerciseStatus.PASSED


def test_what_fails_by_itself_is_not_blocked() -> None:
    result = judge(Exercise("train", needs=("model",)), [earns(1, FAILED)], {"model": other(PASSED)})
    assert result.status is ExerciseStatus.FAILED


def test_of_several_that_are_broken_the_one_that_raised_is_named() -> None:
    earlier = {"model": other(FAILED), "loss": judge(Exercise("loss"), [earns(1, FAILED)], {})}
    exercise = Exercise("train", needs=("model", "loss"))
    result = judge(exercise, [earns(1, FAILED, culprit="loss")], earlier)
    assert result.finding is not None
    assert "loss" in result.finding.summary
    assert "model" not in result.finding.summary


def test_a_forbidden_function_earns_nothing_and_is_named() -> None:
    result = judge(Exercise(), [earns(1, PASSED)], {}, [(Use(), "from_scratch.py, line 3")])
    assert (result.status, result.score) == (ExerciseStatus.FORBIDDEN, 0)
    assert result.finding is not None
    assert "mse_loss" in result.finding.summary


@pytest.mark.parametrize("status", [CheckStatus.TIMED_OUT, CheckStatus.CRASHED])
def test_what_was_earned_before_a_stop_is_kept(status: CheckStatus) -> None:
    result = judge(Exercise(), [earns(1, PASSED), earns(1, status)], {})
    assert (str(result.status), result.score) == (str(status), 2)


def test_our_own_failure_is_never_the_learners() -> None:
    result = judge(Exercise(), [earns(1, FAILED), earns(1, CheckStatus.GRADER_ERROR)], {})
    assert result.status is ExerciseStatus.GRADER_ERROR


def test_a_check_must_be_worth_something() -> None:
    with pytest.raises(ValueError, match="earns 0 points"):
        check("mse", points=0)
    for penalty in (0, 2, None):
        with pytest.raises(ValueError, match="above 0 and at most 1"):
            guard("mse", penalty=penalty)


def test_a_guard_that_says_what_it_takes_is_understood_for_one_release_more() -> None:
    with pytest.warns(DeprecationWarning, match="penalty"):
        guard("mse", takes=0.5)
    with pytest.warns(DeprecationWarning, match="penalty"), pytest.raises(ValueError, match="the penalty 2"):
        guard("mse", takes=2)
