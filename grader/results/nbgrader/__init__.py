"""An nbgrader course, graded with our hidden checks in our sandbox: its gradebook and pages show what they found.

Only what stands here can be had without nbgrader; the modules import it.
"""

from __future__ import annotations

from importlib.util import find_spec

from grader.core.assignment import Course
from grader.derived.lesson_notebook import CODE_STUB

# Who handed in, and what: the names that Moodle and Canvas give to files when an instructor downloads all submissions.
#   Moodle: First Last_123_assignsubmission_file_/lesson.ipynb, or with the file's name right behind it
#   Canvas: lastfirst_123_456_lesson.ipynb, lastfirst_LATE_123_456_lesson-1.ipynb: the learner, the upload, the attempt
# A learner chooses what stands at the end, so the first number that fits is the learner's. Canvas counts attempts,
# which a module's name must not show; a notebook may be called anything.
_IN_A_DOWNLOAD = (
    r"/[^/]+/extracted/(?:[^/]+/)??"  # the assignment; the download's own name, which zip_collect makes a folder of
    r"[^/]+?_(?:LATE_)?(?P<student_id>\d+)_(?:assignsubmission_file_/?|(?P<upload>\d+)_)"
    r"(?!(?:.*/)?(?:\.|__MACOSX/))"
    r"(?P<file_id>.+?)(?(upload)(?:-\d+(?=\.py$))?)\.(?:ipynb|py)$"
)

_CONFIG = '''\
"""nbgrader's configuration of {name}. The course is graded with `python -m grader nbgrader`."""

import os
import re

c = get_config()  # noqa: F821
here = os.path.dirname(os.path.abspath(__file__))

c.CourseDirectory.course_id = {id!r}
c.CourseDirectory.root = here
c.CourseDirectory.db_url = "sqlite:///" + os.path.join(here, "gradebook.db")

# What learners find in place of a solution.
c.ClearSolutions.code_stub = {{"python": {stub!r}}}

# zip_collect: files that were downloaded from Moodle or Canvas. The learner's id is the number in a file's name:
# Moodle's participant, Canvas's user.
c.FileNameCollectorPlugin.valid_ext = [".ipynb", ".py"]
c.FileNameCollectorPlugin.named_regexp = re.escape(os.path.join(here, "downloaded")) + {regexp!r}
'''

_REFUSE = '''
# `nbgrader autograde`, and the bolt in the formgrader, would run learners' code where the gradebook can be written, and
# put other scores over ours. They refuse. To use them in spite of that, take out what follows.
from nbconvert.exporters import NotebookExporter  # noqa: E402
from nbgrader.converters.base import NbGraderException  # noqa: E402


class GradedElsewhere(NotebookExporter):
    """Refuses before anything is read, run or written."""

    def __init__(self, **options):
        why = "This course is graded with `python -m grader nbgrader`, not with nbgrader's autograde."
        options["parent"].log.error(why)
        raise NbGraderException(why)


c.Autograde.exporter_class = GradedElsewhere
'''


def course_config(course: Course, *, stock_autograde: bool = False) -> str:
    """The text of `nbgrader_config.py`, for the folder in which it lies.

    It has the course's id, the gradebook beside it, the stub that solutions become, and how files that were downloaded
    from an LMS are called. nbgrader's own autograde refuses with a sentence, unless `stock_autograde`.
    """
    text = _CONFIG.format(
        name=course.name.replace("\\", "").replace('"', "'"),
        id=course.id,
        stub=CODE_STUB,
        regexp=_IN_A_DOWNLOAD,
    )
    return text if stock_autograde else text + _REFUSE


def nbgrader_is_installed() -> bool:
    """Whether the library can be imported."""
    return find_spec("nbgrader") is not None
