"""The roster: written by people and spreadsheets, read strictly, and with sentences that lead to the mistake."""

from __future__ import annotations

import csv
import io
from itertools import product
from pathlib import Path

import pytest

from grader.core.errors import ExportError
from grader.results.export.roster_file import read_roster


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
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        b"\xff\xfe" + PLAIN.replace(",", "\t").replace("\t Ann", ", Ann").replace('"', "").encode("utf-16-le"),
        "\ufeff\ufeff".encode() + PLAIN.encode(),
        PLAIN.replace("\n", ",,,\n").encode(),
        PLAIN.replace("student,login,email", '"STUDENT","\u00a0Login ","E-MAIL"').encode(),
        PLAIN.replace("student,login,email", "\n\n\nStudent,SIS\u00a0LOGIN\u00a0ID,email address").encode(),
        PLAIN.replace("ada,al01", 'ada,"=""al01"""').replace(",oh02", ",\u00a0oh02\u200b").encode(),
        b"student;Name, first and last, if any;login;email\nada;x;al01;ada@uni.example\nO'Hara, Ann;;oh02;ann@uni.example\n",
    ],
)
def test_it_is_read_however_a_program_writes_it(tmp_path: Path, data: bytes) -> None:
    people = read_roster(written(tmp_path, data)).people
    assert [(p.student, p.login, p.email) for p in people] == [
        ("ada", "al01", "ada@uni.example"),
        ("O'Hara, Ann", "oh02", "ann@uni.example"),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["sep={}", "SEP={}", '"sep={}"', "sep={},,,", "\n sep={}"])
def test_a_line_that_tells_a_spreadsheet_the_separator_is_skipped(tmp_path: Path, separator: str, line: str) -> None:
    rows = [line.format(separator), separator.join(("student", "login", "email")), separator.join(("ada", "al01", ""))]
    text = "\n".join([*rows, "bob"])
    for encoding, end in product(("utf-8", "utf-8-sig", "utf-16"), ("\n", "\r\n", "\r")):
        people = read_roster(written(tmp_path, text.replace("\n", end).encode(encoding))).people
        assert [(p.student, p.login, p.line) for p in people] == [
            ("ada", "al01", 3 + line.count("\n")),
            ("bob", "", 4 + line.count("\n")),
        ]


def test_a_separator_line_that_says_another_one_is_not_believed(tmp_path: Path) -> None:
    people = read_roster(written(tmp_path, "sep=;\nstudent,login\nada,al01\n")).people
    assert [(p.student, p.login) for p in people] == [("ada", "al01")]
    assert "line 2: unknown column" in problem(tmp_path, "sep=,\nstudent,logn\nada,al01\n")


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
        ("email", "ada", "not an e-mail address"),
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


SPOILT = [
    "1.23457E+11",
    "1,23E+11",
    "2.3e+10",
    "1E+15",
    "1.23E11",
    "9.9E-05",
    " 1.23457E+11\u00a0",
    "12345.0",
    "12345,00",
    "########",
    "#N/A",
    "#VALUE!",
]


@pytest.mark.parametrize("column", ["student", "login", "sis_id", "canvas_id", "idnumber"])
def test_a_number_that_a_spreadsheet_spoilt_is_refused_with_line_and_column(tmp_path: Path, column: str) -> None:
    for value in SPOILT:
        row = f'"{value}";x' if column == "student" else f"ada;{value}"
        said = problem(tmp_path, f"student;{'name' if column == 'student' else column}\nx1;12345\n{row}\n")
        assert f"line 3, column {column}: " in said, value
        assert "have it read as text" in said, value


@pytest.mark.parametrize(
    "values",
    [
        ["1e5", "3E10", "12e3"],  # a name may look like that; a spreadsheet writes a sign, or decimals
        ["7", "12", "113"],
        ["007", "012", "113"],
        ["00123", "123456"],  # of several lengths anyway
        ["a007", "12"],
        ["1234567890123450", "S1"],  # one alone ends in a zero by chance
        ["1234567890123450", "1234567890123456"],
        ["1.5", "v1.0"],
    ],
)
def test_a_number_that_is_as_it_was_is_taken(tmp_path: Path, values: list[str]) -> None:
    rows = "".join(f"s{number},{value}\n" for number, value in enumerate(values))
    people = read_roster(written(tmp_path, f"student,sis_id\n{rows}")).people
    assert [person.sis_id for person in people] == values


def test_numbers_that_have_lost_zeros_or_digits_are_told_by_the_others_of_their_column(tmp_path: Path) -> None:
    said = problem(tmp_path, "student,sis_id\nada,00123\nbob,89\neve,45678\nzoe,\n")
    assert 'line 3, column sis_id: "89" is shorter than "00123" in line 2' in said
    assert said.count(", line ") == 1
    said = problem(tmp_path, "student,idnumber\nada,12345678901234500\nbob,98765432109876000\neve,5\n")
    assert 'line 2, column idnumber: "12345678901234500" ends in zeros' in said
    assert "line 3" in said
    assert "line 4" not in said


