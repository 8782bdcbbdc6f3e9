"""The whole table of exceptions, in the order in which it is read: what is special before what is general."""

from __future__ import annotations

from grader.checks.exceptions import (
    arguments,
    attributes,
    data,
    dtypes,
    ending,
    gradients,
    names,
    nothing,
    numbers,
    operands,
    returned,
    sequences,
    shapes,
    syntax,
)
from grader.checks.exceptions.row import MESSAGE, Row, Seen
from grader.inert import inert
from grader.wire.messages import Call, Raised

ROWS: tuple[Row, ...] = (
    *syntax.ROWS,
    *returned.ROWS,
    *gradients.ROWS,
    *shapes.ROWS,
    *dtypes.ROWS,
    *data.ROWS,
    *nothing.ROWS,
    *names.ROWS,
    *attributes.ROWS,
    *arguments.ROWS,
    *operands.ROWS,
    *sequences.ROWS,
    *numbers.ROWS,
    *ending.ROWS,
)


def in_words(raised: Raised, call: Call, place: str) -> str:
    """What an exception means and what to do about it, in a sentence or two; empty when that isn't known.

    `place` is the learner's line that it came out of, as `line_of` gives it: `lesson.py, line 3:  return total`.
    """
    seen = seen_of(raised, call, place)
    return next((inert(said, 600) for row in ROWS if (said := row.sentence(seen))), "")


def seen_of(raised: Raised, call: Call, place: str) -> Seen:
    """An exception as the rows see it."""
    line = place.partition(":  ")[2] or place
    message = raised.message[:MESSAGE]
    return Seen(raised.stage, raised.type_name, message, line, call.function, call.module, len(call.args))
