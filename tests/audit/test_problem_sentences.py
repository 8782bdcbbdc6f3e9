"""What the audit says of a reference solution that isn't right: once, whatever the number of seeds."""

import pytest

from grader.audit.trial_problems import reference_problems
from grader.audit.trials import Kind, Subject, Trial, TrialRun
from grader.core.records import ExerciseStatus


def run(seed: int, score: float, said: str) -> TrialRun:
    status = ExerciseStatus.PASSED if score == 3 else ExerciseStatus.FAILED
    return TrialRun("mean", seed, status, score, 3.0, (), said)


def problems(*runs: TrialRun) -> list[str]:
    return list(reference_problems(Trial(Subject(Kind.REFERENCE, "mean", "reference", "", {}), runs)))


@pytest.mark.parametrize("seeds", [1, 2, 5, 20])
def test_a_reference_that_always_fails_is_one_problem(seeds: int) -> None:
    assert problems(*(run(seed, 0, "It is wrong.") for seed in range(1, seeds + 1))) == [
        "mean: the reference solution earns 0 of 3 points with every seed. It is wrong."
    ]


def test_one_that_fails_with_some_seeds_names_these() -> None:
    found = problems(run(1, 0, "It is wrong."), run(2, 3, ""), run(3, 0, "It is wrong."), run(4, 1, "It is small."))
    assert found == [
        "mean: the reference solution earns 0 of 3 points with seeds 1, 3. It is wrong.",
        "mean: the reference solution earns 1 of 3 points with seed 4. It is small.",
    ]
