"""Uses of functions that an exercise asks learners to write themselves, found by reading the source.

Names are followed through imports, aliases and `getattr` with a literal, and through the helpers that a function calls.
What is hidden better than that is found by watching the calls (`grader.worker.watch`), or not at all: see
`docs/security.md`.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from grader.grading.reach import read_module


@dataclass(frozen=True)
class Use:
    """A use of a forbidden function: its public name, and the line in the module's text (None when it was watched)."""

    name: str
    line: int | None


def forbidden_uses(text: str, function: str, forbidden: Sequence[str]) -> list[Use]:
    """The uses within `function` and the module's own helpers that it reaches, in the order of the lines.

    A name is recognised by its last part behind torch: `torch._C._nn.mse_loss` is `torch.nn.functional.mse_loss`.
    """
    module = read_module(text)
    watched = {name.rsplit(".", 1)[-1]: name for name in forbidden}
    uses = {}
    for part in module.reached(function):
        for node in ast.walk(part):
            path = module.path(node)
            if path and path.startswith("torch.") and path.rsplit(".", 1)[-1] in watched:
                line = getattr(node, "lineno", 0)
                uses[line] = Use(watched[path.rsplit(".", 1)[-1]], line)
    return [uses[line] for line in sorted(uses)]
