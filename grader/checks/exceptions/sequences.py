"""Lists, tuples and loops: what can't be taken apart, gone through, counted or looked up."""

from __future__ import annotations

import re

from grader.checks.exceptions.kinds import PLAIN_NUMBERS, capital_kind, is_module, kind_of
from grader.checks.exceptions.row import NAME, NUMBER, SIZES, Seen, row, shape, word


def _not_iterable(found: re.Match[str], _: Seen) -> str:
    kind = found["kind"]
    if kind in PLAIN_NUMBERS:
        said = f"{capital_kind(kind)} can't be gone through or taken apart."
        counting = " A loop that counts up to it goes through range(n)." if kind == "int" else ""
        return f"{said}{counting} If several values are expected here, only one came."
    if is_module(kind):
        return (
            "A model can't be gone through. An optimizer wants its parameters, model.parameters(); a model is called."
        )
    return f"{capital_kind(kind)} can't be gone through in a loop. Which of its parts or methods was meant?"


def _key(found: re.Match[str], _: Seen) -> str:
    return f"The dict has no key {word(found['key'])}. Which keys it has, list(d) shows."


ROWS = (
    row(
        r"not enough values to unpack \(expected (?:at least )?(?P<want>\d{1,9}), got (?P<got>\d{1,9})\)",
        "There are {want} names on the left, and only {got} to give them. In a loop, each item is taken apart that "
        "way.",
    ),
    row(
        r"too many values to unpack \(expected (?P<want>\d{1,9})",
        "There are {want} names on the left, and more values than that to give them. In a loop, each item is taken "
        "apart that way; a tensor is taken apart along its first dimension.",
    ),
    row(
        r"iteration over a 0-d tensor",
        "A tensor that is a single number can't be gone through or taken apart.",
    ),
    row(r"len\(\) of a 0-d tensor", "A tensor that is a single number has no length. Was it made one too early?"),
    row(rf"cannot unpack non-iterable (?P<kind>{NAME}) object", _not_iterable),
    row(
        rf"'(?P<kind>{NAME})' object is not iterable|argument of type '(?P<other>{NAME})' is not",
        lambda found, seen: (
            _not_iterable(found, seen) if found["kind"] else f"in can't be used with {kind_of(found['other'])}."
        ),
    ),
    row(
        rf"'(?P<kind>{NAME})' object is not an iterator",
        lambda found, _: (
            f"next() wants an iterator, and got {kind_of(found['kind'])}: next(iter(x)) takes its first item."
        ),
    ),
    row(
        rf"^'(?P<kind>{NAME})' object is not subscriptable",
        lambda found, _: (
            f"Square brackets were used on {kind_of(found['kind'])}, which has no items to take. "
            + (
                "Is it a number already?"
                if found["kind"] in PLAIN_NUMBERS
                else "list() makes a list of what can be gone through."
            )
        ),
        types="TypeError",
    ),
    row(
        rf"'(?P<kind>{NAME})' object does not support item assignment",
        lambda found, _: (
            f"An item of {kind_of(found['kind'])} was to be set, which can't be done. A list can be changed."
        ),
    ),
    row(
        rf"'(?P<kind>{NAME})' object does not support the (?:asynchronous )?context manager",
        lambda found, _: f"with can't be used with {kind_of(found['kind'])}.",
    ),
    row(
        rf"object of type '(?P<kind>{NAME})' has no len\(\)",
        lambda found, _: (
            f"{capital_kind(found['kind'])} has no length. A DataLoader that shuffles wants data with a length and "
            "with items by number, such as a list or a TensorDataset."
        ),
    ),
    row(
        rf"^index (?P<index>{NUMBER}) is out of bounds for (?:dimension|axis) (?P<at>\d{{1,9}}) with size "
        rf"(?P<size>\d{{1,18}})",
        "There is no number {index} along dimension {at}: it has {size} items, and the first one is number 0.",
    ),
    row(
        r"^(?P<what>list|tuple|string|deque)(?: assignment)? index out of range|^pop from empty list",
        "A place beyond the end was asked for. In a list of n items the first is number 0 and the last number n - 1; "
        "a new item is added with append().",
        types="IndexError",
    ),
    row(
        r"too many indices for tensor of dimension (?P<n>\d{1,9})|array is (?P<m>\d{1,9})-dimensional, but",
        lambda found, _: (
            f"There are more indices in the square brackets than dimensions: this has {word(found['n'] or found['m'])}."
        ),
    ),
    row(
        r"invalid index of a 0-dim tensor|invalid index to scalar variable",
        "Square brackets were used on a single number, which has no items to take. A tensor without dimensions gives "
        "its number with item().",
    ),
    row(
        r"only integers, slices|indices must be integers|only integer tensors of a single element can be converted to "
        r"an index",
        "A whole number is needed here, to count or to pick an item, and this is something else. len(x) and "
        "x.shape[0] are whole numbers; whole numbers are divided with //.",
    ),
    row(
        rf"^'(?P<kind>{NAME})' object cannot be interpreted as an integer",
        lambda found, _: (
            f"A whole number is needed here, and {kind_of(found['kind'])} is none. "
            + (
                "// divides to whole numbers, / does not."
                if found["kind"] == "float"
                else "Is its length meant, len(x)?"
            )
        ),
    ),
    row(
        rf"The shape of the mask \[(?P<mask>{SIZES})\] at index \d{{1,9}} does not match the shape of the indexed "
        rf"tensor \[(?P<shape>{SIZES})\]",
        lambda found, _: (
            f"The truth values that pick out have the shape {shape(found['mask'])}, and the tensor "
            f"{shape(found['shape'])}. The two must be the same."
        ),
    ),
    row(
        r"^(?P<key>'\w{1,40}'|-?\d{1,18})$",
        _key,
        types="KeyError",
    ),
    row(
        r"",
        "Something was looked up in a dict under a key that it hasn't got. Which keys it has, list(d) shows.",
        "KeyError",
    ),
    row(
        r"unhashable type: '(?P<kind>[\w.]{1,60})'",
        lambda found, _: f"{capital_kind(found['kind'])} can't be a key of a dict or an item of a set. A tuple can.",
    ),
    row(r"is not in list$|x not in list", "The list holds nothing equal to what was looked for.", "ValueError"),
    row(
        r"(?P<name>min|max)\(\) (?:arg|iterable argument) is (?:an )?empty",
        "{name}() was asked of nothing at all. Was anything put into it before this line?",
    ),
    row(
        r"Expected reduction dim to be specified for input.numel\(\) == 0",
        "The largest or smallest of an empty tensor was asked for. Should there be anything in it?",
    ),
    row(
        r"expected sequence of length (?P<want>\d{1,18}) at dim (?P<at>\d{1,9}) \(got (?P<got>\d{1,18})\)",
        "The rows of a tensor must be equally long: one has {want} items and another {got}.",
    ),
    row(r"inhomogeneous shape", "The rows of an array must be equally long, and these are not."),
)
