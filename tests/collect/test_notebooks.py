"""Modules that are built from a notebook's definitions."""

from __future__ import annotations

import textwrap

import pytest

from tests.collect.apart import noted

MODEL = "def model(x, w, b):\n    return x * w + b"
LATE = "def model(x): return 'late', DataLoader"
TORCH_PART = ("text", "## With PyTorch\u2019s own parts")


def dedent(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def test_definitions_are_taken_and_training_plots_and_prints_are_not(build):
    built = build(
        "import math",
        MODEL,
        "x = open('data.csv')\nprint(model(1, 2, 3))\nplt.plot(x)\nfor i in range(10):\n    x += 1",
        "def mse(a, b):\n    return math.fsum((p - q) ** 2 for p, q in zip(a, b)) / len(a)",
        "loss = mse([1], [2])\nassert loss == 1",
    )
    assert (
        built.text()
        == dedent("""
        import math
        def model(x, w, b):
            return x * w + b
        def mse(a, b):
            return math.fsum((p - q) ** 2 for p, q in zip(a, b)) / len(a)
        """)
        + "\n"
    )
    assert built.run()["mse"]([1, 2], [2, 4]) == 2.5


def test_a_definition_is_text_as_it_was_written(build):
    written = dedent('''
        @wrapped(  1 )   # why not
        def model( x,w , b ):   # é
            """doc"""
            # a comment
            return ( x
                % w )  # the end''')
    built = build("import math\ndef wrapped(n): return lambda f: f\n" + written + "\n\n\n# after it")
    assert written in built.text()


def test_the_last_definition_counts(build):
    assert build("def model(x, w, b): return 1", "def model(x, w, b): return 2").run()["model"](0, 0, 0) == 2


def test_a_layer_in_the_later_part_does_not_replace_the_function(build):
    for sign in (TORCH_PART, "train_ds = TensorDataset(inputs, targets)", "import torch.nn as nn\nnn.Linear", "1"):
        built = build(MODEL, sign, "model = nn.Linear(3, 2)", "def fit(n, model, f, o, d): return f")
        assert built.run()["model"](2, 3, 4) == 10, sign


def test_an_own_layer_in_the_same_cell_does_not_replace_the_function_either(build):
    built = build(MODEL + "\nmodel = torch.nn.Linear(3, 2)\nclass model(torch.nn.Linear): pass")
    assert "Linear" not in built.text()


def test_a_landmark_is_known_by_its_full_name(build):
    later = "from torch import optim as o, nn as n\ndef model(): return 'late'\n"
    assert "late" in build(MODEL, later).text()
    assert "late" in build(MODEL, "from torch import optim as o\n", "net.DataLoader2", later).text()
    for use in ("o.SGD", "n.Linear(3, 2)", "x = [n.Linear]", "with a: o.SGD", "def f(m: n.Linear): pass"):
        assert "late" not in build("from torch import optim as o, nn as n", MODEL, use, later).text(), use


def test_a_title_that_names_both_parts_begins_no_part(build):
    title = ("text", "# From scratch, and with PyTorch's own parts")
    for later in (LATE, "model = nn.Linear(3, 2)"):
        assert build(title, MODEL, TORCH_PART, later).run()["model"](2, 3, 4) == 10


def test_a_landmark_in_an_exercise_of_the_part_itself_ends_nothing(build):
    used = "def model(x, w, b):\n    return torch.nn.Linear(3, 2)(x)"
    built = build("def mse(a, b): return 0", used, "import operator\ntrain = operator.add", LATE)
    assert "train = operator.add" in built.text()


def test_text_that_is_no_heading_begins_no_part(build):
    talk = ("text", "Soon we'll see TensorDataset,\nand PyTorch's own parts.")
    assert "return 2" in build(MODEL, talk, "def model(x, w, b): return 2").text()
    assert (
        "return 2" not in build(MODEL, ("text", "Now\n### PyTorch\u2019s own parts"), "def model(x): return 2").text()
    )


def test_a_comment_can_stand_for_a_heading(build):
    built = build(MODEL, "# --- PyTorch's own parts ---\nx = 1", "def model(x): return 2")
    assert "return 2" not in built.text()


def test_a_tagged_cell_of_the_later_part_begins_it(build):
    built = build(MODEL, ("fit", "def fit(n, model, f, o, d): return n"), "model = layer()")
    assert "layer" not in built.text()


def test_a_tagged_cell_wins_over_all_others(build):
    for tag in ("model", "from_scratch.model", "from-scratch.model"):
        built = build((tag, "def model(x, w, b): return 1"), "def model(x, w, b): return 2")
        assert built.run()["model"](0, 0, 0) == 1
    built = build(("gradient-step", "def gradient_step(w, b, lr): return 1"), "def gradient_step(w, b, lr): return 2")
    assert built.run()["gradient_step"](0, 0, 0) == 1


def test_a_tagged_cell_without_its_definition_leaves_it_to_the_others(build):
    assert "return 2" in build(("model", "x = 1"), "def model(x, w, b): return 2").text()


def test_cells_in_any_order_are_found(build):
    built = build(
        TORCH_PART,
        "def fit(n, model, f, o, d): return n",
        "model = nn.Linear(3, 2)",
        ("text", "## From scratch"),
        "def mse(a, b): return math.fsum([a, b])",
        MODEL,
        "import math",
    )
    assert built.run()["model"](2, 3, 4) == 10
    assert built.run()["mse"](1, 2) == 3
    assert built.run("with_torch")["fit"](7, 0, 0, 0, 0) == 7


def test_removed_cells_leave_the_others(build):
    built = build("def mse(a, b): return 0", TORCH_PART, "model = nn.Linear(3, 2)")
    assert built.modules.keys() == {"from_scratch"}
    assert "Linear" not in built.text()
    expected = (
        "The part on with_torch was not found in the notebook; expected definitions of make_loader, fit, predict."
    )
    assert built.problems["with_torch"] == expected


def test_a_function_may_be_a_class_a_lambda_an_alias_or_an_object(build):
    built = build(
        "class Linear:\n    def __call__(self, x, w, b): return x * w + b",
        "model = Linear()",
        "import operator\nmse = operator.add",
        "half = 0.5\ntrain = lambda i, t, w, b, lr, n: mse(model(1, 2, 3), half)",
        "def maker(k):\n    def gradient_step(w, b, lr): return k\n    return gradient_step",
        "gradient_step = maker(7)",
        "to_tensors, unused = (lambda a, b: (a, b)), 1",
    )
    names = built.run()
    assert names["model"](2, 3, 4) == 10
    assert names["train"](0, 0, 0, 0, 0, 0) == 5.5
    assert names["gradient_step"](0, 0, 0) == 7
    assert names["to_tensors"](1, 2) == (1, 2)


def test_a_function_that_is_wrapped_later_keeps_what_it_wraps(build):
    built = build(
        "def twice(f): return lambda *a: 2 * f(*a)", MODEL, "model = twice(model)", "model = twice(model)", TORCH_PART
    )
    assert built.run()["model"](2, 3, 4) == 40


def test_without_any_landmark_a_definition_is_likelier_than_a_call(build):
    assert build(MODEL, "model = Linear(3, 2)").run()["model"](2, 3, 4) == 10
    assert "somewhere.make()" in build("import somewhere", "model = somewhere.make()").text()


def test_what_is_needed_is_kept_by_name_and_in_order_and_nothing_else(build):
    built = build(
        "a = 1\nb = a + 1",
        "unused = explode()",
        "if b > 1:\n    c = b\nelse:\n    c = 0",
        "def helper():\n    return d + c",
        "d = 10; print('no'); w = explode()",
        "def model(x, w, b):\n    unused = 1\n    return helper()",
    )
    assert built.run()["model"](0, 0, 0) == 12
    assert "explode" not in built.text()
    assert "print" not in built.text()
    assert built.text().index("a = 1") < built.text().index("b = a + 1") < built.text().index("d = 10")


def test_parameters_and_locals_need_nothing(build):
    built = build("w = explode()\nrow = explode()", "def model(x, w, b):\n    return [row for row in x]\n")
    assert "explode" not in built.text()


def test_an_assignment_that_calls_an_exercise_is_training_and_is_never_run(build):
    built = build(
        MODEL,
        "preds = model(1, 2, 3)",
        "both = [model(1, 2, 3) for _ in range(3)]",
        "later = dict(call=lambda: model(1, 2, 3))",
        "if True:\n    more = model(1, 2, 3)",
        "def mse(a, b):\n    return preds, both, more, later",
    )
    assert "later = dict(" in built.text()
    for word in ("preds =", "both =", "more ="):
        assert word not in built.text()


def test_the_later_part_has_the_functions_of_the_first_that_it_uses(build):
    built = build(
        "def square(x): return x * x",
        "def mse(a, b): return square(a - b)",
        MODEL,
        TORCH_PART,
        "def fit(n, model, f, o, d):\n    return mse(5, 3)",
    )
    assert built.run("with_torch")["fit"](0, 0, 0, 0, 0) == 4
    assert "def model" not in built.text("with_torch")


def test_what_the_later_part_takes_from_the_notebook_is_what_it_was_in_the_end(build):
    built = build(
        MODEL,
        TORCH_PART,
        "class Net:\n    size = 3",
        "model = Net()",
        "opt = model.size",
        "def predict(net, region):\n    return opt",
    )
    assert built.run("with_torch")["predict"](0, 0) == 3


def test_imports_are_all_kept_and_come_first(build):
    built = build(
        "def model(x, w, b):\n    return m.pi, path.sep, sqrt(4)",
        "import math as m, os\nfrom os import (\n    path,\n)",
        "from math import *",
        "from __future__ import annotations",
        "def mse(a, b: Missing): return json.dumps(1)",
        "try:\n    import json\nexcept ImportError:\n    json = None",
    )
    assert built.text().startswith("from __future__ import annotations\n")
    assert built.run()["model"](0, 0, 0)[2] == 2
    assert built.run()["mse"](0, 0) == "1"


def test_an_import_that_no_exercise_needs_may_fail(build):
    built = build("import no_such_plots as plt, \\\n  other\nfrom no_such import (\n a,\n b)", "import math", MODEL)
    assert "no_such_plots" in built.text()
    assert built.run()["model"](2, 3, 4) == 10


def test_an_import_that_an_exercise_needs_is_as_it_was_written(build):
    assert build("import no_such", "def model(x, w, b): return no_such.x").text().startswith("import no_such\n")


def test_magics_are_dropped_and_lines_stay_where_they_were(build):
    built = build(
        "%matplotlib inline\n!pip install torch \\\n  numpy\nimport math\nfiles = !ls\n?math\nmath.pi??",
        "%%time\n\ndef model(x, w, b):\n    %timeit x\n    return math.pi",
        "%%bash\ndef mse(a, b): no",
        "pip install torch\ndef mse(a, b): return math.e",
    )
    assert built.run()["model"](0, 0, 0) > 3
    assert built.run()["mse"](0, 0) > 2
    assert built.place("import math") == "cell 1, line 4"
    assert built.place("return math.pi") == "cell 2, line 5"
    assert built.place("def mse") == "cell 4, line 2"


def test_what_only_looks_like_a_magic_is_left_alone(build):
    text = dedent('''
        def model(x, w, b):
            """
            %d percent
            !important
            """
            return (x
        %w
        !=b)''')
    assert text in build(text).text()
    assert '%d percent\n    !important\n    """' in build("%matplotlib inline\n" + text.replace("%w", "% w")).text()


def test_a_cell_that_is_indented_as_a_whole_is_read_as_ipython_would(build):
    assert build("    import math\n    def model(x, w, b):\n        return math.pi").run()["model"](0, 0, 0) > 3


def test_a_definition_with_a_syntax_error_fails_alone_and_says_where(build):
    built = build("import math", MODEL, ("text", "hello"), "x = 1\n\ndef mse(a, b)\n    return a")
    names = built.run()
    assert names["model"](2, 3, 4) == 10
    with pytest.raises(SyntaxError, match=r"^cell 4, line 3: expected ':'$"):
        names["mse"](1, 2)
    assert built.place("def mse") == "cell 4, line 3"


def test_a_tagged_cell_that_is_no_python_is_the_exercise_that_fails(build):
    built = build(("mse", "retrun a - b"), "def mse(a, b): return a")
    assert "cell 1, line 1: invalid syntax" in built.text()
    assert "return a" not in built.text()


def test_a_definition_that_compiles_wins_over_one_that_does_not(build):
    assert build(MODEL, "def model(x, w, b:\n  return").run()["model"](2, 3, 4) == 10


def test_an_error_that_only_the_compiler_sees_costs_one_exercise(build):
    built = build(MODEL + "\ndef mse(a, a):\n    pass\ndef train(i, t, w, b, l, n):\n    break\nreturn 5")
    assert built.run()["model"](2, 3, 4) == 10
    assert "cell 1, line 3: duplicate argument 'a'" in built.text()
    assert "cell 1, line 6: 'break' outside loop" in built.text()


def test_a_helper_is_the_one_of_the_part_and_one_that_compiles(build):
    built = build(
        "def helper(): return 'early'",
        "def model(x, w, b): return helper()",
        "def helper(: nonsense",
        TORCH_PART,
        "def helper(): return 'late'",
        "def fit(n, model, f, o, d): return helper()",
    )
    assert built.run()["model"](0, 0, 0) == "early"
    assert built.run("with_torch")["fit"](0, 0, 0, 0, 0) == "late"


def test_a_helper_in_a_broken_cell_says_so_when_it_is_called(build):
    built = build("def helper(:\n  pass", "def model(x, w, b):\n    return helper()")
    assert "cell 1, line 1: " in built.text()


def test_statements_that_share_a_line_are_told_apart(build):
    built = build(
        "é = 'é'; a = '''x\n y'''; boom(); b = [1,\n 2]; explode()", "def model(x, w, b_):\n    return é, a, b"
    )
    assert built.run()["model"](0, 0, 0) == ("é", "x\n y", [1, 2])
    assert "boom" not in built.text()


def test_a_last_backslash_does_not_swallow_the_next_definition(build):
    names = build("def model(x, w, b):\n    return k \\\n\n", "k = 1 \\\n\n\ndef mse(a, b): return k").run()
    assert names["model"](0, 0, 0) == names["mse"](0, 0) == 1


def test_every_line_is_known_by_its_cell_and_line(build):
    built = build(
        ("text", "# Hello"),
        "import math\nimport unused",
        ("text", "more"),
        "\n\n@staticmethod\ndef model(x, w, b):\n    return math.pi",
    )
    assert built.place("import math") == "cell 2, line 1"
    assert built.place("    import unused") == "cell 2, line 2"
    assert built.place("@staticmethod") == "cell 4, line 3"
    assert built.place("return math.pi") == "cell 4, line 5"
    assert built.modules["from_scratch"].locate(10**6) == "cell 4, line 5"
    assert built.modules["from_scratch"].locate(0) == "cell 2, line 1"


def test_a_notebook_without_any_exercise_is_not_what_was_sought(noted, read):
    answer = read(noted("x = 1", ("text", "hello")))
    assert answer.status == "not_found"
    assert answer.note == (
        "ada.ipynb defines none of to_tensors, model, mse, gradient_step, train, make_loader, fit, predict. "
        "Hand in the notebook that does, or from_scratch.py and with_torch.py."
    )


DEFINED = "def mse(a, b):\n    return a - b"


def indented(code: str) -> str:
    return textwrap.indent(code, "    ")


@pytest.mark.parametrize(
    "block",
    [
        f"if True:\n{indented(DEFINED)}",
        f"if False:\n    pass\nelse:\n{indented(DEFINED)}",
        f"if 0:\n    pass\nelif 1:\n{indented(DEFINED)}",
        f"try:\n{indented(DEFINED)}\nexcept NameError:\n    pass",
        f"try:\n    import no_such\nexcept ImportError:\n{indented(DEFINED)}",
        f"try:\n    import math\nexcept ImportError:\n    pass\nelse:\n{indented(DEFINED)}",
        f"try:\n    pass\nfinally:\n{indented(DEFINED)}",
        f"import contextlib\nwith contextlib.nullcontext():\n{indented(DEFINED)}",
        f"for _ in [0]:\n{indented(DEFINED)}",
        f"if __name__ == '__main__':\n{indented(DEFINED)}",
        f"if True:\n    if True:\n{indented(indented(DEFINED))}",
        f"if True:\n{indented(DEFINED)}\n    print(mse(2, 1))\n    loss = mse(2, 1)\n    loss.backward()\n    later = loss.item()",
        f"try:\n    loss = mse(2, 1)\n    plt.plot(loss)\n{indented(DEFINED)}\nexcept NameError:\n    pass",
        f"with open('no such file') as file:\n    pass\nif True:\n{indented(DEFINED)}",
        "if True:\n    mse = lambda a, b: a - b",
        "try:\n    from no_such import sub as mse\nexcept ImportError:\n    from operator import sub as mse",
    ],
)
def test_a_definition_in_a_block_is_found(block):
    for cells in ([block], [block, MODEL], ["def mse(a, b): pass", block], [f"{MODEL}\n{block}"]):
        built = noted(*cells)
        assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2


@pytest.mark.parametrize(
    "magics",
    ["%%time", "%%capture\n%%time", "%%time\n%%capture out --no-stderr", "\n\n  %%timeit -n 1 -r 1", "%%time\n!pip install x",
     "%%time\n%matplotlib inline", "%%prun -q", "%%time\n\n%%memit", "%%capture\n\n# a comment", "#@title Loss { run: 'auto' }",
     "%load_ext autoreload\n%autoreload 2", "!pip -q install torch \\\n  numpy", "?print", "print?", "x = !ls", "a, b = %timeit -o 1",
     "%run helpers.py", "%cd ..", "pip install torch", "conda install torch", "%time x = 3", "  %matplotlib inline", "%pip install x"],
)  # fmt: skip
def test_magics_may_stand_above_a_definition(magics):
    built = noted(f"{magics}\n{DEFINED}", MODEL)
    assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2
    source = built.alone["mse"]["from_scratch"]
    line = next(i for i, each in enumerate(source.text.split("\n"), 1) if "return a - b" in each)
    assert source.locate(line) == f"cell 1, line {magics.count(chr(10)) + 3}"


@pytest.mark.parametrize(
    "magic", ["%%bash", "%%html", "%%javascript", "%%writefile other.py", "%%time\n%%bash", "%%script python"]
)
def test_a_cell_of_another_kind_is_no_python(magic):
    built = noted(DEFINED, f"{magic}\ndef mse(a, b):\n    return 7", MODEL)
    assert built.call("mse", 5, 3) == 2


@pytest.mark.parametrize(
    "magic",
    ["%%writefile from_scratch.py", "%%file from_scratch.py", "%%writefile ./hw/from_scratch.py", "%%writefile 'from_scratch.py'",
     '%%file "from_scratch.py"', "%%writefile hw\\from_scratch.py", "%%writefile -a from_scratch.py", "%%capture\n%%writefile from_scratch.py",
     "\n%%writefile  from_scratch.py  ", "%%writefile From_Scratch.py", "%%writefile --append from_scratch.py"],
)  # fmt: skip
def test_a_cell_that_writes_a_module_is_its_text(magic):
    file = f'{magic}\n"""My module."""\nimport math\nZERO = math.floor(0.5)\n\n{DEFINED} + ZERO\nif __name__ == "__main__":\n    mse(1, 2)\n'
    for cells in ([file], [file, "!pytest exercises", "from from_scratch import mse\nmse(1, 2)"], ["# nothing", file]):
        built = noted(*cells)
        assert built.call("mse", 5, 3) == built.call_whole("mse", 5, 3) == 2
        source = built.alone["mse"]["from_scratch"]
        line = next(i for i, each in enumerate(source.text.split("\n"), 1) if "return a - b" in each)
        assert source.locate(line).endswith(f", line {magic.count(chr(10)) + 7}")


def test_the_last_of_the_cells_that_write_a_module_wins_and_others_are_added():
    write = "%%writefile from_scratch.py\n"
    assert noted(f"{write}def mse(a, b): return 1", f"{write}def mse(a, b): return 2").call("mse", 0, 0) == 2
    gone = noted(f"{write}def model(x, w, b): return 1", f"{write}{DEFINED}")
    assert gone.text("model").strip() == ""
    added = noted(f"{write}{DEFINED}", f"%%writefile -a from_scratch.py\n{MODEL}")
    assert added.call("mse", 5, 3) == 2
    assert added.call("model", 2, 3, 4) == 10
    both = noted(
        f"{write}{DEFINED}",
        f"%%writefile with_torch.py\nfrom from_scratch import mse\n{LATE}\ndef fit(*_): return mse(5, 3)",
    )
    assert both.call("fit") == 2
    assert both.call("mse", 5, 3) == 2
    broken = noted(f"{write}{DEFINED}\ndef model(x, w, b)\n    return x\n")
    assert broken.call("mse", 5, 3) == 2
    with pytest.raises(SyntaxError, match="cell 1, line 4: expected ':'"):
        broken.call("model", 1, 2, 3)


def test_only_what_is_broken_in_a_cell_is_lost():
    built = noted(f"import math\n{DEFINED}\nretrun 3\n%matplotlib inline\nif x\n    y\n{MODEL}\ndef train(:\n  pass")
    assert built.call("mse", 5, 3) == 2
    assert built.call("model", 2, 3, 4) == 10
    with pytest.raises(SyntaxError, match="cell 1, line 10: "):
        built.call("train")
