"""A term: a class of 20 from the release to the gradebook, with the real commands, and every score at every station."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from nbgrader.api import Gradebook

from grader.cli import main
from tests.conftest import MODULES, ROOT, Run
from tests.lesson_points import TOTAL
from tests.nbgrader.course import COURSE, LESSON, POINTS, NbCourse, text_of
from tests.nbgrader.learners import everybody
from tests.term.handing_in import at_home, by_an_lms, by_the_exchange, entries
from tests.term.table import CLASS, MATCHED, ROSTERED

pytestmark = pytest.mark.soak

# Far ahead, so that whoever submits today is in time.
DUE, DAY = "2126-12-14T23:59:00Z", "2126-12-{} 20:00:00 UTC"
BY_HAND = 3.0  # a person's points for bob's mse
FORMATS = ("canvas", "moodle", "csv", "gradescope")
TOTALS = {student: learner.total for student, learner in CLASS.items()}


class Term(NamedTuple):
    """What is left at the end of the term."""

    course: NbCourse
    archived: Path
    entries: dict[str, list[str]]
    first: Run
    plain: Run
    formats: dict[str, Run]
    exported: dict[str, dict[str, str]]
    before: dict[str, dict[str, Any]]
    again: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory, released: Run, kit: Callable[..., Run]) -> Iterator[Term]:
    folder = tmp_path_factory.mktemp("term")
    for kind in ("learners", "nbgrader"):
        with zipfile.ZipFile(released.out / f"pytorch-first-steps-{kind}.zip") as archive:
            archive.extractall(folder)
    course = NbCourse(folder / "pytorch-first-steps-nbgrader")
    course.exchange.mkdir(mode=0o777)
    shutil.copytree(course.folder / "release", folder / "archived")
    course.nbgrader("generate_assignment", LESSON, "--force")

    handed_in = folder / "handed_in"
    handed_in.mkdir()
    at_home(folder / "pytorch-first-steps", handed_in)
    by_an_lms(course, handed_in)
    by_the_exchange(course, folder / "pytorch-first-steps", handed_in)
    for student, learner in CLASS.items():
        if learner.days_late:
            (course.collected(student) / "timestamp.txt").write_text(DAY.format(14 + learner.days_late))

    root, out = _with_another_due_date(folder / "course"), folder / "out"
    course.grade(out, "--seed", "7", root=root)
    exported = _exported(course, "first.csv")
    before = {student: course.grades(student) for student in CLASS}
    roster = folder / "roster.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("student", "name", "login", "email")])
        csv.writer(file).writerows((student, *who) for student, who in ROSTERED.items())
    formats = {name: _export(name, out, roster, folder / f"for-{name}") for name in FORMATS}
    plain = kit("grade", handed_in, "--seed", "8", out=folder / "plain")

    _grade_by_hand(course, "bob", "mse", BY_HAND)
    course.grade(out, "--resume", root=root)
    course.nbgrader("generate_feedback", LESSON)
    course.nbgrader("release_feedback", LESSON, f"--Exchange.root={course.exchange}", "--student=ada")
    again = _exported(course, "again.csv")
    first = Run(0, "", "", out)
    yield Term(course, folder / "archived", entries(handed_in), first, plain, formats, exported, before, again)
    shutil.rmtree(folder, ignore_errors=True)


def _with_another_due_date(root: Path) -> Path:
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "course.toml").read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^due = .*$", f"due = {DUE}", text)
    assert changed != text
    (root / "course.toml").write_text(changed, encoding="utf-8")
    return root


def _exported(course: NbCourse, name: str) -> dict[str, dict[str, str]]:
    course.nbgrader("export", f"--to={name}")
    with (course.folder / name).open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def _export(name: str, results: Path, roster: Path, out: Path) -> Run:
    """`python -m grader export`, in this process: four that start would take longer than all that they do."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(["export", name, "--results", str(results), "--roster", str(roster), "--out", str(out)])
    return Run(code, said.getvalue(), "", out)


def _grade_by_hand(course: NbCourse, student: str, exercise: str, points: float) -> None:
    with Gradebook(f"sqlite:///{course.database}") as book:
        grade = book.find_grade(f"check-{exercise}", LESSON, LESSON, student)
        grade.manual_score = points
        book.db.commit()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_nbgrader_generates_is_what_the_archive_holds(term: Term) -> None:
    released = term.course.folder / "release"
    for path in sorted(term.archived.rglob("*")):
        if path.is_file():
            assert (released / path.relative_to(term.archived)).read_bytes() == path.read_bytes(), path


def test_everybody_is_collected(term: Term) -> None:
    assert everybody(term.course) == sorted(CLASS)


def test_an_archive_that_learners_make_holds_their_modules_alone(term: Term) -> None:
    for student, learner in CLASS.items():
        if learner.form == "archive":
            assert [Path(name).name for name in term.entries[student]] == [f"{module}.py" for module in MODULES]


@pytest.mark.parametrize("station", ["first", "plain"])
def test_the_results_are_those_of_the_table(term: Term, station: str) -> None:
    """With nbgrader and by `grade` alone, on other drawn inputs: points, status and the mistake of each exercise."""
    results = getattr(term, station).results
    for student, learner in CLASS.items():
        exercises = results[student]["exercises"]
        found = {name: (each["score"], each["status"]) for name, each in exercises.items()}
        assert (student, found) == (student, learner.expected)
        named = {name: each["misconception"] for name, each in exercises.items() if each["misconception"]}
        assert (student, named) == (student, learner.recognised)
        assert results[student]["status"] == ("graded" if learner.is_graded else "unreadable")
        assert results[student]["score"] == learner.total
    assert set(results) == set(CLASS)


