"""A folder of which somebody knows which notebook counts, and what is not the learner's own work."""

from __future__ import annotations

import json

import nbformat
import pytest

from grader.grading.submission import Entry, Submission, Unread
from tests.collect.reading import read_entry

MODEL = "def model(x, w, b):\n    return x"


@pytest.fixture
def ada(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    for name, text in {"lesson": MODEL, "scratch": "def model(x, w, b):\n    return 0"}.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text)])
        (folder / f"{name}.ipynb").write_text(nbformat.v4.writes(notebook))
    (folder / "timestamp.txt").write_text("now")
    return folder


def test_the_notebook_that_counts_is_read_and_the_others_are_listed(ada, assignment):
    answer = read_entry(Entry("ada", ada, notebook="lesson.ipynb"), assignment)
    assert isinstance(answer, Submission)
    assert MODEL in answer.reading.modules["from_scratch"].text
    assert answer.reading.strays == ("scratch.ipynb", "timestamp.txt")


def test_two_notebooks_of_which_none_is_said_to_count_are_refused(ada, assignment):
    assert isinstance(read_entry(Entry("ada", ada), assignment), Unread)
    assert isinstance(read_entry(Entry("ada", ada, notebook="other.ipynb"), assignment), Unread)


def test_what_is_not_the_learners_own_is_neither_read_nor_listed(ada, assignment):
    (ada / "from_scratch.py").write_text("raise SystemExit")
    aside = frozenset({"from_scratch.py", "timestamp.txt", "scratch.ipynb"})
    answer = read_entry(Entry("ada", ada, aside=aside), assignment)
    assert isinstance(answer, Submission)
    assert MODEL in answer.reading.modules["from_scratch"].text
    assert answer.reading.strays == ()


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_exercises_cell_that_has_become_text_is_read_as_code(tmp_path, assignment, kind):
    answer = read_entry(Entry("ada", written(tmp_path, (kind, "model", MODEL))), assignment)
    assert isinstance(answer, Submission)
    assert MODEL in answer.reading.modules["from_scratch"].text
    assert answer.reading.modules["from_scratch"].locate(1) == "cell 1, line 1"


def test_notes_that_were_split_off_from_an_exercises_cell_stay_notes(tmp_path, assignment):
    path = written(tmp_path, ("code", "model", MODEL), ("markdown", "model", "def model: my notes"))
    answer = read_entry(Entry("ada", path), assignment)
    assert isinstance(answer, Submission)
    assert answer.reading.modules["from_scratch"].text == f"{MODEL}\n"


def written(folder, *cells):
    made = [
        {"cell_type": kind, "source": text, "metadata": {"nbgrader": {"grade_id": tag}}} for kind, tag, text in cells
    ]
    path = folder / "ada.ipynb"
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path
