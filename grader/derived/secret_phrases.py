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

*The bank's code.* Each statement that weighs `HEAVY_IN_BANK` or more is a phrase; of a `return`, its value is.
Signatures are none. Lighter ones, like `model(x) + 1`, stand in lessons by themselves: there are hundreds of wrong
ways to write a function.

*The bank's words.* `Shows:`, `Says:`, `Advice:` and the first line of a docstring, cut at their stops. Parts of `LONG`
or more words are phrases. What learners are told, `Says:` and `Advice:`, is one as a whole if it has no such part,
from `SHORT` words on. An exception's own message is none.

*Limits.* A phrase is found however it is spaced, quoted or commented, in code and in prose, but not when names were
changed, an expression was rewritten or described in words, or what holds it is packed or drawn (images, PDF).
A solution that is lighter than `HEAVY` can't be told from what a lesson says anyway, and isn't looked for.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.core.assignment import Assignment
from grader.core.errors import BankError, ReleaseError
from grader.course.module_source import syntax_tree
from grader.derived.derived_files import lesson_text
from grader.derived.passages import Passage, phrase, prose, without_comments
from grader.derived.stubs import make_stub, marked_code, parse_solution, plain_source, read_solution, solution_file
from grader.grading.bank import Implementation, Mistake, load_bank
from grader.reading.definitions import IS_WRITTEN


class Secret(NamedTuple):
    """A phrase of code or of prose, what it is, and where it is from."""

    phrase: str
    kind: str
    source: str
    is_prose: bool = False

    def found_in(self, passage: Passage) -> str | None:
        """The place at which it stands in a passage, None when it doesn't."""
        return passage.words(is_prose=self.is_prose).place(self.phrase)


class Secrets:
    """Many of them, to be looked for at once."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._all = list(secrets)
        # By the longest word: most texts don't have it, and then the phrase isn't there.
        self._by_word: dict[bool, dict[str, list[int]]] = {True: defaultdict(list), False: defaultdict(list)}
        for number, secret in enumerate(self._all):
            self._by_word[secret.is_prose][max(secret.phrase.split(" "), key=len)].append(number)

    def found_in(self, passages: Iterable[Passage]) -> Iterator[tuple[str, Secret]]:
        """Where they stand first, in the order in which they were given; of each source only one."""
        found: dict[int, str] = {}
        for passage in passages:
            for is_prose, by_word in self._by_word.items():
                words = passage.words(is_prose=is_prose)
                for word in words.known & by_word.keys():
                    for number in by_word[word]:
                        if number not in found and (place := words.place(self._all[number].phrase)):
                            found[number] = place
        told: set[str] = set()
        for number, place in sorted(found.items()):
            if self._all[number].source not in told:
                told.add(self._all[number].source)
                yield place, self._all[number]


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


def all_in(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements and those nested in them, in the order in which they are written."""
    nested = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.stmt)]
    yield from sorted(nested, key=lambda node: (node.lineno, node.col_offset))


def weight(node: ast.AST) -> int:
    """How much a statement or an expression says by itself."""
    return int(isinstance(node, _WEIGHS)) + sum(
        weight(child) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)
    )


def own_text(node: ast.stmt | ast.expr, lines: list[str]) -> str:
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


HEAVY_IN_BANK = 6
LONG = 8
SHORT = 5
_STOP = re.compile(r"(?<=[.:;!?])\s+")
_MESSAGE = re.compile(r"\b\w*(?:Error|Exception|Warning): [^;]*")


def bank_secrets(root: Path, assignment: Assignment) -> Iterator[Secret]:
    """The phrases of a lesson's bank. Raises ReleaseError when the bank isn't as it must be."""
    try:
        bank = load_bank(root, assignment)
    except BankError as error:
        lesson_text(root, assignment)  # where it is the lesson's text that can't be read, this says so
        raise ReleaseError(str(error)) from None
    for mistakes in bank.mistakes.values():
        for mistake in mistakes:
            yield from _said(mistake, root)
            for way in mistake.ways:
                yield from _written(way, root, "a misconception")
    for answers in bank.right.values():
        for answer in answers:
            yield from _parts(answer.advice, "what is said of a right answer", _place(answer, root))
            yield from _written(answer, root, "a right answer")


def _said(mistake: Mistake, root: Path) -> Iterator[Secret]:
    kind, source = "what is said of a misconception", _place(mistake.ways[0], root)
    yield from _parts(mistake.says, kind, source)
    for text in (_MESSAGE.sub("", mistake.shows), *(way.title for way in mistake.ways)):
        yield from _parts(text, kind, source, shortest=LONG)


def _parts(text: str, kind: str, source: str, shortest: int = SHORT) -> Iterator[Secret]:
    parts = [prose(part) for part in _STOP.split(text)]
    long = [part for part in parts if len(part.split()) >= LONG]
    if not long and len(prose(text).split()) >= shortest:
        long = [prose(text)]
    for part in long:
        yield Secret(part, kind, source, is_prose=True)


def _written(way: Implementation, root: Path, kind: str) -> Iterator[Secret]:
    tree, lines = ast.parse(way.source), without_comments(way.source).split("\n")
    body = [node for node in tree.body if getattr(node, "name", "") != IS_WRITTEN]
    for statement in all_in(body):
        node: ast.stmt | ast.expr = statement
        if isinstance(statement, ast.Return) and statement.value:
            node = statement.value
        signature = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not signature and not _is_text(node) and weight(node) >= HEAVY_IN_BANK:
            yield Secret(phrase(own_text(node, lines)), kind, f"{_place(way, root)}, line {statement.lineno}")


def _is_text(node: ast.stmt | ast.expr) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _place(way: Implementation, root: Path) -> str:
    return way.path.relative_to(root).as_posix()


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
        return plain_source(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def _stated(stub: str) -> str:
    """The phrases of a stub's imports and signatures."""
    lines = stub.split("\n")
    said = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef)
    return "".join(phrase(own_text(node, lines)) for node in ast.walk(syntax_tree(stub)) if isinstance(node, said))


def _solution_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse_solution(source, file)
    lines = without_comments(source).split("\n")
    for code in marked_code(source, tree, file):
        for statement in all_in(code.statements):
            node: ast.stmt | ast.expr = statement
            if isinstance(statement, ast.Return) and statement.value:
                node = statement.value
            if weight(node) >= HEAVY:
                yield Secret(phrase(own_text(node, lines)), "the solution", f"{file}, line {statement.lineno}")


def _hidden_secrets(source: str, file: str) -> Iterator[Secret]:
    tree = parse_solution(source, file)
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
