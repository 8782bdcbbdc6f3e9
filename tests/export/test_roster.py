"""The roster: written by people and spreadsheets, read strictly, and with sentences that lead to the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import ExportError
from grader.export.roster_file import read_roster


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problem(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ExportError) as caught:
        read_roster(written(folder, text))
    return str(caught.value)


PLAIN = 'student,login,email\nada,al01,ada@uni.example\n"O\'Hara, Ann",oh02,ann@uni.example\n'


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("student,", "Student ,").replace(",login,email", ",SIS Login ID,E-mail").encode(),
        b'student;login;email\nada;al01;ada@uni.example\n"O\'Hara, Ann";oh02;ann@uni.example\n',
        b"student\tlogin\temail\nada\tal01\tada@uni.example\nO'Hara, Ann\toh02\tann@uni.example\n",
        PLAIN.replace("ada,", "\n,,\nada,").encode(),
    ],
)
def test_it_is_read_however_a_program_writes_it(tmp_path: Path, data: bytes) -> None:
    people = read_roster(written(tmp_path, data)).people
    assert [(p.student, p.login, p.email) for p in people] == [
        ("ada", "al01", "ada@uni.example"),
        ("O'Hara, Ann", "oh02", "ann@uni.example"),
    ]


def test_names_keep_commas_quotes_line_ends_and_scripts(tmp_path: Path) -> None:
    names = ['Ann "Zed", Esq.', "two\nlines", "李雷", "=cmd()", "\u202ex"]
    cells = "".join(f'"s{n}","{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(names))
    people = read_roster(written(tmp_path, f"student,name\n{cells}")).people
    assert [person.name for person in people] == names
    assert [person.line for person in people] == [2, 3, 5, 6, 7]


def test_a_column_that_was_misspelt_is_named_with_a_suggestion(tmp_path: Path) -> None:
    said = problem(tmp_path, "student,emial\nada,a@b.example\n")
    assert 'line 1: unknown column "emial". Did you mean "email"?' in said


def test_columns_that_mean_nothing_here_are_ignored_and_listed(tmp_path: Path) -> None:
    roster = read_roster(written(tmp_path, "student,Institution,First name\nada,X,Ada\n"))
    assert roster.ignored == ("Institution", "First name")


def test_without_the_column_student_it_says_which_ones_there_are(tmp_path: Path) -> None:
    said = problem(tmp_path, "name,email\nAda,a@b.example\n")
    assert 'no column "student"' in said
    assert '"name", "email"' in said


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("email", "ada", "no e-mail address"),
        ("canvas_id", "eleven", "digits only"),
        ("github", "a b", "GitHub user name"),
        ("login", "=cmd()", "begins like a formula"),
        ("sis_id", "a\u200bb", "invisible characters"),
        ("idnumber", '"a\nb"', "line end"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_line_and_column(
    tmp_path: Path, column: str, value: str, words: str
) -> None:
    said = problem(tmp_path, f"student,{column}\nada,\nbob,{value}\n")
    assert f"line 3, column {column}: " in said
    assert words in said


def test_two_learners_cannot_share_what_tells_them_apart(tmp_path: Path) -> None:
    said = problem(tmp_path, "student,login,email\nada,x1,a@b.example\nbob,X1,b@b.example\nada,y,A@b.example\n")
    assert 'line 3, column login: "X1" is there twice: line 2 has it already.' in said
    assert 'line 4, column student: "ada" is there twice: line 2' in said
    assert "line 4, column email" in said


def test_empty_cells_are_no_duplicates(tmp_path: Path) -> None:
    assert len(read_roster(written(tmp_path, "student,login\nada,\nbob,\n")).people) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("student,login\n", "names no learner"),
        ("student,login,login\nada,a,b\n", 'two columns mean "login"'),
        ("student,login\nada,a,b\n", "line 2: has 3 cells"),
        ("student,login\n,a\n", "line 2, column student: is empty"),
        ('student,login\n"ada,a\n', "not a table"),
        (b"student,name\nada,Zo\xeb\n", "line 2: expected UTF-8"),
    ],
)
def test_what_is_no_roster_is_a_sentence(tmp_path: Path, text: str | bytes, words: str) -> None:
    assert words in problem(tmp_path, text)


def test_no_such_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="can't be read"):
        read_roster(tmp_path / "nowhere.csv")


def test_a_gradebook_that_canvas_exported_is_a_roster(tmp_path: Path) -> None:
    """Header, posting row and points row as lib/gradebook_exporter.rb of canvas-lms writes them."""
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,The lesson (98765),Current Score\n"
        ",,,,,Manual Posting,\n"
        "    Points Possible,,,,,5.00,(read only)\n"
        '"Lovelace, Ada",11,S1,al01,"Section 1 and Section 2",,90.0\n'
        '"=""=Zoe""",12,,zo02,Section 1,N/A,\n'
        '"Student, Test",13,,5f2a,Section 1,,\n'
    )
    roster = read_roster(written(tmp_path, text))
    assert [(p.student, p.canvas_id, p.sis_id, p.login) for p in roster.people] == [
        ("al01", "11", "S1", "al01"),
        ("zo02", "12", "", "zo02"),
    ]
    assert roster.people[0].name == "Lovelace, Ada"
    assert "The lesson (98765)" in roster.headings
