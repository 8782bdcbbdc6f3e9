"""Which statements outside of functions are run, when a name that they give a meaning is needed.

What calls an exercise or trains is not, nor what needs what only such a statement makes. In a block (if, try, with)
such statements are left out of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from grader.reading.notebook_cells import Cell
from grader.reading.parsing import AtOnce, at_once, methods_of, parse, when_called
from grader.reading.statements import Statement, statement_of

_WAITS = frozenset(("input", "exit", "quit", "sleep", "get_ipython"))
_BLOCKS = ast.If | ast.Try | ast.TryStar | ast.With
_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class NotRun:
    """A statement that is not run, though it sets or changes names; `why` ends a sentence that begins with "it"."""

    cell: Cell
    line: int
    why: str


class ExecutionPlan:
    """The statements, blocks without what is not run in them, and what is known of running them."""

    def __init__(self, statements: Sequence[Statement], functions: Collection[str]) -> None:
        self._functions = frozenset(functions)
        self._learn_of_helpers(statements)
        self.not_run: dict[str, NotRun] = {}
        self._refused: set[Statement] = set()
        self.statements = [self._looked_at(statement) for statement in statements]
        self.imported = {name for s in self.statements if s.is_import for name in s.binds}
        self.building: dict[str, list[Statement]] = {}
        for statement in self.statements:
            for name in self.built_by(statement):
                self.building.setdefault(name, []).append(statement)
        self._refuse_what_needs_what_is_not_run()

    def built_by(self, statement: Statement) -> frozenset[str]:
        """The names that running the statement gives a meaning, or whose objects it changes."""
        called = frozenset(name for each in statement.does.calls for name in self._set_by.get(each, ()))
        given = (
            statement.does.loads - self._set_by.keys() if statement.does.calls & self._changers else frozenset[str]()
        )
        return statement.binds | ((statement.does.changes | given) - self.imported) | called

    def runs(self, statement: Statement) -> bool:
        """Whether the statement is run when a name is needed that it builds. Imports are another matter."""
        return not statement.is_import and statement not in self._refused

    def _learn_of_helpers(self, statements: Iterable[Statement]) -> None:
        """Find the functions that train or call an exercise when they are called, and what functions set globally."""
        calls: dict[str, set[str]] = {}
        self._set_by: dict[str, set[str]] = {}
        self._changers: set[str] = set()  # functions that change what they are given
        self._train: set[str] = set()
        self._methods: set[str] = set()
        aliases: dict[str, set[str]] = {}
        for statement in statements:
            node = statement.node
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                for name in statement.binds:
                    aliases.setdefault(node.value.id, set()).add(name)
            if not statement.is_function_like or node is None:
                continue
            function = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else node
            does = when_called(function) if function else AtOnce()
            for name in statement.binds:
                calls.setdefault(name, set()).update(does.calls & statement.reads)
                self._set_by.setdefault(name, set()).update(statement.sets_later)
                if does.trains:
                    self._train.add(name)
                if does.changes & _parameters(function):
                    self._changers.add(name)
            if isinstance(node, ast.ClassDef):
                for method in methods_of(node):
                    inner = at_once(method.body)
                    if inner.trains or inner.calls & self._functions:
                        self._methods.add(method.name)
        callers: dict[str, set[str]] = {}
        for caller, called in calls.items():
            for name in called:
                callers.setdefault(name, set()).add(caller)
        self._plays = set(self._functions) | self._train
        waiting = list(self._plays)
        while waiting:
            name = waiting.pop()
            found = (callers.get(name, set()) | aliases.get(name, set())) - self._plays
            self._plays |= found
            waiting += found

    def _why_not(self, does: AtOnce, names: frozenset[str]) -> str:
        """Why something is not run; empty when nothing speaks against it. `names` are those that are global in it."""
        if called := sorted(does.calls & self._plays & names):
            return f"it calls {called[0]}"
        if does.trains or does.methods & self._methods:
            return "it trains"
        if waits := sorted((does.calls | does.methods) & _WAITS):
            return f"it calls {waits[0]}"
        return ""

    def _looked_at(self, statement: Statement) -> Statement:
        if statement.is_function_like or statement.is_import or statement.node is None:
            return statement
        if isinstance(statement.node, _BLOCKS):
            statement = self._without_play(statement)
        why = self._why_not(statement.does, statement.reads)
        if why:
            self._note(statement.binds | statement.does.changes, NotRun(statement.cell, statement.line, why))
        deletes = isinstance(statement.node, ast.Delete) and statement.binds
        if why or deletes:
            self._refused.add(statement)
        return statement

    def _without_play(self, block: Statement) -> Statement:
        """The block with `pass` for those of its statements that are not run, where they have lines of their own."""
        lines = block.text.split("\n")
        lost: set[str] = set()
        changed = False
        waiting = _inside(parse(block.text).body[0])[::-1]
        while waiting:
            node = waiting.pop()
            if isinstance(node, _BLOCKS):
                waiting += _inside(node)[::-1]
                continue
            if isinstance(node, _DEFINITIONS):
                continue
            does = at_once([node])
            needed = sorted(does.loads & lost)
            why = self._why_not(does, block.reads) or (f"it needs {needed[0]}" if needed else "")
            shows = isinstance(node, ast.Expr) and not does.changes
            if not (why or shows) or not _has_own_lines(node, lines):
                lost -= does.sets
                continue
            lost |= does.sets
            self._note(does.sets | does.changes, NotRun(block.cell, block.line + node.lineno - 1, why))
            for k in range(node.lineno, node.end_lineno or node.lineno):
                lines[k] = ""
            lines[node.lineno - 1] = " " * node.col_offset + "pass"
            changed = True
        if not changed:
            return block
        text = "\n".join(lines)
        return statement_of(block.cell, block.line, text, parse(text).body[0], block.comment)

    def _note(self, names: Iterable[str], not_run: NotRun) -> None:
        for name in names:
            self.not_run[name] = not_run

    def _refuse_what_needs_what_is_not_run(self) -> None:
        """Whatever reads a name at once that nothing makes afresh that is run, and so on."""
        makers = {name: sum(map(self._makes(name), found)) for name, found in self.building.items()}
        readers: dict[str, list[Statement]] = {}
        for statement in self.statements:
            if not (statement.is_function_like or statement.is_import):
                for name in statement.reads_at_once & self.building.keys() - self._sets_first(statement):
                    readers.setdefault(name, []).append(statement)
        waiting = [name for name, count in makers.items() if not count and name not in self.imported]
        while waiting:
            name = waiting.pop()
            for statement in readers.get(name, ()):
                if statement in self._refused:
                    continue
                made = [each for each in self.built_by(statement) if self._makes(each)(statement)]
                self._refused.add(statement)
                for each in self.built_by(statement):
                    self.not_run.setdefault(each, NotRun(statement.cell, statement.line, f"it needs {name}"))
                for each in made:
                    makers[each] -= 1
                    if not makers[each] and each not in self.imported:
                        waiting.append(each)

    def _makes(self, name: str) -> Callable[[Statement], bool]:
        """Whether a statement that is run gives the name a meaning without needing it already."""

        def makes(statement: Statement) -> bool:
            if not self.runs(statement):
                return False
            if statement.is_function_like:
                return True
            afresh = name in statement.binds or name not in statement.does.changes
            return afresh and (name not in statement.reads_at_once or name in self._sets_first(statement))

        return makes

    def _sets_first(self, statement: Statement) -> frozenset[str]:
        """Names that a statement of several parts may set before it reads them."""
        simple = isinstance(statement.node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Delete)
        return frozenset() if simple else statement.does.sets


def _parameters(function: ast.AST | None) -> set[str]:
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return set()
    return {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def _inside(block: ast.stmt) -> list[ast.stmt]:
    handlers = [each for handler in getattr(block, "handlers", ()) for each in handler.body]
    parts = (getattr(block, name, ()) for name in ("body", "orelse", "finalbody"))
    body, orelse, last = parts
    return [*body, *handlers, *orelse, *last]


def _has_own_lines(node: ast.stmt, lines: list[str]) -> bool:
    first, last = lines[node.lineno - 1].encode(), lines[(node.end_lineno or node.lineno) - 1].encode()
    before, after = first[: node.col_offset], last[node.end_col_offset :]
    return not before.strip() and (not after.strip() or after.strip().startswith(b"#")) and not first.endswith(b"\\")
