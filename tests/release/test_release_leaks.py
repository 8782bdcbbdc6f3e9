"""No solution, hidden check or marker reaches a learner's files; and what merely resembles one raises no alarm."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment, find_assignment
from grader.course.load import load_course
from grader.derived.derived_files import write_stubs
from grader.derived.leaks import check_stubs, find_leaks
from grader.derived.passages import Passage, phrase
from grader.derived.secret_phrases import Secret, secrets_of
from tests.one_lesson import one_lesson

ROOT = Path(__file__).parents[2]

HIDDEN = '''\
"""A hidden check."""

import torch

ROWS = torch.tensor([[73.0, 67.0, 43.0]])
TARGETS = torch.tensor([[56.0, 70.0]])
WEIGHTS = torch.tensor([[0.2493, 0.5977, 1.0519]])


def test_model_broadcasts(call, draw):
    """One row is a batch, too."""
    rows = draw.floats(1, 3)  # fresh
    weights, biases = draw.floats(2, 3), draw.floats(2)
    expected = reference.model(rows, weights, biases)
    assert torch.allclose(call("model", rows, weights, biases), expected)


def test_whole(call, draw):
    shapes = [(1, 2)]
    rows = draw
    assert call("mse", rows, shapes[0]).shape == (1, 2)


def test_single(call, draw):
    assert call("mse", draw.floats(1, 3), draw.floats(1, 3)).shape == (1, 2)


def test_short(call):
    rows = 3
    assert call(rows) == 3
'''


@pytest.fixture
def lesson_root(tmp_path: Path) -> Path:
    """The real lesson's solutions and stubs, with a hidden check of our own and nothing else."""
    (tmp_path / "course.toml").write_text(one_lesson())
    hidden = tmp_path / "solutions" / "linear_regression" / "hidden"
    hidden.mkdir(parents=True)
    for solution in (ROOT / "solutions" / "linear_regression").glob("*.py"):
        shutil.copy(solution, hidden.parent)
    (hidden / "test_model.py").write_text(HIDDEN)
    write_stubs(tmp_path, lesson(tmp_path))
    return tmp_path


def lesson(root: Path) -> Assignment:
    return find_assignment(load_course(root), None)


# What a solution says that anybody would say: it gives nothing away, and a lesson may say it too.
PLAIN = [
    "with torch.no_grad():",
    "w.grad.zero_()",
    "b.grad.zero_()",
    "losses = []",
    "for _ in range(num_epochs):",
    "loss.backward()",
    "gradient_step(w, b, lr)",
    "return losses",
    "for x, y in train_dl:",
    "opt.step()",
    "opt.zero_grad()",
]

HARMLESS = [
    *PLAIN,
    "import torch\nfrom torch.utils.data import DataLoader, TensorDataset",
    "After the call, `w.grad` is zero or None; `w.grad.zero_()` does that.",
    "Call loss.backward(), then gradient_step(w, b, lr).",
    "losses = train(inputs, targets, w, b, 1e-5, 100)",
    "loader = DataLoader(TensorDataset(inputs, targets), batch_size=5)",
    "assert mse(model(inputs, w, b), targets).ndim == 0",
]


def lines_of_the_solutions() -> list[str]:
    """The lines in the marked regions of the real solutions; none is quoted here, where a learner might read it."""
    sources = sorted((ROOT / "solutions" / "linear_regression").glob("*.py"))
    regions = [
        region.split("### END SOLUTION")[0]
        for source in sources
        for region in source.read_text().split("### BEGIN SOLUTION\n")[1:]
    ]
    return [line.strip() for region in regions for line in region.splitlines() if line.strip()]


TELLING = sorted(set(lines_of_the_solutions()) - set(PLAIN))


def the(start: str) -> str:
    """The line of the solutions that begins so."""
    (line,) = (line for line in lines_of_the_solutions() if line.startswith(start))
    return line


def leaks_with(root: Path, text: str, name: str = "README.md") -> list[str]:
    file = root / "exercises" / "linear_regression" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return find_leaks(root, lesson(root))


def test_the_real_course_has_no_drift_and_no_leak():
    assert check_stubs(ROOT, lesson(ROOT)) == []


def test_fresh_stubs_and_hints_leak_nothing(lesson_root):
    assert check_stubs(lesson_root, lesson(lesson_root)) == []


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}",
        "Just write `{}`, and you are done.",
        "    ...\n    # {}  # that is it",
        ">>> {}",
        "> quoted: {}",
        "| a table | {} |",
    ],
)
def test_every_telling_line_of_the_solutions_is_found_in_code_prose_and_comments(lesson_root, wrapped):
    leaks = leaks_with(lesson_root, "".join(f"The lesson.\n\n{wrapped.format(line)}\n\n" for line in TELLING))
    assert len(leaks) == len(TELLING) > 10
    for leak in leaks:
        assert leak.startswith("exercises/linear_regression/README.md, line ")
        assert "repeats the solution in solutions/linear_regression/" in leak
        assert not any(line in leak for line in TELLING), "the sentence itself gives nothing away"


