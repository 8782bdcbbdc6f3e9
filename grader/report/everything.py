"""Every file of the output folder that is a rendering of the results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from grader.course.model import Assignment, Course
from grader.records import Decision, SubmissionResult
from grader.report.feedback import write_feedback
from grader.report.gradebook import write_grades
from grader.report.jsonl import write_jsonl
from grader.report.mistakes import write_mistakes
from grader.report.overrides import write_overrides


def write_reports(
    folder: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    decisions: Sequence[Decision],
    course: Course,
    assignment: Assignment,
) -> list[Path]:
    """Renders everything into `folder` and returns what was written (of the pages, their folder).

    `results` gives the results afresh each time it is called, sorted by student: `store.results`. `decisions` is the
    history of overrides; in a batch where nobody ever set points there is no file of them. Raises `ResultsError` when
    a file can't be written.
    """
    jsonl, grades = folder / "results.jsonl", folder / "grades.csv"
    overrides, mistakes = folder / "overrides.csv", folder / "mistakes.csv"
    feedback, index = folder / "feedback", folder / "feedback_index.csv"
    write_jsonl(jsonl, results())
    write_grades(grades, results(), assignment)
    write_mistakes(mistakes, results())
    write_feedback(feedback, index, results, course, assignment)
    if not decisions:
        return [jsonl, grades, mistakes, feedback, index]
    write_overrides(overrides, decisions)
    return [jsonl, grades, overrides, mistakes, feedback, index]
