"""A course of one variant: folders in which values stand in place of parameters, so that nothing knows of variants.

Only the folders that are needed are there: those of the assignments that it is made for, what lies beside them, and
`course.toml`. Other assignments are in `course.toml` alone, as their first variant.
"""

from __future__ import annotations

import ast
import errno
import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Any

from grader.core.assignment import (
    FILE_NAME,
    MANIFEST,
    NOTEBOOK,
    OF_VARIANT,
    PAGE,
    SEALED,
    Assignment,
    Course,
    Exercise,
    filled,
    of_variant,
    text_of,
)
from grader.core.errors import CourseError, ReleaseError, did_you_mean
from grader.core.files import read_if_there, replace_file
from grader.core.labels import parameter_words
from grader.course.variant_source import asked_for, resolved_source, resolved_text
from grader.derived.stubs import read_solution
from grader.grading.bank import MISTAKES, lesson_parts
from grader.grading.exercise_keys import without_docstrings
from grader.reading.name_resolution import ParsedModule

_ROOMS = ("exercises", "solutions")
_SHUT_IN = "of_variant"


@dataclass(frozen=True)
class VariantCourse:
    """A course of one variant of an assignment, in `root`; or the author's own, where the assignment has no variants:
    then `name` is empty. `is_first`: what was generated lies there, as it does in the author's folders."""

    name: str
    root: Path
    course: Course
    assignment: Assignment
    is_first: bool = True


@contextmanager
def variant_course(
    root: Path,
    course: Course,
    assignment: Assignment,
    name: str,
    *,
    to_release: Sequence[Assignment] = (),
    knows_others: bool = False,
    to_grade: bool = False,
) -> Iterator[VariantCourse]:
    """The course of the variant `name`, in a temporary folder.

    All that is to be released with it is there as well: the course has no variants then, also where only another
    assignment has some. With `knows_others`, the bank has the answers to the other variants as misconceptions.
    `to_grade` leaves out what is generated, in every variant alike. Raises `CourseError`, with a sentence a line, for
    what can't be resolved, and `ReleaseError` for what can't be read or written.
    """
    if not assignment.variants and not (to_release and any(each.variants for each in course.assignments.values())):
        yield VariantCourse("", root, course, assignment)
        return
    is_first = name == first_variant(assignment)
    with tempfile.TemporaryDirectory(prefix="grader-variant-") as place:
        made = Path(place).resolve() / "course"
        # As on the machines of a cluster: learners' processes, which may be other users, read data in exercises/.
        made.parent.chmod(0o755)
        made.mkdir(0o755)
        (made / "solutions").mkdir(0o700)
        names = {
            each.id: name if each.id == assignment.id else first_variant(each) for each in course.assignments.values()
        }
        _put(_course_text(root, course, names).encode(), made / FILE_NAME)
        for room in _ROOMS:
            for path in sorted((root / room).glob("*")):
                if path.is_file():
                    _put(path, made / room / path.name)
        for each in dict.fromkeys([assignment.id, *(other.id for other in to_release)]):
            kept = not to_grade and (is_first or each != assignment.id)
            files = _resolved(root, course.assignments[each], names[each], keep_generated=kept)
            for file, data in files.items():
                _put(data, made / file)
        if (root / "docs").is_dir():
            (made / "docs").symlink_to((root / "docs").resolve())
        resolved = {key: of_variant(each, names[key]) for key, each in course.assignments.items()}
        if knows_others:
            for file, text in _answers_to_others(root, made, assignment, resolved[assignment.id]).items():
                _put(text.encode(), made / file)
        yield VariantCourse(name, made, replace(course, assignments=resolved), resolved[assignment.id], is_first)


@contextmanager
def as_first_variant(root: Path, course: Course, assignment: Assignment) -> Iterator[VariantCourse]:
    """The course of the first variant; what is written within into its `exercises/` comes into the author's."""
    with variant_course(root, course, assignment, first_variant(assignment)) as made:
        folder = made.root / "exercises" / assignment.id
        before = _data(folder) if made.name else {}
        try:
            yield made
        finally:
            for path, data in _data(folder).items() if made.name else ():
                if before.get(path) != data:
                    replace_file(root / path.relative_to(made.root), data)


