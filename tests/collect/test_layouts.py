"""Right work is found wherever it lies and whatever it is called, or it is said what lies where."""

from __future__ import annotations

import pytest

from grader.core.records import SubmissionStatus
from grader.grading.submission import Submission, Unread
from tests.collect.layouts import FROM_SCRATCH, MODULES, STUBS, WORK, Layout, files, layouts, notebook, several, zipped

LAYOUTS = {each.name: each for each in layouts()}
SEVERAL = {each.name: each for each in several()}


def functions(text: str) -> set[str]:
    return {line for line in text.split("\n") if line.startswith("def ")}


@pytest.mark.parametrize("name", LAYOUTS)
def test_right_work_is_found(tmp_path, read, name):
    answer = read(LAYOUTS[name].write(tmp_path, "ada"))
    assert isinstance(answer, Submission), answer
    assert answer.reading.problems == {}
    for module, text in MODULES.items():
        found = answer.reading.modules[module].text
        assert functions(text) <= functions(found)
        assert "raise NotImplementedError" not in found


def test_there_are_many_layouts():
    assert len(LAYOUTS) >= 60


@pytest.mark.parametrize("name", SEVERAL)
def test_what_can_not_be_told_apart_is_not_found_and_its_place_is_told(tmp_path, read, name):
    layout = SEVERAL[name]
    answer = read(layout.write(tmp_path, "ada"))
    assert isinstance(answer, Unread), answer
    assert answer.status == SubmissionStatus.NOT_FOUND
    assert any(path in answer.note for path in layout.files), answer.note


def test_which_ones_differ_is_said(tmp_path, read):
    assert read(SEVERAL["two versions"].write(tmp_path, "ada")).note == (
        "There are 2 files for from_scratch.py that differ: v1/from_scratch.py and v2/from_scratch.py. "
        "There are 2 files for with_torch.py that differ: v1/with_torch.py and v2/with_torch.py. "
        "It is unclear which one counts. Hand in only that one."
    )


def test_a_file_of_another_name_that_has_the_functions_is_named(tmp_path, read):
    assert read(SEVERAL["another name"].write(tmp_path, "ada")).note == (
        "from_scratch.py and with_torch.py were not found in the submission, and no notebook. hw/homework1.py "
        "defines to_tensors, model, mse, gradient_step and train: if that is from_scratch.py, give it this name and hand "
        "it in again."
    )


def test_one_module_is_found_and_the_other_is_not(tmp_path, read):
    answer = read(Layout("", {"a/b/from_scratch.py": FROM_SCRATCH.encode()}).write(tmp_path, "ada"))
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.reading.not_found == ("with_torch",)
    assert answer.note == "Found in a/b/from_scratch.py."


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("name", ["conftest.py", "test_from_scratch.py", "check_from_scratch.py", "from_scratch.pyc"])
def test_no_check_is_taken_for_a_module(tmp_path, read, name, archive):
    answer = read(Layout("", {f"checks/{name}": FROM_SCRATCH.encode()}, archive).write(tmp_path, "ada"))
    assert answer.status == SubmissionStatus.NOT_FOUND


def test_the_reference_in_a_whole_course_is_not_the_learner_s(tmp_path, read):
    course = {
        **{f"course/solutions/linear_regression/{name}": data for name, data in files().items()},
        **{f"course/exercises/linear_regression/{name}": data for name, data in STUBS.items()},
    }
    assert "NotImplementedError" in read(Layout("", course).write(tmp_path, "ada")).reading.modules["from_scratch"].text
    own = {f"solutions/{name}": data for name, data in files().items()}
    assert (
        "NotImplementedError" not in read(Layout("", own).write(tmp_path, "bob")).reading.modules["from_scratch"].text
    )


def test_what_lies_outside_an_archive_counts_before_what_lies_in_one(tmp_path, read):
    older = {name: data.replace(b"lr", b"rate") for name, data in files().items()}
    answer = read(Layout("", files() | {"old.zip": zipped(older)}).write(tmp_path, "ada"))
    assert answer.reading.modules["from_scratch"].text == FROM_SCRATCH
    assert answer.reading.strays == ("old.zip",)


def test_stubs_beside_what_can_not_be_read_are_no_untouched_work(tmp_path, read):
    for broken in ({"lesson.ipynb": WORK[:-200]}, {"hw.zip": zipped(files())[:-50]}):
        answer = read(Layout("", STUBS | broken).write(tmp_path, f"ada{len(broken)}{next(iter(broken))}"))
        assert answer.status == SubmissionStatus.UNREADABLE
        assert next(iter(broken)) in answer.note


def test_untouched_stubs_are_what_was_handed_in(tmp_path, read):
    answer = read(Layout("", STUBS).write(tmp_path, "ada"))
    assert list(answer.reading.modules) == ["from_scratch", "with_torch"]


def test_a_conflict_in_a_notebook_is_told_with_its_line(tmp_path, read):
    lines = WORK.replace(b", ", b",\n").split(b"\n")
    conflict = [*lines[:2], b" <<<<<<< HEAD", *lines[2:4], b"=======", lines[4], b">>>>>>> theirs", *lines[5:]]
    (tmp_path / "ada.ipynb").write_bytes(b"\n".join(conflict))
    answer = read(tmp_path / "ada.ipynb")
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note == (
        "ada.ipynb holds a merge conflict that is not settled: line 3 begins with <<<<<<< HEAD. Keep one side of it, save "
        "the notebook and hand it in again."
    )


def test_a_file_that_can_not_be_read_costs_its_own_module(tmp_path, read):
    bad = {"from_scratch.py": FROM_SCRATCH.encode("utf-16"), "hw/with_torch.py": MODULES["with_torch"].encode()}
    answer = read(Layout("", bad).write(tmp_path, "ada"))
    assert answer.reading.not_found == ()
    assert "saved as UTF-16" in answer.reading.problems["from_scratch"]


def test_a_folder_of_very_many_files_hides_nothing_that_lies_beside_it(tmp_path, read):
    noise = {f"images/{n}.png": b"" for n in range(10_100)}
    answer = read(Layout("", noise | files()).write(tmp_path, "ada"))
    assert list(answer.reading.modules) == ["from_scratch", "with_torch"]


def test_an_archive_with_a_folder_listed_twice_is_read(tmp_path, read):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped({"hw/": b"", "./hw/": b"", "hw\\": b"", **files(place="hw/")}))
    assert list(read(path).reading.modules) == ["from_scratch", "with_torch"]


def test_a_part_of_a_notebook_is_read_and_the_other_part_is_not_found(tmp_path, read):
    answer = read(Layout("", {"n.ipynb": notebook(FROM_SCRATCH)}).write(tmp_path, "ada"))
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.reading.not_found == ("with_torch",)
    assert "not found in the notebook" in answer.reading.problems["with_torch"]
