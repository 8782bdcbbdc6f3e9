"""Zip archives, honest and hostile."""

from __future__ import annotations

import io
import os
import stat
import time
import tracemalloc
import zipfile
import zlib

import pytest

from grader.core.records import SubmissionStatus

GOOD = {"from_scratch.py": "x = 1\n", "with_torch.py": "y = 2\n"}


def within(folder: str) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in GOOD.items()}


def texts(answer) -> dict[str, str]:
    return {name: module.text for name, module in answer.reading.modules.items()}


def is_refused(answer, words: str) -> bool:
    return getattr(answer, "status", None) == SubmissionStatus.REFUSED and words in answer.note


def write(path, members: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for info, data in members:
            file.writestr(info, data, compress_type=method)
    return path


def test_modules_at_the_top_or_in_one_folder_are_read(zipped, read):
    assert texts(read(zipped(GOOD))) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}
    assert texts(read(zipped(within("homework")))) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}
    assert texts(read(zipped(within("./homework")))) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}


def test_what_a_mac_adds_is_ignored_and_the_rest_is_stray(zipped, read):
    mac = {"__MACOSX/._from_scratch.py": "", "homework/.DS_Store": "", "homework/__pycache__/x.pyc": ""}
    answer = read(zipped({**within("homework"), **mac, "homework/data/x.csv": "", "homework/old.zip": "PK"}))
    assert list(answer.reading.modules) == ["from_scratch", "with_torch"]
    assert answer.note.startswith("Found in homework/from_scratch.py and homework/with_torch.py.")
    assert answer.reading.strays == ("data", "old.zip")


def test_folders_may_wrap_each_other(zipped, read):
    assert texts(read(zipped(within("a/b/c d/e")))) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}


def test_a_notebook_in_an_archive_is_read_and_a_cell_is_told(noted, zipped, read):
    notebook = noted(("text", "# Hello"), "import torch\n\ndef model(x, w, b):\n    return torch.mm(x, w)").read_bytes()
    answer = read(zipped({"homework/work.ipynb": notebook}))
    assert answer.reading.modules["from_scratch"].locate(3) == "cell 2, line 4"


def test_an_archive_in_an_archive_is_opened_where_nothing_lies_beside_it(zipped, read):
    inner = zipped(GOOD).read_bytes()
    answer = read(zipped({"inner.zip": inner}))
    assert texts(answer) == {"from_scratch": "x = 1\n", "with_torch": "y = 2\n"}
    assert answer.note == "Found in inner.zip/from_scratch.py and inner.zip/with_torch.py."


@pytest.mark.parametrize(
    "name",
    ["../evil.py", "a/../../evil.py", "/etc/passwd", "C:/evil.py", "..", "a\\..\\evil.py", "\\\\host\\x", "x.py\0.txt"],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path, zipped, read, name):
    stand_in = "Q" * len(name)
    path = zipped({**GOOD, stand_in: "boom"})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode()))
    assert is_refused(read(path), "holds a file with an unsafe path: ")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ada.zip"]


def test_a_member_that_is_there_twice_is_refused(tmp_path, read):
    path = write(tmp_path / "ada.zip", [("with_torch.py", b""), ("with_torc_.py", b"boom")])
    path.write_bytes(path.read_bytes().replace(b"with_torc_", b"with_torch"))
    assert is_refused(read(path), "holds with_torch.py more than once")


def test_a_file_and_a_folder_of_one_name_are_refused(zipped, read):
    assert is_refused(read(zipped({**GOOD, "with_torch.py/": ""})), "more than once")


def test_a_password_is_told(zipped, read):
    path = zipped(GOOD)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(data)
    assert is_refused(read(path), "protected by a password")


@pytest.mark.parametrize(
    ("kind", "words"), [(stat.S_IFLNK, "a symbolic link"), (stat.S_IFIFO, "a named pipe"), (stat.S_IFCHR, "a device")]
)
def test_a_member_that_is_no_file_is_a_problem_and_the_other_is_read(tmp_path, read, kind, words):
    info = zipfile.ZipInfo("from_scratch.py")
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    answer = read(write(tmp_path / "ada.zip", [(info, b"/etc/passwd"), ("with_torch.py", b"y = 2\n")]))
    assert f"from_scratch.py is {words}" in answer.reading.problems["from_scratch"]
    assert list(answer.reading.modules) == ["with_torch"]


def test_a_folder_in_place_of_a_module_is_a_problem(zipped, read):
    answer = read(zipped({"from_scratch.py/x.txt": "", "with_torch.py": ""}))
    assert answer.reading.problems["from_scratch"].startswith("from_scratch.py is a folder; expected a plain file.")
    assert list(answer.reading.modules) == ["with_torch"]


