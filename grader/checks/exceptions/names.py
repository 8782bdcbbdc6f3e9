"""Names that aren't known: variables, imports, and what modules hold."""

from __future__ import annotations

import builtins
import re
import sys

import torch

from grader.checks.exceptions.kinds import meant, names_in, was_meant
from grader.checks.exceptions.row import NAME, Seen, row, word

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
        return f"{shown} isn't known to Python, which writes it {_OTHER_LANGUAGES[name]}."
    if name in _IMPORTS:
        return f"{shown} isn't known here: its import is missing. At the top of the file: {_IMPORTS[name]}"
    if name == "self":
        return "self isn't known here. A method of a class names it as its first parameter; other functions have none."
    if name in names_in(torch):
        return f"{shown} isn't known here. Was torch.{shown} meant? Otherwise it needs a value before this line."
    typo = next((each for each in dir(builtins) if len(name) > 4 and sorted(each) == sorted(name)), "")
    if typo:
        return f"{shown} isn't known here. Was {typo} meant?"
    if seen.stage == "import":
        return (
            f"{shown} isn't known when the module is imported. It must be defined or imported above this line; code "
            "that only tries something out doesn't belong there."
        )
    return (
        f"{shown} isn't known here. A function knows its parameters, what it sets itself, and what its file defines "
        "and imports; what other cells of a notebook set isn't there. Use the parameters, or look at how the name is "
        "spelled."
    )


def _no_value(found: re.Match[str], _: Seen) -> str:
    shown = word(found["name"] or found["free"])
    return (
        f"{shown} has no value yet on this line. The function sets {shown} somewhere, so it is the function's own "
        "from the first line on. Give it a value before this line, also for when an if or a loop is passed by, or "
        "make it a parameter."
    )


def _no_module(found: re.Match[str], _: Seen) -> str:
    name = found["name"]
    root, _dot, rest = name.partition(".")
    if rest and root in ("torch", "numpy"):
        return f"There is no module {word(name)}. Look at how the import is spelled."
    near = meant(root, ("torch", "numpy")) or meant(root, tuple(sorted(sys.stdlib_module_names)))
    if near:
        return f"There is no module {word(root)}.{was_meant(root, (near,))}"
    return (
        f"There is no module {word(root)} here. What is checked may import torch, NumPy and what comes with Python. "
        "Leave out the import if only trying things out needs it, or look at how it is spelled."
    )


def _not_in_module(found: re.Match[str], _: Seen) -> str:
    module, name = found["module"], found["name"]
    holder = sys.modules.get(module) if module.partition(".")[0] in _SEARCHED else None
    if holder is None:
        return f"{word(module)} has no {word(name)}. Look at how both are spelled."
    hint = was_meant(name, names_in(holder))
    elsewhere = {"torch": "numpy", "numpy": "torch"}.get(module)
    if elsewhere and name in names_in(sys.modules[elsewhere]):
        hint = f" There is {elsewhere}.{word(name)}."
    return f"{word(module)} has no {word(name)}.{hint or ' Look at how it is spelled.'}"


ROWS = (
    row(r"^name '(?P<name>\w{1,60})' is not defined", _unknown, types="NameError UnboundLocalError"),
    row(
        r"local variable '(?P<name>\w{1,60})'|free variable '(?P<free>\w{1,60})'",
        _no_value,
        types="NameError UnboundLocalError",
    ),
    row(
        r"^there is no module (?P<name>\w{1,60})$",
        "The module {name} is not among the files that were handed in.",
        types="ModuleNotFoundError",
        stages="import",
    ),
    row(r"^No module named '(?P<name>[\w.]{1,60})'", _no_module, types="ModuleNotFoundError ImportError"),
    row(
        rf"^cannot import name '(?P<name>\w{{1,60}})' from (?:partially initialized module )?'(?P<module>{NAME})'",
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
