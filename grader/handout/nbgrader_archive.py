"""The files of an nbgrader course: configuration, source with solutions, and what nbgrader makes of it for learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.course import Assignment, Course
from grader.handout.generated import generated
from grader.nbgrader import course_config, nbgrader_is_installed
from grader.release import nbgrader_source

README = """\
For instructors only: source/ holds solutions.

{name}, as a course of nbgrader's:

    nbgrader_config.py   its configuration
    source/              the notebooks with solutions, and what learners need beside them
    release/             what learners get, as `nbgrader generate_assignment` makes it{missing}

Enter the assignments in the gradebook, with nbgrader's tools on the PATH, in this folder:

{commands}

The course is graded with `python -m grader nbgrader`, not with `nbgrader autograde`.
"""


def nbgrader_files(root: Path, course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """The files by their path in the course's folder. Without nbgrader there are none in `release/`.

    Raises ReleaseError when a lesson has no text, or something can't be made.
    """
    files = {"nbgrader_config.py": course_config(course).encode()}
    for assignment in assignments:
        source = nbgrader_source(root, assignment)
        files |= {f"source/{assignment.id}/{file}": data for file, data in source.items()}
    if nbgrader_is_installed():
        files |= generated(files, [assignment.id for assignment in assignments])
    return files | {"README.txt": _readme(course, assignments).encode()}


def for_learners(files: Mapping[str, bytes], assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """Those that learners get: what is in `release/`; without that, what nbgrader will put there as it is."""
    released = {file: data for file, data in files.items() if file.startswith("release/")}
    notebooks = {f"source/{each.id}/{each.id}.ipynb" for each in assignments}
    as_it_is = {file: data for file, data in files.items() if file.startswith("source/") and file not in notebooks}
    return released or as_it_is


def _readme(course: Course, assignments: Sequence[Assignment]) -> str:
    missing = "" if nbgrader_is_installed() else "; left out, since nbgrader isn't installed where this was made"
    commands = "\n".join(f"    nbgrader generate_assignment {each.id} --force" for each in assignments)
    return README.format(name=course.name, missing=missing, commands=commands)
