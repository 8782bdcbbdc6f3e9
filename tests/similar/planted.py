"""A class made up for `grader similar`: independent work, drawn from the bank's right and wrong answers and written in
habits of its own, and copies of some of it in ten disguises."""

from __future__ import annotations

import ast
import json
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.core.assignment import Assignment

ROOT = Path(__file__).resolve().parent.parent.parent
IMPORTS = (
    "import torch\nimport numpy as np\nfrom torch import nn\nfrom torch.utils.data import DataLoader, TensorDataset\n"
)
WORDS = ("data", "out", "value", "err", "loss", "row", "tmp", "left", "new", "step", "grad", "part", "acc", "params")
REMARKS = (
    "TODO check",
    "this works",
    "compute it",
    "see the lesson",
    "now the result",
    "not sure why",
    "done",
    "shape (n, t)",
)

Change = Callable[[ast.Module, random.Random], None]


@dataclass
class Written:
    """One learner's work: a syntax tree for each module, comments or not, and whether it is handed in as a notebook."""

    modules: dict[str, ast.Module]
    remarks: float = 0.0
    notebook: bool = False


@dataclass(frozen=True)
class Copy:
    """Whose work was copied by whom, and in which disguise."""

    original: str
    by: str
    disguise: str


@cache
def _answers(assignment: str, kind: str, exercise: str) -> list[tuple[str, str]]:
    folder = ROOT / "solutions" / assignment / kind / exercise
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))]


def made_class(folder: Path, assignment: Assignment, seed: int, learners: int, copies: int) -> list[Copy]:
    """Fills a folder of submissions: `learners` who worked by themselves, and `copies`, each of another one's work."""
    chance = random.Random(seed)
    likely = {
        (kind, exercise): _likely(len(_answers(assignment.id, kind, exercise)), chance)
        for kind in ("right", "mistakes")
        for exercise in assignment.exercises
    }
    works = {f"learner{i:03}": _independent(assignment, likely, chance) for i in range(learners)}
    planted = []
    for i, original in enumerate(chance.sample(sorted(works), copies)):
        disguise = list(DISGUISES)[i % len(DISGUISES)]
        own = _independent(assignment, likely, chance)
        works[f"copy{i:02}"] = DISGUISES[disguise](works[original], own, assignment, chance)
        planted.append(Copy(original, f"copy{i:02}", disguise))
    for name, work in works.items():
        write_work(folder / name, work, chance)
    return planted


def _likely(number: int, chance: random.Random) -> list[float]:
    """How likely each of so many answers is: a few are usual, most are rare, as in a class."""
    weights = [1 / (place + 1) for place in range(number)]
    chance.shuffle(weights)
    return weights


def _independent(assignment: Assignment, likely: dict[tuple[str, str], list[float]], chance: random.Random) -> Written:
    able = chance.uniform(0.4, 0.95)
    bodies: dict[str, list[ast.stmt]] = {module: [] for module in assignment.modules}
    for exercise in assignment.exercises.values():
        kind = "right" if chance.random() < able else "mistakes"
        answers = _answers(assignment.id, kind, exercise.id)
        _, text = chance.choices(answers, likely[kind, exercise.id])[0]
        bodies[exercise.module] += _own_part(text, exercise.function, assignment)
    modules = {name: ast.Module([*ast.parse(IMPORTS).body, *deepcopy(body)], []) for name, body in bodies.items()}
    work = Written(modules, chance.choice([0, 0, 0.1, 0.3]), chance.random() < 0.3)
    habits = [habit for habit in (renamed, swapped, in_steps, as_functions, padded) if chance.random() < 0.4]
    for module in work.modules.values():
        for habit in habits:
            habit(module, chance)
    return work


def _own_part(text: str, function: str, assignment: Assignment) -> list[ast.stmt]:
    """What an answer of the bank consists of, without the other exercises, its docstring and what the bank adds."""
    others = {each.function for each in assignment.exercises.values()} - {function} | {"is_written"}
    kept = []
    for node in ast.parse(text).body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and getattr(node, "name", "") not in others and ast.unparse(node) != "import ast":
            kept.append(node)
    return kept


def write_work(path: Path, work: Written, chance: random.Random) -> None:
    """Put a submission there: a folder of modules, or a notebook."""
    texts = {
        name: _with_remarks(ast.unparse(ast.fix_missing_locations(tree)), work.remarks, chance)
        for name, tree in work.modules.items()
    }
    if not work.notebook:
        path.mkdir(parents=True)
        for name, text in texts.items():
            (path / f"{name}.py").write_text(text, encoding="utf-8")
        return
    cells: list[dict] = []
    for number, text in enumerate(texts.values()):
        cells.append(
            {"cell_type": "markdown", "metadata": {}, "source": "# PyTorch's own parts" if number else "# My work"}
        )
        code: dict = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
        cells += [code | {"source": part} for part in text.split("\n\n")]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.with_suffix(".ipynb").write_text(json.dumps(book), encoding="utf-8")


