"""Hints that give a solution away: one, or all together, that hold most of what a right answer computes.

A right answer is the reference solution, or one of the bank in another style. Of each statement what it computes is
looked for: the value of an assignment or a `return`, what a loop goes through, what an `if` asks. Where that isn't in a
hint as a whole, its parts are: calls with their arguments, operations, items. Names that the function gives may be
called otherwise in a hint, and spaces, quotes and line ends don't count. A name by itself, `torch.exp`, `keepdim=True`
and words are no part: a hint may say with what to do it.

What a part weighs is counted as in `grader.derived.secret_phrases`. More than `MOST` of a right answer is a solution.
The last hint may show one call or operation all the same, as long as it is lighter than `HEAVY`: of a solution that is
one call there is nothing else to say.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.core.assignment import FILE_NAME, Assignment, Exercise
from grader.core.errors import BankError
from grader.derived.secret_phrases import HEAVY, all_in, weight
from grader.derived.stubs import marked_code, parse_solution, read_solution, solution_file
from grader.grading.bank import Bank, load_bank

MOST = 0.5
_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[^\w\s`]")
_OWN = "own__"
_ANY_NAME = r"[^\W\d]\w*"
_PARTS = (ast.Call, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Subscript, ast.IfExp, ast.AugAssign)


class RightAnswer(NamedTuple):
    """What a right answer computes, statement by statement; its own names; and how it is called."""

    computed: tuple[ast.AST, ...]
    names: frozenset[str]
    called: str


def hint_solutions(root: Path, assignment: Assignment) -> Iterator[str]:
    """A sentence for each exercise whose hints give a solution away. Raises `ReleaseError` when a reference can't be
    read."""
    try:
        bank = load_bank(root, assignment)
    except BankError:  # others tell of it
        bank = Bank({}, {})
    for exercise in assignment.exercises.values():
        if found := given_away(exercise.hints, list(right_answers(root, assignment, exercise, bank))):
            where, answer, share = found
            yield (
                f"{FILE_NAME}, [assignments.{assignment.id}.exercises.{exercise.id}]: {where} {share:.0%} of {answer}, "
                "which learners must not see. Say in words what to do; the last hint may show one call."
            )


def given_away(hints: Sequence[str], answers: Sequence[RightAnswer]) -> tuple[str, str, float] | None:
    """Which hints give which answer away, and how much of it."""
    texts = [_tokens(hint) for hint in hints]
    cases = [(f"hint {number} holds", [text], number == len(texts)) for number, text in enumerate(texts, start=1)]
    cases += [("its hints together hold", texts, False)] if len(texts) > 1 else []
    for answer in answers:
        whole = sum(map(weight, answer.computed))
        for where, some, is_last in cases:
            parts = [each for node in answer.computed for each in _held(node, answer.names, some)]
            held = sum(parts)
            may_show = is_last or len(some) > 1  # all together hold what the last may show
            if whole and held > MOST * whole and not (may_show and held < HEAVY):
                return where, answer.called, held / whole
    return None


def share_held(hint: str, answer: RightAnswer) -> float:
    """How much of a right answer a hint holds, from 0 to 1."""
    whole = sum(map(weight, answer.computed))
    return sum(each for node in answer.computed for each in _held(node, answer.names, [_tokens(hint)])) / (whole or 1)


def right_answers(root: Path, assignment: Assignment, exercise: Exercise, bank: Bank) -> Iterator[RightAnswer]:
    """The reference solution of an exercise, then those of the bank."""
    module = assignment.modules[exercise.module]
    source, file = read_solution(root, assignment, module), solution_file(assignment, module)
    marked = [
        code
        for code in marked_code(source, parse_solution(source, file), file)
        if code.name.partition(".")[0] == exercise.function
    ]
    functions: list[ast.AST] = [code.function for code in marked if code.function]
    yield _answer([each for code in marked for each in code.statements], functions, "the reference solution")
    for right in bank.right.get(exercise.id, ()):
        tree = ast.parse(right.source)
        of_exercise = [node for node in tree.body if getattr(node, "name", "") == exercise.function]
        called = f"the right answer {right.path.stem}"
        yield _answer([each for node in of_exercise for each in getattr(node, "body", ())], of_exercise, called)


def _answer(statements: list[ast.stmt], functions: Sequence[ast.AST], called: str) -> RightAnswer:
    computed = tuple(node for statement in all_in(statements) for node in _computed(statement) if weight(node) > 1)
    within = [node for each in (*functions, *statements) for node in ast.walk(each)]
    own = {node.arg for node in within if isinstance(node, ast.arg)}
    own |= {node.id for node in within if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return RightAnswer(computed, frozenset(own), called)


def _computed(statement: ast.stmt) -> Iterator[ast.AST]:
    """What a statement computes by itself, without the statements nested in it."""
    match statement:
        case ast.AugAssign():
            yield statement
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.Return(value=value) | ast.Expr(value=value):
            yield from [value] if value is not None else []
        case ast.For(iter=value) | ast.If(test=value) | ast.While(test=value):
            yield value
        case ast.With(items=items):
            yield from (item.context_expr for item in items)


def _held(
    node: ast.AST, names: frozenset[str], texts: Sequence[str], kinds: tuple[type[ast.AST], ...] = (ast.AST,)
) -> Iterator[int]:
    """The weight of a node that stands in one of the texts, or else those of its largest parts that do."""
    if isinstance(node, kinds) and weight(node) > 1 and any(_written(node, names).search(text) for text in texts):
        yield weight(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from _held(child, names, texts, _PARTS)


def _written(node: ast.AST, names: frozenset[str]) -> re.Pattern[str]:
    """How a node may be written in a hint: a name of the function's own as any, each time the same."""
    words: list[str] = []
    seen: dict[str, str] = {}
    for word in _tokens(ast.unparse(_Marked(names).visit(copy.deepcopy(node)))).split():
        if not word.startswith(_OWN):
            words.append(re.escape(word))
        elif word in seen:
            words.append(f"(?P={seen[word]})")
        else:
            seen[word] = f"name{len(seen)}"
            words.append(f"(?P<{seen[word]}>{_ANY_NAME})")
    return re.compile(rf"(?<!\S){' '.join(words)}(?!\S)")


class _Marked(ast.NodeTransformer):
    """Marks the function's own names. In `batch_size=batch_size` only the second is one."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = f"{_OWN}{node.id}" if node.id in self._names else node.id
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = f"{_OWN}{node.arg}" if node.arg in self._names else node.arg
        return node


def _tokens(text: str) -> str:
    return " ".join(_TOKEN.findall(text.replace("'", '"')))
