"""`python -m grader feedback`: each learner's pages in a folder that goes to that learner, and to nobody else."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.core.errors import ExportError
from grader.results.export.exported import LeftOut, match
from grader.results.export.feedback_folders import Participant, folders_of, read_participants
from grader.results.export.roster import Person

WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade"
"Participant 812","Ada Lovelace",ada@uni.example,"Submitted for grading - ",,5.00
"Participant 813","Zoë_Two Parts",zoe@uni.example,"Submitted for grading - ",,5.00
"Participant 814","Grace Hopper",grace@uni.example,"No submission - ",,5.00
"""


@dataclass
class Packed:
    """What came of it: the exit status, what was printed, and what was written."""

    code: int
    said: str
    out: Path

    @property
    def files(self) -> dict[str, bytes]:
        if self.out.suffix == ".zip":
            with zipfile.ZipFile(self.out) as archive:
                return {name: archive.read(name) for name in archive.namelist()}
        return {p.relative_to(self.out).as_posix(): p.read_bytes() for p in self.out.rglob("*") if p.is_file()}

    @property
    def folders(self) -> set[str]:
        return {name.split("/")[0] for name in self.files}

    @property
    def left_out(self) -> dict[str, str]:
        with self.out.with_name(f"{self.out.name}.left-out.csv").open(encoding="utf-8", newline="") as file:
            return {row["student"]: row["why"] for row in csv.DictReader(file)}


@pytest.fixture
def pack(small_class: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Packed]:
    def run(name: str, *options: str) -> Packed:
        given = ["--course", str(small_class.root), "feedback", "--results", str(small_class.results)]
        code = main([*given, "--out", str(tmp_path / name), *options])
        printed = capsys.readouterr()
        return Packed(code, printed.out + printed.err, tmp_path / name)

    return run


