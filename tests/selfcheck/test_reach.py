"""Which functions reach files, processes or the system, so that no edit of them is run."""

import functools
import linecache
from typing import Any

import pytest

from grader.reading.definitions import stays_with_values

START = """
import math
import os as system
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn, save as keep

RATE = 0.1
TABLE = {"one": [1, 2], "open": print}
SAVERS = [open]
later = partial(open, "file.txt")


def helper(x):
    return x * RATE


def logged(x):
    print(x, file=open("log.txt", "a"))
    return x


def round_and_round(x):
    return again(x)


def again(x):
    return round_and_round(x) if x else helper(x)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return x * self.weight

"""
VALUES = [
    "x.mean()",
    "helper(x) + math.pi + np.float64(2) + TABLE['one'][0]",
    "round_and_round(x)",
    "torch.nn.functional.relu(Layer()(x)).item()",
    "[input for input in range(len(x)) if input]",
    "print('Loss', x.eval().train().requires_grad_())",
    "(lambda open: open + 1)(x)",
]
FURTHER = [
    "logged(x)",
    "open('file.txt').read()",
    "TABLE.get(1, SAVERS)[0]('file.txt')",
    "later()",
    "system.getcwd()",
    "subprocess.run(['true'])",
    "sys.stdout.write('x')",
    "Path('x').write_text('x')",
    "torch.save(x, 'x.pt')",
    "keep(x, 'x.pt')",
    "x.numpy().tofile('x.bin')",
    "np.savetxt('x.txt', x)",
    "np.load('x.npy')",
    "eval('x')",
    "exec('x = 1')",
    "input()",
    "__import__('os').getcwd()",
    "getattr(torch, 'sa' + 've')(x)",
    "torch.os.getcwd()",
    "torch.hub.list('x')",
    "x.__class__.__subclasses__()",
    "breakpoint()",
]


def judged(body: str, start: str = START) -> bool:
    text = f"{start}\ndef wanted(x):\n{body}\n"
    filename = f"<{abs(hash(text))}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    names: dict[str, object] = {"__name__": "learner"}
    exec(compile(text, filename, "exec"), names)
    return stays_with_values(text, "wanted", names)


@pytest.mark.parametrize("code", VALUES)
def test_what_only_computes_may_be_edited(code):
    assert judged(f"    return {code}")


@pytest.mark.parametrize("code", FURTHER)
def test_what_reaches_further_may_not(code):
    assert not judged(f"    return {code}")


@pytest.mark.parametrize(
    "line", ["import os", "from os import getcwd", "import torch.hub", "from torch import save", "from . import x"]
)
def test_nor_what_imports_it_within(line):
    assert not judged(f"    def inner():\n        {line}\n    return x")
    assert judged("    import math\n    from torch import nn\n    return math.pi * nn.ReLU()(x)")


def test_a_helper_that_is_defined_elsewhere_is_looked_at_there():
    text = "def wanted(x):\n    return helper(x)\n"
    for code, harmless in (("return x + 1", True), ("return open(x)", False)):
        filename = f"<elsewhere {harmless}>"
        other = f"def helper(x):\n    {code}\n"
        linecache.cache[filename] = (len(other), None, other.splitlines(keepends=True), filename)
        names: dict[str, Any] = {"__name__": "elsewhere"}
        exec(compile(other, filename, "exec"), names)
        assert stays_with_values(text, "wanted", names) is harmless
        names["helper"] = functools.lru_cache(names["helper"])
        assert stays_with_values(text, "wanted", names) is harmless


def test_what_has_no_source_or_is_no_function_may_not_be_edited():
    assert not stays_with_values("wanted = abs", "wanted", {})
    assert not stays_with_values("def wanted(:", "wanted", {})
    assert not stays_with_values("def wanted(x):\n    return helper(x)", "wanted", {"helper": eval("lambda x: x")})
