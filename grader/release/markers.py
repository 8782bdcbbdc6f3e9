"""The marked regions of a reference solution: the part that learners write themselves.

The markers are nbgrader's. Anything that resembles one and isn't is refused: a misspelt marker would release the code
it was meant to hide.
"""

from __future__ import annotations

import io
import re
import tokenize
from typing import NamedTuple

from grader.errors import ReleaseError, did_you_mean

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
_RESEMBLES = re.compile(r"\b(begin|end)\W{0,3}solution", re.IGNORECASE)


class Region(NamedTuple):
    """The lines, counted from 1, of a pair of markers."""

    begin: int
    end: int


def marked_regions(source: str, file: str) -> list[Region]:
    """The regions of `source`, which is valid Python, in its order.

    Raises ReleaseError for a marker that is misspelt, stands beside or inside other things, or has no partner.
    """
    regions: list[Region] = []
    begin = 0
    for line, marker in _markers(source, file):
        if marker == BEGIN and begin:
            raise ReleaseError(f'{file}, line {line}: expected "{END}" for line {begin}, found another "{BEGIN}".')
        if marker == BEGIN:
            begin = line
        elif begin:
            regions.append(Region(begin, line))
            begin = 0
        else:
            raise ReleaseError(f'{file}, line {line}: "{END}" without a "{BEGIN}" before it.')
    if begin:
        raise ReleaseError(f'{file}, line {begin}: "{BEGIN}" without an "{END}" after it.')
    return regions


def _markers(source: str, file: str) -> list[tuple[int, str]]:
    comments = {
        token.start[0]: token.string.rstrip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    markers = []
    for number, line in enumerate(source.split("\n"), start=1):
        comment = comments.get(number, "")
        if comment in (BEGIN, END) and line.strip() == comment:
            markers.append((number, comment))
        elif _RESEMBLES.search(line) or (comment.startswith("###") and did_you_mean(comment, [BEGIN, END])):
            raise ReleaseError(
                f'{file}, line {number}: a marker is "{BEGIN}" or "{END}" on a line of its own, found {line.strip()!r}.'
            )
    return markers
