"""Our grader where it grades elsewhere: for Gradescope, `results.json` and the autograder's archive; for GitHub
Classroom, the workflow.

`results.json`, one for each submission, has the format of "Autograder Specifications" in Gradescope's autograder
documentation (docs/specs.md of gradescope/autograder_samples), which also says what must be in the archive, and where
it lies when it runs. Texts have the format `text`, which Gradescope shows as it is: no HTML, no Markdown.

The workflow's form is that of those that GitHub Classroom makes, with the step of "Usage" in the README of
classroom-resources/autograding-grading-reporter. Hidden checks have no place in a repository that a learner can read.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, get_args

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pydantic import BaseModel, ConfigDict, ValidationError

import grader
from grader import __version__
from grader.core.assignment import Assignment, for_all_variants
from grader.core.errors import ExportError, did_you_mean
from grader.core.files import read_if_there, replace_file, zipped
from grader.core.records import ExerciseStatus
from grader.core.sanitize import sanitized
from grader.course.templates import template
from grader.results.export.exported import ExportedResult, part_text
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


UNKNOWN_LEARNER = (
    "This could not be graded: it is not known which variant of the assignment is yours. The score shown is not your "
    "score. Tell your instructor, who can see in the autograder's output why."
)


def not_graded(assignment: Assignment, visibility: Visibility = "visible", why: str = NOT_GRADED) -> Result:
    """Fallback results.json for what could not be graded: total score 0, exercises unscored."""
    return {
        "score": 0.0,
        "output": why,
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


GRADING = ("jinja2", "numpy", "pydantic", "pytest", "rich", "torch")
SELF_CHECK = ("numpy", "pytest", "torch")
# Where it will be installed, whatever this is.
_THERE = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "extra": ""}


def pinned(names: tuple[str, ...]) -> dict[str, str]:
    """Version by name, for these packages alone. A build's own label (`+cpu`) is no part of it."""
    return {name: metadata.version(name).partition("+")[0] for name in names}


def all_pinned(names: tuple[str, ...]) -> dict[str, str]:
    """The same with everything that they need on Linux, as far as it is installed here, sorted by name."""
    found: dict[str, str] = {}
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # needed there and not here: pip finds it by itself
            continue
        found[name] = package.version.partition("+")[0]
        for line in package.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate(_THERE):
                waiting.append(canonicalize_name(needed.name))
    return dict(sorted(found.items()))


def pinned_requirements(pins: dict[str, str], index: str = "") -> str:
    """A requirements file; `index` is one more place to look for packages, such as one with builds for the CPU."""
    lines = [f"--extra-index-url {index}"] if index else []
    return "\n".join([*lines, *(f"{name}=={version}" for name, version in pins.items())]) + "\n"


SETTINGS_FILE = "autograder.json"


