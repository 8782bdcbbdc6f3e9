"""Gradescope: `results.json`, one for each submission.

The format is that of "Autograder Specifications" in Gradescope's autograder documentation (docs/specs.md of
gradescope/autograder_samples). Texts have the format `text`, which Gradescope shows as it is: no HTML, no Markdown.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from grader import __version__
from grader.core.assignment import Assignment
from grader.core.records import ExerciseStatus
from grader.results.export.standing import ExportedResult, part_text
from grader.results.feedback_page import ExercisePart

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
Result = dict[str, Any]
NOT_GRADED = (
    "This could not be graded, because of a failure on our side. The score shown is not your score: the submission "
    "will be graded again. Tell your instructor, who can see in the autograder's output what went wrong."
)


def gradescope_result(standing: ExportedResult, visibility: Visibility = "visible") -> Result:
    """One submission as Gradescope reads it: a test for each exercise, none for single checks, whose names are secret.

    An exercise that was not graded has no score; the whole has one all the same, as the format demands, and says that
    it is not final. What lateness costs is taken off the whole.
    """
    result = standing.result
    extra: Result = {"status": result.status.value, "final": standing.final, "max_score": result.max_score}
    if result.trusted:
        extra["trusted"] = True
    if result.late_penalty is not None:
        extra["late_penalty"] = result.late_penalty
    return {
        "score": result.final_score,
        "output": standing.opening(),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {**extra, "kit_version": __version__},
        "tests": [_test(number, part, standing) for number, part in enumerate(standing.parts, start=1)],
    }


def not_graded(assignment: Assignment, visibility: Visibility = "visible") -> Result:
    """Fallback results.json for a failure of the grader: total score 0, exercises unscored."""
    return {
        "score": 0.0,
        "output": NOT_GRADED,
        "output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"status": "grader_error", "final": False, "max_score": assignment.points},
        "tests": [
            {"name": f"{exercise.id}: {exercise.title}", "number": str(number), "max_score": exercise.points}
            for number, exercise in enumerate(assignment.exercises.values(), start=1)
        ],
    }


def gradescope_json(result: Result) -> str:
    """The text of the file; ASCII, so that no reader can take its encoding for another."""
    return json.dumps(result, indent=2, allow_nan=False) + "\n"


def _test(number: int, part: ExercisePart, standing: ExportedResult) -> Result:
    exercise = next(each for each in standing.result.exercises if each.id == part.id)
    test: Result = {
        "name": f"{part.id}: {part.title}" if part.title else part.id,
        "number": str(number),
        "max_score": exercise.max_score,
        "output": part_text(part),
        "extra_data": {"exercise": exercise.id, "status": exercise.status.value},
    }
    if exercise.override:
        test["extra_data"]["set_by_a_person"] = True
    if standing.result.counts(exercise):
        test["score"] = exercise.score
        test["status"] = "passed" if exercise.status is ExerciseStatus.PASSED else "failed"
    return test
