"""A code cell as Python: parsed within limits, freed of IPython's magics, and what its statements do when they run.

Python's parser and compiler can't be interrupted, so a text that they would choke on has to be known before.

The bodies of functions don't run yet, and count only where it is asked what calling them would do.
"""

from __future__ import annotations

import ast
import re
import symtable
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

# The compiler writes a `finally` block once for each way out of its `try`, so that nested ones double with each level:
# a few lines would keep it busy for hours. Ordinary code stays far below this many syntax nodes for each character.
_NODES_PER_CHARACTER = 10
_EXITS = ast.Return | ast.Break | ast.Continue
# Of `import a.b.c` the parser keeps each beginning (`a`, `a.b`, …) in memory: of 100,000 parts, gigabytes of them.
_MOST_PARTS = 1000
_PARTS = re.compile(r"(?:\.[\s\\]*+\w++[\s\\]*+)++")


def endless_name(text: str) -> int | None:
    """The line of a dotted name of so many parts that parsing it would take all memory."""
    starts = (found.start() for found in _PARTS.finditer(text) if found.group().count(".") > _MOST_PARTS)
    return next((text.count("\n", 0, start) + 1 for start in starts), None)


def compiled(text: str, node: ast.stmt) -> symtable.SymbolTable:
    """The names in a statement whose text this is, once it is known to compile. Nothing is run.

    Raises `SyntaxError`, `ValueError`, `RecursionError` or `MemoryError` when it doesn't compile.
    """
    if "finally" in text and _weight([node])[0] > _NODES_PER_CHARACTER * len(text):
        raise SyntaxError("too many nested finally blocks")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile(text, "cell", "exec", dont_inherit=True)  # a misplaced `return` is found only here
        return symtable.symtable(text, "cell", "exec")


def _weight(statements: list[ast.stmt]) -> tuple[int, int]:
    """How many syntax nodes the compiler goes through for these, and how many ways out they have, at most."""
    nodes = exits = 0
    for statement in statements:
        blocks = list(_blocks(statement))
        last = [] if not isinstance(statement, ast.Try | ast.TryStar) else statement.finalbody
        inner = [_weight(block) for block in blocks if block is not last]
        own_nodes = sum(each[0] for each in inner)
        own_exits = sum(each[1] for each in inner) + isinstance(statement, _EXITS)
        if last:
            copies, (last_nodes, last_exits) = 2 + own_exits, _weight(last)
            own_nodes, own_exits = own_nodes + copies * last_nodes, own_exits + copies * last_exits
        nodes += own_nodes + (1 if blocks else sum(1 for _ in ast.walk(statement)))
        exits += own_exits
    return nodes, exits


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of statements in a compound statement."""
    for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(part, name, None)
            if isinstance(block, list) and block:
                yield block


_CELL_MAGIC = re.compile(r"[ \t]*%%[ \t]*(\w+)(.*)")
# Cell magics whose body is ordinary Python. A cell under any other (%%bash, %%html) is no Python.
_PYTHON_BODY = frozenset(
    ("time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "scalene", "snakeviz", "pyinstrument")
)
_WRITES = frozenset(("writefile", "file"))
_MAGIC = re.compile(
    r"%[A-Za-z_]"  # %matplotlib inline
    r"|!(?!=)"  # !ls, but not the rest of a comparison
    r"|\?"  # ?help
    r"|[\w.]+\?{1,2}[ \t]*$"  # help?
    r"|[\w., ]+=[ \t]*(!|%[A-Za-z_])"  # files = !ls
    r"|(pip3?|conda)[ \t]+(install|uninstall)\b"
)
_TIMED = re.compile(r"%time[ \t]+(?=[\w(\[{])")  # the rest of the line is an ordinary statement


@dataclass(frozen=True)
class FileCell:
    """A cell that writes a file: its name, whether it is added to what is there, and the cell without the magic."""

    file: str
    adds: bool
    text: str


def writes_file(text: str) -> FileCell | None:
    """What a cell under `%%writefile` writes, on the same lines; None for other cells. Other magics may stand above."""
    lines = text.split("\n")
    for i, magic, rest in _cell_magics(lines):
        lines[i] = ""
        if magic in _WRITES:
            words = rest.split()
            names = [word.strip("\"'") for word in words if not word.startswith("-")]
            file = re.split(r"[/\\]", names[-1])[-1] if names else ""
            return FileCell(file, bool({"-a", "--append"} & set(words)), "\n".join(lines))
    return None


def python_of(text: str) -> str:
    """The cell without the magics that stand above it, on the same lines; empty where they make it something else."""
    lines = text.split("\n")
    for i, magic, _ in _cell_magics(lines):
        if magic not in _PYTHON_BODY:
            return ""
        lines[i] = ""
    return "\n".join(lines)


def parse_cell(text: str) -> tuple[str, ast.Module]:
    """The cell's Python and its tree, on the same lines as in `text`. Raises `SyntaxError`, and nothing else."""
    try:
        return text, parse(text)
    except SyntaxError as error:
        if error.msg == "unexpected indent" and text.lstrip("\n")[:1] in " \t":
            text = textwrap.dedent(text)  # IPython runs a cell that is indented as a whole
    lines = python_of(text).split("\n")
    python = without_magics(lines)
    tree = parse("\n".join(python))
    passes = {node.lineno for node in ast.walk(tree) if isinstance(node, ast.Pass)} | {
        i for i, old in enumerate(lines, 1) if _TIMED.match(old.lstrip(" \t"))
    }
    if any(new != old and i not in passes for i, (new, old) in enumerate(zip(python, lines, strict=True), 1)):
        # A line in a string, or in the middle of an expression, only looked like a magic.
        python = [new if i in passes else old for i, (new, old) in enumerate(zip(python, lines, strict=True), 1)]
        tree = parse("\n".join(python))
    return "\n".join(python), tree


