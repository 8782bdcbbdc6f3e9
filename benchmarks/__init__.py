"""Measured claims: batch grading and the self-check, side by side with what people use today.

`python -m benchmarks` from the repository root; `docs/benchmarks.md` says what is compared with what.
"""
