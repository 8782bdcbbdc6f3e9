"""Archives that are made by hand, to say one thing in one place and another in another."""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import replace

import pytest

from grader.core.assignment import Limits
from grader.core.records import SubmissionStatus
from grader.grading.submission import Entry, Submission
from tests.collect.reading import read_entry

pytestmark = pytest.mark.slow

GOOD = {"from_scratch.py": "x = 1\n", "with_torch.py": "y = 2\n"}
ROW, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"


def texts(answer) -> dict[str, str]:
    return {name: module.text for name, module in answer.reading.modules.items()}


def is_refused(answer, words: str) -> bool:
    return getattr(answer, "status", None) == SubmissionStatus.REFUSED and words in answer.note


def is_damaged(answer) -> bool:
    return getattr(answer, "status", None) == SubmissionStatus.UNREADABLE and "damaged or cut off" in answer.note


def changed(path, signature: bytes, offset: int, data: bytes, number: int = 0):
    """The archive with some bytes changed in its first (or another) structure with this signature."""
    whole = bytearray(path.read_bytes())
    at = -1
    for _ in range(number + 1):
        at = whole.index(signature, at + 1)
    whole[at + offset : at + offset + len(data)] = data
    path.write_bytes(whole)
    return path


def test_files_that_share_their_bytes_are_refused(zipped, read):
    path = zipped({f"{n}.txt": bytes(30_000) for n in range(2)} | GOOD)
    huge = struct.pack("<I", len(path.read_bytes()))
    assert is_refused(read(changed(path, ROW, 20, huge)), "ada.zip holds files that overlap each other.")


def test_files_quoted_by_many_rows_are_refused(tmp_path, read):
    """A bomb without an archive in it: two hundred rows for one and the same megabyte."""
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("000", bytes(1 << 20))
    whole = path.read_bytes()
    row = whole[whole.index(ROW) : whole.index(END)]
    rows = b"".join(row.replace(b"000", b"%03d" % n) for n in range(200))
    end = struct.pack("<4sHHHHIIH", END, 0, 0, 200, 200, len(rows), whole.index(ROW), 0)
    path.write_bytes(whole[: whole.index(ROW)] + rows + end)
    assert zipfile.ZipFile(path).namelist()[199] == "199"
    assert is_refused(read(path), "overlap each other")


@pytest.mark.parametrize(("ratio", "fits"), [(100, False), (1500, True)])
def test_the_ratio_is_the_course_s(tmp_path, assignment, zipped, ratio, fits):
    path = zipped({**GOOD, "zeros.txt": bytes(21_000_000)})
    with_limits = replace(assignment, limits=Limits(archive_ratio=ratio))
    answer = read_entry(Entry("ada", path), with_limits)
    assert isinstance(answer, Submission) == fits
    assert fits or is_refused(answer, "unpacks to 21,000,012 bytes, more than 100 times its own size, the limit")


def test_what_is_no_larger_than_a_notebook_may_be_packed_as_tightly_as_it_likes(zipped, read):
    assert list(read(zipped({**GOOD, "zeros.txt": bytes(19_000_000)})).reading.modules) == [
        "from_scratch",
        "with_torch",
    ]


def test_a_bomb_in_an_archive_is_never_unpacked(tmp_path, zipped, read):
    """Of 42.zip the first layer is small."""
    bomb = tmp_path / "inner.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(1 << 26))
    assert read(zipped({**GOOD, "inner.zip": bomb.read_bytes()})).reading.strays == ("inner.zip",)
    assert is_refused(
        read(zipped({"inner.zip": bomb.read_bytes()})), "inner.zip says that it unpacks to 67,108,864 bytes"
    )


def test_archives_without_end_are_not_opened_without_end(tmp_path, zipped, read):
    data = zipped(GOOD).read_bytes()
    for _ in range(5):
        data = zipped({f"{n}.zip": data for n in range(5)}).read_bytes()
    assert is_refused(read(zipped({"more.zip": data})), "at most 20 archives within a submission are opened")


def test_a_name_that_is_another_one_before_the_file_itself_is_a_problem(zipped, read):
    path = zipped({**GOOD, "from_scratc_.py": "evil = 1\n"})
    answer = read(changed(path, LOCAL, 30, b"with_torch_.py_"))
    assert "from_scratch.py is damaged in the archive" in answer.reading.problems["from_scratch"]
    assert list(answer.reading.modules) == ["with_torch"]


