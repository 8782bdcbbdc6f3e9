"""What the autograder installs is what its code imports, and all that these need."""

from __future__ import annotations

import ast
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import grader
from grader.results.export.deployments import GRADING, SELF_CHECK, all_pinned, pinned, pinned_requirements

pytestmark = pytest.mark.slow

ROOT = Path(grader.__file__).parent.parent


def file_of(module: str) -> Path | None:
    path = ROOT.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def libraries_of(module: str) -> set[str]:
    """Every library that a module of ours imports, or one that it imports does."""
    seen: set[str] = set()
    libraries: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = file_of(name)
        if name in seen or not name.startswith("grader") or path is None:
            if not name.startswith("grader") and name.split(".")[0] not in sys.stdlib_module_names:
                libraries.add(name.split(".")[0])
            continue
        seen.add(name)
        waiting += [*imported(path), *(".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 1))]
    return libraries


@pytest.mark.parametrize(
    ("module", "names"),
    [("grader.results.export.autograder_run", GRADING), ("grader.selfcheck.classroom", SELF_CHECK)],
)
def test_everything_that_is_imported_there_is_installed_there(module: str, names: tuple[str, ...]) -> None:
    packages = metadata.packages_distributions()
    needed = {canonicalize_name(packages[library][0]) for library in libraries_of(module) - {"grader", "solutions"}}
    assert {"torch", "pytest"} <= needed
    assert needed <= all_pinned(names).keys()


def test_hidden_checks_import_nothing_else() -> None:
    for path in (each for each in (ROOT / "solutions").rglob("*.py") if "figures" not in each.parts):
        roots = {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names)
        assert roots <= {"torch", "numpy", "pytest", "grader", "solutions"}, path


def test_versions_are_those_that_are_installed_without_a_build_s_label() -> None:
    assert pinned(("torch",)) == {"torch": metadata.version("torch").split("+")[0]}
    text = pinned_requirements({"one": "1.0", "two": "2.0"}, "https://packages.example/cpu")
    assert text == "--extra-index-url https://packages.example/cpu\none==1.0\ntwo==2.0\n"
