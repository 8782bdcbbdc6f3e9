"""No group mixes what other draws would tell apart: wrong answers of the bank, in process, and 200 fresh inputs each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from grader.checks.observed import CallRecord, answers_of, looked_at
from grader.core.answers import Answers
from grader.course.load import load_course
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.diagnose import CLASS_DRAWS, Diagnosis
from grader.grading.local_run import answers, implemented, run_locally

pytestmark = pytest.mark.slow

# Those whose functions are soon called; the others are found alike in the same way.
EXERCISES = ("to_tensors", "gradient_step")
FRESH_INPUTS = 200


def given(calls: Sequence[CallRecord], sources: Mapping[str, str]) -> Answers | None:
    """What an implementation shows in these calls."""
    came = answers([each.call for each in calls], sources)
    found = [
        CallRecord(each.check, each.number, each.call, *(answer or (None, "")))
        for each, answer in zip(calls, came, strict=True)
    ]
    return answers_of(found, looked_at(calls))


def alike(diagnosis: Diagnosis, name: str) -> list[list[Mapping[str, str]]]:
    """All wrong implementations of an exercise, those together whose answers to the class's calls are alike."""
    exercise = diagnosis.assignment.exercises[name]
    groups: list[tuple[list[Answers | None], list[Mapping[str, str]]]] = []
    for mistake in diagnosis.bank.mistakes[name]:
        for way in mistake.ways:
            sources = implemented(diagnosis.reference, exercise.module, way.source)
            shown = [given(calls, sources) for calls in diagnosis.class_calls(exercise)]
            for first, members in groups:
                if all(one and other and one.is_like(other) for one, other in zip(shown, first, strict=True)):
                    members.append(sources)
                    break
            else:
                groups.append((shown, [sources]))
    return [members for _, members in groups]


def fresh_calls(checks: CollectedChecks, diagnosis: Diagnosis, name: str) -> Iterator[Sequence[CallRecord]]:
    exercise = diagnosis.assignment.exercises[name]
    drawn, seed = 0, max(CLASS_DRAWS)
    while drawn < FRESH_INPUTS:
        seed += 1
        run = run_locally(checks, diagnosis.assignment, exercise, diagnosis.reference, seed=seed)
        drawn += len(run.calls)
        yield run.calls


@pytest.mark.parametrize("name", EXERCISES)
def test_no_group_mixes_what_200_fresh_inputs_tell_apart(root: Path, name: str) -> None:
    mixed: list[str] = []
    sizes: list[int] = []

    def body(checks: CollectedChecks) -> None:
        diagnosis = Diagnosis.of(root, load_course(root).assignments["linear_regression"], checks)
        groups = alike(diagnosis, name)
        sizes.extend(map(len, groups))
        for calls in fresh_calls(checks, diagnosis, name):
            for number, members in enumerate(each for each in groups if len(each) > 1):
                first, *others = (given(calls, sources) for sources in members)
                mixed.extend(f"group {number}" for each in others if not (first and each and first.is_like(each)))

    run_hidden(root, load_course(root).assignments["linear_regression"], body)
    assert mixed == []
    # Most misconceptions behave like no other, and some have several ways to them.
    assert len(sizes) > 20
    assert max(sizes) > 1
