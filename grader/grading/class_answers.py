"""What a function that isn't right answers to the calls that the whole class is asked.

All of the first draw is answered before anything else; the others are under way while the first is compared with what
is known. So a grading process works while the learner's does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.checks.observed import CallRecord, answers_of
from grader.core.answers import Answers
from grader.core.assignment import Exercise
from grader.grading.session import Session, Waiting, answer_of

_Waiting = tuple[CallRecord, Waiting]


@dataclass(frozen=True)
class NotRight:
    """An exercise that was found wrong, or not allowed for what was `used`, and the texts of the modules it was run
    from."""

    exercise: Exercise
    texts: Mapping[str, str]
    used: tuple[str, ...] = ()


class ClassAnswers:
    """The answers of one submission's function; `first` are those to the first draw, as far as they came."""

    def __init__(self, session: Session, wrong: NotRight) -> None:
        self._session = session
        self._wrong = wrong
        self._waiting: list[_Waiting] | None = None
        self.first: list[CallRecord] = []

    def ask(self, draws: Sequence[Sequence[CallRecord]]) -> None:
        """Have the first draw answered, and the others begun. Raises `WorkerFault`."""
        numbered = list(enumerate(draws))
        waiting = self._sent(numbered[:1])
        self.first = _answered(waiting)
        if len(self.first) == len(waiting):
            self._waiting = self._sent(numbered[1:])

    def kept(self) -> Answers | None:
        """All of the answers, in a form that is kept; None where a call came to no end, or they are too many. Raises
        `WorkerFault`."""
        if self._waiting is None:
            return None
        others = _answered(self._waiting)
        if len(others) < len(self._waiting):
            return None
        asked = [*self.first, *others]
        return answers_of(asked, {(each.check, each.number): each.looked for each in asked}, self._wrong.used)

    def _sent(self, draws: Sequence[tuple[int, Sequence[CallRecord]]]) -> list[_Waiting]:
        """With fresh time."""
        self._session.begin("cpu", self._wrong.texts, whole=False)
        return [
            (replace(each, check=f"{number} {each.check}" if number else each.check), self._session.send(each.call))
            for number, calls in draws
            for each in calls
        ]


def _answered(waiting: Sequence[_Waiting]) -> list[CallRecord]:
    """The calls with their answers, up to the first that came to no end."""
    found: list[CallRecord] = []
    for each, wait in waiting:
        answer = answer_of(wait)
        if answer is None:
            break
        found.append(replace(each, answer=answer.outcome, printed=answer.printed))
    return found
