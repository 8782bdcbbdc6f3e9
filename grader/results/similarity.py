"""Which works agree surprisingly: in forms of code that few others have, and in mistakes that few others made.

A form (`grader.reading.forms`) that N works are compared for and n have says log2((N + 1) / (n - 1)) bits: what the
rest of the class makes of it, without the two who share it. Of a form in a form only what it says beyond the rarest one
in it counts, so that one odd number isn't counted again with every line around it. What more than a quarter of the
works have, what learners were given and the reference solution count nothing; a right answer of the bank counts as one
more work.

Within one exercise forms hang together: whoever writes one line like somebody else is likely to write the next one like
that, too. So an exercise's bits count by their square root, and two works that agree in many exercises stand above two
that agree in one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

import numpy as np
import numpy.typing as npt

from grader.core.labels import mistake_words
from grader.core.records import SubmissionResult
from grader.grading.submission import Submission
from grader.reading.forms import Form, Part
from grader.reading.module_text import ModuleSource
from grader.results.cause_groups import CauseGroups

Matrix = npt.NDArray[np.float32]
_USUAL = 1 / 4  # of the works: what more of them have counts nothing
_AT_ONCE = 2000  # columns


@dataclass(frozen=True)
class Work:
    """What one learner handed in, of which `parts` are compared. `earlier` is the folder that it lies in, where that is
    not this class's."""

    student: str
    earlier: str
    sources: Mapping[str, ModuleSource]
    parts: Mapping[str, Part]

    @classmethod
    def of(cls, submission: Submission, earlier: str = "") -> Work:
        """Out of what a reader found."""
        return cls(submission.student, earlier, submission.reading.modules, submission.parts)

    def lines(self, part: str) -> list[int]:
        """The numbers of the lines of a part, in its module's text."""
        found = self.parts[part]
        if found.first:
            return list(range(found.first, found.last + 1))
        others = [each for each in self.parts.values() if each.module == found.module and each.first]
        every = range(1, self.sources[found.module].text.count("\n") + 2)
        return [line for line in every if not any(each.first <= line <= each.last for each in others)]


@dataclass(frozen=True)
class Mistake:
    """A mistake that somebody made in an exercise, in words, and how many learners of the class made it. Two that read
    the same, because other checks fail, have other numbers."""

    number: int
    words: str
    learners: int


def mistakes_of(results: Iterable[SubmissionResult]) -> dict[str, dict[str, Mistake]]:
    """For each learner and exercise the mistake, as the checks found it: a misconception; else what is alike of it."""
    groups = CauseGroups(without_cause=True)
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for result in results:
        checked = result.as_checked()
        groups.add(checked)
        for exercise in checked.exercises:
            if exercise.misconception:
                named[exercise.id, exercise.misconception].append(result.student)
    every = [(exercise, mistake_words(exercise, id), students) for (exercise, id), students in named.items()]
    every += [(group.exercise, group.kind, list(group.students)) for group in groups.groups()]
    found: defaultdict[str, dict[str, Mistake]] = defaultdict(dict)
    for number, (exercise_id, words, students) in enumerate(every):
        for student in students:
            found[student][exercise_id] = Mistake(number, words, len(students))
    return dict(found)


@dataclass(frozen=True)
class Agreement:
    """What two works share of one part: `bits` of rare forms and of the same mistake, and these forms' digests.
    `rarest` is the smallest number of works that have one of the forms."""

    part: str
    bits: float
    shared: frozenset[str]
    rarest: int
    mistake: Mistake | None = None


@dataclass(frozen=True)
class Pair:
    """Two works, how surprising their agreement is, and where they agree, most first."""

    one: Work
    other: Work
    surprise: float
    agreements: tuple[Agreement, ...]

    @property
    def rarest(self) -> int:
        """The smallest number of works that have one of the shared forms."""
        return min(each.rarest for each in self.agreements)


@dataclass(frozen=True)
class Similar:
    """The pairs that agree most surprisingly, most first. `compared` is the number of pairs, `usual` what 99 of 100 of
    them stay below, and `works` of how many works it is counted who has a form; `having` is by digest."""

    pairs: tuple[Pair, ...]
    compared: int
    usual: float
    works: int
    having: Mapping[str, int] = field(repr=False)


