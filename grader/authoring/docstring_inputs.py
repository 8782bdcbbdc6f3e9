"""What a docstring says of a function's parameters: what kind of value, which shape, which dtype, within which bounds.

Docstrings are prose, so this reads what authors write as a rule (`x: float tensor (n, d)`, `t1, t2: tensors of one
shape`, `lr: the learning rate, a float`), in any of the usual layouts, and the example behind `>>>`. What it makes of
them is tried on the reference before anything is suggested.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["tensor", "array", "integer", "number", "flag", "numbers", "model", "optimizer", "loss", ""]

_NAME = r"[A-Za-z_]\w*"
_SIZE = rf"(?:{_NAME}|\d+)(?:\s*[-+*]\s*(?:{_NAME}|\d+))?"
_SHAPE = re.compile(rf"\(\s*({_SIZE}(?:\s*,\s*{_SIZE})+\s*,?|{_SIZE}\s*,)\s*\)")
_ONE_SIZE = re.compile(rf"\b(?:shape|tensors?|arrays?|of length)\s+(?:of\s+shape\s+)?\(?({_SIZE})\)")
_TIMES = re.compile(rf"\b({_SIZE})\s*[×x]\s*({_SIZE})\b(?=\s+(?:float\w*\s+|int\w*\s+)?(?:tensor|array|matrix))")
_MODEL = re.compile(
    rf"takes\b.*?\(\s*{_NAME}\s*,\s*(\w+)\s*\).*?(?:returns|gives)\b.*?\(\s*{_NAME}\s*,\s*(\w+)\s*\)", re.S
)
_DTYPE = re.compile(r"\b(float16|float32|float64|int8|int16|int32|int64|uint8|bool|double|long)\b")
_BOUND = (
    rf"(?:from\s+)?0\s*(?:to|\.{{2,3}}|…|,\s*(?:…|\.{{3}}),|-|–)\s*({_SIZE})\s*-\s*1\b",
    rf"\b(?:below|less than|smaller than|<)\s+({_SIZE})\b",
)
_COUNTS = dict(zip(("two", "three", "four", "five", "six", "seven", "eight"), range(2, 9), strict=True))
_ENDS = re.compile(
    r"\n\s*\n|^\s*(?:>>>|Returns?\b|Afterwards\b|After\b|Yields?\b|Raises?\b|Prints?\b)|\bReturns?\b", re.M
)


@dataclass(frozen=True)
class Input:
    """A parameter. `shape` are names of sizes, numbers, or sums and products of them; None for any shape. `like` is a
    parameter that has the same shape. `low` and `high` bound its numbers where that is said; `below` names the size
    that whole numbers stay under, and `once` says that each of them occurs once. `said` is what the docstring says."""

    name: str
    kind: Kind = ""
    shape: tuple[str, ...] | None = None
    dtype: str = ""
    low: float | None = None
    high: float | None = None
    below: str = ""
    once: bool = False
    requires_grad: bool = False
    has_grad: bool = False
    default: str = ""
    sizes: tuple[str, str] | None = None
    said: str = ""


@dataclass(frozen=True)
class Described:
    """A function as its docstring describes it. `returns` is what is said of the result; `example` the arguments of the
    first example, as source."""

    inputs: tuple[Input, ...]
    docstring: str
    returns: str
    example: tuple[str, ...]

    @property
    def unknown(self) -> tuple[Input, ...]:
        """The parameters of which it doesn't say enough to draw one."""
        return tuple(each for each in self.inputs if not each.kind)

    @property
    def is_differentiable(self) -> bool:
        """Whether it says that the result can be differentiated."""
        return bool(re.search(r"\bdifferentiab|\bgradients? (?:flow|reach)", self.docstring))

    @property
    def names_dtype(self) -> bool:
        """Whether it says of which dtype the result is."""
        return bool(_DTYPE.search(self.returns))


def described(function: ast.FunctionDef, docstring: str | None = None) -> Described:
    """What a function's docstring says; `docstring` is another text to read in its place."""
    text = docstring if docstring is not None else ast.get_docstring(function) or ""
    given = [*function.args.posonlyargs, *function.args.args]
    names = [each.arg for each in given if each.arg != "self"]
    defaults = dict(zip([each.arg for each in given][::-1], function.args.defaults[::-1], strict=False))
    hints = {each.arg: ast.unparse(each.annotation) for each in given if each.annotation}
    prose = text.split(">>>")[0]
    said = _said(prose, names)
    example = _example(text, function.name)
    of_arrays = bool(re.search(r"\barrays?\b", prose)) and not re.search(r"\btensors?\b", prose)
    found = []
    for at, name in enumerate(names):
        default = ast.unparse(defaults[name]) if name in defaults else ""
        words = " ".join([hints.get(name, ""), said.get(name, "")]).strip()
        one = replace(_input(name, words, of_arrays=of_arrays), default=default)
        one = _by_default(one) if not one.kind else one
        found.append(_by_example(one, example[at]) if not one.kind and at < len(example) else one)
    parts = re.split(r"^\s*Returns?\b|\bReturns?\b|\breturns\b", prose, maxsplit=1, flags=re.M)
    returns = parts[1] if len(parts) > 1 else ""
    if not any(each.kind == "model" for each in found):  # of whose parameters nothing is known
        found = [replace(each, kind="") if each.kind == "optimizer" else each for each in found]
    return Described(tuple(_counts(found)), text, returns, example)


