"""Whatever lesson there is: the checks that are suggested for its exercises are collected, and the reference passes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.audit.trials import Kind, Subject, from_bank, references
from grader.audit.workers import AuditPlan, Workers
from grader.authoring.suggestions import Suggesting
from grader.authoring.worth_naming import draft_course
from grader.core.assignment import Assignment
from grader.course.load import load_course
from grader.grading.bank import load_bank
from tests.conftest import ROOT
from tests.lesson import class_lesson, test_second_lesson

pytestmark = pytest.mark.slow

SEEDS = tuple(range(1, 9))
# Lessons of other tests, by the files that they consist of.
OTHERS = {
    "statistics": {
        "course.toml": test_second_lesson.COURSE,
        "solutions/statistics/from_scratch.py": test_second_lesson.SOLUTION,
    },
    "objects": class_lesson.FILES,
}
# Exercises for which nothing can be drawn: what they are given is built of recipes, or they are no modules.
BY_HAND = {
    "linear_regression": {"fit", "make_loader"},
    "statistics": set(),
}


# Right answers that lose points, since the docstring says less than they need: `suggest` tells of each.
LOSE_POINTS = {"linear_regression": {"gradient_step/right/scalar_loops"}, "statistics": set(), "objects": set()}


def lesson(name: str, folder: Path) -> tuple[Path, Assignment]:
    if name not in OTHERS:
        return ROOT, load_course(ROOT).assignments[name]
    for path, text in OTHERS[name].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for file in ("conftest.py", "pytest.ini"):
        (folder / "exercises").mkdir(exist_ok=True)
        shutil.copy(ROOT / "exercises" / file, folder / "exercises" / file)
    return folder, load_course(folder).assignments[name]


@pytest.mark.parametrize("name", [*load_course(ROOT).assignments, *OTHERS])
def test_the_reference_passes_all_that_is_suggested_for_every_exercise(name: str, tmp_path: Path) -> None:
    """Hidden and visible ones, with several seeds."""
    root, assignment = lesson(name, tmp_path)
    suggesting = Suggesting(root, assignment, 1)
    drafts = {id: suggesting.draft(each) for id, each in assignment.exercises.items()}
    hidden = {id: each[1].text for id, each in drafts.items() if each[1] and each[1].earns}
    without = set(assignment.exercises) - set(hidden)
    assert without == BY_HAND.get(name, without)
    assert len(hidden) >= len(assignment.exercises) / 4
    assert all(drafts[id][3] for id in without), "where there is none, it says why"
    if name == "linear_regression":
        assert all(drafts[id][2] for id in hidden), "each has a visible check, too"
    visible = {id: each[2] for id, each in drafts.items() if id in hidden and each[2]}
    reference = references(root, assignment)
    with draft_course(root, assignment, hidden) as (folder, only):
        for id, text in visible.items():
            (folder / "solutions" / name / "hidden" / f"test_visible_{id}.py").write_text(text)
        with Workers(AuditPlan(folder, only, reference, SEEDS), 1) as workers:
            (trial,) = workers.in_order([Subject(Kind.REFERENCE, "", "reference", "the reference", reference)])
        bank = load_bank(root, assignment)
        right = [
            each for id in hidden for each in from_bank(bank, reference, assignment, id) if each.kind is Kind.RIGHT
        ]
        with Workers(AuditPlan(folder, only, reference, SEEDS[:1]), 1) as workers:
            lost = {task.id for task, found in workers.do(right) if isinstance(task, Subject) and not found.right}
    assert lost == LOSE_POINTS.get(name, lost)
    assert len(lost) <= 0.1 * len(right)
    assert not trial.broke, trial.broke
    failed = {(run.exercise, run.seed): (run.failed, run.said) for run in trial.runs if not run.full}
    assert failed == {}
    assert {run.exercise for run in trial.runs} == set(hidden)
    assert len(trial.runs) == len(hidden) * len(SEEDS)
