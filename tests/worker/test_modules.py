"""A submission's modules: each imported once, from its source, and nothing else of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from grader.sandbox.inside.modules import LearnerModules
from grader.sandbox.protocol.messages import Raised

STOP = (Exception, SystemExit)


@pytest.fixture
def modules() -> Iterator[LearnerModules]:
    made = LearnerModules(
        {
            "lesson_one": "count = []\ncount.append(1)\ndef f():\n    return len(count)\nnumber = 3\n",
            "lesson_two": "import lesson_one\nfrom lesson_one import f\ndef g():\n    return f()\n",
            "lesson_broken": "def f(:\n    pass\n",
            "lesson_exits": "raise SystemExit(0)\n",
        }
    )
    yield made
    made.forget()


def test_a_module_may_import_the_ones_before_it(modules: LearnerModules) -> None:
    function = modules.function("lesson_two", "g", STOP)
    assert not isinstance(function, Raised)
    assert function() == 1


def test_a_module_may_not_import_the_ones_behind_it() -> None:
    made = LearnerModules({"lesson_one": "import lesson_two\n", "lesson_two": "x = 1\n"})
    raised = made.imported("lesson_one", STOP)
    made.forget()
    assert raised is not None
    assert raised.type_name == "ModuleNotFoundError"


def test_each_is_imported_once(modules: LearnerModules) -> None:
    for _ in range(3):
        function = modules.function("lesson_one", "f", STOP)
        assert not isinstance(function, Raised)
        assert function() == 1


def test_a_syntax_error_is_told_with_its_line(modules: LearnerModules) -> None:
    raised = modules.imported("lesson_broken", STOP)
    assert raised is not None
    assert (raised.stage, raised.type_name) == ("import", "SyntaxError")
    assert [(place.module, place.line) for place in raised.where] == [("lesson_broken", 1)]


def test_a_module_that_exits_is_an_import_that_failed(modules: LearnerModules) -> None:
    raised = modules.imported("lesson_exits", STOP)
    assert raised is not None
    assert raised.type_name == "SystemExit"


@pytest.mark.parametrize(("name", "words"), [("nothing", "nothing is not defined"), ("number", "number is a int")])
def test_what_is_no_function_is_missing(modules: LearnerModules, name: str, words: str) -> None:
    raised = modules.function("lesson_one", name, STOP)
    assert isinstance(raised, Raised)
    assert raised.stage == "missing"
    assert raised.message == words


def test_nothing_is_left_behind_when_it_is_forgotten(modules: LearnerModules) -> None:
    modules.imported("lesson_one", STOP)
    assert "lesson_one" in sys.modules
    modules.forget()
    assert "lesson_one" not in sys.modules
    with pytest.raises(ModuleNotFoundError):
        __import__("lesson_one")