def _said(prose: str, names: Sequence[str]) -> dict[str, str]:
    """What is said of each parameter, up to where the next is spoken of."""
    if not names:
        return {}
    one = rf"(?:{'|'.join(map(re.escape, names))})"
    lists = rf"\b({one}(?:\s*(?:,|and|,\s*and)\s*{one})*)\s*(\([^()\n]*\))?\s*:(?!:)"
    heads = list(re.finditer(lists, prose))
    found: dict[str, str] = {}
    for at, head in enumerate(heads):
        after = heads[at + 1] if at + 1 < len(heads) else None
        rest = prose[head.end() : after.start() if after else len(prose)]
        end = _ENDS.search(rest)
        words = " ".join(f"{head[2] or ''} {rest[: end.start()] if end else rest}".split()).strip(" ;,")
        is_title = "\n" in prose.strip() and "\n" not in prose[: head.start()].lstrip()
        for name in re.findall(_NAME, head[1]):
            if name in names and not (is_title and name in found):
                found[name] = words.removesuffix(" and")
    sentences = re.split(r"(?<=[.:;])\s+|\n\s*\n", prose)
    for name in names:
        if name not in found and (inline := _inline(name, sentences)):
            found[name] = inline
    return found


def _inline(name: str, sentences: Sequence[str]) -> str:
    """`the rows of x (n, d)`: the words about a parameter within a sentence."""
    for sentence in sentences:
        if shape := re.search(rf"\b{re.escape(name)}\b[^()]{{0,40}}?(\([^()]*,[^()]*\))", sentence):
            kind = re.search(r"\b(arrays?|tensors?)\b", sentence)
            return f"{kind[1] if kind else 'tensor'} {shape[1]}"
    return ""


def _input(name: str, words: str, *, of_arrays: bool) -> Input:
    """What the words about one parameter say."""
    low, high = _bounds(words)
    dtype = _dtype(words)
    flag = re.search(r"\b(?:bool(?:ean)?\b(?! tensor)|whether|true or false)\b", words, re.I)
    shape = _shape(words)
    one = Input(name, "", shape, dtype, low, high, said=words)
    if found := _MODEL.search(words):
        return replace(one, kind="model", shape=None, sizes=(found[1], found[2]), dtype="")
    if re.match(r"(?:an?\s+|the\s+)?(?:torch\.optim\b|optimi[sz]er\b)", words, re.I):
        return replace(one, kind="optimizer", shape=None, dtype="")
    if re.match(r"(?:an?\s+|the\s+)?loss(?: function)?\b", words, re.I) and "float" not in words:
        return replace(one, kind="loss", shape=None, dtype="")
    if re.match(r"(?:gives?|called|takes|returns)\b", words):
        return replace(one, shape=None, dtype="")  # something that is called, or gone through
    if re.search(r"\b(?:lists?|tuples?|sequence)\b", words, re.I) and re.search(r"\b(?:numbers|floats|ints)\b", words):
        count = next((str(n) for word, n in _COUNTS.items() if re.search(rf"\b{word}\b", words, re.I)), "")
        digits = re.search(r"\b(\d+) (?:\w+ )?(?:numbers|floats|ints)\b", words)
        return replace(one, kind="numbers", shape=(count or (digits[1] if digits else "count"),))
    is_array = bool(re.search(r"\b(?:ndarrays?|arrays?)\b", words, re.I))
    is_tensor = bool(re.search(r"\btensors?\b|\bTensor\b", words))
    if is_array or is_tensor or shape is not None:
        array = (is_array and not is_tensor) or (shape is not None and of_arrays and not is_tensor)
        one = _whole_numbers(replace(one, kind="array" if array else "tensor"))
        if array:
            return one
        leaf = bool(re.search(r"\brequires?_?\s?grad", words))
        return replace(one, requires_grad=leaf, has_grad=leaf and bool(re.search(r"\.grad\b[^.;]*\bset\b", words)))
    if flag:
        return replace(one, kind="flag")
    if re.search(r"\b(?:int(?:eger)?|how (?:many|often)|number of|whole number|count|positive int)\b", words, re.I):
        return replace(one, kind="integer")
    if re.search(r"\b(?:float|number|rate|factor|probability|scalar|a real)\b", words, re.I):
        return replace(one, kind="number")
    return one


