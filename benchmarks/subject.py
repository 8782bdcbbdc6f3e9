"""What is measured: the assignment, its hidden checks, and right submissions, no two files of which are alike.

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

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENT = "linear_regression"
SEED = 20261123
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


def modules(student: str) -> dict[str, str]:
    """The texts of a learner's modules: the references without their marker lines, and the learner's name."""
    texts = {}
    for module in dict.fromkeys(module for module, _ in functions().values()):
        lines = (ROOT / "solutions" / ASSIGNMENT / f"{module}.py").read_text("utf-8").splitlines()
        kept = [line for line in lines if line.strip() not in MARKERS]
        texts[module] = "\n".join([*kept, "", f"# handed in by {student}", ""])
    return texts


def parts(student: str) -> tuple[str, dict[str, str]]:
    """The same submission as a notebook holds it: the imports, and the source of each exercise's function."""
    setup: list[str] = []
    found: dict[str, str] = {}
    for text in modules(student).values():
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            if isinstance(node, ast.FunctionDef) and node.name in functions():
                found[node.name] = f"{source}\n# handed in by {student}\n"
            elif not isinstance(node, ast.Expr) and source not in setup:
                setup.append(source)
    return "\n".join(setup) + "\n", {name: found[name] for name in functions()}


def write(folder: Path, count: int, before: str = "") -> Path:
    """A folder with a folder of modules for each learner, each beginning with the line `before`. Gives the folder."""
    for student in students(count):
        (folder / student).mkdir(parents=True)
        for module, text in modules(student).items():
            (folder / student / f"{module}.py").write_text(before + text, "utf-8")
    return folder
