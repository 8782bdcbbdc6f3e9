"""A course with variants from its author to grades: stubs, archives, self-checks, a class with swapped work, audit."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.results.export.autograder_run import different_variants
from tests.export.gradescope_container import Container, unpacked
from tests.export.gradescope_format import Documented

pytestmark = pytest.mark.slow

Kit = Callable[..., Any]
MODULE = """import torch


def total(x):
    return {total}


def double(x):
    return {double}
"""
RIGHT = {"a": "torch.mean(x, dim=0)", "b": "torch.sum(x, dim=1)"}
# Who draws which variant, and what each hands in. Nobody's draw may ever change.
DRAWN = {"ada": "a", "alan": "a", "grace": "b", "ivan": "b", "kim": "a", "lea": "a", "noor": "b"}
HANDED_IN = {
    "ada": (RIGHT["a"], "x * 2"),
    "grace": (RIGHT["b"], "x + x"),
    "alan": (RIGHT["b"], "x * 2"),
    "noor": (RIGHT["a"], "x * 2"),
    "lea": ("torch.mean(x, dim=1)", "x * 2"),
    "kim": ("x / (1 // 0)", "x * 3"),
    "ivan": ("x / (1 // 0)", "x * 3"),
}


@pytest.fixture(scope="module")
def course(authored: Callable[[Path], Path], kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = authored(tmp_path_factory.mktemp("variants") / "course")
    run = kit("stubs", cwd=folder)
    assert run.code == 0, run.text
    return folder


def self_check(folder: Path, *more: str) -> str:
    command = [sys.executable, "-m", "pytest", "exercises", *more]
    environment = {**os.environ, "PYTHONPATH": str(folder)} if (folder / "grader").is_dir() else None
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.stdout + done.stderr


def test_the_authors_folders_hold_the_first_variant_and_check_themselves(course: Path) -> None:
    stub = (course / "exercises/sums/reduce.py").read_text()
    assert '"""The mean of a tensor, columnwise.' in stub
    assert "    tensor([2., 3.])" in stub
    assert "variant" not in stub
    assert "Axis 0" in (course / "exercises/sums/lesson.html").read_text()
    shown = self_check(course)
    assert "The mean, columnwise" in shown
    assert "0 of 4 points" in shown
    assert "What does dim=0 go along?" in shown


@dataclass(frozen=True)
class Released:
    """What `release` wrote, and its archives unpacked by variant."""

    out: Path
    unpacked: dict[str, Path]


