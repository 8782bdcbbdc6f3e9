"""`grader similar`: what an instructor sees of works that agree, and what becomes of it (nothing)."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.core.records import CheckResult, CheckStatus, ExerciseResult, ExerciseStatus, SubmissionResult
from grader.core.records import SubmissionStatus as Status
from grader.course.load import load_course
from grader.derived.derived_files import given_forms
from grader.reading.forms import forms_of
from grader.reading.read import read_file
from grader.results.record_rows import BatchKey
from grader.results.store import ResultStore
from tests.conftest import ROOT, Run

Kit = Callable[..., Any]
ODD_MSE = """
def mse(t1, t2):
    # the mean of the squares
    total = t1.new_zeros(())
    for place in range(len(t1.reshape(-1))):
        gap = t1.reshape(-1)[place] - t2.reshape(-1)[place]
        total = total + abs(gap) ** 2.0 / 7
    return total * 7 / len(t1.reshape(-1))
"""
SAME_MSE = """
def mse(guess, truth):
    \"\"\"My own loss. <script>alert(1)</script>\"\"\"
    s = guess.new_zeros(())
    for i in range(len(guess.reshape(-1))):
        difference = guess.reshape(-1)[i] - truth.reshape(-1)[i]
        s = abs(difference) ** 2.0 / 7 + s
    return s * 7 / len(guess.reshape(-1))
"""
ODD_PREDICT = """
def predict(model, region):
    numbers = [float(each) for each in region]
    answer = model(torch.stack([torch.tensor(numbers)] * 3))
    return answer.detach()[1 + 1]
