"""Uses of functions that an exercise asks learners to write themselves, found by reading the source.

Names are followed through imports, aliases and `getattr` with a literal, and through the helpers that a function calls.
What is hidden better than that is found by watching the calls (`grader.worker.watch`), or not at all: see
`docs/security.md`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """A use of a forbidden function: its public name, and the line in the module's text (None when it was watched)."""

    name: str
    line: int | None


def forbidden_uses(text: str, function: str, forbidden: Sequence[str]) -> list[Use]:
    """The uses within `function` and the module's own helpers that it reaches, in the order of the lines.

    A name is recognised by its last part behind torch: `torch._C._nn.mse_loss` is `torch.nn.functional.mse_loss`.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names = _Names(tree)
    watched = {name.rsplit(".", 1)[-1]: name for name in forbidden}
    uses = {}
    for part in _reached(tree, function):
        for node in ast.walk(part):
            path = names.path(node)
            if path and path.startswith("torch.") and path.rsplit(".", 1)[-1] in watched:
                line = getattr(node, "lineno", 0)
                uses[line] = Use(watched[path.rsplit(".", 1)[-1]], line)
    return [uses[line] for line in sorted(uses)]


class _Names:
    """Dotted torch paths that names of a module stand for."""

    def __init__(self, tree: ast.Module) -> None:
        self._paths: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name if alias.asname else alias.name.split(".")[0]
                    self._paths[alias.asname or root] = root
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self._paths[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        for _ in range(3):  # aliases of aliases
            for node in assigned:
                path = self.path(node.value)
                if path:
                    self._paths |= {target.id: path for target in node.targets if isinstance(target, ast.Name)}

    def path(self, node: ast.AST) -> str | None:
        """The dotted path of an expression that names something in torch."""
        if isinstance(node, ast.Name):
            return self._paths.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.path(node.value)
            return f"{owner}.{node.attr}" if owner else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            match node.args:
                case [owned, ast.Constant(value=str(name)), *_]:
                    owner = self.path(owned)
                    return f"{owner}.{name}" if owner else None
        return None


def _reached(tree: ast.Module, function: str) -> Iterator[ast.stmt]:
    """The definitions that a function consists of: its own, and those of the module's names that it uses."""
    definitions: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            definitions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    definitions.setdefault(target.id, []).append(node)
    waiting, known = [function], {function}
    while waiting:
        for part in definitions.get(waiting.pop(), []):
            yield part
            used = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} & set(definitions)
            waiting += used - known
            known |= used
