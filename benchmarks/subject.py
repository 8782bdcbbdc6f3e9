"""What is measured: the assignment, its hidden checks, and submissions, no two files of which are alike.

Imports no torch: the process that measures memory must not hold it, for pages that it shares with what it measures
would be counted as only partly theirs.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "linear_regression"
SEED = 20261123
LONGEST = 20  # seconds that a tool may take for a submission, as in course.toml
_LOOP = "def mse(t1, t2):\n    while True:\n        pass\n"
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


@cache
def functions() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The module of each exercise's function, and what it must not use, from course.toml."""
    exercises = tomllib.loads((ROOT / "course.toml").read_text("utf-8"))["assignments"][ASSIGNMENT]["exercises"]
    return {name: (each["module"], tuple(each.get("forbidden", ()))) for name, each in exercises.items()}


@cache
def check_ids() -> dict[str, list[str]]:
    """The ids of the hidden checks by exercise, found out by a process of its own."""
    printed = subprocess.check_output([sys.executable, "-m", "benchmarks.inprocess"], cwd=ROOT, text=True)
    return json.loads(printed)  # type: ignore[no-any-return]


def number_of_checks() -> int:
    """How many hidden checks there are: what a notebook tool gives to a right submission."""
    return sum(map(len, check_ids().values()))


def students(count: int) -> list[str]:
    """Names of as many learners."""
    return [f"student{number:04d}" for number in range(count)]


def modules(student: str, kind: str = "right") -> dict[str, str]:
    """The texts of a learner's modules: the references without their marker lines, and the learner's name. Wrong ones
    end with a mistake of the bank, and of the kind `loop` with a function that never ends."""
    texts = {}
    for module in dict.fromkeys(module for module, _ in functions().values()):
        lines = (ROOT / "solutions" / ASSIGNMENT / f"{module}.py").read_text("utf-8").splitlines()
        kept = [line for line in lines if line.strip() not in MARKERS]
        texts[module] = "\n".join([*kept, "", f"# handed in by {student}", ""])
    if kind == "loop":
        texts[functions()["mse"][0]] += _LOOP
    elif kind == "wrong":
        number = int(student.removeprefix("student"))
        exercise = list(functions())[number % len(functions())]
        body = own_part(bank("mistakes", exercise)[number % 7], exercise)
        texts[functions()[exercise][0]] += ast.unparse(ast.Module(body, [])) + "\n"
    return texts


@cache
def bank(kind: str, exercise: str) -> tuple[str, ...]:
    """The lesson's `mistakes` or `right` answers."""
    folder = ROOT / "solutions" / ASSIGNMENT / kind / exercise
    return tuple(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))


def own_part(text: str, exercise: str) -> list[ast.stmt]:
    """What belongs to an answer: without other exercises, its docstring, and what only the bank has."""
    others = {*functions()} - {exercise} | {"is_written"}
    kept = []
    for node in ast.parse(text).body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not is_text and not defined(node) & others and ast.unparse(node) != "import ast":
            kept.append(node)
    return kept


def defined(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    return {each.id for each in getattr(node, "targets", ()) if isinstance(each, ast.Name)}


def parts(student: str, kind: str = "right") -> tuple[str, dict[str, str]]:
    """The same submission as a notebook holds it: the imports, and the source of each exercise's function."""
    setup: list[str] = []
    found: dict[str, str] = {}
    for text in modules(student, kind).values():
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            if isinstance(node, ast.FunctionDef) and node.name in functions():
                found[node.name] = f"{source}\n# handed in by {student}\n"
            elif not isinstance(node, ast.Expr) and source not in setup:
                setup.append(source)
    return "\n".join(setup) + "\n", {name: found[name] for name in functions()}


def notebook(sources: list[str]) -> str:
    """A notebook with a cell of code for each text."""
    code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [{**code, "id": f"cell-{number}", "source": source} for number, source in enumerate(sources)]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def write(folder: Path, count: int, kind: str = "right") -> Path:
    """A folder with an entry for each learner: a folder of modules, or of the kind `notebook`. Gives the folder."""
    folder.mkdir(parents=True)
    for student in students(count):
        if kind == "notebook":
            (folder / f"{student}.ipynb").write_text(notebook([*modules(student).values()]), "utf-8")
            continue
        (folder / student).mkdir()
        for module, text in modules(student, kind).items():
            (folder / student / f"{module}.py").write_text(text, "utf-8")
    return folder
