"""The files that learners get: the course's exercises, the part of the machine that they need, and how to begin."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.course import Assignment, Course
from grader.errors import ReleaseError
from grader.handout.kit import licence, requirements_text
from grader.handout.links import targets
from grader.handout.start import START_PAGE, START_TEXT, start_page, start_text
from grader.release import learner_machine
from grader.release.files import read_if_there

NEEDED = ("course.toml", "exercises/conftest.py", "exercises/pytest.ini")
# Hidden files that learners get: how known mistakes show, and what was generated.
_HIDDEN = {".mistakes.json", ".stubs.json"}
_ASIDE = re.compile(r"\..*|__pycache__|results|.*(\.pyc|\.bak|\.bak-\d+|\.tmp|~)")


def learner_files(root: Path, course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """The files of the learners' archive, by their path in it.

    Pages of `docs/` are taken along as far as these files link to them. Raises ReleaseError when something is missing,
    can't be read, or is a link.
    """
    files = {file: _read(root, file) for file in NEEDED}
    exercises = root / "exercises"
    paths = [path for path in exercises.glob("*") if path.is_symlink() or not path.is_dir()]
    for assignment in assignments:
        paths += (exercises / assignment.id).rglob("*")
    for path in sorted(paths):
        file = path.relative_to(root).as_posix()
        if any(part not in _HIDDEN and _ASIDE.fullmatch(part) for part in path.relative_to(exercises).parts):
            continue
        if path.is_symlink():
            raise ReleaseError(f"{file} is a link: only files can be handed out. Put the file itself there.")
        if not path.is_dir():
            files[file] = _read(root, file)
    for file in _linked_docs(root, files):
        files[file] = _read(root, file)
    files |= learner_machine()
    files["requirements.txt"] = requirements_text()
    if (text := licence()) is not None:
        files["LICENSE"] = text
    start = start_text(course, assignments, files)
    return files | {START_TEXT: start.encode(), START_PAGE: start_page(course, start).encode()}


def _read(root: Path, file: str) -> bytes:
    data = read_if_there(root / file)
    if data is None:
        raise ReleaseError(f"{file} is missing: learners need it.")
    return data


def _linked_docs(root: Path, files: dict[str, bytes]) -> Iterator[str]:
    """The pages of `docs/` to which these files link, and those to which these link in turn."""
    known = set(files)
    waiting = dict(files)
    while waiting:
        found = [target for _, _, target in targets(waiting) if posixpath.dirname(target) == "docs"]
        waiting = {}
        for file in found:
            if file not in known and (root / file).is_file():
                known.add(file)
                waiting[file] = _read(root, file)
                yield file
