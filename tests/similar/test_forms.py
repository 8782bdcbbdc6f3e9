"""What two texts share, however one of them was disguised; and what tells them apart."""

from __future__ import annotations

from grader.reading.forms import forms_of

PLAIN = """
import torch

def loss(a, b):
    d = a - b
    total = torch.sum(d * d) + 0.5
    return total / d.numel()
"""
# Every line is a disguise of the text above.
SAME = {
    "renamed": PLAIN.replace("d ", "delta ").replace("d)", "delta)").replace("d.", "delta.").replace("total", "t"),
    "comments": PLAIN.replace("    d =", "    # a difference\n    'text'\n    d ="),
    "layout": PLAIN.replace("d * d", "(\n        d\n        * d\n    )"),
    "annotations": PLAIN.replace("(a, b)", "(a: object, b) -> object").replace("d = a", "d: float = a"),
    "another name for torch": PLAIN.replace("import torch", "import torch as th").replace("torch.sum", "th.sum"),
    "imported by name": PLAIN.replace("import torch", "from torch import sum").replace("torch.sum", "sum"),
    "a method for a function": PLAIN.replace("torch.sum(d * d)", "(d * d).sum()"),
    "a function for an operator": PLAIN.replace("a - b", "torch.sub(a, b)"),
    "a method for an operator": PLAIN.replace("a - b", "a.subtract(b)"),
    "operands exchanged": PLAIN.replace("torch.sum(d * d) + 0.5", "1 / 2 + torch.sum(d * d)").replace("1 / 2", "0.5"),
    "a lambda": "f = lambda a: a.sum() * 3",
}
OTHER = {
    "another number": PLAIN.replace("0.5", "0.25"),
    "another operator": PLAIN.replace("a - b", "a + b"),
    "operands that can't be exchanged": PLAIN.replace("total / d.numel()", "d.numel() / total"),
    "another function": PLAIN.replace("numel", "size"),
}


def digests(text: str) -> set[str]:
    forms = forms_of(text)
    assert forms
    return {form.digest for form in forms}


def test_a_disguise_changes_no_form() -> None:
    as_function = {"a lambda": "def f(x):\n    return 3 * x.sum()\n"}
    differ = {name: digests(text) ^ digests(as_function.get(name, PLAIN)) for name, text in SAME.items()}
    assert {name for name, found in differ.items() if found} == {"a lambda"}  # an assignment is not a definition
    assert digests(as_function["a lambda"]) & digests(SAME["a lambda"])


def test_what_is_written_differently_shares_less() -> None:
    assert {name for name, text in OTHER.items() if digests(text) == digests(PLAIN)} == set()
    assert {name for name, text in OTHER.items() if not digests(text) & digests(PLAIN)} == set()


def test_a_loop_and_a_comprehension_share_what_they_make() -> None:
    loop = (
        "def f(rows):\n    found = []\n    for row in rows:\n        found.append(row.item() + 1)\n    return found\n"
    )
    short = "def f(data):\n    return [1 + x.item() for x in data]\n"
    other = "def f(data):\n    return [1 + x.item() for x in data[1:]]\n"
    assert len(digests(loop) & digests(short)) == 2  # what is made, and that it is made for each
    assert len(digests(loop) & digests(other)) == 1


def test_statements_in_another_order_are_the_same_statements() -> None:
    one = "def f(a, b):\n    c = a.exp() + 2\n    d = b.log() + 3\n    print(c, d, 7)\n"
    two = "def f(a, b):\n    d = b.log() + 3\n    c = a.exp() + 2\n    print(c, d, 7)\n"
    assert len(digests(one) & digests(two)) >= 5


def test_a_form_knows_its_lines_and_what_is_in_it() -> None:
    forms = {form.digest: form for form in forms_of(PLAIN) or ()}
    whole = max(forms.values(), key=lambda form: form.last - form.first)
    assert (whole.first, whole.last) == (4, 7)
    assert whole.parts
    assert all(whole.first <= forms[part].first <= forms[part].last <= whole.last for part in whole.parts)


def test_a_text_that_is_no_python_has_none_and_a_nested_one_takes_no_time() -> None:
    assert forms_of("def f(:\n") is None
    sums = " + ".join(f"n{number}" for number in range(500))
    assert len(forms_of(f"def f(a):\n    x = {sums}\n    return a.exp() * 3\n") or ()) > 100
    nested = "def f(n):\n    return " + "[" * 40 + "n" + " for _ in n]" * 40 + "\n"  # each level is in two forms
    assert len(forms_of(nested) or ()) < 200
