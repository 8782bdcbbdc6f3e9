"""Whether anything that learners are given holds what they must not see, as `secret_phrases` defines it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.course import Assignment
from grader.course.syntax import syntax_tree
from grader.release.learner_files import LearnerFile, learner_paths, read_learner_files, texts_of, unpacked
from grader.release.secret import Secrets
from grader.release.secret_files import SecretFiles, secret_files_of
from grader.release.secret_phrases import secrets_of

_MARKER = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS)")
_IMPORTING_CALLS = {"import_module", "__import__", "importorskip"}


def find_leaks(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for each place in a learner's files that repeats a secret, holds a marker, or imports `solutions`.

    Raises ReleaseError when a solution, a hidden check, the bank or a learner's file can't be read.
    """
    search = LeakSearch(root, [assignment])
    return [*_links(root, assignment), *search.leaks_in(read_learner_files(root, assignment))]


class LeakSearch:
    """The same for any files that are to be handed out, with the secrets of several assignments."""

    def __init__(self, root: Path, assignments: Sequence[Assignment]) -> None:
        """Raises ReleaseError as above."""
        self._secrets = Secrets(secret for assignment in assignments for secret in secrets_of(root, assignment))
        self._kept = secret_files_of(root, assignments)

    def leaks_in(self, files: Mapping[str, bytes]) -> list[str]:
        """A sentence for each leak in these files, by path; ZIP archives among them are searched as well.

        Besides, no file may be called like a known mistake, lie in a folder `solutions`, or be a copy of what lies
        there. Raises ReleaseError when an archive can't be searched.
        """
        everything = unpacked(files)
        leaks = [leak for file, data in everything.items() for leak in _file(file, data, self._kept)]
        for text in texts_of(everything):
            leaks += [*_markers(text), *_imports(text), *_repeated(text, self._secrets)]
        return leaks


def _links(root: Path, assignment: Assignment) -> Iterator[str]:
    solutions = (root / "solutions").resolve()
    for path in learner_paths(root, assignment):
        if path.is_symlink() and path.resolve().is_relative_to(solutions):
            yield f"{path.relative_to(root).as_posix()} is a link into solutions, which learners must not see."


def _file(file: str, data: bytes, kept: SecretFiles) -> Iterator[str]:
    if "solutions" in re.split(r"[/\\]", file):
        yield f'{file} lies in a folder "solutions", which learners must not see.'
    if mistake := kept.mistake_called(file):
        yield f"{file} is called like {mistake}, a known mistake, which learners must not see."
    if original := kept.original_of(data):
        yield f"{file} is a copy of {original}, which learners must not see."


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


def _repeated(file: LearnerFile, secrets: Secrets) -> Iterator[str]:
    for where, secret in secrets.found_in(file.passages):
        yield f"{where}: repeats {secret.kind} in {secret.source}, which learners must not see."
