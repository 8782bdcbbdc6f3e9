"""How far a grading is: on a terminal one line that changes, elsewhere a line for each submission."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.table import Column
from rich.text import Text

from grader.core.labels import counted, points
from grader.core.sanitize import sanitized
from grader.grading.batch import Graded

_NAMED = 2  # learners
_WIDE = 110  # columns: with fewer there is no bar, so that names have a place
_ONE_LINE = partial(Column, no_wrap=True, overflow="ellipsis")


def show_progress(
    results: Iterable[Graded], total: int, console: Console, under_way: Callable[[], Sequence[str]]
) -> Generator[Graded, None, None]:
    """Pass results on, and show how far it is. `under_way` are the learners whose submissions are being graded."""
    if console.is_terminal:
        return _bar(results, total, console, under_way)
    return _lines(results, total, console)


class _Left(ProgressColumn):
    """The time left, by all of the run from its first result until now: it grows while endless loops hold it up."""

    def __init__(self) -> None:
        super().__init__(_ONE_LINE())

    def render(self, task: Task) -> Text:
        if task.completed < 2 or task.remaining is None:
            return Text("--:-- left")
        minutes, seconds = divmod(round((task.elapsed or 0) / (task.completed - 1) * task.remaining), 60)
        hours, minutes = divmod(minutes, 60)
        return Text(f"{hours}:{minutes:02}:{seconds:02} left" if hours else f"{minutes:02}:{seconds:02} left")


class _Failed(ProgressColumn):
    """How many submissions lost points, and how many could not be graded."""

    def __init__(self) -> None:
        super().__init__(_ONE_LINE())
        self.lost = self.not_graded = 0

    def count(self, graded: Graded) -> None:
        result = graded.result
        self.not_graded += not result.is_final
        self.lost += result.is_final and result.score < result.max_score

    def render(self, _task: Task) -> Text:
        parts = [f"{self.lost} with mistakes"] if self.lost else []
        parts += [f"{self.not_graded} not graded"] if self.not_graded else []
        return Text(", ".join(parts))


class _Who(ProgressColumn):
    """Who is being graded, in the place that the others leave."""

    def __init__(self, under_way: Callable[[], Sequence[str]]) -> None:
        super().__init__(_ONE_LINE(ratio=1))
        self._under_way = under_way

    def render(self, _task: Task) -> Text:
        names = self._under_way()
        shown = [sanitized(name, 30) for name in names[:_NAMED]]
        more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
        return Text(f"now {', '.join([*shown, *more])}" if shown else "", style="dim")


def _bar(
    results: Iterable[Graded], total: int, console: Console, under_way: Callable[[], Sequence[str]]
) -> Generator[Graded, None, None]:
    failed = _Failed()
    bar = [BarColumn(20)] if console.width >= _WIDE else []
    columns = (*bar, MofNCompleteColumn(), _Left(), failed, _Who(under_way))
    with Progress("Grading", *columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task("", total=total)
        for number, graded in enumerate(results, start=1):
            yield graded
            failed.count(graded)
            if number == 1:
                progress.reset(task, completed=1)  # until then it was starting
            else:
                progress.advance(task)


def _lines(results: Iterable[Graded], total: int, console: Console) -> Generator[Graded, None, None]:
    started = time.monotonic()
    number = 0
    for number, graded in enumerate(results, start=1):
        yield graded
        result = graded.result
        score = f", {points(result.score)} of {points(result.max_score)}" if result.is_final else ""
        line = f"{number}/{total} {sanitized(result.student, 60)}: {result.status}{score}"
        console.print(line, markup=False, soft_wrap=True)
    if number:
        seconds = time.monotonic() - started
        console.print(f"{counted(number, 'submission')} in {seconds:.1f} s, {number / seconds:.1f} a second.")
