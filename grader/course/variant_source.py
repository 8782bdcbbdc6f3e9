"""An author's Python for one variant: `variant("axis")` becomes its value, and what only other variants need goes away.

    if variant("reduction") == "mean":          return x.mean(dim=0)
        return x.mean(dim=variant("axis"))
    return x.sum(dim=variant("axis"))

An `if` whose condition is made of `variant()` and constants alone is decided, and so is `a if … else b`, and
`{0: a, 1: b}[variant("axis")]`. In strings and comments, `{{axis}}` is filled in. Everything else stays as it is
written. What comes out is compared with what the syntax tree says must come out.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from typing import Any

from grader.core.assignment import MARK, Parameter, filled, text_of
from grader.core.errors import CourseError, did_you_mean
from grader.course.module_source import syntax_tree

NAME = "variant"
_MODULE = "grader.checks"
_DECIDED = (
    *(ast.Constant, ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop),
    *(ast.Tuple, ast.List, ast.Set, ast.Load),
)
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_BLOCKS = ("body", "orelse", "finalbody")
_Span = tuple[int, int]


def resolved_source(text: str, parameters: Mapping[str, Parameter], file: str) -> str:
    """The source for the variant with these parameters. Raises `CourseError`, with a sentence a line, for what can't be
    resolved; `file` is what it is called there."""
    text = re.sub(r"\r\n?", "\n", text)
    if NAME not in text and "{{" not in text:
        return text
    try:
        tree = syntax_tree(text)
    except SyntaxError as error:
        raise CourseError(f"{file}, line {error.lineno or 1}: not valid Python ({error.msg}).") from None
    problems = sorted([*_wrong_calls(tree, parameters), *_wrong_marks(text, parameters)])
    if problems:
        raise CourseError("\n".join(f"{file}, line {line}: {what}" for line, what in problems))
    while (edit := _next_decision(text, parameters, file)) is not None:
        text = _edited(text, *edit)
    wanted = ast.dump(_Values(parameters).visit(syntax_tree(text)))
    text = _with_values(text, parameters)
    if _dump(text) != wanted:
        raise CourseError(
            f"{file}: a value can't be put in the place of every {NAME}(…), most likely in an f-string. Give it a name "
            f'on a line before: axis = {NAME}("axis").'
        )
    return _with_texts(text, parameters, file)


def resolved_text(text: str, parameters: Mapping[str, Parameter], file: str) -> str:
    """The same for a text in which parameters are marks alone."""
    texts = {key: text_of(value) for key, value in parameters.items()}
    problems = [
        f"{file}, line {number}: {_unknown_mark(mark[1], parameters)}"
        for number, line in enumerate(text.split("\n"), start=1)
        for mark in MARK.finditer(line)
        if mark[1] not in parameters
    ]
    if problems:
        raise CourseError("\n".join(problems))
    return filled(text, texts)


def asked_for(tree: ast.AST) -> set[str]:
    """The parameters that code asks for."""
    return {call.args[0].value for call in _calls(tree)}  # type: ignore[attr-defined]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if _is_call(node))  # type: ignore[misc]


def _is_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="variant"), args=[ast.Constant(value=str())], keywords=[]):
            return True
    return False


def _wrong_calls(tree: ast.Module, parameters: Mapping[str, Parameter]) -> Iterator[tuple[int, str]]:
    calls = list(_calls(tree))
    right = {call.func for call in calls}
    for call in calls:
        name = call.args[0].value  # type: ignore[attr-defined]
        if name not in parameters:
            yield call.lineno, f'{NAME}("{name}"): {_unknown(name, parameters)}'
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == NAME and node not in right:
            yield node.lineno, f'expected {NAME}("NAME") with the name of a parameter, found another use of "{NAME}".'
        if isinstance(node, ast.If) and (inner := _later_elif(node)):
            yield inner.lineno, f"an elif asks for {NAME}() alone: write `else:`, and an `if` of its own in it."


def _later_elif(node: ast.If) -> ast.If | None:
    """An `elif` that can be decided, behind a condition that can't."""
    if len(node.orelse) != 1 or not isinstance(inner := node.orelse[0], ast.If) or _is_decided(node.test):
        return None
    return inner if inner.col_offset == node.col_offset and _is_decided(inner.test) else None


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> str:
    return f"the variants have no parameter of this name, they have {', '.join(parameters)}." + did_you_mean(
        name, list(parameters)
    )


