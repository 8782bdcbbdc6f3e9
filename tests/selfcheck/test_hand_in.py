"""`pytest exercises --submit NAME`, run for real, and what it writes graded by the real grading."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lesson_points import EXERCISES, TOTAL
from tests.selfcheck.conftest import LESSON, Course, Ran, solution
from tests.selfcheck.notebooks import solved, write_notebook

pytestmark = pytest.mark.slow

WRONG = "def mse(t1, t2):\n    return t1[len(t1)]"
FILES = ["from_scratch.py", "with_torch.py"]


@dataclass(frozen=True)
class HandedIn:
    """A learner's course, what `--submit` said, and what the grading gave for the archive."""

    course: Course
    ran: Ran
    graded: dict

    @property
    def holds(self) -> list[str]:
        return holding(self.course.folder / f"{self.graded['student']}.zip")

    @property
    def shown(self) -> float:
        """The points that the self-check showed."""
        found = re.search(rf"([\d.]+) of {TOTAL} points", self.ran.out)
        assert found, self.ran.out + self.ran.err
        return float(found[1])


def in_modules(course: Course) -> None:
    course.solve().change(mse=WRONG)


def in_the_notebook(course: Course) -> None:
    write_notebook(course.lesson / "lesson.ipynb", {**solved("to_tensors", "model", "fit"), "mse": WRONG})


def in_both(course: Course) -> None:
    course.change(mse=solved()["mse"])
    write_notebook(course.lesson / "lesson.ipynb", solved("to_tensors", "make_loader"))


def in_a_broken_module(course: Course) -> None:
    course.solve()
    course.write("with_torch", solution("with_torch").replace("def fit(", "def fit(:"))


def in_one_module(course: Course) -> None:
    course.solve()
    (course.lesson / "with_torch.py").unlink()


def nowhere(course: Course) -> None:
    """The stubs and the notebook as they were given."""


CASES = {
    "ada": (in_modules, ()),
    "bo": (in_the_notebook, ()),
    "Cleo & Söhne": (in_both, ("--source", "notebook")),
    "dan": (in_a_broken_module, ()),
    "eve": (in_one_module, ()),
    "fay": (nowhere, ()),
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, kit) -> dict[str, HandedIn]:
    """All cases, handed in one by one and graded at once; and one that handed in the lesson's whole folder instead."""
    submissions = tmp_path_factory.mktemp("submissions")
    done: dict[str, tuple[Course, Ran]] = {}
    for number, (name, (work, more)) in enumerate(CASES.items()):
        course = Course(tmp_path_factory.mktemp("learner") / str(number))
        work(course)
        done[name] = course, course.run("exercises", "--submit", name, *more)
        shutil.copy(course.folder / f"{name}.zip", submissions)
    shutil.copytree(done["bo"][0].lesson, submissions / "whole folder")
    grading = kit("grade", submissions, out=tmp_path_factory.mktemp("out") / "results")
    assert grading.code == 0, grading.text
    results = grading.results
    assert set(results) == {*CASES, "whole folder"}
    found = {name: HandedIn(course, ran, results[name]) for name, (course, ran) in done.items()}
    return {**found, "whole folder": HandedIn(*done["bo"], results["whole folder"])}


@pytest.mark.parametrize("name", CASES)
def test_the_archive_is_graded_and_gets_the_points_that_the_self_check_showed(handed_in, name):
    case = handed_in[name]
    assert case.graded["status"] == "graded"
    # Of a module with a line that is no Python the self-check shows that line only; grading takes what it doesn't break.
    assert case.graded["score"] == case.shown + (TOTAL - 25 if name == "dan" else 0)
    assert case.graded["note"] == ""
    assert f"Handing in: Linear regression with PyTorch, as {name}" in case.ran.out
    size = (case.course.folder / f"{name}.zip").stat().st_size
    assert f"Written: {name}.zip, {size:,} bytes." in case.ran.out
    assert max(map(len, case.ran.out.splitlines())) <= 80


