"""What a function returned can't be used: it is no tensor to differentiate, or nothing to go through."""

from __future__ import annotations

import re

from grader.checks.exceptions.kinds import FUNCTIONS, kind_of
from grader.checks.exceptions.row import NAME, Seen, row

_PLACE = {"backward": "no gradient can be computed through that", "iterate": "that can't be gone through in a for loop"}


def _returned(found: re.Match[str], seen: Seen) -> str:
    kind = found["kind"]
    if kind == "NoneType":
        return f"It returned None, and {_PLACE[seen.stage]}. Does every way through it end in a return with a value?"
    said = f"It returned {kind_of(kind)}, and {_PLACE[seen.stage]}."
    if kind in FUNCTIONS or kind == "type":
        return f"{said} The parentheses behind its name are missing."
    return f"{said} A tensor is expected." if seen.stage == "backward" else said


ROWS = (
    row(rf"^'(?P<kind>{NAME})' object is not iterable", _returned, stages="backward iterate", outside=True),
    row(
        r"iteration over a 0-d tensor",
        "It returned a tensor that is a single number, and that can't be gone through in a for loop.",
        stages="iterate",
        outside=True,
    ),
    row(
        r"Expected output to be a torch.Tensor",
        "It returned something else than a tensor, and no gradient can be computed through that.",
        stages="backward",
    ),
    row(
        r"^got (?P<n>\d{1,9}) tensors and 1 gradients",
        "It returned {n} tensors where a single one is expected.",
        stages="backward",
    ),
)
