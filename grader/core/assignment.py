"""A course as plain data: what `course.toml` holds, and finding an assignment in it; and its variants: who gets which,
and texts in which a parameter stands.

Learners' machines have these classes, too, so they need the standard library alone. `grader.course.load` fills them
from a file that it has checked to the last key, `grader.selfcheck.course_file` from one that it trusts.

Field order is the order of the file; exercises are checked in the order in which they are written. `id`s are the keys
of the tables (`[assignments.ID]`, `[assignments.ID.exercises.ID]`).

An author gives each variant the same parameters, in `course.toml`:

    [assignments.X.variants]
    a = { axis = 0, reduction = "mean" }
    b = { axis = 1, reduction = "sum" }

In texts, titles and hints a parameter is written `{{axis}}`. Of each variant a course is made in which its values stand
(`grader.derived.variant_course`), and all that grades, checks and releases knows only such courses.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from grader.core.errors import CourseError, did_you_mean


@dataclass(frozen=True)
class Allowed:
    """What a value in the file must be besides its type. `gt`, `ge` and `le` bound a number, `min_length` a text, an
    array or a table of tables; `pattern` is a regular expression for all of a text."""

    gt: float | None = None
    ge: float | None = None
    le: float | None = None
    min_length: int | None = None
    pattern: str | None = None


FILE_NAME = "course.toml"
SEALED = ".mistakes.json"  # in a lesson's folder: the misconceptions that the self-check knows, sealed
PAGE = "lesson.html"  # in a lesson's folder
NOTEBOOK = "lesson.ipynb"  # in a lesson's folder
PROGRESS = ".progress.css"  # beside a lesson's page: what of it is done
MANIFEST = ".stubs.json"  # in a lesson's folder: digests of the files that were generated there
Device = Literal["cpu", "cuda"]
Fraction = Annotated[float, Allowed(ge=0, le=1)]
NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
SLUG_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
TEXT_PATTERN = r"(?s)^.*\S.*$"  # not blank
ADDRESS_PATTERN = r"^https?://[^\s#\"<>\\]+$"
Name = Annotated[str, Allowed(pattern=NAME_PATTERN)]
Slug = Annotated[str, Allowed(pattern=SLUG_PATTERN)]
Text = Annotated[str, Allowed(pattern=TEXT_PATTERN)]
Address = Annotated[str, Allowed(pattern=ADDRESS_PATTERN)]
Devices = Annotated[tuple[Device, ...], Allowed(min_length=1)]
PositiveFloat = Annotated[float, Allowed(gt=0)]
PositiveInt = Annotated[int, Allowed(gt=0)]
Count = Annotated[int, Allowed(ge=0)]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a submission may use. Seconds are time that it could have run (`grader.sandbox.host.child`) unless they say
    CPU; sizes are bytes unless they say MB. `import_seconds` is for importing one module.

    One call may take `call_seconds`, or `reference_multiple` times what the reference solution takes for all checks of
    the exercise, whichever is more.
    """

    exercise_seconds: PositiveFloat = 5.0
    call_seconds: PositiveFloat = 2.0
    reference_multiple: PositiveFloat = 50.0
    import_seconds: PositiveFloat = 5.0
    submission_seconds: PositiveFloat = 20.0
    cpu_seconds: PositiveInt = 30
    memory_mb: PositiveInt = 1024
    output_bytes: PositiveInt = 1_000_000
    scratch_bytes: PositiveInt = 16_000_000
    module_bytes: PositiveInt = 200_000
    notebook_bytes: PositiveInt = 20_000_000
    archive_bytes: PositiveInt = 20_000_000
    archive_files: PositiveInt = 2_000
    archive_ratio: PositiveInt = 100
    folder_files: PositiveInt = 10_000
    repairs: Count = 300

    @property
    def process_cpu_seconds(self) -> int:
        """The CPU time after which the kernel ends a learner's process: never less than the other limits allow, with
        what isn't the learner's work (starting, loading libraries) on top."""
        return max(self.cpu_seconds, 2 * math.ceil(self.submission_seconds) + 60)


@dataclass(frozen=True, kw_only=True)
class Late:
    """The late policy: a share of the points per started day, once the grace is over."""

    grace_minutes: Count = 0
    penalty_per_day: Fraction = 0.0
    max_penalty: Fraction = 1.0


@dataclass(frozen=True, kw_only=True)
class Module:
    """One module of a submission. It may import the modules that are written before it."""

    id: Name
    title: Text
    notebook_landmarks: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One function that a learner writes. `hints` go from the gentle to the plain."""

    id: Name
    module: Name
    function: Name
    title: Text
    points: PositiveFloat
    needs: tuple[Name, ...] = ()
    forbidden: tuple[Text, ...] = ()
    devices: Devices | None = None
    hints: Annotated[tuple[Text, ...], Allowed(min_length=1)]


# How much a learner is told of a cause that an edit found: where it is, what is wrong there, or what would be right.
Told = Literal["place", "kind", "edit"]


@dataclass(frozen=True)
class OtherModule:
    """A module of another assignment of the course, whose id and title these are: the functions that it has."""

    assignment: str
    title: str
    functions: tuple[str, ...]


DERIVED = {"is_key": False}  # of a field that is no key of course.toml


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One lesson with its exercises. `lesson_url` is where its page, lesson.html, can be opened.

    `variants` are the parameters of each variant, by name; what was made for the learners of one has none, and is told
    by `variant`. `others` are the modules of the course's other assignments: work on those may lie beside the work on
    this one.
    """

    id: Name
    title: Text
    lesson_url: Address | None = None
    due: datetime | None = None
    late: Late = Late()
    limits: Limits = Limits()
    causes: Told = "kind"
    devices: Devices = ("cpu",)
    variants: dict[Name, dict[Name, Any]] | None = None
    variant: Name | None = None
    modules: Annotated[dict[Name, Module], Allowed(min_length=1)]
    exercises: Annotated[dict[Name, Exercise], Allowed(min_length=1)]
    others: tuple[OtherModule, ...] = field(default=(), metadata=DERIVED)

    @property
    def points(self) -> float:
        """All the points that can be earned."""
        return sum(exercise.points for exercise in self.exercises.values())

    def order(self) -> list[str]:
        """Exercises in the order in which they are checked: as written, but after those that they need."""
        return in_order({name: exercise.needs for name, exercise in self.exercises.items()})

    def devices_of(self, exercise: Exercise) -> tuple[Device, ...]:
        """Where this exercise's checks may run."""
        return exercise.devices or self.devices


