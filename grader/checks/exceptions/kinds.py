"""Types by their names in messages: what to call them, what they have, and which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import torch
from torch import nn

from grader.checks.exceptions.row import word
from grader.words import joined

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
