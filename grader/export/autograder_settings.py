"""What an instructor chose when the autograder's archive was made: `autograder.json` in it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from grader.errors import ExportError
from grader.export.gradescope import Visibility

FILE = "autograder.json"


class Settings(BaseModel):
    """The assignment's id, what learners see and when, and whether to grade where code can't be shut in well enough."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    assignment: str
    visibility: Visibility = "visible"
    trusted: bool = False


def read_settings(folder: Path) -> Settings:
    """The settings in `folder`. Raises `ExportError`."""
    path = folder / FILE
    try:
        return Settings.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ExportError(f"{path} can't be used: {error}. Make the archive anew, with `grader gradescope`.") from None
