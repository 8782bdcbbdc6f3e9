"""`check`, for notebooks: the self-check of one exercise, or of all, and the panel that shows what it found.

The panel has no lists and no tables: notebooks have strong opinions on how these look.

    from grader.selfcheck.notebook import check

    check("mse")
"""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from grader.core.assignment import FILE_NAME, PAGE, Assignment, exercise_meant
from grader.core.labels import points
from grader.core.records import ExerciseStatus, Finding
from grader.core.sanitize import sanitized
from grader.selfcheck.course_file import CourseFileError, read_lessons
from grader.selfcheck.curves import Curve, curve_svg
from grader.selfcheck.report import Setting, earned_by, facts_of, hints_of, lesson_lines, more_hints, one_more_hint
from grader.selfcheck.state import ExerciseState, next_thing

_PAGE_LINK = re.compile(rf" \({re.escape(PAGE)}#[\w-]+\)$")
_STYLE = Path(__file__).with_name("panel.css")


def notice_html(text: str) -> str:
    """A sentence in place of a panel, or before it."""
    return _framed("notice", [f"<p>{_text(text)}</p>"])


def exercise_html(each: ExerciseState, curves: Mapping[str, Curve], setting: Setting) -> str:
    """Where one exercise stands, and what to try next."""
    inner = [f'<p class="sc-head">{_row(each)}</p>', *_next(each, setting)]
    if each.result.status is ExerciseStatus.PASSED:
        inner.append("<p>The visible checks of this exercise pass. Grading also tries other inputs.</p>")
    for name, curve in curves.items():
        inner.append(f'<p class="sc-quiet">The losses of <code>{escape(name)}</code> go {escape(curve.words)}.</p>')
        inner.append(curve_svg(name, curve))
    return _framed(each.result.status.value, inner)


def lesson_html(lesson: Assignment, standing: Sequence[ExerciseState], setting: Setting) -> str:
    """Where all exercises stand, and the one next thing."""
    earned = sum(each.result.score for each in standing)
    possible = sum(each.result.max_score for each in standing) or 1.0
    inner = [
        f'<p class="sc-head"><strong>{escape(lesson.title)}</strong> '
        f'<span class="sc-points">{points(earned)} of {points(possible)} points</span></p>',
        f'<div class="sc-bar"><div style="width:{100 * earned / possible:.1f}%"></div></div>',
    ]
    for module in lesson.modules.values():
        rows = [each for each in standing if each.exercise.module == module.id]
        if rows:
            inner.append(f'<p class="sc-quiet">{escape(module.title)}</p>')
            inner += [f'<div class="sc-row {each.result.status.value}">{_row(each)}</div>' for each in rows]
    then = next_thing(standing)
    if then:
        inner.append(f'<p class="sc-head"><span>Next: <strong>{escape(then.exercise.id)}</strong></span></p>')
        inner += _next(then, setting)
    elif len(standing) == len(lesson.exercises):
        inner.append("<p>All visible checks pass. Grading also tries other inputs. Now you can hand in your work.</p>")
    return _framed("lesson", inner)


def _row(each: ExerciseState) -> str:
    state = each.words
    return (
        f'<span class="sc-mark" aria-hidden="true">{state.symbol}</span> <strong>{escape(each.exercise.id)}</strong> '
        f'<span class="sc-title">{escape(each.exercise.title)}</span> '
        f'<span class="sc-mark">{escape(state.words)}</span> '
        f'<span class="sc-points">{earned_by(each)}</span>'
    )


def _next(each: ExerciseState, setting: Setting) -> Iterator[str]:
    if each.result.status is ExerciseStatus.PASSED:
        return
    finding = each.result.finding or Finding("")
    if each.title and each.is_reached and each.result.status is not ExerciseStatus.TODO:
        yield f'<p class="sc-quiet">Failed check: <code>{escape(each.exercise.id)}</code> {_text(each.title)}.</p>'
    if finding.summary:
        yield f"<p>{_text(finding.summary)}</p>"
    facts = facts_of(each, setting)
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
    pieces = sanitized(text, 2000, lines=True).split("`")
    if len(pieces) % 2 == 0:
        return escape("`".join(pieces))
    return "".join(f"<code>{escape(piece)}</code>" if n % 2 else escape(piece) for n, piece in enumerate(pieces))


@dataclass(frozen=True)
class NotebookSetting(Setting):
    """How places and commands are called within a notebook."""

    def place(self, module: str) -> str:  # noqa: ARG002
        """All modules' functions are in the one notebook."""
        return "this notebook"

    def all(self) -> str:
        """What looks at all exercises."""
        return "check()"

    def again(self, exercise: str) -> str:
        """What looks at an exercise again."""
        return f'check("{exercise}")'

    def told(self, label: str, text: str) -> str:
        """A fact as it is told here: the lesson is this notebook, so no link leads out of it."""
        return _PAGE_LINK.sub("", text) if label == "read" else text

    def more(self, exercise: str) -> str:
        """What shows more hints for an exercise."""
        return f'check("{exercise}", hints=True)'


