"""Calls with arguments that don't fit: too many, too few, of another type, or of something that can't be called."""

from __future__ import annotations

import re

from grader.checks.exceptions.kinds import ARRAYS, FUNCTIONS, PLAIN_NUMBERS, capital_kind, is_module, kind_of
from grader.checks.exceptions.row import NAME, Seen, row, word

_QUALIFIED = r"(?P<name>(?:[\w.]|<locals>|<lambda>){1,160})"
_TYPES = "TypeError"
_OTHERS_WORDS = {"axis": "dim", "dim": "axis", "keepdims": "keepdim", "keepdim": "keepdims"}


def _called(found: re.Match[str]) -> tuple[str, bool]:
    """The name of what was called as a learner writes it, and whether it is a method, which is given its object."""
    parts = [part for part in found["name"].split(".") if part != "<locals>"]
    own = found["name"].rpartition("<locals>.")[2].split(".")
    if own[-1] == "<lambda>":
        return "a lambda", False
    if own[-1] in ("__init__", "__call__", "forward", "__new__") and len(own) > 1:
        return word(own[-2]), True
    return word(parts[-1]), len(own) > 1


def _own_parameters(_: re.Match[str], seen: Seen) -> str:
    if seen.stage != "call":
        return ""
    given = "1 argument" if seen.given == 1 else f"{seen.given or 'no'} arguments"
    return (
        f"{seen.function} can't be called with {given}, as the exercise has it: its definition asks for other ones. "
        "Its parameters may have any names, in the exercise's number and order."
    )


def _too_few(found: re.Match[str], _: Seen) -> str:
    name, _method = _called(found)
    missing = [word(each) for each in re.findall(r"['\"](\w{1,40})['\"]", found["missing"])][:5]
    listed = f" without {', '.join(missing)}" if missing else " with too few arguments"
    return f"{name} was called{listed}. Compare the call on this line with the parameters of {name}."


def _too_many(found: re.Match[str], _: Seen) -> str:
    name, method = _called(found)
    wants, got = found["wants"], int(found["got"])
    if method and wants == "0":
        return f"The method {name} has no first parameter self, and a method is always given its object."
    if method and not wants.isdigit():
        return f"{name} was called with {got - 1} arguments, which is more than it takes."
    if wants.isdigit() and method:
        wants, got = str(int(wants) - 1), got - 1
    return f"{name} takes {word(wants)} argument{'' if wants == '1' else 's'} and was called with {got}."


def _no_parameter(found: re.Match[str], seen: Seen) -> str:
    name, key = _called(found)[0].lstrip("_"), word(found["key"])
    if key in _OTHERS_WORDS and re.search(r"\b(?:np|numpy)\.", seen.line):
        return (
            f"{name} has no parameter called {key}. Functions of NumPy are for arrays, and torch has its own for "
            f"tensors; what one calls {key}, the other calls {_OTHERS_WORDS[key]}."
        )
    return f"{name} has no parameter called {key}. Look at how it is spelled."


def _not_callable(found: re.Match[str], _: Seen) -> str:
    kind = found["kind"]
    if kind == "torch.Size":
        return "A shape was called like a function. Its sizes are taken with square brackets, as in x.shape[0]."
    if kind == "bool":
        return "A True or False was called like a function. Leave out the parentheses, as in x.requires_grad."
    if kind == "module":
        return "A module was called like a function. What was meant is something in it: module.name(...)."
    said = f"{capital_kind(kind)} was called like a function."
    if kind == "int":
        return (
            f"{said} Is a * missing before a parenthesis? It also happens where torch wants a tensor and gets an array."
        )
    if kind in (*PLAIN_NUMBERS, *ARRAYS, "Tensor", "Parameter", "str", "dict"):
        return (
            f"{said} Is a * missing before a parenthesis, were square brackets meant, or has a variable taken the "
            "name of a function?"
        )
    return f"{said} It isn't one. Which of its methods was meant?"


def _wanted(found: re.Match[str], _: Seen) -> str:
    name, argument = word(found["name"]), word(found["argument"])
    wanted, got = found["wanted"], found["got"]
    said = f"{name}() wants a tensor for its {argument}, and got {kind_of(got)}."
    if wanted == "Tensor":
        if got in ("list", "tuple"):
            return f"{said} A batch is taken apart first; a list of numbers becomes a tensor with torch.tensor()."
        if got in ARRAYS:
            return f"{said} Make a tensor of it first."
        if got in PLAIN_NUMBERS:
            return f"{said} Was it taken out of its tensor too early? For plain numbers there is the math module."
        if is_module(got):
            return f"{said} A model must be called on an input, and gives the tensor then."
        return said
    if wanted == "torch.dtype":
        return (
            f"{name}() wants one of torch's own dtypes, such as torch.float32, without quotes; not NumPy's or Python's."
        )
    if "ints" in wanted or wanted == "int":
        return f"{name}() wants whole numbers for its {argument}, and got {kind_of(got)}. // divides to whole numbers."
    if "Tensors" in wanted:
        return f"{name}() wants a list of tensors, in square brackets, and got {kind_of(got)}."
    return f"{name}() wants {word(wanted)} for its {argument}, and got {kind_of(got)}."