def test_the_gradebook_holds_the_same_scores(term: Term) -> None:
    for student, learner in CLASS.items():
        found = {name: term.before[student][f"check-{name}"]["auto"] for name in POINTS}
        assert (student, found) == (student, learner.scores if learner.is_graded else dict.fromkeys(POINTS))


def test_nbgraders_export_has_the_same_scores_and_what_lateness_takes(term: Term) -> None:
    found = {
        student: tuple(float(row[key] or 0) for key in ("raw_score", "late_submission_penalty", "score", "max_score"))
        for student, row in term.exported.items()
    }
    for student, learner in CLASS.items():
        score = learner.total - learner.penalty
        assert (student, found[student]) == (student, pytest.approx((learner.total, learner.penalty, score, 30)))
    assert {student for student, (_, penalty, *_) in found.items() if penalty} == {"105", "205"}


def test_nbgraders_feedback_pages_show_the_same_scores(term: Term) -> None:
    for student, learner in CLASS.items():
        scores = learner.scores | ({"mse": BY_HAND} if student == "bob" else {})
        text = "\n".join(text_of(term.course.feedback(student)))
        assert f"{LESSON} (Score: {sum(scores.values()) - learner.penalty} / 30.0)" in text, student
        for name, points in scores.items():
            assert re.search(rf"check-{name}\W+\(?Score: {float(points)} / {POINTS[name]}", text), (student, name)
        taken = re.search(r"Late submission penalty \(Score: (\S+)\)", text)
        assert float(taken[1] if taken else 0) == pytest.approx(-learner.penalty)


def test_the_feedback_of_the_exchange_is_released(term: Term) -> None:
    (page,) = (term.course.exchange / COURSE["course"]["id"] / "feedback").iterdir()
    assert f"{LESSON} (Score: 30.0 / 30.0)" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("station", ["first", "plain"])
def test_our_own_feedback_pages_show_the_same_scores(term: Term, station: str) -> None:
    out = getattr(term, station).out
    pages = {row["student"]: row["html"] for row in rows(out / "feedback_index.csv")}
    assert set(pages) == set(CLASS)
    for student, learner in CLASS.items():
        page = (out / "feedback" / pages[student]).read_text(encoding="utf-8")
        text = " ".join(" ".join(text_of(page)).split())
        assert f"{learner.total:g} of {TOTAL} points" in text or not learner.is_graded, (student, text[:500])


def test_every_format_says_who_is_unknown_or_handed_nothing_in(term: Term) -> None:
    for name, run in term.formats.items():
        assert run.code == 0, name
        assert "eve: not in the roster." in run.text, name
        assert "sam: in the roster, and nothing handed in." in run.text, name


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


# What the formats of learning platforms hold: a row of each that could be graded.
SCORES = {student: TOTALS[student] for student in MATCHED if CLASS[student].is_graded}


def _shown(student: str) -> float | None:
    """The score in an export: none of what could not be graded."""
    return TOTALS[student] if CLASS[student].is_graded else None


def test_canvas_gets_the_same_scores(term: Term) -> None:
    points, *students = rows(term.formats["canvas"].out)
    logins = {login: student for student, (_, login, _) in ROSTERED.items()}
    title = list(points)[-1]
    assert float(points[title]) == TOTAL
    assert {logins[row["SIS Login ID"]]: float(row[title]) for row in students} == SCORES


def test_moodle_gets_the_same_scores(term: Term) -> None:
    addresses = {address: student for student, (_, _, address) in ROSTERED.items()}
    students = rows(term.formats["moodle"].out)
    (points,) = (key for key in students[0] if key.startswith("Linear regression") and "feedback" not in key)
    assert {addresses[row["Email address"]]: float(row[points]) for row in students} == SCORES


def test_the_plain_table_has_the_same_scores(term: Term) -> None:
    found = {row.pop("student"): row for row in rows(term.formats["csv"].out)}
    assert found.pop("sam")["status"] == "nothing_handed_in"
    for student, learner in CLASS.items():
        if student in found:
            own = {name: _number(found[student][name]) for name in POINTS}
            scores = learner.scores if learner.is_graded else dict.fromkeys(POINTS)
            assert (student, own, _number(found[student]["score"])) == (student, scores, _shown(student))
    assert set(found) >= set(MATCHED)


def test_gradescope_gets_the_same_scores(term: Term) -> None:
    folder = term.formats["gradescope"].out
    for row in rows(folder / "files.csv"):
        learner = CLASS[row["student"]]
        result = json.loads((folder / row["file"]).read_text(encoding="utf-8"))
        if learner.is_graded:
            assert sum(test["score"] for test in result["tests"]) == learner.total
            assert [test["score"] for test in result["tests"]] == list(learner.scores.values())


def test_points_by_hand_stay_through_a_second_run(term: Term) -> None:
    assert term.course.grades("bob")["check-mse"] == {"auto": 0.0, "manual": BY_HAND, "extra": None, "waits": 0}
    assert float(term.again["bob"]["raw_score"]) == TOTALS["bob"] + BY_HAND
    others = {student: row for student, row in term.again.items() if student != "bob"}
    assert others == {student: row for student, row in term.exported.items() if student != "bob"}
