"""Lessons' texts, and the real lesson's notebook as learners have it."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import nbclient
import nbformat
import pytest
from nbformat import NotebookNode

from grader.authoring.learner_archive import learner_machine
from grader.core.assignment import Assignment, find_assignment
from grader.course.load import load_course
from tests.one_lesson import OTHER_LESSONS, one_lesson

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"

# Each test's own words are put in the place of these.
COURSE = """\
[course]
id = "c"
name = "C"
[assignments.one]
title = "One"
[assignments.one.modules.basics]
title = "Basics"
[assignments.one.exercises.add]
module = "basics"
title = "Adding"
points = 1.5
hints = ["What is a sum?"]
[assignments.one.exercises.twice]
module = "basics"
title = "Doubling"
points = 1
needs = ["add"]
forbidden = ["torch.mul"]
hints = ["Use the other one."]
"""
SOLUTION = '''\
"""Basics."""

import math

HALF = 0.5


def add(a, b):
    """The sum.

    >>> add(1, 2)
    3
    """
    ### BEGIN SOLUTION
    total = a + b * math.cos(0)
    return total
    ### END SOLUTION


def twice(a):
    """Two times a."""
    ### BEGIN SOLUTION
    return add(a, a)
    ### END SOLUTION
'''
TEXT = """\
# Sums & more

What this is about.

<a id="adding"></a>

## Adding

Put *two* numbers together, see [doubling](#doubling).

<!-- exercise: add -->

```python
print(add(1, 2))  # <three>
```

```output
3...
```

| a | b |
|---|---|
| 1 | 2 |

![Two lines that cross](figures/lines.svg)

<details><summary>What is `1 + 1`?</summary>

It is **2**:

```python
1 + 1
```

</details>

<a id="doubling"></a>

### Doubling

<!-- exercise: twice -->

```text
python -m this
```
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A course with one small lesson."""
    for file, text in {
        "course.toml": COURSE,
        "solutions/one/basics.py": SOLUTION,
        "exercises/one/lesson.md": TEXT,
        "exercises/one/figures/lines.svg": "<svg/>",
        "exercises/one/figures/lines-dark.svg": "<svg/>",
        "exercises/one/checks/test_add.py": "",
        "exercises/pytest.ini": "[pytest]\n",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def one(small: Path) -> Assignment:
    """Its assignment."""
    return find_assignment(load_course(small), None)


@pytest.fixture(scope="session")
def answers() -> dict[str, str]:
    """The real lesson's functions as a learner would have written them, by exercise."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "solutions" / LESSON).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name] = ast.get_source_segment(text, node) or ""
    return found


@pytest.fixture(scope="session")
def learners_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a learner has: exercises, the learner's part of the machine, course.toml; and nothing else of ours."""
    folder = tmp_path_factory.mktemp("learner") / "course"
    shutil.copytree(
        ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns("__pycache__", "*.bak*", *OTHER_LESSONS)
    )
    (folder / "course.toml").write_text(one_lesson())
    for file, data in learner_machine().items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def executed() -> Callable[[NotebookNode, Path], NotebookNode]:
    """Run a notebook in a real kernel, in a folder, as Jupyter does."""

    def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
        resources = {"metadata": {"path": str(folder)}}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        client = nbclient.NotebookClient(notebook, timeout=600, resources=resources)
        client.execute(env=environment)
        return notebook

    return run


@pytest.fixture(scope="session")
def solved(answers: dict[str, str]) -> Callable[..., NotebookNode]:
    """Fill in a notebook: every exercise, but for those that are given otherwise: `solved(path, mse="def …")`."""

    def fill(path: Path, **other: str) -> NotebookNode:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            tag = cell.metadata.get("nbgrader", {})
            if tag.get("solution"):
                cell.source = other.get(tag["grade_id"], answers[tag["grade_id"]])
        return notebook

    return fill