@pytest.mark.parametrize("harmless", HARMLESS)
def test_what_the_lesson_may_say_raises_no_alarm(lesson_root, harmless):
    assert leaks_with(lesson_root, harmless, "checks/test_it.py") == []


def test_spacing_quotes_line_breaks_and_comments_do_not_hide_a_solution(lesson_root):
    spread = the("return torch.sum").removeprefix("return ").replace("(", " (\n", 1).replace("*", "*  # squared\n")
    (leak,) = leaks_with(lesson_root, f"f(\n  {spread})\n", "checks/deep/helper.py")
    assert leak.startswith("exercises/linear_regression/checks/deep/helper.py, line 2: repeats the solution")
    assert '"' in the("print")
    assert len(leaks_with(lesson_root, the("print").replace('"', "'"), "checks/deep/helper.py")) == 1


def test_a_solution_in_a_notebook_is_found_with_its_cell(lesson_root):
    def notebook(*cells: object) -> str:
        return json.dumps({"cells": cells, "metadata": {"note": "nothing"}, "nbformat": 4, "nbformat_minor": 5})

    fine = {"cell_type": "markdown", "source": ["# One\n", "text"], "metadata": {}}
    code = {"cell_type": "code", "source": ["def model(x, w, b):\n", f"    {the('return x')}"], "outputs": []}
    shown = {
        "cell_type": "code",
        "source": "1",
        "outputs": [{"data": {"text/plain": [the("w -=")[:6], the("w -=")[6:]]}}],
    }
    assert leaks_with(lesson_root, notebook(fine), "lesson.ipynb") == []
    assert leaks_with(lesson_root, notebook(fine, code), "lesson.ipynb")[0].startswith(
        "exercises/linear_regression/lesson.ipynb, cell 2: repeats the solution"
    )
    assert len(leaks_with(lesson_root, notebook(fine, fine, shown), "lesson.ipynb")) == 1
    assert len(leaks_with(lesson_root, f'not json, but "{the("w -=")}"', "lesson.ipynb")) == 1


def test_a_solution_in_a_hint_is_found(lesson_root):
    course = lesson_root / "course.toml"
    text = course.read_text().replace("Multiply x by the transpose", f"{the('w -=')}: multiply x by")
    course.write_text(text)
    (leak,) = find_leaks(lesson_root, lesson(lesson_root))
    line = 1 + text.partition(the("w -="))[0].count("\n")
    assert leak.startswith(f"course.toml, line {line}: repeats the solution")


def test_a_solution_in_its_own_docstring_is_found_once_it_is_released(lesson_root):
    solution = lesson_root / "solutions" / "linear_regression" / "from_scratch.py"
    solution.write_text(solution.read_text().replace("tensor(2.)\n", f"tensor(2.)\n    >>> {the('difference')}\n", 1))
    write_stubs(lesson_root, lesson(lesson_root))
    (leak,) = check_stubs(lesson_root, lesson(lesson_root))
    assert "from_scratch.py, line" in leak
    assert "repeats the solution" in leak


def test_a_solution_beside_the_lessons_is_found_and_another_lesson_is_left_alone(lesson_root):
    (lesson_root / "exercises" / "conftest.py").write_text(f"def model(x, w, b):\n    {the('return x')}\n")
    other = lesson_root / "exercises" / "another_lesson"
    other.mkdir()
    (other / "given.py").write_text(f"def model(x, w, b):\n    {the('return x')}\n")
    (leak,) = find_leaks(lesson_root, lesson(lesson_root))
    assert leak.startswith("exercises/conftest.py, line 2")


def test_a_backup_of_a_solved_stub_is_found(lesson_root):
    assert len(leaks_with(lesson_root, the("w -="), "from_scratch.py.bak")) == 1


def body_of(source: str, name: str) -> str:
    body = source.split(f"def {name}", 1)[1].split("\n", 1)[1].split("\n\n\n")[0]
    return textwrap.dedent(body)


def test_a_copied_hidden_check_is_found_though_it_was_renamed_and_its_comments_changed(lesson_root):
    copied = "def test_of_mine(call, draw):\n" + textwrap.indent(body_of(HIDDEN, "test_model_broadcasts"), "    ")
    copied = copied.replace("# fresh", "# my own words").replace('    """One row is a batch, too."""\n', "")
    (leak,) = leaks_with(lesson_root, copied, "checks/test_mine.py")
    assert leak.startswith("exercises/linear_regression/checks/test_mine.py, line 2: repeats hidden code in")
    assert leak.endswith("solutions/linear_regression/hidden/test_model.py, line 10, which learners must not see.")


