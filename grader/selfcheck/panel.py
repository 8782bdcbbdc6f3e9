"""What `check` shows in a notebook: a panel as HTML where that can be shown, and the report as text where it can't."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from grader.selfcheck.course_file import Lesson
from grader.selfcheck.curve import Curve
from grader.selfcheck.panel_html import exercise_html, lesson_html, notice_html
from grader.selfcheck.report import Setting, lesson_lines
from grader.selfcheck.state import Standing
from grader.words import points


@dataclass(frozen=True)
class NotebookSetting(Setting):
    """How places and commands are called within a notebook."""

    def place(self, module: str) -> str:  # noqa: ARG002
        """All modules' functions are in the one notebook."""
        return "this notebook"

    def again(self, exercise: str) -> str:
        """What looks at an exercise again."""
        return f'check("{exercise}")'

    def more(self, exercise: str) -> str:
        """What shows all hints of an exercise."""
        return f'check("{exercise}", hints=True)'


@dataclass(frozen=True)
class Panel:
    """Where exercises stand, or a notice in place of that. `whole` says that all of the lesson was looked at."""

    lesson: Lesson | None = None
    standing: tuple[Standing, ...] = ()
    curves: dict[str, Curve] = field(default_factory=dict)
    notice: str = ""
    whole: bool = False
    all_hints: bool = False

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
        shown = notice_html(self.notice) if self.notice else ""
        if self.lesson and self.whole and self.standing:
            return shown + lesson_html(self.lesson, self.standing, self._setting())
        return shown + "".join(exercise_html(each, self.curves, self._setting()) for each in self.standing)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The panel; in a notebook its plain text is the points alone, as stock nbgrader reads them."""
        if not _in_a_kernel():
            return {"text/plain": str(self)}
        return {"text/html": self._repr_html_(), "text/plain": points(self.score, 4)}

    def _setting(self) -> NotebookSetting:
        return NotebookSetting({}, "", "", all_hints=self.all_hints)


def _in_a_kernel() -> bool:
    """Whether pages can be shown: a notebook's kernel, not a terminal."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython(), "kernel", None) is not None if ipython else False
