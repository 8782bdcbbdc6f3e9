"""The typed shape of `course.toml`.

Field order is the order of the file; exercises are checked in the order in which they are written. `id`s are the keys
of the tables (`[assignments.ID]`, `[assignments.ID.exercises.ID]`), filled in by `grader.course.load`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from grader.cells.sizes import ARCHIVE_BYTES, MODULE_BYTES, NOTEBOOK_BYTES

Device = Literal["cpu", "cuda"]
Fraction = Annotated[float, Field(ge=0, le=1)]
NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
SLUG_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
Text = Annotated[str, Field(min_length=1)]
Devices = Annotated[tuple[Device, ...], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Limits(_Table):
    """What a submission may use. Seconds are wall time unless they say CPU; sizes are bytes unless they say MB."""

    exercise_seconds: PositiveFloat = 5
    submission_seconds: PositiveFloat = 20
    cpu_seconds: PositiveInt = 30
    memory_mb: PositiveInt = 1024
    output_bytes: PositiveInt = 1_000_000
    scratch_bytes: PositiveInt = 16_000_000
    module_bytes: PositiveInt = MODULE_BYTES
    notebook_bytes: PositiveInt = NOTEBOOK_BYTES
    archive_bytes: PositiveInt = ARCHIVE_BYTES
    archive_files: PositiveInt = 200
    archive_ratio: PositiveInt = 100
    folder_files: PositiveInt = 10_000


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


class Assignment(_Table):
    """One lesson with its exercises."""

    id: Name
    title: Text
    due: AwareDatetime | None = None
    late: Late = Late()
    limits: Limits = Limits()
    devices: Devices = ("cpu",)
    modules: Annotated[dict[Name, Module], Field(min_length=1)]
    exercises: Annotated[dict[Name, Exercise], Field(min_length=1)]

    @property
    def points(self) -> float:
        """All the points that can be earned."""
        return sum(exercise.points for exercise in self.exercises.values())

    def order(self) -> list[str]:
        """Exercises in the order in which they are checked: as written, but after those that they need."""
        done: list[str] = []

        def visit(name: str) -> None:
            for need in self.exercises[name].needs:
                visit(need)
            if name not in done:
                done.append(name)

        for name in self.exercises:
            visit(name)
        return done

    def devices_of(self, exercise: Exercise) -> tuple[Device, ...]:
        """Where this exercise's checks may run."""
        return exercise.devices or self.devices


class Heading(_Table):
    """The table `[course]`."""

    id: Slug
    name: Text


class Course(Heading):
    """The whole course."""

    assignments: Annotated[dict[Name, Assignment], Field(min_length=1)]


class CourseFile(_Table):
    """`course.toml` as it is written: `[course]` beside `[assignments]`."""

    course: Heading
    assignments: Annotated[dict[Name, Assignment], Field(min_length=1)]
