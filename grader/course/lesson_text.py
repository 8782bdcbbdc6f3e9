"""A lesson's text: CommonMark with tables, cut into its parts. Whatever isn't in the format is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.core.errors import LessonError, did_you_mean
from grader.course.module_source import syntax_tree


@dataclass(frozen=True)
class TextHeading:
    """A heading of level 1 (the title) to 6. `anchor` is what links lead to; only levels 2 and 3 always have one."""

    line: int
    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Prose:
    """Paragraphs, lists, tables and code that isn't run, as Markdown."""

    line: int
    text: str


@dataclass(frozen=True)
class Demonstration:
    """Code that is run, and what it prints; `output` is None where the text doesn't show it."""

    line: int
    code: str
    output: str | None = None


@dataclass(frozen=True)
class ExercisePlace:
    """Where an exercise belongs."""

    line: int
    exercise: str


@dataclass(frozen=True)
class Figure:
    """A picture: what is to be seen on it, and its path from the lesson's folder, `figures/NAME.svg`."""

    line: int
    alt: str
    path: str

    @property
    def dark_path(self) -> str:
        """The same on a dark background."""
        return self.path.removesuffix(".svg") + "-dark.svg"


@dataclass(frozen=True)
class Question:
    """A question to think about, in inline Markdown, and its answer as Markdown."""

    line: int
    question: str
    answer: str


Part = TextHeading | Prose | Demonstration | ExercisePlace | Figure | Question


