"""What each system makes of the names in its download: whose a file is, when it came, and whether that was late.

Only what the system itself wrote into a name counts, never what a learner may choose: the leftmost mark of the system
is looked for, which stands before the learner's own part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import yaml

from grader.collecting.download import Download, LeftAside, Piece
from grader.core.errors import CollectError
from grader.core.sanitize import sanitized
from grader.reading.file_names import is_notebook, is_other_archive, is_zip

_CANVAS = re.compile(r"(?P<name>[^/]+?)_(?P<late>LATE_)?(?P<id>\d+)_(?P<file>\d+)_(?P<rest>[^/]+)")
_CANVAS_TEXT = re.compile(r"[^/]+?_(?:LATE_)?\d+_(?:text|link)\.html")
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_file_?/?(?P<rest>[^/].*)")
_MOODLE_TEXT = re.compile(r"[^/]+?_\d+_assignsubmission_onlinetext_.*")
_GRADESCOPE = re.compile(r"(?P<id>submission_\d+)/(?P<rest>.+)")
PARTICIPANT = "participant"  # in place of a column: Moodle's number of a learner in one assignment
_METADATA = "submission_metadata.yml"
_METADATA_BYTES = 200_000_000
# Canvas and browsers put a number behind the name of a file that was handed in or fetched again.
_NUMBER = re.compile(r"(?:-\d+|[ +_]*\(\d+\))+(?=\.\w+$)")


@dataclass(frozen=True)
class Claim:
    """Who a download says that somebody is.

    `keys` are (column of a roster, value), the surest first; `own` is what the entry is called without a roster.
    `ends_with` is a name that ends with the learner's GitHub name.
    """

    name: str
    own: str
    keys: tuple[tuple[str, str], ...] = ()
    ends_with: str = ""


@dataclass(frozen=True)
class Work:
    """What a learner or a team handed in: `files` are (path in the entry, file). `handed_in` is known or None."""

    source: str
    by: tuple[Claim, ...]
    files: tuple[tuple[str, Piece], ...]
    late: bool = False
    handed_in: datetime | None = None


Found = tuple[list[Work], list[LeftAside]]


def found_in(download: Download, system: str) -> Found:
    """Everything that was handed in, and what is nobody's. Raises `CollectError` when there is nothing at all."""
    works, aside = SYSTEMS[system](download.pieces)
    if not works:
        others = [name for name in _SURE if name != system and _finds(name, download)]
        seen = [f"{shown(each.path)} ({each.why})" for each in (*download.aside, *aside)][:3]
        raise CollectError(
            f"There is nothing in it that looks like a submission as {system} packs it"
            + (f"; found {' and '.join(seen)}. " if seen else ", no file at all. ")
            + (f"It looks like a download from {others[0]}: use --from {others[0]}." if others else _EXPECTED[system])
        )
    return works, aside


def _finds(system: str, download: Download) -> bool:
    try:
        return bool(SYSTEMS[system](download.pieces)[0])
    except CollectError:
        return False


def _canvas(pieces: Sequence[Piece]) -> Found:
    return _by_number(
        pieces, _CANVAS, _why_not_canvas, lambda found: (("canvas_id", found["id"]), ("student", found["id"]))
    )


def _moodle(pieces: Sequence[Piece]) -> Found:
    return _by_number(
        pieces, _MOODLE, _why_not_moodle, lambda found: ((PARTICIPANT, found["id"]), ("name", found["name"]))
    )


def _why_not_canvas(path: str) -> str:
    if _CANVAS_TEXT.fullmatch(path):
        return "a text or an address that was typed into Canvas, and no file"
    if path.startswith("anon_"):
        return "the assignment is anonymous: Canvas hides whose it is until the grades are posted"
    return "its name is not one that Canvas gives"


def _why_not_moodle(path: str) -> str:
    if _MOODLE_TEXT.fullmatch(path):
        return "a text that was typed into Moodle, and no file"
    return "its name is not one that Moodle gives"