def test_the_cases_earn_what_is_meant(handed_in):
    # `train` needs `mse`, and is wrong with it.
    scores = {name: case.graded["score"] for name, case in handed_in.items()}
    assert scores == {
        "ada": TOTAL - 9,
        "bo": 11,
        "Cleo & Söhne": 5,
        "dan": TOTAL - 5,
        "eve": 20,
        "fay": 0,
        "whole folder": 11,
    }


def test_modules_that_were_worked_in_are_handed_in_without_the_notebook(handed_in):
    case = handed_in["ada"]
    assert case.holds == FILES
    assert case.ran.code == 1  # pytest's own: something is wrong
    assert f"Done: {len(EXERCISES) - 2} of {len(EXERCISES)} exercises.\n  Not right yet: mse, train.\n" in case.ran.out
    assert re.search(r"from_scratch.py  [\d,]+ bytes   5 of 5 written, saved \d{4}-\d\d-\d\d \d\d:\d\d\n", case.ran.out)
    assert "lesson.ipynb is left aside: nothing is written there." in case.ran.out


def test_a_notebook_that_was_worked_in_is_handed_in_without_the_stubs_which_would_count(handed_in):
    case = handed_in["bo"]
    assert case.holds == ["lesson.ipynb"]
    assert "from_scratch.py and with_torch.py are left aside: nothing is written there." in case.ran.out
    # The self-check is that of the notebook, with its cells.
    assert "From scratch (exercises/linear_regression/lesson.ipynb)" in case.ran.out
    assert re.search(r"where +cell \d+, line 2:  return t1\[len\(t1\)\]", case.ran.next)
    assert 'Try again with: check("mse") in the notebook' in case.ran.next
    assert case.ran.row("train").endswith("to do")


def test_in_the_whole_folder_the_notebook_that_was_worked_in_counts_and_not_the_stubs(handed_in):
    assert handed_in["whole folder"].graded["exercises"] == handed_in["bo"].graded["exercises"]


def test_work_in_both_is_never_guessed_at(handed_in):
    course = handed_in["Cleo & Söhne"].course
    ran = course.run("exercises", "--submit", "Cleo K")
    assert ran.code == 4
    assert "There is work in several places, and only one of them can count:\n" in ran.err
    assert re.search(rf"^  modules +1 of {len(EXERCISES)} written, saved ", ran.err, re.MULTILINE)
    assert re.search(rf"^  lesson.ipynb +2 of {len(EXERCISES)} written, saved ", ran.err, re.MULTILINE)
    assert '\n  pytest exercises --submit "Cleo K" --source modules\n' in ran.err
    assert '\n  pytest exercises --submit "Cleo K" --source lesson.ipynb\n' in ran.err
    assert not (course.folder / "Cleo K.zip").exists()
    assert "points" not in ran.out


def test_what_is_broken_or_missing_is_said_and_handed_in_all_the_same(handed_in):
    said = one_line(handed_in["dan"].ran.out)
    assert re.search(r"! with_torch.py is not Python: line \d+, .*\. Correct this line first", said)
    assert handed_in["dan"].holds == FILES
    said = one_line(handed_in["eve"].ran.out)
    assert "! with_torch.py is missing. Without it there are no points for make_loader, fit, predict" in said
    assert handed_in["eve"].holds == ["from_scratch.py"]


def test_when_nothing_is_written_that_is_said(handed_in):
    case = handed_in["fay"]
    assert case.ran.code == 0
    assert "! Nothing is written yet: handed in like this, it earns no points." in case.ran.out
    assert case.holds == FILES


