"""What must not reach a learner: phrases of the reference solutions and of the hidden checks.

A statement weighs as much as it has names, attributes, constants, parameters and operators of its own; statements
nested in it count by themselves. From `HEAVY` on it is substantial: `rest = whole - part` weighs 4,
`total += price * item.count` 6; `return total`, `file.close()` and `item.price.reset()` weigh 1, 2 and 3.

*Solutions.* Each substantial statement in a marked region is a phrase; of a `return`, its value is. Left out is what
imports and signatures in the stub say anyway: a call that looks like the signature of what it calls.

*Hidden checks*, and whatever else lies beside the solutions, are ordinary Python and share imports, data and turns of
phrase with the visible checks. So only these are phrases: `RUN` consecutive substantial statements in one function,
and the whole body of a test if it is more than one statement and weighs `HEAVY_BODY` or more. Left out is what the
stubs, docstrings included, say anyway.

*Limits.* A phrase is found however it is spaced, quoted or commented, in code and in prose, but not when names were
changed, an expression was rewritten or described in words, or the file isn't UTF-8 text (archives, images, PDF).
A solution that is lighter than `HEAVY` can't be told from what a lesson says anyway, and isn't looked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grader.course import Assignment
from grader.course.syntax import syntax_tree
from grader.errors import ReleaseError
from grader.release.phrases import phrase, without_comments
from grader.release.stubs import make_stub, marked_code, parse, plain, read_solution, solution_file

HEAVY = 4
HEAVY_BODY = 12
RUN = 3

_WEIGHS = (
    ast.Name,
    ast.Attribute,
    ast.Constant,
    ast.arg,
    ast.keyword,
    ast.FunctionDef,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


class Secret(NamedTuple):
    """A phrase that must not be found, what it is, and where it is from. Secrets of one source are told once a file."""

    phrase: str
    kind: str
    source: str


def secrets_of(root: Path, assignment: Assignment) -> list[Secret]:
    """The secrets of an assignment. Raises ReleaseError when a solution or a file beside it can't be read."""
    secrets: list[Secret] = []
    stated = ""
    stubs = ""
    for module in assignment.modules.values():
        file = solution_file(assignment, module)
        source = read_solution(root, assignment, module)
        stub = make_stub(source, assignment, module)
        stubs += phrase(stub)
        stated += _stated(stub)
        secrets += _solution_secrets(source, file)
    secrets = [secret for secret in secrets if secret.phrase not in stated]
    solutions = {root / solution_file(assignment, module) for module in assignment.modules.values()}
    for path in sorted(set((root / "solutions" / assignment.id).rglob("*.py")) - solutions):
        file = path.relative_to(root).as_posix()
        secrets += [secret for secret in _hidden_secrets(_read(path, file), file) if secret.phrase not in stubs]
    return secrets


def _read(path: Path, file: str) -> str:
    try:
        return plain(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def _stated(stub: str) -> str:
    """The phrases of a stub's imports and signatures."""
    lines = stub.split("\n")
    said = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return "".join(phrase(_own_text(node, lines)) for node in ast.walk(syntax_tree(stub)) if isinstance(node, said))


def _solution_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse(source, file)
    lines = without_comments(source).split("\n")
    for code in marked_code(source, tree, file):
        for statement in _all_in(code.statements):
            node: ast.stmt | ast.expr = statement
            if isinstance(statement, ast.Return) and statement.value:
                node = statement.value
            if weight(node) >= HEAVY:
                yield Secret(phrase(_own_text(node, lines)), "the solution", f"{file}, line {statement.lineno}")


def _hidden_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse(source, file)
    lines = without_comments(source).split("\n")
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        statements = list(_all_in(body))
        texts = [phrase(_own_text(statement, lines)).strip() for statement in statements]
        weights = [weight(statement) for statement in statements]
        source_place = f"{file}, line {function.lineno}"
        if function.name.startswith("test_") and len(texts) > 1 and sum(weights) >= HEAVY_BODY:
            yield Secret(f" {' '.join(texts)} ", "hidden code", source_place)
        for first in range(len(statements) - RUN + 1):
            if min(weights[first : first + RUN]) >= HEAVY:
                yield Secret(f" {' '.join(texts[first : first + RUN])} ", "hidden code", source_place)


def _all_in(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements and those nested in them, in the order in which they are written."""
    nested = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.stmt)]
    yield from sorted(nested, key=lambda node: (node.lineno, node.col_offset))


def weight(node: ast.AST) -> int:
    """How much a statement or an expression says by itself."""
    return int(isinstance(node, _WEIGHS)) + sum(
        weight(child) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)
    )


def _own_text(node: ast.stmt | ast.expr, lines: list[str]) -> str:
    """The source of a node, without the statements nested in it."""
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    nested = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    if nested:
        end = min((child.lineno, child.col_offset) for child in nested)
    picked = [line.encode() for line in lines[node.lineno - 1 : end[0]]]
    # The parser counts columns in bytes.
    picked[-1] = picked[-1][: end[1]]
    picked[0] = picked[0][node.col_offset :]
    return b"\n".join(picked).decode().rstrip().removesuffix(":")
