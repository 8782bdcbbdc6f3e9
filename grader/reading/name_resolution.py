"""What of a module's source a function consists of, what names in it stand for, and which forbidden functions it uses.

Names are resolved by Python's scopes, and followed through imports, aliases, `getattr` and the like with a literal, and
through the helpers that a function reaches. What is only imported is no use.
What is hidden better than that is found by watching the calls (`grader.sandbox.inside.execute`), or not at all: see
`docs/security.md`.
"""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.reading.parsing import parse
from grader.reading.scopes import Binding, Block, NameUse, Scopes

# Nobody writes more of these; hostile sources do, and each would be looked at for each use.
_MOST_PARTS, _LONGEST_PATH, _MOST_MEANINGS, _LONGEST_CHAIN = 50, 200, 8, 50
_NAMING = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.NamedExpr)
_NAMESPACES = ("builtins.vars", "builtins.globals", "builtins.locals")


class ParsedModule:
    """A module's source, read but not run. One that can't be parsed holds nothing."""

    def __init__(self, text: str) -> None:
        try:
            tree = parse(text)
        except SyntaxError:
            tree = ast.Module([], [])
        self.body = tree.body
        self._scopes = Scopes(tree)
        self._known: dict[Binding, tuple[str, ...]] = {}
        self._chain = 0
        self._nodes: dict[ast.AST, list[ast.AST]] = {}
        self._paths: dict[ast.AST, tuple[str, ...]] = {}

    def parts(self, function: str, without: Collection[str] = ()) -> Iterator[ast.AST]:
        """The code that a function consists of: its definition, and those of the module's names that it uses, but for
        the names `without` which it is wanted."""
        waiting, known, given = [function], {function, *without}, set[ast.AST]()
        while waiting:
            name = waiting.pop()
            for part in (*self._definitions(name), *self._scopes.additions.get(name, ())):
                if part in given:
                    continue
                given.add(part)
                yield part
                for node in self._within(part):
                    use = self._scopes.uses.get(node)
                    if use and use.scope is self._scopes.module and isinstance(node, ast.Name) and node.id not in known:
                        known.add(node.id)
                        waiting.append(node.id)

    def reached(self, function: str) -> Iterator[ast.AST]:
        """Every node of these parts."""
        return (node for part in self.parts(function) for node in self._within(part))

    def _within(self, part: ast.AST) -> list[ast.AST]:
        if part not in self._nodes:
            self._nodes[part] = list(ast.walk(part))
        return self._nodes[part]

    def imported(self, name: str) -> list[tuple[str, int]]:
        """What a name of the module stands for when it is no more than imported: paths, and the lines."""
        module = self._scopes.module
        found = self._meanings(name, NameUse(module, None, module.block))
        if not found:
            return [(f"{star}.{name}", line) for star, line in self._scopes.stars]
        return [(each.value, getattr(each.part, "lineno", 0)) for each in found if isinstance(each.value, str)]

    def paths(self, node: ast.AST) -> tuple[str, ...]:
        """The dotted paths that an expression may stand for, as far as they are known: `torch.nn.functional.mse_loss`,
        `builtins.len`."""
        if not isinstance(node, _NAMING):
            return ()
        if node not in self._paths:
            self._paths[node] = self._found_paths(node)
        return self._paths[node]

    def _found_paths(self, node: ast.AST) -> tuple[str, ...]:
        behind: list[str] = []
        roots: tuple[str, ...] = ()
        while len(behind) <= _MOST_PARTS:
            match node:
                case ast.Name():
                    roots = self._of_name(node)
                    break
                case ast.NamedExpr(value=node):
                    continue
                case ast.Attribute(value=owner, attr=name):
                    behind.append(name)
                    node = owner
                case (
                    ast.Subscript(value=held, slice=ast.Constant(value=str(name)))
                    | ast.Call(
                        func=ast.Attribute(value=held, attr="get" | "__getitem__"),
                        args=[ast.Constant(value=str(name)), *_],
                    )
                ):
                    space = self._namespace(held)
                    if space is None:
                        roots = (name,) if self._simple(held) == ("sys.modules",) else ()
                        break
                    if not isinstance(space, ast.AST):
                        module = self._scopes.module
                        roots = self._stand_for(name, NameUse(module, None, module.block))
                        break
                    behind.append(name)
                    node = space
                case ast.Call(func=function, args=[owner, ast.Constant(value=str(name)), *_]) if (
                    "builtins.getattr" in self._simple(function)
                ):
                    behind.append(name)
                    node = owner
                case ast.Call(func=function, args=[ast.Constant(value=str(name)), *more], keywords=keywords):
                    roots = self._imported_by(function, name, [*more, *keywords])
                    break
                case _:
                    break
        found = (".".join([root, *reversed(behind)]) for root in roots)
        return tuple(path for path in found if len(path) <= _LONGEST_PATH)

    def _definitions(self, name: str) -> Iterator[ast.AST]:
        """The code that gives a name of the module its meaning, the last first, back to where all others are undone."""
        module, reads = self._scopes.module, self._scopes.reads.get(name, ())
        for binding in reversed(module.names.get(name, ())):
            yield binding.part
            read_before = bisect_left(reads, binding.start) < bisect_left(reads, binding.order)
            if binding.block is module.block and not read_before:
                return

    def _of_name(self, node: ast.Name) -> tuple[str, ...]:
        use = self._scopes.uses.get(node)
        return self._stand_for(node.id, use) if use else ()

    def _stand_for(self, name: str, use: NameUse) -> tuple[str, ...]:
        meanings = self._meanings(name, use)
        if not meanings and use.scope is self._scopes.module:
            own = (f"builtins.{name}",) if hasattr(builtins, name) else ()
            return (*own, *(f"{star}.{name}" for star, _ in self._scopes.stars[:_MOST_MEANINGS]))
        found = (path for meaning in meanings for path in self._meaning(meaning))
        return tuple(dict.fromkeys(found))[:_MOST_MEANINGS]

    def _meanings(self, name: str, use: NameUse) -> list[Binding]:
        """What a name may stand for at a use, the last first: a meaning undoes those before it where it is certain."""
        bindings = use.scope.names.get(name, [])
        end = len(bindings) if use.order is None else bisect_left(bindings, use.order, key=lambda each: each.order)
        found = []
        for binding in reversed(bindings[max(0, end - _MOST_MEANINGS) : end]):
            found.append(binding)
            if binding.block is use.scope.block or (use.order is not None and _lies_in(use.block, binding.block)):
                break
        return found

    def _meaning(self, binding: Binding) -> tuple[str, ...]:
        if isinstance(binding.value, str):
            return (binding.value,)
        if binding.value is None or self._chain > _LONGEST_CHAIN:
            return ()
        if binding not in self._known:
            self._known[binding] = ()  # should it lead back to itself
            self._chain += 1
            self._known[binding] = self.paths(binding.value)
            self._chain -= 1
        return self._known[binding]

    def _simple(self, node: ast.AST) -> tuple[str, ...]:
        """The paths of a name, or of a name with one part behind it: so is written nearly all that is called."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return tuple(f"{path}.{node.attr}" for path in self._of_name(node.value))
        return self._of_name(node) if isinstance(node, ast.Name) else ()

    def _namespace(self, held: ast.AST) -> ast.AST | str | None:
        """What `vars(owner)` and `owner.__dict__` are the names of: `owner`. A text stands for the module itself."""
        match held:
            case ast.Attribute(value=owner, attr="__dict__"):
                return owner
            case ast.Call(func=function, args=args) if set(self._simple(function)) & set(_NAMESPACES):
                return args[0] if args else "module"
        return None

    def _imported_by(self, function: ast.AST, name: str, more: list[ast.AST]) -> tuple[str, ...]:
        called = self._simple(function)
        if "importlib.import_module" in called:
            package = next(filter(None, map(_text, more)), "")
            return (f"{package}{name}" if name.startswith(".") else name,)
        if {"builtins.__import__", "importlib.__import__"} & set(called):
            whole = any(isinstance(each, ast.keyword) and each.arg == "fromlist" for each in more) or len(more) > 2
            return (name if whole else name.split(".")[0],)
        return ()


def _text(argument: ast.AST) -> str:
    """The text of an argument that is written as one, with or without the parameter's name."""
    value = argument.value if isinstance(argument, ast.keyword) else argument
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _lies_in(block: Block | None, other: Block) -> bool:
    while block is not None and block is not other:
        block = block.outer
    return block is other


