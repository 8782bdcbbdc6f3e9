"""What one exercise consists of by itself: what its function reaches, and nothing else, in a notebook and in files."""

from __future__ import annotations

import pytest

from tests.collect.apart import Failed, filed, noted

# None of these may ever be run: each would fail, and say so.
PLAY = [
    "loss = mse(2, 1)",
    "mse(2, 1)",
    "print(mse(2, 1))",
    "for epoch in range(100):\n    loss = mse(2, 1)\n    w -= 1",
    "with torch.no_grad():\n    w -= w.grad * 1e-5",
    "loss.backward()",
    "opt.step()",
    "again = mse\nx = again(1, 2)",
    "def run():\n    return mse(2, 1)\nw = run()",
    "def outer():\n    return inner()\ndef inner():\n    w.backward()\nw = outer()",
    "class Trainer:\n    def go(self):\n        loss.backward()\ntrainer = Trainer()\ntrainer.go()",
    "losses = [mse(1, k) for k in range(3)]",
    "if mse(1, 2) > 0:\n    w = 3",
    "while mse(1, 2) > 0:\n    w = 3",
    "x = input()",
    "import time\nfor k in range(3):\n    time.sleep(100)\n    w = k",
    "w = 1 / 0",
    "raise SystemExit",
    "exit()",
    "assert False",
    "await nothing()",
    "del w",
    "!pip install torch",
    "%timeit mse(2, 1)",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "display(w)",
    "drive.mount('/content/drive')",
    "from google.colab import drive",
    "import no_such_library as nsl",
    "from no_such_library import *",
]


MSE = "def mse(a, b):\n    return (a - b) * n"


@pytest.mark.parametrize("play", PLAY)
def test_what_an_exercise_does_not_reach_is_never_run(play):
    for cells in ([play, "def mse(a, b):\n    return a - b"], ["def mse(a, b):\n    return a - b", play]):
        assert noted(*cells).call("mse", 5, 3) == 2
    assert filed("import no_such\n1 / 0\n\n\ndef mse(a, b):\n    return a - b\n").call("mse", 5, 3) == 2


@pytest.mark.parametrize("play", [each for each in PLAY if "w" in each and "1 / 0" not in each])
def test_a_helper_that_reads_a_name_does_not_bring_its_training(play):
    built = noted(
        "w = 7",
        play,
        "def show(loss):\n    return w",
        "def mse(a, b):\n    show(0)\n    return a - b",
        "def train(*_):\n    return show(1)",
    )
    assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2
    assert built.call("train", 0, 0, 0, 0, 0, 0) == 7


@pytest.mark.parametrize(
    "state",
    [
        "n = 0\nn += 3",
        "n = 1\nfor _ in range(2):\n    n += 1",
        "n = 1\nfor _ in range(2): n = n + 1",
        "n = 1\nwhile n < 3:\n    n += 1",
        "total = []\nfor k in range(3):\n    total.append(k)\nn = len(total)",
        "table = {}\nfor k in range(3):\n    table[k] = k\nn = len(table)",
        "table = {}\ntable['n'] = 3\nn = table['n']",
        "table = {}\ntable.setdefault('n', []).append(3)\nn = table['n'][0]",
        "table = dict(a=1)\ntable.update(n=3)\nn = table['n']",
        "table = dict(a=1, b=2, c=3, d=4)\ndel table['d']\nn = len(table)",
        "kept = [5, 4]\nkept.sort()\nkept[0] -= 1\nn = kept[0]",
        "class Box:\n    pass\nbox = Box()\nbox.n = 3\nn = box.n",
        "class Box:\n    n = 1\nsetattr(Box, 'n', 3)\nn = Box.n",
        "import heapq\nheap = []\nheapq.heappush(heap, 3)\nn = heap[0]",
        "if True:\n    n = 3\nelse:\n    n = 4",
        "try:\n    import no_such\nexcept ImportError:\n    n = 3",
        "try:\n    n = 3\nfinally:\n    pass",
        "import contextlib\nwith contextlib.nullcontext(3) as n:\n    pass",
        "import contextlib\nwith contextlib.nullcontext(3) as k:\n    n = k\n    print(n)",
        "match 3:\n    case n:\n        pass",
        "parts = []\nfor k in range(3):\n    def part(k=k):\n        return k\n    parts.append(part)\nn = 1 + parts[2]()",
        "for n in (1, 2, 3):\n    pass",
        "if (n := 3) > 2:\n    pass",
        "n, m = 3, 4",
        "n: int = 3",
        "def make():\n    global n\n    n = 3\nmake()",
        "def fill(into):\n    into.append(3)\ncache = []\nfill(cache)\nn = cache[0]",
        "n = 3\n%time k = 4\nn = k - 1",
        "if __name__ == '__main__':\n    n = 3",
        "lambda: 1\nn = (lambda: 3)()",
        "n = sum(1 for _ in range(3))",
        "sizes = [1, 2]\nn = max(size + 1 for size in sizes)",
        "from collections import Counter\ncounts = Counter()\ncounts['a'] += 3\nn = counts['a']",
        "n = 5; n -= 2",
        "n = 1 if 0 else 3",
        "from math import *\nn = floor(3.5)",
        "import os.path\nn = len(os.path.basename('a/bcd'))",
    ],
)
def test_what_a_notebook_builds_outside_of_functions_is_there(state):
    for cells in ([state, MSE], state.split("\n%")[:1] if "%" in state else [], [MSE, state]):
        if cells and MSE in cells:
            built = noted(*cells)
            assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 6
    if not any(words in state for words in ("%", "__main__")):
        assert filed(f"{state}\n{MSE}").call("mse", 5, 3) == 6


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("n = 1\nfor _ in range(3):\n    n += mse(1, 2)", "cell 2, line 2 sets. That line was not run: it calls mse."),
        ("n = mse(1, 2)", "cell 2, line 1 sets. That line was not run: it calls mse."),
        ("n = w.grad", "cell 2, line 1 sets. That line was not run: it trains."),
        ("x = mse(1, 2)\ny = x + 1\nn = y", "cell 2, line 3 sets. That line was not run: it needs y."),
        ("def f(): return mse(1, 2)\nn = f()", "cell 2, line 2 sets. That line was not run: it calls f."),
        ("if True:\n    k = 1\n    n = mse(1, 2)", "cell 2, line 3 sets. That line was not run: it calls mse."),
        ("n = input()", "cell 2, line 1 sets. That line was not run: it calls input."),
    ],
)
def test_what_would_have_to_train_is_named(state, why):
    built = noted(MSE, state)
    (sentence,) = built.alone["mse"]["from_scratch"].not_run
    assert sentence.startswith(f"mse uses n, which {why} Code outside of functions")
    assert "mse(1, 2)" not in built.text("mse").replace("def f(): return mse(1, 2)", "")
    assert noted(state, "def mse(a, b): return 1").alone["mse"]["from_scratch"].not_run == ()


