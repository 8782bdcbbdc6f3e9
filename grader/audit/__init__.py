"""Grade the grader: what is known to be right or wrong, and slips of the hand, tried on the hidden checks."""

from grader.audit.auditing import SEEDS, Audit, audit

__all__ = ["SEEDS", "Audit", "audit"]