def _by_number(
    pieces: Sequence[Piece],
    pattern: re.Pattern[str],
    why_not: Callable[[str], str],
    keys: Callable[[re.Match[str]], tuple[tuple[str, str], ...]],
) -> Found:
    """The files of those systems that put the learner's number into every name."""
    aside: list[LeftAside] = []
    by_number: defaultdict[str, list[tuple[re.Match[str], Piece]]] = defaultdict(list)
    for path, piece in _without_top(pieces, pattern):
        if found := pattern.fullmatch(path):
            by_number[found["id"]].append((found, piece))
        else:
            aside.append(LeftAside(piece.path, why_not(path)))
    works = []
    for number, files in by_number.items():
        newest, older = _newest(files)
        aside += older
        first = files[0][0]
        source = newest[0][1].path if len(newest) == 1 else f"{first['name']}_{number}"
        late = any(found.groupdict().get("late") for found, _ in files)
        claim = Claim(first["name"], number, keys(first))
        works.append(Work(source, (claim,), tuple(newest), late))
    return works, aside


def _newest(files: Sequence[tuple[re.Match[str], Piece]]) -> tuple[list[tuple[str, Piece]], list[LeftAside]]:
    """Each file under its plain name; of several with one name the newest, by Canvas's number or the browser's."""
    by_name: defaultdict[str, list[tuple[tuple[int, list[int], str], str, Piece]]] = defaultdict(list)
    for found, piece in files:
        number = _NUMBER.search(found["rest"])
        plain = _NUMBER.sub("", found["rest"])
        numbers = [int(each) for each in re.findall(r"\d+", number[0])] if number else []
        age = (int(found.groupdict().get("file") or 0), numbers, found["rest"])
        by_name[plain.casefold()].append((age, plain, piece))
    newest: list[tuple[str, Piece]] = []
    older: list[LeftAside] = []
    for same in by_name.values():
        *others, (_, plain, last) = sorted(same, key=lambda each: each[0])
        newest.append((plain, last))
        older += [
            LeftAside(piece.path, f"{shown(last.path)} is newer, and has the same name") for _, _, piece in others
        ]
    return newest, older


def _gradescope(pieces: Sequence[Piece]) -> Found:
    inside = list(_without_top(pieces, _GRADESCOPE))
    metadata = next((piece for path, piece in inside if path == _METADATA), None)
    if metadata is None:
        raise CollectError(
            f"There is no {_METADATA} in it, which says whose a submission is. Expected what Gradescope packs at "
            "Review Grades > Export Submissions."
        )
    said = _metadata(metadata)
    files: defaultdict[str, list[tuple[str, Piece]]] = defaultdict(list)
    aside: list[LeftAside] = []
    for path, piece in inside:
        if found := _GRADESCOPE.fullmatch(path):
            files[found["id"]].append((found["rest"], piece))
        elif piece is not metadata:
            aside.append(LeftAside(piece.path, "it lies in no submission's folder"))
    works = []
    for name, own in files.items():
        by = tuple(_submitters(said.get(name)))
        if not by:
            aside.append(LeftAside(name, f"{_METADATA} does not say whose it is"))
            continue
        works.append(Work(name, by, tuple(own), handed_in=_time(said[name].get(":created_at"))))
    return works, aside


def _metadata(piece: Piece) -> Mapping[str, Any]:
    """What Gradescope says of each submission. The keys begin with colons: it is written by Ruby."""
    if piece.size > _METADATA_BYTES:
        raise CollectError(f"{_METADATA} has {piece.size / 1e6:.0f} MB; expected at most {_METADATA_BYTES / 1e6:.0f}.")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        with piece.opened() as file:
            said = yaml.load(file.read(_METADATA_BYTES), loader)  # a safe loader, the fast one where it is there
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as error:
        raise CollectError(f"{_METADATA} can't be read ({sanitized(error, 200)}). Export it again.") from None
    if not isinstance(said, dict):
        raise CollectError(f"{_METADATA} is not in Gradescope's format: expected a table of submissions.")
    return {str(name): about for name, about in said.items() if isinstance(about, dict)}


