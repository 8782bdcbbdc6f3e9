"""Attributes and methods that something doesn't have: of a wrong type, or spelled wrongly."""

from __future__ import annotations

import re

from grader.checks.exceptions.kinds import (
    ARRAYS,
    PLAIN_NUMBERS,
    capital_kind,
    class_of,
    is_module,
    kind_of,
    meant,
    names_in,
    owners_of,
)
from grader.checks.exceptions.row import NAME, Seen, row, word

_CUT_OFF = "item(), float() and tolist() take numbers out of a tensor, and cut them off from what they came from."


def _missing(found: re.Match[str], seen: Seen) -> str:
    kind, name = found["kind"], found["name"]
    said = f"{capital_kind(kind)} has no {word(name)}"
    if kind in PLAIN_NUMBERS and name == "item":
        return "item() was asked of a plain number. It is one already, so nothing needs to be taken out."
    if name in ("length", "len", "count") and kind not in PLAIN_NUMBERS:
        return f"{said}. The length of something is len(x)."
    owners = owners_of(name)
    if owners:
        belongs = f"{said}: that belongs to {owners}."
        if kind in PLAIN_NUMBERS and owners == "a tensor":
            return f"{belongs} {_CUT_OFF}"
        if kind in ARRAYS and owners == "a tensor" and name != "backward":
            return f"{belongs} Make a tensor of it first, or take the one that is meant out of it."
        if is_module(kind) and owners == "a tensor":
            return f"{belongs} Is what it gives for an input meant? Then it must be called first."
        return f"{belongs} Is this the object that was meant?"
    holder = class_of(kind)
    near = meant(name, names_in(holder)) if holder else ""
    if near:
        return f"{said}. Was {near} meant?"
    where = " An attribute that __init__ doesn't set isn't there." if "self." in seen.line else ""
    return f"{said}. Look at how it is spelled, and at what that object really is.{where}"


ROWS = (
    row(
        r"cannot assign (?:module|parameters?) before Module.__init__\(\) call",
        "The __init__ of a model must begin with super().__init__(), before anything is set on self.",
    ),
    row(rf"^'(?P<kind>{NAME})' object has no attribute '(?P<name>\w{{1,60}})'", _missing, types="AttributeError"),
    row(
        r"attribute '(?P<name>\w{1,60})' of '[\w.]{1,60}' objects is not writable",
        "{name} can be read and not set.",
        types="AttributeError",
    ),
    row(
        r"cannot assign '[\w.]{1,60}' as parameter '(?P<name>\w{1,60})'",
        "{name} is a parameter of a model, and an ordinary tensor can't take its place. Change the parameter's "
        "values in place inside torch.no_grad(), or wrap the tensor in nn.Parameter.",
    ),
    row(
        r"Variable data has to be a tensor, but got (?P<kind>[\w.]{1,60})",
        lambda found, _: f".data can be set to a tensor only, and was set to {kind_of(found['kind'])}.",
    ),
)
