"""A row of the table of exceptions: what it is shown of an exception, and what to call the types in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import torch
from torch import nn

from grader.core.labels import joined
from grader.core.sanitize import sanitized

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
    are what was called, with `given` arguments; `signature` is the exercise's, empty when that isn't known.
    `in_cell` is whether the line is in a notebook's cell.
    """

    stage: str
    type_name: str
    message: str
    line: str
    function: str
    module: str
    given: int
    signature: str = ""
    in_cell: bool = False


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
    return sanitized(text or "", WORD)


def shape(text: str) -> str:
    """A shape as Python writes it, from `5x3`, `[5, 3]`, `5, 3` or `(5,3)`."""
    sizes = re.findall(r"-?\d{1,18}", text)[:8]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def sizes(text: str) -> list[int]:
    """The numbers of a shape."""
    return [int(size) for size in re.findall(r"\d{1,18}", text)[:8]]


_PHRASES = {
    "Tensor": "a tensor",
    "torch.FloatTensor": "a tensor",
    "Parameter": "a parameter",
    "ndarray": "a NumPy array",
    "numpy.ndarray": "a NumPy array",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "set": "a set",
    "str": "a text (str)",
    "int": "a plain number (int)",
    "float": "a plain number (float)",
    "complex": "a plain number (complex)",
    "bool": "a truth value (bool)",
    "NoneType": "None",
    "torch.Size": "a shape",
    "generator": "a generator",
    "module": "a module",
    "type": "a class",
    "function": "a function",
    "method": "a function",
    "builtin_function_or_method": "a function",
}
_OWNERS: tuple[tuple[str, type], ...] = (
    ("a tensor", torch.Tensor),
    ("a NumPy array", np.ndarray),
    ("a model", nn.Module),
    ("an optimizer", torch.optim.Optimizer),
    ("a list", list),
    ("a dict", dict),
    ("a text", str),
)
# Of these a tensor can be made, so that what is a tensor's can be had.
ARRAYS = ("list", "tuple", "numpy.ndarray", "ndarray")
PLAIN_NUMBERS = ("int", "float", "bool", "complex", "numpy.float64", "numpy.float32", "numpy.int64")
FUNCTIONS = ("function", "method", "builtin_function_or_method")


def kind_of(type_name: str) -> str:
    """A type in words, with an article: `a tensor`, `an object of type SGD`."""
    if type_name in PLAIN_NUMBERS and type_name not in _PHRASES:
        return "a NumPy number"
    return _PHRASES.get(type_name) or f"an object of type {word(type_name)}"


def capital_kind(type_name: str) -> str:
    """The same at the beginning of a sentence."""
    kind = kind_of(type_name)
    return kind[0].upper() + kind[1:]


def class_of(type_name: str) -> type | None:
    """The class of torch, NumPy or Python that a message means, where its name tells."""
    last = type_name.rpartition(".")[2]
    known = {"Tensor": torch.Tensor, "Parameter": nn.Parameter, "ndarray": np.ndarray}
    for place in (known, {each.__name__: each for each in (list, tuple, dict, str, set)}, vars(nn), vars(torch.optim)):
        found = place.get(last)
        if isinstance(found, type):
            return found
    return None


def owners_of(attribute: str) -> str:
    """Which of the usual things have this attribute, in words; empty when none has it."""
    having = [phrase for phrase, owner in _OWNERS if hasattr(owner, attribute)]
    # What tensors have, a learner's code has it of a tensor nearly always.
    return "a tensor" if "a tensor" in having else joined(having[:3]).replace(" and ", " or ")


def is_module(type_name: str) -> bool:
    """Whether a type is one of torch's models, layers or losses."""
    found = class_of(type_name)
    return found is not None and issubclass(found, nn.Module)


@lru_cache(maxsize=256)
def meant(name: str, among: tuple[str, ...]) -> str:
    """The one among some names that was probably meant; empty when none is near enough."""
    if name.startswith("_") or len(name) < 3:
        return ""
    public = [each for each in among if not each.startswith("_")]
    plain = _plain(name)
    for each in public:
        if _plain(each) == plain and each != name:
            return each
    if len(name) > 3:
        letters = sorted(name)
        for each in public:
            if len(each) == len(name) and sorted(each) == letters:
                return each
    return next(iter(difflib.get_close_matches(name, public, 1, 0.8)), "")


def names_in(thing: object) -> tuple[str, ...]:
    """The public names that a class or a module has."""
    return tuple(name for name in dir(thing) if not name.startswith("_"))


def was_meant(name: str, among: Iterable[str]) -> str:
    """` Was square meant?`, or nothing."""
    found = meant(name, tuple(among))
    return f" Was {word(found)} meant?" if found else ""


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
