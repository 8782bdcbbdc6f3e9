"""How a check fails: with a finding that a learner may read."""

from __future__ import annotations

from grader.records import CheckStatus, Finding


class CheckFailed(AssertionError):
    """A check's verdict against a learner's function.

    `culprit` is the function in which an exception was raised, when it is another one of the learner's than the one
    that was called.
    """

    def __init__(self, finding: Finding, status: CheckStatus = CheckStatus.FAILED, culprit: str | None = None) -> None:
        super().__init__("\n".join(finding.lines()))
        self.finding = finding
        self.status = status
        self.culprit = culprit
