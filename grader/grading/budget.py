"""What is left of a submission's limits, in seconds and in bytes of answers, and what is said when nothing is."""

from __future__ import annotations

import math

from grader.core.assignment import Limits
from grader.core.records import Effort
from grader.sandbox.protocol.messages import EXERCISE_BYTES, SUBMISSION_BYTES

# What is given where the learner's code has used up its time once already: far more than right work takes.
SHORT_SECONDS = 1.0


class Budget:
    """What is left for a submission, and for the exercise at work.

    `seconds` are the submission's, and `call_seconds` what the next call may take: it can't be made unless that is
    above 0.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.seconds = limits.submission_seconds
        self._bytes = SUBMISSION_BYTES
        self.begin_exercise()

    def begin_exercise(self, *, call_seconds: float = math.inf, hurried: bool = False) -> None:
        """A fresh exercise, none of whose calls may take longer than `call_seconds`. A `hurried` one needs another that
        ran out of time: its calls may take less still."""
        self._hurried = hurried
        self._longest_call = min(call_seconds, SHORT_SECONDS) if hurried else call_seconds
        self._exercise_seconds = self._limits.exercise_seconds
        self._exercise_bytes = EXERCISE_BYTES
        self._nearest = 0.0
        self.call_seconds = min(self.seconds, self._exercise_seconds, self._longest_call)

    def import_seconds(self, *, short: bool) -> float:
        """How long one module may take to be imported, by itself."""
        return min(self._limits.import_seconds, SHORT_SECONDS) if short else self._limits.import_seconds

    def spend(self, seconds: float, size: int = 0, *, of_exercise: bool) -> bool:
        """Take off what was used: time, and the bytes of an answer. Whether there was room for these."""
        self.seconds -= seconds
        if of_exercise:
            self._exercise_seconds -= seconds
            of_all = 1 - self._exercise_seconds / self._limits.exercise_seconds
            self._nearest = max(self._nearest, seconds / self._longest_call, of_all)
        self.call_seconds = min(self.seconds, self._exercise_seconds, self._longest_call)
        self._bytes -= size
        self._exercise_bytes -= size
        return min(self._bytes, self._exercise_bytes) >= 0

    def go_back_to(self, seconds: float) -> None:
        """So much is left of the submission again, and of the exercise everything."""
        self.seconds = seconds
        self.begin_exercise()

    @property
    def effort(self) -> Effort:
        """What the exercise at work took so far."""
        seconds = self._limits.exercise_seconds - self._exercise_seconds
        return Effort(round(seconds, 4), round(min(1.0, self._nearest), 4))

    def time_over(self) -> str:
        """What a learner is told whose call ran past its limit."""
        if self.seconds <= 0:
            return f"Your exercises together ran past the {_limit(self._limits.submission_seconds)} for a submission."
        if self._exercise_seconds <= 0:
            return f"This exercise ran past its {_limit(self._limits.exercise_seconds)}."
        if self._hurried:
            return (
                "This exercise needs another one, which ran out of time. So each call had a "
                f"{_limit(self._longest_call)}, and ran past it."
            )
        return (
            f"One call ran past the {_limit(self._longest_call)} for a call. Most often that is a loop that never ends."
        )

    def slow_import(self, module: str, seconds: float, *, alone: bool) -> str:
        """What a learner is told whose module took longer than this to import; `alone`, whose exercise did."""
        if self.seconds <= 0:
            return self.time_over()
        if alone:
            return (
                f"Defining what this exercise needs took longer than the {_limit(seconds)}. Move slow code into "
                "functions."
            )
        return (
            f"Importing {module}.py took longer than the {_limit(seconds)}. Move slow code, such as training and "
            'plots, out of the top level of the file: into functions, or below `if __name__ == "__main__":`.'
        )


def _limit(seconds: float) -> str:
    return f"{round(seconds, 1) or seconds:g}-second limit"
