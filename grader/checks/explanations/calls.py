"""Calls with arguments that don't fit, and results that can't be used: None, functions, what is no tensor."""

from __future__ import annotations

import re

from grader.checks.explanations.row import (
    ARRAYS,
    FUNCTIONS,
    NAME,
    PLAIN_NUMBERS,
    Seen,
    capital_kind,
    is_module,
    kind_of,
    row,
    word,
)

_QUALIFIED = r"(?P<name>(?:[\w.]|<locals>|<lambda>){1,160})"
_TYPES = "TypeError"
_OTHERS_WORDS = {"axis": "dim", "dim": "axis", "keepdims": "keepdim", "keepdim": "keepdims"}


def _called(found: re.Match[str]) -> tuple[str, int | None]:
    """The name of what was called as a learner writes it, and how many of the arguments the learner doesn't write: 1
    where an object is called, None for a function in a class, of which nobody knows whether it is a static one."""
    own = found["name"].rpartition("<locals>.")[2].split(".")
    if own[-1] == "<lambda>":
        return "a lambda", 0
    if own[-1] in ("__init__", "__call__", "forward", "__new__") and len(own) > 1:
        return word(own[-2]), 1
    return word(own[-1]), None if len(own) > 1 else 0


def _own_parameters(_: re.Match[str], seen: Seen) -> str:
    if seen.stage != "call":
        return ""
    given = "1 argument" if seen.given == 1 else f"{seen.given or 'no'} arguments"
    wanted = f": {seen.signature}" if seen.signature else ""
    return (
        f"{seen.function} can't be called with {given}, as the exercise calls it{wanted}. Its parameters may have any "
        "names, in the exercise's number and order."
    )


def _too_few(found: re.Match[str], _: Seen) -> str:
    name, _method = _called(found)
    missing = [word(each) for each in re.findall(r"['\"](\w{1,40})['\"]", found["missing"])][:5]
    listed = f" without {', '.join(missing)}" if missing else " with too few arguments"
    return f"{name} was called{listed}. Compare the call with the parameters of {name}."


def _too_many(found: re.Match[str], _: Seen) -> str:
    name, unwritten = _called(found)
    wants, got = found["wants"], int(found["got"])
    if unwritten is None and wants == "0":
        return f"{name} has no parameters, and was called with arguments. A method is given its object first, as self."
    if unwritten is None or (unwritten and not wants.isdigit()):
        return f"{name} was called with more arguments than it takes."
    if wants.isdigit():
        wants, got = str(int(wants) - unwritten), got - unwritten
    return f"{name} takes {word(wants)} argument{'' if wants == '1' else 's'} and was called with {got}."


def _no_parameter(found: re.Match[str], seen: Seen) -> str:
    name, key = _called(found)[0].lstrip("_"), word(found["key"])
    if key in _OTHERS_WORDS and re.search(r"\b(?:np|numpy)\.", seen.line):
        return (
            f"{name} has no parameter called {key}. Functions of NumPy are for arrays, and torch has its own for "
            f"tensors; what one calls {key}, the other calls {_OTHERS_WORDS[key]}."
        )
    return f"{name} has no parameter called {key}. Check the spelling."


def _not_callable(found: re.Match[str], _: Seen) -> str:
    kind = found["kind"]
    if kind == "torch.Size":
        return "A shape was called like a function. Its sizes are taken with square brackets, as in x.shape[0]."
    if kind == "bool":
        return "A True or False was called like a function. Attributes have no parentheses: x.requires_grad."
    if kind == "module":
        return "A module was called like a function. Call something in it instead: module.name(...)."
    said = f"{capital_kind(kind)} was called like a function."
    if kind == "int":
        return (
            f"{said} Is a * missing before a parenthesis, has a variable taken the name of a function, or did torch "
            "get an array where it wants a tensor?"
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
            return f"{said} Do you mean its result for an input? Then call it on the input first."
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
    return f"A NumPy array is needed here, and this is {kind_of(got)}.{more}"


ARGUMENTS_ROWS = (
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
        "{name} has no parameter called {key}. Check the spelling.",
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


_PLACE = {"backward": "no gradient can be computed through that", "iterate": "that can't be used in a for loop"}


def _returned(found: re.Match[str], seen: Seen) -> str:
    kind = found["kind"]
    if kind == "NoneType":
        return f"The function returned None, and {_PLACE[seen.stage]}. Does every path end in a return with a value?"
    said = f"The function returned {kind_of(kind)}, and {_PLACE[seen.stage]}."
    if kind in FUNCTIONS or kind == "type":
        return f"{said} Are the parentheses behind its name missing?"
    return f"{said} A tensor is expected." if seen.stage == "backward" else said


RETURNED_ROWS = (
    row(rf"^'(?P<kind>{NAME})' object is not iterable", _returned, stages="backward iterate", outside=True),
    row(
        r"iteration over a 0-d tensor",
        "The function returned a tensor that is a single number, and that can't be used in a for loop.",
        stages="iterate",
        outside=True,
    ),
    row(
        r"Expected output to be a torch.Tensor",
        "The function returned something other than a tensor, and no gradient can be computed through that.",
        stages="backward",
    ),
    row(
        r"^got (?P<n>\d{1,9}) tensors and 1 gradients",
        "The function returned {n} tensors where a single one is expected.",
        stages="backward",
    ),
)


_GRADIENT = re.compile(r"(?<!autograd)\.grad\b")
_NO_GRADIENT = (
    "Something on this line is None, such as a .grad. A tensor gets it from backward(), if it was made directly with "
    "requires_grad=True and what backward() starts from was computed with it, without a cut such as detach(). Setting "
    "it to None takes it away again."
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


NOTHING_ROWS = (
    row(r"^'NoneType' object has no attribute '(?P<attribute>\w{1,60})'", _none),
    row(
        r"'NoneType'|(?:not|non-iterable|infer dtype of|passed to|got) NoneType\b",
        _none,
        types="TypeError RuntimeError AttributeError ValueError",
    ),
    row(
        r"^'(?:function|method|builtin_function_or_method)' object has no attribute '(?P<attribute>\w{1,60})'",
        "There is a function here, but something with {attribute} is needed. Do you mean its result, with parentheses "
        "after its name, or something else?",
    ),
    row(
        r"'(?:function|method|builtin_function_or_method)'|(?:not|got) "
        r"(?:function|method|builtin_function_or_method)\b",
        "There is a function here, but a value is needed. Do you mean its result, with parentheses after its name, or "
        "something else? x.mean is a function, x.mean() what it gives.",
        types="TypeError",
    ),
    row(
        r"^type object '(?P<name>\w{1,60})' has no attribute '(?P<attribute>\w{1,60})'",
        "The class {name} itself has no {attribute}. If you mean an object, make one with parentheses first: "
        "{name}(...).",
    ),
    row(
        r"'type' object|of type 'type'|^type '\w{1,60}' is not subscriptable",
        "There is a class here, but an object is needed. Make an object with parentheses: torch.no_grad is a class, "
        "torch.no_grad() an object.",
        types="TypeError",
    ),
)
