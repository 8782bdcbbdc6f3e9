"""A folder of modules, with whatever else may lie in it."""

from __future__ import annotations

import os
import shutil

import pytest

from grader.core.records import SubmissionStatus
from grader.grading.submission import Unread


@pytest.fixture
def ada(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "from_scratch.py").write_text("x = 1\n")
    (folder / "with_torch.py").write_text("y = 2\n")
    return folder


def test_both_modules_are_read_and_lines_are_told_by_file(ada, read):
    answer = read(ada)
    assert {name: m.text for name, m in answer.reading.modules.items()} == {
        "from_scratch": "x = 1\n",
        "with_torch": "y = 2\n",
    }
    assert answer.reading.problems == {}
    assert answer.reading.strays == ()
    assert answer.reading.modules["from_scratch"].locate(31) == "from_scratch.py, line 31"


def test_a_missing_module_is_a_problem_that_says_what_lies_there_instead(ada, read):
    (ada / "with_torch.py").rename(ada / "with_torch.py.txt")
    answer = read(ada)
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.reading.problems == {
        "with_torch": "with_torch.py was not found in the submission; found with_torch.py.txt. "
        "Hand in a file of that name."
    }
    assert answer.reading.not_found == ("with_torch",)


def test_an_empty_folder_is_said_to_be_empty(tmp_path, read):
    (tmp_path / "ada").mkdir()
    answer = read(tmp_path / "ada")
    assert answer.status == SubmissionStatus.NOT_FOUND
    assert answer.note.startswith("The submission is empty")


def test_planted_files_are_strays_and_hidden_ones_are_ignored(ada, read):
    for name in ["conftest.py", "pytest.ini", "torch.py", "results.jsonl", ".env", "a\u202eb.py", "inner.zip"]:
        (ada / name).write_text("boom")
    (ada / "grader").mkdir()
    (ada / "__pycache__").mkdir()
    answer = read(ada)
    assert list(answer.reading.modules) == ["from_scratch", "with_torch"]
    expected = ("a\\u202eb.py", "conftest.py", "grader", "inner.zip", "pytest.ini", "results.jsonl", "torch.py")
    assert answer.reading.strays == expected


def test_a_thousand_strays_are_counted_and_not_all_listed(ada, read):
    for i in range(1000):
        (ada / f"{i:04}.txt").touch()
    strays = read(ada).reading.strays
    assert len(strays) == 21
    assert strays[-1] == "and 980 more"


def test_modules_in_one_wrapping_folder_are_found(tmp_path, ada, read):
    inner = tmp_path / "eve"
    inner.mkdir()
    ada.rename(inner / "homework")
    (inner / "notes.txt").touch()
    answer = read(inner)
    assert list(answer.reading.modules) == ["from_scratch", "with_torch"]
    assert answer.reading.strays == ("notes.txt",)


def test_a_wrapping_folder_that_is_a_symlink_is_not_followed(tmp_path, ada, read):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "homework").symlink_to(ada)
    answer = read(tmp_path / "eve")
    assert answer.status == SubmissionStatus.NOT_FOUND
    assert answer.note == (
        "from_scratch.py and with_torch.py were not found in the submission, and no notebook; found homework. "
        "Hand in files of these names."
    )


def test_a_module_that_is_a_symlink_is_a_problem_and_the_other_is_read(ada, read):
    (ada / "secret.txt").write_text("answer = 42\n")
    (ada / "from_scratch.py").unlink()
    (ada / "from_scratch.py").symlink_to(ada / "secret.txt")
    answer = read(ada)
    assert list(answer.reading.modules) == ["with_torch"]
    assert answer.reading.problems["from_scratch"].startswith(
        "from_scratch.py is a symbolic link; expected a plain file."
    )


def test_a_module_that_is_a_pipe_or_a_folder_is_a_problem(ada, read):
    (ada / "from_scratch.py").unlink()
    os.mkfifo(ada / "from_scratch.py")
    (ada / "with_torch.py").unlink()
    (ada / "with_torch.py").mkdir()
    answer = read(ada)
    assert answer.status == SubmissionStatus.REFUSED
    assert "from_scratch.py is a named pipe" in answer.note
    assert "with_torch.py is a folder" in answer.note


