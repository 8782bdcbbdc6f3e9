"""Gradescope's `results.json` as its documentation has it, as a strict model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
TextFormat = Literal["text", "html", "simple_format", "md", "ansi"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class DocumentedTest(Strict):
    score: float | None = None
    max_score: float | None = None
    status: Literal["passed", "failed"] | None = None
    name: str | None = None
    name_format: TextFormat | None = None
    number: str | None = None
    output: str | None = None
    output_format: TextFormat | None = None
    tags: list[str] | None = None
    visibility: Visibility | None = None
    extra_data: dict[str, Any] | None = None


class Documented(Strict):
    """`results.json` as docs/specs.md of gradescope/autograder_samples has it."""

    score: float | None = None
    execution_time: float | None = None
    output: str | None = None
    output_format: TextFormat | None = None
    test_output_format: TextFormat | None = None
    test_name_format: TextFormat | None = None
    visibility: Visibility | None = None
    stdout_visibility: Visibility | None = None
    extra_data: dict[str, Any] | None = None
    tests: list[DocumentedTest] | None = None
    leaderboard: list[dict[str, Any]] | None = None

    @model_validator(mode="after")
    def has_a_score(self) -> Documented:
        assert self.score is not None or (self.tests and all(test.score is not None for test in self.tests))
        return self


def read(path: Path) -> Documented:
    return Documented.model_validate_json(path.read_bytes())
