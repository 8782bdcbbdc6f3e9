"""What is written alike: comments, layout and the names that a function gives are no difference, all else is."""

from __future__ import annotations

import ast

from grader.reading.source_facts import written_as


def written(text: str) -> str:
    return written_as(ast.parse(text).body[0])


def test_names_comments_layout_docstring_and_annotations_are_no_difference() -> None:
    first = written("def half(x):\n    parts = [each / 2 for each in x]\n    return parts\n")
    other = (
        'def half(a: list) -> list:\n    """Half."""\n    # of\n    b = [c / 2\n         for c in a]\n    return (b)\n'
    )
    assert first == written(other)
    assert written("half = lambda x: x / 2") == written("half = lambda y: (y / 2)")


def test_whatever_else_differs_is_told_apart() -> None:
    texts = [
        "def half(x, y): return x - y",
        "def half(x, y): return y - x",
        "def half(x, y): return x + y",
        "def half(x, y): return x - 1",
        "def half(x, y): return x - 1.0",
        "def half(x, y): return x - '1'",
        "def half(x, y): return torch.sub(x, y)",
        "def half(x, y): return numpy.sub(x, y)",
        "def half(x, y):\n    x - y",
        "def half(x, *y): return x - y",
    ]
    assert len({written(text) for text in texts}) == len(texts)


def test_what_is_too_large_is_not_known() -> None:
    for text in (f"def f(x): return [{', '.join('x' * 4000)}]", f"def f(): return 0x{'f' * 6000}"):
        assert written(text) == ""
