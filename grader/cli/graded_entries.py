"""Which entries are graded now, as which variants, and how far that is.

Graded is what has no result yet, what has changed, and what is to get its causes. Of an assignment with variants, the
class's entries have one each: who has which, and what each is graded with. How far it is shows on a terminal as one
line that changes, elsewhere as a line for each submission.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task
from rich.table import Column
from rich.text import Text

from grader.cli.batch_options import Options
from grader.collecting.collected_table import Collected
from grader.core.assignment import Assignment, Course, drawn_variant, same_learner
from grader.core.errors import CollectError
from grader.core.labels import counted, joined, points
from grader.core.records import SubmissionResult
from grader.core.sanitize import sanitized
from grader.derived.variant_course import VariantCourse, variant_course
from grader.grading.collect import gather
from grader.grading.exercise_keys import ExerciseKey, digest_of_all, exercise_keys, previous_grading, touched
from grader.grading.process import Graded
from grader.grading.submission import Entry, Unread
from grader.results.export.variant_roster import GivenVariants, read_given_variants
from grader.results.store import ResultStore


@dataclass(frozen=True)
class GradedVariant:
    """One of them; the only one, where there are none: then its name is empty."""

    made: VariantCourse
    keys: Mapping[str, ExerciseKey]

    @property
    def name(self) -> str:
        """Its name."""
        return self.made.name

    @property
    def assignment(self) -> Assignment:
        """The assignment, as its learners know it."""
        return self.made.assignment


class GradedVariants:
    """All of them, and which an entry is graded as. `learners` gives the learners of an entry, by its name, `table`
    says who has another one than is drawn, and `draw` draws one for a name."""

    def __init__(
        self,
        variants: Mapping[str, GradedVariant],
        table: GivenVariants,
        learners: Callable[[str], tuple[str, ...]],
        draw: Callable[[str], str],
    ) -> None:
        self._variants, self._table, self._learners, self._draw = variants, table, learners, draw
        self.each = tuple(variants.values())
        # Exercises whose checks or references are others in another variant: answers to these can't be compared.
        self._apart = {
            name for name in self.each[0].keys if len({variant.keys[name].verdict for variant in self.each}) > 1
        }

    def of(self, entry: str) -> GradedVariant:
        """That of an entry, by its name. A team has that of its first member, unless the team has one itself."""
        first = self._learners(entry)[0]
        given = (self._table.given.get(same_learner(name)) for name in (entry, first))
        drawn_for = self._table.drawn_for.get(same_learner(first), first)
        return self._variants[next(filter(None, given), None) or self._draw(drawn_for)]

    @property
    def checks_digest(self) -> str:
        """One digest of all that they are graded with."""
        return digest_of_all(
            {f"{one.name} {name}".lstrip(): key for one in self.each for name, key in one.keys.items()}
        )

    def counted(self, entries: Iterable[str]) -> str:
        """`as variant a: 12, as variant b: 11`, learners of these entries; empty where there are none of either."""
        numbers = Counter(self.of(entry).name for entry in entries for _ in self._learners(entry))
        return ", ".join(f"as variant {each.name}: {numbers[each.name]}" for each in self.each if each.name and numbers)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where their secrets are, which learners' code must not see."""
        return tuple(variant.made.root / "solutions" for variant in self.each)

    def told(self, result: SubmissionResult) -> SubmissionResult:
        """The result of an entry with its variant; its answers are compared with those to the same variant alone."""
        name = self.of(result.student).name
        exercises = tuple(
            replace(each, answers=each.answers.among(name)) if each.answers and each.id in self._apart else each
            for each in result.exercises
        )
        return replace(result, variant=name, exercises=exercises)


