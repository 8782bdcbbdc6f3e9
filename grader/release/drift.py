"""Whether what learners are given is what its sources give, and nothing more than that."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from grader.course import Assignment
from grader.errors import ReleaseError
from grader.release.derived import derived_files, missing_figures
from grader.release.files import read_if_there
from grader.release.leaks import find_leaks
from grader.release.manifest import FILE_NAME, digest, read_manifest
from grader.release.stubs import plain

_REMEDY = '"python -m grader stubs" brings it up to date.'


def check_stubs(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for everything that is wrong with the files learners get: drift, then leaks. Empty when all is well.

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
                line = _first_difference(text, plain(now.decode("utf-8", errors="replace")))
                wrong.append(f"{file}, line {line}: differs from what {derived.source} gives; {_REMEDY}")
        wrong += missing_figures(root, assignment)
        if read_manifest(root / "exercises" / assignment.id) != manifest:
            wrong.append(
                f"exercises/{assignment.id}/{FILE_NAME} does not list the stubs as they are generated; {_REMEDY}"
            )
    except ReleaseError as error:
        wrong.append(str(error))
    return wrong


def _first_difference(expected: str, found: str) -> int:
    pairs = zip_longest(expected.split("\n"), found.split("\n"))
    return next((number for number, (one, other) in enumerate(pairs, start=1) if one != other), 1)


def _leaks(root: Path, assignment: Assignment) -> list[str]:
    try:
        return find_leaks(root, assignment)
    except ReleaseError as error:
        return [str(error)]