@lru_cache(maxsize=16)
def parse(text: str) -> ast.Module:
    """`ast.parse`, with every way in which it can refuse a text told as a `SyntaxError`, and without its warnings.

    Who asks for the same text again gets the same tree: copy what you want to change.
    """
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


def without_magics(lines: list[str]) -> list[str]:
    """The lines with `pass` in place of whatever looks like a magic; of `%time` only that goes."""
    python: list[str] = []
    is_magic = goes_on = False
    instead = ""
    for line in lines:
        if not goes_on:
            bare = line.lstrip(" \t")
            is_magic = bool(_MAGIC.match(bare))
            indent = line[: len(line) - len(bare)]
            timed = _TIMED.match(bare)
            instead = f"{indent}{bare[timed.end() :]}" if timed else f"{indent}pass"
        python.append(instead if is_magic else line)
        goes_on = line.endswith("\\")
    return python


def _cell_magics(lines: list[str]) -> Iterable[tuple[int, str, str]]:
    """The magics at the top of a cell: each line's number from 0, the magic's name, and what stands behind it."""
    for i, line in enumerate(lines):
        found = _CELL_MAGIC.fullmatch(line)
        if found:
            yield i, found[1], found[2]
        elif line.strip():
            return


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_TRAINS = {"backward", "step", "zero_grad"}  # methods; the attribute grad counts without being called
_BEGINS = {"__init__", "__new__", "__post_init__"}
# Functions that change what they are given first, besides those whose names end in an underscore, as in torch.
_CHANGES = {"setattr", "delattr", "shuffle", "heappush", "heapify", "heappop", "insort", "insort_left", "insort_right"}


@dataclass(frozen=True)
class AtOnce:
    """What running some nodes does: names and methods that are called, and whether gradients are at work; names that
    are set afresh, and those of objects that are changed, or get an attribute."""

    calls: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    trains: bool = False
    loads: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


NOTHING = AtOnce()


def at_once(nodes: Iterable[ast.AST]) -> AtOnce:
    """What running these nodes does."""
    calls, methods, loads, sets, changes, attributes = (set[str]() for _ in range(6))
    grad = False
    updated: set[int] = set()
    for node in _run(nodes):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                calls.add(name)
            case ast.Call(func=ast.Attribute(attr=name)):
                methods.add(name)
            case ast.Attribute(attr="grad"):
                grad = True
            case ast.Name(id=name, ctx=ast.Load()):
                loads.add(name)
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in updated:
                sets.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                sets.add(name)
            case ast.alias():
                sets.add(node.asname or node.name.split(".")[0])
            case ast.ExceptHandler(name=str(name)):
                sets.add(name)
            case ast.AugAssign(target=target):
                updated.add(id(target))
                changes |= _root(target)
            case ast.Expr(value=ast.Call() as call):
                changes |= _changed(call)
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changes |= _root(node)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                attributes.add(node.value.id)
    trains = grad or bool(methods & _TRAINS)
    parts = (calls, methods, loads, sets, changes, attributes)
    calls_, methods_, *rest = map(frozenset, parts)
    return AtOnce(calls_, methods_, trains, *rest)


def when_called(function: ast.AST) -> AtOnce:
    """What calling this does: a def, a lambda, or a class, which begins its objects. A def within counts if called."""
    if isinstance(function, ast.Lambda):
        return at_once([function.body])
    if isinstance(function, ast.ClassDef):
        return at_once([part for each in methods_of(function) if each.name in _BEGINS for part in each.body])
    body: list[ast.AST] = list(function.body) if isinstance(function, _Function) else []
    inner = {node.name: node for node in _run(body) if isinstance(node, _Function)}
    found = [at_once(body)]
    for does in found:
        called = [inner.pop(name) for name in does.calls & inner.keys()]
        found += [at_once(each.body) for each in called]
    return _together(found)


def methods_of(node: ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The methods that a class defines itself."""
    return [each for each in node.body if isinstance(each, _Function)]


def _run(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _Function | ast.Lambda):
            now = [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]
            waiting += now + (node.decorator_list if isinstance(node, _Function) else [])
        else:
            waiting += list(ast.iter_child_nodes(node))[::-1]


def _together(parts: Sequence[AtOnce]) -> AtOnce:
    def union(name: str) -> frozenset[str]:
        return frozenset(each for part in parts for each in getattr(part, name))

    sets = {each.name: union(each.name) for each in fields(AtOnce) if each.name != "trains"}
    return AtOnce(trains=any(part.trains for part in parts), **sets)


def _root(node: ast.AST) -> set[str]:
    """The name at the beginning of `name.part[0].call().more`."""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=owner) | ast.Subscript(value=owner) | ast.Starred(value=owner):
                node = owner
            case ast.Call(func=ast.Attribute(value=owner)):
                node = owner
            case _:
                return set()
    return {node.id}


def _changed(call: ast.Call) -> set[str]:
    """What a call whose value nobody takes may be there for: to change the object whose method it is, or what it is
    given first."""
    match call.func:
        case ast.Attribute(value=owner, attr=name):
            changed = _root(owner)
        case ast.Name(id=name):
            changed = set()
        case _:
            return set()
    if call.args and (name in _CHANGES or name.endswith("_")):
        changed |= _root(call.args[0])
    return changed