def _submitters(about: Mapping[str, Any] | None) -> Iterator[Claim]:
    listed = (about or {}).get(":submitters")
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict):
            continue
        name, sid, email = (str(each.get(key) or "").strip() for key in (":name", ":sid", ":email"))
        by_email = tuple((column, email) for column in ("email", "login", "student") if email)
        by_sid = tuple((column, sid) for column in ("sis_id", "idnumber", "student", "login") if sid)
        if own := sid or email or name:
            yield Claim(name or own, own, (*by_email, *by_sid, *((("name", name),) if name else ())))


def _time(said: object) -> datetime | None:
    if not isinstance(said, datetime):
        return None
    return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)


_TOLD_BY = ("student", "login", "email", "sis_id", "canvas_id", "idnumber", "github", "name")


def _folder(pieces: Sequence[Piece]) -> Found:
    works, aside = _by_top(pieces)
    return [replace(work, by=(_called(work.by[0].own),)) for work in works], aside


def _called(own: str) -> Claim:
    return Claim(own, own, tuple((column, own) for column in _TOLD_BY))


def _github(pieces: Sequence[Piece]) -> Found:
    works, aside = _by_top(pieces)
    clones = [work for work in works if not _is_file(work)]
    aside += [LeftAside(work.source, "expected a clone, which is a folder") for work in works if _is_file(work)]
    return [replace(work, by=(replace(work.by[0], ends_with=work.source),)) for work in clones], aside


def _is_file(work: Work) -> bool:
    return len(work.files) == 1 and work.files[0][1].path.endswith(work.source) and "/" not in work.files[0][0]


def _by_top(pieces: Sequence[Piece]) -> Found:
    """Everything by what it is called in the folder: an entry each."""
    tops: defaultdict[str, list[tuple[str, Piece]]] = defaultdict(list)
    aside: list[LeftAside] = []
    before = _wrapper(pieces)
    for piece in pieces:
        top, slash, rest = piece.path.removeprefix(before).partition("/")
        if slash or _may_be_entry(top):
            tops[top].append((rest or top, piece))
        else:
            aside.append(LeftAside(piece.path, "neither a folder nor a .zip nor a notebook"))
    works = []
    for top, files in tops.items():
        own = PurePosixPath(top).stem if files[0][1].path == before + top else top
        works.append(Work(top, (Claim(own, own),), tuple(files)))
    return works, aside


def _may_be_entry(name: str) -> bool:
    return is_zip(name) or is_notebook(name) or is_other_archive(name)


def _wrapper(pieces: Sequence[Piece]) -> str:
    """The one folder that was packed with all entries in it, and a slash; empty where there is none."""
    tops = {piece.path.partition("/")[0] for piece in pieces if "/" in piece.path}
    below = {tuple(piece.path.split("/")[1:3]) for piece in pieces}
    names = {first for first, *_ in (each for each in below if each)}
    plain = [each[0] for each in below if len(each) == 1]
    is_one = len(tops) == 1 and len(names) > 1 and all("/" in piece.path for piece in pieces)
    return f"{next(iter(tops))}/" if is_one and all(map(_may_be_entry, plain)) else ""


def _without_top(pieces: Sequence[Piece], pattern: re.Pattern[str]) -> Iterator[tuple[str, Piece]]:
    """The paths without the one folder in which everything lies, where there is one and it is nobody's."""
    tops = {piece.path.partition("/")[0] if "/" in piece.path else "" for piece in pieces}
    top = next(iter(tops)) if len(tops) == 1 else ""
    is_cut = bool(top) and not any(pattern.fullmatch(piece.path) for piece in pieces)
    for piece in pieces:
        yield piece.path.partition("/")[2] if is_cut else piece.path, piece


def shown(path: str) -> str:
    """A path of a download, safe to show."""
    return f'"{sanitized(path, 120)}"'


SYSTEMS: Mapping[str, Callable[[Sequence[Piece]], Found]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "github": _github,
    "folder": _folder,
}
_SURE = ("canvas", "moodle", "gradescope")  # whose marks nobody else makes
_EXPECTED = {
    "canvas": "Expected what Download Submissions packs.",
    "moodle": "Expected what Download all submissions packs.",
    "gradescope": "Expected what Export Submissions packs.",
    "github": "Expected the folder of the clones.",
    "folder": "Expected a folder, a .zip or a .ipynb for each learner.",
}