def _unknown_mark(name: str, parameters: Mapping[str, Parameter]) -> str:
    return f"{{{{{name}}}}}: {_unknown(name, parameters)}"


def _is_decided(test: ast.expr) -> bool:
    """Whether an expression consists of `variant()` and constants, and asks at all."""
    waiting: list[ast.AST] = [test]
    asks = False
    while waiting:
        node = waiting.pop()
        if _is_call(node):
            asks = True
        elif isinstance(node, _DECIDED):
            waiting += ast.iter_child_nodes(node)
        else:
            return False
    return asks


def _value(test: ast.expr, parameters: Mapping[str, Parameter], file: str) -> Any:
    try:
        return eval(
            compile(ast.Expression(test), file, "eval"), {"__builtins__": {}, NAME: lambda name: parameters[name]}
        )
    except Exception as error:
        raise CourseError(f"{file}, line {test.lineno}: this condition can't be decided: {error}.") from None


def _next_decision(text: str, parameters: Mapping[str, Parameter], file: str) -> tuple[_Span, str] | None:
    """Which part of the text is replaced by what, for the outermost that can be decided."""
    tree, places = syntax_tree(text), _Places(text)
    for parent in ast.walk(tree):
        for block in _BLOCKS:
            held = getattr(parent, block, None)
            statements: list[ast.stmt] = held if isinstance(held, list) else []
            for statement in statements:
                if isinstance(statement, ast.If) and _is_decided(statement.test):
                    chosen = statement.body if _value(statement.test, parameters, file) else statement.orelse
                    return _statement(statement, chosen, statements, places)
        match parent:
            case ast.IfExp(test=test, body=body, orelse=orelse) if _is_decided(test):
                return places.span(parent), places.of(body if _value(test, parameters, file) else orelse)
            case ast.Subscript(value=ast.Dict(keys=keys, values=values), slice=key) if _is_decided(key) and all(
                isinstance(each, ast.Constant) for each in keys
            ):
                wanted = _value(key, parameters, file)
                for each, value in zip(keys, values, strict=True):
                    if isinstance(each, ast.Constant) and each.value == wanted:
                        return places.span(parent), places.of(value)
                raise CourseError(f"{file}, line {parent.lineno}: there is nothing for {wanted!r} here.")
    return None


def _statement(
    statement: ast.If, chosen: list[ast.stmt], siblings: list[ast.stmt], places: _Places
) -> tuple[_Span, str]:
    last = statement
    if chosen and isinstance(chosen[-1], _ENDS):
        last = siblings[-1]  # type: ignore[assignment]  # nothing comes after that
    begin, end = places.line(statement.lineno), places.line((last.end_lineno or last.lineno) + 1)
    indent = " " * statement.col_offset
    if not chosen:
        return (begin, end), f"{indent}pass\n" if len(siblings) == 1 else ""
    first = chosen[0]
    if isinstance(first, ast.If) and places.of(first).startswith("elif"):
        return (begin, end), f"{indent}{places.of(first)[2:]}\n"
    if first.lineno == statement.lineno or first.col_offset <= statement.col_offset:  # all on one line
        return (begin, end), f"{indent}{places.between(first, chosen[-1])}\n"
    return (begin, end), places.dedented(first, chosen[-1], first.col_offset - statement.col_offset)


class _Places:
    """Where a text's lines and nodes are, and what stands there."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self._starts = [0]
        for line in self._data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._lines = text.split("\n")
        self._in_strings = {
            line
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.start[0] != token.end[0] and token.type not in (tokenize.NEWLINE, tokenize.NL)
            for line in range(token.start[0] + 1, token.end[0] + 1)
        }

    def line(self, number: int) -> int:
        """Where a line begins."""
        return self._starts[min(number, len(self._starts)) - 1]

    def span(self, node: Any) -> _Span:
        """From where to where a node stands, in bytes."""
        return self.line(node.lineno) + node.col_offset, self.line(node.end_lineno) + node.end_col_offset

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        begin, end = self.span(node)
        return self._data[begin:end].decode()

    def between(self, first: ast.AST, last: ast.AST) -> str:
        """The text from one node to another."""
        return self._data[self.span(first)[0] : self.span(last)[1]].decode()

    def dedented(self, first: ast.stmt, last: ast.stmt, by: int) -> str:
        """The lines of some statements, with the comments before the first, so much further left."""
        begin = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))])
        while self._lines[begin - 2].lstrip().startswith("#"):
            begin -= 1
        lines = []
        for number in range(begin, (last.end_lineno or last.lineno) + 1):
            line = self._lines[number - 1]
            moved = number not in self._in_strings and not line[:by].strip()
            lines.append(line[by:] if moved else line)
        return "".join(f"{line}\n" for line in lines)


def _edited(text: str, span: _Span, new: str) -> str:
    data = text.encode()
    return (data[: span[0]] + new.encode() + data[span[1] :]).decode()


class _Values(ast.NodeTransformer):
    """The tree with values for all calls, and without the import."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = parameters

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not _is_call(node):
            return self.generic_visit(node)
        name: str = node.args[0].value  # type: ignore[attr-defined]
        return ast.parse(repr(self._parameters[name]), mode="eval").body

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module == _MODULE:
            node.names = [alias for alias in node.names if alias.name != NAME]
        return node if node.names else None


