"""What is left of a submission's limits."""

from __future__ import annotations

import pytest

from grader.core.assignment import Limits
from grader.core.records import Effort
from grader.grading.budget import SHORT_SECONDS, Budget
from grader.sandbox.protocol.messages import EXERCISE_BYTES, SUBMISSION_BYTES

LIMITS = Limits(exercise_seconds=4, import_seconds=3, submission_seconds=10)


@pytest.fixture
def budget() -> Budget:
    return Budget(LIMITS)


def test_a_call_may_take_what_is_left_of_its_exercise(budget: Budget) -> None:
    budget.spend(1.5, of_exercise=True)
    assert (budget.call_seconds, budget.seconds) == (2.5, 8.5)


def test_the_time_of_an_import_is_the_submissions_alone(budget: Budget) -> None:
    budget.spend(1.5, of_exercise=False)
    assert (budget.call_seconds, budget.seconds) == (4, 8.5)


def test_what_is_left_of_the_submission_bounds_every_exercise(budget: Budget) -> None:
    budget.spend(9, of_exercise=False)
    assert budget.call_seconds == 1
    budget.spend(1, of_exercise=True)
    assert budget.call_seconds == 0
    assert budget.time_over() == "Your exercises together ran past the 10-second limit for a submission."


def test_how_near_an_exercise_came_to_a_limit_of_a_call_or_to_its_own(budget: Budget) -> None:
    budget.begin_exercise(call_seconds=1.25)
    assert budget.effort == Effort(0.0, 0.0)
    budget.spend(1, of_exercise=True)
    assert budget.effort == Effort(1.0, 0.8)
    for _ in range(5):
        budget.spend(0.5, of_exercise=True)
    budget.spend(0.5, of_exercise=False)
    assert budget.effort == Effort(3.5, 0.875)
    budget.begin_exercise()
    budget.spend(1, of_exercise=True)
    assert budget.effort == Effort(1.0, 0.25)


def test_what_needs_an_exercise_that_ran_out_of_time_is_hurried(budget: Budget) -> None:
    budget.begin_exercise(hurried=True)
    assert budget.call_seconds == SHORT_SECONDS
    assert "needs another one, which ran out of time" in budget.time_over()
    budget.begin_exercise()
    assert budget.call_seconds == 4
    budget.spend(4, of_exercise=True)
    assert budget.time_over() == "This exercise ran past its 4-second limit."


def test_a_call_has_a_limit_of_its_own_and_other_calls_the_rest_of_the_exercise(budget: Budget) -> None:
    budget.begin_exercise(call_seconds=1.25)
    assert budget.call_seconds == 1.25
    budget.spend(1.25, of_exercise=True)
    assert budget.time_over() == (
        "One call ran past the 1.2-second limit for a call. Most often that is a loop that never ends."
    )
    assert budget.call_seconds == 1.25
    budget.spend(2, of_exercise=True)
    assert budget.call_seconds == 0.75
    budget.spend(0.75, of_exercise=True)
    assert budget.time_over() == "This exercise ran past its 4-second limit."
    budget.begin_exercise(call_seconds=0.5, hurried=True)
    assert budget.call_seconds == 0.5
    assert "So each call had a 0.5-second limit, and ran past it." in budget.time_over()


def test_an_import_that_was_slow_once_is_given_little_time(budget: Budget) -> None:
    assert (budget.import_seconds(short=False), budget.import_seconds(short=True)) == (3, SHORT_SECONDS)


def test_answers_have_room_in_their_exercise_and_in_the_submission(budget: Budget) -> None:
    def has_room(size: int) -> bool:
        return budget.spend(0, size, of_exercise=True)

    assert has_room(EXERCISE_BYTES)
    assert not has_room(1)
    for _ in range(SUBMISSION_BYTES // EXERCISE_BYTES):
        budget.begin_exercise()
        has_room(EXERCISE_BYTES - 1)
    budget.begin_exercise()
    assert not has_room(EXERCISE_BYTES)


def test_an_exercise_that_is_graded_again_has_its_time_again(budget: Budget) -> None:
    budget.spend(3, of_exercise=True)
    assert (budget.call_seconds, budget.seconds) == (1, 7)
    budget.go_back_to(10)
    assert (budget.call_seconds, budget.seconds) == (4, 10)
