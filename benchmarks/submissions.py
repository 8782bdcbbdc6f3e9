"""Right submissions to measure with: copies of the reference solutions, no two files alike."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from benchmarks.subject import ASSIGNMENT, ROOT, functions

_MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


@dataclass(frozen=True)
class Parts:
    """A submission as a notebook holds it: the imports, and the source of each exercise's function."""

    setup: str
    functions: dict[str, str]


def students(count: int) -> list[str]:
    """Names of as many learners."""
    return [f"student{number:04d}" for number in range(count)]


def modules(student: str) -> dict[str, str]:
    """The texts of a learner's modules: the references without their marker lines, and the learner's name."""
    texts = {}
    for module in dict.fromkeys(module for module, _ in functions().values()):
        lines = (ROOT / "solutions" / ASSIGNMENT / f"{module}.py").read_text("utf-8").splitlines()
        kept = [line for line in lines if line.strip() not in _MARKERS]
        texts[module] = "\n".join([*kept, "", f"# handed in by {student}", ""])
    return texts


def parts(student: str) -> Parts:
    """The same submission, cut into the cells of a notebook."""
    setup: list[str] = []
    found: dict[str, str] = {}
    for text in modules(student).values():
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            if isinstance(node, ast.FunctionDef) and node.name in functions():
                found[node.name] = f"{source}\n# handed in by {student}\n"
            elif not isinstance(node, ast.Expr) and source not in setup:
                setup.append(source)
    return Parts("\n".join(setup) + "\n", {name: found[name] for name in functions()})


def write(folder: Path, count: int) -> Path:
    """A folder with a folder of modules for each learner. Gives the folder."""
    for student in students(count):
        place = folder / student
        place.mkdir(parents=True)
        for module, text in modules(student).items():
            (place / f"{module}.py").write_text(text, "utf-8")
    return folder
