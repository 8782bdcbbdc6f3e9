"""The archive that makes our grader Gradescope's autograder: `setup.sh`, `run_autograder`, the kit and the course.

What must be in it, and where it lies when it runs, is in "Autograder Specifications" of Gradescope's autograder
documentation (docs/specs.md of gradescope/autograder_samples).
"""

from __future__ import annotations

from pathlib import Path

import grader
from grader.course.model import Assignment
from grader.errors import ExportError
from grader.export.autograder_settings import FILE, Settings
from grader.export.gradescope import as_json, not_graded
from grader.export.requirements import GRADING, all_pinned, requirements_text
from grader.release.zipped import zipped

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_SCRIPTS = frozenset({"setup.sh", "run_autograder"})
_COURSE = ("exercises", "solutions")
_LEFT_ASIDE = {"__pycache__", "node_modules"}


def autograder_archive(root: Path, assignment: Assignment, settings: Settings, index: str = "") -> bytes:
    """The archive; the same course, kit, packages and settings give the same bytes.

    It holds solutions and hidden checks. `index` is one more place where pip looks for packages. Raises `ExportError`
    when a file of the course can't be read.
    """
    files = {name: (_TEMPLATES / f"{name}.j2").read_bytes() for name in _SCRIPTS}
    files["requirements.txt"] = requirements_text(all_pinned(GRADING), index).encode()
    files[FILE] = (settings.model_dump_json(indent=2) + "\n").encode()
    files["not_graded.json"] = as_json(not_graded(assignment, settings.visibility)).encode()
    files |= _folder(Path(grader.__file__).resolve().parent, "grader")
    try:
        files["course.toml"] = (root / "course.toml").read_bytes()
        for name in _COURSE:
            files |= _folder(root / name, name)
    except OSError as error:
        raise ExportError(f'"{error.filename}" can\'t be read: {error.strerror}.') from None
    if not any(name.startswith("solutions/") for name in files):
        raise ExportError(f'There is no folder "solutions" in "{root}": without it nothing can be graded.')
    return zipped(files, _SCRIPTS)


def _folder(folder: Path, name: str) -> dict[str, bytes]:
    """The plain files in a folder at any depth, but hidden and derived ones, by their path in the archive."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not any(_aside(part) for part in path.relative_to(folder).parts)
    }


def _aside(part: str) -> bool:
    return part in _LEFT_ASIDE or part.startswith(".") or part.endswith((".pyc", ".bak"))
