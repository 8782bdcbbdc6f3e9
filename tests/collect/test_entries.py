"""The folder of submissions: who handed something in."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.core.errors import CollectError
from grader.core.records import SubmissionStatus
from grader.grading.collect import FoundEntries, find_entries
from grader.grading.submission import Entry, Unread
from tests.collect.reading import read_entry, unread


def students(folder: Path) -> list[str]:
    return [entry.student for entry in find_entries(folder).entries]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


def test_folders_archives_and_notebooks_are_entries_sorted_by_student(tmp_path):
    (tmp_path / "carl").mkdir()
    touch(tmp_path, "bob.zip", "ada.ipynb")
    assert find_entries(tmp_path).entries == (
        Entry("ada", tmp_path / "ada.ipynb"),
        Entry("bob", tmp_path / "bob.zip"),
        Entry("carl", tmp_path / "carl"),
    )


@given(st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=20))
@example("ada")
@example("ada (1)")
@example("Ada - Copy")
def test_a_name_that_a_second_download_has_is_told_beside_the_first_one_alone(name: str) -> None:
    entries = FoundEntries(tuple(Unread(each, SubmissionStatus.REFUSED, "") for each in [name, "zz"]), ())
    assert entries.second_copies() == []
    for more in ("({})", " ({})", " - Copy", " copy", " copy {}", " - Copy ({})", " Kopie"):
        second = name + more.format(2)
        both = replace(entries, entries=(*entries.entries, Unread(second, SubmissionStatus.REFUSED, "")))
        assert both.second_copies() == [(name, second)]


def test_other_plain_files_are_strays_and_hidden_files_are_nothing(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".git").mkdir()
    touch(tmp_path, "README.txt", ".DS_Store", "a\x1bb.csv")
    found = find_entries(tmp_path)
    assert [e.student for e in found.entries] == ["ada"]
    assert found.strays == ("README.txt", "a\\x1bb.csv")


def test_what_a_system_put_behind_the_ending_leaves_an_entry_an_entry(tmp_path, noted, read):
    notebook = noted("def model(x, w, b): return x")
    (tmp_path / "class").mkdir()
    notebook.rename(tmp_path / "class" / "ada.ipynb.txt")
    touch(tmp_path / "class", "bob.zip (1)")
    entries = find_entries(tmp_path / "class").entries
    assert [entry.student for entry in entries] == ["ada.ipynb.txt", "bob.zip (1)"]
    ada, bob = (read(entry.path) for entry in entries if isinstance(entry, Entry))
    assert "def model" in ada.reading.modules["from_scratch"].text
    assert bob.status == SubmissionStatus.UNREADABLE


def test_an_archive_of_another_kind_is_an_entry_so_that_nobody_is_overlooked(tmp_path, assignment):
    touch(tmp_path, "ada.rar")
    (entry,) = find_entries(tmp_path).entries
    answer = unread(entry, assignment)
    assert (answer.student, answer.status) == ("ada.rar", SubmissionStatus.UNREADABLE)
    assert answer.note.startswith("ada.rar is an archive of a kind that can't be read. Make a .zip of what is in it")


def test_endings_count_in_any_case(tmp_path, assignment):
    touch(tmp_path, "Ada.ZIP", "bob.IPYNB")
    assert students(tmp_path) == ["Ada", "bob"]
    answers = [read_entry(entry, assignment) for entry in find_entries(tmp_path).entries]
    assert ["not a zip archive" in a.note for a in answers] == [True, False]
    assert ["not a notebook" in a.note for a in answers] == [False, True]


def test_two_entries_of_one_name_are_one_refusal_that_names_both(tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "bob").mkdir()
    touch(tmp_path, "ada.zip", "ada.ipynb")
    ada, bob = find_entries(tmp_path).entries
    assert isinstance(ada, Unread)
    assert ada.status == SubmissionStatus.REFUSED
    assert "3 entries of this name: ada and ada.ipynb and ada.zip" in ada.note
    assert bob == Entry("bob", tmp_path / "bob")


def test_names_that_differ_only_in_case_or_normal_form_are_different_learners(tmp_path):
    names = ["ada", "Ada", "Jos\u00e9", "Jose\u0301"]
    for name in names:
        (tmp_path / name).mkdir()
    if len(list(tmp_path.iterdir())) < len(names):
        pytest.skip("this file system takes them for the same")
    assert students(tmp_path) == sorted(names)


@pytest.mark.parametrize(
    "name", ['a"b', "a'b", "=cmd()", "a\nb", "<b>", "a\u202eb", "名前", "a,b;c", " ", "~", "-rf", "a\\b"]
)
def test_a_name_stays_as_it_is_whatever_it_is(tmp_path, name, assignment):
    (tmp_path / name).mkdir()
    (entry,) = find_entries(tmp_path).entries
    assert entry.student == name
    assert read_entry(entry, assignment).student == name


def test_a_name_that_is_no_utf8_can_be_stored_and_differs_from_everybody_elses(tmp_path):
    try:
        (Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))).mkdir()
    except OSError:
        pytest.skip("this file system has only UTF-8 names")
    (tmp_path / "a\\xff").mkdir()
    entries = find_entries(tmp_path).entries
    assert [e.student for e in entries] == ["a\\xff", "a\\xff~"]
    assert [e.student.encode() for e in entries] == [b"a\\xff", b"a\\xff~"]
    assert isinstance(entries[1], Entry)
    assert os.fsencode(entries[1].path.name) == b"a\xff"


def test_an_entry_that_is_a_symlink_is_refused_and_not_followed(tmp_path, assignment):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "from_scratch.py").write_text("answer = 42\n")
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    (submissions / "ada").symlink_to(secret)
    (submissions / "bob.ipynb").symlink_to(secret / "from_scratch.py")
    for entry in find_entries(submissions).entries:
        answer = unread(entry, assignment)
        assert answer.status == SubmissionStatus.REFUSED
        assert "is a symbolic link" in answer.note


def test_an_entry_that_is_a_pipe_is_refused_without_waiting(tmp_path, assignment):
    os.mkfifo(tmp_path / "ada")
    os.mkfifo(tmp_path / "bob.zip")
    for entry in find_entries(tmp_path).entries:
        answer = unread(entry, assignment)
        assert answer.status == SubmissionStatus.REFUSED
        assert "is a named pipe" in answer.note


def test_an_entry_that_is_gone_is_unreadable(tmp_path, assignment):
    (tmp_path / "ada").mkdir()
    (entry,) = find_entries(tmp_path).entries
    (tmp_path / "ada").rmdir()
    answer = unread(entry, assignment)
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note == "ada can't be read (no such file or directory)."


def test_a_folder_that_is_missing_or_no_folder_or_empty_is_said_to_be_so(tmp_path):
    with pytest.raises(CollectError, match=r"There is no folder class\."):
        find_entries(tmp_path / "class")
    touch(tmp_path, "README.txt")
    with pytest.raises(CollectError, match=r"README\.txt is not a folder"):
        find_entries(tmp_path / "README.txt")
    with pytest.raises(CollectError, match=r"no submissions in .*; found only README\.txt\. Expected") as caught:
        find_entries(tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_that_may_not_be_read_is_said_to_be_so(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(CollectError, match=r"can't be read \(permission denied\)"):
        find_entries(tmp_path)
