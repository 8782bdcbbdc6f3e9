"""How far a batch is: a bar with count, rate and time left on a terminal, a plain line for each result otherwise."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.grading.process import Graded
from grader.inert import inert
from grader.words import points


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def show_progress(results: Iterable[Graded], total: int, console: Console) -> Generator[Graded, None, None]:
    """Pass results on, and show how far it is."""
    return _bar(results, total, console) if console.is_terminal else _lines(results, total, console)


def _bar(results: Iterable[Graded], total: int, console: Console) -> Generator[Graded, None, None]:
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        for graded in results:
            yield graded
            progress.advance(task)


def _lines(results: Iterable[Graded], total: int, console: Console) -> Generator[Graded, None, None]:
    started = time.monotonic()
    number = 0
    for number, graded in enumerate(results, start=1):
        yield graded
        result = graded.result
        score = f"{points(result.score)} of {points(result.max_score)}"
        line = f"{number}/{total} {inert(result.student, 60)}: {result.status}, {score}"
        console.print(line, markup=False, soft_wrap=True)
    if number:
        seconds = time.monotonic() - started
        submissions = "1 submission" if number == 1 else f"{number} submissions"
        console.print(f"{submissions} in {seconds:.1f} s, {number / seconds:.1f} a second.")
