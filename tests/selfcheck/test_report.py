"""What a beginner sees, and what pytest's exit code and JUnit file say."""

import re

from grader.selfcheck import line_search
from tests.lesson_points import EXERCISES, TOTAL


def loaded_by(ran) -> set[str]:
    """The modules that a run with `-X importtime` has imported."""
    found = set(re.findall(r"\|\s+([\w.]+)$", ran.err, re.MULTILINE))
    assert "grader.selfcheck.report" in found
    return found


def test_with_nothing_written_everything_is_to_do_and_nothing_has_failed(course):
    ran = course.run("exercises", "-s", python=("-X", "importtime"), search_seconds=None)
    assert ran.code == 0
    assert line_search.__name__ not in loaded_by(ran)
    assert f"0 of {TOTAL} points" in ran.out.splitlines()[0]
    assert all("to do" in ran.row(name) for name in EXERCISES)
    assert ran.next.startswith("Next: to_tensors, in exercises/linear_regression/from_scratch.py\n")
    assert "Hint: The lesson's arrays hold 64-bit" in ran.next
    assert re.search(r"where  from_scratch.py, line \d+:  def to_tensors\(inputs, targets\):", ran.next)
    for name, outcomes in ran.outcomes().items():
        assert {tag for tag, _ in outcomes} == {"skipped"}
        assert {message for _, message in outcomes} == {f"{name} is still to do"}
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "\x1b" not in ran.out
    assert "test session starts" not in ran.out


def test_with_everything_right_all_points_are_there_and_slow_parts_of_torch_are_not_loaded(course):
    ran = course.solve().run("exercises", "-s", python=("-X", "importtime"), search_seconds=None)
    assert ran.code == 0
    assert f"{TOTAL} of {TOTAL} points" in ran.out
    assert "█" * 16 in ran.out
    assert "Next:" not in ran.out
    assert "All visible checks pass." in ran.out
    assert set(ran.outcomes()) == set(EXERCISES)
    assert {tag for outcomes in ran.outcomes().values() for tag, _ in outcomes} == {"passed"}
    loaded = loaded_by(ran)
    assert line_search.__name__ not in loaded
    slow = {"torch._dynamo", "sympy", "hypothesis", "pydantic", "rich", "click", "jinja2"}
    assert not slow & loaded
    assert not [
        name for name in loaded if name.startswith(("grader.sandbox.inside.zygote", "grader.grading", "grader.course"))
    ]


def test_each_state_is_said_and_one_next_thing_is_explained(course):
    course.solve().change(
        model="""
            def model(x, w, b):
                print("shapes", x.shape, chr(27) + "[31mred")
                open(__file__).close()  # what opens files is not edited: the line is not searched for
                return x @ w[: x.shape[1]] + b if w.shape[0] == w.shape[1] else x @ w.t() + b
        """,
        mse='def mse(t1, t2):\n    raise NotImplementedError("mse is still to do")',
    )
    course.write("with_torch", (course.lesson / "with_torch.py").read_text().replace("def fit(", "def fit(:"))
    ran = course.run()
    assert ran.code == 1
    assert "done" not in ran.out
    assert ran.row("to_tensors").split()[-1] == "2/2"
    assert ran.row("model").endswith("3/4   partly")
    assert ran.row("mse").endswith("0/4   to do")
    assert ran.row("gradient_step").split()[-1] == "5/5"
    assert ran.row("train").endswith("0/5   blocked by model")
    # A syntax error in one module says so, and hides nothing of the other.
    assert "can't be used: SyntaxError: invalid syntax (with_torch.py, line 21)" in ran.out
    for name in ("make_loader", "fit", "predict"):
        assert re.search(r" \?/\d   can't be checked$", ran.row(name))
    assert ran.next.count("Next:") == 1
    for part in (
        "Next: model, in exercises/linear_regression/from_scratch.py",
        "Failed check: model works for any number of rows, features and targets.",
        "called        model(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [1, 1]]),",
        "returned      tensor([[13, 22], [17, 24]])",
        "expected      tensor([[11, 23], [13, 27]])",
        "furthest off  at [1, 0]: 17 instead of 13",
        "where         from_scratch.py, line 21:  return x @ w",
        "printed       shapes torch.Size([2, 2]) \\x1b[31mred",
        "Hint: Write down the shapes",
        "More hints:     pytest exercises --hint model",
        "Try again with: pytest exercises -k model\n",
    ):
        assert part in ran.next
    tags = {name: {tag for tag, _ in outcomes} for name, outcomes in ran.outcomes().items()}
    assert tags["model"] == {"passed", "failure"}
    assert tags["mse"] == {"skipped"}
    assert tags["make_loader"] == tags["fit"] == tags["predict"] == {"failure"}