@dataclass(frozen=True)
class Panel:
    """Where exercises stand, or a notice in place of that. `whole` says that all of the lesson was looked at."""

    lesson: Assignment | None = None
    standing: tuple[ExerciseState, ...] = ()
    curves: dict[str, Curve] = field(default_factory=dict)
    notice: str = ""
    whole: bool = False
    hints: int = 0

    @property
    def score(self) -> float:
        """The points that were earned."""
        return round(sum(each.result.score for each in self.standing), 4)

    def __str__(self) -> str:
        lines = [self.notice] if self.notice else []
        if self.lesson and self.standing:
            found = lesson_lines(self.lesson, self.standing, self._setting())
            lines += ["".join(text for text, _ in line) for line in found]
            for name, curve in self.curves.items():
                lines.append(f"  Losses of {name}: {curve.small()} {curve.words}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        shown_loss = notice_html(self.notice) if self.notice else ""
        if self.lesson and self.whole and self.standing:
            return shown_loss + lesson_html(self.lesson, self.standing, self._setting())
        return shown_loss + "".join(exercise_html(each, self.curves, self._setting()) for each in self.standing)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The panel; in a notebook its plain text is the points alone, as stock nbgrader reads them."""
        if not _in_a_kernel():
            return {"text/plain": str(self)}
        return {"text/html": self._repr_html_(), "text/plain": points(self.score, 4)}

    def _setting(self) -> NotebookSetting:
        return NotebookSetting({}, "", "", hints=self.hints)


def _in_a_kernel() -> bool:
    """Whether pages can be shown: a notebook's kernel, not a terminal."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython(), "kernel", None) is not None if ipython else False


def check(exercise: str | Callable[..., Any] | None = None, *, hints: bool = False, lesson: str = "") -> Panel:
    """Look at one exercise, by its name or its function; at all of the lesson when none is named.

    The functions are those of the notebook from which this is called, as they are defined at this moment. `hints` shows
    one hint more than the last time. `lesson` names the lesson where a course has several and the notebook isn't in the
    lesson's folder.

    Nothing is raised: what goes wrong is said in the panel. An interruption of the kernel ends it.
    """
    names = sys._getframe(1).f_globals
    try:
        return _looked(_wanted(exercise), hints, lesson, names)
    except CourseFileError as error:
        return Panel(notice=str(error))
    except KeyboardInterrupt:
        return Panel(notice="Stopped: you interrupted it.")


def _looked(wanted: str, hints: bool, lesson: str, names: Mapping[str, Any]) -> Panel:
    from grader.selfcheck.kernel_run import look  # brings pytest along, which takes a moment

    course = _course()
    lessons = read_lessons(course / FILE_NAME)
    wanted = exercise_meant(wanted, lessons.values())
    chosen = _lesson(course, lessons, lesson, wanted)
    if isinstance(chosen, str):
        return Panel(notice=chosen)
    if not wanted:
        found = look(course, chosen, set(chosen.exercises), names)
        number = _one_more(course, chosen, next_thing(found.standing)) if hints else 0
        return Panel(chosen, tuple(found.standing), {}, found.trouble, whole=True, hints=number)
    if wanted not in chosen.exercises:
        return Panel(notice=_unknown(wanted, chosen))
    asked = chosen.exercises[wanted]
    # With what it needs, so that a mistake is named where it was made.
    found = look(course, chosen, {wanted, *asked.needs}, names, wanted)
    standing = tuple(each for each in found.standing if each.exercise.id == wanted)
    trouble = found.trouble or ("" if standing else f"There are no checks of {wanted} here.")
    curves = {name: curve for name, curve in found.curves.items() if name == asked.function}
    number = _one_more(course, chosen, next_thing(standing)) if hints else 0
    return Panel(chosen, standing, curves, trouble, hints=number)


def _one_more(course: Path, lesson: Assignment, each: ExerciseState | None) -> int:
    """How many hints to show when one more is asked for; nothing is counted where hints can't help."""
    return one_more_hint(course / "exercises" / lesson.id, each) if each and each.can_be_helped else 0


def _wanted(exercise: object) -> str:
    if exercise is None or isinstance(exercise, str):
        return exercise or ""
    return sanitized(getattr(exercise, "__name__", type(exercise).__name__), 100)


def _course() -> Path:
    """The course's folder: the nearest one above the notebook, or else that in which this machine lies."""
    here = Path.cwd()
    places = [here, *here.parents, Path(__file__).resolve().parents[2]]
    for place in places:
        if (place / FILE_NAME).is_file() and (place / "exercises" / "pytest.ini").is_file():
            return place
    raise CourseFileError(
        f"The course was not found: expected {FILE_NAME} and the folder exercises in {here} or above it. "
        "Open the notebook in the course's folder, where it came with it."
    )


def _lesson(course: Path, lessons: dict[str, Assignment], named: str, wanted: str) -> Assignment | str:
    """The lesson that is meant, or a sentence."""
    if named:
        return (
            lessons.get(named) or f'There is no lesson "{sanitized(named, 60)}", expected one of {", ".join(lessons)}.'
        )
    here = Path.cwd()
    around = [each for name, each in lessons.items() if here.is_relative_to(course / "exercises" / name)]
    there = [each for name, each in lessons.items() if (course / "exercises" / name / "checks").is_dir()]
    fitting = around or there
    if len(fitting) > 1:
        fitting = [each for each in fitting if wanted in each.exercises] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        return f"There are no checks here: expected exercises/LESSON/checks in {course}."
    several = ", ".join(f'"{each.id}"' for each in fitting)
    return f'Say which lesson is meant, one of {several}: check("{wanted}", lesson="{fitting[0].id}").'


def _unknown(wanted: str, lesson: Assignment) -> str:
    near = difflib.get_close_matches(wanted, lesson.exercises, n=1, cutoff=0.6)
    hint = f' Did you mean check("{near[0]}")?' if near else ""
    return f'There is no exercise "{sanitized(wanted, 60)}".{hint} The exercises are: {", ".join(lesson.exercises)}.'
