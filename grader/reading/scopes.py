"""The names of a module by Python's scopes: where each is given a meaning, and which of these a use may see.

`symtable` says neither what a name is given nor where; and from Python 3.12 on it leaves out the scopes of
comprehensions. Every step here is taken once for each node of the tree, and none by recursion: hostile trees are deep.
"""

from __future__ import annotations

import ast
from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(eq=False)
class Block:
    """Statements of which all are run when one is. The block of a branch lies in another one."""

    outer: Block | None = None


@dataclass(eq=False)
class Binding:
    """A place where a name is given a meaning: an expression, the path of something imported, or what nobody knows.

    `start` and `order` number the begin of the statement and the moment of giving, in the order of the text. `part` is
    the code that the meaning comes from.
    """

    value: ast.expr | str | None
    part: ast.AST
    block: Block
    start: int
    order: int


@dataclass(eq=False)
class Scope:
    """A module, class, function or comprehension. `runs_with` is the module or function whose code runs it at once;
    `holder` is where an assignment expression in it gives names their meaning."""

    block: Block
    is_class: bool = False
    runs_with: Scope = field(init=False)
    holder: Scope = field(init=False)
    names: dict[str, list[Binding]] = field(default_factory=dict)
    loads: list[tuple[ast.Name, int, Block]] = field(default_factory=list)
    inner: list[Scope] = field(default_factory=list)
    stated: dict[str, type[ast.stmt]] = field(default_factory=dict)  # as global or nonlocal
    elsewhere: list[tuple[str, Binding]] = field(default_factory=list)  # given to names of a function around it

    def __post_init__(self) -> None:
        self.runs_with = self.holder = self


@dataclass(frozen=True)
class NameUse:
    """A use of a name: the scope that the name belongs to, and the moment; None for any time after all is defined."""

    scope: Scope
    order: int | None
    block: Block