@dataclass(frozen=True)
class LessonText:
    """A whole lesson. `file` is its path as the reader knows it; the first part is the title's heading."""

    file: str
    parts: tuple[Part, ...]

    @property
    def title(self) -> str:
        """The lesson's title."""
        first = self.parts[0]
        assert isinstance(first, TextHeading)  # read_lesson has seen to it
        return first.text

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures in their order."""
        return tuple(part for part in self.parts if isinstance(part, Figure))


_ANCHOR = re.compile(r'<a id="([a-z0-9]+(?:-[a-z0-9]+)*)"></a>')
_EXERCISE = re.compile(r"<!-- exercise: (\w+) -->")
_QUESTION = re.compile(r"<details><summary>(.+)</summary>")
_FIGURE = re.compile(r"!\[((?:[^\[\]\\]|\\.)+)\]\((figures/[\w-]+\.svg)\)")
_LONGEST_ANCHOR = 40  # cells are named after them, and a cell's name has at most 64 characters
_HTML = (
    "no HTML but these, each alone on its line: "
    '<a id="..."></a>, <!-- exercise: NAME -->, <details><summary>Question?</summary> and </details>'
)


def read_lesson(text: str, file: str, exercises: Sequence[str]) -> LessonText:
    """The parts of a lesson. `exercises` are those of the assignment, in their order; each has its place once.

    Raises LessonError, a sentence with file and line, when the text isn't in the format.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parts = tuple(_Reader(text, file).parts())
    _check_exercises(parts, file, exercises)
    return LessonText(file, parts)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._lines = text.split("\n")
        environment: dict[str, object] = {}
        tokens = MarkdownIt("commonmark").enable("table").parse(text, environment)
        self._blocks = [token for token in tokens if token.level == 0 and token.nesting >= 0]
        self._inline = {id(one): other for one, other in pairwise(tokens)}
        self._all = tokens
        self._parts: list[Part] = []
        self._prose: list[tuple[int, int]] = []
        self._anchor: tuple[int, str] | None = None
        self._anchors: dict[str, int] = {}
        self._question: tuple[int, str] | None = None
        if environment.get("references"):
            line = next(i for i, each in enumerate(self._lines, 1) if re.match(r" {0,3}\[[^\]]+\]:", each))
            raise self._wrong(line, "links written out, as [text](address)", "the definition of a link")

    def parts(self) -> list[Part]:
        """The parts in their order."""
        for block in self._blocks:
            self._take(block)
        if self._question:
            raise self._wrong(self._question[0], "</details> on a line of its own for this question", "none")
        self._end_prose()
        self._expect_no_anchor(len(self._lines))
        first = self._parts[0] if self._parts else None
        if not (isinstance(first, TextHeading) and first.level == 1):
            raise self._wrong(first.line if first else 1, "the lesson's title, `# ...`, before all else", "none")
        return self._parts

    def _take(self, block: Token) -> None:
        first, end = block.map or (0, 0)
        line = first + 1
        own = "\n".join(self._lines[first:end]).strip()
        if block.type == "html_block":
            self._html(line, own)
        elif self._question:
            if block.type == "heading_open":
                raise self._wrong(line, "no heading within a question", own)
            self._check_inline(block)
        elif block.type == "paragraph_open" and (anchor := _ANCHOR.fullmatch(own)):
            self._set_anchor(line, anchor[1])
        elif block.type == "heading_open":
            self._check_inline(block)
            self._heading(line, block)
        else:
            self._expect_no_anchor(line)
            if block.type == "fence":
                self._fence(line, end, block)
            elif block.type == "paragraph_open" and own.startswith("!["):
                self._figure(line, own)
            else:
                self._check_inline(block)
                self._prose.append((first, end))

    def _html(self, line: int, own: str) -> None:
        if question := _QUESTION.fullmatch(own):
            if self._question:
                raise self._wrong(line, f"</details> for the question in line {self._question[0]}", "another question")
            self._expect_no_anchor(line)
            self._end_prose()
            self._question = (line, question[1].strip())
        elif own == "</details>" and self._question:
            start, words = self._question
            answer = "\n".join(self._lines[start : line - 1]).strip()
            if not answer:
                raise self._wrong(start, "an answer, after a blank line", "none")
            self._parts.append(Question(start, words, answer))
            self._question = None
        elif (exercise := _EXERCISE.fullmatch(own)) and not self._question:
            self._expect_no_anchor(line)
            self._end_prose()
            self._parts.append(ExercisePlace(line, exercise[1]))
        elif exercise:
            raise self._wrong(line, "no exercise within a question", own)
        else:
            raise self._wrong(line, _HTML, own)

    def _set_anchor(self, line: int, name: str) -> None:
        self._expect_no_anchor(line)
        if name in self._anchors:
            raise self._wrong(line, "anchors that differ", f'"{name}", which line {self._anchors[name]} has')
        if len(name) > _LONGEST_ANCHOR:
            raise self._wrong(line, f"an anchor of at most {_LONGEST_ANCHOR} characters", f'"{name}"')
        self._anchor = (line, name)
        self._anchors[name] = line

    def _expect_no_anchor(self, line: int) -> None:
        if self._anchor:
            raise self._wrong(self._anchor[0], "a heading after an anchor", f"none before line {line}")

    def _heading(self, line: int, block: Token) -> None:
        level = int(block.tag[1:])
        text = self._inline[id(block)].content
        if level == 1 and self._parts:
            raise self._wrong(line, "one title, `# ...`, before all else", f"`# {text}`")
        if level in (2, 3) and not self._anchor:
            raise self._wrong(line, 'a line <a id="..."></a> before a section\'s heading', "none")
        if level == 1:
            self._expect_no_anchor(line)
        self._end_prose()
        self._parts.append(TextHeading(line, level, text, self._anchor[1] if self._anchor else ""))
        self._anchor = None

    def _fence(self, line: int, end: int, block: Token) -> None:
        if end - line < 1 or not re.fullmatch(
            rf" {{0,3}}{block.markup[0]}{{{len(block.markup)},}} *", self._lines[end - 1]
        ):
            raise self._wrong(line, f"{block.markup} at the end of this block of code", "none")
        words = block.info.strip()
        if words == "output":
            last = self._parts[-1] if self._parts and not self._prose else None
            if not isinstance(last, Demonstration) or last.output is not None:
                raise self._wrong(line, "```output directly after ```python", "something else before it")
            self._parts[-1] = Demonstration(last.line, last.code, block.content.rstrip("\n"))
        elif words == "python":
            code = block.content.strip("\n")
            try:
                syntax_tree(code)
            except (SyntaxError, ValueError) as error:
                at = line + (getattr(error, "lineno", None) or 0)
                raise LessonError(
                    f"{self._file}, line {at}: not valid Python ({getattr(error, 'msg', error)})."
                ) from None
            self._end_prose()
            self._parts.append(Demonstration(line, code))
        elif words.split(" ")[0] in ("python", "output"):
            raise self._wrong(line, f"```{words.split(' ')[0]} and nothing behind it", f"```{words}")
        else:
            self._prose.append((line - 1, end))

    def _figure(self, line: int, own: str) -> None:
        figure = _FIGURE.fullmatch(own)
        if not figure:
            raise self._wrong(line, "a figure alone on its line, as ![what is to be seen](figures/NAME.svg)", own)
        self._end_prose()
        self._parts.append(Figure(line, re.sub(r"\\(.)", r"\1", figure[1]).replace("\n", " "), figure[2]))

    def _check_inline(self, block: Token) -> None:
        """No HTML and no picture anywhere within a block."""
        first, end = block.map or (0, 0)
        for token in self._all:
            if token.map is None or not first <= token.map[0] < end:
                continue
            if token.type == "html_block":
                raise self._wrong(token.map[0] + 1, _HTML, token.content.strip())
            for child in token.children or ():
                if child.type == "html_inline":
                    raise self._wrong(token.map[0] + 1, _HTML, child.content)
                if child.type == "image":
                    raise self._wrong(token.map[0] + 1, "a figure alone on its line", "one within a text")

    def _end_prose(self) -> None:
        if self._prose:
            first, end = self._prose[0][0], self._prose[-1][1]
            self._parts.append(Prose(first + 1, "\n".join(self._lines[first:end]).strip("\n")))
            self._prose = []

    def _wrong(self, line: int, expected: str, found: str) -> LessonError:
        shown = found.split("\n")[0]
        shown = shown if len(shown) <= 80 else f"{shown[:79]}…"
        return LessonError(f"{self._file}, line {line}: expected {expected}; found {shown}.")


def _check_exercises(parts: Sequence[Part], file: str, exercises: Sequence[str]) -> None:
    places = [part for part in parts if isinstance(part, ExercisePlace)]
    seen: dict[str, int] = {}
    for place in places:
        where = f"{file}, line {place.line}"
        if place.exercise not in exercises:
            known = ", ".join(exercises)
            hint = did_you_mean(place.exercise, list(exercises))
            raise LessonError(f'{where}: there is no exercise "{place.exercise}", expected one of {known}.{hint}')
        if place.exercise in seen:
            first = seen[place.exercise]
            raise LessonError(f'{where}: the exercise "{place.exercise}" has its place in line {first} already.')
        seen[place.exercise] = place.line
    missing = [name for name in exercises if name not in seen]
    if missing:
        raise LessonError(
            f'{file}: the exercise "{missing[0]}" has no place, expected a line <!-- exercise: {missing[0]} -->.'
        )
    for place, wanted in zip(places, exercises, strict=True):
        if place.exercise != wanted:
            raise LessonError(
                f'{file}, line {place.line}: expected the exercise "{wanted}", as course.toml has them in order; '
                f'found "{place.exercise}".'
            )
