"""The files of an assignment that are derived from others: what they are, writing them, and giving one stub back.

Writing tells an older generated version, which may be replaced, from somebody's work, which may not.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.core.assignment import MANIFEST, NOTEBOOK, PAGE, Assignment
from grader.core.errors import LessonError, ReleaseError, did_you_mean
from grader.core.files import back_up, read_if_there, replace_file
from grader.core.records import NotReadError
from grader.course.lesson_text import Demonstration, LessonText, read_lesson
from grader.course.module_source import syntax_tree
from grader.derived.lesson_notebook import learner_notebook
from grader.derived.lesson_page import page
from grader.derived.stubs import first_line, last_line, make_stub, read_solution, solution_file, stub_file
from grader.reading.forms import forms_of
from grader.reading.read import read_file

LESSON = "lesson.md"


@dataclass(frozen=True)
class DerivedFile:
    """A file for learners: its path from the course's root, its text, and the file to change it in, for the reader."""

    file: str
    text: str
    source: str


def derived_files(root: Path, assignment: Assignment) -> list[DerivedFile]:
    """The stub of each module; and the notebook and the page, if the lesson has a text.

    Raises ReleaseError when something can't be read, or is not as it must be.
    """
    modules = assignment.modules.values()
    stubs = {each.id: make_stub(read_solution(root, assignment, each), assignment, each) for each in modules}
    files = [
        DerivedFile(stub_file(assignment, each), stubs[each.id], solution_file(assignment, each)) for each in modules
    ]
    lesson = lesson_text(root, assignment)
    if lesson:
        folder, source = f"exercises/{assignment.id}", f"{lesson.file} with the stubs and course.toml"
        files.append(DerivedFile(f"{folder}/{NOTEBOOK}", learner_notebook(lesson, assignment, stubs), source))
        files.append(DerivedFile(f"{folder}/{PAGE}", page(lesson, assignment, stubs), source))
    return files


def lesson_text(root: Path, assignment: Assignment) -> LessonText | None:
    """The text of the lesson, None when it has none. Raises ReleaseError when it can't be read."""
    file = f"exercises/{assignment.id}/{LESSON}"
    data = read_if_there(root / file)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError(f"{file}, line {line}: not UTF-8; save it as UTF-8.") from None
    return read_lesson(text, file, list(assignment.exercises))


def given_forms(root: Path, assignment: Assignment) -> frozenset[str]:
    """The digests of the forms that say nothing about who wrote them: those of the lesson's code, of the stubs, in
    files and in the notebook, and of the reference solution. Raises ReleaseError when something can't be read."""
    modules = assignment.modules.values()
    solutions = {each.id: read_solution(root, assignment, each) for each in modules}
    stubs = {each.id: make_stub(solutions[each.id], assignment, each) for each in modules}
    texts = [*solutions.values(), *stubs.values()]
    lesson = lesson_text(root, assignment)
    if lesson:
        texts += [part.code for part in lesson.parts if isinstance(part, Demonstration)]
        notebook = learner_notebook(lesson, assignment, stubs).encode()
        with suppress(NotReadError):  # then nobody's copy of it can be compared
            texts += [each.text for each in read_file(NOTEBOOK, notebook, assignment).modules.values()]
    return frozenset(form.digest for text in texts for form in forms_of(text) or ())


