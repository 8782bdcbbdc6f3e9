"""The typed shape of `course.toml`, and finding an assignment in it.

Field order is the order of the file; exercises are checked in the order in which they are written. `id`s are the keys
of the tables (`[assignments.ID]`, `[assignments.ID.exercises.ID]`), filled in by `grader.course.load`.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from grader.core.errors import CourseError, did_you_mean
from grader.selfcheck.course_file import ARCHIVE_BYTES, MODULE_BYTES, NOTEBOOK_BYTES, in_order

Device = Literal["cpu", "cuda"]
Fraction = Annotated[float, Field(ge=0, le=1)]
NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
SLUG_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
ADDRESS_PATTERN = r"^https?://[^\s#\"<>\\]+$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
Text = Annotated[str, Field(min_length=1)]
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN)]
Devices = Annotated[tuple[Device, ...], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Limits(_Table):
    """What a submission may use. Seconds are time that it could have run (`grader.sandbox.host.limits`) unless they say
    CPU; sizes are bytes unless they say MB. `import_seconds` is for importing one module.

    One call may take `call_seconds`, or `reference_multiple` times what the reference solution takes for all checks of
    the exercise, whichever is more.
    """

    exercise_seconds: PositiveFloat = 5
    call_seconds: PositiveFloat = 2
    reference_multiple: PositiveFloat = 50
    import_seconds: PositiveFloat = 5
    submission_seconds: PositiveFloat = 20
    cpu_seconds: PositiveInt = 30
    memory_mb: PositiveInt = 1024
    output_bytes: PositiveInt = 1_000_000
    scratch_bytes: PositiveInt = 16_000_000
    module_bytes: PositiveInt = MODULE_BYTES
    notebook_bytes: PositiveInt = NOTEBOOK_BYTES
    archive_bytes: PositiveInt = ARCHIVE_BYTES
    archive_files: PositiveInt = 2_000
    archive_ratio: PositiveInt = 100
    folder_files: PositiveInt = 10_000
    repairs: Annotated[int, Field(ge=0)] = 300

    @property
    def process_cpu_seconds(self) -> int:
        """The CPU time after which the kernel ends a learner's process: never less than the other limits allow, with
        what isn't the learner's work (starting, loading libraries) on top."""
        return max(self.cpu_seconds, 2 * math.ceil(self.submission_seconds) + 60)


class Late(_Table):
    """The late policy: a share of the points per started day, once the grace is over."""

    grace_minutes: Annotated[int, Field(ge=0)] = 0
    penalty_per_day: Fraction = 0.0
    max_penalty: Fraction = 1.0


class Module(_Table):
    """One module of a submission. It may import the modules that are written before it."""

    id: Name
    title: Text
    notebook_landmarks: tuple[Text, ...] = ()


class Exercise(_Table):
    """One function that a learner writes."""

    id: Name
    module: Name
    function: Name
    title: Text
    points: PositiveFloat
    needs: tuple[Name, ...] = ()
    forbidden: tuple[Text, ...] = ()
    devices: Devices | None = None
    hints: Annotated[tuple[Text, ...], Field(min_length=1)]


# How much a learner is told of a cause that an edit found: where it is, what is wrong there, or what would be right.
Told = Literal["place", "kind", "edit"]


class Assignment(_Table):
    """One lesson with its exercises. `lesson_url` is where its page, lesson.html, can be opened."""

    id: Name
    title: Text
    lesson_url: Address | None = None
    due: AwareDatetime | None = None
    late: Late = Late()
    limits: Limits = Limits()
    causes: Told = "kind"
    devices: Devices = ("cpu",)
    modules: Annotated[dict[Name, Module], Field(min_length=1)]
    exercises: Annotated[dict[Name, Exercise], Field(min_length=1)]

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


class CourseInfo(_Table):
    """The table `[course]`. `kit` says which versions of the kit the course needs: `>=0.1`; `default`, which of several
    assignments is meant where none is named; `time_zone`, where people write times without one: `Europe/Berlin`."""

    id: Slug
    name: Text
    kit: Text | None = None
    default: Name | None = None
    time_zone: Text | None = None


class Course(CourseInfo):
    """The whole course."""

    assignments: Annotated[dict[Name, Assignment], Field(min_length=1)]


class CourseFile(_Table):
    """`course.toml` as it is written: `[course]` beside `[assignments]`."""

    course: CourseInfo
    assignments: Annotated[dict[Name, Assignment], Field(min_length=1)]


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