@dataclass(frozen=True, kw_only=True)
class CourseInfo:
    """The table `[course]`. `kit` says which versions of the kit the course needs: `>=0.1`; `default`, which of several
    assignments is meant where none is named; `time_zone`, where people write times without one: `Europe/Berlin`;
    `submit_to`, where learners hand their work in."""

    id: Slug
    name: Text
    kit: Text | None = None
    default: Name | None = None
    time_zone: Text | None = None
    submit_to: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Course(CourseInfo):
    """The whole course."""

    assignments: Annotated[dict[Name, Assignment], Allowed(min_length=1)]


def modules_of_others(assignments: Mapping[str, Assignment], wanted: str) -> tuple[OtherModule, ...]:
    """Those of the assignments that aren't the one with the id `wanted`."""
    return tuple(
        OtherModule(other.id, other.title, tuple(e.function for e in other.exercises.values() if e.module == module))
        for other in assignments.values()
        if other.id != wanted
        for module in other.modules
    )


def find_assignment(course: Course, wanted: str | None) -> Assignment:
    """The assignment with the id `wanted`; when `wanted` is None the only one, or the course's default.

    Raises CourseError, with the ids there are, when there is no such assignment or when none was named and there are
    several.
    """
    names = list(course.assignments)
    listed = ", ".join(f'"{name}"' for name in names)
    if wanted is None:
        wanted = names[0] if len(names) == 1 else course.default
    if wanted is None:
        raise CourseError(f"Say which assignment is meant: the course has {listed}.")
    if wanted in course.assignments:
        return course.assignments[wanted]
    raise CourseError(f'The course has no assignment "{wanted}", it has {listed}.{did_you_mean(wanted, names)}')


def exercise_meant(name: str, assignments: Iterable[Assignment]) -> str:
    """The exercise that somebody means by a name: that of this id, or else the one that asks for a function or class of
    this name; the name itself where none does, or several do."""
    every = [exercise for each in assignments for exercise in each.exercises.values()]
    asking = {each.id for each in every if each.function == name}
    return name if any(each.id == name for each in every) or len(asking) != 1 else asking.pop()


def in_order(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The names as they are written, but after those that they need. Needs that nobody knows are passed over."""
    done: list[str] = []
    begun: set[str] = set()

    def visit(name: str) -> None:
        if name in needs and name not in begun:
            begun.add(name)  # in a circle, some name must come first
            for need in needs[name]:
                visit(need)
            done.append(name)

    for name in needs:
        visit(name)
    return done


# What a parameter's value may be.
Parameter = bool | int | float | str
T = TypeVar("T")
MARK = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
# Stands in the id of a misconception that is the answer to another variant, between the exercise and the variant.
OF_VARIANT = "_of_variant_"


def drawn_variant(course: str, assignment: Assignment, learner: str) -> str:
    """The name of the variant that a learner gets where nobody says otherwise: the same on every machine and every day,
    and each for about as many learners. Empty for an assignment without variants."""
    names = list(assignment.variants or ())
    if not names:
        return ""
    text = "\x1f".join((course, assignment.id, same_learner(learner)))
    drawn = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return names[drawn % len(names)]


def same_learner(name: str) -> str:
    """What all ways to write a learner's name have in common: its case, its accents' form and blanks around don't
    count, neither where a variant is drawn nor where a table says who has which."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def text_of(value: Parameter) -> str:
    """A parameter's value as it stands in a text: as Python writes it, and a text as it is."""
    return value if isinstance(value, str) else repr(value)


def filled(value: T, texts: Mapping[str, str]) -> T:
    """Plain data, or a dataclass, with these texts in place of the marks in all of its texts; unknown marks stay."""
    made: Any = value
    if isinstance(value, str):
        made = MARK.sub(lambda mark: texts.get(mark[1], mark[0]), value)
    elif isinstance(value, dict):
        made = {key: filled(one, texts) for key, one in value.items()}
    elif isinstance(value, list | tuple):
        made = type(value)(filled(one, texts) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        made = replace(value, **{each.name: filled(getattr(value, each.name), texts) for each in fields(value)})
    same: T = made
    return same


def of_variant(assignment: Assignment, name: str) -> Assignment:
    """The assignment as the learners of one variant know it; unchanged where it has no such variant."""
    parameters = (assignment.variants or {}).get(name)
    if parameters is None:
        return assignment
    texts = {key: text_of(value) for key, value in parameters.items()}
    return filled(replace(assignment, variants=None, variant=name), texts)


def for_all_variants(assignment: Assignment) -> Assignment:
    """The assignment in words for all its learners: in place of a mark stands what any of them has there, `0/1`."""
    every = list((assignment.variants or {}).values())
    if not every:
        return assignment
    texts = {key: "/".join(dict.fromkeys(text_of(each[key]) for each in every)) for key in every[0]}
    return filled(replace(assignment, variants=None), texts)
