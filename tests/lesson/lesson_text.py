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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    return abs(float(said) - float(printed)) <= 2 * last + 1e-5 * abs(float(said))


def printed_by(codes: list[str]) -> list[str]:
    """What each piece prints, run in order in one namespace of a fresh process, after the reference solutions."""
    done = subprocess.run(
        [sys.executable, "-W", "error", __file__],
        input=json.dumps(codes), capture_output=True, text=True, cwd="/", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


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
    print(json.dumps([_run(code, space) for code in json.loads(sys.stdin.read())]))


if __name__ == "__main__":
    _main()
