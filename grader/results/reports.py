"""Every file of the output folder that is a rendering of the results, the learners' feedback pages above all."""

from __future__ import annotations

import csv
import hashlib
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from grader.core import labels
from grader.core.assignment import Assignment, Course, for_all_variants
from grader.core.errors import ResultsError
from grader.core.files import write_report
from grader.core.records import Change, Source, SubmissionResult
from grader.core.sanitize import visible
from grader.course.templates import hash_of_style, style, template, with_code
from grader.results.class_page import Links, write_class_page
from grader.results.data_files import (
    csv_lines,
    safe_cell,
    write_changes,
    write_comments,
    write_grades,
    write_jsonl,
    write_mistakes,
    write_overrides,
)
from grader.results.decisions import Decision, Remark
from grader.results.feedback_page import ExercisePart, Page, page_of
from grader.results.other_assignments import link_pages
from grader.results.source_page import source_html
from grader.results.store import ResultStore

# A student's modules as they were graded.
SourcesOf = Callable[[str], Sequence[Source]]
_CHARS, _BYTES = 60, 120
# Letters, marks and numbers of any script; nothing that a shell, a URL, a file system or a ZIP tool could mind.
_KEPT_CATEGORIES = ("L", "M", "N")
_KEPT = frozenset(" ._-")
_STOOD_FOR = "_"
# Devices on Windows, with any extension; `index` is what a web server shows for the whole folder.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
_HASH_DIGITS = 12
_LOOKS_HASHED = re.compile(rf"-[0-9a-f]{{{_HASH_DIGITS}}}\Z")


def page_names(students: Iterable[str]) -> dict[str, str]:
    """A file name without extension for each student; no two are equal, not even on a system that ignores case.

    A name that is safe stays as it is. One that had to be changed, or that would collide, ends with a hash of the
    whole name; so does one that ends like a hash, so that nobody can choose a name to take another's page.
    """
    clean = {student: _clean(student) for student in students}
    taken = Counter(_key(name) for name in clean.values())
    return {
        student: name if _untouched(student, name) and taken[_key(name)] == 1 else f"{name}-{_hash(student)}"
        for student, name in clean.items()
    }


def _clean(student: str) -> str:
    composed = unicodedata.normalize("NFC", student[:300])
    shown = zip(composed, visible(composed), strict=True)
    name = "".join(char if char == seen and _kept(char) else _STOOD_FOR for char, seen in shown)[:_CHARS]
    name = name.encode()[:_BYTES].decode(errors="ignore").lstrip(" .-").rstrip(" .")
    reserved = _key(name).split(".")[0].strip() in _RESERVED
    return _STOOD_FOR + name if reserved or not name else name


def _kept(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char)[0] in _KEPT_CATEGORIES


def _untouched(student: str, name: str) -> bool:
    return name == student and not _LOOKS_HASHED.search(_key(name))


def _key(name: str) -> str:
    """What two names share when some file system takes them for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _hash(student: str) -> str:
    return hashlib.sha256(student.encode(errors="surrogatepass")).hexdigest()[:_HASH_DIGITS]


def feedback_html(page: Page) -> str:
    """The page; everything in it is escaped."""
    css = style("grader.results", "feedback.css")
    feedback = template("grader.results", "feedback.html", code=with_code)
    return feedback.render(page=page, css=Markup(css), css_hash=hash_of_style(css)).removesuffix("\n")


_WIDTH = 78
_INDENT = "    "


def text_page(page: Page) -> str:
    """The page as lines of at most 78 characters, where the text allows it."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield from _wrapped(page.assignment)
    yield from _wrapped(page.course)
    yield ""
    yield from _wrapped(f"Feedback for {page.learner}")
    if page.graded:
        yield page.graded
    yield page.total if page.fraction is None else f"{labels.bar(page.fraction, 30)}  {page.total}"
    for sentence in page.handed_in:
        yield from _wrapped(sentence)
    for sentence in (*page.notice, *page.comments):
        yield ""
        yield from _wrapped(sentence)
    if page.advance:
        yield from _headed("What to try next")
        yield from _wrapped(page.advance if page.next is None else _next(page.advance, page.next))
        yield from _wrapped(page.again)
    for title, parts in page.groups:
        yield from _headed(title)
        for number, part in enumerate(parts):
            yield from [""] * bool(number)
            yield from part_lines(part)
    if page.note:
        yield from _headed("What was graded")
        yield from _wrapped(page.note)


