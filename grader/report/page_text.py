"""A learner's page as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from grader import words
from grader.report.page import ExercisePart, Page

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
    yield f"{words.bar(page.fraction, 30)}  {page.total}"
    for sentence in page.notice:
        yield ""
        yield from _wrapped(sentence)
    if page.advance:
        yield from _headed("What to try next")
        yield from _wrapped(page.advance if page.next is None else _next(page.advance, page.next))
    for title, parts in page.groups:
        yield from _headed(title)
        for number, part in enumerate(parts):
            yield from [""] * bool(number)
            yield from part_lines(part)
    if page.note:
        yield from _headed("Also")
        yield from _wrapped(page.note)


def _next(advance: str, part: ExercisePart) -> str:
    return f"{advance} {part.id}" + (f" ({part.title})." if part.title else ".")


def part_lines(part: ExercisePart) -> Iterator[str]:
    """What is said of one exercise, as lines."""
    title = f"{part.id}: {part.title}" if part.title else part.id
    yield from _wrapped(f"{part.state.symbol} {title}", _INDENT)
    yield from _wrapped(f"  {part.state.words}, {part.override or f'{part.points} points'}", _INDENT)
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