@pytest.fixture(scope="module")
def released(course: Path, kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Released:
    out = tmp_path_factory.mktemp("dist")
    roster = out / "roster.csv"
    roster.write_text("student,name,variant\n" + "".join(f"{name},{name.title()},\n" for name in DRAWN) + "mia,Mia,b\n")
    run = kit("release", "--unaudited", "--roster", roster, out=out, cwd=course)
    assert run.code == 0, run.text
    assert "For learners with variant a." in run.stdout
    assert "nbgrader's course has no sums: it has variants" in run.stdout
    unpacked = {}
    for name in RIGHT:
        with zipfile.ZipFile(out / f"sums-learners-{name}.zip") as archive:
            archive.extractall(out / name)
        unpacked[name] = out / name / "sums"
    return Released(out, unpacked)


def test_a_variants_archive_has_nothing_of_the_other(released: Released) -> None:
    others = {
        "a": [b"rowwise", b"Axis 1", b"dim=1", b'"sum"', b"7.0", b"[3., 7.]"],
        "b": [b"columnwise", b"Axis 0", b"dim=0", b'"mean"', b"[2.0, 3.0]", b"[2., 3.]"],
    }
    for name, folder in released.unpacked.items():
        course = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        ours = {path: data for path, data in course.items() if "grader" not in path.relative_to(folder).parts}
        assert f'variant = "{name}"' in (folder / "course.toml").read_text()
        assert {path.name for path in ours} >= {"reduce.py", "lesson.html", "lesson.ipynb", ".mistakes.json"}
        for path, data in ours.items():
            assert not [word for word in (*others[name], b"variants", b"{{", b"variant(") if word in data], path


def test_its_own_self_check_is_for_its_own_variant(released: Released) -> None:
    for name, folder in released.unpacked.items():
        other = "b" if name == "a" else "a"
        assert f"variant {name}" in (folder / "START.md").read_text()
        stub = folder / "exercises/sums/reduce.py"
        before = stub.read_text()
        stub.write_text(MODULE.format(total=RIGHT[name], double="2 * x"))
        done = self_check(folder, "--submit", "ada")
        assert "4 of 4 points" in done
        assert f"Handing in: Along an axis, variant {name}, as ada" in done
        stub.write_text(MODULE.format(total=RIGHT[other], double="2 * x"))
        assert "1 of 4 points" in self_check(folder)
        stub.write_text(before)


def test_who_gets_which_is_written_down_for_a_roster(released: Released) -> None:
    with (released.out / "variants.csv").open() as file:
        assert {row["student"]: row["variant"] for row in csv.DictReader(file)} == {**DRAWN, "mia": "b"}


@dataclass(frozen=True)
class Graded:
    """A class that was graded."""

    submissions: Path
    run: Any


@pytest.fixture(scope="module")
def graded(course: Path, kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    place = tmp_path_factory.mktemp("class")
    for student, (total, double) in HANDED_IN.items():
        (place / "in" / student).mkdir(parents=True)
        (place / "in" / student / "reduce.py").write_text(MODULE.format(total=total, double=double))
    run = kit("grade", place / "in", out=place / "out", cwd=course)
    assert run.code == 0, run.text
    return Graded(place / "in", run)


def misconceptions(graded: Graded) -> dict[str, str | None]:
    return {student: record["exercises"]["total"]["misconception"] for student, record in graded.run.results.items()}


def test_everybody_is_graded_as_their_own_variant(graded: Graded) -> None:
    results = graded.run.results
    assert {student: record["variant"] for student, record in results.items()} == DRAWN
    assert "Graded as variant a: 4, as variant b: 3." in graded.run.stdout
    scores = {student: record["score"] for student, record in results.items()}
    assert scores == {"ada": 4, "grace": 4, "alan": 1, "noor": 1, "lea": 1, "kim": 0, "ivan": 0}
    with (graded.run.out / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["student", "score", "max_score", "status", "variant"]
    assert {row["student"]: row["variant"] for row in rows} == DRAWN


def test_anothers_variant_is_noticed_and_said_in_one_sentence(graded: Graded) -> None:
    named = misconceptions(graded)
    assert (named["alan"], named["noor"]) == ("total_of_variant_b", "total_of_variant_a")
    assert (named["lea"], named["kim"], named["ivan"]) == ("other_axis", None, None)
    b, a = 'variant b (axis = 1, reduction = "sum")', 'variant a (axis = 0, reduction = "mean")'
    said = {student: graded.run.results[student]["exercises"]["total"]["feedback"] for student in ("alan", "noor")}
    assert f"This answers {b}; yours is {a}." in said["alan"]
    assert f"This answers {a}; yours is {b}." in said["noor"]


def test_feedback_speaks_of_the_learners_own_variant(graded: Graded) -> None:
    pages = {student: (graded.run.out / f"feedback/{student}.txt").read_text() for student in ("alan", "noor")}
    assert "Graded as variant a." in pages["alan"]
    assert "total: The mean, columnwise" in pages["alan"]
    assert "total: The sum, rowwise" in pages["noor"]
    whole = (graded.run.out / "class.html").read_text()
    assert "The mean/sum, columnwise/rowwise" in whole
    assert "{{" not in "".join(path.read_text() for path in (graded.run.out / "feedback").iterdir()) + whole


def test_answers_alike_are_together_within_a_variant_and_where_the_variants_are_the_same(
    graded: Graded, course: Path, kit: Kit
) -> None:
    shown = kit("groups", "--alone", out=graded.run.out, cwd=course).stdout
    groups = [(line.split("-")[0], line.split()[1]) for line in shown.splitlines() if line.startswith(("tot", "dou"))]
    assert groups.count(("total", "1")) == 5  # kim's and ivan's are the same text, and answers to different questions
    assert ("double", "2") in groups


def test_what_any_variant_gives_to_its_learners_or_asks_of_them_is_no_agreement(
    graded: Graded, course: Path, kit: Kit, tmp_path: Path
) -> None:
    run = kit("similar", graded.submissions, out=tmp_path / "similar", cwd=course)
    assert run.code == 0, run.text
    assert "7 submissions, 21 pairs compared." in run.stdout
    assert "alan, grace" not in run.stdout
    assert "The mean/sum, columnwise/rowwise" in (tmp_path / "similar/similar.html").read_text()


def test_resume_grades_again_who_has_another_variant_now(graded: Graded, course: Path, kit: Kit) -> None:
    table = graded.submissions.parent / "variants.csv"
    table.write_text("student,variant,note\nalan,b,had the wrong archive\nada,a,\nnoor,,\n")
    run = kit("grade", graded.submissions, "--resume", "--variants", table, out=graded.run.out, cwd=course)
    assert run.code == 0, run.text
    assert "6 of 7 submissions have a result already." in run.stdout
    assert "What they are graded with has changed" not in run.stdout
    assert "Graded now as variant a: 0, as variant b: 1." in run.stdout
    assert "Variants: 3 a, 4 b." in run.stdout
    assert (run.results["alan"]["variant"], run.results["alan"]["score"]) == ("b", 4)
    again = kit("grade", graded.submissions, "--resume", "--variants", table, out=graded.run.out, cwd=course)
    assert "Graded now" not in again.stdout
    assert "Variants: 3 a, 4 b." in again.stdout
    assert run.results["noor"]["variant"] == "b"


def test_entries_that_are_called_by_canvas_own_number_are_graded_as_what_was_released(
    course: Path, kit: Kit, tmp_path: Path
) -> None:
    numbers = {name: str(800 + place) for place, name in enumerate(DRAWN)}
    rows = [f'"{name}, A",{number},{name},X' for name, number in numbers.items()]
    (tmp_path / "gradebook.csv").write_text("\n".join(["Student,ID,SIS Login ID,Section", *rows]) + "\n")
    run = kit("release", "--unaudited", "--roster", tmp_path / "gradebook.csv", out=tmp_path / "dist", cwd=course)
    assert run.code == 0, run.text
    assert f"Grade with --variants {tmp_path / 'dist/variants.csv'}: without it, another variant is drawn" in run.stdout
    for name in ("ada", "grace", "noor"):
        (tmp_path / "in" / numbers[name]).mkdir(parents=True)
        (tmp_path / "in" / numbers[name] / "reduce.py").write_text("import nothing\n")
    for table, out in ((tmp_path / "dist/variants.csv", "one"), (tmp_path / "gradebook.csv", "two")):
        graded = kit("grade", tmp_path / "in", "--variants", table, out=tmp_path / out, cwd=course)
        assert graded.code == 0, graded.text
        assert {who: record["variant"] for who, record in graded.results.items()} == {
            numbers[name]: DRAWN[name] for name in ("ada", "grace", "noor")
        }


def test_the_audit_tries_each_variant_and_the_answers_to_the_others(course: Path, kit: Kit, tmp_path: Path) -> None:
    run = kit("audit", "--seeds", "2", "--only", "total", "--json", tmp_path / "audit.json", cwd=course)
    assert run.code == 0, run.text
    for name in RIGHT:
        assert f"Audit of sums, variant {name} passed" in run.stdout
        assert (tmp_path / f"audit-{name}.json").exists()
    rejected_and_named = re.findall(r"^total +1/1 +2/2 +2/2", run.stdout, re.MULTILINE)
    assert len(rejected_and_named) == 2, run.stdout


@pytest.fixture(scope="module")
def at_gradescope(course: Path, kit: Kit, tmp_path_factory: pytest.TempPathFactory) -> Container:
    folder = tmp_path_factory.mktemp("gradescope")
    roster = folder / "roster.csv"
    rows = [
        "ada,Ada@Uni.example,",
        "grace,grace@uni.example,",
        "mia,mia@uni.example,b",
        "jos,jos\u00e9@uni.example,b",
        "tom,,a",
    ]
    roster.write_text("\n".join(["student,email,variant", *rows]))
    run = kit("export", "gradescope-autograder", "--roster", roster, out=folder / "autograder.zip", cwd=course)
    assert run.code == 0, run.text
    assert "It knows the variants of 4 learners by their e-mail addresses." in run.stdout
    assert "tom: the roster has no email" in run.stdout
    return unpacked(folder / "autograder.zip", folder / "container")


def handed_in(folder: Path, total: str) -> Path:
    folder.mkdir()
    (folder / "reduce.py").write_text(MODULE.format(total=total, double="x * 2"))
    return folder


@pytest.mark.parametrize(
    ("addresses", "variant", "score"),
    [
        (["ada@uni.example"], "a", 4),
        (["GRACE@uni.example"], "a", 1),
        (["grace@uni.example"], "b", 4),
        (["mia@uni.example"], "b", 4),
        (["new@uni.example", "mia@uni.example", "ada@uni.example"], "b", 4),
        ([" \uff4d\uff29a@uni.example\u200b"], "b", 4),
        (["jose\u0301@uni.example"], "b", 4),
    ],
    ids=str,
)
def test_at_gradescope_who_is_known_by_an_address_is_graded_as_that_variant(
    at_gradescope: Container, tmp_path: Path, addresses: list[str], variant: str, score: float
) -> None:
    users = [{"email": address, "id": number} for number, address in enumerate(addresses)]
    result, said = at_gradescope.grade(handed_in(tmp_path / "work", RIGHT[variant]), {"users": users})
    assert result.score == score, said
    names = [test.name or "" for test in result.tests or []]
    assert not any("{{" in name for name in names)
    if score < 4:
        assert "yours is variant b (axis = 1" in "".join(test.output or "" for test in result.tests or [])


def test_at_gradescope_a_group_with_different_variants_and_its_instructor_are_told(
    at_gradescope: Container, tmp_path: Path
) -> None:
    def graded_for(*addresses: str) -> tuple[str, str]:
        users = [{"email": address, "id": number} for number, address in enumerate(addresses)]
        result, said = at_gradescope.grade(handed_in(tmp_path / addresses[0], RIGHT["b"]), {"users": users})
        assert result.score == 4, said
        return result.output or "", said

    output, said = graded_for("new@uni.example", "mia@uni.example", "ada@uni.example")
    for_learners, for_instructors = different_variants({"mia@uni.example": "b", "ada@uni.example": "a"})
    assert for_learners in output.splitlines()
    assert for_instructors in said.splitlines()
    assert "uni.example" not in output
    output, said = graded_for("jos\u00e9@uni.example", "mia@uni.example", "new@uni.example")
    assert "different" not in output + said


NO_ADDRESS = "Gradescope names no e-mail address"
NO_SUCH_ADDRESS = "the roster that the archive was made with has no such address"
HOSTILE = "\x1b[31m{{axis}}\n<b>\u202e" + "x" * 100_000


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({}, NO_ADDRESS),
        ({"users": None}, NO_ADDRESS),
        ({"users": []}, NO_ADDRESS),
        ({"users": [None, {}, {"id": 1, "email": None}, {"id": 1, "email": ""}]}, NO_ADDRESS),
        ({"users": [{"id": 1, "email": "new@uni.example"}]}, NO_SUCH_ADDRESS),
        ({"users": [{"id": 1, "email": HOSTILE}]}, NO_SUCH_ADDRESS),
        ({"users": [{"id": 1, "email": 7}]}, "who handed in can't be read"),
        ([], "who handed in can't be read"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_at_gradescope_who_is_not_known_is_not_graded_and_both_are_told_why(
    at_gradescope: Container, tmp_path: Path, metadata: object, told: str
) -> None:
    result, said = at_gradescope.grade(handed_in(tmp_path / "work", RIGHT["a"]), metadata)
    is_not_graded(result, said, told)


def is_not_graded(result: Documented, said: str, told: str) -> None:
    assert "it is not known which variant of the assignment is yours" in (result.output or "")
    assert "not your score" in (result.output or "")
    assert [test.score for test in result.tests or []] == [None, None]
    assert (result.extra_data or {})["final"] is False
    assert told in said
    assert "Traceback" not in said
    assert "\x1b" not in said
    assert len(said) < 2000
    assert not any("{{" in (test.name or "") for test in result.tests or [])


@pytest.mark.parametrize(
    ("variants", "told"),
    [
        (None, "the archive was made without addresses. Say with --roster which is whose"),
        ({"ada@uni.example": "c"}, "The archive says variant c, and the course's sums has a, b"),
    ],
    ids=str,
)
def test_settings_that_do_not_fit_the_course_grade_nobody(
    at_gradescope: Container, tmp_path: Path, variants: dict[str, str] | None, told: str
) -> None:
    shutil.copytree(at_gradescope.root, tmp_path / "container")
    path = tmp_path / "container/source/autograder.json"
    settings = {key: value for key, value in json.loads(path.read_text()).items() if key != "variants"}
    path.write_text(json.dumps(settings if variants is None else {**settings, "variants": variants}))
    users = [{"id": 1, "email": "ada@uni.example"}]
    work = handed_in(tmp_path / "work", RIGHT["a"])
    is_not_graded(*Container(tmp_path / "container").grade(work, {"users": users}), told)


def test_an_autograder_of_variants_needs_to_know_who_has_which(course: Path, kit: Kit, tmp_path: Path) -> None:
    def refused(*more: object) -> str:
        run = kit("export", "gradescope-autograder", *more, out=tmp_path / "autograder.zip", cwd=course)
        assert run.code == 2
        assert not (tmp_path / "autograder.zip").exists()
        text: str = run.stderr
        return text

    assert (
        "sums has variants (a, b), and Gradescope knows a learner by an e-mail address: say with --roster" in refused()
    )
    (tmp_path / "roster.csv").write_text("student,variant\nada,a\n")
    assert 'has no address: expected a column "email"' in refused("--roster", tmp_path / "roster.csv")
    (tmp_path / "roster.csv").write_text("student,email,variant\nada,ada@uni.example,c\n")
    assert '"c" is no variant of sums, which has a, b' in refused("--roster", tmp_path / "roster.csv")


def test_nbgrader_which_gives_the_same_to_everybody_refuses_variants(course: Path, kit: Kit, tmp_path: Path) -> None:
    run = kit("nbgrader", tmp_path, out=tmp_path / "results", cwd=course)
    assert run.code == 2
    assert "sums has variants (a, b), and nbgrader gives the same to everybody." in run.text
