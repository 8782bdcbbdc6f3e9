"""Downloads that are damaged, or made to do harm: nothing outside the folder is touched, and what is left out is said."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import grader.collecting.download as download_module

GOOD = "ok_18_9004_x.zip"


@pytest.mark.parametrize(
    "name",
    [
        "../d_14_9003_x.zip",
        "/tmp/d_14_9003_x.zip",
        "C:/d_14_9003_x.zip",
        "A_15_assignsubmission_file_/../../16.zip",
        "A_15_assignsubmission_file_/..\\16.zip",
        "A_15_assignsubmission_file_//x.py",
        "A_15_assignsubmission_file_/" + "d/" * 80 + "x.py",
        "A_15_assignsubmission_file_/" + "é" * 200,
    ],
)
def test_a_path_that_leads_elsewhere_is_left_out(
    packed: Callable, collect: Callable, tmp_path: Path, name: str
) -> None:
    good = "F_18_assignsubmission_file_/x.zip"
    done = collect(packed({name: "evil", good: "good"}), "moodle")
    assert (done.code, done.files) == (0, {"18.zip": "good"})
    assert len(done.left_out) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"download.zip", "out"}


def test_links_are_left_out_of_archives_and_folders(collect: Callable, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        link = zipfile.ZipInfo("eve_13_9001_x.zip")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, str(secret))
        archive.writestr(GOOD, "good")
    folder = tmp_path / "unpacked"
    folder.mkdir()
    (folder / GOOD).write_text("good")
    (folder / "eve_13_9001_x.zip").symlink_to(secret)
    os.mkfifo(folder / "eve_13_9002_y.zip")
    (folder / "eve_13_9003_z").symlink_to(tmp_path)
    for download, left_out in ((tmp_path / "download.zip", 1), (folder, 3)):
        done = collect(download, "canvas", out=f"out-{left_out}")
        assert done.files == {"18.zip": "good"}
        assert [*done.left_out.values()] == ["a link, or another thing that is no plain file"] * left_out


def test_a_damaged_file_is_left_out_and_all_others_are_taken(packed: Callable, collect: Callable) -> None:
    archive = packed({"a_11_9001_x.zip": "damaged here", GOOD: "good"})
    archive.write_bytes(archive.read_bytes().replace(b"damaged here", b"damaged hear"))
    done = collect(archive, "canvas")
    assert done.files == {"18.zip": "good"}
    assert "can't be read" in done.left_out["a_11_9001_x.zip"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"Rar!\x1a\x07\x00"])
def test_what_is_no_archive_is_refused_with_a_sentence(collect: Callable, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "download.zip").write_bytes(content)
    done = collect(tmp_path / "download.zip", "canvas")
    assert (done.code, done.files) == (2, {})
    assert "can't be read as a .zip" in done.wrong
    assert "There is no" in collect(tmp_path / "nothing.zip", "canvas").wrong


def test_what_would_fill_the_disk_is_refused_before_anything_is_written(
    packed: Callable, collect: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    archive = packed({"a_11_9001_x.zip": "x" * 100, GOOD: "y" * 100})
    monkeypatch.setattr(download_module, "FILE_BYTES", 99)
    assert "MB; expected at most" in collect(archive, "canvas").wrong
    monkeypatch.setattr(download_module, "FILE_BYTES", 100)
    monkeypatch.setattr(download_module, "DOWNLOAD_BYTES", 199)
    assert "Nothing was unpacked" in collect(archive, "canvas").wrong
    monkeypatch.setattr(download_module, "MOST_FILES", 1)
    assert "holds more than 1 files" in collect(archive, "canvas").wrong
    assert not (tmp_path / "out").exists()


def test_names_are_shown_without_their_control_characters(packed: Callable, collect: Callable) -> None:
    done = collect(packed({"=cmd\x1b[2J\u202e.html": "", GOOD: ""}), "canvas")
    assert "\x1b" not in done.said
    assert "\u202e" not in done.said
    assert [name.startswith("'=cmd") for name in done.left_out] == [True]


def test_what_has_no_room_on_the_disk_is_refused(
    packed: Callable, collect: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=3))
    done = collect(packed({GOOD: "good"}), "canvas")
    assert (done.code, done.files) == (2, {})
    assert "Nothing was unpacked" in done.wrong


def test_a_disk_that_fills_up_is_told_and_the_next_collect_goes_on(
    packed: Callable, collect: Callable, tmp_path: Path
) -> None:
    files = {"a_11_9001_x.zip": "a", "b_12_9002_y.py": "b", "b_12_9003_z.py": "z" * 3_000_000}
    command = (
        f"ulimit -f 1000; {sys.executable} -m grader collect {packed(files)} --from canvas --out {tmp_path / 'out'}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "File too large" in done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"11.zip", "collected.csv"}
    again = collect(tmp_path / "download.zip", "canvas")
    assert again.files == {"11.zip": "a", "12/y.py": "b", "12/z.py": "z" * 3_000_000}
    assert "2 learners: 1 new, 1 the same as before." in again.said
