"""Stubs are made from the reference solutions: everything but the marked regions, word for word."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment, Exercise, Module, find_assignment
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.derived.stubs import make_stub, read_solution

ROOT = Path(__file__).parents[2]

GOOD = '''\
"""Basics."""

import math

### BEGIN SOLUTION
import itertools
### END SOLUTION


def add(a, b):
    """The sum of two numbers."""
    ### BEGIN SOLUTION
    return math.fsum([a, b])
    ### END SOLUTION


### BEGIN SOLUTION
def _helper(a):
    return a
### END SOLUTION


GIVEN = 3  # given to learners
'''


def assignment() -> Assignment:
    exercise = Exercise(id="add", function="add", module="basics", title="Adding", points=1, hints=("h",))
    modules = {"basics": Module(id="basics", title="Basics")}
    return Assignment(id="one", title="One", modules=modules, exercises={"add": exercise})


def stub_of(source: str) -> str:
    one = assignment()
    return make_stub(source, one, one.modules["basics"])


def refusal(source: str) -> str:
    with pytest.raises(ReleaseError) as caught:
        stub_of(source)
    return str(caught.value)


def function(body: str, before: str = "") -> str:
    return f'{before}def add(a, b):\n    """The sum."""\n' + textwrap.indent(textwrap.dedent(body), "    ")


MARKED = "### BEGIN SOLUTION\nreturn a + b\n### END SOLUTION\n"


def test_a_marked_region_becomes_a_todo_and_one_at_the_top_level_is_left_out():
    assert (
        stub_of(GOOD)
        == '''\
"""Basics."""

import math


def add(a, b):
    """The sum of two numbers."""
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("add is still to do")


GIVEN = 3  # given to learners
'''
    )


@pytest.mark.parametrize("module", ["from_scratch", "with_torch"])
def test_the_real_stubs_keep_every_signature_and_docstring_and_say_what_is_to_do(module):
    lesson = find_assignment(load_course(ROOT), None)
    source = read_solution(ROOT, lesson, lesson.modules[module])
    stub = make_stub(source, lesson, lesson.modules[module])
    given = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    made = {node.name: node for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)}
    assert list(made) == [exercise.function for exercise in lesson.exercises.values() if exercise.module == module]
    for name, node in made.items():
        assert ast.dump(node.args) == ast.dump(given[name].args)
        assert ast.get_docstring(node, clean=False) == ast.get_docstring(given[name], clean=False)
        assert ast.unparse(node.body[1]) == f"raise NotImplementedError('{name} is still to do')"
        assert len(node.body) == 2
    assert stub.endswith('still to do")\n')
    assert "SOLUTION" not in stub


def test_making_stubs_imports_no_torch():
    code = (
        "import sys, grader.derived; print([m for m in sys.modules if m.split('.')[0] in ('torch', 'numpy', 'pytest')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout == "[]\n"


def test_windows_line_ends_and_a_missing_last_one_make_the_same_stub():
    assert stub_of(GOOD.replace("\n", "\r\n").rstrip()) == stub_of(GOOD)


def test_the_indent_is_that_of_the_code_not_of_the_marker():
    source = 'def add(a, b):\n\t"""The sum."""\n### BEGIN SOLUTION\n\treturn a + b\n### END SOLUTION\n'
    assert '\n\traise NotImplementedError("add is still to do")\n' in stub_of(source)


def test_a_region_in_a_given_function_is_to_do_too():
    source = (
        function(MARKED)
        + "\n\ndef given(a):\n    a += 1\n    ### BEGIN SOLUTION\n    a += 2\n    ### END SOLUTION\n    return a\n"
    )
    assert "    a += 1\n    # TODO" in stub_of(source)
    assert 'raise NotImplementedError("given is still to do")\n    return a\n' in stub_of(source)


def test_decorators_comments_and_text_outside_the_region_stay():
    source = "import functools\n\n\n" + function(MARKED + "# the end\n", "@functools.cache\n")
    assert "@functools.cache\ndef add" in stub_of(source)
    assert stub_of(source).endswith('to do")\n    # the end\n')


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (function("### BEGIN SOLUTION\nreturn a + b\n"), 'line 3: "### BEGIN SOLUTION" without an "### END SOLUTION"'),
        (function("return a + b\n### END SOLUTION\n"), 'line 4: "### END SOLUTION" without a "### BEGIN SOLUTION"'),
        (function("### BEGIN SOLUTION\n" + MARKED), 'line 4: expected "### END SOLUTION" for line 3, found another'),
        (function(MARKED + "### END SOLUTION\n"), 'line 6: "### END SOLUTION" without'),
        (function("## BEGIN SOLUTION\nreturn a + b\n## END SOLUTION\n"), "line 3: a marker is"),
        (function("### begin solution\nreturn a + b\n### end solution\n"), "line 3: a marker is"),
        (function("### BEGIN SOLUTOIN\nreturn a + b\n### END SOLUTOIN\n"), "line 3: a marker is"),
        (function("### BEGIN SOLUTION of add\nreturn a + b\n### END SOLUTION\n"), "line 3: a marker is"),
        (function("x = 1  ### BEGIN SOLUTION\nreturn a + b\n### END SOLUTION\n"), "line 3: a marker is"),
        (function(MARKED, '"""\n### BEGIN SOLUTION\n"""\n'), "line 2: a marker is"),
        (function("return a + b\n"), 'line 1: the function "add" has no marked region of its own'),
        (function("c = 3\n" + MARKED), 'line 3: code of the function "add" outside its marked region'),
        (function(MARKED + "return 3\n"), 'line 6: code of the function "add" outside'),
        (function("with a:\n    ### BEGIN SOLUTION\n    return b\n    ### END SOLUTION\n"), "whole statements"),
        (function("### BEGIN SOLUTION\nwith a:\n    pass\n    ### END SOLUTION\n    pass\n"), "whole statements"),
        (function("### BEGIN SOLUTION\na = 1\nwith a:\n    ### END SOLUTION\n    pass\n"), "whole statements"),
        (function("### BEGIN SOLUTION\n# nothing\n### END SOLUTION\n"), "line 3: a marked region holds whole"),
        (function(MARKED + MARKED), 'line 6: a second marked region in the function "add"'),
        (
            function("def inner():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n"),
            "no marked region of its own",
        ),
        ("### BEGIN SOLUTION\n" + function("return a + b\n") + "### END SOLUTION\n", "no marked region of its own"),
        (
            'def add(a, b):\n    ### BEGIN SOLUTION\n    """Sum."""\n    return a\n    ### END SOLUTION\n',
            "expected before it",
        ),
        (
            "def add(a, b):\n    ### BEGIN SOLUTION\n    return a\n    ### END SOLUTION\n",
            'line 1: the function "add" has no docstring',
        ),
        (
            function(MARKED).replace("add", "ad"),
            'expected one function "add" at the top level, found none. Did you mean "ad"?',
        ),
        (function(MARKED) + function(MARKED), "found 2 of them"),
        ("x = (", "line 1: not valid Python"),
        ("x = '\0'", "not valid Python"),
    ],
)
def test_markers_that_are_not_in_order_are_refused_with_file_and_line(source, words):
    sentence = refusal(source)
    assert sentence.startswith("solutions/one/basics.py")
    assert words in sentence
    assert "\n" not in sentence