def _whole_numbers(one: Input) -> Input:
    """A tensor or array with which whole numbers it holds, if it does."""
    words = one.said
    is_whole = one.dtype.startswith(("int", "uint")) or bool(
        re.search(r"\b(?:labels?|indices|class numbers?)\b", words)
    )
    if not is_whole:
        return one
    below = next((found[1] for bound in _BOUND if (found := re.search(bound, words))), "")
    once = bool(re.search(r"\b(?:once|permutation)\b", words))
    return replace(one, dtype=one.dtype or "int64", below=" ".join(below.split()), once=once, low=None, high=None)


def _dtype(words: str) -> str:
    found = _DTYPE.search(words)
    if found:
        return {"double": "float64", "long": "int64"}.get(found[1], found[1])
    if re.search(
        r"\b(?:int|integer|whole[- ]number)s?\s+(?:tensors?|arrays?)|\b(?:tensor|array)s? of (?:ints|integers|whole)",
        words,
    ):
        return "int64"
    return "bool" if re.search(r"\bboolean (?:tensor|array|mask)", words) else ""


def _bounds(words: str) -> tuple[float | None, float | None]:
    number = r"(-?\d+(?:\.\d+)?)"
    if found := re.search(rf"\b(?:between|from) {number} (?:and|to) {number}(?!\s*-)", words):
        return float(found[1]), float(found[2])
    if re.search(r"\bprobabilit(?:y|ies)\b", words):
        return 0.05, 0.95
    if re.search(r"\bnon-?negative\b", words):
        return 0.0, 2.0
    if re.search(r"\b(?:positive|above 0|greater than 0|larger than 0)\b", words):
        return 0.5, 2.0
    return None, None


def _shape(words: str) -> tuple[str, ...] | None:
    if found := _SHAPE.search(words):
        return tuple(" ".join(part.split()) for part in found[1].split(",") if part.strip())
    if re.search(r"\b(?:without dimensions|0-dim\w*|shape \(\)|zero-dimensional)", words):
        return ()
    if found := _TIMES.search(words):
        return found[1], found[2]
    if found := _ONE_SIZE.search(words):
        return (found[1],)
    return None


def _by_default(one: Input) -> Input:
    """What its default value tells."""
    try:
        value = ast.literal_eval(one.default) if one.default else None
    except ValueError:
        return one
    kinds: Mapping[type, Kind] = {bool: "flag", int: "integer", float: "number"}
    return replace(one, kind=kinds.get(type(value), ""))


_MADE = re.compile(r"^(?:torch|numpy|np)\.(tensor|array|rand|randn|zeros|ones|full|arange|eye)\(")


def _by_example(one: Input, argument: str) -> Input:
    """What the argument of the example tells: a kind, how many dimensions, whole numbers or others."""
    made = _MADE.match(argument)
    if made is None:
        try:
            value = ast.literal_eval(argument)
        except (ValueError, SyntaxError):
            return one
        kinds: Mapping[type, Kind] = {bool: "flag", int: "integer", float: "number"}
        if isinstance(value, list | tuple) and value and all(type(each) in (int, float) for each in value):
            return replace(one, kind="numbers", shape=(str(len(value)),))
        return replace(one, kind=kinds.get(type(value), ""))
    kind: Kind = "tensor" if argument.startswith("torch.") else "array"
    call = ast.parse(argument, mode="eval").body
    assert isinstance(call, ast.Call)
    try:
        value = ast.literal_eval(call.args[0]) if made[1] in ("tensor", "array") else None
    except (ValueError, IndexError):
        value = None
    if value is None:
        return replace(one, kind=kind)
    depth, first = 0, value
    while isinstance(first, list | tuple) and first:
        depth, first = depth + 1, first[0]
    dtype = "int64" if type(first) is int and "dtype" not in argument else ""
    return replace(one, kind=kind, shape=tuple(f"{one.name}{at}" for at in range(depth)) if depth else (), dtype=dtype)


def _example(text: str, name: str) -> tuple[str, ...]:
    """The arguments of the first example that calls the function by itself."""
    for line in re.findall(r"^\s*>>> (.*)$", text, re.M):
        try:
            tree = ast.parse(line.strip())
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name and not node.keywords:
                return tuple(ast.unparse(each) for each in node.args)
    return ()


def _counts(inputs: Sequence[Input]) -> Iterator[Input]:
    """Whole numbers without a bound of their own stay below what another input says that there are of them, where that
    is one size alone: labels (n,) beside scores (n, k)."""
    for one in inputs:
        if one.kind in ("tensor", "array") and one.dtype.startswith(("int", "uint")) and not one.below and one.shape:
            others = [each.shape for each in inputs if each is not one and each.shape and each.dtype == ""]
            beyond = {
                shape[-1] for shape in others if shape[: len(one.shape)] == one.shape and len(shape) > len(one.shape)
            }
            if len(beyond) == 1 and re.search(r"\blabels?\b|\bclass|\bind(?:ex|ices)\b", one.said):
                one = replace(one, below=beyond.pop())
        yield one
