"""The learners' pages to be returned: a folder for each of them, all in one folder or ZIP file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.core.assignment import Assignment, Course
from grader.core.errors import ExportError, ResultsError
from grader.core.files import replace_whole, zipped
from grader.core.records import SubmissionResult
from grader.results.export.matching import LeftOut
from grader.results.export.roster import Person
from grader.results.feedback_page import page_of
from grader.results.reports import feedback_html, text_page

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
