"""The learners' pages to be returned: a folder for each of them, all in one folder or ZIP file; and whose is whose in
Moodle.

Moodle finds whose a feedback file is by the folder that it lies in, `Full name_812_assignsubmission_file_`, where 812
is the participant's number in this assignment (is_valid_filename_for_import in
mod/assign/feedback/file/importziplib.php of moodle/moodle). Who has which number is in its grading worksheet, whose
first column has the same number behind a word in the language of the site, `Participant 812`; or in what *Download all
submissions* gave.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from grader.core.assignment import Assignment, Course
from grader.core.errors import ExportError, ResultsError
from grader.core.files import replace_whole, zipped
from grader.core.records import SubmissionResult
from grader.results.export.exported import LeftOut
from grader.results.export.roster import Person, column_of, folded, quoted_value, trimmed
from grader.results.export.roster_file import table_rows
from grader.results.feedback_page import page_of
from grader.results.reports import feedback_html, text_page

_IN_A_DOWNLOAD = re.compile(r"([^/_]*)_([0-9]+)_assignsubmission_[^/_]+(?:_.*)?", re.DOTALL)
_IDENTIFIER = re.compile(r"[^0-9]*([0-9]{1,18})")
_KEPT = ("L", "M", "N")
_BYTES = 120
_MOST_NAMES = 5


@dataclass(frozen=True)
class Participant:
    """Somebody in the assignment, by the number; the rest is empty where the file doesn't say it."""

    number: str
    name: str = ""
    email: str = ""
    idnumber: str = ""
    login: str = ""

    @property
    def folder(self) -> str:
        """What the folder with this one's feedback is called, as Moodle calls that of the submission.

        A name has no `_` there, since that ends it.
        """
        kept = "".join(char if unicodedata.category(char)[0] in _KEPT or char in "-.'" else " " for char in self.name)
        name = " ".join(kept.encode()[:_BYTES].decode(errors="ignore").split()).strip(" .-")
        return f"{name or 'Participant'}_{self.number}_assignsubmission_file_"


def read_participants(path: Path) -> list[Participant]:
    """The participants in a grading worksheet (CSV), or in the folder that a download of submissions was unpacked to.

    An archive is not opened here: what learners handed in is taken apart in processes of its own only. Raises
    `ExportError` when it is neither, or when two lines or folders contradict each other.
    """
    try:
        if path.is_dir():
            return _of_download(path, sorted(entry.name for entry in path.iterdir()))
        with path.open("rb") as file:
            is_archive = file.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise ExportError(f"The grading worksheet {path} can't be read: {error.strerror or error}.") from None
    if is_archive:
        raise ExportError(f"{path} is an archive. Unpack it and give its folder, or give the grading worksheet (CSV).")
    return _of_worksheet(path)


def _of_download(path: Path, names: Sequence[str]) -> list[Participant]:
    found: dict[str, Participant] = {}
    for name in names:
        parts = _IN_A_DOWNLOAD.fullmatch(name)
        if parts is None:
            continue
        one = Participant(parts[2], name=parts[1])
        if folded(found.setdefault(one.number, one).name) != folded(one.name):
            raise ExportError(
                f"{path}: participant {one.number} is there under two names, "
                f"{quoted_value(found[one.number].name)} and {quoted_value(one.name)}. Download the submissions again."
            )
    if not found:
        there = ", ".join(map(quoted_value, names[:_MOST_NAMES])) or "nothing"
        raise ExportError(
            f"{path} is not what Moodle's Download all submissions gives: expected folders called "
            f'"Full name_812_assignsubmission_file_", found {there}. The grading worksheet (CSV) will do as well.'
        )
    if _are_hidden([*found.values()]):
        return [Participant(number) for number in found]
    return list(found.values())


def _are_hidden(participants: Sequence[Participant]) -> bool:
    """Whether submissions are anonymous: then all have one name, the word for a participant in the site's language."""
    names = {folded(one.name) for one in participants}
    return names == {"participant"} or (len(names) == 1 and len(participants) > 1)


def _of_worksheet(path: Path) -> list[Participant]:
    rows = table_rows(path, "grading worksheet")
    if len(rows) < 2:
        raise ExportError(f"{path} names no participant; expected Moodle's grading worksheet, with a line for each.")
    columns = [column_of(heading) for heading in rows[0][1]]
    found: dict[str, Participant] = {}
    for line, row in rows[1:]:
        number = _IDENTIFIER.fullmatch(trimmed(row[0]))
        if number is None:
            raise ExportError(
                f"{path}, line {line}: expected Moodle's identifier in the first column, such as "
                f'"Participant 812"; found {quoted_value(row[0])}. Give the grading worksheet as Moodle wrote it.'
            )
        if number[1] in found:
            raise ExportError(f"{path}, line {line}: participant {number[1]} is there twice. Get the worksheet again.")
        cells = {column: trimmed(cell) for column, cell in zip(columns[1:], row[1:], strict=False)}
        known = {column: cells.get(column, "") for column in ("name", "email", "idnumber", "login")}
        found[number[1]] = Participant(number[1], **known)
    return list(found.values())


_BY = ("email", "idnumber", "login")
_Index = dict[str, list[Participant]]


