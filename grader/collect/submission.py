"""One entry, read: the modules that a learner handed in, or why there are none."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.cells.build import build_modules, grade_ids
from grader.cells.not_read import NotReadError
from grader.cells.notebook import read_cells
from grader.cells.source import ModuleSource, decode
from grader.collect.archive import open_archive
from grader.collect.files import Folder, Holding, Without, kind_of, read_file, reason
from grader.course.model import Assignment
from grader.inert import inert
from grader.records import SubmissionStatus

_MOST_STRAYS = 20


@dataclass(frozen=True)
class Entry:
    """One learner's entry in the folder of submissions. `student` can be stored as UTF-8 but is otherwise raw.

    In a folder, `notebook` is the one that counts when there are several, and `aside` are names that are not the
    learner's own work: they are neither read nor listed.
    """

    student: str
    path: Path
    notebook: str = ""
    aside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submission:
    """What one learner handed in. Every module of the assignment is either in `modules` or in `problems`.

    `problems` says in a sentence why a module could not be had. `strays` names other files that were left aside, safe
    to show; when they are many, the last one says how many more. `overruled` are those of them that are notebooks which
    would have counted without the modules. The same modules and problems give the same `digest`.
    """

    student: str
    modules: Mapping[str, ModuleSource]
    problems: Mapping[str, str]
    strays: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        modules = [[m.name, m.text, [[at.cell, at.line] for at in m.lines]] for m in self.modules.values()]
        object.__setattr__(self, "digest", _digest([sorted(modules), sorted(self.problems.items())]))

    @property
    def note(self) -> str:
        """What the learner is told of files that were left aside; empty when there are none."""
        others = [name for name in self.strays if name not in self.overruled]
        notes = [f"Left aside: {', '.join(others)}."] if others else []
        if self.overruled:
            were = "were" if len(self.overruled) > 1 else "was"
            notes.append(
                f"{', '.join(self.overruled)} {were} not graded: where a module is handed in too, the modules count. "
                "If you worked in a notebook, hand in that notebook alone."
            )
        return " ".join(notes)


@dataclass(frozen=True)
class Unread:
    """An entry that can't be graded: `UNREADABLE` when damaged, `REFUSED` when against a rule; `note` says why."""

    student: str
    status: SubmissionStatus
    note: str
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", _digest([self.status, self.note]))


def read_entry(entry: Entry, assignment: Assignment) -> Submission | Unread:
    """Read one entry. Whatever a learner handed in, this answers and does not raise."""
    try:
        return _read(entry, assignment)
    except NotReadError as problem:
        return Unread(entry.student, problem.status, str(problem))


def _read(entry: Entry, assignment: Assignment) -> Submission:
    path, limits = entry.path, assignment.limits
    shown = inert(path.name, 80)
    ending = path.suffix.lower()
    try:
        mode = os.lstat(path).st_mode
    except OSError as error:
        raise NotReadError(f"{shown} can't be read ({reason(error)}).") from error
    if stat.S_ISDIR(mode):
        return _from_holding(entry, Without(Folder(path, limits.folder_files), entry.aside), assignment)
    if not stat.S_ISREG(mode):
        raise NotReadError(
            f"{shown} is {kind_of(mode)}; expected a folder, a .zip or a notebook. Hand in the files themselves.",
            SubmissionStatus.REFUSED,
        )
    if ending == ".zip":
        archive = open_archive(read_file(path, limits.archive_bytes), shown, limits)
        return _from_holding(entry, archive, assignment)
    if ending == ".ipynb":
        return _from_notebook(entry.student, read_file(path, limits.notebook_bytes), shown, (), assignment)
    raise NotReadError(f"{shown} is neither a folder nor a .zip nor a notebook. Hand in one of these.")


def _from_holding(entry: Entry, holding: Holding, assignment: Assignment) -> Submission:
    student = entry.student
    files = {f"{module}.py": module for module in assignment.modules}
    aside: list[str] = []
    if not files.keys() & set(holding.names()) and not _notebooks(holding) and len(holding.folders()) == 1:
        (wrapping,) = holding.folders()
        aside = [name for name in holding.names() if name != wrapping]
        holding = holding.inside(wrapping)

    names, notebooks = holding.names(), _notebooks(holding)
    if files.keys() & set(names):
        strays = [name for name in names if name not in files]
        return _from_files(student, holding, files, listed(aside + strays), assignment, listed(notebooks))
    if entry.notebook in notebooks:
        notebooks = [entry.notebook]
    if len(notebooks) > 1:
        some = " and ".join(inert(name, 80) for name in notebooks[:5])
        raise NotReadError(
            f"There are {len(notebooks)} notebooks: {some}. Expected one. Hand in only the one that counts.",
            SubmissionStatus.REFUSED,
        )
    strays = [name for name in names if name not in notebooks]
    if notebooks:
        data = holding.read(notebooks[0], assignment.limits.notebook_bytes)
        return _from_notebook(student, data, inert(notebooks[0], 80), listed(aside + strays), assignment)
    return _from_files(student, holding, files, listed(aside + strays), assignment)


def _from_files(
    student: str,
    holding: Holding,
    files: Mapping[str, str],
    strays: tuple[str, ...],
    assignment: Assignment,
    overruled: tuple[str, ...] = (),
) -> Submission:
    modules: dict[str, ModuleSource] = {}
    problems: dict[str, str] = {}
    for file, module in files.items():
        if file not in holding.names():
            found = f"; found {', '.join(strays[:5])}" if strays else ""
            problems[module] = f"{file} was not handed in{found}. Hand in a file of exactly that name."
            continue
        try:
            text = decode(holding.read(file, assignment.limits.module_bytes), file)
            modules[module] = ModuleSource(module, text)
        except NotReadError as problem:
            problems[module] = str(problem)
    return Submission(student, modules, problems, strays, overruled)


def _from_notebook(
    student: str, data: bytes, shown: str, strays: tuple[str, ...], assignment: Assignment
) -> Submission:
    cells = read_cells(data, shown, assignment.limits.module_bytes, frozenset(grade_ids(assignment)))
    modules, problems = build_modules(cells, assignment)
    return Submission(student, modules, problems, strays)


def _notebooks(holding: Holding) -> list[str]:
    folders = set(holding.folders())
    return [name for name in holding.names() if name.lower().endswith(".ipynb") and name not in folders]


def listed(names: list[str]) -> tuple[str, ...]:
    """The names, safe to show; of very many the first ones, and how many more there are."""
    shown = [inert(name, 80) for name in names[:_MOST_STRAYS]]
    if len(names) > _MOST_STRAYS:
        shown.append(f"and {len(names) - _MOST_STRAYS} more")
    return tuple(shown)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
