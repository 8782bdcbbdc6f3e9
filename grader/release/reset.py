"""Giving a learner one exercise's stub back, and leaving the rest of the file alone."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

from grader.course import Assignment
from grader.course.syntax import syntax_tree
from grader.errors import ReleaseError, did_you_mean
from grader.release.files import back_up, read_if_there, replace_file
from grader.release.stubs import first_line, last_line, make_stub, read_solution, stub_file
from grader.release.writing import StubFile


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
    found = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
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
