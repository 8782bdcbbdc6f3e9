"""Where the modules and the notebook of a submission lie: however deep, in archives too, and whatever they are called.

Work on another assignment of the course is no work on this one, and a file that holds work on both counts where no
other one does. Of several files that may be one module, changed work
beats an untouched stub, an exact name beats a near one, and what lies outside an archive beats what lies in one. Copies
of one text count as one. Where more than one is left, nobody knows which counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from grader.core.assignment import Assignment
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.reading.completion import written
from grader.reading.file_names import (
    EXACT,
    copied_from,
    defined_in,
    is_copy,
    is_notebook,
    is_other_archive,
    is_zip,
    may_be_python,
    nearness,
)
from grader.reading.folders import ENVIRONMENT, Holding, is_skipped, open_archive
from grader.reading.module_builder import build_modules, grade_ids
from grader.reading.module_text import ModuleSource, decode
from grader.reading.notebook_cells import Cell, language_of, read_cells
from grader.reading.whose_work import OtherWork, other_work

_DEEPEST = 100  # folders in folders
_DEEPEST_ARCHIVE, _MOST_ARCHIVES = 4, 20
_MOST_READ = 50  # files of each kind
_REFERENCES = "solutions"  # beside `exercises`, in a whole course
_NOTHING, _SOMETHING, _WORK = range(3)  # what a text holds: stubs or less, none of the functions, one that is written


@dataclass(frozen=True)
class FilePlace:
    """A file in what was handed in: the folder that it lies in, and the names that lead there from the top.

    `archives` is how many archives it lies in, one in the other.
    """

    folder: Holding
    path: tuple[str, ...]
    archives: int

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def shown(self) -> str:
        """The way there, safe to show."""
        way = [sanitized(name, 80) for name in self.path]
        return "/".join(way if len(way) < 9 else [*way[:4], "…", *way[-4:]])


@dataclass(frozen=True)
class Candidate:
    """A file that may be wanted. `holds` has what each of its modules would be, `worth` how much of that is work.

    What can't be read has a `problem` and holds nothing. `is_mixed` is what may be work on another assignment too. A
    notebook has `cells` and a `language`, and `alone` holds what each exercise in it consists of by itself.
    """

    place: FilePlace
    nearness: int = EXACT
    holds: Mapping[str, ModuleSource] = field(default_factory=dict)
    worth: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problem: NotReadError | None = None
    is_mixed: bool = False
    alone: Mapping[str, Mapping[str, ModuleSource]] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Several:
    """Files of which any may be the wanted one, and which differ."""

    places: tuple[FilePlace, ...]


Choice = Candidate | Several | NotReadError | None


@dataclass
class Search:
    """All that lies in what was handed in, folder by folder: `files` the least deep first, `listing` names by path."""

    sought: Assignment
    files: list[FilePlace] = field(default_factory=list)
    folders: list[tuple[str, ...]] = field(default_factory=list)
    listing: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    problems: list[NotReadError] = field(default_factory=list)
    unopened: list[FilePlace] = field(default_factory=list)
    _names: int = 0
    _opened: int = 0
    _bytes: int = 0

    def look(self, holding: Holding, path: tuple[str, ...] = (), archives: int = 0) -> None:
        """Look through a folder and all folders in it."""
        waiting: deque[tuple[Holding, tuple[str, ...]]] = deque([(holding, path)])
        while waiting:
            folder, at = waiting.popleft()
            names, folders = folder.names(), set(folder.folders())
            if at and not ENVIRONMENT.isdisjoint(names):
                continue
            self._names += len(names)
            if self._names > self.sought.limits.folder_files:
                self.problems.append(_too_many(self.sought.limits.folder_files, at))
                return
            self.listing[at] = [name for name in names if name not in folders or not is_skipped(name)]
            for name in self.listing[at]:
                place = FilePlace(folder, (*at, name), archives)
                if name not in folders:
                    (self.unopened if is_zip(name) else self.files).append(place)
                elif len(place.path) <= _DEEPEST and not (name == _REFERENCES and "exercises" in folders):
                    self.folders.append(place.path)
                    inside = self._inside(folder, name)
                    if inside:
                        waiting.append((inside, place.path))

    def open_archives(self) -> bool:
        """Look through the archives that were seen so far; false when there were none."""
        waiting, self.unopened = self.unopened, []
        for place in waiting:
            try:
                if self._opened == _MOST_ARCHIVES or place.archives == _DEEPEST_ARCHIVE:
                    raise _refused(
                        f"{place.shown} was not opened: at most {_MOST_ARCHIVES} archives within a submission are "
                        f"opened, {_DEEPEST_ARCHIVE} deep. Hand in only your own modules or notebook."
                    )
                limits = self.sought.limits
                data = place.folder.read(place.name, limits.archive_bytes)
                self._opened, self._bytes = self._opened + 1, self._bytes + len(data)
                if self._bytes > 2 * limits.archive_bytes:
                    raise _refused(
                        f"The archives together are larger than {2 * limits.archive_bytes:,} bytes, the limit. "
                        "Hand in only your own modules or notebook."
                    )
                self.look(open_archive(data, place.shown, limits), place.path, place.archives + 1)
            except NotReadError as problem:
                self.problems.append(problem)
        return bool(waiting)

    def _inside(self, folder: Holding, name: str) -> Holding | None:
        try:
            return folder.inside(name)
        except NotReadError as problem:
            self.problems.append(problem)
            return None


class Located:
    """What was found of a lesson: for each module what is chosen, and what else was seen."""

    def __init__(self, holding: Holding, sought: Assignment, notebook: str = "") -> None:
        """`notebook` is the one that counts when there are several at the top."""
        self._sought = sought
        self._notebook = notebook
        self._read: dict[tuple[tuple[str, ...], str], Candidate | None] = {}
        self.of_others: dict[FilePlace, OtherWork] = {}
        self._mixed: dict[FilePlace, OtherWork] = {}
        self.search = Search(sought)
        self.search.look(holding)
        self.choices = self._choices()
        while self._is_incomplete() and self.search.open_archives():
            self.choices = self._choices()

    @property
    def mixed(self) -> dict[FilePlace, OtherWork]:
        """What was chosen and holds work on another assignment as well."""
        return {each.place: self._mixed[each.place] for _, each in self.chosen if each.is_mixed}

    @property
    def chosen(self) -> list[tuple[str, Candidate]]:
        """The modules that were found, and where."""
        return [(module, each) for module, each in self.choices.items() if isinstance(each, Candidate)]

    def notebooks(self) -> list[FilePlace]:
        """All notebooks, copies after what they are copies of."""
        found = [place for place in self.search.files if is_notebook(place.name)]
        if self._notebook:
            found = [place for place in found if place.path == (self._notebook,)] or found
        originals = {copied_from(place.name) for place in found if not is_copy(place.name)}
        return sorted(found, key=lambda place: is_copy(place.name) and copied_from(place.name) in originals)

    def defining(self, functions: Sequence[str]) -> Iterator[tuple[FilePlace, list[str]]]:
        """Files that have nothing of a module's name and define some of these functions, of which none is another's."""
        every = [exercise.function for exercise in self._sought.exercises.values()]
        named = {place for place, _ in self._read}
        others = (p for p in self.search.files if may_be_python(p.name) and p.path not in named)
        for place in islice(others, _MOST_READ):
            try:
                text = decode(place.folder.read(place.name, self._sought.limits.module_bytes), place.shown)
            except NotReadError:
                continue
            if not self._is_of_another(place, text, every) and (defined := defined_in(text, functions)):
                yield place, defined

    def _is_incomplete(self) -> bool:
        """Whether archives might hold something better: not where two differ already."""
        return not any(isinstance(each, Several) for each in self.choices.values()) and any(
            not isinstance(each, Candidate) or each.worth[module] < _WORK or each.is_mixed
            for module, each in self.choices.items()
        )

    def _choices(self) -> dict[str, Choice]:
        files = {module: list(islice(self._files(module), _MOST_READ)) for module in self._sought.modules}
        done = {m for m, found in files.items() if any(c.worth.get(m) == _WORK and not c.is_mixed for c in found)}
        # Notebooks are costly to read, and count only where no module does.
        books = [] if len(done) == len(files) else [self._read_notebook(p) for p in self.notebooks()[:_MOST_READ]]
        choices = {module: self._choice(module, files[module], books) for module in files}
        if not any(isinstance(c, Several) or (isinstance(c, Candidate) and c.worth[m]) for m, c in choices.items()):
            # Nothing but stubs: the work is in what can't be read, if anything can't.
            broken = [*(book.problem for book in books if book.problem), *self.search.problems]
            if broken:
                return dict.fromkeys(files, broken[0])
        chosen = [each for each in choices.values() if isinstance(each, Candidate)]
        if self.of_others and chosen and None in choices.values() and all(each.is_mixed for each in chosen):
            # What is missing is there for another assignment, so what may be work on both is on that one.
            self.of_others |= {each.place: self._mixed[each.place] for each in chosen}
            return dict.fromkeys(files)
        return choices

    def _choice(self, module: str, files: list[Candidate], books: list[Candidate]) -> Choice:
        for rank in product((_WORK, _SOMETHING), (False, True)):
            for archives in range(_DEEPEST_ARCHIVE + 1):
                for candidates in (files, books):
                    near = [each for each in candidates if each.place.archives == archives]
                    some = [each for each in near if (each.worth.get(module), each.is_mixed) == rank]
                    if some:
                        return _one(module, self._near_ours(some))
        broken = [each.problem for each in files if each.problem]
        if broken:
            return broken[0]
        left = [each for each in [*files, *books] if module in each.holds]
        if not left and any(path[-1] == f"{module}.py" for path in self.search.folders):
            return _refused(f"{module}.py is a folder; expected a plain file. Hand in the file itself.")
        return left[0] if left else None

    def _files(self, module: str) -> Iterator[Candidate]:
        for place in self.search.files:
            near = nearness(place.name, module)
            if near is None or is_notebook(place.name):
                continue
            key = (place.path, module)
            if key not in self._read:
                self._read[key] = self._read_module(place, module, near)
            found = self._read[key]
            if found:
                yield found

    def _read_module(self, place: FilePlace, module: str, near: int) -> Candidate | None:
        functions = [e.function for e in self._sought.exercises.values() if e.module == module]
        try:
            text = decode(place.folder.read(place.name, self._sought.limits.module_bytes), place.shown)
        except NotReadError as problem:
            return Candidate(place, near, problem=problem) if near == EXACT else None
        defined = defined_in(text, functions)
        if self._is_of_another(place, text, functions) or (near != EXACT and not defined):
            return None
        worth = _WORK if written(text, functions) else _NOTHING if defined or not text.strip() else _SOMETHING
        holds = {module: ModuleSource(module, text)}
        return Candidate(place, near, holds, {module: worth}, is_mixed=place in self._mixed)

    def _read_notebook(self, place: FilePlace) -> Candidate:
        key = (place.path, "")
        if key not in self._read:
            try:
                data = place.folder.read(place.name, self._sought.limits.notebook_bytes)
                found = notebook_candidate(place, data, self._sought)
                code = "\n".join(cell.text for cell in found.cells if cell.is_code)
                of_other = self._is_of_another(place, code, [e.function for e in self._sought.exercises.values()])
                found = Candidate(place) if of_other else replace(found, is_mixed=place in self._mixed)
                self._read[key] = found
            except NotReadError as problem:
                self._read[key] = Candidate(place, problem=problem)
        read = self._read[key]
        assert read is not None
        return read

    def _is_of_another(self, place: FilePlace, text: str, functions: Sequence[str]) -> bool:
        """Whether a text is work on another assignment; what may be on both is noted."""
        found = other_work(text, self._sought, functions)
        if found is not None:
            (self.of_others if found.is_all else self._mixed)[place] = found
        return found is not None and found.is_all

    def _near_ours(self, candidates: list[Candidate]) -> list[Candidate]:
        """Those that lie in no folder of another assignment, if any do; in one of this assignment's, all is ours."""
        others = {other.assignment for other in self._sought.others}
        ours = [e for e in candidates if self._sought.id in e.place.path[:-1] or others.isdisjoint(e.place.path[:-1])]
        return ours or candidates


