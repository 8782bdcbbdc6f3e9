"""A lesson's text, `lesson.md`, and what is derived from it: notebooks and the page (`docs/lesson-source.md`).

Nothing here reads a file or knows a secret: texts come in, texts go out.
"""

from grader.lesson.notebook import learner_notebook, nbgrader_notebook
from grader.lesson.page import page
from grader.lesson.parts import LessonText
from grader.lesson.reading import read_lesson

__all__ = ["LessonText", "learner_notebook", "nbgrader_notebook", "page", "read_lesson"]
