"""Which functions count as written: not the stubs, whatever an editor or a person has done around them."""

import pytest

from grader.reading.completion import written
from tests.collect.apart import noted
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
        "class f:\n    def __init__(self):\n        self.at = 1\n\n    def go(self):\n        return self.at",
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
        f"class f:\n    def __init__(self):\n        self.at = 1\n\n    def go(self):\n        {STUB}",
        f"class f:\n    def __init__(self):\n        super().__init__()\n        {STUB}\n\n    def go(self):\n        {STUB}",
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


# What stands in an exercise's cell before it is written: the kit's stub, nbgrader's, and what people leave in them.
STUBS = [
    'def mse(a, b):\n    """Words."""\n    # TODO\n    raise NotImplementedError("mse is still to do")',
    "def mse(a, b):\n    # YOUR CODE HERE\n    raise NotImplementedError()",
    "def mse(a, b):\n    # YOUR CODE HERE\n    raise NotImplementedError",
    "def mse(a, b):\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n    raise NotImplementedError()",
    "def mse(a, b):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION",
    "def mse(a, b):\n    ### BEGIN SOLUTION\n    ### END SOLUTION",
    "def mse(a, b):\n    # YOUR CODE HERE\n",
    "def mse(a, b):\n    pass",
    "def mse(a, b): ...",
    "def mse(a, b):\n    '''Words.'''",
    "def mse(a, b):\n    return None  # TODO",
    "def mse(a, b):\n    return ...",
    "def mse(a, b):\n    diff = a - b\n    # YOUR CODE HERE\n    raise NotImplementedError",
    "mse = None",
    "mse = ...",
    "if True:\n    def mse(a, b):\n        pass",
    "%%time\ndef mse(a, b):\n    raise NotImplementedError",
    "import math\n\ndef mse(a, b):\n    raise NotImplementedError\n\nprint(mse(1, 2))",
]
SOLVED = [
    "def mse(a, b):\n    return a - b",
    "class Mse:\n    def __call__(self, a, b):\n        return a - b\n\nmse = Mse()",
    "mse = lambda a, b: a - b",
    "try:\n    def mse(a, b):\n        return a - b\nfinally:\n    pass",
    "import operator\nmse = operator.sub",
]
LATER = "def fit(*_):\n    return mse(5, 3)"


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_never_beats_a_solution_in_another_cell(stub):
    for solved in SOLVED:
        for tags in ("  ", "t ", "tt"):  # whether the stub's cell and the solution's carry the grade id
            cells = [("mse" if tag == "t" else "", text) for tag, text in zip(tags, (stub, solved), strict=True)]
            for order in (cells, cells[::-1], [cells[0], cells[1], cells[0]]):
                built = noted(*order, LATER)
                assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2, order
                assert built.call("fit") == built.call_whole("fit") == 2, order


@pytest.mark.parametrize("stub", STUBS)
def test_a_stub_after_the_part_on_the_later_module_beats_nothing_either(stub):
    part = ("text", "## With PyTorch's own parts")
    for cells in (
        [SOLVED[0], part, LATER, stub],
        [stub, part, LATER, SOLVED[0]],
        [("mse", stub), part, LATER, SOLVED[0]],
    ):
        assert noted(*cells).call("mse", 5, 3) == 2


def test_of_two_solutions_that_in_the_own_cell_counts_and_else_the_last():
    one, other = "def mse(a, b): return 1", "def mse(a, b): return 2"
    assert noted(("mse", one), other).call("mse", 0, 0) == 1
    assert noted(one, ("mse", other), one).call("mse", 0, 0) == 2
    assert noted(("mse", one), ("mse", other)).call("mse", 0, 0) == 2
    assert noted(one, other).call("mse", 0, 0) == 2


def test_a_value_that_is_no_function_never_takes_its_name():
    for value in ("7.5", "a * 2", "[1, 2]", "f'{a}'", "a > 1", "(1, 2)", "{}", "mse(1, 2)", "not_run.mean()"):
        built = noted("a = 1", "not_run = mse(1, 2)", SOLVED[0], f"mse = {value}", "mse += 1")
        assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2, value
