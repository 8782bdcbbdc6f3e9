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

from grader.core.assignment import PROGRESS, Assignment, Exercise
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


def described(docstring: str) -> Markup:
    """A docstring as HTML: sentences flow, and what ends with a full stop, a colon or a semicolon ends its line;
    examples, and what is indented, stay as they are."""
    shown = [_described(each) for each in docstring.split("\n\n") if each.strip()]
    return Markup('<div class="docstring">\n{}\n</div>').format(Markup("\n").join(shown))


def _described(paragraph: str) -> Markup:
    lines = paragraph.strip("\n").split("\n")
    if any(line.startswith((">>>", " ")) for line in lines):
        return Markup('<pre tabindex="0">{}</pre>').format("\n".join(lines))
    *before, last = lines
    ends = [Markup("{}<br>").format(line) if line.endswith((".", ":", ";")) else escape(line) for line in before]
    return Markup("<p>{}</p>").format(Markup("\n").join([*ends, escape(last)]))


def _kind(token: object) -> str:
    return next(kind for above, kind in _KINDS.items() if token in above)


_WORDS_A_MINUTE = 180  # of a text that is to be thought about
_WORDS_OF_A_LINE = 6  # of code: what it takes to read one
_WORDS_OF_A_FIGURE = 90
_OPTIONAL = "*Optional"  # how a section begins that says so of itself


@dataclass
class _Section:
    """An entry of the table of contents; `inner` are the sections of the next level, and its own `words` and
    `exercises` are those before the first of these."""

    heading: TextHeading
    inner: list[_Section] = field(default_factory=list)
    words: int = 0
    is_optional: bool = False
    exercises: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        return max(1, round(self.words / _WORDS_A_MINUTE))


def page(lesson: LessonText, assignment: Assignment, stubs: Mapping[str, str]) -> str:
    """The lesson's page. `stubs` are the stubs' texts by module. The same input gives the same text.

    Pictures are looked for beside the page, as the lesson's text has them. Raises LessonError.
    """
    modules = read_modules(dict(stubs), assignment)
    functions = {name: function for module in modules.values() for name, function in module.functions.items()}
    blocks = [_Block(part, assignment, functions) for part in lesson.parts[1:]]
    return template(
        "grader.derived",
        "lesson.html",
        inline=_inline,
        points=points,
        highlighted=highlighted,
        described=described,
        joined=joined,
    ).render(
        title=lesson.title,
        css=Markup(style("grader.derived", "lesson.css")),
        assignment=assignment,
        contents=_contents(lesson.parts),
        minutes=max(1, round(sum(map(_words, lesson.parts)) / _WORDS_A_MINUTE)),
        blocks=blocks,
        progress=PROGRESS,
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
    now: _Section | None = None
    for part in parts:
        if isinstance(part, TextHeading) and part.level in (2, 3):
            now = _Section(part)
            (sections[-1].inner if sections and part.level == 3 else sections).append(now)
        elif now:
            now.is_optional |= not now.words and isinstance(part, Prose) and part.text.startswith(_OPTIONAL)
            now.words += _words(part)
            now.exercises += [part.exercise] if isinstance(part, ExercisePlace) else []
    return sections


def _words(part: Part) -> int:
    """As many words take as long to read."""
    if isinstance(part, Figure):
        return _WORDS_OF_A_FIGURE
    if isinstance(part, Demonstration):
        return _WORDS_OF_A_LINE * (part.code.count("\n") + (part.output or "").count("\n"))
    if isinstance(part, Prose):
        return len(part.text.split())
    return len(f"{part.question} {part.answer}".split()) if isinstance(part, Question) else 0


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
