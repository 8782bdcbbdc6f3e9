"""Work on two lessons, handed in together or one for the other: what counts is the work on the assignment that is
graded, and a 0 is never given for work on another one."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, modules_of_others
from grader.core.records import SubmissionStatus
from grader.course.load import load_course
from grader.grading.submission import Entry, Submission, Unread
from tests.collect.conftest import COURSE
from tests.collect.layouts import MODULES, STUBS, WORK, Layout, layouts, notebook, zipped
from tests.collect.reading import read_entry

DIGITS = {f"{name}.py": (COURSE / "solutions" / "digits" / f"{name}.py").read_bytes() for name in MODULES}
DIGITS_NOTEBOOK = notebook(*(text.decode() for text in DIGITS.values()))
OURS = {f"{name}.py": text.encode() for name, text in MODULES.items()}
OF_DIGITS = '"Handwritten digits with PyTorch", not on "Linear regression with PyTorch". Hand in your work on that one.'

# How the work on digits lies beside the other.
BESIDE = {
    "in a folder": {f"zz/{name}": data for name, data in DIGITS.items()},
    "in a folder that comes first": {f"AA/{name}": data for name, data in DIGITS.items()},
    "in an archive": {"digits.zip": zipped(DIGITS)},
    "as a notebook": {"digits.ipynb": DIGITS_NOTEBOOK},
    "deep below": {f"Users/ada/course/exercises/digits/{name}": data for name, data in DIGITS.items()},
}
LAYOUTS = [each for each in layouts() if not each.archive]


def read(folder: Path, files: dict[str, bytes], assignment: Assignment, *, archive: bool) -> Submission | Unread:
    folder.mkdir(exist_ok=True)
    path = Layout("", files, archive).write(folder, "ada")
    return read_entry(Entry("ada", path), assignment)


@pytest.mark.slow
@pytest.mark.parametrize("archive", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize("beside", BESIDE)
def test_however_both_are_packed_the_work_on_this_one_counts(
    tmp_path: Path, assignment: Assignment, beside: str, archive: bool
) -> None:
    """Of five layouts one for each way, in turn: all of them in all."""
    turn = list(BESIDE).index(beside) + archive
    wrong = []
    for number, layout in list(enumerate(LAYOUTS))[turn % len(BESIDE) :: len(BESIDE)]:
        alone = read(tmp_path / f"{number}a", dict(layout.files), assignment, archive=archive)
        both = read(tmp_path / f"{number}b", {**layout.files, **BESIDE[beside]}, assignment, archive=archive)
        assert isinstance(alone, Submission), alone
        if not isinstance(both, Submission) or both.reading.modules != alone.reading.modules or both.reading.problems:
            wrong.append(f"{layout.name}: {both.note}")
    assert wrong == []


@pytest.mark.parametrize("beside", BESIDE)
def test_work_on_another_assignment_alone_is_not_found_and_it_is_said_what_it_is(
    tmp_path: Path, assignment: Assignment, beside: str
) -> None:
    answer = read(tmp_path, BESIDE[beside], assignment, archive=False)
    assert isinstance(answer, Unread), answer
    assert answer.status is SubmissionStatus.NOT_FOUND
    assert answer.note.endswith(OF_DIGITS), answer.note


def test_untouched_stubs_of_this_one_beside_work_on_another_are_still_to_do(
    tmp_path: Path, assignment: Assignment
) -> None:
    answer = read(tmp_path, {**STUBS, **BESIDE["in a folder"]}, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert {name: source.text.encode() for name, source in answer.reading.modules.items()} == {
        name.removesuffix(".py"): text for name, text in STUBS.items()
    }


def test_one_module_of_each_is_one_that_is_found_and_one_that_is_not(tmp_path: Path, assignment: Assignment) -> None:
    files = {"from_scratch.py": OURS["from_scratch.py"], "with_torch.py": DIGITS["with_torch.py"]}
    answer = read(tmp_path, files, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.reading.problems == {
        "with_torch": f"with_torch.py was not found in the submission. with_torch.py is work on {OF_DIGITS}"
    }


def test_a_helper_of_the_other_one_s_name_is_no_work_on_it(tmp_path: Path, assignment: Assignment) -> None:
    more = b"\n\ndef accuracy(scores, y):\n    return 1.0\n\n\ndef softmax(x):\n    return x\n"
    answer = read(tmp_path, {name: data + more for name, data in OURS.items()}, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert set(answer.reading.modules) == set(MODULES)


def test_a_file_with_nothing_but_what_both_have_and_one_helper_of_the_other_one_s_name_is_read(
    tmp_path: Path, assignment: Assignment
) -> None:
    train = b"def train(inputs, targets, w, b, lr, num_epochs):\n    return []\n"
    files = {"from_scratch.py": train + b"\n\ndef accuracy(s, y):\n    return 1.0\n"}
    answer = read(tmp_path, files, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert list(answer.reading.modules) == ["from_scratch"]


# What the work on digits may have besides, of which names are ours as well: variables, methods, helpers.
NAMED_LIKE_OURS = [
    *(f"{name} = SoftmaxRegression(64, 10)" for name in ("model", "predict")),
    *(f"{name}: object = make({name!r})" for name in ("mse", "make_loader")),
    *(f"class Net:\n    def {name}(self):\n        return 1" for name in ("model", "predict", "mse")),
    *(f"def {name}(*given):\n    return given" for name in ("model", "predict", "mse", "make_loader")),
    "predict = lambda x: x",
    'TEXT = """\ndef model(x, w, b):\n"""',
]
EXPORTED = "\n\n".join(text.decode() for text in DIGITS.values())


def with_more(more: str, kind: str) -> dict[str, bytes]:
    """The work on digits with more code, in both modules, in one of them, in a notebook, or as a notebook exported."""
    if kind == "notebook":
        return {"work.ipynb": notebook(*(text.decode() for text in DIGITS.values()), "%matplotlib inline", more)}
    if kind == "export":
        return {"work.py": f"{EXPORTED}\n\n{more}\n".encode()}
    changed = ["with_torch.py"] if kind == "second module" else list(DIGITS)
    return {name: data + f"\n\n{more}\n".encode() * (name in changed) for name, data in DIGITS.items()}


@pytest.mark.parametrize("kind", ["modules", "second module", "notebook", "export"])
def test_a_name_like_ours_in_work_on_another_assignment_makes_no_work_on_ours_of_it(
    tmp_path: Path, assignment: Assignment, kind: str
) -> None:
    wrong = []
    for number, more in enumerate(NAMED_LIKE_OURS):
        files = with_more(more, kind)
        answer = read(tmp_path / f"{number}a", files, assignment, archive=False)
        if not isinstance(answer, Unread) or "Hand in your work on that one." not in answer.note:
            wrong.append(f"{more}: alone: {answer}")
        beside = {f"lr/{name}": data for name, data in OURS.items()} | {f"d/{name}": d for name, d in files.items()}
        both = read(tmp_path / f"{number}b", beside, assignment, archive=False)
        if (
            not isinstance(both, Submission)
            or {f"{m}.py": s.text.encode() for m, s in both.reading.modules.items()} != OURS
        ):
            wrong.append(f"{more}: beside ours: {both.note}")
    assert wrong == []


def test_two_helpers_named_like_ours_in_one_module_are_no_work_on_ours_where_the_rest_is_of_another(
    tmp_path: Path, assignment: Assignment
) -> None:
    more = b"\n\ndef make_loader(x, y):\n    return x\n\n\ndef predict(m, x):\n    return x\n"
    answer = read(tmp_path, {**DIGITS, "with_torch.py": DIGITS["with_torch.py"] + more}, assignment, archive=False)
    assert isinstance(answer, Unread), answer
    assert "though make_loader and predict are defined there" in answer.note


BEGUN = [
    *(("from_scratch", names) for names in (["to_rows"], ["split", "scores"], ["to_rows", "split", "train"])),
    *(("with_torch", names) for names in (["Digits"], ["Digits", "evaluate", "fit"])),
]


@pytest.mark.parametrize(("module", "names"), BEGUN)
def test_work_on_another_assignment_that_is_only_begun_is_told_as_well(
    tmp_path: Path, assignment: Assignment, module: str, names: list[str]
) -> None:
    text = DIGITS[f"{module}.py"].decode()
    tree = ast.parse(text)
    kept = [n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.ClassDef) or n.name in names]
    begun = ast.unparse(ast.Module(kept, [])).encode()
    answer = read(tmp_path, {f"{module}.py": begun}, assignment, archive=False)
    assert isinstance(answer, Unread), answer
    assert answer.note.endswith(OF_DIGITS)


@pytest.mark.parametrize("ours_first", [True, False])
def test_files_that_hold_both_are_read_and_it_is_said_that_they_do(
    tmp_path: Path, assignment: Assignment, *, ours_first: bool
) -> None:
    pairs = {name: (OURS[name], DIGITS[name]) if ours_first else (DIGITS[name], OURS[name]) for name in OURS}
    files = {name: b"\n\n".join(pair) for name, pair in pairs.items()}
    answer = read(tmp_path / "a", files, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert set(answer.reading.modules) == set(MODULES)
    assert (
        'from_scratch.py and with_torch.py hold work on "Handwritten digits with PyTorch" as well. Of train and fit, '
        "which both have, the last definition counts. Hand in each in files of its own." in answer.note
    )
    beside = read(tmp_path / "b", {**{f"mixed/{n}": d for n, d in files.items()}, **OURS}, assignment, archive=False)
    assert isinstance(beside, Submission), beside
    assert "as well" not in beside.note
    assert {f"{name}.py": source.text.encode() for name, source in beside.reading.modules.items()} == OURS


def test_both_in_one_notebook_are_read_as_work_on_this_one(tmp_path: Path, assignment: Assignment) -> None:
    alone = read(tmp_path / "a", {"work.ipynb": WORK}, assignment, archive=False)
    both = read(tmp_path / "b", {"work.ipynb": WORK, "other.ipynb": DIGITS_NOTEBOOK}, assignment, archive=False)
    assert isinstance(alone, Submission)
    assert isinstance(both, Submission), both
    assert both.reading.modules == alone.reading.modules


def test_lessons_whose_functions_have_the_same_names_are_told_apart_by_their_folders(
    tmp_path: Path, assignment: Assignment
) -> None:
    twins = {"linear_regression": assignment, "again": replace(assignment, id="again", title="Again")}
    sought = {name: replace(each, others=modules_of_others(twins, name)) for name, each in twins.items()}
    other = {name: data.replace(b"mean()", b"sum()") for name, data in OURS.items()}
    files = {f"work/linear_regression/{name}": data for name, data in OURS.items()}
    files |= {f"work/again/{name}": data + b"\n" + b"x = 1\n" for name, data in other.items()}
    for name, wanted in (("linear_regression", "mean()"), ("again", "sum()")):
        answer = read(tmp_path / name, files, sought[name], archive=False)
        assert isinstance(answer, Submission), answer
        assert wanted in answer.reading.modules["from_scratch"].text
    untold = {key.replace("again", "v2").replace("linear_regression", "v1"): data for key, data in files.items()}
    assert isinstance(read(tmp_path / "untold", untold, sought["again"], archive=False), Unread)


def test_the_lesson_that_is_graded_is_the_digits_one_just_as_well(tmp_path: Path) -> None:
    digits = replace(load_course(COURSE).assignments["digits"], due=None)
    files = {**{f"b/{name}": data for name, data in DIGITS.items()}, **{f"a/{name}": d for name, d in OURS.items()}}
    answer = read(tmp_path / "both", files, digits, archive=False)
    assert isinstance(answer, Submission), answer
    assert {f"{name}.py": source.text.encode() for name, source in answer.reading.modules.items()} == DIGITS
    assert isinstance(read(tmp_path / "alone", OURS, digits, archive=False), Unread)
