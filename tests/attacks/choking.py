"""Work that is small and costs the one who reads it: sources, notebooks, archives and answers, by families.

Each is what somebody could hand in under `name`: files by their paths. A source is put behind a right solution, so that
what it spoils can be told from what it must not spoil.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from tests.attacks.attack import MODULES, right_source

RIGHT = {module: right_source(module) for module in MODULES}
Files = Mapping[str, bytes]


def _names(count: int, start: str = "a") -> list[str]:
    return [f"{start}{number:x}" for number in range(count)]


def _ladder(lines: str, depth: int, *, end: str = "pass", step: str = " ") -> str:
    """Lines within each other."""
    rungs = [line for level in range(depth) for line in (step * level + lines.format(level)).split("\n")]
    return "\n".join([*rungs, step * depth + end])


def _finally(depth: int) -> str:
    """What stands in a `finally` is compiled twice, and so is all within it."""
    text = "x = 1"
    for _ in range(depth):
        text = "try:\n x = 0\nfinally:\n" + "\n".join(f" {line}" for line in text.split("\n"))
    return text


def sources() -> dict[str, str]:
    """Python that costs whoever parses, compiles, resolves or walks it."""
    many, few = _names(6000), _names(300)
    return {
        "targets": f"mse = {' = '.join(many)} = [{', '.join(['torch.nn.functional'] * 900)}]",
        "targets in a tuple": f"{', '.join(many)} = range(6000)\ndef mse(a, b): return {' + '.join(many[:900])}",
        "targets of a loop": f"for {', '.join(many)} in []: pass",
        "starred targets": f"{'[' * 90}*mse{'],' * 90} = 1",
        "nested lambdas": f"mse = {'lambda: ' * 1500}0",
        "nested lambdas on a shallow stack": f"mse = {'lambda: ' * 700}0",
        "a ladder of lambdas": "mse = "
        + "".join(f"lambda {', '.join(_names(60, f'p{level:x}_'))}: " for level in range(120))
        + " + ".join(_names(60, "p0_")),
        "lambdas as defaults": f"mse = {'lambda x=' * 400}0{': x' * 400}",
        "a pattern in another order": f"def mse(a, b):\n match a:\n  case [{','.join(few)}] | [{','.join(few[::-1])}]: pass",
        "nested patterns": f"def mse(a, b):\n match a:\n  case {'[' * 150}x{']' * 150}: return x",
        "wide patterns": f"def mse(a, b):\n match a:\n  case {{{', '.join(f'{i}: {n}' for i, n in enumerate(many))}}}: return 1",
        "alternatives": f"def mse(a, b):\n match a:\n  case {' | '.join(map(str, range(9000)))}: return 1",
        "fields": f"def mse(a, b): return f'{'{a}' * 20_000}'",
        "fields of a module": f"a = 1\ns = f'{'{a}' * 20_000}'",
        "nested fields": "def mse(a, b): return " + "f'{a:{a:{a}}}'" * 3000,
        "nested texts": "def mse(a, b): return f\"{f'{a}{a!r:>{b}}'}\"" + " f\"{f'{a}'}\"" * 3000,
        "imported aliases": f"import torch as {', torch as '.join(many)}",
        "aliases of aliases": "a0 = torch\n"
        + "".join(f"a{i + 1} = a{i}.nn\n" for i in range(4000))
        + "def mse(a, b): return a4000",
        "everything imported": "from torch.nn.functional import *\n" * 3000,
        "a tower of comprehensions": f"def mse(a, b): return {'[x for x in ' * 60}a{']' * 60}",
        "a row of comprehensions": f"def mse(a, b): return [0 {' '.join(f'for {n} in a if b' for n in _names(900))}]",
        "comprehensions side by side": f"def mse(a, b): return [{', '.join(['[x for x in a]'] * 3000)}]",
        "decorators": "def d(f): return f\n" + "@d\n" * 6000 + "def mse(a, b): return a",
        "nested decorators": f"@{'(lambda f: f)(' * 60}lambda f: f{')' * 60}\ndef mse(a, b): return a",
        "names": "def mse(a, b):\n" + "".join(f" {name} = a\n" for name in many) + " return a",
        "parameters": f"def mse({', '.join(f'{name}=0' for name in many)}): return a0",
        "keywords": f"def mse(a, b): return dict({', '.join(f'{name}=0' for name in many)})",
        "parentheses": f"def mse(a, b): return {'(' * 190}a{')' * 190}",
        "too many parentheses": f"def mse(a, b): return {'(' * 9000}a{')' * 9000}",
        "brackets": f"def mse(a, b): return {'[' * 190}a{']' * 190}",
        "subscripts": f"def mse(a, b): return {'a[' * 95}0{']' * 95}",
        "minus": f"def mse(a, b): return {'-' * 9000}1",
        "not": f"def mse(a, b): return {'not ' * 9000}a",
        "inversions": f"def mse(a, b): return {'~' * 2500}1",
        "powers": f"def mse(a, b): return {'a ** ' * 2500}1",
        "a constant power": "def mse(a, b): return " + " ** ".join(["9"] * 60),
        "constant products": "def mse(a, b): return " + " + ".join(["('x' * 4096)", "((0,) * 256)"] * 800),
        "a whole number": f"def mse(a, b): return {'9' * 100_000}",
        "a whole number to the base of sixteen": f"def mse(a, b): return 0x{'f' * 150_000}",
        "whole numbers": f"x = [{', '.join(['9' * 4000] * 40)}]",
        "a broken number": f"def mse(a, b): return 1.{'7' * 100_000}e5",
        "texts in a row": f"def mse(a, b): return {' '.join(['r', *['b'] * 15_000]).replace('b', chr(39) * 2).replace('r', chr(39) * 2)}",
        "finally": _finally(17) + "\ndef mse(a, b): return a",
        "with": "def mse(a, b):\n" + "\n".join(f" {line}" for line in _ladder("with a, b, a, b:", 19).split("\n")),
        "managers": f"def mse(a, b):\n with ({', '.join(['a as c'] * 3000)}): pass",
        "global": "def mse(a, b):\n" + "".join(f" global {name}\n {name} = a\n" for name in many[:3000]),
        "nonlocal": "def mse(a, b):\n x = 0\n" + " def f():\n  nonlocal x\n  x = 1\n" * 3000,
        "functions within": _ladder("def mse(a, b, a{0}=0):", 90, end="return a") + "\n",
        "classes within": _ladder("class mse:", 90) + "\n",
        "elif": "def mse(a, b):\n if a: pass\n" + " elif b: pass\n" * 4000,
        "else": f"def mse(a, b): return {'a if b else ' * 2500}a",
        "annotations": f"def mse(a: {'list[' * 95}int{']' * 95}, b): return a\n" + "x: " + "int | " * 3000 + "int",
        "a long line": "x = 1;" * 30_000,
        "short lines": "x=1\n" * 40_000,
        "empty lines": "\n" * 150_000,
        "continued lines": f"x = 1 {chr(92)}\n" + f"+ 1 {chr(92)}\n" * 5000 + "+ 1",
        "a comment": "#" * 190_000,
        "definitions": "def mse(a, b): return a\n" * 5000,
        "definitions in branches": "if torch:\n def mse(a, b): return a\n" * 3000,
        "sums": f"def mse(a, b): return {'a + ' * 20_000}a",
        "both": f"def mse(a, b): return {'a and ' * 20_000}b",
        "comparisons": f"def mse(a, b): return {'a < ' * 20_000}b",
        "attributes": f"def mse(a, b): return a{'.a' * 20_000}",
        "calls": f"def mse(a, b): return a{'()' * 9000}",
        "items": f"x = {{{', '.join(f'{i}: {i}' for i in range(12_000))}}}",
        "members": f"def mse(a, b): return a in {{{', '.join(map(str, range(20_000)))}}}",
        "starred arguments": f"def mse(a, b): return max({'*a, ' * 20_000})",
        "names to normalise": "".join(f"{'ﬃ' * 40}{name} = 1\n" for name in many[:1000]) + "def ｍse(a, b): return a",
        "letters by name": f"def mse(a, b): return '{chr(92)}N{{LATIN SMALL LETTER A WITH RING ABOVE AND ACUTE}}{'' }' " * 1
        + f"'{(chr(92) + 'N{GREEK SMALL LETTER ALPHA}') * 6000}'",
        "a slow codec": "# coding: punycode\n" + "x = 1\n" * 3000 + "-" + "a" * 30_000,
        "a codec of texts": "# coding: unicode_escape\n" + "x = 1\n" * 9000,
        "a codec of bytes": "# coding: zlib\nx = 1\n",
        "a class of names": "class mse:\n" + "".join(f" {name} = 1\n" for name in many) + " def __call__(self): pass",
        "forbidden uses": "def mse(a, b):\n" + " torch.nn.functional.mse_loss\n" * 5000,
        "helpers": "".join(f"def h{i}(a): return h{i + 1}(a), h{i // 2}(a)\n" for i in range(2500)) + "def mse(a, b): return h0(a)",
    }  # fmt: skip


_FORGED = """
import sys
_child = sys.modules["grader.sandbox.inside.worker"]
_pack = _child.pack
def _forged(frame):
    body = frame.body
    if "reply" in body and body["reply"][0] is not None:
        {0}
    return _pack(frame)