def _next(advance: str, part: ExercisePart) -> str:
    return f"{advance} {part.id}" + (f" ({part.title})." if part.title else ".")


def part_lines(part: ExercisePart) -> Iterator[str]:
    """What is said of one exercise, as lines."""
    title = f"{part.id}: {part.title}" if part.title else part.id
    yield from _wrapped(f"{part.state.symbol} {title}", _INDENT)
    yield from _wrapped(f"  {part.state.words}, {part.override or f'{part.points} points'}", _INDENT)
    for comment in part.comments:
        yield from _wrapped(comment, _INDENT, _INDENT)
    yield from _wrapped(part.summary, _INDENT, _INDENT)
    width = max((len(label) for label, _ in part.facts), default=0)
    for label, text in part.facts:
        for number, line in enumerate(text.split("\n")):
            yield f"{_INDENT}  {'' if number else label:<{width}}  {line}".rstrip()
    if part.hint:
        yield from _wrapped(f"Hint: {part.hint}", _INDENT, _INDENT)
    for advice in part.advice:
        yield from _wrapped(f"Advice: {advice}", _INDENT, _INDENT)


def _headed(title: str) -> Iterator[str]:
    yield from ("", title, "-" * min(len(title), _WIDTH))


def _wrapped(text: str, rest: str = "", first: str = "") -> Iterator[str]:
    for number, line in enumerate(text.split("\n") if text else []):
        start = rest if number else first
        whole = textwrap.wrap(
            line, _WIDTH, initial_indent=start, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
        )
        yield from whole or [""]


_HEADER = ["student", "html", "text"]
_HELD = 2000  # results, of about 10 KB each


def write_feedback(
    folder: Path,
    index: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    names: Mapping[str, str],
    course: Course,
    assignment: Assignment,
    only: Container[str] | None = None,
) -> None:
    """Writes the pages, under these `names`, into `folder` and their list to `index`, which lies outside: learners need
    not see it. With `only`, the pages of those alone: all others are as they should be.

    The list is also how a later rendering knows which pages we made. It is written before the pages, so that a
    kill in between leaves no page that nobody knows of.
    """
    files = {student: (f"{name}.html", f"{name}.txt") for student, name in names.items()}
    gone = _made_before(index) - {file for pair in files.values() for file in pair}
    with _folder(folder, "feedback"):
        for stale in gone:
            (folder / stale).unlink(missing_ok=True)
    write_report(index, csv_lines([_HEADER, *([safe_cell(student), *pair] for student, pair in files.items())]))
    for result in _of(only, results()):
        page = page_of(result, course, assignment)
        html, text = files[result.student]
        write_report(folder / html, [feedback_html(page)], durable=False)
        write_report(folder / text, [text_page(page)], durable=False)


def write_sources(
    folder: Path,
    index: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    names: Mapping[str, str],
    course: Course,
    assignment: Assignment,
    sources: SourcesOf,
    only: Container[str] | None = None,
) -> set[str]:
    """Writes each learner's source as it was graded into `folder`, under the name of the feedback page, and says of
    whom there is one; `only` as above. To be called before `write_feedback`, whose list names the pages of learners who
    are gone."""
    files = {student: f"{name}.html" for student, name in names.items()}
    written = {student for student in files if only is not None and (folder / files[student]).exists()}
    for result in _of(only, results()):
        found = sources(result.student)
        if found:
            if not written:
                with _folder(folder, "sources"):
                    pass
            feedback = f"../feedback/{quote(files[result.student])}"
            html = source_html(result, found, course, assignment, feedback)
            write_report(folder / files[result.student], [html], durable=False)
            written.add(result.student)
    if folder.is_dir():
        with _folder(folder, "sources"):
            for stale in (_made_before(index) | set(files.values())) - {files[student] for student in written}:
                (folder / stale).unlink(missing_ok=True)
    return written


