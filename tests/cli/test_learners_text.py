"""What learners write and are called reaches people as text, and as nothing else: through the real `grade`, in every
place where it is shown, byte for byte."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.lesson_points import TOTAL

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SGR = "\x1b[38;5;201m"  # a colour that nothing of ours is in
NASTY = (
    f"=cmd|' {SGR}pink\x1b]0;title\x07\x9b2J\u202egnp\u2066\u200b\u2028{'Z' + chr(0x301) * 8}"
    '[red]m[/red]:skull:{{7*7}}{%raw%}<img src=x onerror=alert(1)>"\' onmouseover="x";=1+1;\t\r\n`<b>`\U000e0041\ue000'
)
MOST_SPECIAL = NASTY + "\ud800</textarea></script><script>alert(1)</script>\x00"
NAMES = {
    "nasty": NASTY.replace("/", "")[:90],
    "bytes": os.fsdecode(b"\xff\xfe=1\xed\xa0\x80"),
    "zalgo": "Z" + "\u0301\u0489" * 40 + "[red]x",
    "formula": "=1+1;=cmd()",
    "later formula": 'a";=1+1;"',
    "blank": "\u3164\u200b",
    "template": "{{7*7}}{%raw%}",
    "page": '"><svg onload=alert(1)>',
    "long": "n" * 255,
    "other": "x/../..\\y:z*?.html".replace("/", "\u2215"),
}
NO_END = "class End(Exception):\n def __str__(self): raise SystemExit(0)\n"

Text = tuple[str, str]


def live(text: str, towers: bool = True) -> list[str]:
    """What in it is more than text on lines."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    found = [repr(c) for c in text if c != "\n" and unicodedata.category(c) in hidden]
    marks = "".join("m" if unicodedata.category(c) in ("Mn", "Me") else " " for c in text)
    return found + (["a tower of marks"] if towers and "mmmmm" in marks else [])


def lines_of(function: str, *body: str) -> str:
    return "\n".join([f"def {function}(*a):", *(f"    {line}" for line in body)])


@pytest.fixture(scope="module")
def hostile_class(tmp_path_factory: pytest.TempPathFactory, submit: Callable[..., Path]) -> Path:
    """A learner for each place that text can be put in."""
    folder = tmp_path_factory.mktemp("shown") / "class"
    odd = repr(NASTY)
    most = repr(MOST_SPECIAL)
    submit(folder, "raises", mse=lines_of("mse", f"raise type({odd}, (Exception,), {{}})({most} * 500_000)"))
    submit(folder, "exits", mse=lines_of("mse", *NO_END.splitlines(), "raise End()"))
    submit(folder, "values", to_tensors=lines_of("to_tensors", f"return {{{most}: [{most}] * 99}}, {odd}"),
           model=lines_of("model", f"return {most}"), mse=lines_of("mse", f"return type({odd}, (), {{}})()"),
           predict=lines_of("predict", f"return {most} * 100_000"))  # fmt: skip
    comment = NASTY.replace("\n", "").replace("\r", "")
    submit(folder, "line", mse=lines_of("mse", f"return 1 / 0  # {comment}"))
    named = "def g():", "    raise NotImplementedError", f"g.__code__ = g.__code__.replace(co_name={odd})", "g()"
    submit(folder, "function", mse=lines_of("mse", *named))
    printing = submit(folder, "prints") / "with_torch.py"
    text = printing.read_text(encoding="utf-8")
    assert text.count('print(f"Epoch') == 1
    printing.write_text(text.replace('print(f"Epoch', f"print({odd}); print('Epoch [' + {odd} * 1000); print(f\"Epoch"))
    broken = f"def made():\n    raise ImportError({most}, name={most})\n\nMADE = made()\n\n"
    submit(folder, "import", mse=broken + lines_of("mse", "return MADE"))
    submit(folder, "syntax", mse=lines_of("mse", f"return \u202e {comment}"))
    stray = submit(folder, "stray")
    for name in NAMES.values():
        (stray / name).touch()
    for name in (
        "conftest.py",
        "pytest.ini",
        "sitecustomize.py",
        "torch.py",
        "json.py",
        "course.toml",
        "results.jsonl",
    ):
        (stray / name).write_text("import os; os.abort()\n")
    (stray / "grader").mkdir()
    (stray / "grader" / "__init__.py").write_text("import os; os.abort()\n")
    missing = folder / "missing"
    missing.mkdir()
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    for number, name in enumerate(NAMES.values()):
        (missing / name).touch()
        (notebooks / f"{name[:60]}{number}.ipynb").write_text("{}")
        (folder / f"{name[:60]}{number}.txt").touch()
        (folder / name).mkdir()
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": f"# {NASTY}"},
        {"cell_type": "code", "source": f"def mse(a, b):\n  return {comment}", "metadata": {"nbgrader": {"grade_id": NASTY}}},
        {"cell_type": "code", "source": f"def model(x, w, b):\n  raise ValueError({most})  # {comment}"},
    ]  # fmt: skip
    (folder / "cells.ipynb").write_text(json.dumps({"cells": cells}))
    (folder / "torn.ipynb").write_text(json.dumps({"cells": cells})[:-9])
    return folder


