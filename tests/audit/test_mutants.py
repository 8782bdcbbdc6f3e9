"""Mutants of a function: each is one small change, as a diff, and none is there twice."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.audit.mutants import Mutant, make_mutants
from grader.audit.reference import read_references
from grader.core.errors import ReleaseError
from grader.course.load import load_course

pytestmark = pytest.mark.slow

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
    (reference,) = read_references(course, assignment, assignment.exercises["f"])
    return make_mutants(reference, seen)


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
        ("return x, True", "return (x, False)"),
        ('return x, "a"', "return (x, '')"),
        ("return x.float()", "return x"),
        ("return x.sum()", "return x.mean()"),
        ("return x.zero_()", "return x.zero_"),
        ("return torch.sum(x)", "return x"),
        ("return torch.dot(x, y)", "return torch.dot(y, x)"),
        ("return torch.cat(x, dim=1)", "return torch.cat(x)"),
        ("return x.grad", "return x"),
        ("return x[0]", "return x"),
        ("return x, y", "return (y, x)"),
        ("return x, y", "return (x, x)"),
        ("return x + y", "return x + x"),
        ("return x", "return None"),
        ("return x", "return x.detach()"),
        ("return x", "x"),
        ("for i in range(x):\n    y += i\nreturn y", "for i in range(x - 1):"),
        ("for i in range(x):\n    y += i\nreturn y", "y -= i"),
        ("for i in range(x):\n    y += i\nreturn y", "y = i"),
        ("if x > y:\n    return x\nreturn y", "if not x > y:"),
        ('return f"{x} of {y:.2f}"', "return f'{y} of {y:.2f}'"),
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


ROUNDS = "seen = []\nfor i in range(1, x + 1):\n    y = y / 2\n    seen.append(y)\nreturn seen"


def test_a_loop_of_rounds_ends_early(made: Make) -> None:
    found = made(ROUNDS)
    assert "- for i in range(1, x + 1):\n+ for i in range(1, min(x + 1, 50)):" in found
    for test in (
        "abs(y - _seen) < 0.001",
        "abs(y - _seen) < 0.001 * abs(y)",
        "y == _seen",
        "y > _seen",
        "_waited == 5",
    ):
        assert [lines for lines in found if f"+ if {test}:\n+ break" in lines and "+ _seen" in lines], test
    over_data = made("for row in x:\n    y = y + row\nreturn y")
    assert not [lines for lines in over_data if "_seen" in lines]


def test_the_best_takes_the_place_of_the_last(made: Make) -> None:
    assert "- seen.append(y)\n+ seen.append(min([y, *seen]))" in made(ROUNDS)


def test_something_is_kept_from_one_call_to_the_next(course: Path) -> None:
    text = solution("seen = []\nx += y\nseen.append(x)\nreturn seen").replace("x, y=2", "x, y=2.5")
    kept = [each for each in mutants(course, text) if "vars(f)" in each.diff]
    assert len({each.what for each in kept}) == len(kept) == 6
    for each in kept:
        namespace: dict[str, Any] = {}
        exec(each.text, namespace)
        first, *others = [list(namespace["f"](x, y) or ()) for x, y in [(1.0, 2.0), (3.0, 4.0), (6.0, 5.0)]]
        assert first == [3.0], each.what
        assert others != [[7.0], [11.0]], each.what


def test_a_result_is_rounded(made: Make) -> None:
    found = made("seen = []\nseen.append(x)\nreturn x, y")
    for new in ("return (x, y.round(decimals=2))", "return (round(x, 2), y)", "return ((x * 50).round() / 50, y)"):
        assert [lines for lines in found if lines.endswith(f"+ {new}")], new
    assert "- seen.append(x)\n+ seen.append(round(x, 2))" in found


def test_an_order_is_new_in_each_pass_and_not_random(course: Path) -> None:
    head = "from torch.utils.data import DataLoader\nimport torch"
    text = solution("return DataLoader(x, 4, y)", "x, y=True").replace("import torch", head)
    made = [each for each in mutants(course, text) if "_Order" in each.diff]
    assert len(made) == 9
    for each in made:
        namespace: dict[str, Any] = {}
        exec(each.text, namespace)
        loader = namespace["f"](range(40), True)
        passes = [torch.cat(list(loader)).tolist() for _ in range(2)]
        assert all(sorted(rows) == list(range(40)) for rows in passes), each.what
        assert torch.cat(list(namespace["f"](range(40), False))).tolist() == list(range(40))


def test_a_result_only_claims_its_type(course: Path) -> None:
    (claims,) = [each for each in mutants(course, solution("return torch.Generator()")) if "_claimed" in each.diff]
    namespace: dict[str, Any] = {}
    exec(claims.text, namespace)
    made = namespace["f"](1)
    assert isinstance(made, torch.Generator)
    assert not issubclass(type(made), torch.Generator)
    assert (type(made).__module__, type(made).__qualname__) == ("torch._C", "Generator")


def test_what_is_around_statements_is_taken_away(made: Make) -> None:
    found = made("with torch.no_grad():\n    x += 1\nreturn x")
    assert "- with torch.no_grad():\n- x += 1\n+ x += 1" in found
    assert "- x += 1\n+ x = x - 1" in found


def test_a_parameter_is_ignored_or_always_has_a_value_that_a_check_passes(made: Make) -> None:
    found = made("return x + y", y=[3.5])
    assert found["+ x = y"] == "x ignored"
    assert found["+ y = 2"] == "y ignored"
    assert found["+ y = 3.5"] == "y is always 3.5"


def test_the_default_of_a_parameter_is_changed_and_nothing_else_of_the_signature(made: Make) -> None:
    assert "- def f(x, y=2):\n+ def f(x, y=3):" in made("return x + y")
    assert not [lines for lines in made("return x", "x") if "def f" in lines]


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


def test_a_diff_shows_the_change_alone(course: Path) -> None:
    text = solution('z = x  # twice, "quoted"\nreturn  z*y') + "\n\ndef g():\n    return  'other'  # comment\n"
    one = next(each for each in mutants(course, text) if "z / y" in each.text)
    assert one.text.endswith("\n\ndef g():\n    return  'other'  # comment\n")
    header, *lines = one.diff.split("\n")
    assert header == "--- solutions/l/m.py"
    assert [line for line in lines[2:] if line[0] != " "] == ["-    return z * y", "+    return z / y"]


def test_a_loop_of_one_statement_has_mutants_of_its_own(made: Make) -> None:
    found = made("for a in x:\n    y.add(a)\nreturn y")
    assert found["+ break"] == "the loop ends after its first round"
    assert found["- return y\n+ return y"] == "`return y` inside the loop"


def test_code_outside_the_markers_and_docstrings_are_left_alone(course: Path) -> None:
    text = solution("return x").replace("import torch", 'NUMBER = 5\n\n\ndef g():\n    return "other"\n')
    for each in mutants(course, text):
        assert "NUMBER = 5" in each.text
        assert 'return "other"' in each.text
        assert '"""F."""' in each.text


def test_a_function_without_a_marked_region_is_refused(course: Path) -> None:
    with pytest.raises(ReleaseError, match="has no marked region"):
        mutants(course, 'def f(x):\n    """F."""\n    return x\n')
