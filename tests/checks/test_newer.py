"""Code for a newer Python is told so, with both versions, and nothing else is."""

from __future__ import annotations

import sys

import pytest

from grader.checks.explain import in_words
from grader.checks.explanations import syntax
from grader.sandbox.protocol.messages import Call, Raised

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
NEEDS = {
    "note = f'{d['a']}'": "3.12",
    'x = f"{", ".join(x)}"': "3.12",
    'print(f"loss {losses["mse"]:.4f}")': "3.12",
    "f'{f'{f'{x}'}'}'": "3.12",
    "x = f'{d['a']!r:>{w['b']}}' + 'x'": "3.12",
    "f'{'a' if x else 'b'}'": "3.12",
    "f'{\"\\n\".join(x)}'": "3.12",
    "type Matrix = list[list[float]]": "3.12",
    "type Pair[T] = tuple[T, T]": "3.12",
    "def first[T](xs): return xs[0]": "3.12",
    "async def first[T](xs): return xs[0]": "3.12",
    "class Stack[T]: pass": "3.12",
    "class Stack[T: int](list): pass": "3.12",
    "class Stack[T=int]: pass": "3.13",
    "x = t'hello {x}'": "3.14",
    "try: pass\nexcept ValueError, TypeError: pass": "3.14",
}
# Mistakes, whatever the version.
WRONG = [
    *("f'{x", 'print(f"{x!")', "f'{a b}'", 'f"a" "b', 'f"{x" + "}"', "print(f'{x)')", "f'{d['a'}'", "x = f'}'"),
    *("f'{x:{y}' + '}'", "f'{x['a']'", "type = = 3", "type x", "d['t'] = 3 4", "x = 't' 't\"' 3", "def first(T](x): 1"),
    *("class (A): pass", "def first[T]", "except ValueError, TypeError:", "x = 3 +"),
]


def said(text: str) -> str:
    """What is said of a text that this Python can't read; empty when it can."""
    try:
        compile(text, "lesson.py", "exec")
    except SyntaxError as error:
        line = text.splitlines()[(error.lineno or 1) - 1]
        raised = Raised("import", type(error).__name__, str(error.msg))
        return in_words(raised, Call("lesson", "f", ()), f"lesson.py, line 1:  {line}")
    return ""


@pytest.mark.parametrize("text", NEEDS)
def test_both_versions_are_named(text: str) -> None:
    words = said(text)
    if syntax.is_newer(NEEDS[text]):
        assert f"needs Python {NEEDS[text]} or later" in words
        assert f"run by Python {THIS}" in words
    else:
        assert words == ""


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_no_newer_python(text: str) -> None:
    words = said(text)
    assert words
    assert "needs Python" not in words


@pytest.mark.parametrize(
    ("kind", "message", "version"),
    [
        ("ImportError", "cannot import name 'batched' from 'itertools' (unknown location)", "3.12"),
        ("AttributeError", "module 'math' has no attribute 'sumprod'", "3.12"),
        ("ModuleNotFoundError", "No module named 'annotationlib'", "3.14"),
    ],
)
def test_what_a_newer_library_has(kind: str, message: str, version: str) -> None:
    words = in_words(Raised("import", kind, message), Call("lesson", "f", ()), "lesson.py, line 1:  x")
    assert (f"needs Python {version} or later" in words) == syntax.is_newer(version)


def test_what_is_not_installed_is_named() -> None:
    raised = Raised("call", "ModuleNotFoundError", "tqdm is not installed where this is graded")
    words = in_words(raised, Call("lesson", "f", ()), "lesson.py, line 12:  tqdm(x)")
    assert words.startswith("tqdm is not installed where this is graded, and this line uses it.")
