"""What was handed in, read as data: the modules that a learner wrote, or why there are none. Nothing of it is run."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.core.assignment import Assignment
from grader.core.labels import joined
from grader.core.records import NotReadError, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.reading.file_names import is_notebook, is_zip
from grader.reading.folders import Holding, Single, is_skipped, open_archive
from grader.reading.locate import Candidate, FilePlace, Located, Several, other_archives
from grader.reading.module_text import ModuleSource
from grader.reading.notebook_cells import Cell

_MOST_STRAYS = 20
_MOST_PLACES = 5
_CODE = (".py", ".pyc", ".pyd", ".so", ".pth")
# Of data files that lie beside the work: more than an exercise needs, and less than a scratch folder holds.
_DATA_BYTES, _DATA_FILES, _DATA_DEPTH = 4_000_000, 200, 3


@dataclass(frozen=True)
class Reading:
    """What one learner handed in. Every module that was sought is either in `modules` or in `problems`.

    `problems` says in a sentence why a module could not be had, and `not_found` names those of them that were not there
    at all. `places` says where modules were found that don't lie at the top under their own names. `strays` names other
    files that were left aside, safe to show; when they are many, the last one says how many more. `overruled` are those
    of them that are notebooks which would have counted without the modules. `mixed` is a sentence on what counts and
    holds work on another assignment as well. `alone` holds, for an exercise's id, the modules that this exercise
    consists of by itself: what it reaches, and no more. `cells` and `language` are those of
    the notebook that counts. `data` are the files that lie beside the modules, by their paths from there.
    """

    modules: Mapping[str, ModuleSource]
    problems: Mapping[str, str]
    strays: tuple[str, ...] = ()
    overruled: tuple[str, ...] = ()
    mixed: str = ""
    alone: Mapping[str, Mapping[str, ModuleSource]] = field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    language: str = ""
    places: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    data: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def note(self) -> str:
        """What the learner is told of where things were found, and of what was left aside; empty when there is none."""
        notes = [f"Found in {joined(self.places)}."] if self.places else []
        notes += [self.mixed] if self.mixed else []
        others = [name for name in self.strays if name not in self.overruled]
        if others:
            notes.append(f"Left aside: {', '.join(others)}.")
        if self.overruled:
            were = "were" if len(self.overruled) > 1 else "was"
            notes.append(
                f"{', '.join(self.overruled)} {were} not graded: where a module is handed in too, the modules count. "
                "If you worked in a notebook, hand in that notebook alone."
            )
        return " ".join(notes)


def read_file(name: str, data: bytes, sought: Assignment) -> Reading:
    """What one file holds that was handed in as it is: an archive, a notebook or a module. Raises `NotReadError`."""
    if is_zip(name):
        return read_holding(open_archive(data, sanitized(name, 80), sought.limits), sought)
    return read_holding(Single(name, data), sought)


def read_holding(holding: Holding, sought: Assignment, notebook: str = "") -> Reading:
    """What a folder holds, wherever it lies. `notebook` is the one that counts when there are several at its top.

    Raises `NotReadError`, with the status `not_found` when nothing was found that could be graded, or several.
    """
    found = Located(holding, sought, notebook)
    several = [(module, each) for module, each in found.choices.items() if isinstance(each, Several)]
    if several:
        raise NotReadError(_which_counts(several), SubmissionStatus.NOT_FOUND)
    chosen = dict(found.chosen)
    if not chosen:
        raise _nothing(found, sought)
    modules = {module: each.holds[module] for module, each in chosen.items()}
    missing = [module for module in sought.modules if module not in chosen]
    problems = {module: _problem(module, found, sought) for module in missing}
    used = list(dict.fromkeys(each.place for each in chosen.values()))
    books = [] if any(is_notebook(place.name) for place in used) else [p for p in found.notebooks() if not p.archives]
    book = next((each for each in chosen.values() if each.cells), None)
    return Reading(
        modules,
        problems,
        listed(_aside(found, used)),
        listed([place.name for place in books]),
        _mixed(found, sought),
        _alone(chosen, sought),
        book.cells if book else (),
        book.language if book else "",
        tuple(place.shown for place in used if _is_elsewhere(place, chosen)),
        tuple(module for module in missing if not isinstance(found.choices[module], NotReadError)),
        _beside(used),
    )


def _beside(places: list[FilePlace]) -> dict[str, bytes]:
    """The files that lie where the work does, and below, as many of them as are small enough: code may read them."""
    data: dict[str, bytes] = {}
    left = _DATA_BYTES
    waiting = [(place.folder, "") for place in places]
    while waiting and len(data) < _DATA_FILES:
        folder, way = waiting.pop(0)
        folders = set(folder.folders())
        for name in folder.names():
            if name in folders:
                if way.count("/") < _DATA_DEPTH and not is_skipped(name):
                    with contextlib.suppress(NotReadError):
                        waiting.append((folder.inside(name), f"{way}{name}/"))
            elif f"{way}{name}" not in data and not (is_zip(name) or is_notebook(name) or name.lower().endswith(_CODE)):
                with contextlib.suppress(NotReadError):  # it is too large, or damaged
                    found = folder.read(name, left)
                    left -= len(found)
                    data[f"{way}{name}"] = found
    return dict(list(data.items())[:_DATA_FILES])


def _alone(chosen: Mapping[str, Candidate], sought: Assignment) -> dict[str, Mapping[str, ModuleSource]]:
    places = {id: chosen[exercise.module] for id, exercise in sought.exercises.items() if exercise.module in chosen}
    return {id: found.alone[id] for id, found in places.items() if id in found.alone}


def _is_elsewhere(place: FilePlace, chosen: Mapping[str, Candidate]) -> bool:
    """Whether it must be said where this was found: it isn't at the top under its own name."""
    own = {f"{module}.py" for module, each in chosen.items() if each.place == place}
    return len(place.path) > 1 or not (is_notebook(place.name) or place.name in own)


