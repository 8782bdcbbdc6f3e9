"""The words and signs that people see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.labels import bar, joined, mistake_words, points, state_words, submission_words
from grader.core.records import CheckStatus, ExerciseStatus, SubmissionStatus


def test_every_state_has_words_a_meaning_and_a_sign_of_its_own() -> None:
    states = [state_words(status) for status in ExerciseStatus]
    for number in range(3):
        assert len({state[number] for state in states}) == len(ExerciseStatus)
    for state in [*states, *map(submission_words, SubmissionStatus)]:
        assert state.ascii.isascii()
        assert len(state.symbol) == len(state.ascii) == 1
        assert state.meaning.endswith(".")


def test_a_check_is_said_like_an_exercise() -> None:
    for status in CheckStatus:
        assert state_words(status) == state_words(ExerciseStatus(status.value))


def test_what_blocks_is_named() -> None:
    assert state_words(ExerciseStatus.BLOCKED).words == "blocked"
    assert state_words(ExerciseStatus.BLOCKED, ["mse"]).words == "blocked by mse"
    assert "mse, which isn't done yet. Do that" in state_words(ExerciseStatus.BLOCKED, ["mse"]).meaning
    assert state_words(ExerciseStatus.BLOCKED, ["a", "b"]).words == "blocked by a and b"
    assert state_words(ExerciseStatus.FAILED, ["mse"]).words == "not right yet"


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_joined_as_a_person_would(names: list[str], text: str) -> None:
    assert joined(names) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3.0, "3"),
        (2.5, "2.5"),
        (4 / 3, "1.33"),
        (0.0, "0"),
        (-0.001, "0"),
        (-1.5, "-1.5"),
        (30, "30"),
        (1e7, "10000000"),
    ],
)
def test_points_have_no_needless_decimals(number: float, text: str) -> None:
    assert points(number) == text


def test_a_gradebook_can_ask_for_more_decimals() -> None:
    assert points(4 / 3, 4) == "1.3333"


@given(st.floats(), st.integers(1, 60))
def test_a_bar_has_its_width_and_is_full_only_when_all_is_done(fraction: float, width: int) -> None:
    drawn = bar(fraction, width, ascii=True)
    assert len(drawn) == width
    assert drawn == "#" * drawn.count("#") + "." * drawn.count(".")
    if width > 1:
        assert ("." not in drawn) == (fraction >= 1)
    assert ("#" not in drawn) == (not fraction > 0)
    assert bar(fraction, width) == drawn.replace("#", "█").replace(".", "░")


@pytest.mark.parametrize(
    ("exercise", "mistake", "said"),
    [("fit", "fit_never_steps", "never steps"), ("mse", "sum_for_mean", "sum for mean"), ("fit", "fits", "fits")],
)
def test_a_mistake_is_said_without_its_exercise_which_is_said_already(exercise: str, mistake: str, said: str) -> None:
    assert mistake_words(exercise, mistake) == said
