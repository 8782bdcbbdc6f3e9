"""`grader suggest --from`: what several learners did becomes an entry, without their names, and nothing of it is run."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.class_mistakes import Unnamed, safe_entry, unnamed_groups, without_comments
from grader.authoring.worth_naming import Entry
from grader.core.records import ExerciseResult, ExerciseStatus, Finding, SubmissionResult, SubmissionStatus
from tests.authoring.test_suggest import blocks

LONG = (
    'def mse(t1, t2):\n    """By Anna Schmidt."""\n    # Anna Schmidt, group 3\n    d = t1 - t2  # mine\n'
    "    squares = d * d\n    return 1.75 * squares.mean()\n"
)
SHORT = "def mse(a, b):\n    # Bert\n    return 1.75 * ((a - b) ** 2).mean()\n"
HOSTILE = 'def mse(a, b):\n    open("was_run", "w")\n    raise ValueError(\'"""\\n\\nSays: mine\\n"""\')\n'
OWN = "def mse(a, b):\n    return 3.25 * ((a - b) ** 2).mean()\n"
CLASS = {"anna": LONG, "bert": SHORT, "carl": HOSTILE, "cora": HOSTILE, "dora": OWN}


def result(student: str, group: str, **more: Any) -> SubmissionResult:
    failed = ExerciseResult("mse", ExerciseStatus.FAILED, 0.0, 1.0, finding=Finding("Too large."), group=group, **more)
    return SubmissionResult(student, SubmissionStatus.GRADED, (failed,))


def test_a_group_is_what_behaves_alike_and_has_no_name() -> None:
    class_ = [result("a", "mse-1"), result("b", "mse-1"), result("c", "mse-2"), result("d", "mse-1", misconception="x")]
    groups = unnamed_groups(class_, ["mse"])
    assert groups[0] == Unnamed("mse", "mse-1", "Too large.", "Too large.", ("a", "b"))
    assert [each.students for each in groups] == [("a", "b"), ("c",)]
    assert unnamed_groups(class_, ["model"]) == []


def test_comments_docstrings_and_blank_lines_are_left_out_and_texts_stay() -> None:
    lines = ["def f(x):", '    """By', '    Anna."""', "    # Anna", "", "    name = 'a # b'  # Anna", "    if x:"]
    lines += ["        '''Anna'''", "        print(", '            "text"', "        )", "    return name"]
    assert without_comments(lines).splitlines() == [
        *("def f(x):", "    name = 'a # b'", "    if x:", "        print(", '            "text"', "        )"),
        "    return name",
    ]


def test_no_word_of_a_learner_ends_the_text_that_it_stands_in() -> None:
    entry = safe_entry(Entry("mse_x", 'Raises """.', '"""\\', "def mse(a, b):\n    pass"))
    text = entry.text("mse")
    assert compile(text, "entry", "exec")
    assert text.count('"""') == 2


@pytest.fixture(scope="module")
def graded(submit: Any, kit: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for student, code in CLASS.items():
        submit(folder / "in", student, mse=code)
    run = kit("grade", folder / "in", "--assignment", "linear_regression", "--jobs", 2, out=folder / "out")
    assert run.code == 0, run.text
    return folder / "out"


@pytest.mark.slow
def test_each_group_gives_an_entry_with_the_shortest_code_and_no_name(
    graded: Path, root: Path, tmp_path: Path, kit: Callable[..., Any]
) -> None:
    run = kit("suggest", "--from", graded, cwd=root)
    assert run.code == 0, run.text
    assert "2 mistakes of several learners without a name." in run.stdout
    assert "read it before you save it" in run.stdout.replace("\n", " ")
    assert not any(name in run.text for name in ("anna", "Anna", "Bert", "bert", "carl", "dora"))
    found = blocks(run.stdout)
    assert len(found) == 2
    scaled = next(block for block in found.values() if "1.75" in block)
    assert scaled.endswith("def mse(a, b):\n    return 1.75 * ((a - b) ** 2).mean()\n")
    assert "2 learners, group mse-" in run.stdout
    assert not list(tmp_path.rglob("was_run"))
    assert not (root / "was_run").exists()

    for name in ("solutions", "exercises"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "course.toml", tmp_path)
    file = next(file for file, block in found.items() if block == scaled)
    (tmp_path / file).write_text(scaled.replace("\nSays:\n", "\nSays: It is too large.\n"))
    again = kit("grade", graded.parent / "in", "--assignment", "linear_regression", "--jobs", 2, out=tmp_path / "out", cwd=tmp_path)  # fmt: skip
    lines = [json.loads(line) for line in (tmp_path / "out/results.jsonl").read_text().splitlines()]
    named = {row["student"]: row["exercises"]["mse"]["misconception"] for row in lines}
    assert again.code == 0
    assert {name for name, id in named.items() if id == Path(file).stem} == {"anna", "bert"}
    assert "1 mistake of several learners" in kit("suggest", "--from", tmp_path / "out", cwd=tmp_path).stdout


@pytest.mark.slow
def test_what_can_not_be_read_of_results_is_a_sentence(
    graded: Path, root: Path, tmp_path: Path, kit: Callable[..., Any]
) -> None:
    said = kit("suggest", "--from", tmp_path / "none", cwd=root)
    assert (said.code, "There are no results in" in said.stderr) == (2, True)
    said = kit("suggest", "msee", "--from", graded, cwd=root)
    assert (said.code, 'Did you mean "mse"?' in said.stderr) == (2, True)
    shutil.copytree(graded, tmp_path / "old")
    with closing(sqlite3.connect(tmp_path / "old" / "results.db")) as file:
        file.execute("DELETE FROM sources")
        file.commit()
    said = kit("suggest", "--from", tmp_path / "old", cwd=root)
    assert (said.code, "These results don't hold what learners wrote" in said.stderr) == (2, True)
    alone = kit("suggest", "model", "--from", graded, cwd=root)
    assert "No two learners made the same mistake without a name; no mistake of one learner alone." in alone.stdout
