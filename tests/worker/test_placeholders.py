"""A library that isn't installed costs what uses it, and nothing else of its module."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Raised

STOP = (Exception, SystemExit)
WHERE = "where this is graded"


@pytest.fixture
def load() -> Iterator[Callable[..., LearnerModules]]:
    made: list[LearnerModules] = []

    def one(text: str, **more: Any) -> LearnerModules:
        made.append(LearnerModules({"first": "def helper():\n    return 1\n", "lesson": text}, where=WHERE, **more))
        return made[-1]

    yield one
    for modules in made:
        modules.forget()


def outcome(modules: LearnerModules, function: str) -> Any:
    found = modules.function("lesson", function, STOP)
    if isinstance(found, Raised):
        return found
    try:
        return found()
    except STOP as error:
        return modules.raised("call", error)


@pytest.mark.parametrize(
    ("line", "use"),
    [
        ("import nowhere", "nowhere.thing(1)"),
        ("import nowhere as n", "n.thing"),
        ("import nowhere.inner as n", "n(1)"),
        ("import nowhere.inner", "nowhere.inner.thing()"),
        ("from nowhere import thing", "thing(range(3))"),
        ("from nowhere import thing as t, other", "[each for each in t]"),
        ("from nowhere.inner import thing", "1 + thing"),
        ("import os, nowhere", "len(nowhere)"),
        ("import os; import nowhere", "setattr(nowhere, 'x', 1)"),
        ("if True:\n    import nowhere", "nowhere[0]"),
        ("for _ in range(1):\n    from nowhere import thing", "isinstance(1, thing)"),
        ("from nowhere import thing\nalso = thing.inner", "also()"),
        ("import nowhere\nnowhere.set_up(style='dark')\nmade = nowhere.Thing()[0]", "made.use()"),
        ("from nowhere import (\n    other,\n    thing,\n)", "float(thing)"),
        ("from nowhere import Base", "__import__('types').new_class('Mine', (Base,))"),
        ("from nowhere import thing", "type('Mine', (), {'x': thing})().x < 2"),
    ],
)
def test_what_is_missing_complains_by_its_name_where_it_is_used(
    load: Callable[..., LearnerModules], line: str, use: str
) -> None:
    modules = load(f"{line}\ndef uses():\n    return {use}\ndef other():\n    return 7\n")
    assert outcome(modules, "other") == 7
    raised = outcome(modules, "uses")
    assert isinstance(raised, Raised)
    assert (raised.stage, raised.type_name) == ("call", "ModuleNotFoundError")
    assert raised.message == f"nowhere is not installed {WHERE}"
    assert raised.where[-1].line == line.count("\n") + 3


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import nowhere\nexcept ImportError:\n    nowhere = None\nFOUND = nowhere is None",
        "try:\n    from nowhere import thing\n    FOUND = False\nexcept ModuleNotFoundError:\n    FOUND = True",
        "import contextlib\nFOUND = True\nwith contextlib.suppress(ImportError):\n    import nowhere\n    FOUND = False",
        "import importlib.util\nimport nowhere\nFOUND = importlib.util.find_spec('nowhere') is None",
        "import sys, nowhere\nFOUND = 'nowhere' not in sys.modules",
        "import nowhere\ndef f():\n    try:\n        import nowhere\n    except ImportError:\n        return True\nFOUND = f()",
        "import nowhere\ndef show(table: nowhere.Frame, more: nowhere.Frame | None = None) -> 'x': pass\nFOUND = True",
        "import nowhere\nFOUND = bool(nowhere) and 'nowhere' in repr(nowhere)",
        "import builtins, nowhere\nFOUND = builtins.__import__ is not None",
    ],
)
def test_what_asks_for_it_is_told_the_truth(load: Callable[..., LearnerModules], text: str) -> None:
    assert outcome(load(f"{text}\ndef found():\n    return FOUND\n"), "found") is True


@pytest.mark.parametrize(
    "text",
    [
        "from nowhere import *",
        "def f():\n    import nowhere\nf()",
        "import nowhere\nprint(list(nowhere))",
        "import nowhere\nclass Mine(nowhere.Base): pass",
        "import torch.nowhere",
        "from torch import nowhere",
        "import lesson2\nraise ImportError('own')",
        "from . import first",
    ],
)
def test_what_can_not_stand_in_fails_on_import(load: Callable[..., LearnerModules], text: str) -> None:
    raised = load(f"{text}\ndef f():\n    return 1\n").imported("lesson", STOP)
    assert isinstance(raised, Raised)
    assert raised.where


def test_an_error_in_a_module_of_the_learners_is_no_missing_library() -> None:
    modules = LearnerModules({"first": "1 / 0", "lesson": "import first\n"}, where=WHERE)
    raised = modules.imported("lesson", STOP)
    modules.forget()
    assert isinstance(raised, Raised)
    assert raised.type_name == "ZeroDivisionError"


def test_a_library_that_needs_another_one_names_it(tmp_path: Any, load: Callable[..., LearnerModules]) -> None:
    (tmp_path / "needy.py").write_text("import nowhere_at_all\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("raise OSError('no such thing.so')\n", encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        modules = load("import needy, broken\ndef f():\n    needy.x()\ndef g():\n    broken.x()\n")
        assert outcome(modules, "f").message == f"nowhere_at_all, which needy needs, is not installed {WHERE}"
        assert outcome(modules, "g").message == f"broken can't be imported {WHERE} (OSError: no such thing.so)"
    finally:
        sys.path.remove(str(tmp_path))


def test_a_library_that_is_not_to_be_imported_is_not(load: Callable[..., LearnerModules]) -> None:
    lacking = {"colorsys": "takes too long to import"}
    sys.modules.pop("colorsys", None)
    modules = load("import colorsys\ndef f():\n    return colorsys.x\n", lacking=lacking)
    assert outcome(modules, "f").message == f"colorsys takes too long to import {WHERE}"
    assert "colorsys" not in sys.modules
    guarded = load(
        "try:\n    import colorsys\nexcept ImportError:\n    colorsys = 3\ndef f():\n    return colorsys\n",
        lacking=lacking,
    )
    assert outcome(guarded, "f") == 3


def test_importing_works_as_ever_afterwards(load: Callable[..., LearnerModules]) -> None:
    before = __import__
    load("import nowhere\n").imported("lesson", STOP)
    assert __import__ is before
    with pytest.raises(ModuleNotFoundError):
        __import__("nowhere")


def test_a_module_can_be_loaded_anew(load: Callable[..., LearnerModules]) -> None:
    text = "import importlib, first\nimportlib.reload(first)\ndef f():\n    return importlib.reload(first).helper()\n"
    assert outcome(load(text), "f") == 1
