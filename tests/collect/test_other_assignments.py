"""Work on two lessons, handed in together or one for the other: what counts is the work on the assignment that is
graded, and a 0 is never given for work on another one."""

from __future__ import annotations

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
        if not isinstance(both, Submission) or both.modules != alone.modules or both.problems:
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
    assert {name: source.text.encode() for name, source in answer.modules.items()} == {
        name.removesuffix(".py"): text for name, text in STUBS.items()
    }


def test_one_module_of_each_is_one_that_is_found_and_one_that_is_not(tmp_path: Path, assignment: Assignment) -> None:
    files = {"from_scratch.py": OURS["from_scratch.py"], "with_torch.py": DIGITS["with_torch.py"]}
    answer = read(tmp_path, files, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert list(answer.modules) == ["from_scratch"]
    assert answer.problems == {
        "with_torch": f"with_torch.py was not found in the submission. with_torch.py is work on {OF_DIGITS}"
    }


def test_a_helper_of_the_other_one_s_name_is_no_work_on_it(tmp_path: Path, assignment: Assignment) -> None:
    more = b"\n\ndef accuracy(scores, y):\n    return 1.0\n\n\ndef softmax(x):\n    return x\n"
    answer = read(tmp_path, {name: data + more for name, data in OURS.items()}, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert set(answer.modules) == set(MODULES)


def test_a_file_with_nothing_but_what_both_have_and_one_helper_of_the_other_one_s_name_is_read(
    tmp_path: Path, assignment: Assignment
) -> None:
    train = b"def train(inputs, targets, w, b, lr, num_epochs):\n    return []\n"
    files = {"from_scratch.py": train + b"\n\ndef accuracy(s, y):\n    return 1.0\n"}
    answer = read(tmp_path, files, assignment, archive=False)
    assert isinstance(answer, Submission), answer
    assert list(answer.modules) == ["from_scratch"]


def test_both_in_one_notebook_are_read_as_work_on_this_one(tmp_path: Path, assignment: Assignment) -> None:
    alone = read(tmp_path / "a", {"work.ipynb": WORK}, assignment, archive=False)
    both = read(tmp_path / "b", {"work.ipynb": WORK, "other.ipynb": DIGITS_NOTEBOOK}, assignment, archive=False)
    assert isinstance(alone, Submission)
    assert isinstance(both, Submission), both
    assert both.modules == alone.modules


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
        assert wanted in answer.modules["from_scratch"].text
    untold = {key.replace("again", "v2").replace("linear_regression", "v1"): data for key, data in files.items()}
    assert isinstance(read(tmp_path / "untold", untold, sought["again"], archive=False), Unread)


def test_the_lesson_that_is_graded_is_the_digits_one_just_as_well(tmp_path: Path) -> None:
    digits = replace(load_course(COURSE).assignments["digits"], due=None)
    files = {**{f"b/{name}": data for name, data in DIGITS.items()}, **{f"a/{name}": d for name, d in OURS.items()}}
    answer = read(tmp_path / "both", files, digits, archive=False)
    assert isinstance(answer, Submission), answer
    assert {f"{name}.py": source.text.encode() for name, source in answer.modules.items()} == DIGITS
    assert isinstance(read(tmp_path / "alone", OURS, digits, archive=False), Unread)
