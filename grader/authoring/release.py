"""Makes what is released, for learners and for nbgrader, after everything was checked that could be wrong with it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import grader
from grader.audit.auditing import audit
from grader.authoring.learner_archive import courses_to_release, dead_links, learner_files, learner_machine
from grader.core.assignment import SEALED, Assignment, Course
from grader.core.errors import LessonError, ReleaseError
from grader.core.files import read_if_there, replace_file, zipped
from grader.derived.derived_files import LESSON, lesson_text
from grader.derived.leaks import LeakSearch, check_stubs
from grader.derived.lesson_notebook import nbgrader_notebook
from grader.derived.sealing import out_of_date
from grader.derived.stubs import read_solution
from grader.derived.variant_course import VariantCourse, course_to_audit
from grader.results.nbgrader import course_config, nbgrader_is_installed
from grader.sandbox.host.machine import require_linux
from grader.sandbox.host.zygote_process import public_files


@dataclass(frozen=True)
class ReleaseArchive:
    """An archive to be handed out: its file name, who may have it, its bytes, and what is in it by path."""

    name: str
    audience: str
    data: bytes
    files: Mapping[str, bytes]


def listing(course: Course, notes: Sequence[str], archives: Sequence[ReleaseArchive]) -> str:
    """The text of `contents.txt`; `notes` are sentences on how it was made. The same input gives the same text."""
    lines = [f"{course.name} ({course.id})", f"made with version {grader.__version__} of the kit", ""]
    lines += [*notes, ""]
    for archive in archives:
        size = f"{len(archive.files)} files, {sum(map(len, archive.files.values()))} bytes"
        lines += [archive.name, f"  {archive.audience}", f"  {size}", ""]
    lines += ["SHA-256, size in bytes, file", ""]
    lines += [_entry(archive.name, archive.data) for archive in archives]
    for archive in archives:
        lines += ["", f"In {archive.name}:", ""]
        lines += [_entry(path, data) for path, data in sorted(archive.files.items())]
    return "\n".join(lines) + "\n"


def _entry(path: str, data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()} {len(data):>9} {path}"


def audited(root: Path, course: Course, assignment: Assignment) -> list[str]:
    """A sentence for everything that is wrong with a lesson's checks, in any of its variants; empty when it is sound.

    Raises `ReleaseError` or `GradingError` when the lesson can't be audited at all.
    """
    require_linux()
    found: list[str] = []
    for name in assignment.variants or ("",):
        with course_to_audit(root, course, assignment, name) as made:
            before = f"Variant {name}: " if name else ""
            found += [before + problem.partition("\n")[0] for problem in audit(made.root, made.assignment).problems]
    return found


_TEXTS = {".html", ".md", ".bak"}  # of what lies beside a learner's modules, what is no data


def nbgrader_source(root: Path, assignment: Assignment) -> dict[str, bytes]:
    """The files for nbgrader's folder `source/<assignment>/`, by path from there.

    `<assignment>.ipynb` holds the solutions between their markers, and is for nobody but instructors. The others are
    for learners, so that the visible checks run beside the notebook without a network: `course.toml`, `exercises/` with
    the checks and the sealed words for misconceptions, the learner's part of `grader/`, `figures/`, and the data that
    lies beside the lesson. nbgrader hands them out as they are.

    Raises ReleaseError when the lesson has no text, or something can't be read or made.
    """
    lesson = lesson_text(root, assignment)
    if lesson is None:
        raise LessonError(f"exercises/{assignment.id}/{LESSON} is missing: nbgrader's notebook is made of it.")
    solutions = {each.id: read_solution(root, assignment, each) for each in assignment.modules.values()}
    folder = root / "exercises" / assignment.id
    files = {f"{assignment.id}.ipynb": nbgrader_notebook(lesson, assignment, solutions).encode()}
    files["course.toml"] = _read(root, "course.toml")
    files["exercises/pytest.ini"] = _read(root, "exercises/pytest.ini")
    beside = [path for path in (folder / SEALED,) if path.is_file()]
    for path in [*beside, *sorted((folder / "checks").rglob("*.py"))]:
        file = path.relative_to(root).as_posix()
        files[file] = _read(root, file)
    for figure in lesson.figures:
        files[figure.path] = _read(root, f"exercises/{assignment.id}/{figure.path}")
    public = public_files(root, assignment)
    for name in public.names if public else ():
        if (folder / name).is_file() and Path(name).suffix not in _TEXTS:
            files[name] = _read(root, f"exercises/{assignment.id}/{name}")
    return files | learner_machine()


def _read(root: Path, file: str) -> bytes:
    data = read_if_there(root / file)
    if data is None:
        raise LessonError(f"{file} is missing: nbgrader's notebook needs it beside it.")
    return data


_TIME = 600  # seconds for one assignment; it takes five
_TOLD = 5  # lines of what nbgrader said when it failed


def generated(course: Mapping[str, bytes], assignments: list[str]) -> dict[str, bytes]:
    """The files in `release/` of an nbgrader course, by path in the course; `course` has its configuration and source.

    The same input and the same nbgrader give the same bytes. Raises ReleaseError when nbgrader fails.
    """
    with tempfile.TemporaryDirectory(prefix="nbgrader-") as place:
        folder = Path(place) / "course"
        for file, data in course.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
        for assignment in assignments:
            _generate(folder, assignment)
        released = folder / "release"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(released.rglob("*"))
            if path.is_file()
        }


def _generate(folder: Path, assignment: str) -> None:
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    # Nobody's own configuration, and nbgrader's tools on the path.
    keep = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment = {
        **keep,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", assignment]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=_TIME, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ReleaseError(f"nbgrader generate_assignment {assignment}: no end after {_TIME} s.") from None
    if done.returncode or not (folder / "release" / assignment).is_dir():
        said = "\n".join(done.stdout.strip().splitlines()[-_TOLD:])
        raise ReleaseError(f"nbgrader generate_assignment {assignment} failed:\n{said}")


README = """\
For instructors only: source/ holds solutions.

