"""The archive: the same bytes for the same work, never refused by the grading, and no other file lost for it."""

import io
import os
import zipfile

import pytest

from grader.core.assignment import find_assignment
from grader.course.load import load_course
from grader.grading.submission import Entry, Submission
from grader.selfcheck.submit_archive import SubmitError, archive_of, place_for, refuse_to_lose, write_archive
from tests.collect.reading import read_entry
from tests.selfcheck.conftest import LESSON, ROOT
from tests.selfcheck.notebooks import solved, write_notebook

WORK = {"two.py": b"b = 2\r\n", "one.py": b"a = 1\n"}


def test_the_same_work_gives_the_same_bytes_whenever_and_in_whichever_order():
    data = archive_of(WORK, "sums", 10_000)
    assert data == archive_of(dict(reversed(WORK.items())), "sums", 10_000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["one.py", "two.py"]
        assert {name: archive.read(name) for name in WORK} == WORK
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}


def test_what_packs_very_well_is_no_bomb_to_the_grading(tmp_path):
    write_notebook(tmp_path / "lesson.ipynb", solved("mse"))
    data = (tmp_path / "lesson.ipynb").read_bytes() + b" " * 5_000_000
    assert write_archive(tmp_path / "ada.zip", archive_of({"lesson.ipynb": data}, LESSON, 20_000_000), LESSON)
    answer = read_entry(Entry("ada", tmp_path / "ada.zip"), find_assignment(load_course(ROOT), LESSON))
    assert isinstance(answer, Submission)
    assert "def mse" in answer.reading.modules["from_scratch"].text


def test_what_is_larger_than_the_grading_takes_is_a_sentence():
    with pytest.raises(SubmitError, match=r"has [\d,]+ bytes; at most 1,000 are graded. .*clear the outputs"):
        archive_of({"lesson.ipynb": b" " * 1000}, "sums", 1000)


def test_an_earlier_archive_of_the_lesson_is_replaced(tmp_path):
    path = tmp_path / "ada.zip"
    assert write_archive(path, archive_of(WORK, "sums", 10_000), "sums") == "written"
    assert write_archive(path, archive_of(WORK, "sums", 10_000), "sums") == "unchanged"
    assert write_archive(path, archive_of({"one.py": b""}, "sums", 10_000), "sums") == "replaced"
    assert [each.name for each in tmp_path.iterdir()] == ["ada.zip"]


def test_any_other_file_is_left_alone(tmp_path):
    path, somebodys = tmp_path / "ada.zip", archive_of(WORK, "sums", 10_000)
    path.write_bytes(somebodys)
    with pytest.raises(
        SubmitError, match=r"ada.zip is there already, and it holds your work on sums. It was left alone"
    ):
        write_archive(path, b"", "products")
    assert path.read_bytes() == somebodys
    for other in (b"", b"photos", zipped(b"")):
        path.write_bytes(other)
        with pytest.raises(SubmitError, match=r"was not made by --submit. It was left alone: move it"):
            write_archive(path, somebodys, "sums")
        assert path.read_bytes() == other
    path.unlink()
    path.mkdir()
    with pytest.raises(SubmitError, match="was not made by"):
        refuse_to_lose(path, "sums")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_link_is_replaced_not_even_a_dead_one(tmp_path):
    path = tmp_path / "ada.zip"
    path.symlink_to(tmp_path / "elsewhere.zip")
    for _ in range(2):
        with pytest.raises(SubmitError, match="was not made by"):
            refuse_to_lose(path, "sums")
        (tmp_path / "elsewhere.zip").write_bytes(archive_of(WORK, "sums", 10_000))


def zipped(comment):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("photo.jpg", b"")
        archive.comment = comment
    return target.getvalue()


def test_work_on_two_lessons_has_two_places(tmp_path):
    assert place_for(tmp_path, "ada", "sums") == tmp_path / "ada.zip"
    write_archive(tmp_path / "ada.zip", archive_of(WORK, "sums", 10_000), "sums")
    assert place_for(tmp_path, "ada", "sums") == tmp_path / "ada.zip"
    assert place_for(tmp_path, "ada", "products") == tmp_path / "products" / "ada.zip"
    assert place_for(tmp_path, "bob", "products") == tmp_path / "bob.zip"
    (tmp_path / "ada.zip").write_bytes(b"photos")
    assert place_for(tmp_path, "ada", "products") == tmp_path / "ada.zip"  # which is then refused
