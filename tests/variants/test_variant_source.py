"""An author's Python and texts for one variant: values in place of parameters, and nothing of what others need."""

from __future__ import annotations

import textwrap

import pytest

from grader.core.assignment import Parameter
from grader.core.errors import CourseError
from grader.course.variant_source import resolved_source, resolved_text

A: dict[str, Parameter] = {"axis": 0, "reduction": "mean", "power": -1, "strict": True}
B: dict[str, Parameter] = {"axis": 1, "reduction": "sum", "power": 0.5, "strict": False}


def resolved(text: str, parameters: dict[str, Parameter]) -> str:
    return resolved_source(textwrap.dedent(text), parameters, "x.py")


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ('f(x, dim=variant("axis"))\n', "f(x, dim=0)\n", "f(x, dim=1)\n"),
        ('f(variant("reduction"), variant("strict"))\n', 'f("mean", True)\n', 'f("sum", False)\n'),
        ('x ** variant("power")\n', "x ** -1\n", "x ** 0.5\n"),
        ('variant("power") ** 2\n', "(-1) ** 2\n", "(0.5) ** 2\n"),
        ('variant("axis").bit_length()\n', "(0).bit_length()\n", "(1).bit_length()\n"),
        ('y = [1, 2] if variant("axis") == 0 else [3]\n', "y = [1, 2]\n", "y = [3]\n"),
        ('y = {0: "é", 1: [3]}[variant("axis")]\n', 'y = "é"\n', "y = [3]\n"),
        ('y = not variant("strict")\n', "y = not True\n", "y = not False\n"),
        (
            '"""Along {{axis}}, {{ reduction }}."""  # {{axis}}\n',
            '"""Along 0, mean."""  # 0\n',
            '"""Along 1, sum."""  # 1\n',
        ),
        ('f"{{axis}} {x}"\n', 'f"{{axis}} {x}"\n', 'f"{{axis}} {x}"\n'),
        ("plain = {'é': 1}\n", "plain = {'é': 1}\n", "plain = {'é': 1}\n"),
    ],
)
def test_a_value_stands_in_place_of_a_parameter(text: str, a: str, b: str) -> None:
    assert (resolved(text, A), resolved(text, B)) == (a, b)


IF = '''
    def f(x):
        """Sums."""
        ### BEGIN SOLUTION
        if variant("reduction") == "mean":
            # the mean
            text = """two
            lines"""
            return x.mean(), text
        elif len(x) > 3:
            return x
        if variant("strict"): x = x.abs()
        return x.sum()
        ### END SOLUTION
    '''
OF_A = '''
    def f(x):
        """Sums."""
        ### BEGIN SOLUTION
        # the mean
        text = """two
            lines"""
        return x.mean(), text
        ### END SOLUTION
    '''
OF_B = '''
    def f(x):
        """Sums."""
        ### BEGIN SOLUTION
        if len(x) > 3:
            return x
        return x.sum()
        ### END SOLUTION
    '''


def test_an_if_that_only_the_variant_decides_is_decided_and_the_rest_is_as_it_was_written() -> None:
    assert resolved(IF, A).strip() == textwrap.dedent(OF_A).strip()
    assert resolved(IF, B).strip() == textwrap.dedent(OF_B).strip()


def test_where_nothing_is_left_there_is_pass() -> None:
    text = 'for x in y:\n    if variant("strict"):\n        print(x)\n'
    assert resolved(text, B) == "for x in y:\n    pass\n"


def test_an_if_that_asks_something_else_as_well_stays() -> None:
    assert resolved('if variant("strict") and x:\n    y\n', A) == "if True and x:\n    y\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""T."""\n\nfrom grader.checks import variant\n\n\nx = 1\n', '"""T."""\n\n\nx = 1\n'),
        ("from grader.checks import variant\nimport torch\n", "import torch\n"),
        ("from grader.checks import check, variant\n", "from grader.checks import check\n"),
    ],
)
def test_the_import_goes_with_the_last_call(text: str, expected: str) -> None:
    assert resolved(text, A) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '\nvariant("axsi")\n',
            'x.py, line 2: variant("axsi"): the variants have no parameter of this name, they have',
        ),
        ('"""a\n\n{{axsi}}"""\n', "x.py, line 3: {{axsi}}: the variants have no parameter of this name, they have"),
        ("variant(name)\n", 'x.py, line 1: expected variant("NAME") with the name of a parameter'),
        ("f = variant\n", 'x.py, line 1: expected variant("NAME") with the name of a parameter'),
        ('if x:\n    1\nelif variant("strict"):\n    2\n', "x.py, line 3: an elif asks for variant() alone"),
        ('{0: 1}[variant("axis")]\n', "x.py, line 1: there is nothing for 1 here"),
        ('if variant("reduction") < 1:\n    2\n', "x.py, line 1: this condition can't be decided"),
        ("f(\n", "x.py, line 1: not valid Python"),
    ],
)
def test_what_cannot_be_resolved_is_said_with_its_line(text: str, sentence: str) -> None:
    if "variant" not in text and "{{" not in text:
        text += '"{{axis}}"'
    with pytest.raises(CourseError) as error:
        resolved_source(text, B, "x.py")
    assert str(error.value).startswith(sentence)


def test_a_text_that_would_end_its_string_is_refused() -> None:
    with pytest.raises(CourseError, match=r"^x\.py: a parameter's text can't stand in a string here"):
        resolved_source('x = "{{said}}"\n', {"said": 'a "word"'}, "x.py")


def test_all_that_is_wrong_in_a_text_is_said_at_once() -> None:
    with pytest.raises(CourseError) as error:
        resolved_text("{{axis}}\n{{a}} and {{redaction}}\n", A, "lesson.md")
    first, second = str(error.value).split("\n")
    assert first.startswith("lesson.md, line 2: {{a}}: ")
    assert second.endswith('Did you mean "reduction"?')
    assert resolved_text("x.{{reduction}}({{axis}})", A, "lesson.md") == "x.mean(0)"
