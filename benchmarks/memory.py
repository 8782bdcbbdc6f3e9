"""Is the memory of a batch independent of how many hand something in?"""

from __future__ import annotations

from benchmarks.ours import Ours
from benchmarks.runs import Run

FEW, MANY = 32, 512
JOBS = 2


def grow(few: int = FEW, many: int = MANY) -> tuple[Run, Run]:
    """Grade few and many right submissions, looking at the memory of the whole process tree 20 times a second."""
    ours = Ours(JOBS, every=0.05)
    return ours.grade(few), ours.grade(many)
