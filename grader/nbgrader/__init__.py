"""An nbgrader course, graded with our hidden checks in our sandbox: its gradebook and pages show what they found.

Only `course_config` and `nbgrader_is_installed` can be had without nbgrader; the other modules import it.
"""

from __future__ import annotations

from importlib.util import find_spec

from grader.nbgrader.config import course_config

__all__ = ["course_config", "nbgrader_is_installed"]


def nbgrader_is_installed() -> bool:
    """Whether the library can be imported."""
    return find_spec("nbgrader") is not None
