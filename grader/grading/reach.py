"""What of a module's source a function consists of, and what the names in it stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

# A path that nobody would write names nothing: hostile ones have thousands of parts, and each is a path of its own.
_MOST_PARTS, _LONGEST_PATH = 50, 1000


class Module:
    """A module's source, read but not run. One that can't be parsed holds nothing."""

    def __init__(self, text: str) -> None:
        try:
            self._tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._tree = ast.Module([], [])
        self._paths: dict[str, str] = {}
        nodes = list(ast.walk(self._tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name if alias.asname else alias.name.split(".")[0]
                    self._paths[alias.asname or root] = root
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self._paths[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        assigned = [node for node in nodes if isinstance(node, ast.Assign)]
        for _ in range(3):  # aliases of aliases
            for node in assigned:
                path = self.path(node.value)
                if path:
                    self._paths |= {target.id: path for target in node.targets if isinstance(target, ast.Name)}

    def path(self, node: ast.AST) -> str | None:
        """The dotted path of an expression that names something in torch."""
        parts: list[str] = []
        while not isinstance(node, ast.Name):  # not by recursion: a chain may be longer than the stack
            match node:
                case ast.Attribute(value=owner, attr=name):
                    pass
                case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
                    pass
                case _:
                    return None
            parts.append(name)
            node = owner
            if len(parts) > _MOST_PARTS:
                return None
        root = self._paths.get(node.id)
        path = ".".join([root, *reversed(parts)]) if root else ""
        return path if 0 < len(path) <= _LONGEST_PATH else None

    def reached(self, function: str) -> Iterator[ast.stmt]:
        """The definitions that a function consists of: its own, and those of the module's names that it uses."""
        definitions: dict[str, list[ast.stmt]] = {}
        for node in self._tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                definitions.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        definitions.setdefault(target.id, []).append(node)
        names = set(definitions)
        waiting, known = [function], {function}
        while waiting:
            for part in definitions.get(waiting.pop(), []):
                yield part
                used = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} & names
                waiting += used - known
                known |= used


@lru_cache(maxsize=4)
def read_module(text: str) -> Module:
    """The module with this source; the last few are kept, as each exercise asks for its module again."""
    return Module(text)
