"""What must not reach a learner: phrases of the reference solutions, of the hidden checks and of the bank.

A statement weighs as much as it has names, attributes, constants, parameters and operators of its own; statements
nested in it count by themselves. From `HEAVY` on it is substantial: `rest = whole - part` weighs 4,
`total += price * item.count` 6; `return total`, `file.close()` and `item.price.reset()` weigh 1, 2 and 3.

*Solutions.* Each substantial statement in a marked region is a phrase; of a `return`, its value is. Left out is what
imports and signatures in the stub say anyway: a call that looks like the signature of what it calls.

*Hidden checks*, and whatever else lies beside the solutions, are ordinary Python and share imports, data and turns of
phrase with the visible checks. So only these are phrases: `RUN` consecutive substantial statements in one function,
and the whole body of a test if it is more than one statement and weighs `HEAVY_BODY` or more. Left out is what the
stubs, docstrings included, say anyway.

*The bank* of known mistakes and right answers: see `bank_phrases`.

*Limits.* A phrase is found however it is spaced, quoted or commented, in code and in prose, but not when names were
changed, an expression was rewritten or described in words, or what holds it is packed or drawn (images, PDF).
A solution that is lighter than `HEAVY` can't be told from what a lesson says anyway, and isn't looked for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.course import Assignment
from grader.course.syntax import syntax_tree
from grader.errors import ReleaseError
from grader.release.bank_phrases import bank_secrets
from grader.release.phrases import phrase, without_comments
from grader.release.secret import Secret
from grader.release.statements import all_in, own_text, weight
from grader.release.stubs import make_stub, marked_code, parse, plain, read_solution, solution_file

HEAVY = 4
HEAVY_BODY = 12
RUN = 3


def secrets_of(root: Path, assignment: Assignment) -> list[Secret]:
    """The secrets of an assignment, each once, with the first place that it is from.

    Raises ReleaseError when a solution, a file beside it or the bank can't be read.
    """
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
    secrets += [secret for secret in bank_secrets(root, assignment) if secret.phrase not in stubs]
    solutions = {root / solution_file(assignment, module) for module in assignment.modules.values()}
    for path in sorted(set((root / "solutions" / assignment.id).rglob("*.py")) - solutions):
        file = path.relative_to(root).as_posix()
        secrets += [secret for secret in _hidden_secrets(_read(path, file), file) if secret.phrase not in stubs]
    return list({(secret.phrase, secret.is_prose): secret for secret in reversed(secrets)}.values())[::-1]


def _read(path: Path, file: str) -> str:
    try:
        return plain(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def _stated(stub: str) -> str:
    """The phrases of a stub's imports and signatures."""
    lines = stub.split("\n")
    said = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return "".join(phrase(own_text(node, lines)) for node in ast.walk(syntax_tree(stub)) if isinstance(node, said))


def _solution_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse(source, file)
    lines = without_comments(source).split("\n")
    for code in marked_code(source, tree, file):
        for statement in all_in(code.statements):
            node: ast.stmt | ast.expr = statement
            if isinstance(statement, ast.Return) and statement.value:
                node = statement.value
            if weight(node) >= HEAVY:
                yield Secret(phrase(own_text(node, lines)), "the solution", f"{file}, line {statement.lineno}")


def _hidden_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse(source, file)
    lines = without_comments(source).split("\n")
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        statements = list(all_in(body))
        texts = [phrase(own_text(statement, lines)).strip() for statement in statements]
        weights = [weight(statement) for statement in statements]
        source_place = f"{file}, line {function.lineno}"
        if function.name.startswith("test_") and len(texts) > 1 and sum(weights) >= HEAVY_BODY:
            yield Secret(f" {' '.join(texts)} ", "hidden code", source_place)
        for first in range(len(statements) - RUN + 1):
            if min(weights[first : first + RUN]) >= HEAVY:
                yield Secret(f" {' '.join(texts[first : first + RUN])} ", "hidden code", source_place)