def test_a_line_that_changes_a_name_may_fail_for_the_cells_before_it_are_not_run():
    built = noted("w = 7", "w = w[0]", "w += missing", "def mse(a, b):\n    return w")
    assert built.call("mse", 0, 0) == built.call_whole("mse", 0, 0) == 7


def test_a_line_that_is_needed_and_fails_says_so_and_costs_one_exercise():
    built = noted("n = 1 / 0", MSE, "def model(x, w, b): return x")
    with pytest.raises(Failed, match="import: ZeroDivisionError: division by zero"):
        built.call("mse", 1, 2)
    assert built.call("model", 4, 0, 0) == 4
    files = filed(f"n = 1 / 0\n{MSE}\ndef model(x, w, b): return x")
    with pytest.raises(Failed, match="import: ZeroDivisionError"):
        files.call("mse", 1, 2)
    assert files.call("model", 4, 0, 0) == 4


def test_an_import_that_is_missing_costs_those_who_use_it():
    cells = ["import math, no_such as ns\nfrom no_such import thing", "def mse(a, b):\n    return math.floor(a - b)"]
    built = noted(*cells, "def model(x, w, b):\n    return ns.f(x)", "def train(*_): return thing(1)")
    files = filed("\n".join([*cells, "def model(x, w, b):\n    return ns.f(x)", "def train(*_): return thing(1)"]))
    for each in (built, files):
        assert each.call("mse", 5, 3) == 2
        for exercise in ("model", "train"):
            with pytest.raises(ModuleNotFoundError, match="no_such is not installed"):
                each.call(exercise, *[0] * 3)


def test_needs_are_followed_through_helpers_classes_and_defaults():
    text = (
        "import math\nBASE = 2\nSTEP = BASE + 1\nunused = 1 / 0\n"
        "class Helper:\n    size = STEP\n    def go(self): return other()\n"
        "def other(k=BASE): return k + math.floor(0.5)\n"
        "def mse(a, b): return Helper().go() + Helper.size\n"
    )
    assert noted(*text.split("\nclass")[:1], "class" + text.split("\nclass")[1]).call("mse", 0, 0) == 5
    assert filed(text).call("mse", 0, 0) == 5


def test_an_exercise_comes_with_those_that_it_calls_and_no_others():
    text = (
        "def model(x, w, b): return x + w\ndef mse(a, b): return a - b\ndef gradient_step(w, b, lr): return 1 / 0\n"
        "def train(i, t, w, b, lr, n): return mse(model(i, w, b), t)\n"
    )
    for built in (noted(text), filed(text)):
        assert built.call("train", 5, 1, 2, 0, 0, 0) == 6
        assert "gradient_step" not in built.text("train")
        assert "model" not in built.text("mse")


