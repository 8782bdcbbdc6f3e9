"""What a batch was graded with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BatchKey:
    """What a batch was graded with. Results of different keys must not be mixed in one folder."""

    assignment: str
    seed: int
    device: str
    checks_digest: str
    kit_version: str
