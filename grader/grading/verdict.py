"""From what the hidden checks of an exercise found to its result: by the same rule as the self-check."""

from grader.checks.scoring import CheckOutcome, judge

__all__ = ["CheckOutcome", "judge"]