@lru_cache(maxsize=4)
def read_module(text: str) -> ParsedModule:
    """The module with this source; the last few are kept, as each exercise asks for its module again."""
    return ParsedModule(text)


_MOST_USES = 20  # that are told: one is enough


@dataclass(frozen=True)
class ForbiddenUse:
    """A use of a forbidden function: its public name, and the line in the module's text (None when it was watched)."""

    name: str
    line: int | None


def forbidden_uses(text: str, function: str, forbidden: Sequence[str]) -> list[ForbiddenUse]:
    """The uses within `function` and the module's own helpers that it reaches, in the order of the lines; of many
    the first ones.

    A name is recognised by its last part behind torch: `torch._C._nn.mse_loss` is `torch.nn.functional.mse_loss`.
    """
    module = read_module(text)
    watched = {name.rsplit(".", 1)[-1]: name for name in forbidden}
    found = module.imported(function)
    for node in module.reached(function):
        found += [(path, getattr(node, "lineno", 0)) for path in module.paths(node)]
    uses = {}
    for path, line in found:
        last = path.rsplit(".", 1)[-1]
        if path.startswith("torch.") and last in watched:
            uses[line] = ForbiddenUse(watched[last], line)
    return [uses[line] for line in sorted(uses)[:_MOST_USES]]
