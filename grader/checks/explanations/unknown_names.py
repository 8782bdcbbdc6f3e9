"""Names that aren't known: variables, imports, and attributes and methods that something doesn't have."""

from __future__ import annotations

import builtins
import re
import sys

import torch

from grader.checks.explanations.row import (
    ARRAYS,
    NAME,
    PLAIN_NUMBERS,
    Seen,
    capital_kind,
    class_of,
    is_module,
    kind_of,
    meant,
    names_in,
    owners_of,
    row,
    was_meant,
    word,
)

# The names under which everybody imports things, and how.
_IMPORTS = {
    "torch": "import torch",
    "np": "import numpy as np",
    "numpy": "import numpy",
    "nn": "from torch import nn",
    "optim": "from torch import optim",
    "F": "import torch.nn.functional as F",
    "Tensor": "from torch import Tensor",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "TensorDataset": "from torch.utils.data import TensorDataset",
    **{name: f"import {name}" for name in ("math", "random", "time", "os", "sys", "copy", "itertools", "functools")},
}
_OTHER_LANGUAGES = {
    "true": "True",
    "false": "False",
    "none": "None",
    "null": "None",
    "nil": "None",
    "undefined": "None",
}
_SEARCHED = ("torch", "numpy", "math", "random", "itertools", "functools")


def _unknown(found: re.Match[str], seen: Seen) -> str:
    name = found["name"]
    shown = word(name)
    if name in _OTHER_LANGUAGES:
        return f"{shown} isn't known here. If that is what is meant, Python writes it {_OTHER_LANGUAGES[name]}."
    if name in _IMPORTS:
        place = "In a cell above, which has to be run" if seen.in_cell else "At the top of the file"
        return f"{shown} isn't known here. Is its import missing? {place}: {_IMPORTS[name]}"
    if name == "self":
        return "self isn't known here. A method of a class names it as its first parameter; other functions have none."
    if name in names_in(torch):
        return f"{shown} isn't known here. Was torch.{shown} meant? Otherwise it needs a value before this line."
    typo = next((each for each in dir(builtins) if len(name) > 4 and sorted(each) == sorted(name)), "")
    if typo:
        return f"{shown} isn't known here. Was {typo} meant?"
    if seen.stage == "import":
        return (
            f"{shown} isn't known when the module is imported. Define or import it above this line, and leave out "
            "code that only tries something out."
        )
    return (
        f"{shown} isn't known here. A function knows its parameters, what it sets itself, and what its file defines "
        "and imports; what is only set elsewhere, as in other cells of a notebook, may not be there. Use the "
        "parameters, or check the spelling of the name."
    )


def _no_value(found: re.Match[str], seen: Seen) -> str:
    name = found["name"] or found["free"]
    shown = word(name)
    said = f"{shown} has no value yet on this line. The function sets {shown} somewhere, so it is the function's own"
    if re.search(rf"(?<![\w.]){re.escape(name)}\s{{0,9}}\(", seen.line):
        return (
            f"{said}, and it hides the {shown} outside. To call that one here, give the function's own variable "
            "another name."
        )
    return (
        f"{said} from the first line on. Give it a value before this line, also for when an if or a loop is skipped; "
        f"or, if you mean the {shown} outside, give the function's own variable another name."
    )


def _no_module(found: re.Match[str], _: Seen) -> str:
    name = found["name"]
    root, _dot, rest = name.partition(".")
    if rest and root in ("torch", "numpy"):
        return f"There is no module {word(name)}. Check the spelling of the import."
    near = meant(root, ("torch", "numpy")) or meant(root, tuple(sorted(sys.stdlib_module_names)))
    if near:
        return f"There is no module {word(root)}.{was_meant(root, (near,))}"
    return (
        f"There is no module {word(root)} here. Your code may import torch, NumPy and Python's own modules. "
        "Leave out the import if you need it only for trying things out, or check its spelling."
    )


def _not_in_module(found: re.Match[str], seen: Seen) -> str:
    module, name = found["module"], found["name"]
    if module == seen.module and seen.stage == "import":
        return f"{word(module)} imports from itself. Names of the same file need no import."
    holder = sys.modules.get(module) if module.partition(".")[0] in _SEARCHED else None
    if holder is None:
        return f"{word(module)} has no {word(name)}. Check the spelling of both."
    hint = was_meant(name, names_in(holder))
    elsewhere = {"torch": "numpy", "numpy": "torch"}.get(module)
    if elsewhere and name in names_in(sys.modules[elsewhere]):
        hint = f" There is {elsewhere}.{word(name)}."
    return f"{word(module)} has no {word(name)}.{hint or ' Check the spelling.'}"


NAMES_ROWS = (
    row(r"^name '(?P<name>\w{1,60})' is not defined", _unknown, types="NameError UnboundLocalError"),
    row(
        r"local variable '(?P<name>\w{1,60})'|free variable '(?P<free>\w{1,60})'",
        _no_value,
        types="NameError UnboundLocalError",
    ),
    row(
        r"^there is no module (?P<name>\w{1,60})$",
        "The module {name} is not among the files you handed in.",
        types="ModuleNotFoundError",
        stages="import",
    ),
    row(r"^No module named '(?P<name>[\w.]{1,60})'", _no_module, types="ModuleNotFoundError ImportError"),
    row(
        r"partially initialized module '(?P<module>\w{1,60}\.[\w.]{1,60})'",
        "{module} is only half loaded, so nothing that needs it works: its import was stopped (by Ctrl-C, or ■ in a "
        "notebook), or one of the files is named like a library. Start again; in a notebook, restart the kernel.",
    ),
    row(
        rf"partially initialized module '(?P<module>{NAME})'",
        "{module} isn't imported to its end yet, and is used already: it imports itself, or two files import each "
        "other. Is one of the files named like a library?",
    ),
    row(
        rf"^cannot import name '(?P<name>\w{{1,60}})' from '(?P<module>{NAME})'",
        _not_in_module,
        types="ImportError",
    ),
    row(
        r"attempted relative import",
        "A dot in front of a module means a package, and the files here aren't in one. Import the module by its bare "
        "name: from name import ...",
        types="ImportError",
    ),
    row(rf"^module '(?P<module>{NAME})' has no attribute '(?P<name>\w{{1,60}})'", _not_in_module),
)


_CUT_OFF = "item(), float() and tolist() take numbers out of a tensor, and cut them off from what they came from."


def _missing(found: re.Match[str], seen: Seen) -> str:
    kind, name = found["kind"], found["name"]
    said = f"{capital_kind(kind)} has no {word(name)}"
    if kind in PLAIN_NUMBERS and name == "item":
        return "item() was called on a plain number. Leave item() out."
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
            return f"{belongs} Do you mean its result for an input? Then call it on the input first."
        return f"{belongs} Is this the object that was meant?"
    holder = class_of(kind)
    near = meant(name, names_in(holder)) if holder else ""
    if near:
        return f"{said}. Was {near} meant?"
    where = " An attribute exists only after it has been set, for example in __init__." if "self." in seen.line else ""
    return f"{said}. Check the spelling, and what kind of object this is.{where}"


ATTRIBUTES_ROWS = (
    row(
        r"cannot assign (?:module|parameters?) before Module.__init__\(\) call",
        "The __init__ of a model must begin with super().__init__(), before anything is set on self.",
    ),
    row(rf"^'(?P<kind>{NAME})' object has no attribute '(?P<name>\w{{1,60}})'", _missing, types="AttributeError"),
    row(
        r"attribute '(?P<name>\w{1,60})' of '[\w.]{1,60}' objects is not writable",
        "{name} can be read, but not set.",
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