def test_again_from_the_lesson_s_folder_in_ascii_and_with_pytest_s_own_report(handed_in):
    course = handed_in["ada"].course
    before = (course.folder / "ada.zip").read_bytes()
    (course.lesson / "from_scratch.py").touch()
    surroundings = {"PYTHONIOENCODING": "ascii", "FORCE_COLOR": "1", "NO_COLOR": "1"}
    ran = course.run("--submit", "Zoë.zip", "-q", "-k", "mse", cwd=f"exercises/{LESSON}", **surroundings)
    assert ran.code == 1
    assert "test_mse.py" in ran.out
    assert "as Zo\\xeb\n" in ran.out
    assert "Not checked: to_tensors, model," in ran.out
    assert "\x1b" not in ran.out
    assert (course.lesson / "Zoë.zip").read_bytes() == before
    assert not [path for path in course.lesson.iterdir() if path.name.endswith(".part")]


def test_an_earlier_hand_in_is_replaced_and_an_archive_that_can_not_be_written_is_a_failure(handed_in):
    course = handed_in["fay"].course
    course.change(mse=solved()["mse"])
    ran = course.run("exercises", "--submit", "fay", "-k", "mse")
    assert ran.code == 0
    assert "Written, in place of an earlier one: fay.zip, " in ran.out
    with zipfile.ZipFile(course.folder / "fay.zip") as archive:
        assert archive.read("from_scratch.py") == (course.lesson / "from_scratch.py").read_bytes()
    (course.folder / ".new.zip.tmp").mkdir()
    ran = course.run("exercises", "--submit", "new", "-k", "mse")
    assert ran.code == 4
    assert "new.zip can't be written in " in ran.out
    assert not (course.folder / "new.zip").exists()


def test_a_program_that_can_not_be_stopped_is_handed_in_too(course):
    endless = """
        def mse(t1, t2):
            import signal
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            while True:
                pass
    """
    ran = course.change(mse=endless).run("exercises", "--submit", "ada", "-o", "selfcheck_seconds=0.3", "-k", "mse")
    assert ran.code == 1
    assert "The self-check ends here" in ran.err
    assert "Written: ada.zip, " in ran.err
    assert holding(course.folder / "ada.zip") == FILES


def test_a_broken_file_of_checks_is_no_reason_to_hand_nothing_in(course):
    (course.lesson / "checks" / "test_mse.py").write_text("import nothing_of_that_name")
    ran = course.run("exercises", "--submit", "ada")
    assert ran.code == 2
    assert "Not checked: to_tensors, " in ran.out
    assert holding(course.folder / "ada.zip") == FILES


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT to the run itself")
def test_whoever_stops_the_run_hands_nothing_in(course):
    code = "import os, signal\ndef mse(t1, t2):\n    os.kill(os.getpid(), signal.SIGINT)"
    ran = course.change(mse=code).run("exercises", "--submit", "ada", "-k", "mse")
    assert ran.code == 2
    assert "ada.zip was not written." in ran.out
    assert not (course.folder / "ada.zip").exists()


@pytest.mark.parametrize("where", ["", "exercises", "exercises/linear_regression"])
def test_without_a_name_it_says_what_to_type_and_that_works(course, where):
    ran = course.run(*(["--submit"] if where else ["exercises", "--submit"]), cwd=where)
    assert ran.code == 4
    command = re.search(r"Say your name, as the course knows it: pytest(.*)", ran.err)
    assert command
    assert "usage:" not in ran.err
    again = course.run(*command[1].split(), cwd=where)
    assert "Written: ada.zip" in again.out


def test_it_says_when_it_is_due_and_where_it_goes(course):
    file = course.folder / "course.toml"
    text = file.read_text(encoding="utf-8")
    zone = '[course]\ntime_zone = "Europe/Berlin"\nsubmit_to = "the course\'s page, under Assignments"\n'
    file.write_text(text.replace("[course]\n", zone, 1), encoding="utf-8")
    ran = course.run("exercises", "--submit", "ada", "-k", "mse")
    assert "  Due: Tuesday, 15 December 2026, 00:59 (Europe/Berlin)." in ran.out
    assert ran.out.endswith("This is the file to hand in. Hand it in here: the course's page, under\nAssignments.\n")


def holding(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def one_line(text: str) -> str:
    return " ".join(text.split())
