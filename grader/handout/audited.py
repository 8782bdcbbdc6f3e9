"""Whether the lesson's checks tell right from wrong: what the audit of an assignment finds."""

from __future__ import annotations

from pathlib import Path

from grader.course import Assignment


def audited(_root: Path, assignment: Assignment) -> list[str]:
    """A sentence for everything that is wrong with a lesson's checks; empty when it is sound."""
    return [f'{assignment.id} can\'t be audited: this version has no audit. "--unaudited" leaves it out.']