@contextmanager
def course_to_audit(root: Path, course: Course, assignment: Assignment, name: str) -> Iterator[VariantCourse]:
    """The course of the variant `name` with all that the audit reads: also stubs, and answers to the other variants."""
    from grader.derived.derived_files import write_stubs  # with all that writes pages, which grading needs no part of

    with variant_course(root, course, assignment, name, knows_others=True) as made:
        if not made.is_first:
            write_stubs(made.root, made.assignment)
        yield made


def unresolved(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for each place in the author's files that can't be resolved for every variant."""
    problems: list[str] = []
    for name in assignment.variants or ():
        try:
            _resolved(root, assignment, name, keep_generated=False)
        except CourseError as error:
            problems += str(error).split("\n")
    return list(dict.fromkeys(problems))


def first_variant(assignment: Assignment) -> str:
    """The name of the variant that is in the author's folders; empty where there are none."""
    return next(iter(assignment.variants or ("",)))


def _put(data: bytes | Path, target: Path) -> None:
    """Make a file of what is to be in it, or of which it is a copy."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, bytes):
            target.write_bytes(data)
        else:
            shutil.copy(data, target, follow_symlinks=False)
    except OSError as error:
        # Of a copy, a disk without room is said to be that of the file that is copied.
        place = target if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.filename or target
        raise ReleaseError(f'"{place}": {error.strerror or error}.') from None


def _data(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _course_text(root: Path, course: Course, names: Mapping[str, str]) -> str:
    document = tomllib.loads((root / FILE_NAME).read_text(encoding="utf-8-sig"))
    for key, assignment in course.assignments.items():
        if assignment.variants:
            table = {name: value for name, value in document["assignments"][key].items() if name != "variants"}
            texts = {name: text_of(value) for name, value in assignment.variants[names[key]].items()}
            document["assignments"][key] = {**filled(table, texts), "variant": names[key]}
    return toml_text(document)


def _resolved(root: Path, assignment: Assignment, name: str, *, keep_generated: bool) -> dict[str, bytes | Path]:
    """The files of an assignment, by path from the course's root: what is in them, or which file they are as it is."""
    parameters = (assignment.variants or {}).get(name)
    found: dict[str, bytes | Path] = {}
    problems: list[str] = []
    generated = {f"{module}.py" for module in assignment.modules} | {NOTEBOOK, PAGE, SEALED, MANIFEST}
    for room in _ROOMS:
        folder = root / room / assignment.id
        for path in sorted(folder.rglob("*")):
            inside, file = path.relative_to(folder), path.relative_to(root).as_posix()
            if "__pycache__" in inside.parts or (path.is_dir() and not path.is_symlink()):
                continue
            is_generated = room == "exercises" and inside.as_posix() in generated
            if is_generated and not keep_generated:
                continue
            found[file] = path
            if parameters is None or is_generated or path.is_symlink() or path.suffix not in _READ:
                continue
            try:
                data = read_if_there(path) or b""
                found[file] = _READ[path.suffix](data.decode("utf-8-sig"), parameters, file, name, assignment).encode()
            except UnicodeDecodeError:
                problems.append(f"{file}: not UTF-8; save it as UTF-8.")
            except CourseError as error:
                problems += str(error).split("\n")
    if problems:
        raise CourseError("\n".join(problems))
    return found


def _python(text: str, parameters: Mapping[str, Any], file: str, *_: object) -> str:
    return resolved_source(text, parameters, file)


def _text(text: str, parameters: Mapping[str, Any], file: str, *_: object) -> str:
    return resolved_text(text, parameters, file)


def _tables(text: str, parameters: Mapping[str, Any], file: str, name: str, assignment: Assignment) -> str:
    """Tables; one with a key `variants` is there for those alone."""
    try:
        document = tomllib.loads(resolved_text(text, parameters, file))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file}: not valid TOML: {error}.") from None
    known = list(assignment.variants or ())
    kept: dict[str, Any] = {}
    for key, table in document.items():
        wanted = table.get("variants", known) if isinstance(table, dict) else known
        for unknown in [each for each in wanted if each not in known] if isinstance(wanted, list) else [wanted]:
            hint = did_you_mean(str(unknown), known)
            raise CourseError(
                f'{file}: "variants" in [{key}] must be an array of these: {", ".join(known)}; found {unknown!r}.{hint}'
            )
        if name in wanted:
            kept[key] = {k: v for k, v in table.items() if k != "variants"} if isinstance(table, dict) else table
    return toml_text(kept)


