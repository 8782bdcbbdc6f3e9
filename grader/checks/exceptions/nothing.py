"""None and functions, standing where a value is needed: the result that was forgotten."""

from __future__ import annotations

import re

from grader.checks.exceptions.row import Seen, row, word

_GRADIENT = re.compile(r"(?<!autograd)\.grad\b")
_NO_GRADIENT = (
    "A .grad is still None here. backward() fills it in, so it must run first, from a result that was computed with "
    "this very tensor. Only tensors that were made directly with requires_grad=True get one, not results of "
    "computations."
)
_WHENCE = (
    "A function without return gives None, and so do print(), backward(), step() and what changes a list in place, "
    "such as append()."
)


def _none(found: re.Match[str], seen: Seen) -> str:
    attribute = found.groupdict().get("attribute")
    if attribute == "zero_" or _GRADIENT.search(seen.line):
        return _NO_GRADIENT
    if attribute:
        return f"Something on this line is None, and None has no {word(attribute)}. {_WHENCE}"
    return f"Something on this line is None where a value is needed. {_WHENCE}"


ROWS = (
    row(r"^'NoneType' object has no attribute '(?P<attribute>\w{1,60})'", _none),
    row(
        r"'NoneType'|(?:not|non-iterable|infer dtype of|passed to|got) NoneType\b",
        _none,
        types="TypeError RuntimeError AttributeError ValueError",
    ),
    row(
        r"^'(?:function|method|builtin_function_or_method)' object has no attribute '(?P<attribute>\w{1,60})'",
        "A function stands here where its result is needed: {attribute} was asked of the function itself. The "
        "parentheses behind its name are missing.",
    ),
    row(
        r"'(?:function|method|builtin_function_or_method)'|(?:not|got) "
        r"(?:function|method|builtin_function_or_method)\b",
        "A function stands here where its result is needed. To call it, write round parentheses behind its name: "
        "x.mean is a function, x.mean() what it gives.",
        types="TypeError",
    ),
    row(
        r"^type object '(?P<name>\w{1,60})' has no attribute '(?P<attribute>\w{1,60})'",
        "{attribute} was asked of the class {name} itself. An object is made of a class with parentheses first: "
        "{name}(...).",
    ),
    row(
        r"'type' object|of type 'type'|^type '\w{1,60}' is not subscriptable",
        "A class stands here in place of an object made of it. Objects are made with parentheses: torch.no_grad is a "
        "class, torch.no_grad() an object.",
        types="TypeError",
    ),
)
