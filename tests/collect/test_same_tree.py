"""Who asks for a text again gets the same syntax tree: so nobody may change it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, find_assignment
from grader.course.load import load_course
from grader.grading.exercise_keys import exercise_keys
from grader.reading.definitions import predicate_text
from grader.reading.edits import edits_of
from grader.reading.module_builder import alone_sources
from grader.reading.module_text import ModuleSource
from grader.reading.name_resolution import read_module
from grader.reading.parsing import parse
from grader.reading.reader import imports_of
from grader.reading.source_facts import facts_of_all


def read_in_every_way(text: str, module: str, function: str, assignment: Assignment) -> None:
    sources = {module: ModuleSource(module, text)}
    facts_of_all(sources, assignment.exercises)
    alone_sources(sources, assignment)
    imports_of(text)
    predicate_text(text)
    edits_of(text, function, 30)


@pytest.mark.parametrize("name", ["linear_regression", "digits"])
def test_no_way_of_reading_a_text_changes_its_tree(root: Path, name: str) -> None:
    assignment = find_assignment(load_course(root), name)
    solutions = root / "solutions" / name
    files = {solutions / f"{each.module}.py": each for each in assignment.exercises.values()}
    for kind in ("right", "mistakes"):
        some = sorted((solutions / kind).glob("*/*.py"))[::6]
        files |= {path: assignment.exercises[path.parent.name] for path in some}
    changed = []
    for path, exercise in files.items():
        text = path.read_text("utf-8")
        read_in_every_way(text, exercise.module, exercise.function, assignment)
        if ast.dump(parse(text), include_attributes=True) != ast.dump(ast.parse(text), include_attributes=True):
            changed.append(path)
    exercise_keys(root, assignment)  # the last to read the reference: few texts are kept
    for path in (solutions / f"{module}.py" for module in assignment.modules):
        text = path.read_text("utf-8")
        kept = ast.Module(read_module(text).body, [])
        if ast.dump(kept, include_attributes=True) != ast.dump(ast.parse(text), include_attributes=True):
            changed.append(path)
    assert len(files) > 20
    assert not changed
