"""Which known mistakes a class made: by exercise, how many learners made each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from grader.records import SubmissionResult
from grader.report.atomic import write_atomically
from grader.report.gradebook import csv_lines
from grader.words import mistake_words


class Made(NamedTuple):
    """A mistake that was recognised in an exercise, by its id, and how many learners made it."""

    exercise: str
    mistake: str
    learners: int

    @property
    def words(self) -> str:
        """The mistake's id as words."""
        return mistake_words(self.exercise, self.mistake)


def mistakes_made(results: Iterable[SubmissionResult]) -> list[Made]:
    """In the course's order of exercises, the commonest mistake of each first."""
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[str, int] = {}
    for result in results:
        for exercise in result.exercises:
            places.setdefault(exercise.id, len(places))
            if exercise.misconception:
                counts[exercise.id, exercise.misconception] += 1
    found = [Made(exercise, mistake, learners) for (exercise, mistake), learners in counts.items()]
    return sorted(found, key=lambda made: (places[made.exercise], -made.learners, made.mistake))


def write_mistakes(path: Path, results: Iterable[SubmissionResult]) -> None:
    """`mistakes.csv`: a row for each mistake that was recognised. Raises `ResultsError`."""
    rows = [[made.exercise, made.mistake, str(made.learners)] for made in mistakes_made(results)]
    write_atomically(path, csv_lines([["exercise", "mistake", "learners"], *rows]))
