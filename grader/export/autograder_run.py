"""What `run_autograder` starts in Gradescope's container: one submission in, `results.json` out.

Where things lie is in "Autograder Specifications" of Gradescope's autograder documentation; another place than
/autograder can be named in AUTOGRADER_ROOT. What is printed is for the instructor, who sees it as the autograder's
output. Whatever fails here, the results.json that says so was put there before.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import traceback
from pathlib import Path

from grader.collect import Entry
from grader.course import Assignment, find_assignment, load_course
from grader.course.late import late_share
from grader.errors import GradingError, KitError
from grader.export.autograder_settings import Settings, read_settings
from grader.export.gradescope import as_json, gradescope_result, with_late_penalty
from grader.export.standing import standing_of
from grader.export.submission_metadata import read_metadata
from grader.grading.batch import Batch
from grader.grading.device import require_linux
from grader.grading.isolation import LEVELS, Isolation, choose_isolation, isolation_of, try_layers
from grader.grading.process import Plan
from grader.grading.run_folder import run_folder
from grader.inert import inert
from grader.records import SubmissionResult
from grader.report.atomic import write_atomically

_STUDENT = "submission"


def main() -> int:
    """Grade what lies in the submission's folder. Gives 0 when it got a result, whatever that is."""
    try:
        _run(Path(os.environ.get("AUTOGRADER_ROOT", "/autograder")).resolve())
    except KitError as error:
        print(error)
        return error.exit_code
    except Exception:
        traceback.print_exc(file=sys.stdout)
        return 1
    return 0


def _run(place: Path) -> None:
    require_linux()
    source = place / "source"
    settings = read_settings(source)
    course = load_course(source)
    assignment = find_assignment(course, settings.assignment)
    metadata, note = read_metadata(place / "submission_metadata.json")
    if note:
        print(note)
    result = _graded(place, assignment, _isolation(settings))
    share = late_share(assignment.late, metadata.due or assignment.due, metadata.created_at)
    text = as_json(
        with_late_penalty(gradescope_result(standing_of(result, course, assignment), settings.visibility), share)
    )
    write_atomically(place / "results" / "results.json", [text])
    print(f"{result.status}: {result.score:g} of {result.max_score:g} points" + (f", {share:.0%} off" if share else ""))


def _graded(place: Path, assignment: Assignment, isolation: Isolation) -> SubmissionResult:
    source, submission = place / "source", place / "submission"
    seed = secrets.randbits(64)
    print(f"Learners' code is {isolation.level}. {LEVELS[isolation.level]} The inputs' seed is {seed}.")
    hidden = (source / "solutions", submission, place / "results")
    with run_folder():
        batch = Batch(Plan(source, assignment, seed, "cpu", isolation, hidden), jobs=1)
        with contextlib.closing(batch.run([Entry(_STUDENT, _modules_in(submission, assignment))])) as results:
            graded = next(results)
    for fault in batch.faults:
        print(f"Our mistake: {inert(fault, 4000)}")
    return graded.result


def _modules_in(submission: Path, assignment: Assignment) -> Path:
    """The submission's folder, or the lesson's in it, where a whole repository was handed in."""
    inside = submission / "exercises" / assignment.id
    linked = any(path.is_symlink() for path in (inside, inside.parent))
    return inside if inside.is_dir() and not linked else submission


def _isolation(settings: Settings) -> Isolation:
    """The best that can be had. Raises `GradingError` when that is too little, unless the archive was made for that."""
    try:
        isolation, note = choose_isolation(None)
    except GradingError as error:
        if not settings.trusted:
            raise
        print(f"{error}\nThis archive was made with --trusted, so it is graded with the layers that work.")
        return isolation_of(try_layers())
    if note:
        print(note)
    return isolation


if __name__ == "__main__":
    sys.exit(main())