{name}, as a course of nbgrader's:

    nbgrader_config.py   its configuration
    source/              the notebooks with solutions, and what learners need beside them
    release/             what learners get, as `nbgrader generate_assignment` makes it{missing}

Enter the assignments in the gradebook, with nbgrader's tools on the PATH, in this folder:

{commands}

The course is graded with `python -m grader nbgrader`, not with `nbgrader autograde`.
"""


def nbgrader_release(root: Path, course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """The files by their path in the course's folder. Without nbgrader there are none in `release/`.

    Raises ReleaseError when a lesson has no text, or something can't be made.
    """
    files = {"nbgrader_config.py": course_config(course).encode()}
    for assignment in assignments:
        source = nbgrader_source(root, assignment)
        files |= {f"source/{assignment.id}/{file}": data for file, data in source.items()}
    if nbgrader_is_installed():
        files |= generated(files, [assignment.id for assignment in assignments])
    return files | {"README.txt": _readme(course, assignments).encode()}


def for_learners(files: Mapping[str, bytes], assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """Those that learners get: what is in `release/`; without that, what nbgrader will put there as it is."""
    released = {file: data for file, data in files.items() if file.startswith("release/")}
    notebooks = {f"source/{each.id}/{each.id}.ipynb" for each in assignments}
    as_it_is = {file: data for file, data in files.items() if file.startswith("source/") and file not in notebooks}
    return released or as_it_is


def _readme(course: Course, assignments: Sequence[Assignment]) -> str:
    missing = "" if nbgrader_is_installed() else "; left out, since nbgrader isn't installed where this was made"
    commands = "\n".join(f"    nbgrader generate_assignment {each.id} --force" for each in assignments)
    return README.format(name=course.name, missing=missing, commands=commands)


CONTENTS = "contents.txt"
_LEARNERS = "For learners."
_INSTRUCTORS = "For instructors only: source/ holds solutions. Learners get what is in release/."
UNAUDITED = "NOT AUDITED: nobody has checked whether the hidden checks tell right from wrong."


@dataclass(frozen=True)
class Handout:
    """The archives, the listing of what is in them, and what there is to say about them."""

    course: Course
    archives: tuple[ReleaseArchive, ...]
    contents: str
    notes: tuple[str, ...]


def make_handout(
    root: Path,
    course: Course,
    assignments: Sequence[Assignment],
    *,
    audit: bool = True,
    progress: Callable[[str], object] = lambda _: None,
) -> Handout:
    """Everything for these assignments; `progress` is told what is being done.

    Raises ReleaseError, with a sentence a line, for what is out of date, shown that must not be seen, missing, or found
    by the audit. The same input gives the same bytes.
    """
    with ExitStack() as opened:
        progress("Checking the stubs")
        made = [opened.enter_context(each) for each in courses_to_release(root, course, assignments)]
        _refuse([problem for each in made for problem in _out_of_date(each.root, _of(each, assignments))])
        progress("Searching for solutions, hidden checks and misconceptions")
        searches = [LeakSearch(each.root, _of(each, assignments)) for each in made]
        archives = []
        for each in made:
            archive = _name(course, f"learners-{each.name}" if each.name else "learners")
            given = learner_files(each.root, each.course, _of(each, assignments))
            _refuse(_problems(searches, archive, given))
            audience = f"For learners with variant {each.name}." if each.name else _LEARNERS
            archives.append(_archive(archive, audience, course.id, given))
        with_text = [each for each in assignments if (root / "exercises" / each.id / LESSON).is_file()]
        taught = [each for each in with_text if not each.variants]
        if taught:
            progress("Making nbgrader's course, and searching it")
            ours = nbgrader_release(made[0].root, made[0].course, taught)
            _refuse(_problems(searches, _name(course, "nbgrader"), for_learners(ours, taught)))
            archives.append(_archive(_name(course, "nbgrader"), _INSTRUCTORS, f"{course.id}-nbgrader", ours))
        if audit:
            unsound: list[str] = []
            for place, assignment in enumerate(assignments, start=1):
                which = f"{assignment.id}, {place} of {len(assignments)}" if len(assignments) > 1 else assignment.id
                progress(f"Auditing the checks of {which}, which takes minutes")
                unsound += audited(root, course, assignment)
            _refuse([*unsound, "`python -m grader audit` shows each in full."] if unsound else [])
    notes = _notes(assignments, with_text, audit=audit)
    text = listing(course, notes, archives)
    return Handout(course, tuple(archives), text, tuple(notes))


def _of(made: VariantCourse, assignments: Sequence[Assignment]) -> list[Assignment]:
    return [made.course.assignments[each.id] for each in assignments]


def write_handout(handout: Handout, out: Path) -> list[Path]:
    """Write the archives and the listing, over those that were there. Raises ReleaseError when a file can't be."""
    files = {each.name: each.data for each in handout.archives} | {CONTENTS: handout.contents.encode()}
    for file, data in files.items():
        replace_file(out / file, data)
    ours = [out / _name(handout.course, kind) for kind in ("learners", "nbgrader")]
    for stale in [*ours, *out.glob(_name(handout.course, "learners-*"))]:
        if stale.name not in files:
            stale.unlink(missing_ok=True)
    return [out / file for file in files]


