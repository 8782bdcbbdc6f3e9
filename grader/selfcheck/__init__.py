"""The learner's self-check: `pytest exercises`.

A pytest plugin that calls the learner's functions in this process and says what helps next. It needs torch, NumPy,
pytest and the standard library only, and it knows no lesson: `docs/self-check-inside.md`.
"""