@pytest.fixture
def with_moodle(pack: Callable[..., Packed], small_class: Any, tmp_path: Path) -> Callable[..., Packed]:
    def run(worksheet: str, roster: str | None = None, name: str = "moodle.zip") -> Packed:
        (tmp_path / "worksheet.csv").write_text(worksheet, encoding="utf-8")
        if roster:
            (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
        who = tmp_path / "roster.csv" if roster else small_class.roster
        return pack(name, "--by", "moodle", "--moodle", str(tmp_path / "worksheet.csv"), "--roster", str(who))

    return run


def moodle_s_number(path: str) -> int | None:
    """Whose a file is, as `is_valid_filename_for_import` of Moodle finds it, before 4.1 and since."""
    for part in path.split("/"):
        pieces = part.split("_", 4)
        if len(pieces) == 5 and pieces[1].isdigit() and pieces[2:4] == ["assignsubmission", "file"]:
            return int(pieces[1])
    return None


def test_every_learner_has_a_folder_with_the_same_pages_as_beside_the_results(pack: Any, small_class: Any) -> None:
    packed = pack("pages")
    assert packed.code == 0
    with (small_class.results / "feedback_index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(packed.files) == 2 * len(rows) == 34
    for row in rows:
        for kind in ("html", "text"):
            page = Path(row[kind])
            there = packed.files[f"{page.stem}/feedback{page.suffix}"]
            assert there == (small_class.results / "feedback" / page).read_bytes()
    assert "the pages of 17 learners" in packed.said
    assert "2 learners of these: not graded in full, because of a failure on our side." in packed.said
    assert not packed.out.with_name("pages.left-out.csv").exists()


def test_a_zip_file_has_the_same_and_is_the_same_again(pack: Any) -> None:
    folder, one, two = pack("pages"), pack("one.zip"), pack("two.zip")
    assert one.files == folder.files
    assert one.out.read_bytes() == two.out.read_bytes()


def test_by_e_mail_address_whoever_has_none_is_listed_and_has_no_page(
    pack: Any, small_class: Any, tmp_path: Path
) -> None:
    roster = tmp_path / "people.csv"
    roster.write_text(small_class.roster.read_text("utf-8").replace("r@uni.example", "").replace("m@uni", "../m@uni"))
    packed = pack("pages", "--by", "email", "--roster", str(roster))
    assert packed.code == 0
    assert {"ada@uni.example", "zoe@uni.example"} < packed.folders
    assert b"Feedback for ada\n" in packed.files["ada@uni.example/feedback.txt"]
    assert packed.left_out["refused"] == "no email in the roster"
    assert packed.left_out["mended"] == "an e-mail address that can't name a folder"
    assert packed.left_out["李"] == "not in the roster"
    assert packed.left_out["nobody"] == "in the roster, and nothing handed in"
    assert not any("@" not in folder for folder in packed.folders)
    assert "refused: no email in the roster." in packed.said
    assert f"They are listed in {packed.out.with_name('pages.left-out.csv')}." in packed.said


def test_moodle_finds_each_learner_of_the_worksheet_by_the_folder(with_moodle: Any) -> None:
    packed = with_moodle(WORKSHEET)
    assert packed.code == 0
    assert packed.folders == {
        "Ada Lovelace_812_assignsubmission_file_",
        "Zoë Two Parts_813_assignsubmission_file_",
    }
    whose = {moodle_s_number(path): data for path, data in packed.files.items() if path.endswith(".txt")}
    assert b"Feedback for ada\n" in whose[812]
    assert b"Feedback for Zoe" in whose[813]
    assert packed.left_out["trusty"] == "not found in Moodle's file"
    assert packed.left_out["Participant 814"] == "in Moodle's file, and nobody's result"


NUMBERED = [Participant("812", "Ada Lovelace", "ada@uni.example"), Participant("813", "Grace Hopper", login="gh03")]


@pytest.mark.parametrize(
    "entry", ["812", "ada@uni.example", "Ada Lovelace", "Ada_812_assignsubmission_file_", "ada LOVELACE"]
)
def test_an_entry_may_be_called_by_whatever_moodle_s_file_says_of_one_participant(entry: str) -> None:
    left_out: list[LeftOut] = []
    folders = folders_of(match([entry], None).people, (), NUMBERED, left_out)
    assert folders == {entry: "Ada Lovelace_812_assignsubmission_file_"}
    assert left_out == [LeftOut("Participant 813", "in Moodle's file, and nobody's result", "Grace Hopper")]


def test_an_entry_s_own_number_that_is_another_s_in_moodle_fits_nobody() -> None:
    left_out: list[LeftOut] = []
    roster = {"812": Person("812", "Grace Hopper", login="gh03")}
    assert folders_of(roster, (), NUMBERED, left_out) == {}
    assert left_out == [LeftOut("812", "may be participant 812 or 813 of Moodle's file", "Grace Hopper")]


@pytest.mark.parametrize("ending", ["_", "_ada.zip"])
def test_the_unpacked_download_tells_the_participants_as_the_worksheet_does(tmp_path: Path, ending: str) -> None:
    """Moodle packs it in folders, or, when it is told so, without."""
    for name in ("Ada Lovelace_812_assignsubmission_file", "李_813_assignsubmission_file", "a"):
        (tmp_path / f"{name}{ending}").mkdir()
    (tmp_path / "Ada Lovelace_812_assignsubmission_onlinetext_").mkdir()
    found = read_participants(tmp_path)
    assert [one.folder for one in found] == ["Ada Lovelace_812_assignsubmission_file_", "李_813_assignsubmission_file_"]


def test_the_download_is_not_unpacked_here(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr("Ada Lovelace_812_assignsubmission_file_/ada.zip", b"")
    with pytest.raises(ExportError, match=r"download.zip is an archive\. Unpack it and give its folder"):
        read_participants(tmp_path / "download.zip")


def test_anonymous_submissions_have_numbers_and_no_names(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"Teilnehmer_{number}_assignsubmission_file_").mkdir()
    found = read_participants(tmp_path)
    assert [(one.name, one.folder) for one in found] == [
        ("", "Participant_1_assignsubmission_file_"),
        ("", "Participant_2_assignsubmission_file_"),
    ]


ANOTHER = '"Participant 900","{name}",{email},"Submitted for grading - ",,5.00\n'


@pytest.mark.parametrize(
    ("worksheet", "roster", "why"),
    [
        pytest.param(
            WORKSHEET + ANOTHER.format(name="Ada Two", email="ada@uni.example"),
            None,
            "may be participant 812 or 900 of Moodle's file",
            id="two participants with one address",
        ),
        pytest.param(
            WORKSHEET.replace("Ada Lovelace", "Bob Builder"),
            "student,name,email\nada,Ada Lovelace,ada@uni.example\n",
            'would be participant 812 of Moodle\'s file, who is called "Bob Builder" there',
            id="the address of somebody with another name",
        ),
        pytest.param(
            WORKSHEET + ANOTHER.format(name="Ada Byron", email="byron@uni.example"),
            "student,name,email\nada,Ada Byron,ada@uni.example\n",
            "may be participant 812 or 900 of Moodle's file",
            id="the address of one and the name of another",
        ),
        pytest.param(
            WORKSHEET,
            "student,name,email\nada,Ada Lovelace,\nelse,Ada Lovelace,\ntrusty,T,zoe@uni.example\n",
            "may be participant 812 of Moodle's file, and so may somebody else",
            id="two learners of one name, of whom one handed nothing in",
        ),
        pytest.param(
            WORKSHEET,
            "student,email\nada,elsewhere@uni.example\ntrusty,zoe@uni.example\n",
            "not found in Moodle's file",
            id="an address that Moodle doesn't know",
        ),
    ],
)
def test_nobody_gets_a_page_that_may_be_somebody_else_s(
    with_moodle: Any, worksheet: str, roster: str | None, why: str
) -> None:
    packed = with_moodle(worksheet, roster)
    assert f"ada: {why}." in packed.said
    if packed.code == 0:
        assert packed.left_out["ada"] == why
        assert not any(b"Feedback for ada\n" in data for data in packed.files.values())
    else:
        assert not packed.out.exists()


def test_when_nobody_is_found_nothing_is_written(with_moodle: Any) -> None:
    packed = with_moodle(WORKSHEET.replace("@uni", "@other").replace("Ada", "Eve").replace("Two Parts", "Three"))
    assert packed.code == 2
    assert "There is no page to return, and nothing was written." in packed.said
    assert [path.name for path in packed.out.parent.iterdir()] == ["worksheet.csv"]


@pytest.mark.parametrize("name", ["pages", "pages.zip"])
@pytest.mark.parametrize("there", ["out", "left out"])
def test_nothing_is_written_over(pack: Any, tmp_path: Path, name: str, there: str) -> None:
    taken = tmp_path / (name if there == "out" else f"{name}.left-out.csv")
    taken.write_text("mine")
    packed = pack(name)
    assert packed.code == 2
    assert packed.said == f"grader: {taken} is there already, and nothing is written over. Give another --out.\n"
    assert [path.name for path in tmp_path.iterdir()] == [taken.name]
    assert taken.read_text() == "mine"


def test_an_empty_folder_may_be_there_and_one_that_holds_something_may_not(pack: Any, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    assert pack("pages").code == 0
    before = pack("pages")
    assert before.code == 2
    assert "is there already" in before.said


def test_where_nothing_can_be_written_a_sentence_says_so(pack: Any) -> None:
    packed = pack("nowhere/pages.zip")
    assert packed.code == 2
    assert "nowhere/pages.zip can't be written: No such file or directory." in packed.said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--by", "email"], "--by email needs --roster"),
        (["--by", "moodle"], "--by moodle needs --moodle"),
        (["--moodle", "x.csv"], "Did you mean --by moodle?"),
        (["--roster", "x.csv"], "Did you mean --by email?"),
        (
            ["--by", "moodle", "--moodle", "nowhere.csv"],
            "The grading worksheet nowhere.csv can't be read: No such file",
        ),
    ],
)
def test_options_that_do_not_fit_are_a_sentence(pack: Any, options: list[str], said: str) -> None:
    packed = pack("pages", *options)
    assert packed.code == 2
    assert said in packed.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Identifier,x\n", "names no participant"),
        ("Identifier,x\nParticipant 1,a\nParticipant 1,b\n", "line 3: participant 1 is there twice"),
        ("student,x\nada,a\n", 'line 2: expected Moodle\'s identifier in the first column, such as "Participant 812"'),
    ],
)
def test_what_is_no_worksheet_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "w.csv").write_text(text)
    with pytest.raises(ExportError, match=said):
        read_participants(tmp_path / "w.csv")


def test_a_folder_that_is_no_download_and_one_with_two_names_for_a_number_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    with pytest.raises(ExportError, match=r'is not what Moodle\'s Download all submissions gives.*found "ada"'):
        read_participants(tmp_path)
    for name in ("Ada", "Eve"):
        (tmp_path / f"{name}_1_assignsubmission_file_").mkdir()
    with pytest.raises(ExportError, match='participant 1 is there under two names, "Ada" and "Eve"'):
        read_participants(tmp_path)