def test_three_lines_of_a_hidden_check_are_found_and_two_are_not(lesson_root):
    lines = body_of(HIDDEN, "test_model_broadcasts").split("\n")[1:]
    assert leaks_with(lesson_root, "\n".join(lines[:2]), "checks/test_mine.py") == []
    assert len(leaks_with(lesson_root, "\n".join(lines[:3]), "checks/test_mine.py")) == 1
    assert len(leaks_with(lesson_root, "\n".join(lines[1:]), "checks/test_mine.py")) == 1


def test_a_whole_hidden_check_is_found_though_it_has_no_three_telling_lines(lesson_root):
    (leak,) = leaks_with(lesson_root, body_of(HIDDEN, "test_whole"), "checks/test_mine.py")
    assert "repeats hidden code in solutions/linear_regression/hidden/test_model.py, line 18" in leak


def test_imports_data_and_short_checks_may_be_the_same_in_visible_checks(lesson_root):
    visible = HIDDEN.split("def test_model_broadcasts")[0] + "def test_single" + HIDDEN.split("def test_single")[1]
    assert leaks_with(lesson_root, visible, "checks/test_mine.py") == []


@pytest.mark.parametrize("marker", ["### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS"])
def test_a_marker_in_a_learners_file_is_found(lesson_root, marker):
    (leak,) = leaks_with(lesson_root, f"x = 1\n{marker}\n", "helper.py")
    assert leak.startswith(f'exercises/linear_regression/helper.py, line 2: holds the marker "{marker[4:]}"')


@pytest.mark.parametrize(
    "line",
    [
        "import solutions",
        "import os, solutions.linear_regression as s",
        "from solutions.linear_regression import from_scratch",
        "def f():\n    from solutions import linear_regression",
        "import importlib; importlib.import_module('solutions.linear_regression')",
        "__import__('solutions')",
    ],
)
def test_an_import_of_the_solutions_is_found(lesson_root, line):
    (leak,) = leaks_with(lesson_root, line, "checks/test_it.py")
    assert 'imports "solutions"' in leak


def test_other_imports_and_prose_about_solutions_are_fine(lesson_root):
    text = '"""\nfrom solutions come stubs\n"""\nimport torch\nfrom . import solutions_of_mine\nimport mysolutions\n'
    assert leaks_with(lesson_root, text, "checks/test_it.py") == []


def test_a_link_into_the_solutions_is_found(lesson_root):
    (lesson_root / "exercises" / "linear_regression" / "more").symlink_to(
        lesson_root / "solutions" / "linear_regression"
    )
    leaks = find_leaks(lesson_root, lesson(lesson_root))
    assert "exercises/linear_regression/more is a link into solutions, which learners must not see." in leaks


def test_files_that_are_not_text_or_not_python_are_no_error(lesson_root):
    folder = lesson_root / "exercises" / "linear_regression"
    (folder / "picture.png").write_bytes(b"\x89PNG\0\0\xff\xfe")
    (folder / "latin.txt").write_bytes(b"\xe4\xf6")
    (folder / "broken.py").write_text("def half(:\n    'unclosed")
    assert find_leaks(lesson_root, lesson(lesson_root)) == []
    assert len(leaks_with(lesson_root, f"def half(:\n    {the('w -=')}", "broken.py")) == 1
    (folder / "picture.png").write_bytes(b"\x89PNG\0\0" + the("w -=").encode() + b"\0\xff")
    assert len(find_leaks(lesson_root, lesson(lesson_root))) == 2


def test_a_broken_hidden_check_is_a_sentence_of_the_check(lesson_root):
    (lesson_root / "solutions" / "linear_regression" / "hidden" / "test_model.py").write_text("def test(:\n")
    (sentence,) = check_stubs(lesson_root, lesson(lesson_root))
    assert sentence.startswith("solutions/linear_regression/hidden/test_model.py, line 1: not valid Python")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(secret=Secret(phrase("rise > np.abs(way) | way"), "hidden code", "x.py"), before="", spaces=["\n"])
@given(
    secret=st.deferred(lambda: st.sampled_from(secrets_of(ROOT, lesson(ROOT)))),
    before=st.text(alphabet="ab \n#>.", max_size=30),
    spaces=st.lists(st.sampled_from([" ", "  ", "\n", "\n    ", "\t", " \\\n"]), min_size=1, max_size=5),
)
def test_a_secret_is_found_whatever_blanks_are_between_its_words(secret, before, spaces):
    words = secret.phrase.split()
    text = before + " " + "".join(word + spaces[i % len(spaces)] for i, word in enumerate(words))
    assert secret.found_in(Passage("x", text))


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_any_text_is_read_and_its_last_word_has_its_own_line(text):
    marked = text + "\nfinally_here"
    place = Passage("x", marked).where(phrase("finally_here"))
    assert place == f"x, line {marked.count(chr(10)) + 1}"
