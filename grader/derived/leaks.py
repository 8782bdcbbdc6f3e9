"""Whether learners are given what the sources give, and nothing that they must not see."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from grader.core.assignment import MANIFEST, Assignment
from grader.core.errors import ReleaseError
from grader.core.files import read_if_there
from grader.course.module_source import syntax_tree
from grader.derived.derived_files import derived_files, digest, missing_figures, read_manifest
from grader.derived.hint_solutions import hint_solutions
from grader.derived.passages import LearnerFile, learner_paths, read_learner_files, text_of, unpacked
from grader.derived.secret_phrases import Secrets, secrets_of
from grader.derived.stubs import plain_source
from grader.grading.bank import MISTAKES

SMALLEST = 40  # bytes; smaller files, such as empty ones, are the same everywhere


@dataclass(frozen=True)
class SecretFiles:
    """Digest -> path of all files of some lessons' solutions; name without ending -> path of their misconceptions."""

    digests: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    def original_of(self, data: bytes) -> str | None:
        """The solution's file of which this is a copy."""
        return self.digests.get(_digest(data)) if len(data) >= SMALLEST else None

    def mistake_called(self, file: str) -> str | None:
        """The misconception that is called like this file."""
        return self.mistakes.get(PurePosixPath(file).stem)


def secret_files_of(root: Path, assignments: Iterable[Assignment]) -> SecretFiles:
    """What is there to be kept back. Raises ReleaseError when a file can't be read."""
    kept = SecretFiles()
    for assignment in assignments:
        folder = root / "solutions" / assignment.id
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            file = path.relative_to(root).as_posix()
            data = read_if_there(path) or b""
            kept.digests.setdefault(_digest(data), file)
            if path.is_relative_to(folder / MISTAKES) and path.suffix == ".py":
                kept.mistakes.setdefault(path.stem, file)
    return kept


def _digest(data: bytes) -> str:
    return hashlib.sha256(data.replace(b"\r\n", b"\n").strip()).hexdigest()


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
        self._clean: set[tuple[str, bytes]] = set()  # files in which nothing was found: how they end, and a digest

    def leaks_in(self, files: Mapping[str, bytes]) -> list[str]:
        """A sentence for each leak in these files, by path; ZIP archives among them are searched as well.

        Besides, no file may be called like a misconception, lie in a folder `solutions`, or be a copy of what lies
        there. Raises ReleaseError when an archive can't be searched.
        """
        everything = unpacked(files)
        leaks = [leak for file, data in everything.items() for leak in _file(file, data, self._kept)]
        for file, data in everything.items():
            key = PurePosixPath(file).suffix, hashlib.sha256(data).digest()
            if key not in self._clean:
                text = text_of(file, data)
                found = [*_markers(text), *_imports(text), *_repeated(text, self._secrets)]
                leaks += found
                self._clean |= set() if found else {key}
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
        yield f"{file} is called like {mistake}, a misconception, which learners must not see."
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


_REMEDY = '"python -m grader stubs" brings it up to date.'


def check_stubs(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for everything that is wrong with the files learners get: drift, leaks, and hints that give a solution
    away. Empty when all is well.

    What keeps the check from being made, such as a missing solution, is one of the sentences and isn't raised.
    """
    return list(dict.fromkeys(_drift(root, assignment) + _leaks(root, assignment)))


def _drift(root: Path, assignment: Assignment) -> list[str]:
    wrong: list[str] = []
    manifest: dict[str, str] = {}
    try:
        for derived in derived_files(root, assignment):
            file, text = derived.file, derived.text
            manifest[Path(file).name] = digest(text.encode())
            now = read_if_there(root / file)
            if now is None:
                wrong.append(f"{file} is missing: {_REMEDY}")
            elif digest(now) != digest(text.encode()):
                line = _first_difference(text, plain_source(now.decode("utf-8", errors="replace")))
                wrong.append(f"{file}, line {line}: differs from what {derived.source} gives; {_REMEDY}")
        wrong += missing_figures(root, assignment)
        if read_manifest(root / "exercises" / assignment.id) != manifest:
            wrong.append(
                f"exercises/{assignment.id}/{MANIFEST} does not list the stubs as they are generated; {_REMEDY}"
            )
    except ReleaseError as error:
        wrong.append(str(error))
    return wrong


def _first_difference(expected: str, found: str) -> int:
    pairs = zip_longest(expected.split("\n"), found.split("\n"))
    return next((number for number, (one, other) in enumerate(pairs, start=1) if one != other), 1)


def _leaks(root: Path, assignment: Assignment) -> list[str]:
    try:
        return [*find_leaks(root, assignment), *hint_solutions(root, assignment)]
    except ReleaseError as error:
        return [str(error)]