@pytest.fixture(scope="module")
def told(hostile_class: Path, kit: Callable[..., Any]) -> list[Any]:
    """All of them graded, points given with a nasty reason, and some mistyped: each with a pipe for a terminal."""
    out = hostile_class.parent / "out"
    done = kit("grade", hostile_class, out=out)
    reason = NASTY.replace("\ue000", "")
    more = kit("override", "set", "raises", "mse", "3", "--reason", reason, "--by", reason, out=out)
    listed = kit("override", "list", "--history", out=out)
    unknown = kit("override", "set", NASTY, NASTY, "3", "--reason", "x", out=out)
    nobody = kit("grade", hostile_class, "--only", NAMES["nasty"][:-1], out=out.with_name("none"))
    assert [done.code, more.code, listed.code, unknown.code, nobody.code] == [0, 0, 0, 2, 2], done.text + more.text
    return [done, more, listed, unknown, nobody]


@pytest.fixture(scope="module")
def run(told: list[Any]) -> Any:
    """The grading."""
    return told[0]


def files(out: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != "results.db":
            yield path, path.read_text(encoding="utf-8")


def test_everybody_has_a_result_and_nothing_of_the_run_is_lost(run: Any, hostile_class: Path) -> None:
    assert len(run.results) == sum(1 for entry in os.scandir(hostile_class) if not entry.name.endswith(".txt"))
    assert {one["status"] for one in run.results.values()} == {"graded", "not_found", "unreadable"}


def test_each_way_to_be_shown_was_taken(run: Any) -> None:
    feedback = {student: json.dumps(one, ensure_ascii=False) for student, one in run.results.items()}
    for student in ("raises", "values", "line", "function", "import", "cells", "stray", "missing"):
        assert "38;5;201m" in feedback[student], student
    assert "U+202E" in feedback["syntax"]
    assert "can't be shown" in feedback["exits"]
    assert "{{7*7}}" in feedback["stray"]


def test_the_output_on_a_pipe_is_text(told: list[Any]) -> None:
    for each in told:
        assert not live(each.text), each.text
        assert "Traceback" not in each.text
        assert len(each.text) < 60_000


def test_every_file_is_text_and_short(run: Any) -> None:
    found = dict(files(run.out))
    assert len(found) > 2 * len(run.results)
    for path, text in found.items():
        assert not live(text, towers=path.name != "results.jsonl"), path.name
        # The class's page shows something of everybody.
        assert len(text) < (120_000 if path.name == "class.html" else 60_000) or path.name == "results.jsonl", path.name


def test_file_names_of_pages_are_plain(run: Any) -> None:
    for page in (run.out / "feedback").iterdir():
        assert len(page.name.encode()) < 160
        assert re.fullmatch(r"[\w .\u0300-\u036f\u0483-\u0489-]+", page.name), page.name
        assert page.name[0] not in " .-=+@"


def test_what_a_program_reads_from_the_results_is_text_but_for_the_name(run: Any) -> None:
    for one in run.results.values():
        for text in [one["note"], *(each["feedback"] for each in one["exercises"].values())]:
            assert not live(text)
            assert len(text) < 13_000
    names = set(run.results)
    assert NAMES["nasty"] in names
    assert "\\xff\\xfe=1\\xed\\xa0\\x80" in names


def test_the_database_holds_nothing_live_but_the_names(run: Any) -> None:
    with sqlite3.connect(f"file:{run.out / 'results.db'}?mode=ro", uri=True) as database:
        for table in ("submissions", "exercises", "checks", "overrides"):
            rows = database.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    assert column == "student" or not live(str(value)), (table, column)


class Tags(HTMLParser):
    """Every tag and attribute of a page, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[Text] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def test_pages_have_no_tag_attribute_or_link_of_a_learner(run: Any, hostile_class: Path) -> None:
    pages = {path.name: Tags(text) for path, text in files(run.out / "feedback") if path.suffix == ".html"}
    plain = pages["raises.html"]
    for name, page in pages.items():
        assert page.tags <= plain.tags | {"section", "dl", "dt", "dd", "code", "a"}, name
        assert {key for key, _ in page.attributes} <= {
            "lang", "charset", "http-equiv", "content", "name", "class", "max", "value", "aria-label", "aria-hidden",
            "href", "id",
        }, name  # fmt: skip
        assert all(re.fullmatch(r"#[a-z_]+", value) for key, value in page.attributes if key == "href"), name
    assert "{{7*7}}" in pages["stray.html"].words
    assert "<svg onload=alert(1)>" in pages["stray.html"].words
    assert "<img src=x onerror=alert(1)>" in pages["raises.html"].words


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
def test_no_cell_is_a_formula_whatever_a_spreadsheet_takes_for_the_separator(run: Any, separator: str) -> None:
    for name in ("grades.csv", "feedback_index.csv", "overrides.csv"):
        with (run.out / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter=separator))
        assert len(rows) == (2 if name == "overrides.csv" else 1 + len(run.results)), name
        for cell in (cell for row in rows for cell in row):
            assert not cell.strip().startswith(("=", "+", "-", "@", "|", "\uff1d")), (name, cell)


def test_the_gradebook_gives_names_back_as_documented(run: Any) -> None:
    with (run.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, student in zip(rows, run.results, strict=True):
        assert None not in row
        is_graded = run.results[student]["status"] == "graded"
        assert row["score"] == (f"{run.results[student]['score']:g}" if is_graded else "")
        if student.isprintable() and "\\" not in student and not live(student):
            assert row["student"].removeprefix("'") == student
    assert {row["student"] for row in rows} >= {"'=1+1;=cmd()", 'a";=1+1;"', "n" * 255}


def test_planted_files_change_nothing_and_are_named(run: Any) -> None:
    stray = run.results["stray"]
    assert stray["score"] == TOTAL
    for name in ("conftest.py", "course.toml", "grader", "json.py", "pytest.ini", "results.jsonl", "sitecustomize.py"):
        assert name in stray["note"]


# What can't be graded has a learner's text in its row and in the reason; to grade others as well takes longer.
UNREAD = ("missing", "notebooks", *(name for name in NAMES.values() if name != NAMES["bytes"]))


@pytest.mark.parametrize(
    "students",
    [UNREAD, ("raises", "stray", *UNREAD)],
    ids=["what can't be read", "what is graded too"],
)
def test_a_terminal_gets_only_what_is_ours(hostile_class: Path, tmp_path: Path, students: tuple[str, ...]) -> None:
    ours, theirs = pty.openpty()
    only = [word for student in students for word in ("--only", student)]
    out = str(tmp_path / "out")
    command = [sys.executable, "-m", "grader", "grade", str(hostile_class), "--out", out, "--jobs", "1", *only]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while piece := _read(ours):
        shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    text = shown.decode("utf-8")
    assert SGR not in text
    assert "\x1b" in text, "it was not taken for a terminal"
    assert "\\x1b[38;5;201m" in text
    rest = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
    assert not live(rest)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""  # Linux's way to say that nobody writes there any more
