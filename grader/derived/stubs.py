"""A learner's stub, made from the marked regions of the reference solution of a module.

The markers are nbgrader's. Anything that resembles one and isn't is refused: a misspelt marker would release the code
it was meant to hide.
"""

from __future__ import annotations

import ast
import io
import itertools
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.core.assignment import Assignment, Module
from grader.core.errors import ReleaseError, did_you_mean
from grader.course.module_source import syntax_tree

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
_RESEMBLES = re.compile(r"\b(begin|end)\W{0,3}solution", re.IGNORECASE)


class Region(NamedTuple):
    """The lines, counted from 1, of a pair of markers."""

    begin: int
    end: int


def marked_regions(source: str, file: str) -> list[Region]:
    """The regions of `source`, which is valid Python, in its order.

    Raises ReleaseError for a marker that is misspelt, stands beside or inside other things, or has no partner.
    """
    regions: list[Region] = []
    begin = 0
    for line, marker in _markers(source, file):
        if marker == BEGIN and begin:
            raise ReleaseError(f'{file}, line {line}: expected "{END}" for line {begin}, found another "{BEGIN}".')
        if marker == BEGIN:
            begin = line
        elif begin:
            regions.append(Region(begin, line))
            begin = 0
        else:
            raise ReleaseError(f'{file}, line {line}: "{END}" without a "{BEGIN}" before it.')
    if begin:
        raise ReleaseError(f'{file}, line {begin}: "{BEGIN}" without an "{END}" after it.')
    return regions


