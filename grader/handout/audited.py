"""Whether the lesson's checks tell right from wrong: what the audit of an assignment finds."""

from __future__ import annotations

from pathlib import Path

from grader.audit import audit
from grader.course import Assignment
from grader.grading.device import require_linux


def audited(root: Path, assignment: Assignment) -> list[str]:
    """A sentence for everything that is wrong with a lesson's checks; empty when it is sound.

    Raises `ReleaseError` or `GradingError` when the lesson can't be audited at all.
    """
    require_linux()
    return [problem.partition("\n")[0] for problem in audit(root, assignment).problems]