def test_methods_may_be_to_do_and_leaving_out_the_first_lines_leaves_no_gap():
    source = (
        function(MARKED)
        + "\n\nclass Box:\n    def get(self):\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION\n"
    )
    assert 'raise NotImplementedError("Box.get is still to do")' in stub_of(source)
    lost = "### BEGIN SOLUTION\nfrom __future__ import annotations\n### END SOLUTION\n" + function(MARKED)
    assert stub_of(lost).startswith("def add")


def test_warnings_about_the_code_of_a_solution_are_not_errors(recwarn):
    assert "never" not in stub_of(function(MARKED).replace('"""The sum."""', '"""The sum: \\d."""'))
    assert not recwarn.list


statements = st.sampled_from(
    ["a = SECRET", "SECRET()", "for i in SECRET:\n    pass", "if SECRET:\n    b = 1\nelse:\n    b = 2", "return SECRET",
     "def inner():\n    return SECRET", 'x = """\nSECRET\n"""', "with SECRET: pass", "# SECRET", "x = [\n  SECRET,\n]"]
)  # fmt: skip


@settings(max_examples=80)
@given(st.lists(statements, min_size=1, max_size=4), st.lists(statements, max_size=2), st.integers(0, 3))
def test_nothing_inside_the_markers_is_ever_released(body, helpers, blank):
    inside = "\n".join([*body, "pass"])
    source = function(f"### BEGIN SOLUTION\n{inside}\n### END SOLUTION\n")
    top = "".join(
        f"### BEGIN SOLUTION\n{helper}\nx = 1\n### END SOLUTION\n" for helper in helpers if helper != "return SECRET"
    )
    stub = stub_of(top + "\n" * blank + source)
    assert "SECRET" not in stub
    assert "SOLUTION" not in stub
    names: dict[str, object] = {}
    exec(stub, names)
    with pytest.raises(NotImplementedError, match=r"^add is still to do$"):
        names["add"](1, 2)  # type: ignore[operator]
