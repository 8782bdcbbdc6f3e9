"""Which known mistake a learner made, as far as the self-check can tell: from the sealed words beside the lesson."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.checks.observed import Asked, shown
from grader.checks.sealed import from_json, opened
from grader.records import Misconception

FILE_NAME = ".mistakes.json"


class KnownMistakes:
    """The sealed mistakes of the lesson in `folder`. A lesson without them, or with damaged ones, knows none."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._exercises: dict[str, Any] | None = None

    def made_in(self, exercise: str, asked: Sequence[Asked]) -> Misconception | None:
        """The mistake that opens to what a learner's function showed in all calls of an exercise's checks."""
        try:
            known = self._read()[exercise]
            looked = {(check, number): set(aspects) for check, number, aspects in known["looked"]}
            seen = shown(asked, looked)
            if not seen:
                return None
            found = (opened(from_json(each), seen) for each in known["sealed"])
            return next(filter(None, found), None)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _read(self) -> dict[str, Any]:
        if self._exercises is None:
            self._exercises = json.loads(self._path.read_text(encoding="utf-8"))["exercises"]
        return self._exercises
