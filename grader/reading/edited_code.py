"""A definition that is edited: the names in it, quotes of its parts, and what a change of it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_LONGEST_QUOTE = 70


@dataclass(frozen=True)
class Change:
    """One change of a definition. `key` is the same for changes of the same kind in other places; `about` says what to
    look at, in the learner's own code; a change that is `missing` adds what isn't there. `until` is the last line of a
    block that is changed as a whole."""

    tier: int
    line: int
    about: str
    key: str
    missing: bool = False
    until: int = 0


@dataclass
class Names:
    """The names in a definition, those of which a gradient is used, those of the other functions of its module, and
    quotes of its parts."""

    parameters: list[str]
    local: list[str]
    lines: list[bytes]
    functions: Mapping[str, Sequence[str]]
    with_grad: tuple[str, ...] = ()
    quotes: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.AST, text: str, functions: Mapping[str, Sequence[str]]) -> Names:
        """Those of one definition in a text, which has these other functions with these parameters."""
        parameters = [arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in node.args]
        stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        lines = text.encode("utf-8", "surrogatepass").split(b"\n")
        of_grad = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "grad"]
        with_grad = tuple(dict.fromkeys(node.id for node in of_grad if isinstance(node, ast.Name)))[:4]
        return cls(list(dict.fromkeys(parameters))[:8], list(dict.fromkeys(stored))[:10], lines, functions, with_grad)

    @property
    def all(self) -> list[str]:
        """Parameters first."""
        return list(dict.fromkeys([*self.parameters, *self.local]))[:12]

    def quote(self, node: ast.AST) -> str:
        """A part of the code as it is written, between backticks and on one line."""
        if id(node) not in self.quotes:
            text = " ".join((self._written(node) or ast.unparse(node)).split())
            self.quotes[id(node)] = f"`{text}`" if len(text) <= _LONGEST_QUOTE else f"`{text[:_LONGEST_QUOTE]}…`"
        return self.quotes[id(node)]

    def _written(self, node: ast.AST) -> str:
        """The text of a part, empty for one that isn't in the text."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not first or not last:
            return ""
        lines = self.lines[first - 1 : last]
        lines[-1] = lines[-1][: node.end_col_offset]  # type: ignore[attr-defined]  # it has lines
        lines[0] = lines[0][node.col_offset :]  # type: ignore[attr-defined]
        return b"\n".join(lines).decode("utf-8", "replace")

    def shape(self, node: ast.AST) -> str:
        """The same with a sign in place of each parameter: alike for `one += 1` and `other += 1`."""
        text = self.quote(node)
        for name in self.parameters:
            text = re.sub(rf"\b{re.escape(name)}\b", "_", text)
        return text


def name_of(text: str) -> ast.Name:
    """A name that is read."""
    return ast.Name(text, ast.Load())


def method_of(value: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    """The call of a method."""
    return ast.Call(ast.Attribute(value, name, ast.Load()), list(arguments), [])
