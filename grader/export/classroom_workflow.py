"""The workflow that runs the visible self-check in a learner's repository, and reports to GitHub Classroom.

Its form is that of the workflows that GitHub Classroom makes, with the step of "Usage" in the README of
classroom-resources/autograding-grading-reporter. Hidden checks have no place in a repository that a learner can read.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.course.model import Assignment
from grader.errors import ExportError
from grader.export.requirements import SELF_CHECK, pinned
from grader.release.files import read_if_there, replace_file

FILE = ".github/workflows/classroom.yml"


def classroom_workflow(assignment: Assignment, index: str = "") -> str:
    """The text of the workflow, with the versions of Python and of the packages that are installed here."""
    environment = Environment(
        loader=PackageLoader("grader.export"), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    packages = [f"{name}=={version}" for name, version in pinned(SELF_CHECK).items()]
    if index:
        packages += ["--extra-index-url", shlex.quote(index)]
    return environment.get_template("classroom.yml.j2").render(
        assignment=assignment.id,
        packages=" ".join(packages),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def write_workflow(folder: Path, assignment: Assignment, index: str = "") -> Path:
    """Write it to its place in a repository's folder. Raises `ExportError` where a workflow of somebody else's is."""
    path = folder / FILE
    text = classroom_workflow(assignment, index)
    made = text.split("\n", 1)[0].encode()
    there = read_if_there(path)
    if there is not None and not there.startswith(made):
        raise ExportError(f"{path} is there already, and was not made by this command. Move it away first.")
    replace_file(path, text.encode())
    return path