def _of(only: Container[str] | None, results: Iterable[SubmissionResult]) -> Iterable[SubmissionResult]:
    return results if only is None else (result for result in results if result.student in only)


@contextmanager
def _folder(folder: Path, what: str) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise ResultsError(f"{folder} can't be used for the {what}: {error.strerror}.") from error


def _made_before(index: Path) -> set[str]:
    """The files that the list names, as far as they are plain names of pages: it may have been edited since."""
    try:
        with index.open(encoding="utf-8", newline="") as file:
            named = {row.get(column) or "" for row in csv.DictReader(file) for column in _HEADER[1:]}
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return set()
    return {name for name in named if Path(name).name == name and Path(name).suffix in {".html", ".txt"}}


def read_once(store: ResultStore) -> Callable[[], Iterable[SubmissionResult]]:
    """The results, which are read only once where they are few enough to be held in memory."""
    if len(store.students()) > _HELD:
        return store.results
    return cache(lambda: list(store.results()))


def write_all_reports(
    folder: Path, store: ResultStore, course: Course, assignment: Assignment, only: Container[str] | None = None
) -> list[Path]:
    """Renders all that a store holds, as `write_reports` does."""
    return write_reports(
        folder,
        read_once(store),
        course,
        assignment,
        store.decisions(),
        store.remarks(),
        store.changes(),
        sources=store.sources,
        without_work=store.without_work(),
        only=only,
    )


def write_reports(
    folder: Path,
    results: Callable[[], Iterable[SubmissionResult]],
    course: Course,
    assignment: Assignment,
    decisions: Sequence[Decision] = (),
    remarks: Sequence[Remark] = (),
    changes: Sequence[Change] = (),
    *,
    sources: SourcesOf = lambda _: (),
    without_work: Sequence[str] = (),
    only: Container[str] | None = None,
) -> list[Path]:
    """Renders everything into `folder` and returns what was written (of the pages, their folder).

    `results` gives the results afresh each time it is called, sorted by student: `store.results`. `decisions` is the
    history of overrides, `remarks` that of comments, and `changes` what grading again has changed; a batch without any
    has no file of them. `sources` gives a student's modules as they were graded: `store.sources`. `without_work` are
    those who handed nothing in. With `only`, the pages of these learners alone are written, and all that tells of the
    class; the others' must be as they should be. Raises `ResultsError` when a file can't be written.
    """
    jsonl, grades = folder / "results.jsonl", folder / "grades.csv"
    overrides, mistakes, page = folder / "overrides.csv", folder / "mistakes.csv", folder / "class.html"
    feedback, index = folder / "feedback", folder / "feedback_index.csv"
    changed, comments, source = folder / "changes.csv", folder / "comments.csv", folder / "source"
    of_all = for_all_variants(assignment)
    lateness = {result.student: result.hand_in.lateness for result in results()}
    write_jsonl(jsonl, results())
    write_grades(grades, results(), assignment, has_lateness=any(lateness.values()))
    write_mistakes(mistakes, results())
    names = page_names(lateness)
    shown = write_sources(source, index, results, names, course, assignment, sources, only)
    links = Links(str(folder), feedback.name, names, source.name, shown)
    write_class_page(page, results, course, of_all, links, without_work=without_work)
    link_pages(page)
    write_feedback(feedback, index, results, names, course, assignment, only)
    more = []
    if decisions:
        write_overrides(overrides, decisions)
        more.append(overrides)
    if remarks:
        write_comments(comments, remarks)
        more.append(comments)
    if changes:
        write_changes(changed, changes)
        more.append(changed)
    return [jsonl, grades, *more, mistakes, page, *([source] if shown else []), feedback, index]
