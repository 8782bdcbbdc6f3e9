"""A code cell as Python: parsed as it is, and freed of IPython's magics only when that fails."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from grader.cells.compiling import endless_name

_CELL_MAGIC = re.compile(r"\s*%%\s*(\w+)")
# Cell magics whose body is ordinary Python. A cell under any other (%%bash, %%html, %%writefile) is no Python.
_PYTHON_BODY = {"time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "scalene", "snakeviz"}
_MAGIC = re.compile(
    r"%[A-Za-z_]"  # %matplotlib inline
    r"|!(?!=)"  # !ls, but not the rest of a comparison
    r"|\?"  # ?help
    r"|[\w.]+\?{1,2}[ \t]*$"  # help?
    r"|[\w., ]+=[ \t]*(!|%[A-Za-z_])"  # files = !ls
    r"|(pip3?|conda)[ \t]+(install|uninstall)\b"
)


def parse_cell(text: str) -> tuple[str, ast.Module]:
    """The cell's Python and its tree, on the same lines as in `text`. Raises `SyntaxError`, and nothing else."""
    try:
        return text, parse(text)
    except SyntaxError as error:
        if error.msg == "unexpected indent" and text.lstrip("\n")[:1] in " \t":
            text = textwrap.dedent(text)  # IPython runs a cell that is indented as a whole
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if cell_magic := _CELL_MAGIC.match(lines[first]):
        if cell_magic.group(1) not in _PYTHON_BODY:
            return "", ast.Module([], [])
        lines[first] = ""

    python = _without_magics(lines)
    tree = parse("\n".join(python))
    passes = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Pass)}
    if any(new != old and i not in passes for i, (new, old) in enumerate(zip(python, lines, strict=True), 1)):
        # A line in a string, or in the middle of an expression, only looked like a magic.
        python = [new if i in passes else old for i, (new, old) in enumerate(zip(python, lines, strict=True), 1)]
        tree = parse("\n".join(python))
    return "\n".join(python), tree


def parse(text: str) -> ast.Module:
    """`ast.parse`, with every way in which it can refuse a text told as a `SyntaxError`, and without its warnings."""
    if line := endless_name(text):
        raise SyntaxError("a name with too many dots", ("", line, None, None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (RecursionError, MemoryError) as error:
            raise SyntaxError("too deeply nested") from error
        except SyntaxError:
            raise
        except ValueError as error:
            raise SyntaxError("not Python text") from error


def _without_magics(lines: list[str]) -> list[str]:
    python: list[str] = []
    is_magic = goes_on = False
    instead = ""
    for line in lines:
        if not goes_on:
            bare = line.lstrip(" \t")
            is_magic = bool(_MAGIC.match(bare))
            instead = line[: len(line) - len(bare)] + "pass"
        python.append(instead if is_magic else line)
        goes_on = line.endswith("\\")
    return python