def test_only_what_was_selected_is_judged(course):
    course.solve().change(mse="def mse(a, b):\n    return ((a - b) ** 2).sum()", fit="def fit(*args):\n    pass")
    ran = course.run("-k", "mse", cwd="exercises")
    assert ran.code == 1
    assert "0 of 4 points" in ran.out
    assert f"Checked 1 of {len(EXERCISES)} exercises." in ran.out
    assert not [name for name in EXERCISES if name != "mse" and f" {name} " in ran.out]
    assert ran.next.startswith("Next: mse, in linear_regression/from_scratch.py")
    assert "sum" in ran.next
    assert ran.next.count("Hint: ") == 0
    assert "Try again with: pytest -k mse\n" in ran.next
    assert set(ran.outcomes()) == {"mse"}


def test_a_single_check_has_no_points_and_no_match_is_a_sentence(course):
    ran = course.solve().run("exercises/linear_regression/checks/test_mse.py::test_other_shapes")
    assert ran.code == 0
    assert "1 of 1 check" in ran.row("mse")
    assert "These checks pass.\nGo on with: pytest exercises\n" in ran.out
    assert "points" not in ran.out
    ran = course.run("exercises", "-k", "msee")
    assert ran.code == 5
    assert ran.out == 'No check matches -k msee. Did you mean "mse"?\n'
    ran = course.run("exercises", "-k", "nothing_of_this")
    assert ran.code == 5
    assert ran.out.startswith("No check matches -k nothing_of_this. The exercises are: to_tensors, model, mse,\n")
    assert max(map(len, ran.out.splitlines())) <= 80


def test_forbidden_functions_earn_nothing_and_fail(course):
    course.solve().change(
        mse="def mse(a, b):\n    return torch.nn.functional.mse_loss(a, b)",
        model="def model(x, w, b):\n    return getattr(torch.nn.functional, 'lin' + 'ear')(x, w, b)",
        predict="def predict(model, region):\n    return model(torch.tensor([list(region)]).float()).detach()[0]",
    )
    ran = course.run()
    assert ran.code == 1
    assert ran.row("mse").endswith("0/4   not allowed")
    assert ran.row("model").endswith("0/4   not allowed")
    assert ran.row("predict").split()[-1] == "2/2"  # what one exercise must not use, another may
    assert "yourself, so using torch.nn.functional.linear" in " ".join(ran.next.split())
    assert {tag for tag, _ in ran.outcomes()["mse"]} == {"failure"}


def test_what_needs_an_exercise_that_is_right_but_not_allowed_is_told_what_is_wrong_with_itself(course):
    """As in the grading: the answer that it needs is there."""
    course.solve().change(
        mse="def mse(a, b):\n    return torch.nn.functional.mse_loss(a, b)",
        train="def train(inputs, targets, w, b, lr, num_epochs):\n    return []",
    )
    ran = course.run()
    assert ran.row("mse").endswith("0/4   not allowed")
    assert "blocked" not in ran.row("train")


def test_verbose_and_tb_give_pytests_own_report_with_the_learners_own_lines(course):
    course.solve().change(
        mse="def mse(a, b):\n    return a.nothing",
        predict='def predict(model, region):\n    raise NotImplementedError("predict is still to do")',
    )
    ran = course.run("exercises", "-v", "--tb=short", "-rs", "-k", "mse or predict")
    assert ran.code == 1
    assert "test session starts" in ran.out
    assert "Next:" not in ran.out
    assert "checks/test_mse.py::test_the_lessons_numbers FAILED" in ran.out
    assert re.search(r"linear_regression/from_scratch.py:\d+: in mse\n +return a.nothing", ran.out)
    assert "AttributeError: 'Tensor' object has no attribute 'nothing'" in ran.out
    assert "grader/checks" not in ran.out.replace("grader.checks.marks.CheckFailed", "")
    assert re.search(r"SKIPPED \[3\] \S*linear_regression/with_torch.py:\d+: predict is still to do", ran.out)
    assert "4 failed, 3 skipped" in ran.out