class Comparison:
    """Works of a class, and of earlier ones, compared with each other. Numbers only: no text is looked into."""

    def __init__(
        self,
        works: Sequence[Work],
        given: Collection[str] = frozenset(),
        right: Iterable[Collection[str]] = (),
        mistakes: Mapping[str, Mapping[str, Mistake]] | None = None,
    ) -> None:
        """`given` are digests of forms that learners were given, and of the reference; `right` those of each right
        answer of the bank; `mistakes` are of this class's learners."""
        self._works = [each for each in works if not each.earlier] + [each for each in works if each.earlier]
        self._now = sum(1 for each in works if not each.earlier)
        self._mistakes = mistakes or {}
        self.having = _how_many_have(self._works, given)
        known = Counter(digest for one in right for digest in set(one))
        self._bits = self._bits_of_each(known)

    def _bits_of_each(self, known: Mapping[str, int]) -> dict[str, float]:
        """What each form that may count says beyond the forms in it."""
        number = len(self._works)
        most = max(2, number * _USUAL)
        whole = {
            digest: log2((number + 1) / (having - 1 + min(1, known.get(digest, 0))))
            for digest, having in self.having.items()
            if having >= 2
        }
        rarest: dict[str, float] = {}
        for form in _forms(self._works):
            within = max((whole.get(part, 0.0) for part in form.parts), default=0.0)
            rarest[form.digest] = max(within, rarest.get(form.digest, 0.0))
        return {
            digest: max(0.0, bits - rarest[digest]) for digest, bits in whole.items() if self.having[digest] <= most
        }

    def similar(self, most: int) -> Similar:
        """The `most` most surprising pairs of works, of which one at least is of this class."""
        surprise = np.zeros((self._now, len(self._works)), np.float32)
        for part in dict.fromkeys(name for work in self._works for name in work.parts):
            surprise += np.sqrt(self._bits_between(part))
        for row in range(self._now):
            surprise[row, : row + 1] = -1  # each pair once
        every = surprise.ravel()
        chosen = np.argpartition(-every, most)[:most] if most < len(every) else np.arange(len(every))
        pairs = [
            self._pair(self._works[i // len(self._works)], self._works[i % len(self._works)], float(every[i]))
            for i in sorted(map(int, chosen), key=lambda i: (-every[i], i))
            if every[i] > 0
        ]
        values = every[every >= 0]
        usual = float(np.quantile(values, 0.99)) if len(values) else 0.0
        return Similar(tuple(pairs), len(values), usual, len(self._works), self.having)

    def _bits_between(self, part: str) -> Matrix:
        """For each work of this class and each work: the bits that they share in a part."""
        held = [
            {form.digest for form in work.parts[part].forms} if part in work.parts else set() for work in self._works
        ]
        counted = Counter(digest for digests in held for digest in digests)
        columns = sorted(digest for digest, having in counted.items() if having >= 2 and self._bits.get(digest))
        bits = np.zeros((self._now, len(held)), np.float32)
        for start in range(0, len(columns), _AT_ONCE):
            place = {digest: i for i, digest in enumerate(columns[start : start + _AT_ONCE])}
            has = np.zeros((len(held), len(place)), np.float32)
            for row, digests in enumerate(held):
                has[row, [place[digest] for digest in digests if digest in place]] = 1
            weights = np.array([self._bits[digest] for digest in place], np.float32)
            bits += (has[: self._now] * weights) @ has.T
        made: defaultdict[Mistake, list[int]] = defaultdict(list)
        for row, work in enumerate(self._works[: self._now]):
            if mistake := self._mistakes.get(work.student, {}).get(part):
                made[mistake].append(row)
        for mistake, rows in made.items():
            alike = np.ix_(rows, rows)
            bits[alike] += (bits[alike] > 0) * self._bits_of_mistake(mistake)
        return bits

    def _bits_of_mistake(self, mistake: Mistake) -> float:
        is_usual = mistake.learners > max(2, self._now * _USUAL)
        return 0.0 if is_usual or mistake.learners < 2 else log2((self._now + 1) / (mistake.learners - 1))

    def _pair(self, one: Work, other: Work, surprise: float) -> Pair:
        found = [self._agreement(one, other, part) for part in one.parts if part in other.parts]
        agreements = sorted((each for each in found if each.bits > 0), key=lambda each: -each.bits)
        return Pair(one, other, surprise, tuple(agreements))

    def _agreement(self, one: Work, other: Work, part: str) -> Agreement:
        digests = [{form.digest for form in work.parts[part].forms} for work in (one, other)]
        shared = frozenset(digest for digest in digests[0] & digests[1] if digest in self._bits)
        bits = sum(self._bits[digest] for digest in shared)
        rarest = min((self.having[digest] for digest in shared), default=0)
        mine, theirs = (self._mistakes.get(work.student, {}).get(part) for work in (one, other))
        same = mine if mine == theirs and not other.earlier else None
        if bits > 0 and same:
            bits += self._bits_of_mistake(same)
        return Agreement(part, bits, shared, rarest, same)


def _forms(works: Iterable[Work]) -> Iterator[Form]:
    return (form for work in works for part in work.parts.values() for form in part.forms)


def _how_many_have(works: Iterable[Work], given: Collection[str]) -> Counter[str]:
    having: Counter[str] = Counter()
    for work in works:
        having.update({form.digest for form in _forms([work])}.difference(given))
    return having


def marked_lines(work: Work, agreement: Agreement, having: Mapping[str, int]) -> dict[int, int]:
    """The lines of a part that are in a form which is shared, and how many works have the rarest of these forms."""
    lines: dict[int, int] = {}
    for form in work.parts[agreement.part].forms:
        if form.digest in agreement.shared:
            for line in range(form.first, form.last + 1):
                lines[line] = min(having[form.digest], lines.get(line, having[form.digest]))
    return lines