def _with_remarks(text: str, share: float, chance: random.Random) -> str:
    """With a comment above some of the lines, and empty lines between the definitions."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(("def ", "class ")) and not (lines and lines[-1].startswith("@")):
            lines.append("")
        if (
            line.strip()
            and chance.random() < share
            and not line.lstrip().startswith((")", "]", "else", "except", "finally"))
        ):
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# {chance.choice(REMARKS)}")
        lines.append(line)
    return "\n".join(lines) + "\n"


# What a person changes to make code look different. None of these changes what it does.


def renamed(tree: ast.Module, chance: random.Random) -> None:
    """Other names for everything that the text names itself, but for functions and classes at the top that may be exercises."""
    top = {getattr(node, "name", "") for node in tree.body}
    top |= {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    names = sorted(bound - top - {"self"})
    new = {
        name: f"{chance.choice(WORDS)}{chance.choice(['', '_', '1', '2', '_new'])}_{i}" for i, name in enumerate(names)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)


def swapped(tree: ast.Module, chance: random.Random) -> None:
    """Functions in another order, operands the other way round, and neighbours exchanged that don't need each other."""
    start = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    rest = [node for node in tree.body if node not in start]
    if all(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in rest):
        chance.shuffle(rest)
    tree.body = [*start, *rest]
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult) and chance.random() < 0.7:
            node.left, node.right = node.right, node.left
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq | ast.Lt):
            node.left, node.comparators = node.comparators[0], [node.left]
            node.ops = [ast.Gt() if isinstance(node.ops[0], ast.Lt) else ast.Eq()]
        for body in _bodies(node):
            for i in range(len(body) - 1):
                if _simple(body[i]) and _simple(body[i + 1]) and _apart(body[i], body[i + 1]) and chance.random() < 0.7:
                    body[i], body[i + 1] = body[i + 1], body[i]


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    if isinstance(node, ast.Module):
        return []
    found = (getattr(node, name, None) for name in ("body", "orelse"))
    return [body for body in found if isinstance(body, list)]


def _simple(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AugAssign)


def _apart(one: ast.stmt, two: ast.stmt) -> bool:
    def names(node: ast.AST) -> set[str]:
        return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - {"torch", "np"}

    return not names(one) & names(two)


def as_loops(tree: ast.Module, chance: random.Random) -> None:
    """Loops for comprehensions, comprehensions for loops, and `while` for `for` over a range."""
    number = 0
    for node in ast.walk(tree):
        for body in _bodies(node):
            for i, statement in reversed(list(enumerate(body))):
                number += 1
                body[i : i + 1] = _as_loop(statement, f"made_{number}") or [statement]
            for i in range(len(body) - 1, 0, -1):
                together = _as_comprehension(body[i - 1], body[i])
                if together:
                    body[i - 1 : i + 1] = [together]


def _as_loop(statement: ast.stmt, name: str) -> list[ast.stmt] | None:
    value = getattr(statement, "value", None)
    if (
        isinstance(statement, ast.Assign | ast.Return)
        and isinstance(value, ast.ListComp)
        and len(value.generators) == 1
    ):
        first = value.generators[0]
        add = ast.parse(f"{name}.append(0)").body[0]
        add.value.args = [value.elt]  # type: ignore[attr-defined]
        inner: list[ast.stmt] = [ast.If(first.ifs[0], [add], [])] if first.ifs else [add]
        statement.value = ast.Name(name, ast.Load())
        return [*ast.parse(f"{name} = []").body, ast.For(first.target, first.iter, inner, []), statement]
    match statement:
        case ast.For(
            target=ast.Name(id=own), iter=ast.Call(func=ast.Name(id="range"), args=[end]), body=body, orelse=[]
        ):
            if any(isinstance(each, ast.Continue) for part in body for each in ast.walk(part)):
                return None
            test = ast.Compare(ast.Name(own, ast.Load()), [ast.Lt()], [end])
            return [*ast.parse(f"{own} = 0").body, ast.While(test, [*body, *ast.parse(f"{own} += 1").body], [])]
    return None


def _as_comprehension(begin: ast.stmt, loop: ast.stmt) -> ast.stmt | None:
    match (begin, loop):
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=[])),
            ast.For(
                target=target,
                iter=over,
                body=[
                    ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=other), attr="append"), args=[value]))
                ],
                orelse=[],
            ),
        ) if name == other and not name.startswith("made_"):
            return ast.Assign(
                [ast.Name(name, ast.Store())], ast.ListComp(value, [ast.comprehension(target, over, [], 0)])
            )
    return None


