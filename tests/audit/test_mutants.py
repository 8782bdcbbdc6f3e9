"""Mutants of a function: each is one small change, as a diff, and none is there twice."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.audit.mutants import Mutant, make_mutants
from grader.audit.reference import read_reference
from grader.course import load_course
from grader.errors import ReleaseError

COURSE = """
[course]
id = "c"
name = "C"
[assignments.l]
title = "L"
modules.m.title = "M"
[assignments.l.exercises.f]
module = "m"
title = "F"
points = 1
hints = ["h"]
"""
Make = Callable[..., dict[str, str]]


def solution(body: str, signature: str = "x, y=2") -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in body.split("\n"))
    return (
        f'import torch\n\n\ndef f({signature}):\n    """F."""\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION\n'
    )


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "solutions/l").mkdir(parents=True)
    return tmp_path


def mutants(course: Path, text: str, **seen: list[bool | int | float]) -> list[Mutant]:
    (course / "solutions/l/m.py").write_text(text, encoding="utf-8")
    assignment = load_course(course).assignments["l"]
    return make_mutants(read_reference(course, assignment, assignment.exercises["f"]), seen)


@pytest.fixture
def made(course: Path) -> Make:
    """The changed lines of each mutant of a body: removed ones, then added ones."""

    def make(body: str, signature: str = "x, y=2", **seen: list[bool | int | float]) -> dict[str, str]:
        lines = {}
        for each in mutants(course, solution(body, signature), **seen):
            changed = [line for line in each.diff.split("\n")[3:] if line[:1] in ("+", "-")]
            lines["\n".join(f"{line[0]} {line[1:].strip()}" for line in changed)] = each.what
        return lines

    return make


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return x - y", "return x + y"),
        ("return x - y", "return y - x"),
        ("return x - y", "return x"),
        ("return x @ y", "return x * y"),
        ("return x <= y", "return x < y"),
        ("return x and y", "return x or y"),
        ("return -x", "return x"),
        ("return x * 3", "return x * 4"),
        ("return x * 3", "return x * 0"),
        ("return x * 0.5", "return x * -0.5"),
        ("return x, True", "return x, False"),
        ('return x, "a"', "return x, ''"),
        ("return x.float()", "return x"),
        ("return x.sum()", "return x.mean()"),
        ("return x.zero_()", "return x.zero_"),
        ("return torch.sum(x)", "return x"),
        ("return torch.dot(x, y)", "return torch.dot(y, x)"),
        ("return torch.cat(x, dim=1)", "return torch.cat(x)"),
        ("return x.grad", "return x"),
        ("return x[0]", "return x"),
        ("return x, y", "return y, x"),
        ("return x, y", "return x, x"),
        ("return x + y", "return x + x"),
        ("return x", "return None"),
        ("return x", "return (x).detach()"),
        ("return x", "x"),
        ("for i in range(x):\n    y += i\nreturn y", "for i in range(x - 1):"),
        ("for i in range(x):\n    y += i\nreturn y", "y -= i"),
        ("for i in range(x):\n    y += i\nreturn y", "y = i"),
        ("if x > y:\n    return x\nreturn y", "if not x > y:"),
        ('return f"{x} of {y:.2f}"', 'return f"{y} of {y:.2f}"'),
    ],
)
def test_an_expression_is_changed(made: Make, body: str, changed: str) -> None:
    assert any(lines.endswith(f"+ {changed}") for lines in made(body)), made(body)


def test_what_binds_weaker_gets_parentheses(made: Make) -> None:
    assert "- return x.sum() * y\n+ return x.sum() / y" in made("return x.sum() * y")
    assert "- return (x + 1) * y\n+ return (x - 1) * y" in made("return (x + 1) * y")
    assert "- return x.add(y - 1) * 2\n+ return x * 2" in made("return x.add(y - 1) * 2")
    assert "- if x and y:\n+ if not (x and y):" in made("if x and y:\n    return x\nreturn y")


def test_statements_are_removed_doubled_exchanged_and_moved(made: Make) -> None:
    found = made("x.step()\nfor a in y:\n    x.add(a)\n    x.reset()\nreturn x")
    assert found["- x.step()\n+ pass"] == "`x.step()` removed"
    assert found["+ x.step()"] == "`x.step()` done twice"
    assert found["+ x.reset()\n- x.reset()"] == "`x.add(a)` and `x.reset()` exchanged"
    assert found["- x.reset()\n+ x.reset()"] == "`x.reset()` after the loop"
    assert found["- return x\n+ return x"] == "`return x` inside the loop"
    assert found["+ break"] == "the loop ends after its first round"


def test_what_is_around_statements_is_taken_away(made: Make) -> None:
    found = made("with torch.no_grad():\n    x += 1\nreturn x")
    assert "- with torch.no_grad():\n- x += 1\n+ x += 1" in found
    assert "- x += 1\n+ x = x - (1)" in found


def test_a_parameter_is_ignored_or_always_has_a_value_that_a_check_passes(made: Make) -> None:
    found = made("return x + y", y=[3.5])
    assert found["+ x = y"] == "x ignored"
    assert found["+ y = 2"] == "y ignored"
    assert found["+ y = 3.5"] == "y is always 3.5"


def test_the_default_of_a_parameter_is_changed_and_nothing_else_of_the_signature(made: Make) -> None:
    assert "- def f(x, y=2):\n+ def f(x, y=3):" in made("return x + y")
    assert not [lines for lines in made("return x", "x") if "def" in lines]


def test_each_is_valid_and_none_is_the_reference_or_another_one(course: Path) -> None:
    text = solution("total = x * y\nfor _ in range(3):\n    total = total + 1\nreturn total")
    found = mutants(course, text)
    codes = [ast.dump(ast.parse(each.text)) for each in found]
    assert len(found) > 40
    assert len(set(codes)) == len(codes)
    assert ast.dump(ast.parse(text)) not in codes
    assert len({each.id for each in found}) == len(found)


def test_an_id_stays_when_lines_move_or_others_come(course: Path) -> None:
    before = {each.id: each.what for each in mutants(course, solution("return x * y"))}
    moved = solution("# A comment.\nreturn x * y", "x, y=2").replace("import torch", "import torch\n\nTWO = 2")
    assert {each.id: each.what for each in mutants(course, moved)} == before
    assert all(id.startswith("f-") for id in before)


def test_the_rest_of_the_text_stays_as_it_was(course: Path) -> None:
    text = solution('z = x  # twice, "quoted"\nreturn  z*y')
    one = next(each for each in mutants(course, text) if "return  z / y" in each.text)
    assert one.text == text.replace("z*y", "z / y")
    assert "--- solutions/l/m.py" in one.diff


def test_code_outside_the_markers_and_docstrings_are_left_alone(course: Path) -> None:
    text = solution("return x").replace("import torch", 'NUMBER = 5\n\n\ndef g():\n    return "other"\n')
    for each in mutants(course, text):
        assert "NUMBER = 5" in each.text
        assert 'return "other"' in each.text
        assert '"""F."""' in each.text


def test_a_function_without_a_marked_region_is_refused(course: Path) -> None:
    with pytest.raises(ReleaseError, match="has no marked region"):
        mutants(course, 'def f(x):\n    """F."""\n    return x\n')