def notebook_candidate(place: FilePlace, data: bytes, sought: Assignment) -> Candidate:
    """The modules that are in a notebook. Raises `NotReadError`."""
    cells = read_cells(data, place.shown, sought.limits.module_bytes, frozenset(grade_ids(sought)))
    modules, missing, alone = build_modules(cells, sought)
    worth = {}
    for module, source in modules.items():
        functions = [e.function for e in sought.exercises.values() if e.module == module]
        worth[module] = _WORK if written(source.text, functions) else _NOTHING
    return Candidate(
        place, EXACT, modules, worth, missing, None, alone=alone, cells=tuple(cells), language=language_of(data)
    )


def _one(module: str, candidates: list[Candidate]) -> Candidate | Several:
    """The one that counts of those with the same worth, or those that differ."""
    nearest = min(each.nearness for each in candidates)
    best = [each for each in candidates if each.nearness == nearest]
    originals = {copied_from(e.place.name) for e in best if not is_copy(e.place.name)}
    if is_notebook(best[0].place.name):
        best = [e for e in best if not (is_copy(e.place.name) and copied_from(e.place.name) in originals)]
    differing = {_without_blanks(each.holds[module].text): each for each in reversed(best)}
    if len(differing) == 1:
        return best[0]
    return Several(tuple(each.place for each in best if each in differing.values()))


def _without_blanks(text: str) -> str:
    return "\n".join(line for line in (line.rstrip() for line in text.split("\n")) if line)


def other_archives(places: Iterable[FilePlace]) -> list[FilePlace]:
    """Archives of kinds that are not read."""
    return [place for place in places if is_other_archive(place.name)]


def _too_many(most: int, at: tuple[str, ...]) -> NotReadError:
    where = f" (counted up to the folder {sanitized(at[-1], 80)})" if at else ""
    return _refused(f"More than {most:,} files were handed in, the limit{where}. Hand in only your own work.")


def _refused(sentence: str) -> NotReadError:
    return NotReadError(sentence, SubmissionStatus.REFUSED)
