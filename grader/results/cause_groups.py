"""A class's mistakes that no misconception names, grouped by what their cause says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.core.records import Cause, SubmissionResult
from grader.core.sanitize import sanitized

ELIDED = "…"
_QUOTED = re.compile(r"`[^`]*`")
_NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?\b")
# Where the first words of what is said of an exception end. What comes after them is about this one case, or advice.
_FIRST_WORDS = re.compile(r"(.+?)(?::\s|[.?!](?:\s|$))", re.DOTALL)
_LONGEST = 300


@dataclass(frozen=True)
class CauseGroup:
    """Mistakes in one exercise that are of one kind, how many learners made one, and the first of these learners.

    `kind` is what their causes say, less what each quotes of its learner's code; `example` is the cause of `student`.
    """

    exercise: str
    by: str
    kind: str
    learners: int
    student: str
    example: Cause

    @property
    def place(self) -> str:
        """Where the example's learner has it: "from_scratch.py, line 31", or "from_scratch, cell 5, line 3"."""
        cause = self.example
        parts = [f"{cause.module}.py" if cause.cell is None else f"{cause.module}, cell {cause.cell}"]
        return ", ".join(parts if cause.line is None else [*parts, f"line {cause.line}"])


def cause_groups(results: Iterable[SubmissionResult]) -> list[CauseGroup]:
    """The largest first; those of one size in the course's order of exercises."""
    found: dict[tuple[str, str, str], CauseGroup] = {}
    places: dict[str, int] = {}
    for result in results:
        for exercise in result.exercises:
            places.setdefault(exercise.id, len(places))
            cause = exercise.cause
            if cause is None or exercise.misconception:
                continue
            key = (exercise.id, cause.by, kind_of_cause(cause))
            group = found.setdefault(key, CauseGroup(*key, 0, result.student, cause))
            found[key] = replace(group, learners=group.learners + 1)
    return sorted(found.values(), key=lambda group: (-group.learners, places[group.exercise], group.by, group.kind))


def kind_of_cause(cause: Cause) -> str:
    """What is said, with a sign in place of what is quoted; of an exception its first words, without the numbers."""
    said = " ".join(_QUOTED.sub(ELIDED, cause.says).split())
    if cause.by == "exception":
        first = _FIRST_WORDS.match(said)
        said = _NUMBER.sub(ELIDED, first[1] if first else said)
    return sanitized(said.removesuffix("."), _LONGEST)