def test_a_bomb_is_not_unpacked(tmp_path, read):
    path = write(tmp_path / "ada.zip", [("from_scratch.py", bytes(1 << 26)), ("with_torch.py", b"y = 2\n")])
    tracemalloc.start()
    answer = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000  # the bomb is larger than that, the limits are not
    assert is_refused(answer, "ada.zip says that it unpacks to 67,108,870 bytes, more than 100 times its own size")


def test_a_member_above_the_limit_is_a_problem_and_the_other_is_read(tmp_path, read):
    path = write(tmp_path / "ada.zip", [("from_scratch.py", os.urandom(200_001)), ("with_torch.py", b"y = 2\n")])
    answer = read(path)
    assert "from_scratch.py is larger than the limit of 200,000 bytes" in answer.reading.problems["from_scratch"]
    assert list(answer.reading.modules) == ["with_torch"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_can_not_be_stopped_half_way_is_not_used(tmp_path, read, method):
    path = write(tmp_path / "ada.zip", [("from_scratch.py", b"x = 1\n")], method)
    assert is_refused(read(path), "from_scratch.py is compressed in an unusual way")


def test_a_size_that_is_a_lie_is_a_problem(tmp_path, zipped, read):
    honest = {"from_scratch.py": "x = 1\n" * 30_000, "with_torch.py": "y = 2\n"}
    path = zipped(honest)
    data = path.read_bytes().replace((180_000).to_bytes(4, "little"), (6).to_bytes(4, "little"))
    path.write_bytes(data)
    answer = read(path)
    assert list(answer.reading.modules) == ["with_torch"]
    assert "is damaged in the archive" in answer.reading.problems["from_scratch"]


@pytest.mark.parametrize("members", [2_001, 10_000, 20_000])
def test_too_many_members_are_refused_at_once(tmp_path, read, members):
    path = tmp_path / "ada.zip"
    with zipfile.ZipFile(path, "w") as file:
        for i in range(members):
            file.writestr(f"{i}", b"")
    began = time.process_time()
    assert is_refused(read(path), "holds more than 2,000 files")
    assert time.process_time() - began < 1


def test_a_huge_archive_is_refused_and_never_read_whole(tmp_path, read):
    with (tmp_path / "ada.zip").open("wb") as file:
        file.truncate(64 << 30)
    assert is_refused(read(tmp_path / "ada.zip"), "larger than the limit of 20,000,000 bytes")


def test_every_truncation_of_an_archive_is_unreadable_or_a_problem(zipped, read):
    path = zipped(GOOD)
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        assert read(path).status == SubmissionStatus.UNREADABLE


def test_no_single_flipped_byte_makes_it_raise(zipped, read):
    path = zipped(GOOD)
    whole = path.read_bytes()
    for i in range(len(whole)):
        path.write_bytes(whole[:i] + bytes([whole[i] ^ 0xFF]) + whole[i + 1 :])
        read(path)


def test_something_else_called_zip_is_unreadable(tmp_path, read):
    (tmp_path / "ada.zip").write_bytes(b"Rar!\x1a\x07\x01\x00")
    answer = read(tmp_path / "ada.zip")
    assert answer.status == SubmissionStatus.UNREADABLE
    assert answer.note.startswith("ada.zip is not a zip archive")


def test_a_damaged_module_does_not_take_the_other_with_it(zipped, read):
    path = zipped({"from_scratch.py": os.urandom(500), "with_torch.py": "y = 2\n"})
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(data)
    answer = read(path)
    assert "damaged in the archive" in answer.reading.problems["from_scratch"]
    assert list(answer.reading.modules) == ["with_torch"]


def test_names_with_anything_in_them_are_shown_inert(zipped, read):
    answer = read(zipped({**GOOD, 'a"\x1b[31m\u202e.txt': "", "=cmd()": "", "z\nz": ""}))
    assert answer.reading.strays == ("=cmd()", 'a"\\x1b[31m\\u202e.txt', "z z")


def test_an_empty_archive_is_said_to_be_empty(zipped, read):
    answer = read(zipped({}))
    assert answer.status == SubmissionStatus.NOT_FOUND
    assert answer.note.startswith("The submission is empty; expected from_scratch.py and with_torch.py, or a notebook.")


def test_a_deflate_stream_that_is_garbage_is_a_problem(tmp_path, read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("from_scratch.py", "x = 1\n" * 50)
    packed = zlib.compress(b"x = 1\n" * 50)[2:-4]
    data = buffer.getvalue()
    assert packed in data
    (tmp_path / "ada.zip").write_bytes(data.replace(packed, b"\xff" * len(packed)))
    answer = read(tmp_path / "ada.zip")
    assert answer.status == SubmissionStatus.UNREADABLE
    assert "from_scratch.py is damaged in the archive" in answer.note