def _name(course: Course, kind: str) -> str:
    return f"{course.id}-{kind}.zip"


def _archive(name: str, audience: str, wrapping: str, files: Mapping[str, bytes]) -> ReleaseArchive:
    wrapped = {f"{wrapping}/{file}": data for file, data in files.items()}
    return ReleaseArchive(name, audience, zipped(wrapped), wrapped)


def _out_of_date(root: Path, assignments: Sequence[Assignment]) -> list[str]:
    problems = [problem for each in assignments for problem in check_stubs(root, each)]
    return problems or list(filter(None, (out_of_date(root, each) for each in assignments)))


def _problems(searches: Sequence[LeakSearch], archive: str, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with files that learners get: they have nothing secret of any variant."""
    within = {f"{archive}/{file}": data for file, data in files.items()}
    leaks = [leak for search in searches for leak in search.leaks_in(within)]
    return list(dict.fromkeys([*dead_links(within), *leaks]))


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ReleaseError("\n".join(["Nothing was released:", *problems]))


def _notes(assignments: Sequence[Assignment], with_text: Sequence[Assignment], *, audit: bool) -> list[str]:
    notes = [f"Assignments: {', '.join(each.id for each in assignments)}."]
    notes.append("Audited: the hidden checks tell right from wrong." if audit else UNAUDITED)
    notes += [
        f"nbgrader's course has no {each.id}: exercises/{each.id}/{LESSON} is missing."
        for each in assignments
        if each not in with_text
    ]
    notes += [
        f"nbgrader's course has no {each.id}: it has variants, and nbgrader gives the same to everybody."
        for each in with_text
        if each.variants
    ]
    if any(not each.variants for each in with_text) and not nbgrader_is_installed():
        notes.append("nbgrader's course has no release/: nbgrader isn't installed.")
    return notes
