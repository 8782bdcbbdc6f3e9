"""GitHub Classroom: the result of one submission in the format of `grader.selfcheck.classroom_result`."""

from __future__ import annotations

from typing import Any

from grader.export.standing import Standing
from grader.records import ExerciseStatus, SubmissionStatus
from grader.selfcheck.classroom_result import Status, Test, classroom_result

_STATUSES: dict[ExerciseStatus, Status] = {ExerciseStatus.PASSED: "pass", ExerciseStatus.GRADER_ERROR: "error"}


def classroom_result_of(standing: Standing) -> dict[str, Any]:
    """A test for each exercise; for what was not graded, one that says why."""
    result = standing.result
    tests = []
    if result.status is not SubmissionStatus.GRADED:
        status: Status = "fail" if standing.final else "error"
        tests.append(Test("what was handed in", status, 0, standing.opening().replace("\n", " ")))
    by_id = {exercise.id: exercise for exercise in result.exercises}
    for part in standing.parts:
        exercise = by_id[part.id]
        said = part.override or part.summary or part.state.words
        tests.append(Test(f"{part.id}: {part.title}", _STATUSES.get(exercise.status, "fail"), exercise.score, said))
    return classroom_result(tests, result.max_score)
