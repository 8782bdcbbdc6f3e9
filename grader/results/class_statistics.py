"""The numbers of a class: how the scores lie, what became of each exercise, and how well checks tell learners apart;
and the words for them on its page.

Results come one at a time, and only what the numbers need of them is kept.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.core.assignment import Assignment
from grader.core.records import CheckStatus, ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.results.feedback_page import blocked_by

# Fewer learners than this say nothing about a check.
FEWEST_TO_JUDGE = 10
_WELL, _A_LITTLE = 0.3, 0.1


@dataclass(frozen=True)
class Cell:
    """One exercise of one learner. `counts`: its points are points, and no 0 of what was not graded. `is_marked`: a
    line of its source is at fault."""

    status: ExerciseStatus
    score: float
    counts: bool
    by_a_person: bool
    is_marked: bool = False


@dataclass(frozen=True)
class Learner:
    """What the class's page needs of one submission: small, so that a large class fits. `penalty` is what lateness
    takes off the `score`."""

    student: str
    status: SubmissionStatus
    score: float
    penalty: float
    max_score: float
    is_final: bool
    cells: Mapping[str, Cell]


class Correlation:
    """Pearson's, of pairs that come one at a time."""

    def __init__(self) -> None:
        self.pairs = 0
        self._x = self._y = self._xx = self._yy = self._xy = 0.0

    def add(self, x: float, y: float) -> None:
        """One more pair."""
        self.pairs += 1
        self._x += x
        self._y += y
        self._xx += x * x
        self._yy += y * y
        self._xy += x * y

    @property
    def value(self) -> float | None:
        """From -1 to 1; None where it isn't defined, since one of the two is always the same."""
        n = self.pairs
        spread = (n * self._xx - self._x**2) * (n * self._yy - self._y**2)
        return (n * self._xy - self._x * self._y) / math.sqrt(spread) if spread > 1e-9 else None

    @property
    def is_against(self) -> bool:
        """Whether it is further below 0 than chance would have it, in all but one case of forty."""
        value = self.value
        return value is not None and self.pairs >= FEWEST_TO_JUDGE and value < -2 / math.sqrt(self.pairs)


@dataclass
class CheckStatistics:
    """One check: how many pass it, of how many who were checked; and whether those are who has more points in all other
    exercises. `max_points` is 0 for a guard."""

    id: str
    max_points: float
    passed: int = 0
    of: int = 0
    separation: Correlation = field(default_factory=Correlation)

    @property
    def decides_nothing(self) -> bool:
        """Whether all pass it, or none do. All are meant to pass a guard."""
        all_pass = self.passed == self.of and self.max_points > 0
        return self.of >= FEWEST_TO_JUDGE and (all_pass or self.passed == 0)


@dataclass
class ExerciseStatistics:
    """One exercise: how many have which status, of those whose points count; the points that were lost where it was
    blocked and where it was not, and what blocked it; the `seconds` that it took of each learner's time, as known."""

    id: str
    title: str
    max_points: float
    statuses: Counter[ExerciseStatus] = field(default_factory=Counter)
    not_graded: int = 0
    lost: float = 0.0
    lost_to_blocking: float = 0.0
    blockers: Counter[str] = field(default_factory=Counter)
    separation: Correlation = field(default_factory=Correlation)
    checks: dict[str, CheckStatistics] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    @property
    def median_seconds(self) -> float | None:
        """How long its calls took at the middle one of its learners; None where no time is known."""
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def most_seconds(self) -> float | None:
        """How long they took at most."""
        return max(self.seconds, default=None)

    @property
    def graded(self) -> int:
        """How many learners have points in it, if only 0."""
        return self.statuses.total()


@dataclass(frozen=True)
class Scores:
    """How the scores of graded submissions lie. `max_score` is what could be earned."""

    scores: tuple[float, ...]
    max_score: float

    @property
    def mean(self) -> float:
        return statistics.fmean(self.scores)

    @property
    def quartiles(self) -> tuple[float, float, float]:
        """The lower one, the median and the upper one, as spreadsheets have them: between two scores in proportion."""
        if len(self.scores) == 1:
            return (self.scores[0],) * 3
        low, middle, high = statistics.quantiles(self.scores, n=4, method="inclusive")
        return low, middle, high


