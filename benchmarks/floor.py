"""The floor: nothing but the hidden checks, in a warm process. No tool can be faster on the same checks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from benchmarks.inprocess import InProcess, hidden_checks, run
from grader.worker.modules import LearnerModules


@dataclass
class FloorTimes:
    """Seconds for one submission: in all, in the learner's functions, and by exercise."""

    seconds: float
    learner: float
    exercises: dict[str, float] = field(default_factory=dict)
    learner_by_exercise: dict[str, float] = field(default_factory=dict)


def grade_in_process(sources: dict[str, str]) -> FloorTimes:
    """Import a submission afresh and run every hidden check on it. Raises `CheckFailed` when one fails."""
    started = time.perf_counter()
    modules = LearnerModules(sources)
    times = FloorTimes(0.0, 0.0)
    for check in hidden_checks():
        transport = InProcess(modules)
        begun = time.perf_counter()
        run(check, transport)
        exercise = check.info.exercise
        spent = time.perf_counter() - begun
        times.exercises[exercise] = times.exercises.get(exercise, 0.0) + spent
        times.learner_by_exercise[exercise] = times.learner_by_exercise.get(exercise, 0.0) + transport.seconds
    modules.forget()
    times.seconds = time.perf_counter() - started
    times.learner = sum(times.learner_by_exercise.values())
    return times
