"""Which entries are graded now: what has no result yet, what has changed, and what is to get its causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.cli.batch_options import Options
from grader.cli.graded_variants import GradedVariants
from grader.collecting.collected_table import Collected
from grader.core.assignment import Assignment
from grader.core.labels import counted, joined
from grader.grading.collect import gather
from grader.grading.exercise_keys import previous_grading, touched
from grader.grading.submission import Entry, Unread
from grader.results.store import ResultStore


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
            yield replace(entry, previous=previous_grading(result.as_checked(), again)), again
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