class ClassStatistics:
    """All numbers of one class, by `add`."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self.learners: list[Learner] = []
        self.exercises: dict[str, ExerciseStatistics] = {
            each.id: ExerciseStatistics(each.id, each.title, each.points) for each in assignment.exercises.values()
        }

    def add(self, result: SubmissionResult) -> None:
        """One more submission."""
        cells = {
            each.id: Cell(
                each.status,
                each.score,
                result.counts(each),
                each.override is not None,
                each.cause is not None and each.cause.line is not None,
            )
            for each in result.exercises
        }
        score = result.score
        penalty = result.late_penalty or 0.0 if result.is_final else 0.0
        self.learners.append(
            Learner(result.student, result.status, score, penalty, result.max_score, result.is_final, cells)
        )
        is_whole = result.status is SubmissionStatus.GRADED and all(cell.counts for cell in cells.values())
        for exercise in result.exercises:
            numbers = self.exercises.get(exercise.id)
            if numbers is None:  # it is no longer in the assignment
                continue
            if cells[exercise.id].counts:
                self._count(numbers, exercise, result)
            else:
                numbers.not_graded += 1
            if is_whole and len(result.exercises) > 1:
                elsewhere = score - exercise.score
                numbers.separation.add(exercise.score, elsewhere)
                self._separate(numbers, exercise, elsewhere)

    def _count(self, numbers: ExerciseStatistics, exercise: ExerciseResult, result: SubmissionResult) -> None:
        numbers.statuses[exercise.status] += 1
        if exercise.effort:
            numbers.seconds.append(exercise.effort.seconds)
        lost = exercise.max_score - exercise.score
        if exercise.status is ExerciseStatus.BLOCKED:
            numbers.lost_to_blocking += lost
            numbers.blockers.update(blocked_by(exercise, list(result.exercises), self._assignment))
        else:
            numbers.lost += lost
        if result.status is not SubmissionStatus.GRADED:
            return
        for check in exercise.checks:
            one = numbers.checks.setdefault(check.id, CheckStatistics(check.id, check.max_points))
            one.of += 1
            one.passed += check.status is CheckStatus.PASSED

    @staticmethod
    def _separate(numbers: ExerciseStatistics, exercise: ExerciseResult, elsewhere: float) -> None:
        for check in exercise.checks:
            numbers.checks[check.id].separation.add(check.status is CheckStatus.PASSED, elsewhere)

    @property
    def statuses(self) -> Counter[SubmissionStatus]:
        """How many submissions have which status."""
        return Counter(learner.status for learner in self.learners)

    @property
    def scores(self) -> Scores | None:
        """Of the graded submissions whose score is final; None where there is none."""
        graded = [each for each in self.learners if each.status is SubmissionStatus.GRADED and each.is_final]
        if not graded:
            return None
        return Scores(tuple(sorted(each.score for each in graded)), max(each.max_score for each in graded))


_WIDTHS = (0.25, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
_MOST_BINS = 16


@dataclass(frozen=True)
class Bin:
    """The scores from `low` to under `high`; in the last bin `high` belongs to it."""

    low: float
    high: float
    learners: int


def bins(scores: Scores) -> list[Bin]:
    """Bins of one round width from 0 to all points, at most 16 as far as points are ordinary."""
    width = next((each for each in _WIDTHS if scores.max_score / each <= _MOST_BINS), scores.max_score)
    number = max(1, math.ceil(scores.max_score / width - 1e-9)) if width > 0 else 1
    counts = Counter(min(number - 1, max(0, int(score / width + 1e-9))) if width > 0 else 0 for score in scores.scores)
    return [Bin(place * width, min((place + 1) * width, scores.max_score), counts[place]) for place in range(number)]


def separates(correlation: Correlation) -> str:
    """How well it tells the strong from the weak, in words and as a number; a dash where too few learners were graded
    to tell."""
    value = correlation.value
    if value is None or correlation.pairs < FEWEST_TO_JUDGE:
        return "–"
    word = "well" if value >= _WELL else "a little" if value >= _A_LITTLE else "hardly"
    return f"{'against the rest' if correlation.is_against else word} {signed(correlation)}"


def seconds(value: float | None) -> str:
    """A time, as short as it is read."""
    if value is None:
        return "–"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def signed(correlation: Correlation) -> str:
    """As a number alone, with its sign."""
    return f"{correlation.value or 0.0:+.2f}".replace("-", "−")
