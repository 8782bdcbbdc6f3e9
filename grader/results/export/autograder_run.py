"""What `run_autograder` starts in Gradescope's container: one submission in, `results.json` out.

`submission_metadata.json` is described in "Submission Metadata" of Gradescope's autograder documentation
(docs/submission_metadata.md of gradescope/autograder_samples). It may change and holds names that learners chose, so
it is read as a stranger's.

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
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from grader.core.assignment import Assignment, find_assignment, for_all_variants
from grader.core.due_dates import HandIn, lateness_of
from grader.core.errors import GradingError, KitError
from grader.core.files import write_report
from grader.core.records import SubmissionResult
from grader.core.sanitize import sanitized
from grader.course.load import load_course
from grader.derived.variant_course import VariantCourse, variant_course
from grader.grading.batch import Batch
from grader.grading.process import GradingPlan
from grader.grading.submission import Entry
from grader.results.export.deployments import (
    UNKNOWN_LEARNER,
    Settings,
    gradescope_json,
    gradescope_result,
    json_problems,
    not_graded,
    read_settings,
)
from grader.results.export.exported import standing_of
from grader.results.export.roster import folded
from grader.sandbox.host.machine import LEVELS, Isolation, choose_isolation, isolation_of, require_linux, try_layers
from grader.sandbox.host.run_folder import run_folder

_MOST_BYTES = 50_000_000  # it may repeat the results of earlier submissions


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Dates(_Metadata):
    due_date: AwareDatetime | None = None


class _User(_Metadata):
    assignment: _Dates | None = None  # there when somebody has more time than the others
    email: str | None = None


class Metadata(_Metadata):
    """What we want to know of it; None is not known."""

    created_at: AwareDatetime | None = None
    assignment: _Dates = _Dates()
    users: tuple[_User | None, ...] | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Of whom it is: e-mail addresses as they are `folded`, those of a group in its order."""
        return tuple(folded(user.email) for user in self.users or () if user and user.email)

    @property
    def due(self) -> AwareDatetime | None:
        """When it was due: of a group, for the one who has most time."""
        dates = [user.assignment for user in self.users or () if user and user.assignment]
        own = [each.due_date for each in dates if each.due_date]
        return max([*own, *([self.assignment.due_date] if self.assignment.due_date else [])], default=None)


def read_metadata(path: Path) -> tuple[Metadata, str]:
    """The metadata, and a sentence about why nothing is known (empty when all is well). Raises nothing."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return Metadata(), f"{path.name} has more than {_MOST_BYTES} bytes, and is not read."
        return Metadata.model_validate_json(path.read_bytes()), ""
    except FileNotFoundError:
        return Metadata(), f"There is no {path.name}: it is unknown when this was handed in."
    except OSError as error:
        return Metadata(), f"{path.name} can't be read: {error.strerror}."
    except (ValidationError, RecursionError) as error:
        what = json_problems(error, _EXPECTED, "an object, as Gradescope documents it", "an object")[0]
        return Metadata(), f"{path.name}: {what} Lateness is ignored; have it graded again, or grade it at home."


_TIME = "a date and a time with its zone, such as 2026-12-14T23:59:00+01:00"
_EXPECTED = {
    "created_at": _TIME,
    "due_date": _TIME,
    "email": "a text",
    "users": "an array with an object for each learner",
}
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
    lateness = lateness_of(assignment.late, metadata.due or assignment.due, metadata.created_at)
    each_has = {who: name for who in metadata.addresses if (name := settings.variants.get(who))}
    variant = next(iter(each_has.values()), "")
    if assignment.variants and variant not in assignment.variants:
        text = gradescope_json(not_graded(for_all_variants(assignment), settings.visibility, UNKNOWN_LEARNER))
        write_report(place / "results" / "results.json", [text])
        raise GradingError(_why_unknown(settings, assignment, metadata, variant, has_metadata=not note))
    with variant_course(source, course, assignment, variant, knows_others=True, to_grade=True) as made:
        graded = _graded(place, made, _isolation(settings))
    result = replace(graded, hand_in=HandIn(lateness=lateness), variant=made.name)
    shown = gradescope_result(standing_of(result, course, assignment), settings.visibility)
    for_learners, for_instructors = different_variants(each_has)
    if for_learners:
        shown["output"] += f"\n{for_learners}"
        print(for_instructors)
    text = gradescope_json(shown)
    write_report(place / "results" / "results.json", [text])
    off = f", {lateness.share:.0%} off" if lateness and lateness.share else ""
    print(
        f"{result.status}: {result.score:g} of {result.max_score:g} points{off}" if result.is_final else result.status
    )


def different_variants(each_has: Mapping[str, str]) -> tuple[str, str]:
    """What a group and its instructor are told where its members have different variants, by address; else nothing."""
    names = list(dict.fromkeys(each_has.values()))
    if len(names) < 2:
        return "", ""
    who = sanitized(", ".join(f"{address} {name}" for address, name in each_has.items()), 400)
    return (
        f"The members of your group were given different variants of this assignment ({', '.join(names)}). This was "
        f"graded as variant {names[0]}. If you answered another one, tell your instructor.",
        f"The members of this group have different variants ({who}). It is graded as variant {names[0]}, that of the "
        "first. If it answers another one, give them all that one in the roster, make the archive again, and have it "
        "graded again.",
    )


def _why_unknown(
    settings: Settings, assignment: Assignment, metadata: Metadata, variant: str, *, has_metadata: bool
) -> str:
    """Why nobody knows which variant was handed in, and what to do."""
    unknown = "It is not known which variant was handed in"
    again = "make the archive again, and have the submission graded again."
    if variant:
        known = ", ".join(assignment.variants or ())
        return (
            f"The archive says variant {sanitized(variant, 60)}, and the course's {assignment.id} has {known}: {again}"
        )
    if not settings.variants:
        return f"{unknown}: the archive was made without addresses. Say with --roster which is whose, {again}"
    if not metadata.addresses:
        named = "Gradescope names no e-mail address" if has_metadata else "who handed in can't be read"
        return f"{unknown}: {named}. Grade it at home, with `grade`, or have it graded again."
    return (
        f"{unknown}: Gradescope names {sanitized(', '.join(metadata.addresses), 400)}, and the roster that the archive "
        f"was made with has no such address. Add it, {again}"
    )


def _graded(place: Path, made: VariantCourse, isolation: Isolation) -> SubmissionResult:
    submission = place / "submission"
    seed = secrets.randbits(64)
    print(f"Learners' code is {isolation.level}. {LEVELS[isolation.level]} The inputs' seed is {seed}.")
    hidden = (place / "source" / "solutions", made.root / "solutions", submission, place / "results")
    with run_folder():
        batch = Batch(GradingPlan(made.root, made.assignment, seed, "cpu", isolation, hidden), jobs=1)
        with contextlib.closing(batch.run([Entry(_STUDENT, _modules_in(submission, made.assignment))])) as results:
            graded = next(results)
    for fault in batch.faults:
        print(f"Our mistake: {sanitized(fault, 4000)}")
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
        print(f"{error}\nThis archive was made with --sandbox none, so it is graded with the layers that work.")
        return isolation_of(try_layers())
    if note:
        print(note)
    return isolation


if __name__ == "__main__":
    sys.exit(main())