_READ: dict[str, Callable[..., str]] = {".py": _python, ".md": _text, ".toml": _tables}


def _answers_to_others(root: Path, made: Path, assignment: Assignment, own: Assignment) -> dict[str, str]:
    """The files of the bank for what the other variants' references answer, of exercises in which they differ."""
    variants = assignment.variants or {}
    written = {each.id: read_solution(root, assignment, each) for each in assignment.modules.values()}
    texts = {
        name: {module: resolved_source(text, parameters, module) for module, text in written.items()}
        for name, parameters in variants.items()
    }
    found: dict[str, str] = {}
    for exercise in own.exercises.values():
        others = {each.function for each in own.exercises.values()} - {exercise.function}
        forms = {name: _form(texts[name][exercise.module], exercise, others) for name in variants}
        parts = list(ParsedModule(written[exercise.module]).parts(exercise.function, others))
        asked = [key for key in variants[str(own.variant)] if any(key in asked_for(part) for part in parts)]
        for form in dict.fromkeys(form for form in forms.values() if form != forms[str(own.variant)]):
            names = [name for name in variants if forms[name] == form]
            id = re.sub("_{2,}", "_", f"{exercise.id}{OF_VARIANT}{'_'.join(names)}")
            words = [
                parameter_words(those, {key: variants[those[0]][key] for key in asked})
                for those in (names, [str(own.variant)])
            ]
            says = f"This answers {words[0]}; yours is {words[1]}."
            source = _bank_file(exercise, says, _anchor(made, own, exercise), texts[names[0]][exercise.module])
            found[f"solutions/{own.id}/{MISTAKES}/{exercise.id}/{id}.py"] = source
    return found


def _form(text: str, exercise: Exercise, others: set[str]) -> str:
    """What an exercise's function consists of by itself: the other exercises are the learner's own."""
    parts = ParsedModule(text).parts(exercise.function, others)
    return "\n".join(sorted(ast.dump(without_docstrings(part)) for part in parts))


def _anchor(root: Path, assignment: Assignment, exercise: Exercise) -> str:
    parts = lesson_parts(root, assignment)
    anchor = anchor_of(root, assignment, exercise)
    return anchor if anchor in parts or not parts else next(iter(parts))


def _bank_file(exercise: Exercise, says: str, anchor: str, module: str) -> str:
    """The module of another variant as a mistake in one exercise: shut in a function, so that it changes no other."""
    shut_in = ast.parse(f"def {_SHUT_IN}():\n    return {exercise.function}\n{exercise.function} = {_SHUT_IN}()\n")
    tree, function = without_docstrings(ast.parse(module)), shut_in.body[0]
    assert isinstance(tree, ast.Module)
    assert isinstance(function, ast.FunctionDef)
    is_future = [isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body]
    function.body[:0] = [node for node, left_out in zip(tree.body, is_future, strict=True) if not left_out]
    docstring = f"The answer to another variant.\n\nShows: Right for another variant.\nSays: {says}\nLesson: {anchor}\n"
    return f"{docstring!r}\n\n{ast.unparse(shut_in)}\n\ndef is_written(function):\n    return True\n"


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """The text of a document, as `tomllib` gives it; no array in it holds a table."""
    return "\n".join(_toml_lines(document, ())).lstrip("\n") + "\n"


def _toml_lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """A table's own keys, then the tables in it."""
    own = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    if path and (own or not table):
        yield from ("", f"[{'.'.join(map(_toml_key, path))}]")
    for key, value in own.items():
        yield f"{_toml_key(key)} = {_toml_value(value)}"
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _toml_lines(value, (*path, key))


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml_quoted(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _toml_quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    return repr(value)


def _toml_quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


_ANCHOR = re.compile(r'<a id="([a-z0-9-]+)"></a>|<!--\s*exercise:\s*(\w+)\s*-->')


def anchor_of(root: Path, assignment: Assignment, exercise: Exercise) -> str:
    """The last anchor before the exercise in the lesson's text; where there is none, one made of its id."""
    text = (read_if_there(root / "exercises" / assignment.id / "lesson.md") or b"").decode("utf-8", "replace")
    anchor = ""
    for found in _ANCHOR.finditer(text):
        anchor = found[1] or anchor
        if found[2] == exercise.id:
            break
    else:
        anchor = ""
    return anchor or re.sub(r"[^a-z0-9]+", "-", exercise.id.lower()).strip("-") or "exercise"
