"""When something was handed in to Gradescope, and when it was due: `submission_metadata.json`.

The file is described in "Submission Metadata" of Gradescope's autograder documentation (docs/submission_metadata.md of
gradescope/autograder_samples). It may change and holds names that learners chose, so it is read as a stranger's.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

_MOST_BYTES = 50_000_000  # it may repeat the results of earlier submissions


class _Table(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Dates(_Table):
    due_date: AwareDatetime | None = None


class _User(_Table):
    assignment: _Dates | None = None  # there when somebody has more time than the others


class Metadata(_Table):
    """What we want to know of it; None is not known."""

    created_at: AwareDatetime | None = None
    assignment: _Dates = _Dates()
    users: tuple[_User, ...] = ()

    @property
    def due(self) -> AwareDatetime | None:
        """When it was due: of a group, for the one who has most time."""
        own = [user.assignment.due_date for user in self.users if user.assignment and user.assignment.due_date]
        return max([*own, *([self.assignment.due_date] if self.assignment.due_date else [])], default=None)


def read_metadata(path: Path) -> tuple[Metadata, str]:
    """The metadata, and a sentence about why nothing is known (empty when all is well). Raises nothing."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return Metadata(), f"{path.name} has more than {_MOST_BYTES} bytes, and is not read."
        return Metadata.model_validate_json(path.read_bytes()), ""
    except FileNotFoundError:
        return Metadata(), f"There is no {path.name}: nobody knows when this was handed in."
    except OSError as error:
        return Metadata(), f"{path.name} can't be read: {error.strerror}."
    except (ValidationError, RecursionError) as error:
        where = ""
        if isinstance(error, ValidationError):
            first = error.errors(include_input=False, include_url=False)[0]
            where = f" ({'.'.join(map(str, first['loc']))}: {first['msg']})"
        return Metadata(), f"{path.name} is not what Gradescope documents{where}: lateness is not looked at."
