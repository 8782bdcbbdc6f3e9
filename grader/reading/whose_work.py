"""Which assignment of the course a text is work on, told by the functions and classes that it defines.

Lessons share names, and people call helpers as another lesson calls its exercises: one name more or less tells nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from grader.core.assignment import Assignment, OtherModule
from grader.reading.completion import functions_in

_MANY = 2  # names that agree by chance are fewer


@dataclass(frozen=True)
class OtherWork:
    """Work on another assignment that is in a text: on which, and what of this one the text has as well.

    `is_all`: that is so little that the text is no work on this one; else it may be both.
    """

    other: OtherModule
    ours: tuple[str, ...]
    is_all: bool


def other_work(text: str, sought: Assignment, functions: Collection[str]) -> OtherWork | None:
    """The work on another assignment that is in a text; None where it is work on this one alone, or nobody can say.

    `functions` are those of this assignment's that belong into it: of one module, or of all, for a notebook. Names that
    both assignments have tell nothing. A text is the other's which has half of the functions of one of its modules and
    not half of ours. Where ours are wanting altogether, two are enough, or one, if no name is shared either.
    """
    every = {exercise.function for exercise in sought.exercises.values()}
    own = set(functions) - {function for other in sought.others for function in other.functions}
    if every.issubset({function for other in sought.others for function in other.functions}):
        return None
    names = functions_in(text)
    ours = tuple(function for function in functions if function in own & names)
    for other in sought.others:
        theirs = set(other.functions) - every
        found = len(theirs & names)
        is_much = found >= max(_MANY, len(theirs) / 2)
        if ours:
            is_all = is_much and len(ours) < min(len(own), max(_MANY, len(own) / 2))
        elif own:
            is_all = found >= (_MANY if every & names else 1)
        else:
            is_all = is_much
        if is_all or is_much:
            return OtherWork(other, ours, is_all)
    return None
