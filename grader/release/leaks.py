"""Whether anything that learners are given holds what they must not see, as `secret_phrases` defines it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from grader.course import Assignment
from grader.course.syntax import syntax_tree
from grader.release.learner_files import LearnerFile, learner_paths, read_learner_files
from grader.release.secret_phrases import Secret, secrets_of

_MARKER = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)")
_IMPORTING_CALLS = {"import_module", "__import__", "importorskip"}


def find_leaks(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for each place in a learner's files that repeats a secret, holds a marker, or imports `solutions`.

    Raises ReleaseError when a solution, a hidden check or a learner's file can't be read.
    """
    secrets = secrets_of(root, assignment)
    leaks = list(_links(root, assignment))
    for file in read_learner_files(root, assignment):
        leaks += [*_markers(file), *_imports(file), *_repeated(file, secrets)]
    return leaks


def _links(root: Path, assignment: Assignment) -> Iterator[str]:
    solutions = (root / "solutions").resolve()
    for path in learner_paths(root, assignment):
        if path.is_symlink() and path.resolve().is_relative_to(solutions):
            yield f"{path.relative_to(root).as_posix()} is a link into solutions, which learners must not see."


def _markers(file: LearnerFile) -> Iterator[str]:
    for number, line in enumerate(file.text.split("\n"), start=1):
        if marker := _MARKER.search(line):
            yield f'{file.file}, line {number}: holds the marker "{marker[0]}", so its code may be a solution.'


def _imports(file: LearnerFile) -> Iterator[str]:
    if not file.file.endswith(".py"):
        return
    try:
        tree = syntax_tree(file.text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if any(name.split(".")[0] == "solutions" for name in _imported(node)):
            line = getattr(node, "lineno", 1)
            yield f'{file.file}, line {line}: imports "solutions", which learners don\'t have.'


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called in _IMPORTING_CALLS:
            return [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return []


def _repeated(file: LearnerFile, secrets: list[Secret]) -> Iterator[str]:
    told: set[str] = set()
    for secret in secrets:
        where = next(filter(None, (passage.where(secret.phrase) for passage in file.passages)), None)
        if where and secret.source not in told:
            told.add(secret.source)
            yield f"{where}: repeats {secret.kind} in {secret.source}, which learners must not see."
