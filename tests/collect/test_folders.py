"""A folder of modules, with whatever else may lie in it."""

from __future__ import annotations

import os

import pytest

from grader.collect import Submission, Unread
from grader.records import SubmissionStatus


@pytest.fixture
def ada(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "from_scratch.py").write_text("x = 1\n")
    (folder / "with_torch.py").write_text("y = 2\n")
    return folder


def test_both_modules_are_read_and_lines_are_told_by_file(ada, read):
    answer = read(ada)
    assert {name: m.text for name, m in answer.modules.items()} == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}
    assert answer.problems == {}
    assert answer.strays == ()
    assert answer.modules["from_scratch"].locate(31) == "from_scratch.py, line 31"


def test_a_missing_module_is_a_problem_that_says_what_lies_there_instead(ada, read):
    (ada / "with_torch.py").rename(ada / "with_torch.py.txt")
    answer = read(ada)
    assert list(answer.modules) == ["from_scratch"]
    assert answer.problems == {
        "with_torch": "with_torch.py was not handed in; found with_torch.py.txt. Hand in a file of exactly that name."
    }


def test_an_empty_folder_is_a_submission_without_modules(tmp_path, read):
    (tmp_path / "ada").mkdir()
    answer = read(tmp_path / "ada")
    assert isinstance(answer, Submission)
    assert answer.problems.keys() == {"from_scratch", "with_torch"}


def test_planted_files_are_strays_and_hidden_ones_are_ignored(ada, read):
    for name in ["conftest.py", "pytest.ini", "torch.py", "results.jsonl", ".env", "a\u202eb.py", "inner.zip"]:
        (ada / name).write_text("boom")
    (ada / "grader").mkdir()
    (ada / "__pycache__").mkdir()
    answer = read(ada)
    assert list(answer.modules) == ["from_scratch", "with_torch"]
    expected = ("a\\u202eb.py", "conftest.py", "grader", "inner.zip", "pytest.ini", "results.jsonl", "torch.py")
    assert answer.strays == expected


def test_a_thousand_strays_are_counted_and_not_all_listed(ada, read):
    for i in range(1000):
        (ada / f"{i:04}.txt").touch()
    strays = read(ada).strays
    assert len(strays) == 21
    assert strays[-1] == "and 980 more"


def test_modules_in_one_wrapping_folder_are_found(tmp_path, ada, read):
    inner = tmp_path / "eve"
    inner.mkdir()
    ada.rename(inner / "homework")
    (inner / "notes.txt").touch()
    answer = read(inner)
    assert list(answer.modules) == ["from_scratch", "with_torch"]
    assert answer.strays == ("notes.txt",)


def test_a_wrapping_folder_that_is_a_symlink_is_not_followed(tmp_path, ada, read):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "homework").symlink_to(ada)
    assert read(tmp_path / "eve").modules == {}


def test_a_module_that_is_a_symlink_is_a_problem_and_the_other_is_read(ada, read):
    (ada / "secret.txt").write_text("answer = 42\n")
    (ada / "from_scratch.py").unlink()
    (ada / "from_scratch.py").symlink_to(ada / "secret.txt")
    answer = read(ada)
    assert list(answer.modules) == ["with_torch"]
    assert answer.problems["from_scratch"].startswith("from_scratch.py is a symbolic link; expected a plain file.")


def test_a_module_that_is_a_pipe_or_a_folder_is_a_problem(ada, read):
    (ada / "from_scratch.py").unlink()
    os.mkfifo(ada / "from_scratch.py")
    (ada / "with_torch.py").unlink()
    (ada / "with_torch.py").mkdir()
    problems = read(ada).problems
    assert "from_scratch.py is a named pipe" in problems["from_scratch"]
    assert "with_torch.py is a folder" in problems["with_torch"]


def test_a_module_that_became_a_device_is_a_problem(ada, read):
    (ada / "from_scratch.py").unlink()
    try:
        os.mknod(ada / "from_scratch.py", 0o20666, os.makedev(1, 5))
    except OSError:
        pytest.skip("only an administrator can make devices")
    assert "from_scratch.py is a device" in read(ada).problems["from_scratch"]


def test_a_hard_link_is_an_ordinary_file(ada, read):
    os.link(ada / "from_scratch.py", ada / "copy.txt")
    assert read(ada).modules["from_scratch"].text == "x = 1\n"


def test_a_huge_module_is_a_problem_and_is_never_read_whole(ada, read):
    with (ada / "from_scratch.py").open("wb") as file:
        file.truncate(64 << 30)  # a sparse file: reading it whole would exhaust the memory
    assert "larger than the limit of 200,000 bytes" in read(ada).problems["from_scratch"]


def test_a_module_of_exactly_the_limit_is_read(ada, read):
    (ada / "from_scratch.py").write_bytes(b"#" * 200_000)
    assert len(read(ada).modules["from_scratch"].text) == 200_000
    (ada / "from_scratch.py").write_bytes(b"#" * 200_001)
    assert "from_scratch" in read(ada).problems


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
    assert answer.strays == ("work.ipynb",)
    assert list(answer.modules) == ["from_scratch"]
    assert answer.note == (
        "work.ipynb was not graded: where a module is handed in too, the modules count. "
        "If you worked in a notebook, hand in that notebook alone."
    )


def test_two_notebooks_are_refused_with_their_names(tmp_path, read):
    (tmp_path / "ada").mkdir()
    for name in ("one.ipynb", "two.ipynb"):
        (tmp_path / "ada" / name).write_text("{}")
    answer = read(tmp_path / "ada")
    assert answer.status == SubmissionStatus.REFUSED
    assert "There are 2 notebooks: one.ipynb and two.ipynb." in answer.note


def test_a_notebook_in_a_folder_is_read(tmp_path, noted, read):
    notebook = noted("def model(x, w, b): return x")
    (tmp_path / "eve").mkdir()
    notebook.rename(tmp_path / "eve" / "work.ipynb")
    (tmp_path / "eve" / "data.csv").touch()
    answer = read(tmp_path / "eve")
    assert "def model" in answer.modules["from_scratch"].text
    assert answer.strays == ("data.csv",)
    assert answer.note == "Left aside: data.csv."


def test_the_same_content_has_the_same_digest_however_it_was_handed_in(ada, read, zipped):
    folder = read(ada)
    archive = read(zipped({"homework/from_scratch.py": "x = 1\r\n", "homework/with_torch.py": "y = 2\n"}))
    assert folder.digest == archive.digest
    assert len(folder.digest) == 64
    (ada / "with_torch.py").write_text("y = 3\n")
    assert read(ada).digest != folder.digest
    (ada / "with_torch.py").unlink()
    assert read(ada).digest not in (folder.digest, archive.digest)


def test_a_notebook_that_is_a_symlink_is_refused(tmp_path, noted, read):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "work.ipynb").symlink_to(noted("def model(x, w, b): return x"))
    answer = read(tmp_path / "eve")
    assert answer.status == SubmissionStatus.REFUSED
    assert "work.ipynb is a symbolic link" in answer.note
