"""The panel of a notebook as HTML: for light and dark themes, and readable where its style is taken away.

No lists and no tables: notebooks have strong opinions on how these look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from grader.inert import inert
from grader.records import ExerciseStatus, Finding
from grader.selfcheck.course_file import Lesson
from grader.selfcheck.curve import Curve
from grader.selfcheck.curve_svg import curve_svg
from grader.selfcheck.report import Setting, earned_by, hints_of, more_hints, printed_of
from grader.selfcheck.state import Standing, next_thing
from grader.words import points, state_words

_STYLE = Path(__file__).with_name("panel.css")


def notice_html(text: str) -> str:
    """A sentence in place of a panel, or before it."""
    return _framed("notice", [f"<p>{_text(text)}</p>"])


def exercise_html(each: Standing, curves: Mapping[str, Curve], setting: Setting) -> str:
    """Where one exercise stands, and what to try next."""
    inner = [f'<p class="sc-head">{_row(each)}</p>', *_next(each, setting)]
    if each.result.status is ExerciseStatus.PASSED:
        inner.append("<p>What is looked at here is right. The grading tries other numbers as well.</p>")
    for name, curve in curves.items():
        inner.append(f'<p class="sc-quiet">The losses of <code>{escape(name)}</code> go {escape(curve.words)}.</p>')
        inner.append(curve_svg(name, curve))
    return _framed(each.result.status.value, inner)


def lesson_html(lesson: Lesson, standing: Sequence[Standing], setting: Setting) -> str:
    """Where all exercises stand, and the one next thing."""
    earned = sum(each.result.score for each in standing)
    possible = sum(each.result.max_score for each in standing) or 1.0
    inner = [
        f'<p class="sc-head"><strong>{escape(lesson.title)}</strong> '
        f'<span class="sc-points">{points(earned)} of {points(possible)} points</span></p>',
        f'<div class="sc-bar"><div style="width:{100 * earned / possible:.1f}%"></div></div>',
    ]
    for module, title in lesson.modules.items():
        rows = [each for each in standing if each.exercise.module == module]
        if rows:
            inner.append(f'<p class="sc-quiet">{escape(title)}</p>')
            inner += [f'<div class="sc-row {each.result.status.value}">{_row(each)}</div>' for each in rows]
    then = next_thing(standing)
    if then:
        inner.append(f'<p class="sc-head"><span>Next: <strong>{escape(then.exercise.id)}</strong></span></p>')
        inner += _next(then, setting)
    elif len(standing) == len(lesson.exercises):
        inner.append(
            "<p>Everything that is looked at here is right. The grading tries other numbers as well. "
            "Now you can hand in your work.</p>"
        )
    return _framed("lesson", inner)


def _row(each: Standing) -> str:
    state = state_words(each.result.status, each.blocked_by)
    return (
        f'<span class="sc-mark" aria-hidden="true">{state.symbol}</span> <strong>{escape(each.exercise.id)}</strong> '
        f'<span class="sc-title">{escape(each.exercise.title)}</span> '
        f'<span class="sc-mark">{escape(state.words)}</span> '
        f'<span class="sc-points">{earned_by(each)}</span>'
    )


def _next(each: Standing, setting: Setting) -> Iterator[str]:
    if each.result.status is ExerciseStatus.PASSED:
        return
    finding = each.result.finding or Finding("")
    if each.title and each.result.status is not ExerciseStatus.TODO:
        yield f'<p class="sc-quiet">What was tried: <code>{escape(each.exercise.id)}</code> {_text(each.title)}.</p>'
    if finding.summary:
        yield f"<p>{_text(finding.summary)}</p>"
    facts = [*finding.facts]
    printed = printed_of(each.printed)
    if printed:
        facts.append(("printed", printed))
    if facts:
        rows = (
            f'<div class="sc-fact"><span class="sc-label">{escape(label)}</span> <span>{escape(text)}</span></div>'
            for label, text in facts
        )
        yield f'<div class="sc-facts">{"".join(rows)}</div>'
    hints = hints_of(each, finding, setting)
    for hint in hints:
        yield f'<p class="sc-hint"><strong>Hint:</strong> {_text(hint)}</p>'
    if more_hints(each, hints):
        yield f'<p class="sc-quiet">More hints: <code>{escape(setting.more(each.exercise.id))}</code></p>'


def _framed(kind: str, inner: Sequence[str]) -> str:
    style = _STYLE.read_text(encoding="utf-8")
    return f'<style>{style}</style><div class="selfcheck {kind}">{"".join(inner)}</div>'


def _text(text: str) -> str:
    """A text for people, with what stands between backticks as code."""
    pieces = inert(text, 2000, lines=True).split("`")
    if len(pieces) % 2 == 0:
        return escape("`".join(pieces))
    return "".join(f"<code>{escape(piece)}</code>" if n % 2 else escape(piece) for n, piece in enumerate(pieces))
