"""Whether the reference solutions, where they are present, define the functions that the course names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.course.model import Assignment
from grader.course.syntax import syntax_tree
from grader.errors import did_you_mean


def function_problems(root: Path, assignment: Assignment) -> Iterator[str]:
    """A sentence for each solution module or function that is missing. None where there is no `solutions` at all.

    A learner's checkout has no solutions, and a learner's own modules are nobody's configuration: they are not read.
    """
    if not (root / "solutions").is_dir():
        return
    for module in assignment.modules.values():
        wanted = [e.function for e in assignment.exercises.values() if e.module == module.id]
        relative = f"solutions/{assignment.id}/{module.id}.py"
        try:
            defined = _functions((root / relative).read_bytes())
        except FileNotFoundError:
            yield f'{relative} is missing, expected the solutions of the module "{module.id}" there.'
            continue
        except OSError as error:
            yield f"{relative} can't be read: {error.strerror or error}."
            continue
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            yield f"{relative}{line}: not valid Python ({getattr(error, 'msg', error)})."
            continue
        for function in wanted:
            if function not in defined:
                found = ", ".join(f'"{name}"' for name in defined) or "none"
                yield (
                    f'{relative} defines no function "{function}", which is an exercise in course.toml; '
                    f"found {found}.{did_you_mean(function, defined)}"
                )


def _functions(source: bytes) -> list[str]:
    return [node.name for node in syntax_tree(source).body if isinstance(node, ast.FunctionDef)]
