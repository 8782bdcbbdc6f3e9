"""What of the bank must not reach a learner: the code of known mistakes and right answers, and what is said of them.

*Code.* Each statement that weighs `HEAVY` or more is a phrase; of a `return`, its value is. Signatures are none.
Lighter ones, like `model(x) + 1`, stand in lessons by themselves: there are hundreds of wrong ways to write a function.

*Words.* `Shows:`, `Says:`, `Advice:` and the first line of a docstring, cut at their stops. Parts of `LONG` or more
words are phrases. What learners are told, `Says:` and `Advice:`, is one as a whole if it has no such part, from `SHORT`
words on. An exception's own message is none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course import Assignment
from grader.errors import BankError, ReleaseError
from grader.release.derived import lesson_text
from grader.release.phrases import phrase, prose, without_comments
from grader.release.secret import Secret
from grader.release.statements import all_in, own_text, weight

if TYPE_CHECKING:
    from grader.diagnosis.bank import Implementation, Mistake

HEAVY = 6
LONG = 8
SHORT = 5
_STOP = re.compile(r"(?<=[.:;!?])\s+")
_MESSAGE = re.compile(r"\b\w*(?:Error|Exception|Warning): [^;]*")


def bank_secrets(root: Path, assignment: Assignment) -> Iterator[Secret]:
    """The phrases of a lesson's bank. Raises ReleaseError when the bank isn't as it must be."""
    from grader.diagnosis.bank import load_bank  # it imports torch, which stubs don't need

    try:
        bank = load_bank(root, assignment)
    except BankError as error:
        lesson_text(root, assignment)  # where it is the lesson's text that can't be read, this says so
        raise ReleaseError(str(error)) from None
    for mistakes in bank.mistakes.values():
        for mistake in mistakes:
            yield from _said(mistake, root)
            for way in mistake.ways:
                yield from _written(way, root, "a known mistake")
    for answers in bank.right.values():
        for answer in answers:
            yield from _parts(answer.advice, "what is said of a right answer", _place(answer, root))
            yield from _written(answer, root, "a right answer")


def _said(mistake: Mistake, root: Path) -> Iterator[Secret]:
    kind, source = "what is said of a known mistake", _place(mistake.ways[0], root)
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
    from grader.diagnosis.bank import IS_WRITTEN

    tree, lines = ast.parse(way.source), without_comments(way.source).split("\n")
    body = [node for node in tree.body if getattr(node, "name", "") != IS_WRITTEN]
    for statement in all_in(body):
        node: ast.stmt | ast.expr = statement
        if isinstance(statement, ast.Return) and statement.value:
            node = statement.value
        signature = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not signature and not _is_text(node) and weight(node) >= HEAVY:
            yield Secret(phrase(own_text(node, lines)), kind, f"{_place(way, root)}, line {statement.lineno}")


def _is_text(node: ast.stmt | ast.expr) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _place(way: Implementation, root: Path) -> str:
    return way.path.relative_to(root).as_posix()
