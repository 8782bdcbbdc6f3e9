"""A class that has been graded: a person grades on top in the real formgrader, and then it is graded again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest

from tests.nbgrader.course import (
    EXERCISES,
    LESSON,
    POINTS,
    ROOT,
    Done,
    NbCourse,
    grade_id,
    make_course,
    nothing_works_in,
    text_of,
)
from tests.nbgrader.formgrader import formgrader
from tests.nbgrader.learners import BY_ROWS, EVIL, IN_TIME, copied

pytestmark = pytest.mark.slow

LATE = "2026-12-15 20:00:00.0 UTC"
STOCK = "--Autograde.exporter_class=nbconvert.exporters.NotebookExporter"


class Graded(NamedTuple):
    course: NbCourse
    out: Path


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Four learners of the real lesson, graded once. Tests that do something to it take a copy."""
    folder = tmp_path_factory.mktemp("nbgrader")
    course = make_course(folder / "course", real=True)
    answered = course.solved(mse=BY_ROWS)
    answered.cells[-1].source = f"The gradient points uphill. {EVIL}"
    course.hand_in("ada", course.solved(), time=IN_TIME)
    course.hand_in("bob", answered, time=IN_TIME)
    course.hand_in("eve", course.solved(mse=BY_ROWS), time=LATE)
    course.hand_in("kim", course.released(), time=IN_TIME)
    course.grade(folder / "out", "--seed", "7", "--jobs", "1")
    return Graded(course, folder / "out")


class Again(NamedTuple):
    course: NbCourse
    out: Path
    pages: dict[str, str]
    listed: list[dict[str, Any]]
    said: Done


