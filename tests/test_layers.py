"""The shape of the code: imports point one way, nothing goes round in circles, and every file says what it is for."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import grader

ROOT = Path(grader.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
# From the bottom up, as the package's own docstring lists them.
ORDER = re.findall(r"^    (\w+(?:, \w+)*,?)\s{2,}", grader.__doc__ or "", re.MULTILINE)
LAYERS = [name for line in ORDER for name in re.findall(r"\w+", line)]
LEARNER_SIDE = {"errors", "inert", "records", "words", "wire", "worker", "cells", "checks", "selfcheck"}
LEARNER_LIBRARIES = {"torch", "numpy", "pytest", "_pytest"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer_of(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def test_the_layers_are_all_there_and_listed_in_order() -> None:
    there = {layer_of(name_of(path)) for path in FILES} - {"", "__main__"}
    assert set(LAYERS) == there


def test_the_docs_list_the_layers_in_the_same_order() -> None:
    page = (ROOT.parent / "docs/architecture.md").read_text(encoding="utf-8")
    table = page[page.index("## Packages") :].split("\n## ")[0]
    first_cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", table, re.MULTILINE)
    assert [name for cell in first_cells for name in re.findall(r"\w+", cell)] == LAYERS


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_module_imports_only_from_layers_below_its_own(path: Path) -> None:
    own = layer_of(name_of(path))
    if own in ("", "__main__"):
        return
    for imported in imports_of(path):
        if imported.startswith("grader.") and layer_of(imported) in LAYERS:
            assert LAYERS.index(layer_of(imported)) <= LAYERS.index(own), f"{name_of(path)} imports {imported}"


def test_the_worker_imports_the_wire_and_nothing_else_of_ours() -> None:
    for path in sorted((ROOT / "worker").rglob("*.py")):
        ours = {layer_of(name) for name in imports_of(path) if name.startswith("grader.")}
        assert ours <= {"wire", "worker"}, path


def test_the_wire_needs_only_the_standard_library() -> None:
    for path in sorted((ROOT / "wire").rglob("*.py")):
        for name in imports_of(path):
            assert name.startswith("grader.wire") or name.split(".")[0] in sys.stdlib_module_names, (path, name)


def test_what_a_learner_runs_needs_only_torch_numpy_and_pytest() -> None:
    for path in FILES:
        if layer_of(name_of(path)) not in LEARNER_SIDE:
            continue
        for name in imports_of(path):
            first = name.split(".")[0]
            allowed = first in sys.stdlib_module_names or first in LEARNER_LIBRARIES
            assert allowed or layer_of(name) in LEARNER_SIDE or name == "grader", (path, name)


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = {name_of(path): path for path in FILES}
    graph = {
        name: {
            each
            for each in imports_of(path)
            # A package's __init__ gathers its modules, and they don't import it back.
            if each in known and each != name
        }
        for name, path in known.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for each in sorted(graph[name]):
                visit(each, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_named_for_one_thing_and_says_what_it_is_for(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "common", "misc"}
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{path} has no docstring"


def test_the_machine_knows_no_lesson() -> None:
    lessons = [
        each.name for each in (ROOT.parent / "solutions").iterdir() if each.is_dir() and each.name[0] not in "._"
    ]
    exercises = re.findall(r"^\[assignments\.\w+\.exercises\.(\w+)\]", (ROOT.parent / "course.toml").read_text(), re.M)
    assert lessons
    assert exercises
    # `model`, `fit`, `train` and `predict` are ordinary words; the others would give a lesson away.
    secret = set(lessons) | set(exercises) - {"model", "fit", "train", "predict"}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                assert not secret & set(re.findall(r"\w+", node.value)), (path, node.value)


def _has_docstring(node: ast.AST) -> bool:
    holders = (ast.Module, ast.FunctionDef, ast.ClassDef)
    return isinstance(node, holders) and ast.get_docstring(node) is not None


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_secrets_are_never_imported_by_the_machine(path: Path) -> None:
    assert not {name for name in imports_of(path) if name.split(".")[0] in ("solutions", "exercises", "tests")}
