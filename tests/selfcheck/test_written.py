"""Which functions count as written: not the stubs, whatever an editor or a person has done around them."""

import pytest

from grader.selfcheck.written import written
from tests.selfcheck.conftest import LESSON, MODULES, ROOT, solution

STUB = 'raise NotImplementedError("f is still to do")'


@pytest.mark.parametrize("module", MODULES)
def test_in_the_lesson_s_stubs_nothing_is_written_and_in_its_solutions_all_is(module):
    functions = ["to_tensors", "model", "mse", "gradient_step", "train", "make_loader", "fit", "predict"]
    stubs = (ROOT / "exercises" / LESSON / f"{module}.py").read_text("utf-8")
    assert written(stubs, functions) == set()
    assert written(stubs.replace("    ", "  ") + "\n# a note\n\n\n", functions) == set()
    assert written(stubs.replace('    """', '  """ $'), functions) == set()  # no Python any more
    assert len(written(solution(module), functions)) == {"from_scratch": 5, "with_torch": 3}[module]


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return x",
        "async def f(x):\n    return x",
        "f = lambda x: x",
        "f: object = len",
        "class f:\n    pass",
        "from math import sin as f",
        "if True:\n    def f(x):\n        return x",
        "try:\n    f = len\nexcept NameError:\n    pass",
        "f, g = len, sum",
        f"def f(x):\n    {STUB}\n\n\ndef f(x):\n    return x",
        "def f(x):\n    if x is None:\n        raise NotImplementedError\n    return x",
        'def f(x):\n    # raise NotImplementedError("f is still to do")\n    return x',
        "def f(x:\n    return x",
        "f = (lambda x: x",
    ],
)
def test_a_definition_is_written(code):
    assert written(code, ["f"]) == {"f"}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "g = 1",
        f"def f(x):\n    {STUB}",
        "def f(x):\n    y = x + 1\n    raise NotImplementedError",
        f"def f(x):\n    for y in x:\n        {STUB}",
        "def f(x):\n    '''Words.'''",
        "def f(x):\n    pass",
        "def f(x): ...",
        f"def f(x):\n    return x\n\n\ndef f(x):\n    {STUB}",
        f"def f(x):\n    {STUB}\n\n\ndef g(:\n    return 1",
        "def g(x):\n    def f(y):\n        return y\n    return f",
        "f" + ".a" * 5000,
    ],
)
def test_a_stub_or_nothing_at_all_is_not(code):
    assert written(code, ["f"]) == set()