@pytest.fixture(scope="module")
def again(graded: Graded, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """A person has graded by hand, learners have handed in anew, and the batch has gone on."""
    folder = tmp_path_factory.mktemp("again")
    course = copied(graded.course, folder)
    out = folder / "out"
    subprocess.run(["cp", "-r", str(graded.out), str(out)], check=True)
    with formgrader(course) as person:
        listed = person.get(f"submissions/{LESSON}")
        pages = {
            "submissions": person.page(f"manage_submissions/{LESSON}"),
            "bob": person.page(f"submissions/{person.notebook('bob')}/"),
        }
        person.grade("bob", "check-mse", 3, extra=0.5)
        person.comment("bob", "mse", "You nearly have it.")
        person.grade("bob", "why", 1.5)
        person.grade("eve", "check-mse", 1)
    _override(out)
    course.hand_in("eve", course.solved(), time=LATE)
    course.hand_in("ada", course.solved(model="def model(x, w, b):\n    return x"), time="2026-12-14 23:59:30.0 UTC")
    course.tell("UPDATE grade_cells SET max_score = 20 WHERE id IN (SELECT id FROM base_cell WHERE name = 'check-fit')")
    said = course.grade(out, "--resume", "--jobs", "1")
    return Again(course, out, pages, listed, said)


def _override(out: Path) -> None:
    command = [sys.executable, "-m", "grader", "override", "set", "kim", "mse", "2.5", "--by", "helena"]
    subprocess.run(
        [*command, "--reason", "Shown on paper.", "--out", str(out)], cwd=ROOT, check=True, capture_output=True
    )


def test_the_formgrader_lists_everybody_with_our_scores(again: Again) -> None:
    listed = {row["student"]: row for row in again.listed}
    assert {student: row["score"] for student, row in listed.items()} == {"ada": 30, "bob": 21, "eve": 21, "kim": 0}
    assert {student for student, row in listed.items() if row["needs_manual_grade"]} == {"bob"}
    assert all(row["autograded"] and row["submitted"] for row in listed.values())
    assert "Manage Submissions" in again.pages["submissions"]


def test_the_formgrader_shows_the_learners_own_work(again: Again) -> None:
    text = "\n".join(text_of(again.pages["bob"]))
    assert "The gradient points uphill." in text
    assert "check-mse" in text


def test_what_a_learner_writes_does_not_work_in_the_formgrader(again: Again) -> None:
    nothing_works_in(again.pages["bob"])


def test_a_persons_points_and_comments_stay(again: Again) -> None:
    grade = again.course.grades("bob")["check-mse"]
    assert grade == {"auto": 0.0, "manual": 3.0, "extra": 0.5, "waits": 0}
    ours, theirs = again.course.comments("bob")["mse"]
    assert theirs == "You nearly have it."
    assert "not right yet, 0 of 4 points" in (ours or "")
    assert again.course.grades("bob")["why"] == {"auto": None, "manual": 1.5, "extra": None, "waits": 0}


def test_where_the_checks_find_something_else_now_the_person_is_asked_again(again: Again) -> None:
    grade = again.course.grades("eve")["check-mse"]
    assert grade == {"auto": 4.0, "manual": 1.0, "extra": None, "waits": 1}
    assert "eve: waits for a person: mse" in again.said.text


def test_what_was_handed_in_anew_is_graded_and_nothing_old_remains(again: Again) -> None:
    assert "2 of 4 submissions have a result already" in again.said.text
    assert again.course.grades("ada")["check-model"]["auto"] == 0
    assert "not right yet" in (again.course.comments("ada")["model"][0] or "")
    answer = next(cell for cell in again.course.autograded("ada").cells if grade_id(cell) == "model")
    assert answer.source.endswith("return x")


def test_the_table_at_the_end_has_those_who_were_graded_now_and_totals_of_all(again: Again) -> None:
    text = again.said.text
    rows = [line.split()[1] for line in text.splitlines() if line.startswith(("✓  ", "◐  ", "○  ", "✗  "))]
    assert rows == ["ada", "eve"]
    assert "… and 2 more in grades.csv\n4 submissions: 4 graded." in text
    assert f"Written to {again.course.folder / 'gradebook.db'}: 4 submissions." in text


def test_a_point_of_ours_is_as_much_of_the_cells_points(again: Again) -> None:
    for student in ("ada", "bob", "eve"):
        assert again.course.grades(student)["check-fit"]["auto"] == 20
    assert again.course.grades("kim")["check-fit"]["auto"] == 0


def test_points_that_were_set_with_override_count(again: Again) -> None:
    assert again.course.grades("kim")["check-mse"]["auto"] == 2.5
    assert "set by a person: Shown on paper." in (again.course.comments("kim")["mse"][0] or "")


def test_the_penalty_is_of_what_a_person_gave(again: Again) -> None:
    assert again.course.nbgrader("export", "--to=grades.csv").code == 0
    rows = (again.course.folder / "grades.csv").read_text().splitlines()
    eve = next(row for row in rows if ",eve," in row).split(",")
    raw = sum(POINTS.values()) - 4 + 1 + 15  # mse by hand, and fit is worth 20
    assert [float(number) for number in eve[-4:-1]] == pytest.approx([raw, raw * 0.1, raw * 0.9])


def test_a_folder_without_a_course_is_a_sentence(graded: Graded, tmp_path: Path) -> None:
    said = NbCourse(tmp_path / "nowhere")
    (tmp_path / "nowhere").mkdir()
    run = said.grade(tmp_path / "out", code=2)
    assert "There is no gradebook" in run.text
    assert "Traceback" not in run.text


def test_the_graded_notebook_is_the_one_that_nbgrader_would_make(graded: Graded, tmp_path: Path) -> None:
    """With an undamaged submission, nbgrader's own autograde gives the same cells; and, not executed, full marks."""
    course = copied(graded.course, tmp_path)
    ours = [(c.cell_type, c.source, c.metadata.nbgrader) for c in course.autograded("eve").cells if grade_id(c)]
    course.nbgrader("autograde", LESSON, "--student=eve", "--force", "--no-execute", STOCK)
    theirs = [(c.cell_type, c.source, c.metadata.nbgrader) for c in course.autograded("eve").cells if grade_id(c)]
    assert ours == theirs
    assert course.scores("eve") == POINTS, "this is why nothing of nbgrader's autograde is run"


# A killed grading, by hand: the class has full marks from nbgrader's own autograde, and one learner deserves fewer.
KILLED = """
import os, signal, sys
from pathlib import Path

from sqlalchemy import Engine, event

from grader.core.assignment import find_assignment
from grader.course.load import load_course
from grader.sandbox.host.machine import Isolation
from grader.grading.reader_client import Reader
from grader.sandbox.host.zygote_client import Zygote
from grader.results.nbgrader.nbgrader_course import open_folder, read_released
from grader.results.nbgrader.gradebook import Book
from grader.results.nbgrader.course_work import collected
from grader.results.nbgrader.course_work import Publisher
from grader.results.store import ResultStore

root, folder, out = (Path(each) for each in sys.argv[1:4])
database, before = folder / "gradebook.db", (folder / "gradebook.db").read_bytes()
course = load_course(root)
assignment = find_assignment(course, None)
with ResultStore.reopen(out) as store:
    results, digests = [each for each in store.results() if each.student == "eve"], store.done()
with Zygote(Isolation(), assignment.limits, only_reads=True) as zygote:
    _, handed_in = collected(open_folder(folder), assignment)
    entry = Reader(zygote, assignment, cells=True).read(handed_in["eve"].entry)


def publish(moment):
    # Die at this step of what is done with the database; 0: live, and note how many there are.
    count = 0

    def step(*_):
        nonlocal count
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, step)
    place = open_folder(folder)
    with Book(place, assignment) as book:
        released = read_released(place, assignment.id, book.notebook)
        publisher = Publisher(place, book, released, course, assignment, lambda _: entry)
        _, handed_in = collected(place, assignment)
        book.begin(["eve"])
        list(publisher.publish(results, handed_in, digests))
    (folder / "steps").write_text(str(count))
    os._exit(0)


def published(moment):
    for rest in folder.glob("gradebook.db*"):
        rest.unlink()
    database.write_bytes(before)
    if not (child := os.fork()):
        publish(moment)
    os.waitpid(child, 0)


published(0)
steps = int((folder / "steps").read_text())
for moment in [*range(1, steps, steps // 20), steps - 1, steps, 0]:
    published(moment)
    print("state", moment, flush=True)
    sys.stdin.readline()
"""


def test_killed_at_any_moment_the_gradebook_never_mixes_or_keeps_points(graded: Graded, tmp_path: Path) -> None:
    course = copied(graded.course, tmp_path)
    deserved = course.scores("eve")
    course.tell("UPDATE grade SET auto_score = 5, needs_manual_grade = 0")  # as much, or more, than all are worth
    old, pending = dict.fromkeys(EXERCISES, 5.0), dict.fromkeys(EXERCISES)
    seen = []
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(ROOT), str(course.folder), str(graded.out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=course.environment,
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        for line in child.stdout:
            assert line.startswith("state"), line
            state = course.scores("eve")
            assert state in (old, pending, deserved), line
            seen.append("old" if state == old else "pending" if state == pending else "deserved")
            child.stdin.write("on\n")
            child.stdin.flush()
    assert child.returncode == 0
    assert seen == sorted(seen, key=["old", "pending", "deserved"].index), "and it only ever goes on"
    assert set(seen) == {"old", "pending", "deserved"}


@pytest.fixture
def running(graded: Graded, tmp_path: Path) -> Iterator[tuple[NbCourse, Path, subprocess.Popen[bytes]]]:
    course = copied(graded.course, tmp_path)
    course.tell("UPDATE grade SET auto_score = 5, needs_manual_grade = 0")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "grader", "nbgrader", str(course.folder), "--out", str(out), "--jobs", "1"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=course.environment, stdout=quiet, stderr=quiet)
    yield course, out, process
    process.kill()
    process.wait()


def test_a_grading_that_is_killed_leaves_nobody_with_points_and_goes_on(
    running: tuple[NbCourse, Path, subprocess.Popen[bytes]], graded: Graded
) -> None:
    course, out, process = running
    deadline = time.monotonic() + 600
    while course.grades("bob")["check-mse"]["auto"] == 5:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    for student in ("ada", "bob", "eve", "kim"):
        assert course.scores(student) == dict.fromkeys(EXERCISES)
        assert "Not graded yet" in (course.comments(student)["mse"][0] or "")
    course.grade(out, "--resume", "--jobs", "1")
    for student in ("ada", "bob", "eve", "kim"):
        assert course.scores(student) == graded.course.scores(student)


def test_a_submission_that_changes_after_its_grading_counts_as_not_graded(graded: Graded, tmp_path: Path) -> None:
    course = copied(graded.course, tmp_path)
    out = tmp_path / "out"
    subprocess.run(["cp", "-r", str(graded.out), str(out)], check=True)
    course.hand_in("bob", course.solved(), time=IN_TIME)
    said = course.grade(out, "--resume", "--only", "kim", "--jobs", "1")
    assert "bob: has changed since it was graded, and counts as not graded." in said.text
    assert course.scores("bob") == dict.fromkeys(EXERCISES)
    assert nbformat.read(course.folder / "autograded" / "bob" / LESSON / f"{LESSON}.ipynb", 4).cells
