"""What is shown of a learner's own code: the lines around a fault, and the modules as they were graded."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from grader.core.records import Cause, Excerpt
from grader.grading.submission import Submission
from grader.reading.module_text import ModuleSource
from grader.reading.read import Reading
from grader.reading.source_facts import SourceFacts
from tests.collect.apart import filed, noted

MSE = "def mse(t1, t2):\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    e = 5\n    return a"


def submission(modules: Mapping[str, ModuleSource], **facts: SourceFacts) -> Submission:
    return Submission("ada", Reading(modules, {}), facts, "")


def from_file(text: str, first: int | None = None, last: int | None = None) -> Submission:
    """A module of this text, in which `mse` has these lines."""
    return submission(filed(text).whole, mse=SourceFacts("from_scratch", "mse", first=first, last=last))


def at(line: int | None, cell: int | None = None) -> Cause:
    return Cause("repair", "from_scratch", line, "Look at it.", cell)


@pytest.mark.parametrize(
    ("line", "shown"), [(3, (3, 7)), (4, (3, 7)), (5, (3, 7)), (6, (4, 8)), (7, (5, 9)), (8, (5, 9)), (9, (5, 9))]
)
def test_five_lines_of_the_function_with_the_one_that_is_meant(line: int, shown: tuple[int, int]) -> None:
    text = f"import torch\n\n{MSE}\n\n\nx = 1\n"
    lines = text.split("\n")
    around = from_file(text, 3, 9).around(at(line), "mse")
    assert around == Excerpt(shown[0], tuple(lines[shown[0] - 1 : shown[1]]))
    assert shown[0] <= line <= shown[1]


def test_of_a_helper_there_are_its_lines_without_the_empty_ones_at_the_ends() -> None:
    text = f"import torch\n\n\n    # helps\ndef helper(x):\n    return x\n\n\n{MSE}\n"
    assert from_file(text, 9, 15).around(at(6), "mse") == Excerpt(4, ("    # helps", "def helper(x):", "    return x"))


@pytest.mark.parametrize("cause", [at(None), at(99), at(0), at(1, 2), Cause("bank", "elsewhere", 1, "x")])
def test_where_no_such_line_is_known_nothing_is_shown(cause: Cause) -> None:
    assert from_file(MSE, 1, 7).around(cause, "mse") is None


def test_lines_are_cut_to_a_width_and_made_safe() -> None:
    found = from_file(f"def mse(t1, t2):\n\treturn '\x1b\u202e<b>' + '{'x' * 900}'\n", 1, 2).around(at(2), "mse")
    assert found is not None
    assert found.lines[1].startswith("    return '\\x1b\\u202e<b>' + 'xxx")
    assert {len(line) for line in found.lines} == {16, 100}


CELLS = (
    "import torch\nimport matplotlib.pyplot as plt",
    ("text", "words"),
    "n = 3\n%time x = 1\nprint(n)\n\ndef mse(t1, t2):\n    d = t1 - t2\n    return (d ** 2).sum()\nplt.plot([1])",
    "import torch\nif n:\n    n = 4\ndef model(x, w, b):\n    return display(x * n)",
)


def test_in_a_notebook_lines_are_those_of_the_cell() -> None:
    whole = noted(*CELLS).whole
    first = whole["from_scratch"].text.split("\n").index("def mse(t1, t2):") + 1
    found = submission(whole, mse=SourceFacts("from_scratch", "mse", first=first, last=first + 2)).around(
        at(7, 3), "mse"
    )
    assert found == Excerpt(5, ("def mse(t1, t2):", "    d = t1 - t2", "    return (d ** 2).sum()"))


def test_what_was_taken_out_of_a_notebook_is_the_learners_own_text_in_its_order() -> None:
    whole = noted(*CELLS).whole
    cells = [cell if isinstance(cell, str) else "" for cell in CELLS]
    assert "try:" in whole["from_scratch"].text  # what we add is not theirs
    assert "def display" in whole["from_scratch"].text
    (source,) = submission({"from_scratch": whole["from_scratch"]}).sources()
    places = [(cell, number) for number, cell, _ in source.lines]
    assert places == sorted(set(places))
    for number, cell, text in source.lines:
        assert cell is not None
        assert cells[cell - 1].split("\n")[number - 1] == text
    assert "import matplotlib.pyplot as plt" in {text for *_, text in source.lines}
    assert "def mse(t1, t2):" in {text for *_, text in source.lines}


def test_a_file_is_kept_line_for_line() -> None:
    text = f"# first\n\n{MSE}\n"
    (source, _) = from_file(text).sources()
    assert "".join(f"{line}\n" for *_, line in source.lines) == text
    assert [(number, cell) for number, cell, _ in source.lines] == [(number, None) for number in range(1, 10)]
    assert source.left_out == 0


def test_of_a_large_file_the_beginning_is_kept_and_how_much_is_not() -> None:
    (many, _) = from_file("x = 1\n" * 5000).sources()
    assert (len(many.lines), many.left_out) == (1000, 4000)
    (wide, _) = from_file(f"# {'x' * 10_000}\n" * 500).sources()
    assert max(len(text) for *_, text in wide.lines) == 300
    assert len(wide.lines) + wide.left_out == 500
    assert sum(len(text) for *_, text in wide.lines) < 41_000