def folders_of(
    people: Mapping[str, Person], others: Iterable[Person], participants: Sequence[Participant], left_out: list[LeftOut]
) -> dict[str, str]:
    """The folder of each learner's feedback, by the name of the entry; whoever is not found for sure is added to
    `left_out`.

    The entry's name may be the participant's number or any other of its columns; columns of the roster are compared
    with those of the same name. What contradicts itself, or fits two, fits nobody. `others` are people of the roster
    without a result: nobody gets a folder that may be theirs.
    """
    by_column = {column: _indexed(participants, column) for column in ("number", "name", *_BY)}
    fitting = {student: _fitting(student, person, by_column) for student, person in people.items()}
    others = [*others]
    of_others = [_fitting(person.student, person, by_column) for person in others]
    claims = [one for found in (*fitting.values(), *of_others) for one in found]
    folders: dict[str, str] = {}
    for student, found in fitting.items():
        if why := _why_not(found, people[student], claims):
            left_out.append(LeftOut(student, why, people[student].name))
        else:
            folders[student] = found[0].folder
    known = {one.number for one in claims}
    left_out.extend(
        LeftOut(f"Participant {one.number}", "in Moodle's file, and nobody's result", one.name)
        for one in participants
        if one.number not in known
    )
    return folders


def _indexed(participants: Sequence[Participant], column: str) -> _Index:
    index: _Index = {}
    for one in participants:
        if value := folded(getattr(one, column)):
            index.setdefault(value, []).append(one)
    return index


def _fitting(student: str, person: Person, by_column: Mapping[str, _Index]) -> list[Participant]:
    """Everybody in the assignment who this may be."""
    in_a_download = _IN_A_DOWNLOAD.fullmatch(student)
    called = folded(in_a_download[2] if in_a_download else student)
    sure = [*by_column["number"].get(called, ())]
    for column in _BY:
        sure += by_column[column].get(called, ())
        sure += by_column[column].get(folded(getattr(person, column)), ())
    named = [*by_column["name"].get(called, ()), *by_column["name"].get(folded(person.name), ())]
    agreed = [one for one in sure if one in named]
    found = sure if agreed or not named else [*sure, *named]
    return list({one.number: one for one in found}.values())


def _why_not(found: Sequence[Participant], person: Person, claims: Sequence[Participant]) -> str:
    """Why a learner gets no folder; empty where it is sure whose it is."""
    if not found:
        return "not found in Moodle's file"
    if len(found) > 1:
        return f"may be participant {' or '.join(one.number for one in found)} of Moodle's file"
    (one,) = found
    if claims.count(one) > 1:
        return f"may be participant {one.number} of Moodle's file, and so may somebody else"
    if person.name and one.name and not _words(person.name) & _words(one.name):
        return f"would be participant {one.number} of Moodle's file, who is called {quoted_value(one.name)} there"
    return ""


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", folded(name)))


# Addresses that can name a folder on every system: no slash, no drive, no device, nothing that a program would expand.
_ADDRESS = re.compile(r"\w[\w.+'-]*@\w[\w.-]*\w")
_LONGEST = 200


def address_folders(people: Mapping[str, Person], left_out: list[LeftOut]) -> dict[str, str]:
    """The e-mail address of each learner, by the name of the entry; whoever has none that can name a folder is added
    to `left_out`."""
    folders: dict[str, str] = {}
    for student, person in people.items():
        if not person.email:
            left_out.append(LeftOut(student, "no email in the roster", person.name))
        elif not _ADDRESS.fullmatch(person.email) or len(person.email.encode()) > _LONGEST:
            left_out.append(LeftOut(student, "an e-mail address that can't name a folder", person.name))
        else:
            folders[student] = person.email
    return folders


def pages(
    results: Iterable[SubmissionResult], folders: Mapping[str, str], course: Course, assignment: Assignment
) -> dict[str, bytes]:
    """`FOLDER/feedback.html` and `FOLDER/feedback.txt` of each learner who has a folder, by their path."""
    files: dict[str, bytes] = {}
    for result in results:
        if folder := folders.get(result.student):
            page = page_of(result, course, assignment)
            files[f"{folder}/feedback.html"] = feedback_html(page).encode(errors="backslashreplace")
            files[f"{folder}/feedback.txt"] = text_page(page).encode(errors="backslashreplace")
    return files


def refuse_if_taken(*paths: Path) -> None:
    """Raises `ExportError` where something lies already; a folder that is to be one may be there, empty."""
    for path in paths:
        try:
            taken = path.is_symlink() or path.exists()
            if taken and not _is_empty_folder(path):
                raise ExportError(f"{path} is there already, and nothing is written over. Give another --out.")
        except OSError as error:
            raise ExportError(f"{path} can't be used for the pages: {error.strerror or error}.") from None


def write_pages(out: Path, files: Mapping[str, bytes]) -> None:
    """Writes everything or nothing: a ZIP file, which is the same for the same pages, or a folder.

    Raises `ExportError` for what is there already, and `ResultsError` when it can't be written.
    """
    refuse_if_taken(out)
    with _in_words(out):
        if _is_archive(out):
            replace_whole(out, [zipped(files)])
            return
        unfinished = out.with_name(f".{out.name}.tmp")
        try:
            shutil.rmtree(unfinished, ignore_errors=True)  # what a killed process left
            for name, data in files.items():
                path = unfinished / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            with suppress(FileNotFoundError):
                out.rmdir()
            unfinished.rename(out)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not _is_archive(path) and not any(path.iterdir())


def _is_archive(out: Path) -> bool:
    return out.suffix.lower() == ".zip"


@contextmanager
def _in_words(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResultsError(f"{out} can't be written: {error.strerror or error}.") from error