@contextmanager
def graded_variants(
    root: Path, course: Course, assignment: Assignment, table: Path | None, collected: Collected
) -> Iterator[GradedVariants]:
    """The variants with what they are graded with, in temporary folders; `table` is a file of who has which. Raises
    `KitError` when it can't be read, or a variant can't be made."""
    if table and not assignment.variants:
        raise CollectError(f"--variants {table}: {assignment.id} has no variants. Leave the option out.")
    called = {*(entry.student for entry in collected.entries), *collected.learners_of(collected.entries)}
    given = read_given_variants(table, assignment, called) if table else GivenVariants()
    with ExitStack() as opened:
        variants = {}
        for name in assignment.variants or ("",):
            made = opened.enter_context(
                variant_course(root, course, assignment, name, knows_others=True, to_grade=True)
            )
            variants[name] = GradedVariant(made, exercise_keys(made.root, made.assignment))
        yield GradedVariants(variants, given, collected.learners, lambda who: drawn_variant(course.id, assignment, who))


def waiting_entries(
    entries: list[Entry | Unread],
    collected: Collected,
    store: ResultStore,
    variants: GradedVariants,
    options: Options,
) -> Iterator[tuple[Entry | Unread, set[str]]]:
    """The entries that have no result yet, have changed since, are asked for by name, or are of another variant now.
    Besides, those that were graded with what is another now, each with the exercises that this is for: it keeps the
    results of the others."""
    done, graded_with, graded_as = store.done(), store.graded_with(), store.variants()
    without_causes = set() if options.no_causes else store.causes_left()  # they are to get them: of every exercise
    for entry in entries:
        again: set[str] = set()
        variant = variants.of(entry.student)
        first, *others = collected.learners(entry.student)
        if first in done and not options.only and {done.get(other) for other in others} <= {done[first]}:
            found = entry if isinstance(entry, Unread) else gather(entry, variant.assignment.limits)
            if found.digest == done[first] and graded_as[first] == variant.name:
                again = touched(variant.keys, graded_with[first])
                if not again:
                    continue
        keeps = again and isinstance(entry, Entry) and first not in without_causes
        result = store.result(first) if keeps else None
        if result is not None and isinstance(entry, Entry):
            modules = {name: each.module for name, each in variant.assignment.exercises.items()}
            yield replace(entry, previous=previous_grading(result.as_checked(), again, modules)), again
        else:
            yield entry, again


def again_words(waiting: Sequence[tuple[object, set[str]]], assignment: Assignment) -> str:
    """What is said of those that are graded again for what has changed; empty when none are."""
    sets = [again for _, again in waiting if again]
    names = [name for name in assignment.exercises if any(name in again for again in sets)]
    if not sets:
        return ""
    what = "every exercise" if len(names) == len(assignment.exercises) else joined(names)
    return (
        f"What they are graded with has changed, so {counted(len(sets), 'submission')} "
        f"{'is' if len(sets) == 1 else 'are'} graded again: {what}."
    )


def entries_for_causes(
    entries: Sequence[Entry | Unread],
    collected: Collected,
    waiting: Sequence[Entry | Unread],
    store: ResultStore,
    options: Options,
) -> list[Entry | Unread]:
    """The entries that have their result, but for causes that were left for later; none while these still are."""
    left = set() if options.no_causes else store.causes_left() - collected.learners_of(waiting)
    return [entry for entry in entries if left.intersection(collected.learners(entry.student))]


_NAMED = 2  # learners
_WIDE = 110  # columns: with fewer there is no bar, so that names have a place
_ONE_LINE = partial(Column, no_wrap=True, overflow="ellipsis")


def show_progress(
    results: Iterable[Graded], total: int, console: Console, under_way: Callable[[], Sequence[str]]
) -> Generator[Graded, None, None]:
    """Pass results on, and show how far it is. `under_way` are the learners whose submissions are being graded."""
    if console.is_terminal:
        return _bar(results, total, console, under_way)
    return _as_lines(results, total, console)


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


def _as_lines(results: Iterable[Graded], total: int, console: Console) -> Generator[Graded, None, None]:
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
        console.print(f"{counted(number, 'submission')} in {seconds:.1f} s.")
