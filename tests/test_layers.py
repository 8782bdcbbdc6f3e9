"""The shape of the code: imports point one way, nothing goes round in circles, and every file says what it is for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import torch

import grader
from grader.authoring.learner_archive import learner_machine

ROOT = Path(grader.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
# From the bottom up, as the package's own docstring lists them.
LAYERS = re.findall(r"^    (\w+(?:\.\w+)?)\s{2,}", grader.__doc__ or "", re.MULTILINE)
LEARNER_SIDE = LAYERS[: LAYERS.index("selfcheck") + 1]
LEARNER_LIBRARIES = {"torch", "numpy", "pytest", "_pytest"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written in full"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def layer_of(module: str) -> str:
    """The layer of a module of ours, by its full name; empty when it is in none, as `grader` itself and `grader.sandbox`."""
    below = module.removeprefix("grader.")
    return next((layer for layer in LAYERS if f"{below}.".startswith(f"{layer}.")), "")


def test_the_layers_are_all_there_and_listed_in_order() -> None:
    there = {name_of(path): layer_of(name_of(path)) for path in FILES}
    assert [name for name, layer in there.items() if not layer] == ["grader", "grader.__main__", "grader.sandbox"]
    assert set(LAYERS) == {*there.values()} - {""}


def test_the_docs_list_the_layers_in_the_same_order() -> None:
    page = (ROOT.parent / "docs/architecture.md").read_text(encoding="utf-8")
    table = page[page.index("## Packages") :].split("\n## ")[0]
    assert re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE) == LAYERS


def test_a_module_imports_only_from_layers_below_its_own() -> None:
    upwards = [
        f"{name_of(path)} imports {imported}"
        for path in FILES
        for imported in imports_of(path)
        if (own := layer_of(name_of(path))) in LAYERS
        and imported.startswith("grader.")
        and layer_of(imported) in LAYERS
        if LAYERS.index(layer_of(imported)) > LAYERS.index(own)
    ]
    assert upwards == []


def test_what_runs_beside_learners_imports_the_protocol_and_its_zygote_the_reader_and_nothing_else_of_ours() -> None:
    for path in sorted((ROOT / "sandbox/inside").rglob("*.py")):
        ours = {layer_of(name) for name in imports_of(path) if name.startswith("grader.")} - {""}
        assert ours <= {"sandbox.protocol", "sandbox.inside", *(["reading"] if path.stem == "zygote" else [])}, path


def test_the_protocol_needs_only_the_standard_library() -> None:
    for path in sorted((ROOT / "sandbox/protocol").rglob("*.py")):
        for name in imports_of(path):
            ours = name.startswith("grader.sandbox.protocol")
            assert ours or name.split(".")[0] in sys.stdlib_module_names, (path, name)


def test_all_that_is_mounted_in_the_sandbox_needs_nothing_of_ours_besides() -> None:
    mounted = {"core", "sandbox.protocol", "reading", "sandbox.inside"}
    for path in FILES:
        if layer_of(name_of(path)) in mounted:
            assert {layer_of(name) for name in imports_of(path) if name.startswith("grader.")} <= {*mounted, ""}, path


def test_what_a_learner_runs_needs_only_torch_numpy_and_pytest() -> None:
    for path in FILES:
        if layer_of(name_of(path)) not in LEARNER_SIDE:
            continue
        for name in imports_of(path):
            first = name.split(".")[0]
            allowed = first in sys.stdlib_module_names or first in LEARNER_LIBRARIES
            assert allowed or layer_of(name) in LEARNER_SIDE or name in ("grader", "grader.sandbox"), (path, name)


def test_learners_get_all_that_the_self_check_may_import() -> None:
    given = {file for file in learner_machine() if file.endswith(".py")}
    assert {layer_of(name_of(ROOT.parent / file)) for file in given} == {"", *LEARNER_SIDE}
    assert {"grader/__init__.py", "grader/sandbox/__init__.py"} <= given


def test_no_two_modules_have_the_same_name() -> None:
    names = [path.stem if path.stem != "__init__" else path.parent.name for path in FILES]
    assert [name for name in names if names.count(name) > 1] == []


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


def test_every_file_is_named_for_one_thing_and_says_what_it_is_for() -> None:
    assert [path for path in FILES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []
    assert [path for path in FILES if not ast.get_docstring(tree_of(path))] == []


# Exercises and lessons whose names are everyday words: a kit's sentences hold them, but none of its paths and keys.
OURS = {"linear_regression", "digits"}
EVERYDAY = {"model", "fit", "train", "predict", "digits", "dataset", "split", "scores"}


def test_the_machine_knows_no_lesson() -> None:
    assignments = tomllib.loads((ROOT.parent / "course.toml").read_text(encoding="utf-8"))["assignments"]
    assert len(assignments) > 1
    assert set(assignments) == {path.parent.name for path in (ROOT.parent / "solutions").glob("*/hidden")}
    exercises = [(name, each) for lesson in assignments.values() for name, each in lesson["exercises"].items()]
    functions = {each.get("function", name) for name, each in exercises}
    titles = {lesson["title"] for lesson in assignments.values()}
    # The kit may name a function of torch for what it is, though a lesson that somebody adds has one of that name.
    added = {name for lesson in assignments.keys() - OURS for name in assignments[lesson]["exercises"]}
    of_torch = {*dir(torch), *dir(torch.nn), *dir(torch.nn.functional)} & added
    names = {*assignments, *(name for name, _ in exercises), *functions} - EVERYDAY - of_torch
    assert {*assignments, *dict(exercises)} > EVERYDAY
    tells = [
        re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names | titles)))})\b"),
        re.compile(rf"(?:[/\\]|exercises[.\[]|assignments[.\[]|test_)(?:{'|'.join(sorted(EVERYDAY))})\b"),
        re.compile(rf"\b(?:{'|'.join(sorted(EVERYDAY))})[/\\]"),
        re.compile(rf"^(?:{'|'.join(sorted(assignments))})$"),
    ]
    for path in FILES:
        tree = tree_of(path)
        docs = {id(text) for node in ast.walk(tree) if (text := _docstring(node)) is not None}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                assert not [each for each in tells if each.search(node.value)], (path, node.value)


def _docstring(node: ast.AST) -> ast.expr | None:
    """The node of the docstring that a node has."""
    if not isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) or ast.get_docstring(node) is None:
        return None
    first = node.body[0]
    assert isinstance(first, ast.Expr)
    return first.value


def test_secrets_are_never_imported_by_the_machine() -> None:
    imported = {(path, name) for path in FILES for name in imports_of(path)}
    assert not {(path, name) for path, name in imported if name.split(".")[0] in ("solutions", "exercises", "tests")}


GRADING_SIDE = ("sandbox.host", "grading", "results", "cli")
# Of another layer, and has results all the same.
HAS_RESULTS = {"authoring.class_mistakes"}
# What takes a text, a notebook or an archive apart, by the name under which it is called.
TAKES_APART = {
    *("ast.parse", "ast.walk", "compile", "exec", "eval", "symtable.symtable", "tokenize.generate_tokens"),
    *("ZipFile", "zipfile.ZipFile", "tarfile.open", "TarFile", "pickle.loads", "marshal.loads"),
    *(
        "parse_cell",
        "read_cells",
        "build_modules",
        "alone_sources",
        "read_module",
        "facts_of",
        "forms_of",
        "open_archive",
    ),
    *("read_holding", "read_notebook", "read_request", "decode", "nbformat.read", "nbformat.reads"),
}
# What they read is the released notebook, the bank and the hidden checks, which are the author's own.
OWN_TEXTS = {"results.nbgrader.nbgrader_course", "grading.bank", "grading.exercise_keys"}


def test_no_process_with_secrets_or_results_takes_a_learners_text_apart() -> None:
    for path in FILES:
        name = name_of(path)
        below = name.removeprefix("grader.")
        if (layer_of(name) not in GRADING_SIDE and below not in HAS_RESULTS) or below in OWN_TEXTS:
            continue
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        assert not called & TAKES_APART, path