def _no_such_call(found: re.Match[str], _: Seen) -> str:
    given = ", ".join(word(each.strip()) for each in found["got"].split(",")[:6] if each.strip())
    return (
        f"{word(found['name'])}() can't be called with these arguments: ({given}). Look up how many it takes, of "
        "which types, and what they are called."
    )


def _from_numpy(found: re.Match[str], _: Seen) -> str:
    got = found["got"]
    more = {
        "Tensor": " It is a tensor already.",
        "list": " A list becomes a tensor with torch.tensor().",
        "tuple": " A tuple becomes a tensor with torch.tensor().",
    }.get(got, "")
    if got in FUNCTIONS:
        more = " Are parentheses missing?"
    return f"A NumPy array is wanted here, and it was given {kind_of(got)}.{more}"


ROWS = (
    row(
        r"\(\) (?:missing|takes)|takes no arguments|received an invalid combination of arguments",
        _own_parameters,
        types=_TYPES,
        outside=True,
    ),
    row(rf"^{_QUALIFIED}\(\) missing \d{{1,9}} required (?P<missing>.{{1,200}})", _too_few, types=_TYPES),
    row(
        rf"^{_QUALIFIED}\(\) takes (?:exactly )?(?P<wants>\d{{1,9}}|from \d{{1,9}} to \d{{1,9}}|no|one) "
        r"(?:positional )?arguments? (?:but |\()(?P<got>\d{1,9}) (?:positional arguments? \(?.{0,60})?"
        r"(?:were |was )?given",
        _too_many,
        types=_TYPES,
    ),
    row(
        r"^(?P<name>[\w.]{1,60})\(\) takes no arguments",
        "{name} was called with arguments, and takes none: if it is a class, its __init__ has no parameters.",
        types=_TYPES,
    ),
    row(
        rf"^{_QUALIFIED}\(\) got an unexpected keyword argument '(?P<key>\w{{1,60}})'",
        _no_parameter,
        types=_TYPES,
    ),
    row(
        r"^'(?P<key>\w{1,60})' is an invalid keyword argument for (?P<name>\w{1,60})\(\)",
        "{name} has no parameter called {key}. Look at how it is spelled.",
        types=_TYPES,
    ),
    row(
        rf"^{_QUALIFIED}\(\) got multiple values for argument '(?P<key>\w{{1,60}})'",
        lambda found, _: (
            f"{_called(found)[0]} was given {word(found['key'])} twice: once by its place and once by its name."
        ),
        types=_TYPES,
    ),
    row(
        r"^(?P<name>[\w.]{1,60})\(\) received an invalid combination of arguments - got \((?P<got>[\w=., ]{0,120})\)",
        _no_such_call,
        types=_TYPES,
    ),
    row(rf"^'(?P<kind>{NAME})' object is not callable", _not_callable, types=_TYPES),
    row(
        rf"^(?P<name>{NAME})\(\): argument '(?P<argument>\w{{1,40}})' .{{0,20}}must be "
        rf"(?P<wanted>[\w.]{{1,30}}(?: of \w{{1,20}})?), not (?P<got>{NAME})",
        _wanted,
        types=_TYPES,
    ),
    row(
        rf"^(?P<name>{NAME})\(\): argument '(?P<argument>\w{{1,40}})' failed to unpack .{{0,60}}type must be "
        rf"(?P<wanted>[\w.]{{1,30}}(?: of \w{{1,20}})?), ?but got (?P<got>{NAME})",
        _wanted,
        types=_TYPES,
    ),
    row(
        rf"expected Tensor as element (?P<at>\d{{1,9}}) in argument \d{{1,9}}, but got (?P<got>{NAME})",
        lambda found, _: (
            f"A list of tensors is wanted here, and number {word(found['at'])} in it is {kind_of(found['got'])}. "
            "torch.tensor() makes a tensor of numbers."
        ),
        types=_TYPES,
    ),
    row(
        rf"new\(\): data must be a sequence \(got (?P<got>{NAME})\)",
        lambda found, _: (
            f"torch.Tensor() takes a list of numbers or sizes, and got {kind_of(found['got'])}. torch.tensor(), with "
            "a small t, makes a tensor of anything."
        ),
        types=_TYPES,
    ),
    row(rf"expected np.ndarray \(got (?P<got>{NAME})\)", _from_numpy, types=_TYPES),
)