def test_two_rows_that_point_at_one_file_are_refused(zipped, read):
    path = zipped(GOOD)
    second = path.read_bytes().index(LOCAL, 1)
    assert is_refused(read(changed(path, ROW, 42, struct.pack("<I", second))), "overlap each other")


def test_names_that_differ_in_case_or_normal_form_are_different_files(zipped, read):
    twins = {"From_Scratch.py": "evil = 1\n", "Jos\u00e9.txt": "", "Jose\u0301.txt": ""}
    answer = read(zipped({**GOOD, **twins}))
    assert texts(answer) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}
    assert len(answer.reading.strays) == 3


@pytest.mark.parametrize("twin", ["./from_scratch.py", ".//./from_scratch.py", "from_scratch.py/."])
def test_one_path_spelled_in_two_ways_is_refused(zipped, read, twin):
    assert is_refused(read(zipped({**GOOD, twin: "evil = 1\n"})), "holds from_scratch.py more than once")


def test_a_wrapping_folder_that_is_a_link_is_no_folder(tmp_path, read):
    link = zipfile.ZipInfo("homework")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as file:
        file.writestr(link, "/etc")
        file.writestr("homework/from_scratch.py", "evil = 1\n")
    assert is_refused(read(tmp_path / "ada.zip"), "holds homework/from_scratch.py more than once")


@pytest.mark.parametrize("method", [9, 12, 14, 93, 95, 98, 99])  # deflate64, bzip2, lzma, zstd, xz, ppmd, aes
def test_an_unusual_compression_is_told(zipped, read, method):
    path = changed(zipped(GOOD), ROW, 10, struct.pack("<H", method))
    answer = read(changed(path, LOCAL, 8, struct.pack("<H", method)))
    assert "from_scratch.py is compressed in an unusual way" in answer.reading.problems["from_scratch"]
    assert list(answer.reading.modules) == ["with_torch"]


def test_sizes_of_more_than_4_gib_that_are_lies_are_refused(tmp_path, read):
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("from_scratch.py", "x = 1\n")
    whole = path.read_bytes()
    at, end = whole.index(ROW), whole.index(END)
    row = bytearray(whole[at:end])
    row[24:28] = b"\xff" * 4  # its size stands in the extra field
    row[30:32] = struct.pack("<H", 12)
    row += struct.pack("<HHQ", 1, 8, 1 << 62)
    last = struct.pack("<4sHHHHIIH", END, 0, 0, 1, 1, len(row), at, 0)
    path.write_bytes(whole[:at] + row + last)
    assert is_refused(read(path), "unpacks to 4,611,686,018,427,387,904 bytes")


def test_a_table_of_contents_that_lies_about_its_place_is_damaged(zipped, read):
    assert is_damaged(read(changed(zipped(GOOD), END, 12, b"\xff\xff\xff\x7f")))
    answer = read(changed(zipped(GOOD), END, 16, b"\xff\xff\xff\x7f"))
    assert answer.status == SubmissionStatus.UNREADABLE
    assert [f"{name} is damaged in the archive" in answer.note for name in GOOD] == [True, True]


def test_something_before_and_a_long_comment_behind_are_no_hindrance(zipped, read):
    path = zipped(GOOD)
    with zipfile.ZipFile(path, "a") as file:
        file.comment = b"\x1b[31m" * 13_000
    path.write_bytes(b"#!/bin/sh\nrm -rf ~\n" + path.read_bytes())
    assert texts(read(path)) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}


@pytest.mark.parametrize("data", [b"", b"\0" * 22, b"PK", END + bytes(18) + b"x" * 70_000, b"\x28\xb5\x2f\xfd"])
def test_what_is_no_archive_is_told(tmp_path, read, data):
    (tmp_path / "ada.zip").write_bytes(data)
    answer = read(tmp_path / "ada.zip")
    assert is_damaged(answer) or answer.status == SubmissionStatus.NOT_FOUND


def test_a_name_that_is_no_utf8_though_it_says_so_is_damaged(zipped, read):
    path = zipped({**GOOD, "\u00e9": ""})
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xff\xff"))
    assert is_damaged(read(path))