@pytest.mark.parametrize(
    ("first", "second"), [("ada", "ADA"), ("ada", "ada "), (" ada", "\u00a0Ada"), ("ada", "\uff41\uff44\uff41")]
)
def test_two_that_are_one_login_to_people_cannot_both_be_there(tmp_path: Path, first: str, second: str) -> None:
    assert "is there twice: line 2 has it already" in problem(tmp_path, f"student\n{first}\n{second}\n")


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("Last Name,First Name", "Lovelace,Ada"),
        ("first name,SURNAME", "Ada,Lovelace"),
        ("LastName,FirstName", "Lovelace,Ada"),
        ("Sortable name,x", '"Lovelace, Ada",y'),
        ("Name,Sortable Name", '"Lovelace, Ada",z'),
    ],
)
def test_a_name_in_several_columns_is_one_name(tmp_path: Path, headings: str, row: str) -> None:
    (person,) = read_roster(written(tmp_path, f"{headings},student\n{row},al01\n")).people
    assert (person.student, person.name) == ("al01", "Lovelace, Ada")


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


LEARNERS = [("Lovelace", "Ada", "12", "S-12", "al01"), ("O'Hara", "Ann; Zed", "13", "", "oh02")]


@pytest.mark.parametrize("names", ["Student", "Last Name,First Name", "LastName,FirstName", "FIRST NAME,last name"])
@pytest.mark.parametrize(
    "sis", ["SIS User ID,SIS Login ID", "SIS Login ID", "sis login id,SIS  User ID", "SIS User ID"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_gradebook_is_known_however_its_columns_are_set(tmp_path: Path, names: str, sis: str, separator: str) -> None:
    headings = [*names.split(","), "ID", *sis.split(","), "Section", "Notes", "The lesson, all (98765)", ""]
    rows = [headings, [""] * len(headings), ["    Points Possible", *[""] * (len(headings) - 3), "5", ""]]
    for last, first, number, sis_id, login in LEARNERS:
        cells = {"student": f"{last}, {first}", "lastname": last, "firstname": first, "id": number, "section": "A"}
        cells |= {"sisuserid": sis_id, "sisloginid": login}
        rows.append([cells.get(heading.lower().replace(" ", ""), "") for heading in headings])
    rows.append([*(["Student, Test"] if names == "Student" else sorted(["Test", "Student"], reverse="FIRST" in names))])
    rows[-1] += ["99", *["x" for _ in sis.split(",")]]
    for separator in ",;\t":
        table = io.StringIO()
        csv.writer(table, delimiter=separator).writerows(rows)
        roster = read_roster(written(tmp_path, "\ufeff" + table.getvalue()))
        has_login, has_sis = "login" in sis.lower(), "user" in sis.lower()
        assert [(p.name, p.canvas_id, p.sis_id, p.login, p.section) for p in roster.people] == [
            (f"{last}, {first}", number, sis_id if has_sis else "", login if has_login else "", "A")
            for last, first, number, sis_id, login in LEARNERS
        ]
        assert roster.people[0].student == ("al01" if has_login else "S-12")
        assert roster.named_by == ("login", "sis_id", "canvas_id")
        assert roster.headings[-2] == "The lesson, all (98765)"


def test_a_column_of_a_gradebook_that_is_called_like_one_of_ours_is_not_taken_for_it(tmp_path: Path) -> None:
    text = "Student,ID,SIS Login ID,Section,Name,Login,Email\nLovelace,12,al01,A,pet name,pet,none\n"
    (person,) = read_roster(written(tmp_path, text)).people
    assert (person.name, person.login, person.email) == ("Lovelace", "al01", "")


@pytest.mark.parametrize("number", ["Participant 812", "Teilnehmer/in 812", "812"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_grading_worksheet_of_moodle_is_a_roster(tmp_path: Path, number: str, separator: str) -> None:
    lines = [
        ["Identifier", "Full name", "Email address", "Status", "Grade"],
        [number, "Ada Lovelace", "ada@uni.example", "", ""],
    ]
    roster = read_roster(written(tmp_path, "\n".join(map(separator.join, lines))))
    (person,) = roster.people
    assert (person.student, person.name, person.email) == ("812", "Ada Lovelace", "ada@uni.example")
    assert roster.ignored == ("Status", "Grade")


def test_a_roster_with_a_column_student_keeps_an_identifier_of_its_own(tmp_path: Path) -> None:
    roster = read_roster(written(tmp_path, "identifier,student\nx 12,ada\n"))
    assert (roster.people[0].student, roster.ignored) == ("ada", ("identifier",))