def test_a_module_that_became_a_device_is_a_problem(ada, read):
    (ada / "from_scratch.py").unlink()
    try:
        os.mknod(ada / "from_scratch.py", 0o20666, os.makedev(1, 5))
    except OSError:
        pytest.skip("only an administrator can make devices")
    assert "from_scratch.py is a device" in read(ada).reading.problems["from_scratch"]


def test_a_hard_link_is_an_ordinary_file(ada, read):
    os.link(ada / "from_scratch.py", ada / "copy.txt")
    assert read(ada).reading.modules["from_scratch"].text == "x = 1\n"


def test_a_huge_module_is_a_problem_and_is_never_read_whole(ada, read):
    with (ada / "from_scratch.py").open("wb") as file:
        file.truncate(64 << 30)  # a sparse file: reading it whole would exhaust the memory
    assert "larger than the limit of 200,000 bytes" in read(ada).reading.problems["from_scratch"]


def test_a_module_of_exactly_the_limit_is_read(ada, read):
    (ada / "from_scratch.py").write_bytes(b"#" * 200_000)
    assert len(read(ada).reading.modules["from_scratch"].text) == 200_000
    (ada / "from_scratch.py").write_bytes(b"#" * 200_001)
    assert "from_scratch" in read(ada).reading.problems


def test_an_unreadable_folder_is_unread_in_words(ada, read, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    answer = read(ada)
    assert isinstance(answer, Unread)
    assert answer.note == "The folder ada can't be read (permission denied)."


def test_a_notebook_beside_modules_is_a_stray(ada, read):
    (ada / "work.ipynb").write_text("{}")
    (ada / "with_torch.py").unlink()
    answer = read(ada)
    assert answer.reading.strays == ("work.ipynb",)
    assert list(answer.reading.modules) == ["from_scratch"]
    assert answer.note == (
        "work.ipynb was not graded: where a module is handed in too, the modules count. "
        "If you worked in a notebook, hand in that notebook alone."
    )


def test_two_notebooks_that_differ_are_told_with_their_names(tmp_path, noted, read):
    (tmp_path / "ada").mkdir()
    for name, more in (("one.ipynb", ""), ("two.ipynb", " + b")):
        noted(f"def model(x, w, b): return x{more}").rename(tmp_path / "ada" / name)
    answer = read(tmp_path / "ada")
    assert answer.status == SubmissionStatus.NOT_FOUND
    assert answer.note == (
        "There are 2 notebooks that differ: one.ipynb and two.ipynb. It is unclear which one counts. Hand in only that one."
    )


def test_of_two_notebooks_the_one_counts_that_can_be_read(tmp_path, noted, read):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "one.ipynb").write_text("{}")
    noted("def model(x, w, b): return x").rename(tmp_path / "ada" / "two.ipynb")
    answer = read(tmp_path / "ada")
    assert "def model" in answer.reading.modules["from_scratch"].text
    assert answer.reading.strays == ("one.ipynb",)


def test_a_notebook_in_a_folder_is_read(tmp_path, noted, read):
    notebook = noted("def model(x, w, b): return x")
    (tmp_path / "eve").mkdir()
    notebook.rename(tmp_path / "eve" / "work.ipynb")
    (tmp_path / "eve" / "data.csv").touch()
    answer = read(tmp_path / "eve")
    assert "def model" in answer.reading.modules["from_scratch"].text
    assert answer.reading.strays == ("data.csv",)
    assert answer.note == "Left aside: data.csv."


def test_the_same_files_have_the_same_digest_and_others_have_another(tmp_path, ada, read):
    first = read(ada).digest
    assert len(first) == 64
    shutil.copytree(ada, tmp_path / "eve")
    assert read(tmp_path / "eve").digest == first
    digests = [first]
    for change in (
        lambda: (ada / "with_torch.py").write_text("y = 3\n"),
        lambda: (ada / "with_torch.py").unlink(),
        lambda: (ada / "with_torch.py").mkdir(),
        lambda: (ada / "data.csv").touch(),
        lambda: (ada / "data.csv").rename(ada / "more.csv"),
    ):
        change()
        assert read(ada).digest not in digests
        digests.append(read(ada).digest)


def test_a_notebook_that_is_a_symlink_is_refused(tmp_path, noted, read):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "work.ipynb").symlink_to(noted("def model(x, w, b): return x"))
    answer = read(tmp_path / "eve")
    assert answer.status == SubmissionStatus.REFUSED
    assert "work.ipynb is a symbolic link" in answer.note
