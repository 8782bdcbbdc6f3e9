"""The recipe that makes entries of what Canvas and Moodle pack: every file finds its learner, and none is written over."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, read_page

pytestmark = pytest.mark.slow

Made = Callable[..., tuple[dict[str, str], str]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Run it on a download of these names; each file holds its name. Gives what there is now, and what was said."""
    script = next(f for f in read_page(ROOT / "docs" / "which-way.md").fences if f.option("file") == "entries.py")
    (tmp_path / "entries.py").write_text(script.text, encoding="utf-8")

    def run(*names: str) -> tuple[dict[str, str], str]:
        with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
            for name in names:
                archive.writestr(name, "" if name.endswith("/") else name)
        command = [sys.executable, "entries.py", "download.zip", "out"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert not done.stderr, done.stderr
        out = tmp_path / "out"
        found = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()}
        assert sorted(path.name for path in tmp_path.iterdir()) == ["download.zip", "entries.py", "out"]
        return found, done.stdout

    return run


@pytest.mark.parametrize("ending", ["zip", "ZIP", "Zip", "ipynb", "IPYNB", "iPyNb"])
@pytest.mark.parametrize(
    "name",
    [
        "lovelaceada_11_9001_work.{}",
        "lovelaceada_LATE_11_9001_work-1.{}",
        "lovelaceada_11_9001_work+(1).{}",
        "Ada Lovelace_11_assignsubmission_file_/work.{}",
        "Ada Lovelace_11_assignsubmission_file_work.{}",
        "Participant_11_assignsubmission_file/work (2).{}",
    ],
)
def test_an_archive_or_a_notebook_is_an_entry_whatever_the_case_of_its_ending(
    made: Made, name: str, ending: str
) -> None:
    name = name.format(ending)
    assert made(name) == ({f"11.{ending.lower()}": name}, "")


@pytest.mark.parametrize(
    "name",
    ["from_scratch.py", "from_scratch (1).py", "from_scratch+(12).py", "from_scratch-3.py", "from_scratch-1 (2).py"],
)
def test_a_number_that_was_put_behind_a_name_is_taken_off(made: Made, name: str) -> None:
    canvas, moodle = f"d_14_9005_{name}", f"E F_15_assignsubmission_file_/deep/er/{name}"
    found, said = made(canvas, "d_14_9006_with_torch.py", moodle)
    assert found == {
        "14/from_scratch.py": canvas,
        "14/with_torch.py": "d_14_9006_with_torch.py",
        "15/deep/er/from_scratch.py": moodle,
    }
    assert not said


@pytest.mark.parametrize(
    "names",
    [
        ["first.zip", "second.zip"],
        ["lesson.ipynb", "f.zip"],
        ["from_scratch-1.py", "from_scratch-2.py"],
        ["from_scratch.py", "From_Scratch (1).PY"],
        ["from_scratch.py", "from_scratch-1.py", "from_scratch (1).py", "data.csv"],
        ["hw.tar.gz"],
        ["lesson.ipynb.txt"],
        ["lesson.ipynb", "lesson-1.ipynb"],
    ],
)
def test_nothing_that_was_handed_in_is_lost(made: Made, names: list[str]) -> None:
    handed_in = [f"c_13_{9000 + number}_{name}" for number, name in enumerate(names)]
    found, said = made(*handed_in)
    assert sorted(found.values()) == sorted(handed_in)
    assert {path.split("/")[0] for path in found} == {"13"}
    several = len({name.lower().replace(" (1)", "").replace("-1", "").replace("-2", "") for name in names}) < len(names)
    assert ("several files of one name" in said) == several


def test_what_is_nobody_s_or_leads_out_of_the_folder_is_left_aside_with_a_word(made: Made) -> None:
    strange = ["index.html", "a_11_text.html", "__MACOSX/._b_12_9002_x.zip", "../d_14_9003_x.zip"]
    strange += ["A_15_assignsubmission_file_/../../16.zip", "B_17_assignsubmission_onlinetext_/x.html"]
    found, said = made(*strange, "e_18_9004_x.zip", "F_19_assignsubmission_file_/")
    assert found == {"18.zip": "e_18_9004_x.zip"}
    assert [line for line in said.splitlines() if line.startswith("Left aside: ")] == [
        f"Left aside: {name!a}" for name in strange
    ]


def test_a_folder_that_holds_something_is_left_as_it_is(made: Made, tmp_path: Path) -> None:
    before, _ = made("a_11_9001_x.zip")
    command = [sys.executable, "entries.py", "download.zip", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "holds something already" in done.stderr
    assert (tmp_path / "out" / "11.zip").read_text() == before["11.zip"]
