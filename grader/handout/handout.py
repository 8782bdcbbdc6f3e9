"""Makes what is handed out, after everything was looked at that could be wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Assignment, Course
from grader.diagnosis.sealing import out_of_date
from grader.errors import ReleaseError
from grader.handout.audited import audited
from grader.handout.contents import Archive, listing
from grader.handout.learner_archive import learner_files
from grader.handout.links import dead_links
from grader.handout.nbgrader_archive import for_learners, nbgrader_files
from grader.nbgrader import nbgrader_is_installed
from grader.release import LeakSearch, check_stubs
from grader.release.derived import LESSON
from grader.release.files import replace_file
from grader.release.zipped import zipped

CONTENTS = "contents.txt"
_LEARNERS = "For learners."
_INSTRUCTORS = "For instructors only: source/ holds solutions. Learners get what is in release/."
UNAUDITED = "NOT AUDITED: nobody has looked whether the hidden checks tell right from wrong."


@dataclass(frozen=True)
class Handout:
    """The archives, the listing of what is in them, and what there is to say about them."""

    course: Course
    archives: tuple[Archive, ...]
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
    progress("Looking at the stubs")
    _refuse([*_out_of_date(root, assignments)])
    progress("Searching for solutions, hidden checks and known mistakes")
    search = LeakSearch(root, assignments)
    given = learner_files(root, course, assignments)
    _refuse(_problems(search, _name(course, "learners"), given))
    taught = [each for each in assignments if (root / "exercises" / each.id / LESSON).is_file()]
    ours: dict[str, bytes] = {}
    if taught:
        progress("Making nbgrader's course, and searching it")
        ours = nbgrader_files(root, course, taught)
        _refuse(_problems(search, _name(course, "nbgrader"), for_learners(ours, taught)))
    if audit:
        progress("Auditing the checks, which takes a minute or more")
        _refuse([problem for each in assignments for problem in audited(root, each)])
    archives = [_archive(_name(course, "learners"), _LEARNERS, course.id, given)]
    if ours:
        archives.append(_archive(_name(course, "nbgrader"), _INSTRUCTORS, f"{course.id}-nbgrader", ours))
    notes = _notes(assignments, taught, audit=audit)
    text = listing(course, notes, archives)
    return Handout(course, tuple(archives), text, tuple(notes))


def write_handout(handout: Handout, out: Path) -> list[Path]:
    """Write the archives and the listing, over those that were there. Raises ReleaseError when a file can't be."""
    files = {each.name: each.data for each in handout.archives} | {CONTENTS: handout.contents.encode()}
    for file, data in files.items():
        replace_file(out / file, data)
    for stale in {_name(handout.course, kind) for kind in ("learners", "nbgrader")} - set(files):
        (out / stale).unlink(missing_ok=True)
    return [out / file for file in files]


def _name(course: Course, kind: str) -> str:
    return f"{course.id}-{kind}.zip"


def _archive(name: str, audience: str, wrapping: str, files: Mapping[str, bytes]) -> Archive:
    wrapped = {f"{wrapping}/{file}": data for file, data in files.items()}
    return Archive(name, audience, zipped(wrapped), wrapped)


def _out_of_date(root: Path, assignments: Sequence[Assignment]) -> list[str]:
    problems = [problem for each in assignments for problem in check_stubs(root, each)]
    return problems or list(filter(None, (out_of_date(root, each) for each in assignments)))


def _problems(search: LeakSearch, archive: str, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with files that learners get."""
    within = {f"{archive}/{file}": data for file, data in files.items()}
    return [*dead_links(within), *search.leaks_in(within)]


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ReleaseError("\n".join(["Nothing is handed out:", *problems]))


def _notes(assignments: Sequence[Assignment], taught: Sequence[Assignment], *, audit: bool) -> list[str]:
    notes = [f"Assignments: {', '.join(each.id for each in assignments)}."]
    notes.append("Audited: the hidden checks tell right from wrong." if audit else UNAUDITED)
    notes += [
        f"nbgrader's course has no {each.id}: exercises/{each.id}/{LESSON} is missing."
        for each in assignments
        if each not in taught
    ]
    if taught and not nbgrader_is_installed():
        notes.append("nbgrader's course has no release/: nbgrader isn't installed.")
    return notes