def in_steps(tree: ast.Module, chance: random.Random) -> None:
    """What was returned or calculated in one line gets a name first."""
    number = 0
    for node in ast.walk(tree):
        for body in _bodies(node):
            for i, statement in reversed(list(enumerate(body))):
                number += 1
                name = ast.Name(f"{chance.choice(WORDS)}_{number}", ast.Load())
                first = _taken_out(statement, name, chance)
                if first:
                    body.insert(i, ast.Assign([ast.Name(name.id, ast.Store())], first))


def _taken_out(statement: ast.stmt, name: ast.Name, chance: random.Random) -> ast.expr | None:
    """A part of the statement that the name now stands for."""
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Return) and isinstance(value, ast.BinOp | ast.Call | ast.Subscript | ast.Tuple):
        statement.value = name
        return value
    if not isinstance(statement, ast.Assign | ast.AugAssign) or chance.random() < 0.3:
        return None
    match value:
        case ast.BinOp(right=ast.BinOp() | ast.Call() as inner):
            value.right = name
            return inner
        case ast.Call(args=[ast.BinOp() | ast.Call() as inner, *_]):
            value.args[0] = name
            return inner
    return None


_FUNCTIONS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.MatMult: "matmul"}
_METHODS = ("sum", "mean", "square", "sqrt", "numel", "abs")


class _AsFunctions(ast.NodeTransformer):
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) in _FUNCTIONS and not any(isinstance(each, ast.Constant) for each in (node.left, node.right)):
            name = _FUNCTIONS[type(node.op)]
            return ast.Call(ast.parse(f"torch.{name}").body[0].value, [node.left, node.right], [])  # type: ignore[attr-defined]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=value, attr=name) if name in _METHODS and ast.unparse(value) != "torch":
                return ast.Call(ast.parse(f"torch.{name}").body[0].value, [value, *node.args], node.keywords)  # type: ignore[attr-defined]
        return node


def as_functions(tree: ast.Module, chance: random.Random) -> None:
    """Functions of torch for operators and methods."""
    tree.body = [_AsFunctions(chance).visit(node) for node in tree.body]


def padded(tree: ast.Module, chance: random.Random) -> None:
    """Lines that do nothing: prints, asserts, unused names; annotations; docstrings."""
    lines = ("print('ok')", "debug = False", "assert True", "pass", "verbose = 0")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for arg in node.args.args:
                if chance.random() < 0.3:
                    arg.annotation = ast.Name(chance.choice(["object", "float", "list"]), ast.Load())
            if chance.random() < 0.6:
                node.body.insert(0, ast.Expr(ast.Constant(f"{chance.choice(REMARKS)} {chance.randrange(100)}")))
        for body in _bodies(node) if isinstance(node, ast.FunctionDef | ast.For | ast.With) else []:
            for i in range(len(body), 0, -1):
                if chance.random() < 0.35:
                    body.insert(
                        i - 1 if isinstance(body[i - 1], ast.Return) else i, ast.parse(chance.choice(lines)).body[0]
                    )


def _disguised(*changes: Change, remarks: float = 0.0, other_kind: bool = False):
    def disguise(original: Written, own: Written, assignment: Assignment, chance: random.Random) -> Written:
        work = Written(deepcopy(original.modules), remarks, original.notebook != other_kind)
        for module in work.modules.values():
            for change in changes:
                change(module, chance)
        return work

    return disguise


def _half(original: Written, own: Written, assignment: Assignment, chance: random.Random) -> Written:
    """Every other exercise is the copier's own."""
    mine = {each.function for number, each in enumerate(assignment.exercises.values()) if number % 2}
    work = Written(deepcopy(original.modules))
    for name, tree in work.modules.items():
        theirs = [node for node in tree.body if _defines(node) not in mine]
        tree.body = [*theirs, *(node for node in deepcopy(own.modules[name]).body if _defines(node) in mine)]
        renamed(tree, chance)
    return work


def _defines(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return getattr(node, "name", "")


DISGUISES = {
    "renamed": _disguised(renamed),
    "reordered": _disguised(swapped),
    "comments": _disguised(remarks=0.6),
    "loops": _disguised(as_loops, renamed),
    "notebook": _disguised(renamed, other_kind=True),
    "in steps": _disguised(in_steps, renamed),
    "functions": _disguised(as_functions, renamed),
    "padded": _disguised(padded, renamed, remarks=0.2),
    "half of it": _half,
    "everything": _disguised(renamed, swapped, as_loops, in_steps, padded, remarks=0.3, other_kind=True),
}