def _markers(source: str, file: str) -> list[tuple[int, str]]:
    comments = {
        token.start[0]: token.string.rstrip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    markers = []
    for number, line in enumerate(source.split("\n"), start=1):
        comment = comments.get(number, "")
        if comment in (BEGIN, END) and line.strip() == comment:
            markers.append((number, comment))
        elif _RESEMBLES.search(line) or (comment.startswith("###") and did_you_mean(comment, [BEGIN, END])):
            raise ReleaseError(
                f'{file}, line {number}: a marker is "{BEGIN}" or "{END}" on a line of its own, found {line.strip()!r}.'
            )
    return markers


TODO = "# TODO: write your code here, in place of the next line."

Function = ast.FunctionDef | ast.AsyncFunctionDef


class MarkedCode(NamedTuple):
    """A region, the statements in it, and the function whose body they are part of, if any, with its name: of a method
    `Net.forward`."""

    region: Region
    statements: list[ast.stmt]
    function: Function | None
    name: str = ""


def solution_file(assignment: Assignment, module: Module) -> str:
    """The module's reference solution, as a path from the course's root."""
    return f"solutions/{assignment.id}/{module.id}.py"


def stub_file(assignment: Assignment, module: Module) -> str:
    """The module's stub, as a path from the course's root."""
    return f"exercises/{assignment.id}/{module.id}.py"


def read_solution(root: Path, assignment: Assignment, module: Module) -> str:
    """The text of a module's reference solution. Raises ReleaseError when it is missing or can't be read."""
    file = solution_file(assignment, module)
    try:
        return plain_source((root / file).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ReleaseError(f"{file} is missing: stubs are made from the reference solutions.") from None
    except UnicodeDecodeError:
        raise ReleaseError(f"{file} is not UTF-8: save it as UTF-8.") from None
    except OSError as error:
        raise ReleaseError(f"{file} can't be read: {error.strerror or error}.") from None


def plain_source(text: str) -> str:
    """The text with line feeds for all line ends, so that a line is what Python's parser counts as one."""
    return re.sub(r"\r\n?", "\n", text)


def make_stub(source: str, assignment: Assignment, module: Module) -> str:
    """The stub of a module whose reference solution is `source`.

    A marked region in a function becomes a TODO and a `raise NotImplementedError`; a marked region at the top level is
    left out; everything else stays as it is. Raises ReleaseError when the source isn't valid Python, its markers are
    not in order, or an exercise's function isn't a docstring followed by one marked region. An exercise's class needs a
    docstring, and at least one method with a marked region; the others are given to learners.
    """
    file = solution_file(assignment, module)
    source = plain_source(source)
    tree = parse_solution(source, file)
    marked = marked_code(source, tree, file)
    for exercise in assignment.exercises.values():
        if exercise.module == module.id:
            _check_exercise(tree, exercise.function, marked, file)
    stub = _without_solutions(source.split("\n"), marked)
    try:
        syntax_tree(stub)
    except SyntaxError as error:
        raise ReleaseError(f"{file}: without its marked regions it is not valid Python ({error.msg}).") from None
    return stub


def parse_solution(source: str, file: str) -> ast.Module:
    """The syntax tree of `source`. Raises ReleaseError when it isn't valid Python."""
    try:
        return syntax_tree(source)
    except SyntaxError as error:
        raise ReleaseError(f"{file}, line {error.lineno or 1}: not valid Python ({error.msg}).") from None
    except ValueError as error:
        raise ReleaseError(f"{file}: not valid Python ({error}).") from None


def marked_code(source: str, tree: ast.Module, file: str) -> list[MarkedCode]:
    """The marked regions with what is in them.

    Raises ReleaseError when a region isn't made of whole statements of the module or of a function's body.
    """
    return [_code_in(region, tree, file) for region in marked_regions(source, file)]


def first_line(statement: ast.stmt) -> int:
    """The line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """The line on which a statement ends."""
    return statement.end_lineno or statement.lineno


def _code_in(region: Region, tree: ast.Module, file: str) -> MarkedCode:
    for function, body in _bodies(tree):
        inside = [s for s in body if region.begin < first_line(s) and last_line(s) < region.end]
        if inside:
            for statement in body:
                if (
                    statement not in inside
                    and first_line(statement) < region.end
                    and region.begin < last_line(statement)
                ):
                    break
            else:
                return MarkedCode(region, inside, function, _name(function, tree))
            break
    raise ReleaseError(
        f"{file}, line {region.begin}: a marked region holds whole statements of the module or of a function's body."
    )


def _bodies(tree: ast.Module) -> Iterator[tuple[Function | None, list[ast.stmt]]]:
    """The module's statements, then each function's, outer ones first."""
    yield None, tree.body
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node, node.body


def _name(function: Function | None, tree: ast.Module) -> str:
    if function is None:
        return ""
    classes = [each.name for each in tree.body if isinstance(each, ast.ClassDef) and function in each.body]
    return ".".join([*classes, function.name])


def _check_exercise(tree: ast.Module, name: str, marked: list[MarkedCode], file: str) -> None:
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    found = [definition for definition in definitions if definition.name == name]
    if len(found) != 1:
        times = f"{len(found)} of them" if found else "none"
        hint = "" if found else did_you_mean(name, [each.name for each in definitions])
        raise ReleaseError(f'{file}: expected one function "{name}" at the top level, found {times}.{hint}')
    definition = found[0]
    what = "class" if isinstance(definition, ast.ClassDef) else "function"
    if not (ast.get_docstring(definition) or "").strip():
        raise ReleaseError(
            f'{file}, line {definition.lineno}: the {what} "{name}" has no docstring, which is the exercise.'
        )
    parts = definition.body if isinstance(definition, ast.ClassDef) else [definition]
    own = [each for each in parts if isinstance(each, Function) and any(code.function is each for code in marked)]
    if not own:
        where = f"{file}, line {definition.lineno}"
        of = "no method with a marked region" if what == "class" else "no marked region of its own"
        raise ReleaseError(f'{where}: the {what} "{name}" has {of}, so its code would be released.')
    for function in own:
        _check_marked(function, _name(function, tree), marked, file)


def _check_marked(function: Function, name: str, marked: list[MarkedCode], file: str) -> None:
    """One that has a marked region has nothing besides, but for a docstring and, in a class, `super().__init__()`."""
    own = [statement for code in marked if code.function is function for statement in code.statements]
    if function.body[0] in own and ast.get_docstring(function) is not None:
        where = f"{file}, line {function.body[0].lineno}"
        raise ReleaseError(f'{where}: the docstring of "{name}" is inside the marked region, expected before it.')
    for statement in function.body[ast.get_docstring(function) is not None :]:
        if statement not in own and not ("." in name and ast.unparse(statement) == "super().__init__()"):
            where = f"{file}, line {statement.lineno}"
            raise ReleaseError(f'{where}: code of the function "{name}" outside its marked region would be released.')
    regions = [code.region for code in marked if code.function is function]
    if len(regions) > 1:
        raise ReleaseError(f'{file}, line {regions[1].begin}: a second marked region in the function "{name}".')


def _without_solutions(lines: list[str], marked: list[MarkedCode]) -> str:
    kept: list[str] = []
    at = 0
    for region, statements, function, name in marked:
        kept += lines[at : region.begin - 1]
        at = region.end
        if function:
            first = lines[statements[0].lineno - 1]
            indent = first[: len(first) - len(first.lstrip())]
            kept += [f"{indent}{TODO}", f'{indent}raise NotImplementedError("{name} is still to do")']
        else:
            # Of the blank lines before and after what is left out, the longer run stays.
            before, after = _blank(reversed(kept)), _blank(lines[at:])
            if kept and before < after:
                del kept[len(kept) - before :]
            else:
                at += after
    return "\n".join(kept + lines[at:]).rstrip() + "\n"


def _blank(lines: Iterable[str]) -> int:
    """How many lines are blank before the first that isn't."""
    return sum(1 for _ in itertools.takewhile(lambda line: not line.strip(), lines))