def missing_figures(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for each picture of the lesson that isn't there, on its light or on its dark background."""
    lesson = lesson_text(root, assignment)
    if lesson is None:
        return []
    folder = f"exercises/{assignment.id}"
    return [
        f"{lesson.file}, line {figure.line}: {folder}/{path} is missing."
        for figure in lesson.figures
        for path in (figure.path, figure.dark_path)
        if not (root / folder / path).is_file()
    ]


def digest(data: bytes) -> str:
    """The SHA-256 of a text file, whichever line ends a checkout gave it."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def read_manifest(folder: Path) -> dict[str, str] | None:
    """File name -> digest of what was generated there last; None when there is no manifest or it is damaged."""
    data = read_if_there(folder / MANIFEST)
    try:
        manifest = json.loads(data or b"")
    except ValueError:
        return None
    if isinstance(manifest, dict) and all(isinstance(value, str) for value in manifest.values()):
        return manifest
    return None


def write_manifest(folder: Path, manifest: dict[str, str]) -> None:
    """Write the manifest, unless it says that already. Raises ReleaseError when it can't be written."""
    if manifest != read_manifest(folder):
        replace_file(folder / MANIFEST, (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode())


# `kept` is said of a file that somebody has worked on: it was left as it is.
WriteStatus = Literal["written", "unchanged", "kept"]


@dataclass(frozen=True)
class PlannedStub:
    """What would happen to a derived file. `work` is somebody's work that is backed up before it is replaced."""

    path: Path
    text: str
    fate: WriteStatus
    work: bytes | None = None


@dataclass(frozen=True)
class StubFile:
    """What happened to a derived file, and where the work that was in it is now."""

    path: Path
    fate: WriteStatus
    backup: Path | None = None


def plan_stubs(root: Path, assignment: Assignment, force: bool = False) -> list[PlannedStub]:
    """What `write_stubs` would do now, a plan for each file of `derived_files`; nothing is written.

    Raises ReleaseError when something can't be read, or a file can't be made of it.
    """
    manifest = read_manifest(_folder(root, assignment)) or {}
    files = derived_files(root, assignment)
    return [_plan(root / each.file, each.text, manifest.get(Path(each.file).name), force) for each in files]


def write_stubs(root: Path, assignment: Assignment, force: bool = False) -> list[StubFile]:
    """Write each file of `derived_files`, and the manifest of what was generated.

    A file that somebody has changed is kept, or with `force` replaced after a backup beside it. Raises ReleaseError
    as `plan_stubs` does, before anything is written, and when a file can't be written.
    """
    folder = _folder(root, assignment)
    plans = plan_stubs(root, assignment, force)
    before = read_manifest(folder) or {}
    done = [_carry_out(plan) for plan in plans]
    manifest = {
        plan.path.name: before.get(plan.path.name, "") if plan.fate == "kept" else digest(plan.text.encode())
        for plan in plans
    }
    write_manifest(folder, {name: value for name, value in manifest.items() if value})
    return done


def _folder(root: Path, assignment: Assignment) -> Path:
    return root / "exercises" / assignment.id


def _plan(path: Path, text: str, generated_before: str | None, force: bool) -> PlannedStub:
    now = read_if_there(path)
    if now is None:
        return PlannedStub(path, text, "written")
    if digest(now) == digest(text.encode()):
        return PlannedStub(path, text, "unchanged")
    if digest(now) == generated_before:
        return PlannedStub(path, text, "written")
    return PlannedStub(path, text, "written", work=now) if force else PlannedStub(path, text, "kept")


def _carry_out(plan: PlannedStub) -> StubFile:
    backup = back_up(plan.path, plan.work) if plan.work is not None else None
    if plan.fate == "written":
        replace_file(plan.path, plan.text.encode())
    return StubFile(plan.path, plan.fate, backup)


def reset_exercise(root: Path, assignment: Assignment, exercise_id: str) -> StubFile:
    """Replace one exercise's function by its stub, after a backup; if the function is missing, append its stub.

    Everything else in the file stays as it is, byte for byte. Raises ReleaseError, and changes nothing, when there is
    no such exercise, no such file, no solution to make the stub from, or when the file isn't valid Python.
    """
    if exercise_id not in assignment.exercises:
        known = list(assignment.exercises)
        hint = did_you_mean(exercise_id, known)
        raise ReleaseError(f'There is no exercise "{exercise_id}", expected one of {", ".join(known)}.{hint}')
    exercise = assignment.exercises[exercise_id]
    module = assignment.modules[exercise.module]
    file = stub_file(assignment, module)
    stub = make_stub(read_solution(root, assignment, module), assignment, module)
    before = read_if_there(root / file)
    if before is None:
        raise ReleaseError(f'{file} is missing: "python -m grader stubs" writes the whole of it.')
    after = with_stub(before, stub, exercise.function, file)
    if after == before:
        return StubFile(root / file, "unchanged")
    backup = back_up(root / file, before)
    replace_file(root / file, after)
    return StubFile(root / file, "written", backup)


def with_stub(before: bytes, stub: str, function: str, file: str) -> bytes:
    """The file `before` with the stub's version of one function. Raises ReleaseError when it isn't valid Python."""
    tree = _parse(before, file)
    stub_function = _last_definition(syntax_tree(stub), function)
    assert stub_function is not None  # make_stub has seen to it
    text = "".join(line + "\n" for line in stub.split("\n")[first_line(stub_function) - 1 : last_line(stub_function)])
    lines = _lines(before)
    old = _last_definition(tree, function)
    new = _encoded(text, before, file)
    if old:
        after = b"".join([*lines[: first_line(old) - 1], new, *lines[last_line(old) :]])
    else:
        end = _encoded("\n", before, file)
        gap = b"" if not before else end * 2 if before.endswith((b"\n", b"\r")) else end * 3
        after = before + gap + new
    _parse(after, file)
    return after


def _parse(data: bytes, file: str) -> ast.Module:
    try:
        return syntax_tree(data)
    except SyntaxError as error:
        where = f"{file}, line {error.lineno}" if error.lineno else file
        raise ReleaseError(f"{where}: not valid Python ({error.msg}), so nothing was changed.") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ReleaseError(f"{file}: not valid Python ({error}), so nothing was changed.") from None


def _last_definition(tree: ast.Module, name: str) -> ast.stmt | None:
    """The definition that counts: the last one at the top level."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    found = [node for node in tree.body if isinstance(node, kinds) and node.name == name]
    return found[-1] if found else None


def _lines(data: bytes) -> list[bytes]:
    """The lines as Python's parser counts them, with their ends."""
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", data)


def _encoded(text: str, like: bytes, file: str) -> bytes:
    """`text` with the encoding and the line ends of a file."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(like).readline)
    end = "\r\n" if b"\r\n" in like else "\n"
    try:
        return text.replace("\n", end).encode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeEncodeError:
        raise ReleaseError(f"{file}: the stub can't be written in its encoding {encoding}; save it as UTF-8.") from None
