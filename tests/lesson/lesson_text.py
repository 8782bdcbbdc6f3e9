"""The lesson's text in pieces, and what its demonstrations print when they are run."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import subprocess
import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "exercises" / "linear_regression"
SOLUTIONS = ROOT / "solutions" / "linear_regression"

_ANCHOR = re.compile(r'^<a id="([^"]*)"></a>$')
_EXERCISE = re.compile(r"^<!-- exercise: (\w+) -->$")
_FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(frozen=True)
class Demonstration:
    """A piece of Python, the line that it begins on, the section that it is in, and what it is said to print."""

    code: str
    line: int
    section: str
    output: str | None


@dataclass(frozen=True)
class Lesson:
    """`lesson.md`, taken apart. `prose` is everything outside of fenced blocks."""

    text: str
    prose: str
    anchors: list[tuple[str, str]]
    exercises: list[tuple[str, str]]
    figures: list[tuple[str, str]]
    demonstrations: list[Demonstration]

    def table(self, header: str) -> list[list[str]]:
        """The cells of each row of the table whose first heading begins with this."""
        lines = self.prose.splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith(f"| {header}"))
        rows = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        return rows


def read_lesson(path: Path = FOLDER / "lesson.md") -> Lesson:
    """The lesson, with each anchor's heading, each exercise's section, and each demonstration's output."""
    anchors: list[tuple[str, str]] = []
    exercises: list[tuple[str, str]] = []
    demonstrations: list[Demonstration] = []
    prose: list[str] = []
    section = ""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = lines.index("```", at + 1)
            block = "\n".join(lines[at + 1 : end])
            if line == "```python":
                demonstrations.append(Demonstration(block, at + 2, section, None))
            elif line == "```output":
                last = demonstrations.pop()
                assert last.output is None, f"line {at + 1}: a second output"
                demonstrations.append(Demonstration(last.code, last.line, last.section, block))
            at = end + 1
            continue
        prose.append(line)
        if anchor := _ANCHOR.match(line):
            section = anchor[1]
            anchors.append((section, lines[at + 1]))
        if exercise := _EXERCISE.match(line):
            exercises.append((exercise[1], section))
        at += 1
    words = "\n".join(prose)
    return Lesson("\n".join(lines), words, anchors, exercises, _FIGURE.findall(words), demonstrations)


def same(said: str, printed: str) -> bool:
    """Whether this was printed: `...` stands for anything, and the last digit that is said of a number may be off by 2."""
    pattern = r".*?".join(_same_but_numbers(part) for part in said.split("..."))
    found = re.fullmatch(pattern, printed, re.DOTALL)
    if not found:
        return False
    said_numbers = [number for part in said.split("...") for number in _NUMBER.findall(part)]
    return all(_near(one, other) for one, other in zip(said_numbers, found.groups(), strict=True))


def _same_but_numbers(text: str) -> str:
    """A pattern for this text, with a group for each number; padding before a number doesn't count."""
    words = _NUMBER.split(text)
    return rf"({_NUMBER.pattern})".join(re.sub(r"(\\ )+", r" *", re.escape(word)) for word in words)


def _near(said: str, printed: str) -> bool:
    if said == printed:
        return True
    digits, _, exponent = said.partition("e")
    if "." not in digits:
        return False  # a whole number is counted, not computed
    last = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    return abs(float(said) - float(printed)) <= 2 * last


def printed_by(codes: list[str], *, processor: int | None = None) -> list[str]:
    """What each piece prints, run in order in one namespace of a fresh process, after the reference solutions: on this
    processor, or on an imitated one."""
    done = subprocess.run(
        [sys.executable, "-W", "error", __file__, *([] if processor is None else [str(processor)])],
        input=json.dumps(codes), capture_output=True, text=True, cwd="/", timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


class OtherProcessor(TorchDispatchMode):
    """Rounds sums otherwise, by one unit in the last place at random, as a processor does that adds in another order.

    Sums of whole numbers are exact on every processor, and so is everything that is rounded once, correctly.
    """

    _ALWAYS = frozenset(
        (
            "mm",
            "addmm",
            "mv",
            "dot",
            "bmm",
            "sum",
            "mean",
            "std",
            "var",
            "mse_loss",
            "mse_loss_backward",
            "linalg_lstsq",
        )
    )
    _WITH_A_FACTOR = frozenset(("add", "add_", "sub", "sub_"))  # two roundings, or one where they are fused

    def __init__(self, number: int) -> None:
        super().__init__()
        self._draw = torch.Generator().manual_seed(number)
        self.nudged = 0

    def __torch_dispatch__(
        self, func: Any, types: Sequence[Any], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        floats = [each for each in args if isinstance(each, torch.Tensor) and each.is_floating_point()]
        exact = all(bool((each == each.round()).all()) for each in floats)
        result = func(*args, **kwargs)
        name = func.overloadpacket.__name__
        if exact or not (name in self._ALWAYS or (name in self._WITH_A_FACTOR and kwargs.get("alpha", 1) != 1)):
            return result
        for each in result if isinstance(result, tuple) else (result,):
            if isinstance(each, torch.Tensor) and each.is_floating_point():
                units = torch.randint(-1, 2, each.shape, generator=self._draw).to(each.dtype)
                each.mul_(1 + units * torch.finfo(each.dtype).eps)
                self.nudged += 1
        return result


def _run(code: str, space: dict[str, Any]) -> str:
    """What a notebook shows under a cell: what it prints, and its last expression unless that is None."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "the lesson", "exec"), space)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "the lesson", "eval"), space)
            if value is not None:
                print(repr(value))
    return out.getvalue().rstrip("\n")


def _main() -> None:
    space: dict[str, Any] = {"__name__": "lesson"}
    for module in ("from_scratch", "with_torch"):
        solved = types.ModuleType(module)
        exec((SOLUTIONS / f"{module}.py").read_text(encoding="utf-8"), solved.__dict__)
        # As in a notebook: only the functions are there; what they need, the lesson has to import.
        space.update({name: value for name, value in vars(solved).items() if isinstance(value, types.FunctionType)})
    codes = json.loads(sys.stdin.read())
    with OtherProcessor(int(sys.argv[1])) if sys.argv[1:] else contextlib.nullcontext() as other:
        printed = [_run(code, space) for code in codes]
    assert other is None or other.nudged > 1000
    print(json.dumps(printed))


if __name__ == "__main__":
    _main()