class Settings(BaseModel):
    """The assignment's id, what learners see and when, and whether to grade where code can't be shut in well enough.
    Of an assignment with variants, who has which: by `folded` e-mail address."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    assignment: str
    visibility: Visibility = "visible"
    trusted: bool = False
    variants: dict[str, str] = {}


# What each key must hold, in words.
_EXPECTED = {
    "assignment": "a text, the id of an assignment",
    "visibility": f"one of {', '.join(get_args(Visibility))}",
    "trusted": "true or false",
    "variants": "an object: the variant of each e-mail address, as a text",
}


def read_settings(folder: Path) -> Settings:
    """The settings in `folder`. Raises `ExportError`, with a sentence for all that is wrong."""
    path = folder / SETTINGS_FILE
    try:
        return Settings.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ExportError(f"{path} can't be read: {error.strerror or error}. {_AGAIN}") from None
    except (ValidationError, RecursionError) as error:
        problems = json_problems(error, _EXPECTED, f"an object with the keys {', '.join(Settings.model_fields)}")
        more = f" … and {len(problems) - _MOST_PROBLEMS} more." if len(problems) > _MOST_PROBLEMS else ""
        raise ExportError(f"{path}: {' '.join(problems[:_MOST_PROBLEMS])}{more} {_AGAIN}") from None


_AGAIN = "Make the archive again, with `export gradescope-autograder`."
_MOST_PROBLEMS = 5


def json_problems(
    error: ValidationError | RecursionError, expected: Mapping[str, str], whole: str, others: str = ""
) -> list[str]:
    """A sentence for each thing that is wrong in a JSON file: where, what was expected, and what was found.

    `expected` says what each key holds, the `whole` what the file does, and `others` what all other keys do.
    """
    if isinstance(error, RecursionError):
        return [f"expected {whole}, found values in each other without end."]
    sentences = []
    for each in error.errors(include_url=False):
        names = [str(part) for part in each["loc"] if not isinstance(part, int)]
        where, found = f'"{sanitized(".".join(names), 120)}"', _found(each["input"])
        wanted = expected.get(names[-1] if names else "") or expected.get(names[0] if names else "") or others
        if each["type"] == "json_invalid":
            place = re.search(r"line \d+ column \d+", str(each.get("ctx", {}).get("error", "")))
            sentences.append(f"expected JSON, found what is none{f', at {place[0]}' if place else ''}.")
        elif not names:
            sentences.append(f"expected {whole}, found {found}.")
        elif each["type"] == "extra_forbidden":
            known = list(expected)
            hint = did_you_mean(names[-1], known)
            sentences.append(f"unknown key {where}: expected {', '.join(known)}, and no others.{hint}")
        elif each["type"] == "missing":
            sentences.append(f"the key {where} is missing: expected {wanted}.")
        else:
            sentences.append(f"{where} must be {wanted}, found {found}.")
    return sentences


def _found(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return sanitized(json.dumps(value, ensure_ascii=False, default=repr), 80)


_TEMPLATES = Path(__file__).resolve().parent / "templates"
_SCRIPTS = frozenset({"setup.sh", "run_autograder"})
_COURSE = ("exercises", "solutions")
_LEFT_ASIDE = {"__pycache__", "node_modules"}


def autograder_archive(root: Path, assignment: Assignment, settings: Settings, index: str = "") -> bytes:
    """The archive; the same course, kit, packages and settings give the same bytes.

    It holds solutions and hidden checks. `index` is one more place where pip looks for packages. Raises `ExportError`
    when a file of the course can't be read.
    """
    files = {name: (_TEMPLATES / f"{name}.j2").read_bytes() for name in _SCRIPTS}
    files["requirements.txt"] = pinned_requirements(all_pinned(GRADING), index).encode()
    files[SETTINGS_FILE] = (settings.model_dump_json(indent=2) + "\n").encode()
    files["not_graded.json"] = gradescope_json(not_graded(for_all_variants(assignment), settings.visibility)).encode()
    files |= _folder(Path(grader.__file__).resolve().parent, "grader")
    try:
        files["course.toml"] = (root / "course.toml").read_bytes()
        for name in _COURSE:
            files |= _folder(root / name, name)
    except OSError as error:
        raise ExportError(f'"{error.filename}" can\'t be read: {error.strerror}.') from None
    if not any(name.startswith("solutions/") for name in files):
        raise ExportError(f'There is no folder "solutions" in "{root}": without it nothing can be graded.')
    return zipped(files, _SCRIPTS)


def _folder(folder: Path, name: str) -> dict[str, bytes]:
    """The plain files in a folder at any depth, but hidden and derived ones, by their path in the archive."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(_aside(part) for part in path.relative_to(folder).parts)
    }


def _aside(part: str) -> bool:
    return part in _LEFT_ASIDE or part.startswith(".") or part.endswith((".pyc", ".bak"))


WORKFLOW_FILE = ".github/workflows/classroom.yml"


def classroom_workflow(assignment: Assignment, index: str = "") -> str:
    """The text of the workflow, with the versions of Python and of the packages that are installed here."""
    packages = [f"{name}=={version}" for name, version in pinned(SELF_CHECK).items()]
    if index:
        packages += ["--extra-index-url", shlex.quote(index)]
    return template("grader.results.export", "classroom.yml.j2").render(
        assignment=assignment.id,
        packages=" ".join(packages),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def write_workflow(folder: Path, assignment: Assignment, index: str = "") -> Path:
    """Write it to its place in a repository's folder. Raises `ExportError` where a workflow of somebody else's is."""
    path = folder / WORKFLOW_FILE
    text = classroom_workflow(assignment, index)
    made = text.split("\n", 1)[0].encode()
    there = read_if_there(path)
    if there is not None and not there.startswith(made):
        raise ExportError(f"{path} is there already, and was not made by this command. Move it away first.")
    replace_file(path, text.encode())
    return path
