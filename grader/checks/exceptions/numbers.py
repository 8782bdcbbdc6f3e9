"""Numbers: dividing by zero, growing without end, and turning things into numbers and texts."""

from __future__ import annotations

from grader.checks.exceptions.kinds import kind_of
from grader.checks.exceptions.row import NAME, row

ROWS = (
    row(r"", "It divided by zero. Which number on this line can be 0: a count, a length?", "ZeroDivisionError"),
    row(
        r"cannot convert float NaN to integer",
        "A number is nan, which means: not a number. It comes from infinity minus infinity or zero by zero, and so "
        "from numbers that grew without end. Where did it first turn up?",
    ),
    row(
        r"",
        "A number grew too large to be held. When numbers grow from step to step, the steps are too large or go the "
        "wrong way.",
        "OverflowError",
    ),
    row(
        r"math domain error|expected a (?:non-negative|positive|number)",
        "That can't be computed for this number, as no root for a negative one and no logarithm for 0.",
        "ValueError",
    ),
    row(
        r"a Tensor with (?P<n>\d{1,18}) elements cannot be converted to Scalar",
        "item() takes the number out of a tensor that holds a single one, and this one holds {n}. Make one number of "
        "them first, or take tolist().",
    ),
    row(
        r"only one element tensors can be converted to Python scalars|"
        r"only (?:length-1|0-dimensional|size-1) arrays can be converted|can only convert an array of size 1",
        "Something that holds several numbers was to become a single one. Pick one of them, or make one of all "
        "first. A list of tensors becomes a tensor with torch.stack().",
    ),
    row(
        rf"^(?P<name>int|float|complex)\(\) argument must be .{{0,80}}, not '(?P<kind>{NAME})'",
        lambda found, _: (
            f"{found['name']}() makes a number of a text or of another number, and got {kind_of(found['kind'])}."
        ),
    ),
    row(
        r"could not convert string to float|invalid literal for int\(\)",
        "A text was to become a number, and holds something else than digits. int() takes no decimal point.",
        "ValueError",
    ),
    row(
        rf"must be real number, not (?P<kind>{NAME})|a (?:real )?number is required, not (?P<other>{NAME})",
        lambda found, _: f"A number is needed here, and this is {kind_of(found['kind'] or found['other'])}.",
        "TypeError",
    ),
    row(
        rf"unsupported format string passed to (?P<kind>{NAME})\.__format__",
        lambda found, _: (
            "Only a single number can be written with a format such as :.4f, and this is "
            + (
                "a tensor with dimensions: take item() of it."
                if found["kind"] in ("Tensor", "Parameter")
                else f"{kind_of(found['kind'])}."
            )
        ),
    ),
    row(
        rf"Unknown format code '(?P<code>\w)' for object of type '(?P<kind>{NAME})'",
        lambda found, _: f"The format {found['code']} in a message doesn't go with {kind_of(found['kind'])}.",
    ),
    row(
        r"Replacement index \d{1,9} out of range|not enough arguments for format|not all arguments converted during "
        r"string",
        'A message has other places to fill than there are values. An f-string, f"{{x}}", has each value in its place.',
    ),
    row(
        r"tensors with negative strides are not",
        "An array that was turned around can't become a tensor as it is. Take its copy() first.",
    ),
    row(
        r"doesn't define __round__ method",
        "round() takes a plain number: take item() of a tensor that holds one, or torch.round().",
    ),
    row(
        r"[Ss]ingular matrix|matrix is singular",
        "A matrix that has no inverse was to be inverted: its rows depend on each other.",
    ),
)