def _dump(text: str) -> str:
    try:
        return ast.dump(syntax_tree(text))
    except SyntaxError:
        return ""


def _with_values(text: str, parameters: Mapping[str, Parameter]) -> str:
    tree, places, edits = syntax_tree(text), _Places(text), list[tuple[_Span, str]]()
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if _is_call(child):
                value = parameters[child.args[0].value]  # type: ignore[attr-defined]
                edits.append((places.span(child), f"({value!r})" if _binds_closer(node, child) else _literal(value)))
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
            kept = [alias for alias in node.names if alias.name != NAME]
            if len(kept) < len(node.names):
                edits.append(_without_import(node, kept, text, places))
    for span, new in sorted(edits, reverse=True):
        text = _edited(text, span, new)
    return text.lstrip("\n")


def _binds_closer(node: ast.AST, value: ast.AST) -> bool:
    """Whether a number would need parentheses here: `(-1) ** 2`, `(3).real`."""
    is_power = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and node.left is value
    return is_power or isinstance(node, ast.Attribute)


def _literal(value: Parameter) -> str:
    plain = isinstance(value, str) and '"' not in value and value.isprintable() and "\\" not in value
    return f'"{value}"' if plain else repr(value)


def _without_import(node: ast.ImportFrom, kept: list[ast.alias], text: str, places: _Places) -> tuple[_Span, str]:
    if kept:
        return places.span(node), ast.unparse(ast.ImportFrom(node.module, kept, node.level))
    lines, end = text.split("\n"), node.end_lineno or node.lineno
    before = after = 0
    while node.lineno - 2 - before >= 0 and not lines[node.lineno - 2 - before].strip():
        before += 1
    while end + after < len(lines) - 1 and not lines[end + after].strip():
        after += 1
    # Of the blank lines before and after, the longer run stays.
    begin = node.lineno - before if before <= after else node.lineno
    return (places.line(begin), places.line(end + 1 + (after if before > after else 0))), ""


def _marked_tokens(text: str) -> Iterator[tuple[tokenize.TokenInfo, list[re.Match[str]]]]:
    """The comments and plain strings that hold marks."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_string = token.type == tokenize.STRING and not set("fFbB") & set(token.string.partition(token.string[-1])[0])
        if is_string or token.type == tokenize.COMMENT:
            marks = list(MARK.finditer(token.string))
            if marks:
                yield token, marks


def _wrong_marks(text: str, parameters: Mapping[str, Parameter]) -> Iterator[tuple[int, str]]:
    for token, marks in _marked_tokens(text):
        for mark in marks:
            if mark[1] not in parameters:
                line = token.start[0] + token.string.count("\n", 0, mark.start())
                yield line, _unknown_mark(mark[1], parameters)


class _Texts(ast.NodeTransformer):
    """The tree with the marks filled in."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(filled(node.value, self._texts), node.kind) if isinstance(node.value, str) else node


def _with_texts(text: str, parameters: Mapping[str, Parameter], file: str) -> str:
    texts = {key: text_of(value) for key, value in parameters.items()}
    wanted = ast.dump(_Texts(texts).visit(syntax_tree(text)))
    places, made, lines = _Places(text), text, text.split("\n")
    for token, _ in reversed(list(_marked_tokens(text))):
        span = tuple(places.line(line) + len(lines[line - 1][:column].encode()) for line, column in token[2:4])
        made = _edited(made, (span[0], span[1]), filled(token.string, texts))
    if _dump(made) != wanted:
        raise CourseError(
            f"{file}: a parameter's text can't stand in a string here: it has a quote, a backslash or a line end, or "
            "the mark is in an f-string."
        )
    return made