class Scopes:
    """The scopes of a module. `uses` tells of each name that is read; `stars` are modules that all names are imported
    from, with the line; `additions` are statements that change what a global name holds: `table["key"] = value`."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Scope(Block())
        self.uses: dict[ast.AST, NameUse] = {}
        self.stars: list[tuple[str, int]] = []
        self.additions: dict[str, list[ast.AST]] = {}
        self.reads: dict[str, list[int]] = {}  # when the module itself reads its names, in order
        self._order = 0
        self._changed: list[tuple[ast.Name, ast.AST]] = []
        self._waiting: list[Callable[[], None]] = []
        self._visit_all(tree.body, self.module, self.module.block)
        self._waiting.reverse()
        while self._waiting:
            before = len(self._waiting) - 1
            self._waiting.pop()()
            self._waiting[before:] = reversed(self._waiting[before:])  # what was put there just now, in its own order
        self._find_owners()
        for name, part in self._changed:
            if self.uses[name].scope is self.module:
                self.additions.setdefault(name.id, []).append(part)

    def _visit_all(
        self, nodes: Iterable[ast.AST | None], scope: Scope, block: Block, part: ast.AST | None = None
    ) -> None:
        for node in nodes:
            if node is not None:
                self._later(lambda node=node: self._visit(node, scope, block, part or node, self._order))  # type: ignore[misc]

    def _later(self, step: Callable[[], None]) -> None:
        self._waiting.append(step)

    def _visit(self, node: ast.AST, scope: Scope, block: Block, part: ast.AST, start: int) -> None:
        """See to a node, and put off what is in it. `part` is the statement that it belongs to, begun at `start`."""
        self._order += 1

        def within(nodes: Iterable[ast.AST | None], block: Block = block) -> None:
            for each in nodes:
                if isinstance(each, ast.stmt) or (each is not None and part is node and _holds_statements(node)):
                    self._visit_all([each], scope, block)
                elif each is not None:
                    self._later(lambda each=each: self._visit(each, scope, block, part, start))  # type: ignore[misc]

        def bind(target: ast.AST, value: ast.expr | str | None = None) -> None:
            self._later(lambda: self._target(target, value, scope, block, part, start))

        match node:
            case ast.Name(ctx=ast.Load()):
                scope.loads.append((node, self._order, block))
            case ast.Name():
                self._bind(node.id, None, scope, block, part, start)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                within([*getattr(node, "decorator_list", []), *node.args.defaults, *node.args.kw_defaults])
                if not isinstance(node, ast.Lambda):
                    self._later(lambda: self._bind(node.name, None, scope, block, part, start))
                self._later(lambda: self._function(node, scope))
            case ast.ClassDef():
                within([*node.decorator_list, *node.bases, *node.keywords])
                body = Scope(Block(block), is_class=True)
                body.runs_with = scope.runs_with
                scope.inner.append(body)
                self._visit_all(node.body, body, body.block)
                self._later(lambda: self._bind(node.name, None, scope, block, part, start))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                within([node.generators[0].iter])
                self._later(lambda: self._comprehension(node, scope, block, part))
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope, block)
            case ast.Assign():
                within([node.value])
                for target in node.targets:
                    bind(target, node.value)
            case ast.AnnAssign(value=None):
                if isinstance(node.target, ast.Name):
                    scope.names.setdefault(node.target.id, [])
            case ast.AnnAssign():
                within([node.value])
                bind(node.target, node.value)
            case ast.AugAssign():
                if isinstance(node.target, ast.Name):
                    within([ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)])
                within([node.value])
                bind(node.target)
            case ast.NamedExpr():
                within([node.value])
                self._later(lambda: self._bind(node.target.id, node.value, scope.holder, block, part, start))
            case ast.Global() | ast.Nonlocal():
                scope.stated |= dict.fromkeys(node.names, type(node))
            case ast.If() | ast.While():
                within([node.test])
                within(node.body, Block(block))
                within(node.orelse, Block(block))
            case ast.For() | ast.AsyncFor():
                within([node.iter])
                branch = Block(block)
                self._visit_all([node.target], scope, branch, node.iter)
                within(node.body, branch)
                within(node.orelse, Block(block))
            case ast.Try() | ast.TryStar():
                within(node.body, Block(block))
                for handler in node.handlers:
                    within([handler], Block(block))
                within(node.orelse, Block(block))
                within(node.finalbody)
            case ast.ExceptHandler():
                if node.name:
                    self._bind(node.name, None, scope, block, part, start)
                within([node.type, *node.body])
            case ast.Match():
                within([node.subject])
                for case in node.cases:
                    within([case], Block(block))
            case ast.MatchAs() | ast.MatchStar() | ast.MatchMapping():
                name = node.rest if isinstance(node, ast.MatchMapping) else node.name
                if name:
                    self._bind(name, None, scope, block, part, start)
                within(ast.iter_child_nodes(node))
            case _:
                within(ast.iter_child_nodes(node))

    def _target(
        self, target: ast.AST, value: ast.expr | str | None, scope: Scope, block: Block, part: ast.AST, start: int
    ) -> None:
        match target, value:
            case ast.Name(), _:
                self._bind(target.id, value, scope, block, part, start)
            case ast.Tuple() | ast.List(), _:
                values: list[ast.expr] | list[None] = [None] * len(target.elts)
                if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                    starred = any(isinstance(each, ast.Starred) for each in (*value.elts, *target.elts))
                    values = values if starred else value.elts
                for each, its in zip(target.elts, values, strict=True):
                    self._target(each, its, scope, block, part, start)
            case _:
                owner = target
                while isinstance(owner, ast.Attribute | ast.Subscript):
                    owner = owner.value
                if isinstance(owner, ast.Name) and isinstance(owner.ctx, ast.Load):
                    self._changed.append((owner, part))
                self._visit(target, scope, block, part, start)

    def _bind(
        self, name: str, value: ast.expr | str | None, scope: Scope, block: Block, part: ast.AST, start: int
    ) -> None:
        self._order += 1
        binding = Binding(value, part, block, start, self._order)
        if scope.stated.get(name) is ast.Nonlocal:
            scope.elsewhere.append((name, binding))
        else:
            owner = self.module if scope.stated.get(name) is ast.Global else scope
            owner.names.setdefault(name, []).append(binding)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope, block: Block) -> None:
        origin = f"{node.module}." if isinstance(node, ast.ImportFrom) and not node.level else ""
        for alias in node.names:
            if isinstance(node, ast.Import):
                root = alias.name.split(".")[0]
                path = alias.name if alias.asname else root
                self._bind(alias.asname or root, path, scope, block, node, self._order)
            elif alias.name == "*":
                self.stars.append((str(node.module), node.lineno))
            else:
                path = f"{origin}{alias.name}" if origin else ""
                self._bind(alias.asname or alias.name, path or None, scope, block, node, self._order)

    def _function(self, node: _Function, scope: Scope) -> None:
        inside = Scope(Block())
        scope.inner.append(inside)
        args = node.args
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
            if arg is not None:
                self._bind(arg.arg, None, inside, inside.block, node, self._order)
        self._visit_all(node.body if isinstance(node.body, list) else [node.body], inside, inside.block)

    def _comprehension(self, node: _Comprehension, scope: Scope, block: Block, part: ast.AST) -> None:
        inside = Scope(block)
        inside.runs_with, inside.holder = scope.runs_with, scope.holder
        scope.inner.append(inside)
        for number, each in enumerate(node.generators):
            self._visit_all([each.iter if number else None, each.target, *each.ifs], inside, block, part)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._visit_all(results, inside, block, part)

    def _find_owners(self) -> None:
        """Find the scope that each name belongs to that is read, by a walk through the scopes."""
        visible: dict[str, list[Scope]] = {}
        waiting: list[tuple[Scope, bool]] = [(self.module, True)]
        while waiting:
            scope, enters = waiting.pop()
            shown = [] if scope.is_class else list(scope.names)
            stated = [name for name, how in scope.stated.items() if how is ast.Global]
            if not enters:
                for name in (*shown, *stated):
                    visible[name].pop()
                continue
            for name, binding in scope.elsewhere:
                owner = (visible.get(name) or [self.module])[-1]
                insort(owner.names.setdefault(name, []), binding, key=lambda each: each.order)
            for name, owner in (*((each, scope) for each in shown), *((each, self.module) for each in stated)):
                visible.setdefault(name, []).append(owner)
            for node, order, block in scope.loads:
                own = scope.names.get(node.id) if scope.is_class else None
                owner = scope if own and own[0].order < order else (visible.get(node.id) or [self.module])[-1]
                at_once = owner.runs_with is scope.runs_with
                self.uses[node] = NameUse(owner, order if at_once else None, block)
                if at_once and owner is self.module:
                    self.reads.setdefault(node.id, []).append(order)
            waiting.append((scope, False))
            waiting += ((each, True) for each in reversed(scope.inner))


def _holds_statements(node: ast.AST) -> bool:
    """Whether a node's own expressions are a part by themselves: what a loop goes over, what a branch asks."""
    return isinstance(node, ast.If | ast.While | ast.For | ast.AsyncFor | ast.Try | ast.TryStar | ast.Match | ast.With)
