"""Lists, tuples and loops that can't be taken apart, gone through or looked up; functions without a result."""

from __future__ import annotations

import re

from grader.checks.explanations.row import (
    NAME,
    NUMBER,
    PLAIN_NUMBERS,
    SIZES,
    Seen,
    capital_kind,
    is_module,
    kind_of,
    row,
    shape,
    word,
)


def _not_iterable(found: re.Match[str], _: Seen) -> str:
    kind = found["kind"]
    if kind in PLAIN_NUMBERS:
        said = f"{capital_kind(kind)} can't be looped over or unpacked."
        counting = " To count up to it, loop over range(n)." if kind == "int" else ""
        return f"{said}{counting} If several values are expected here, only one came."
    if is_module(kind):
        return (
            f"{capital_kind(kind)} can't be looped over or unpacked. A model is called on an input; its parameters "
            "can be looped over: model.parameters()."
        )
    return f"{capital_kind(kind)} can't be looped over. Which of its parts or methods do you mean?"


def _no_length(found: re.Match[str], seen: Seen) -> str:
    said = f"{capital_kind(found['kind'])} has no length."
    if "DataLoader" in seen.line:
        return (
            f"{said} A DataLoader that shuffles wants data with a length and with items by number, such as a list or a "
            "TensorDataset."
        )
    return f"{said} Lists, tensors and datasets have one; list() makes a list of anything that can be looped over."


def _key(found: re.Match[str], _: Seen) -> str:
    return f"The dict has no key {word(found['key'])}. list(d) shows its keys."


SEQUENCES_ROWS = (
    row(
        r"not enough values to unpack \(expected (?:at least )?(?P<want>\d{1,9}), got (?P<got>\d{1,9})\)",
        "There are {want} names on the left, but only {got} values for them. In a loop, each item is unpacked that "
        "way.",
    ),
    row(
        r"too many values to unpack \(expected (?P<want>\d{1,9})",
        "There are {want} names on the left, but more values than that. In a loop, each item is unpacked that way; a "
        "tensor is unpacked along its first dimension.",
    ),
    row(
        r"iteration over a 0-d tensor",
        "A tensor that is a single number can't be looped over or unpacked.",
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
                else "list() makes a list of anything that can be looped over."
            )
        ),
        types="TypeError",
    ),
    row(
        rf"'(?P<kind>{NAME})' object does not support item assignment",
        lambda found, _: f"The items of {kind_of(found['kind'])} can't be changed. Those of a list can.",
    ),
    row(
        rf"'(?P<kind>{NAME})' object does not support the (?:asynchronous )?context manager",
        lambda found, _: f"with can't be used with {kind_of(found['kind'])}.",
    ),
    row(
        rf"object of type '(?P<kind>{NAME})' has no len\(\)",
        _no_length,
    ),
    row(
        rf"^index (?P<index>{NUMBER}) is out of bounds for (?:dimension|axis) (?P<at>\d{{1,9}}) with size "
        rf"(?P<size>\d{{1,18}})",
        "There is no index {index} along dimension {at}: it has {size} items, counted from 0.",
    ),
    row(
        r"^(?P<what>list|tuple|string|deque)(?: assignment)? index out of range|^pop from empty list",
        "This index is beyond the end. A list of n items has the indexes 0 to n - 1; append() adds a new item.",
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
        "A whole number is needed here, as a count or an index, and this is something else. len(x) and "
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
        "A dict or a set doesn't hold what was looked up in it. list(d) shows what it holds.",
        "KeyError",
    ),
    row(
        r"unhashable type: '(?P<kind>[\w.]{1,60})'",
        lambda found, _: f"{capital_kind(found['kind'])} can't be a key of a dict or an item of a set. A tuple can.",
    ),
    row(r"is not in list$|x not in list", "The list holds nothing equal to what was looked for.", "ValueError"),
    row(
        r"(?P<name>min|max)\(\) (?:arg|iterable argument) is (?:an )?empty",
        "{name}() was called on something empty. Was anything put into it before this line?",
    ),
    row(
        r"Expected reduction dim to be specified for input.numel\(\) == 0",
        "An empty tensor has no largest or smallest number. Should there be anything in it?",
    ),
    row(
        r"expected sequence of length (?P<want>\d{1,18}) at dim (?P<at>\d{1,9}) \(got (?P<got>\d{1,18})\)",
        "The rows of a tensor must be equally long: one has {want} items and another {got}.",
    ),
    row(r"inhomogeneous shape", "The rows of an array must be equally long, and these are not."),
)


_NO_FILES = "There is no such file where the function is checked. Pass what a function needs as arguments."
_NOTHING_MORE = "next() found nothing more: the iterator is used up, or was empty from the start."


def _assert(_: re.Match[str], seen: Seen) -> str:
    return "An assert in your own code failed." if seen.line.startswith("assert") else ""


ENDING_ROWS = (
    row(r"", _assert, "AssertionError"),
    row(
        r"",
        "Your code ended the whole program, as exit(), quit() and sys.exit() do. End a function with return instead.",
        "SystemExit",
    ),
    row(
        r"",
        "Your code interrupted the program, with KeyboardInterrupt. End a function with return instead.",
        "KeyboardInterrupt",
    ),
    row(
        r"",
        "Calls went so deep that Python stopped them, as when a function calls itself over and over. Does some path "
        "end without another call, or do you mean another function of the same name?",
        "RecursionError",
    ),
    row(r"", _NOTHING_MORE, "StopIteration"),
    row(r"^generator raised StopIteration", _NOTHING_MORE, "RuntimeError"),
    row(r"", _NO_FILES, "FileNotFoundError"),
    row(
        r"EOF when reading a line|reading from stdin while output is captured",
        "input() waits for somebody to type, and there is nobody. Take values from the arguments.",
    ),
    row(
        r"exceptions must derive from BaseException",
        'Only exceptions can be raised, such as ValueError("what is wrong").',
        "TypeError",
    ),
    row(
        r"No active exception to reraise",
        "A bare raise needs an exception to raise again, and there is none here. Name the one you mean.",
    ),
)
