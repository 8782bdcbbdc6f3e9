"""Whether an exercise has hints in three steps, in the words of `grader check` and of the audit."""

from __future__ import annotations

from collections.abc import Iterator

from grader.core.assignment import Assignment

HINTS = 3


def hint_problems(assignment: Assignment) -> Iterator[str]:
    """A sentence for each exercise that has fewer."""
    for exercise in assignment.exercises.values():
        if len(exercise.hints) < HINTS:
            yield (
                f"{exercise.id} has {len(exercise.hints)} of {HINTS} hints: where to look, what to think of, what the "
                "idea is."
            )
