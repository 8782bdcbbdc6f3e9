"""A lesson as a page: one HTML file with its pictures beside it, that needs no network and runs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
from pygments.token import Comment, Keyword, Name, Number, String, Token  # type: ignore[import-untyped]

from grader.core.assignment import Assignment, Exercise
from grader.core.labels import joined, points
from grader.course.lesson_text import (
    Demonstration,
    ExercisePlace,
    Figure,
    LessonText,
    Part,
    Prose,
    Question,
    TextHeading,
)
from grader.course.module_source import FunctionText, read_modules
from grader.course.templates import style, template

_KINDS = {Comment: "c", String: "s", Number: "n", Keyword: "k", Name.Function: "f", Name.Class: "f", Token: ""}


def highlighted(code: str) -> Markup:
    """The code as HTML, escaped, with a `<span>` around comments, strings, numbers, keywords and names defined."""
    pieces: list[tuple[str, str]] = []
    for token, text in PythonLexer(stripnl=False, ensurenl=False).get_tokens(code):
        kind = _kind(token)
        if pieces and pieces[-1][0] == kind:
            pieces[-1] = (kind, pieces[-1][1] + text)
        else:
            pieces.append((kind, text))
    return Markup("").join(
        Markup('<span class="{}">{}</span>').format(kind, text) if kind else escape(text) for kind, text in pieces
    )


def _kind(token: object) -> str:
    return next(kind for above, kind in _KINDS.items() if token in above)


@dataclass(frozen=True)
class _Section:
    """An entry of the table of contents; `inner` are the sections of the next level."""

    heading: TextHeading
    inner: list[_Section] = field(default_factory=list)


def page(lesson: LessonText, assignment: Assignment, stubs: Mapping[str, str]) -> str:
    """The lesson's page. `stubs` are the stubs' texts by module. The same input gives the same text.

    Pictures are looked for beside the page, as the lesson's text has them. Raises LessonError.
    """
    modules = read_modules(dict(stubs), assignment)
    functions = {name: function for module in modules.values() for name, function in module.functions.items()}
    blocks = [_Block(part, assignment, functions) for part in lesson.parts[1:]]
    return template("grader.derived", "lesson.html", inline=_inline, points=points, joined=joined).render(
        title=lesson.title,
        css=Markup(style("grader.derived", "lesson.css")),
        assignment=assignment,
        contents=_contents(lesson.parts),
        blocks=blocks,
    )


class _Block:
    """One part of the lesson as the template shows it."""

    def __init__(self, part: Part, assignment: Assignment, functions: Mapping[str, FunctionText]) -> None:
        self.part = part
        self.kind = type(part).__name__
        self.html = Markup("")
        self.exercise: Exercise | None = None
        self.function: FunctionText | None = None
        if isinstance(part, Prose):
            self.html = _markdown(part.text)
        elif isinstance(part, TextHeading):
            self.html = _inline(part.text)
        elif isinstance(part, Question):
            self.html = _markdown(part.answer)
        elif isinstance(part, Demonstration):
            self.html = highlighted(part.code)
        elif isinstance(part, ExercisePlace):
            self.exercise, self.function = assignment.exercises[part.exercise], functions[part.exercise]
            self.html = highlighted(self.function.signature)
        else:
            assert isinstance(part, Figure)


def _contents(parts: Sequence[Part]) -> list[_Section]:
    """Sections of the second level, with those of the third in them."""
    sections: list[_Section] = []
    for part in parts:
        if isinstance(part, TextHeading) and part.level == 2:
            sections.append(_Section(part))
        elif isinstance(part, TextHeading) and part.level == 3:
            (sections[-1].inner if sections else sections).append(_Section(part))
    return sections


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    renderer.add_render_rule("table_open", _table_open)
    renderer.add_render_rule("table_close", _table_close)
    renderer.add_render_rule("fence", _fence)
    return renderer


# A wide table or a long line of code is scrolled in its own box, by keyboard too, and not the whole page.
def _table_open(_self: Any, *_: Any) -> str:
    return '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n'


def _table_close(_self: Any, *_: Any) -> str:
    return "</table></div>\n"


def _fence(_self: Any, tokens: Any, index: int, *_: Any) -> str:
    token = tokens[index]
    code = highlighted(token.content) if token.info.strip() == "python" else Markup("{}").format(token.content)
    return f'<pre tabindex="0"><code>{code}</code></pre>\n'


def _markdown(text: str) -> Markup:
    return Markup(_renderer().render(text))


def _inline(text: str) -> Markup:
    return Markup(_renderer().renderInline(text))
