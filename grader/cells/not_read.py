"""Why something that a learner wrote can't be read, as a sentence."""

from __future__ import annotations

from grader.records import SubmissionStatus


class NotReadError(Exception):
    """Something that was handed in can't be read. `str(error)` is a sentence for the reader."""

    def __init__(self, sentence: str, status: SubmissionStatus = SubmissionStatus.UNREADABLE) -> None:
        super().__init__(sentence)
        self.status = status