_child.pack = _forged
"""
_RAW = "import json, struct; h = {0}; return struct.pack('<II', len(h), {1}) + h + bytes({1})"


def answers() -> dict[str, str]:
    """Functions whose results cost whoever looks at them, and processes that send what no function returns."""
    bodies = {
        "long keys": "x = [[0] * 9000 for _ in range(10)]\n for _ in range(6): x = {'A' * 99_000: x}\n return x",
        "keys as long as may be": "x = [0] * 20_000\n for _ in range(6): x = {'A' * 200: x}\n return x",
        "many keys": "return {str(i): i for i in range(29_000)}",
        "keys of many types": "return {None: 1, 'a': 2, 3: 3, (1, 2): 4, 2.5: 5, b'x': 6}",
        "many leaves": "return [[0.5] * 100 for _ in range(250)]",
        "the same leaves": "x = [0.5]\n for _ in range(7): x = [x] * 100\n return x",
        "a list in itself": "x = []\n x.append(x)\n return x",
        "nested tuples": "x = ()\n for _ in range(100_000): x = (x,)\n return x",
        "nested as deep as may be": "x = 1\n for _ in range(8): x = [x] * 3\n return x",
        "a wide narrow tensor": "return torch.zeros(60 << 20, dtype=torch.uint8)",
        "as wide and narrow as may be": "return torch.zeros(31 << 20, dtype=torch.bool)",
        "a wide tensor of halves": "return torch.zeros(15 << 20, dtype=torch.float16)",
        "a tensor of nan": "return torch.full((7 << 20,), float('nan'))",
        "a stretched tensor": "return torch.ones(1).expand(10**9)",
        "tiny tensors": "return [torch.zeros(())] * 9000",
        "too many tiny tensors": "return [torch.zeros(()) for _ in range(100_000)]",
        "wide arguments": "a.data, b.data = torch.zeros(3 << 20), torch.zeros(3 << 20)\n return a",
        "a giant text": "return 'x' * 10**8",
        "a text of digits": "return '9' * 90_000",
        "texts of surrogates": "return [chr(0xdc80) * 1000] * 10",
        "a whole number": "return 10**4000",
        "a long whole number": "return 1 << 10**7",
        "printed digits": "print('9' * 80_000)\n return a",
        "many printed numbers": "print('1.5 ' * 20_000)\n return a",
        "an exception's message": "raise ValueError('x' * 10**8)",
        "an exception's lines": "raise ValueError('\\\\n' * 10**6)",
        "the name of a type": "return type('T' * 10**7, (), {})()",
        "a class of many bases": "x = object\n for i in range(900): x = type('B' * 1000, (x,), {})\n return x()",
        "an array of objects": "import numpy\n return numpy.array([[0] * 1000] * 1000, dtype=object)",
        "many losses": "return [torch.tensor(0.5)] * 1000 + [0.5] * 20_000",
    }  # fmt: skip
    forged = {
        "a key of two types": "body['reply'][0] = ['dict', [True, 1], ['b', 2]]",
        "a key of no type": "body['reply'][0] = ['dict', [None, 1], ['a', 2]]",
        "keys that are alike": "body['reply'][0] = ['dict', *([i * (2**61 - 1), 0] for i in range(14_000))]",
        "a header of lists": _RAW.format("""b'{"body":[' + b'[],' * 1_390_000 + b'0],"buffers":[]}'""", 0),
        "a header of digits": _RAW.format("""b'{"body":[' + b'9' * 4_000_000 + b'],"buffers":[]}'""", 0),
        "a header of brackets": _RAW.format("b'[' * 4_000_000", 0),
        "as many bytes as may be": _RAW.format("json.dumps({'body': body, 'buffers': [64 << 20]}).encode()", "64 << 20"),
        "a key as long as a header": "body['reply'][0] = ['dict', ['A' * 4_000_000, 1]]",
        "names that are seen": "body['reply'][3] = ['x' * 400] * 9000",
    }  # fmt: skip
    return {name: f"def mse(a, b):\n {body}\n" for name, body in bodies.items()} | {
        f"forged, {name}": _FORGED.format(line) for name, line in forged.items()
    }


def notebooks() -> dict[str, str]:
    """Notebooks that cost whoever reads them."""
    right = list(RIGHT.values())
    of = sources()
    names = ["nested lambdas", "a ladder of lambdas", "a pattern in another order", "targets", "finally", "fields"]
    many = {"language_info": {"name": "python"}}
    return {
        **{f"with {name}": notebook([*right, of[name]]) for name in names},
        "of many cells": notebook([*right, *["x = 1"] * 6000]),
        "of many definitions": notebook([*right, *["def mse(a, b):\n    return a"] * 3000]),
        "of many statements": notebook([*right, "x = 1\n" * 6000]),
        "of one-letter lines": notebook([*right, list("x = 1\n" * 9000)]),
        "of stacked magics": notebook([*right, "%time " * 9000 + "x = 1", "%%time\n" * 9000 + "x = 1", "!" * 9000]),
        "of names that need each other": notebook([*right, *(f"a{i} = lambda: a{i + 1}" for i in range(3000))]),
        "of outputs": notebook(right, outputs=[{"output_type": "stream", "name": "stdout", "text": "0\n" * 400_000}]),
        "of many outputs": notebook(right, outputs=[{"output_type": "stream", "name": "stdout", "text": "0"}] * 60_000),
        "of deep metadata": notebook(right, many).replace('"python"', "[" * 20_000 + "]" * 20_000),
        "of a long number": notebook(right, many).replace('"python"', "9" * 1_000_000),
        "of a long key": notebook(right, {"k" * 5_000_000: 1}),
        "of keys that are alike": notebook(right, many).replace('"python"', '"python",' + '"a":1,' * 300_000 + '"b":1'),
        "of no end": notebook([*right, "x = 1"])[:-3] + "," * 100_000,
        "of text cells": notebook(right, more=[{"cell_type": "markdown", "metadata": {}, "source": "# " * 200_000}]),
    }  # fmt: skip


def notebook(
    cells: list[Any], metadata: Any = None, outputs: list[Any] | None = None, more: list[Any] | None = None
) -> str:
    """A notebook of these code cells."""
    code = [
        {"cell_type": "code", "metadata": {}, "execution_count": None, "source": cell, "outputs": outputs or []}
        for cell in cells
    ]
    return json.dumps({"cells": code + (more or []), "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5})


def archives() -> dict[str, Files]:
    """Zip archives that cost whoever opens them."""
    right = {f"{module}.py": text.encode() for module, text in RIGHT.items()}
    deep = {"/".join("a" * 900) + f"/{name}": text for name, text in right.items()}
    return {
        "of many files": right | {f"data/{number}.csv": b"1" for number in range(5000)},
        "of deep folders": deep,
        "of long names": right | {f"{'n' * 60_000}{number}": b"" for number in range(40)},
        "of nothing": right | {"zeros.bin": bytes(15_000_000)},
        "of hidden files": right | {f".git/objects/{number:04x}": b"x" for number in range(5000)},
    }


def choking() -> Iterator[tuple[str, Files]]:
    """Every one of them: the name under which it is handed in, and its files."""
    for kind, texts in (("source", sources()), ("answer", answers())):
        for name, text in texts.items():
            slow = text.startswith("# coding")
            whole = f"{text}\n" if slow else f"{RIGHT['from_scratch']}\n{text}\n"
            yield (
                _handed_in(kind, name),
                {"from_scratch.py": _bytes(whole), "with_torch.py": RIGHT["with_torch"].encode()},
            )
    for name, text in notebooks().items():
        yield _handed_in("notebook", name), {"lesson.ipynb": _bytes(text)}
    for name, files in archives().items():
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                archive.writestr(str(PurePosixPath(path)), data)
        yield _handed_in("archive", name), {"": packed.getvalue()}


def _handed_in(kind: str, name: str) -> str:
    return f"{kind} {name}".replace(",", "").replace(" ", "_")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