"""
USUAL = {
    "abs": "def mse(t1, t2):\n    return (t1 - t2).abs().square().mean()\n",
    "pow": "def mse(t1, t2):\n    return (t1 - t2).pow(2).mean()\n",
    "norm": "def mse(t1, t2):\n    return (t1 - t2).norm() ** 2 / t1.numel()\n",
}
WRITTEN = "<b>eve & co"


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "similar.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def page(out: Path) -> str:
    return (out / "similar.html").read_text(encoding="utf-8")


def lines_of(html: str, name: str) -> dict[str, str]:
    """The code that is shown of somebody, with how many works have what is shared of it."""
    found: dict[str, str] = {}
    for figure in re.findall(r"<figure>(.*?)</figure>", html, re.DOTALL):
        if f"<bdi>{name}</bdi>" in figure:
            for works, code in re.findall(r'<span class="works">(?:in (\d+))?.*?</span><code>(.*?)</code>', figure):
                found[unescape(code).strip()] = works
    return found


def digest_of(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, kit: Kit, submit: Callable[..., Path]) -> Run:
    """A class of nine, in which eve took over ada's odd loss and gus last year's odd prediction; and who is left out."""
    folder = tmp_path_factory.mktemp("similar")
    now, earlier, results = folder / "now", folder / "2025", folder / "results"
    submit(now, "ada", mse=ODD_MSE)
    submit(now, WRITTEN, mse=SAME_MSE)
    submit(now, "gus", predict=ODD_PREDICT)
    for name, code in USUAL.items():
        submit(now, name, mse=code)
        submit(now, f"{name}-too", mse=code)
    (now / "hal").mkdir()
    (now / "hal" / "from_scratch.py").write_text("def mse(:\n", encoding="utf-8")
    (now / "ivy").mkdir()
    submit(earlier, "zoe", predict=ODD_PREDICT.replace("numbers", "xs").replace("answer", "y"))
    submit(earlier, "yan")
    store_of(results, {"ada": "odd", WRITTEN: "odd"})
    before = digest_of(now), digest_of(earlier), digest_of(results)
    run: Run = kit("similar", now, "--earlier", earlier, "--results", results, out=folder / "out")
    assert run.code == 0, run.text
    assert (digest_of(now), digest_of(earlier), digest_of(results)) == before
    return run


def store_of(folder: Path, mistakes: dict[str, str], assignment: str = "linear_regression") -> None:
    """Results in which these learners made mistakes in `mse`."""
    exercises = load_course(ROOT).assignments["linear_regression"].exercises
    with ResultStore.create(folder, BatchKey(assignment, 7, "cpu", "digest", "0.1.0")) as store:
        for student in {*mistakes, "ada", "abs", "pow"}:
            made = []
            for id, each in exercises.items():
                mistake = mistakes.get(student) if id == "mse" else None
                status = (
                    (ExerciseStatus.FAILED, CheckStatus.FAILED)
                    if mistake
                    else (ExerciseStatus.PASSED, CheckStatus.PASSED)
                )
                points = 0.0 if mistake else float(each.points)
                checks = (CheckResult("test_values", status[1], points, each.points),)
                made.append(ExerciseResult(id, status[0], points, each.points, checks, misconception=mistake))
            store.put(SubmissionResult(student, Status.GRADED, tuple(made)), student, 0.1)
    (folder / "results.jsonl").touch()


def test_what_was_taken_over_under_other_names_stands_first(compared: Run) -> None:
    first, second = rows(compared.out)[:2]
    assert {first["student"], first["other"]} == {"ada", WRITTEN}
    assert (first["parts"], first["rarest"], first["submissions"], first["earlier"]) == ("mse", "2", "11", "")
    assert first["same_mistakes"] == "mse: odd"
    assert (second["student"], second["other"], second["earlier"]) == ("gus", "zoe", "2025")
    assert float(first["surprise"]) > float(second["surprise"]) > 1.5 * float(rows(compared.out)[2]["surprise"])
    assert "9 submissions and 2 earlier ones, 54 pairs compared." in compared.stdout
    assert re.search(r"[\d.]+ +<b>eve & co, ada +mse +2 of 11", compared.stdout)
    assert "This decides nothing: they can agree by chance" in compared.stdout


def test_both_sources_are_shown_and_what_is_shared_is_marked_with_how_many_have_it(compared: Run) -> None:
    html = page(compared.out)
    ada, zoe = lines_of(html, "ada"), lines_of(html, "zoe (2025)")
    assert ada["gap = t1.reshape(-1)[place] - t2.reshape(-1)[place]"] == "2"
    assert ada["return total * 7 / len(t1.reshape(-1))"] == "2"
    assert ada["return x @ w.t() + b"] == ""  # what everybody has is there, and isn't marked
    assert (
        zoe["answer = model(torch.stack([torch.tensor(numbers)] * 3))".replace("answer", "y").replace("numbers", "xs")]
        == "2"
    )
    assert "The same mistake, which 2 learners made: odd." in unescape(html)
    assert "For instructors only" in html
    assert "Nothing is decided here, and nothing of this enters points or feedback." in html


def test_whatever_learners_wrote_is_text_and_the_page_runs_no_script(compared: Run) -> None:
    html = page(compared.out)
    assert "<b>" not in html
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;eve &amp; co" in html
    assert "default-src 'none'; style-src 'sha256-" in unescape(html)


def test_what_cannot_be_read_is_left_out_and_named(compared: Run) -> None:
    assert "Not compared: hal: nothing in it can be read as Python." in compared.stdout
    assert "Not compared: ivy: The submission is empty" in compared.stdout


@pytest.mark.slow
def test_a_mistake_that_few_made_makes_an_agreement_more_surprising(compared: Run, tmp_path: Path, kit: Kit) -> None:
    store_of(tmp_path / "usual", dict.fromkeys(("ada", WRITTEN, "abs", "gus", "pow"), "odd"))
    folder = compared.out.parent
    given = (folder / "now", "--earlier", folder / "2025", "--results", tmp_path / "usual")
    run = kit("similar", *given, out=tmp_path / "out")
    assert run.code == 0, run.text
    theirs = [
        next(float(row["surprise"]) for row in rows(out) if {row["student"], row["other"]} == {"ada", WRITTEN})
        for out in (compared.out, run.out)
    ]
    assert theirs[0] > theirs[1] > 0


@pytest.mark.slow
def test_what_was_given_and_what_many_wrote_say_nothing(tmp_path: Path, kit: Kit, submit: Callable[..., Path]) -> None:
    for number in range(2):
        submit(tmp_path / "all", f"as-given-{number}")  # only these two have the reference's loss
    for number in range(3):
        submit(tmp_path / "all", f"usual-{number}", mse=USUAL["pow"])
    for number in range(4):
        submit(tmp_path / "all", f"other-{number}", mse=f"def mse(t1, t2):\n    return {number}\n")
    run = kit("similar", tmp_path / "all", out=tmp_path / "out")
    assert run.code == 0, run.text
    assert "No two of them share anything that is rare." in run.stdout
    assert rows(run.out) == []
    assert "No two submissions share anything that is rare." in page(run.out)


# What stands in a function that is still to do: ours, nbgrader's, and what learners leave there.
TO_DO = re.compile(r'raise NotImplementedError\((\\?"|\').*?\1\)')
STILL = (
    "raise NotImplementedError('to do')",
    "raise NotImplementedError()",
    "raise NotImplementedError",
    "pass",
    "...",
)


@pytest.mark.parametrize("still", STILL)
@pytest.mark.parametrize("lesson", ["linear_regression", "digits"])
def test_work_that_nobody_has_begun_holds_only_what_was_given(lesson: str, still: str) -> None:
    assignment = load_course(ROOT).assignments[lesson]
    given = given_forms(ROOT, assignment)
    for file in (*(ROOT / "exercises" / lesson).glob("*.py"), ROOT / "exercises" / lesson / "lesson.ipynb"):
        text, count = TO_DO.subn(still, file.read_text(encoding="utf-8"))
        assert count
        for module in read_file(file.name, text.encode(), assignment).modules.values():
            forms = forms_of(module.text)
            assert forms
            assert {form.digest for form in forms} <= given


def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, submit: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    now, out = tmp_path / "now", tmp_path / "out"
    submit(now, "ada")
    store_of(tmp_path / "other", {}, assignment="another")

    def said(*arguments: object) -> str:
        status = main(["similar", *map(str, arguments)])
        return f"{status} {capsys.readouterr().err}"

    found = {
        said(tmp_path / "none", "--out", out): "2 grader: There is no folder none.",
        said(now, "--out", out): "2 grader: There is nothing to compare: 1 submission could be read.",
        said(now, "--out", now / "out"): "lies in a folder of submissions. Give a folder outside of it.",
        said(now, "--results", tmp_path / "other", "--out", out): "are of the assignment another, not",
        said(now, "--results", now, "--out", out): "2 grader: There are no results in",
    }
    assert {text: sentence for text, sentence in found.items() if sentence not in text} == {}
    assert not out.exists()