def _aside(found: Located, used: list[FilePlace]) -> list[str]:
    """What else lies in the folders that lead to what was used."""
    ways = {place.path[:end] for place in used for end in range(len(place.path) + 1)}
    every = [
        name for at in sorted(ways, key=len) for name in found.search.listing.get(at, ()) if (*at, name) not in ways
    ]
    return list(dict.fromkeys(every))


def _problem(module: str, found: Located, sought: Assignment) -> str:
    """Why a module is not there, while another one is."""
    choice = found.choices[module]
    if isinstance(choice, NotReadError):
        return str(choice)
    books = {each.place.shown: each for each in dict(found.chosen).values() if module in each.missing}
    if books:
        return next(iter(books.values())).missing[module]
    return f"{module}.py was not found in the submission{_seen(found, sought, (module,))}"


def _nothing(found: Located, sought: Assignment) -> NotReadError:
    """What is said when no module was found: why what was found can't be read, else what was seen."""
    broken = [each for each in found.choices.values() if isinstance(each, NotReadError)]
    if broken:
        sentences = dict.fromkeys(str(each) for each in broken)
        return NotReadError(" ".join(sentences), broken[0].status)
    archives = other_archives(found.search.files)
    if archives:
        some = joined([place.shown for place in archives[:_MOST_PLACES]])
        are = "is an archive of a kind" if len(archives) == 1 else "are archives of kinds"
        return NotReadError(f"{some} {are} that can't be read. Make a .zip of what is in it, or hand in the folder.")
    if found.of_others:
        return NotReadError(_of_others(found, sought), SubmissionStatus.NOT_FOUND)
    wanted = joined([f"{module}.py" for module in sought.modules])
    if not any(found.search.listing.values()):
        return NotReadError(
            f"The submission is empty; expected {wanted}, or a notebook. Hand in your work again.",
            SubmissionStatus.NOT_FOUND,
        )
    read = found.notebooks()
    if read:
        functions = ", ".join(exercise.function for exercise in sought.exercises.values())
        some = joined([place.shown for place in read[:_MOST_PLACES]])
        return NotReadError(
            f"{some} {'defines' if len(read) == 1 else 'define'} none of {functions}. "
            f"Hand in the notebook that does, or {wanted}.",
            SubmissionStatus.NOT_FOUND,
        )
    were = "were" if len(sought.modules) > 1 else "was"
    seen = _seen(found, sought, tuple(sought.modules))
    return NotReadError(
        f"{wanted} {were} not found in the submission, and no notebook{seen}", SubmissionStatus.NOT_FOUND
    )