@pytest.mark.parametrize(
    "use",
    [
        "from from_scratch import mse\ndef fit(*_): return mse(5, 3)",
        "from from_scratch import mse as loss, train\ndef fit(*_): return loss(5, 3)",
        "import from_scratch\ndef fit(*_): return from_scratch.mse(5, 3)",
        "import from_scratch as fs\ndef fit(*_): return fs.mse(5, 3)",
        "import from_scratch as fs\ndef fit(*_): return getattr(fs, 'mse')(5, 3)",
        "from from_scratch import *\ndef fit(*_): return mse(5, 3)",
        "try:\n    from from_scratch import mse\nexcept ImportError:\n    pass\ndef fit(*_): return mse(5, 3)",
        "def fit(*_):\n    from from_scratch import mse\n    return mse(5, 3)",
        "def fit(*_):\n    import from_scratch\n    return from_scratch.mse(5, 3)",
    ],
)
def test_a_later_module_comes_with_what_it_takes_of_an_earlier_one(use):
    first = "import no_such\ndef helper(): return 1\ndef mse(a, b): return a - b * helper()\n"
    assert filed(first + "x = 1 / 0\n", use).call("fit", *[0] * 5) == 2
    cells = ("%%writefile from_scratch.py\n" + first, "%%writefile with_torch.py\n" + use)
    assert noted(*cells, "from from_scratch import *\nmse(1, 2)").call("fit", *[0] * 5) == 2


def test_what_two_written_files_call_alike_is_not_mixed_up():
    built = noted(
        "%%writefile from_scratch.py\nRATE = 1\ndef mse(a, b): return RATE\n",
        "%%writefile with_torch.py\nfrom from_scratch import mse\nRATE = 2\ndef fit(*_): return mse(0, 0), RATE\n",
    )
    assert built.call("fit") == built.call_whole("fit") == (1, 2)


BROKEN = {
    "def mse(a, b)\n    return a": "expected ':'",
    "def mse(a, b:\n    return a": "'(' was never closed",
    "def mse(a, b):\n    return (a": "'(' was never closed",
    "def mse(a, b):\nreturn a": "expected an indented block after function definition on line LINE",
    "def mse(a, b):\n    '''text\n    return a": "unterminated triple-quoted string literal",
    "def mse(a, b):\n    retrun a": "invalid syntax",
    "def mse(a, a):\n    return a": "duplicate argument 'a' in function definition",
    "def mse(a, b):\n    return a\n  + b": "unindent does not match any outer indentation level",
    "mse = lambda a, b: (a": "'(' was never closed",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_definition_that_is_no_python_costs_one_exercise_in_a_file_as_in_a_cell(broken):
    before = '"""Text\nin lines."""\nimport math\n\nk = (\n1,\n)\n'
    after = "\n\ndef model(x, w, b):\n    '''Says\nsomething.'''\n    return math.floor(x) + k[0]\n"
    text = f"{before}{broken}{after}"
    line = before.count("\n") + 1
    for built, place in (
        (filed(text), "line"),
        (noted(text), "cell 1, line"),
        (noted(before, broken, after), "cell 2"),
    ):
        if "'''" not in broken:
            assert built.call("model", 4.5, 0, 0) == 5
        with pytest.raises((SyntaxError, Failed)) as error:
            built.call("mse", 1, 2)
        first = line if place != "cell 2" else 1
        assert BROKEN[broken].replace("LINE", str(first)) in str(error.value)
        assert place in str(error.value)
    source = filed(text).alone["mse"]["from_scratch"]
    at = next(i for i, each in enumerate(source.text.split("\n"), 1) if "SyntaxError" in each)
    assert line <= at <= line + broken.count("\n") + 1


def test_a_file_keeps_its_lines_whatever_shares_them():
    text = "x = 1; y = 1 / 0; z = 2\n\n@staticmethod\ndef mse(a, b):\n    return (x,\n      z); k = 3\n"
    built = filed(text)
    assert built.text("mse") == "x = 1; z = 2\n\n@staticmethod\ndef mse(a, b):\n    return (x,\n      z)\n" or (
        built.call("mse", 0, 0) == (1, 2)
    )
    assert built.text("mse").split("\n")[3] == "def mse(a, b):"


def test_nothing_reached_is_empty_and_still_of_the_notebook():
    built = noted("def mse(a, b): return a", "import math")
    assert built.text("model").strip() == ""
    assert built.alone["model"]["from_scratch"].shown == "the notebook"
    with pytest.raises(Failed, match="missing: NameError: model is not defined"):
        built.call("model", 1, 2, 3)
    files = filed("def mse(a, b): return a")
    with pytest.raises(Failed, match="missing: NameError: model is not defined"):
        files.call("model", 1, 2, 3)


def test_recursion_and_what_needs_itself_ends():
    built = noted("def mse(a, b): return helper(a)", "def helper(a): return a if a < 1 else helper(a - 1) + mse(0, 0)")
    assert built.call("mse", 2, 0) == 0


def test_in_a_notebook_display_and_get_ipython_are_there_and_do_nothing():
    built = noted("def mse(a, b):\n    display(a, b)\n    get_ipython().run_line_magic('time', 'x')\n    return a")
    assert built.call("mse", 4, 0) == built.call_whole("mse", 4, 0) == 4
    own = noted("def display(x): return x + 1", "def mse(a, b):\n    return display(a)")
    assert own.call("mse", 4, 0) == 5


def test_attributes_of_a_function_come_with_it():
    built = noted("def mse(a, b):\n    mse.calls += 1\n    return mse.calls", "mse.calls = 6")
    assert built.call("mse", 0, 0) == built.call_whole("mse", 0, 0) == 7
