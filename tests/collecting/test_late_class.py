"""A class with late work, an extension, a team, a stranger and somebody missing: from the download to every gradebook."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.collecting.test_other_systems import gradescope
from tests.conftest import ROOT, Run, right_source, with_function
from tests.export.test_canvas import Importer
from tests.export.test_moodle import imported

pytestmark = pytest.mark.slow

NAMES = ("ada", "alan", "eve", "grace", "noor", "dot")
ROSTER = "student,name,email,login,extension\n" + "".join(
    f"{name},{name.title()} L,{name}@uni.example,{name}01,{'2' if name == 'eve' else ''}\n" for name in NAMES
)
IN_TIME, LATE, WITHIN = "2024-12-14 20:00:00", "2024-12-16 09:59:00", "2024-12-15 00:09:00"
WRONG = "def mse(t1, t2):\n    return ((t1 - t2) ** 2).sum()"


class Class(NamedTuple):
    """What came of it."""

    root: Path
    collected: Run
    graded: Run
    kit: Callable[..., Run]

    def run(self, *arguments: str) -> Run:
        done = self.kit("--course", self.root, *arguments, cwd=self.root)
        assert done.code == 0, done.text
        return done

    def results(self) -> dict[str, tuple[float, float | None, float | None]]:
        lines = (self.root / "results" / "results.jsonl").read_text(encoding="utf-8").splitlines()
        read = [json.loads(line) for line in lines]
        return {one["student"]: (one["score"], one.get("late_penalty"), one.get("final_score")) for one in read}

    def page(self, student: str) -> str:
        return (self.root / "results" / "feedback" / f"{student}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory, kit: Callable[..., Run]) -> Class:
    root = tmp_path_factory.mktemp("late")
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    course = (ROOT / "course.toml").read_text(encoding="utf-8").replace("2026-12-14", "2024-12-14")
    (root / "course.toml").write_text(course, encoding="utf-8")
    (root / "roster.csv").write_text(ROSTER, encoding="utf-8")
    who = {name: (f"{name.title()} L", "", f"{name}@uni.example") for name in (*NAMES, "zed")}
    download = gradescope(
        (1, IN_TIME, [who["ada"]]),
        (2, LATE, [who["alan"]]),
        (3, LATE, [who["eve"]]),
        (4, WITHIN, [who["grace"], who["noor"]]),
        (5, LATE, [who["zed"]]),
    )
    right = {module: right_source(module) for module in ("from_scratch", "with_torch")}
    with zipfile.ZipFile(root / "export.zip", "w") as archive:
        for name, text in download.items():
            if name.endswith(".yml"):
                archive.writestr(name, text)
                continue
            wrong = with_function(right["from_scratch"], "mse", WRONG) if "submission_2/" in name else ""
            archive.writestr(name, wrong or right["from_scratch"])
            archive.writestr(name.replace("from_scratch", "with_torch"), right["with_torch"])
    said = ("collect", "export.zip", "--from", "gradescope", "--roster", "roster.csv", "--out", "in")
    collected = kit("--course", root, *said, cwd=root)
    graded = kit("--course", root, "grade", "in", "--out", "results", "--jobs", "1", cwd=root)
    assert (collected.code, graded.code) == (0, 0), collected.text + graded.text
    return Class(root, collected, graded, kit)


def test_points_stay_what_was_earned_and_lateness_stands_beside_them(late: Class) -> None:
    found = late.results()
    alan = found["alan"][0]
    assert 15 < alan < 30
    assert found == {
        "ada": (30, 0, 30),
        "alan": (alan, pytest.approx(alan * 0.2), pytest.approx(alan * 0.8)),
        "eve": (30, 0, 30),
        "grace": (30, 0, 30),
        "noor": (30, 0, 30),
        "zed@uni.example": (30, 6, 24),
    }
    with (late.root / "results" / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert list(rows["ada"])[:6] == ["student", "score", "max_score", "status", "late_penalty", "final_score"]
    assert {name: float(row["final_score"]) for name, row in rows.items()} == {
        name: f for name, (_, _, f) in found.items()
    }


def test_a_team_is_graded_once_and_every_member_has_a_page(late: Class) -> None:
    assert "Graded once for a team: grace (grace and noor)." in late.graded.stdout
    assert late.graded.stdout.count(": graded, ") == 5
    for name in ("grace", "noor"):
        assert "Handed in together, by grace and noor." in late.page(name)
        assert "Handed in 10 minutes late, which costs nothing." in late.page(name)


def test_a_page_says_both_what_was_earned_and_what_lateness_costs(late: Class) -> None:
    earned, off, final = late.results()["alan"]
    assert off is not None
    assert final is not None
    said = f"Handed in 1 day and 10 hours late: {off:g} of {earned:g} points less, so {final:g} count."
    assert f"{earned:g} of 30 points\n{said}" in late.page("alan")
    assert "late" not in late.page("ada") + late.page("eve")


def test_whoever_is_missing_or_a_stranger_needs_a_person(late: Class) -> None:
    page = (late.root / "results" / "class.html").read_text(encoding="utf-8")
    needs = page[page.index('id="needs"') : page.index('id="scores"')]
    assert needs.index("Missing from the roster") < needs.index("zed@uni.example")
    assert needs.index("nothing handed in") < needs.index(">dot<")
    assert "In collected.csv, and nothing handed in: dot." in late.graded.stdout


def test_the_final_score_arrives_in_every_gradebook(late: Class) -> None:
    final = {name: last for name, (_, _, last) in late.results().items() if name in NAMES}
    for name, out in {"canvas": "c.csv", "moodle": "m.csv", "gradescope": "g", "csv": "p.csv"}.items():
        late.run("export", name, "--results", "results", "--out", out, "--roster", "roster.csv")
    canvas = Importer(late.root / "c.csv", [(str(n), "", f"{name}01", name) for n, name in enumerate(NAMES)])
    assert {NAMES[int(number)]: float(points) for number, points in canvas.grades.items()} == final
    moodle = imported(late.root / "m.csv", {f"{name}@uni.example": name for name in NAMES})
    assert {name: points for name, (points, _) in moodle.items()} == final
    assert "1 day and 10 hours late" in moodle["alan"][1]
    for name, score in final.items():
        one = json.loads((late.root / "g" / f"{name}.json").read_text())
        assert one["score"] == score
        assert one["score"] + one["extra_data"]["late_penalty"] == pytest.approx(sum(t["score"] for t in one["tests"]))
    with (late.root / "p.csv").open(encoding="utf-8", newline="") as file:
        plain = {row["student"]: row["final_score"] for row in csv.DictReader(file) if row["final_score"]}
    assert {name: float(plain[name]) for name in NAMES if name in plain} == final


def test_more_time_that_is_given_later_and_a_person_s_points_count_without_grading_again(late: Class) -> None:
    before = late.results()
    table = late.root / "in" / "collected.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["extension"] = "1" if row["student"] == "alan" else row["extension"]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    again = late.run("grade", "in", "--out", "results", "--resume")
    assert "5 of 5 submissions have a result already." in again.stdout
    earned = before["alan"][0]
    assert late.results()["alan"] == (earned, pytest.approx(earned * 0.1), pytest.approx(earned * 0.9))
    decided = late.run("override", "set", "noor", "mse", "0", "--reason", "Not hers.", "--results", "results")
    assert late.results()["noor"] == (26, 0, 26)
    assert late.results()["grace"] == (30, 0, 30)
    late.run("override", "set", "alan", "mse", "4", "--reason", "Fine.", "--results", "results")
    assert late.results()["alan"][2] == pytest.approx((earned + 4) * 0.9)
    assert "noor has 26 of 30 points now." in decided.stdout
    table.rename(late.root / "away.csv")
    gone = late.run("grade", "in", "--out", "results", "--resume")
    assert "There is no collected.csv any more" in gone.stdout
    assert late.results()["alan"] == (earned + 4, None, None)