def _of_others(found: Located, sought: Assignment) -> str:
    """What is said where there is nothing but work on other assignments."""
    some = joined([place.shown for place in list(found.of_others)[:_MOST_PLACES]])
    titles = joined(list(dict.fromkeys(f'"{each.other.title}"' for each in found.of_others.values())))
    are = "is" if len(found.of_others) == 1 else "are"
    ours = list(dict.fromkeys(name for each in found.of_others.values() for name in each.ours))
    but = f", though {joined(ours)} {'is' if len(ours) == 1 else 'are'} defined there" if ours else ""
    return f'{some} {are} work on {titles}, not on "{sought.title}"{but}. Hand in your work on that one.'


def _mixed(found: Located, sought: Assignment) -> str:
    """What is said of files that count and hold work on other assignments as well; empty where none do."""
    if not found.mixed:
        return ""
    others = [each.other for each in found.mixed.values()]
    functions = [e.function for e in sought.exercises.values()]
    shared = [name for name in functions if any(name in other.functions for other in others)]
    last = f" Of {joined(shared)}, which both have, the last definition counts." if shared else ""
    holds = "holds" if len(found.mixed) == 1 else "hold"
    titles = joined([f'"{title}"' for title in dict.fromkeys(other.title for other in others)])
    places = joined([place.shown for place in found.mixed])
    return f"{places} {holds} work on {titles} as well.{last} Hand in each in files of its own."


def _seen(found: Located, sought: Assignment, modules: tuple[str, ...]) -> str:
    """What was seen instead, and what to do: the end of a sentence and the next one."""
    functions = [each.function for each in sought.exercises.values() if each.module in modules]
    defining = next(found.defining(functions), None)
    if defining:
        place, names = defining
        own = [m for m in modules if {e.function for e in sought.exercises.values() if e.module == m} & set(names)]
        files = joined([f"{module}.py" for module in own])
        again = "give it this name and hand it in again" if len(own) == 1 else "hand it in under each of these names"
        return f". {place.shown} defines {joined(names)}: if that is {files}, {again}."
    if found.of_others:
        return f". {_of_others(found, sought)}"
    seen = listed(_left(found))[:_MOST_PLACES]
    again = "Hand in a file of that name." if len(modules) == 1 else "Hand in files of these names."
    return f"; found {', '.join(seen)}. {again}" if seen else f". {again}"


def _left(found: Located) -> list[str]:
    """What to name of what was seen and not used: files, the least deep first; where there are none, folders."""
    used = {each.place for _, each in found.chosen}
    files = [place.shown for place in [*found.search.files, *found.search.unopened] if place not in used]
    return files or ["/".join(path) for path in found.search.folders]


def _which_counts(several: list[tuple[str, Several]]) -> str:
    """The sentence about files of which nobody knows which counts."""
    said: dict[tuple[FilePlace, ...], str] = {}
    for module, each in several:
        what = "notebooks" if is_notebook(each.places[0].name) else f"files for {module}.py"
        some = [place.shown for place in each.places[:_MOST_PLACES]]
        more = [f"{len(each.places) - _MOST_PLACES} more"] if len(each.places) > _MOST_PLACES else []
        said.setdefault(each.places, f"There are {len(each.places)} {what} that differ: {joined([*some, *more])}.")
    return f"{' '.join(said.values())} It is unclear which one counts. Hand in only that one."


def listed(names: list[str]) -> tuple[str, ...]:
    """The names, safe to show; of very many the first ones, and how many more there are."""
    shown = [sanitized(name, 80) for name in names[:_MOST_STRAYS]]
    if len(names) > _MOST_STRAYS:
        shown.append(f"and {len(names) - _MOST_STRAYS} more")
    return tuple(shown)
