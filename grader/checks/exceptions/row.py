"""A row of the table of exceptions, and what it is shown of an exception."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from grader.inert import inert

MESSAGE = 2000  # characters of a message that are looked at
WORD = 60  # characters of a name that are repeated

# What patterns are made of. Nothing in them repeats without a bound: a message may be made to be slow to read.
NAME = r"[\w.]{1,60}"
NUMBER = r"-?\d{1,18}"
SIZES = r"[-\d, ]{0,80}"

_STAGES = ("import", "call", "backward", "iterate")
SYNTAX = ("SyntaxError", "IndentationError", "TabError")


@dataclass(frozen=True)
class Seen:
    """An exception as a row sees it.

    `line` is the learner's line that it came out of, empty when it came through none of theirs; `function` and `module`
    are what was called, with `given` arguments.
    """

    stage: str
    type_name: str
    message: str
    line: str
    function: str
    module: str
    given: int


Says = str | Callable[[re.Match[str], Seen], str]


@dataclass(frozen=True)
class Row:
    """`text` is a pattern. `says` is a sentence with places for its groups, or a function that makes one."""

    text: str
    says: Says
    types: tuple[str, ...]
    stages: tuple[str, ...]
    # Only where no line of the learner's was reached: what they returned, or how they defined it, is the trouble.
    outside: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when it is first needed: all of them take longer than a self-check has to start."""
        return re.compile(self.text)

    def sentence(self, seen: Seen) -> str:
        """What is said of an exception; empty when it is none of this row's."""
        if seen.stage not in self.stages or (self.types and seen.type_name not in self.types):
            return ""
        if self.outside and seen.line:
            return ""
        found = self.pattern.search(seen.message)
        if not found:
            return ""
        if callable(self.says):
            return self.says(found, seen)
        return self.says.format_map({name: word(text) for name, text in found.groupdict().items()})


def row(pattern: str, says: Says, types: str = "", stages: str = "", *, outside: bool = False) -> Row:
    """A row. `types` are names of exceptions, any if there is none; `stages` the stages that it is for, else all."""
    return Row(pattern, says, tuple(types.split()), tuple(stages.split()) or _STAGES, outside)


def word(text: str | None) -> str:
    """A name or number out of a message, as it may be repeated."""
    return inert(text or "", WORD)


def shape(text: str) -> str:
    """A shape as Python writes it, from `5x3`, `[5, 3]`, `5, 3` or `(5,3)`."""
    sizes = re.findall(r"-?\d{1,18}", text)[:8]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def sizes(text: str) -> list[int]:
    """The numbers of a shape."""
    return [int(size) for size in re.findall(r"\d{1,18}", text)[:8]]
