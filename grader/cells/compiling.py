"""What Python's parser and compiler say of a text, asked for only where the answer can't take for ever.

Both run in this process and can't be interrupted, so a text that they would choke on has to be known before.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from collections.abc import Iterator

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
