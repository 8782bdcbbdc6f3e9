"""Reading the source for what an exercise forbids: through imports, aliases and helpers, by Python's scopes."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable
from types import FrameType

import pytest
import torch

from grader.reading.name_resolution import ParsedModule, forbidden_uses
from grader.sandbox.inside.execute import Watch

FORBIDDEN = ("torch.nn.functional.mse_loss", "torch.nn.MSELoss")


def lines(source: str) -> list[int | None]:
    return [use.line for use in forbidden_uses(source, "mse", FORBIDDEN)]


# Ways to get at the function: what stands before, and an expression.
WAYS = {
    "in full": ("import torch", "torch.nn.functional.mse_loss"),
    "an import of the whole": ("import torch.nn.functional", "torch.nn.functional.mse_loss"),
    "a module's alias": ("import torch.nn.functional as F", "F.mse_loss"),
    "torch's alias": ("import torch as t", "t.nn.functional.mse_loss"),
    "from torch import": ("from torch import nn", "nn.functional.mse_loss"),
    "from torch.nn import": ("from torch.nn import functional as G", "G.mse_loss"),
    "the function itself": ("from torch.nn.functional import mse_loss", "mse_loss"),
    "the function's alias": ("from torch.nn.functional import mse_loss as m", "m"),
    "everything": ("from torch.nn.functional import *", "mse_loss"),
    "everything of torch": ("from torch import *", "nn.functional.mse_loss"),
    "a class": ("from torch import nn", "nn.MSELoss()"),
    "everything of nn": ("from torch.nn import *", "MSELoss()"),
    "below": ("import torch", "torch._C._nn.mse_loss"),
    "an operator": ("import torch", "torch.ops.aten.mse_loss.default.__call__ and torch.ops.aten.mse_loss"),
    "getattr": ("import torch.nn.functional as F", "getattr(F, 'mse_loss')"),
    "getattr with another": ("import torch", "getattr(getattr(torch.nn, 'functional'), 'mse_loss', None)"),
    "builtins.getattr": ("import builtins, torch", "builtins.getattr(torch.nn.functional, 'mse_loss')"),
    "vars": ("import torch.nn.functional as F", "vars(F)['mse_loss']"),
    "__dict__": ("import torch.nn.functional as F", "F.__dict__['mse_loss']"),
    "get": ("import torch.nn.functional as F", "F.__dict__.get('mse_loss')"),
    "globals": ("from torch.nn.functional import mse_loss as m", "globals()['m']"),
    "sys.modules": ("import sys", "sys.modules['torch.nn.functional'].mse_loss"),
    "import_module": ("import importlib", "importlib.import_module('torch.nn.functional').mse_loss"),
    "import_module's alias": (
        "from importlib import import_module as im",
        "im('.functional', package='torch.nn').mse_loss",
    ),
    "__import__": ("", "__import__('torch').nn.functional.mse_loss"),
    "__import__ of a part": ("", "__import__('torch.nn.functional', fromlist=['x']).mse_loss"),
    "an alias": ("import torch\nF = torch.nn.functional", "F.mse_loss"),
    "aliases of aliases": ("import torch\na = torch.nn\nb = c = a\nd, e = c.functional, 1", "d.mse_loss"),
    "getattr's alias": ("import torch.nn.functional as F\nget = getattr", "get(F, 'mse_loss')"),
    "an annotated alias": ("import torch\nF: object = torch.nn.functional", "F.mse_loss"),
    "an alias by the way": ("import torch\nprint(F := torch.nn.functional)", "F.mse_loss"),
    "an import that may fail": ("try:\n    from torch.nn.functional import mse_loss\nexcept ImportError:\n    mse_loss = None", "mse_loss"),
    "an import in a branch": ("import sys\nif sys.version:\n    import torch.nn.functional as F\nelse:\n    F = None", "F.mse_loss"),
}  # fmt: skip
# Where it is used: {way} is the expression.
PLACES = {
    "at once": "def mse(a, b):\n    return {way}(a, b)",
    "as a local alias": "def mse(a, b):\n    f = {way}\n    return f(a, b)",
    "in a branch": "def mse(a, b):\n    if a is b:\n        return 0\n    return {way}(a, b)",
    "in a function within": "def mse(a, b):\n    def inner():\n        return {way}(a, b)\n    return inner()",
    "in a lambda": "mse = lambda a, b: {way}(a, b)",
    "in a list": "def mse(a, b):\n    return [{way}(x, y) for x, y in [(a, b)]][0]",
    "as a default": "def mse(a, b, how={way}):\n    return how(a, b)",
    "as a default by name": "def mse(a, b, *, how={way}):\n    return how(a, b)",
    "in a decorator": "def mine(f):\n    return f\ndef to(f):\n    return lambda _: f\n@to({way})\ndef mse(a, b):\n    return 0",
    "in a helper": "def helper(a, b):\n    return {way}(a, b)\ndef mse(a, b):\n    return helper(a, b)",
    "in a helper's helper": "def mse(a, b):\n    return one(a, b)\ndef one(a, b):\n    return two(a, b)\ntwo = lambda a, b: {way}(a, b)",
    "in a class": "class Own:\n    how = staticmethod({way})\ndef mse(a, b):\n    return Own.how(a, b)",
    "in a method": "class Own:\n    def __call__(self, a, b):\n        return {way}(a, b)\nmse = Own()",
    "as itself": "mse = {way}",
    "in a table": "table = {{'f': {way}}}\ndef mse(a, b):\n    return table['f'](a, b)",
    "put into a table": "table = {{}}\ntable['f'] = {way}\ndef mse(a, b):\n    return table['f'](a, b)",
    "in a loop's list": "for how in [{way}]:\n    pass\ndef mse(a, b):\n    return how(a, b)",
    "wrapped": "def mse(a, b):\n    return {way}(a, b)\nmse = print and mse",
    "given by a function": "def make():\n    global how\n    how = {way}\nmake()\ndef mse(a, b):\n    return how(a, b)",
    "in an assignment by the way": "def mse(a, b):\n    return (f := {way})(a, b)",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_use_is_found_with_its_line(way: str) -> None:
    before, expression = WAYS[way]
    for place in PLACES.values():
        source = f"{before}\n{place.format(way=expression)}\n"
        compile(source, "", "exec")
        first, used = before.count("\n") + 2, re.compile(rf"(?<!\w){re.escape(expression)}(?!\w)")
        wanted = {at for at, line in enumerate(source.split("\n"), 1) if at >= first and used.search(line)}
        assert wanted <= set(lines(source)), source


def test_an_import_within_is_followed_as_one_outside() -> None:
    outside = [place.format(way="mse_loss") for place in PLACES.values()]
    within = [source for source in outside if re.match(r"def mse\(a, b\):\n(    .*\n)*    .*mse_loss", source)]
    assert len(within) > 5
    for source in within:
        assert lines(source.replace("\n", "\n    from torch.nn.functional import mse_loss\n", 1)), source


def test_a_name_that_is_nothing_but_imported_is_told_by_the_import() -> None:
    assert lines("import torch\nfrom torch.nn.functional import mse_loss as mse\n") == [2]
    assert forbidden_uses("from torch.nn.functional import *\n", "mse_loss", FORBIDDEN)


# Right answers in which the name stands for something else. {name} is mse_loss, imported before or not.
OTHERS = {
    "a local name": "def mse(a, b):\n    {name} = ((a - b) ** 2).mean()\n    return {name}",
    "a local name in a branch": "def mse(a, b):\n    if a is b:\n        {name} = 0\n    else:\n        {name} = a - b\n    return {name} * 2",
    "a parameter": "def mse({name}, b):\n    return (({name} - b) ** 2).mean()",
    "a parameter by name": "def mse(a, b, *, {name}=2):\n    return ((a - b) ** {name}).mean()",
    "all other parameters": "def mse(*{name}):\n    return (({name}[0] - {name}[1]) ** 2).mean()",
    "a parameter within": "def mse(a, b):\n    def apply({name}):\n        return {name}.mean()\n    return apply((a - b) ** 2)",
    "a lambda's parameter": "def mse(a, b):\n    return (lambda {name}: {name}.mean())((a - b) ** 2)",
    "a name of the function around": "def mse(a, b):\n    {name} = (a - b) ** 2\n    def inner():\n        return {name}.mean()\n    return inner()",
    "a loop's variable": "def mse(a, b):\n    for {name} in [a - b]:\n        total = ({name} ** 2).mean()\n    return total",
    "a list's variable": "def mse(a, b):\n    return sum({name} ** 2 for {name} in (a - b).reshape(-1)) / a.numel()",
    "a dict's variable": "def mse(a, b):\n    return {{k: {name} for k, {name} in [(0, ((a - b) ** 2).mean())]}}[0]",
    "with as": "def mse(a, b):\n    with open(a) as {name}:\n        return {name}",
    "except as": "def mse(a, b):\n    try:\n        return ((a - b) ** 2).mean()\n    except ValueError as {name}:\n        raise {name}",
    "by the way": "def mse(a, b):\n    return ({name} := a - b).pow(2).mean() + 0 * {name}.sum()",
    "a pattern": "def mse(a, b):\n    match a - b:\n        case {name}:\n            return ({name} ** 2).mean()",
    "the names of a pattern": "def mse(a, b):\n    match [a, b]:\n        case [x, *{name}]:\n            return ((x - {name}[0]) ** 2).mean()",
    "an own function": "def {name}(a, b):\n    return ((a - b) ** 2).mean()\ndef mse(a, b):\n    return {name}(a, b)",
    "an own function below": "def mse(a, b):\n    return {name}(a, b)\ndef {name}(a, b):\n    return ((a - b) ** 2).mean()",
    "an own function within": "def mse(a, b):\n    def {name}(d):\n        return (d ** 2).mean()\n    return {name}(a - b)",
    "an own lambda": "{name} = lambda a, b: ((a - b) ** 2).mean()\ndef mse(a, b):\n    return {name}(a, b)",
    "an own class": "class {name}:\n    def __call__(self, a, b):\n        return ((a - b) ** 2).mean()\ndef mse(a, b):\n    return {name}()(a, b)",
    "an own import": "from from_other import own as {name}\ndef mse(a, b):\n    return {name}(a, b)",
    "a method": "class Own:\n    def {name}(self, a, b):\n        return ((a - b) ** 2).mean()\nown = Own()\ndef mse(a, b):\n    return own.{name}(a, b)",
    "an attribute": "class Own:\n    def __init__(self):\n        self.{name} = 2\n    def __call__(self, a, b):\n        return ((a - b) ** self.{name}).mean()\nmse = Own()",
    "a class's own name": "class Own:\n    {name} = 2\n    twice = {name} * 2\n    def __call__(self, a, b):\n        return ((a - b) ** 2).mean()\nmse = Own()",
    "the name of an argument": "def helper(**more):\n    return more\ndef mse(a, b):\n    return helper({name}=((a - b) ** 2).mean())['{name}']",
    "a key": "def mse(a, b):\n    return {{'{name}': ((a - b) ** 2).mean()}}['{name}']",
    "a comment and a text": "def mse(a, b):\n    '''Not {name}.'''\n    # {name}\n    print('torch.nn.functional.{name}')\n    return ((a - b) ** 2).mean()",
    "another function's local name": "def other(a, b):\n    import torch.nn.functional as F\n    loss = F.{name}\n    return loss(a, b)\ndef mse(a, b):\n    loss = ((a - b) ** 2).mean()\n    return loss",
    "another function's import": "def other(a, b):\n    from torch.nn.functional import mse_loss as loss\n    return loss(a, b)\ndef loss(a, b):\n    return ((a - b) ** 2).mean()\ndef mse(a, b):\n    return loss(a, b)",
    "a script's name": "import torch.nn.functional as F\ndef mse(a, b):\n    loss = ((a - b) ** 2).mean()\n    return loss\nif __name__ == '__main__':\n    loss = F.mse_loss(1, 2)\n    print(loss)",
    "one that was written over": "import torch.nn.functional as F\nloss = F.mse_loss\ndef loss(a, b):\n    return ((a - b) ** 2).mean()\ndef mse(a, b):\n    return loss(a, b)",
    "an answer that was written over": "import torch.nn.functional as F\ndef mse(a, b):\n    return F.mse_loss(a, b)\ndef mse(a, b):\n    return ((a - b) ** 2).mean()",
    "an import that is written over within": "def mse(a, b):\n    from torch.nn.functional import mse_loss\n    mse_loss = ((a - b) ** 2).mean()\n    return mse_loss",
    "nothing at all": "def mse(a, b):\n    return ((a - b) ** 2).mean()",
    "a type": "from torch import nn\ndef mse(a, b, loss: nn.MSELoss = None) -> nn.MSELoss:\n    how: nn.MSELoss = None\n    return ((a - b) ** 2).mean()",
    "something else of torch": "import torch\ndef mse(a, b):\n    {name} = torch.sub(a, b)\n    return torch.mean({name} * {name})",
    "an own getattr": "import torch.nn.functional as F\ndef getattr(a, b):\n    return a\ndef mse(a, b):\n    return getattr(F, 'mse_loss') and ((a - b) ** 2).mean()",
}  # fmt: skip
IMPORTS = [
    "",
    "from torch.nn.functional import mse_loss",
    "from torch.nn.functional import *",
    "import torch.nn.functional as F\nmse_loss = F.mse_loss",
]


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_no_use_is_left_in_peace(other: str) -> None:
    for before in IMPORTS:
        source = f"{before}\n{OTHERS[other].format(name='mse_loss')}\n"
        compile(source, "", "exec")
        assert lines(source) == [], source


@pytest.mark.parametrize("other", OTHERS)
def test_the_same_holds_within_a_class_of_callables(other: str) -> None:
    """What stands for something else does so however deep it stands, and a use beside it is found all the same."""
    source = OTHERS[other].format(name="mse_loss")
    beside = f"import torch\n{source}\nold = mse\ndef mse(a, b):\n    return old(a, b) + torch.nn.functional.mse_loss(a, b)\n"
    assert lines(beside) == [beside.count("\n")]
    inside = f"def outer():\n{textwrap.indent(source, '    ')}\n    return mse\nmse = outer()\n"
    assert lines(inside) == [] or "F.mse_loss" in source or "import mse_loss" in source or ": nn.MSELoss" in source


def test_of_many_uses_the_first_are_told() -> None:
    found = lines("import torch\ndef mse(a, b):\n" + "    torch.nn.functional.mse_loss\n" * 5000)
    assert found == list(range(3, 3 + len(found)))
    assert 3 < len(found) < 100


def test_what_can_not_be_parsed_holds_nothing() -> None:
    assert lines("def mse(:\n") == []
    assert lines("def mse():\n" + " " * 4 + "(" * 5000) == []


def _steps(source: str) -> int:
    """How many calls it takes to read a source: a measure that is the same on every machine."""
    count = 0

    def step(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(step)
    try:
        list(forbidden_uses(source, "mse", FORBIDDEN))
    finally:
        sys.setprofile(None)
    return count


HEAD = "import torch.nn.functional as F\n"
LARGE: dict[str, Callable[[int], str]] = {
    "targets": lambda n: f"{HEAD}mse = {' = '.join(f'a{i}' for i in range(n))} = {' + '.join(['F.relu'] * 90)}\n"
    f"def mse():\n    return {', '.join(f'a{i}' for i in range(n))}\n",
    "one name": lambda n: f"{HEAD}def mse(a):\n" + "    if a:\n        a = F.x(a)\n" * n,
    "aliases": lambda n: f"{HEAD}a0 = F\n" + "".join(f"a{i + 1} = a{i}.x\n" for i in range(n)) + f"mse = a{n}\n",
    "aliases backward": lambda n: "".join(f"def f{i}():\n    global a{i}\n    a{i} = a{i + 1}\n" for i in range(n))
    + f"a{n} = 1\ndef mse():\n    return a0\n",
    "helpers": lambda n: "".join(f"def f{i}(): return f{i + 1}, f{i // 2}, f{n // 2}\n" for i in range(n))
    + f"f{n} = 1\nmse = f0\n",
    "attributes": lambda n: f"{HEAD}def mse():\n    return F{'.a' * (n // 4)}\n",
    "fields": lambda n: f"{HEAD}def mse(a):\n    return f'{{a}}{{F.x}}" + "{a}" * n + "'\n",
    "stars": lambda n: "".join(f"from torch.a{i} import *\n" for i in range(n)) + f"def mse():\n    {'x, ' * n}\n",
    "nonlocals": lambda n: "def mse():\n    x = 1\n"
    + "".join(f"    def f{i}():\n        nonlocal x\n        x = {i}, x\n" for i in range(n)),
    "definitions": lambda n: "def mse(a):\n    return a\n" * n,
    "lambdas": lambda n: "mse = " + "+".join(["(lambda x: x)"] * (n // 4)) + "\n",
    "lambdas within": lambda n: "\n".join([f"mse = {'lambda x: ' * 20}x + y"] * (n // 4)) + "\n",
    "comprehensions": lambda n: "mse = [" + ", ".join(f"[a{i} for a{i} in b]" for i in range(n // 4)) + "]\n",
    "changes": lambda n: "t = {}\n" + "t[0] = t\n" * n + "mse = t\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", LARGE)
def test_a_text_of_twice_the_size_takes_twice_the_steps(kind: str) -> None:
    compile(LARGE[kind](100), "", "exec")
    assert _steps(LARGE[kind](600)) < 2.5 * _steps(LARGE[kind](300))


def test_a_hostile_source_is_read_to_its_end() -> None:
    deep = "lambda " * 400 + ": 0"
    for source in (
        deep,
        "mse = " + "lambda: " * 700 + "0",
        "mse = " + "-" * 5000 + "1",
        "mse = " + "+".join("a" * 9000),
    ):
        ParsedModule(source)
        lines(source)


@pytest.mark.parametrize(
    "call",
    [
        "linear(a, b)", "Own().linear(a, b)", "a @ b", "torch.matmul(a, b)", "torch.addmm(a, a, b)", "a.mm(b)",
        "torch.einsum('ij,jk->ik', a, b)", "torch.nn.functional.bilinear(a, a, b[None])",
        "torch.nn.functional.interpolate(a[None], 4, mode='linear')", "torch.vmap(linear)(a, b)",
    ],
)  # fmt: skip
def test_the_watch_sees_nothing_in_an_own_function_or_below_an_allowed_one(call: str) -> None:
    def linear(a: torch.Tensor, b: torch.Tensor) -> object:
        return torch.tensordot(a, b, 1)

    class Own(torch.nn.Module):
        def linear(self, a: torch.Tensor, b: torch.Tensor) -> object:
            product: torch.Tensor = a @ b
            return product

    names = {"torch": torch, "linear": linear, "Own": Own, "a": torch.eye(2), "b": torch.eye(2)}
    with Watch(["torch.nn.functional.linear", "torch.nn.Linear"]) as watch:
        eval(call, names)
    assert watch.seen == []
    with Watch(["torch.nn.functional.linear", "torch.nn.Linear"]) as watch:
        eval("torch.nn.Linear(2, 2)(a)", names)
    assert watch.seen == ["torch.nn.functional.linear"]
