"""GitHub Classroom: the results as its reporter reads them, and the workflow's steps, run here."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from tests.lesson_points import TOTAL
from tests.one_lesson import OTHER_LESSONS, one_lesson

Export = Callable[..., Any]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class ReportedTest(Strict):
    """`Test` in runner/data.py of classroom-resources/autograding-python-grader."""

    name: str
    status: Literal["pass", "fail", "error"]
    message: str | None = None
    test_code: str
    task_id: int
    filename: str
    line_no: int
    duration: float
    score: float
    output: str | None = None


class Reported(Strict):
    """`Results` there."""

    version: Literal[3]
    status: Literal["pass", "fail", "error"]
    message: str | None = None
    tests: list[ReportedTest]
    max_score: float


@dataclass
class Report:
    """What src/main.js of classroom-resources/autograding-grading-reporter makes of a runner's output."""

    result: Reported

    @classmethod
    def of(cls, encoded: str) -> Report:
        return cls(Reported.model_validate_json(base64.b64decode(encoded, validate=True)))

    @property
    def points(self) -> tuple[float, float]:
        return sum(test.score for test in self.result.tests), self.result.max_score

    @property
    def log(self) -> str:
        lines = []
        for test in self.result.tests:
            assert test.line_no == 0  # else it is shown behind the name
            failed = test.message or f"Failed to run test '{test.name}'"
            lines.append(
                {"pass": f"✅ {test.name}", "fail": f"❌ {test.name}", "error": f"Error: {failed}"}[test.status]
            )
        return "\n".join(lines)


@pytest.fixture
def reports(export: Export) -> dict[str, Report]:
    out = export("github-classroom").out
    with (out / "files.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert json.loads((out / row["file"]).read_text()) == json.loads(
            base64.b64decode((out / row["file_2"]).read_text())
        )
    return {row["student"]: Report.of((out / row["file_2"]).read_text().strip()) for row in rows}


def test_the_reporter_gets_the_points_and_who_passed(reports: dict[str, Report]) -> None:
    assert reports["ada"].points == (5, 5)
    assert reports["ada"].result.status == "pass"
    assert reports["mended"].points == (4, 5)
    assert reports["mended"].result.status == "fail"
    assert "set by a person" in (reports["mended"].result.tests[0].message or "")


def test_our_failure_is_an_error_and_a_refusal_says_why(reports: dict[str, Report]) -> None:
    assert reports["broken"].result.status == "error"
    assert reports["lost"].result.status == "error"
    assert (reports["refused"].result.status, reports["unseen"].result.status) == ("error", "error")
    assert reports["refused"].points == (0, 5)
    assert "2 entries of this name" in (reports["refused"].result.tests[0].message or "")


def test_no_text_of_a_learner_can_be_a_command_in_the_log(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for test in report.result.tests:
            assert "::" not in test.name + (test.message or "")
            assert "\n" not in test.name + (test.message or "")
        assert not re.search("[\x1b\u202e]", report.log)


def test_files_are_called_after_the_learner_on_github(export: Export) -> None:
    run = export("github-classroom")
    assert (run.out / "ada-l.json").exists()
    assert "GitHub user names" in run.said


@dataclass
class Repository:
    """A learner's repository, with the steps of its workflow."""

    folder: Path
    workflow: dict[str, Any]

    def self_check(self) -> tuple[Report, str]:
        """Run the step as a runner does; the last line of a name counts."""
        output = self.folder / "github-output"
        output.unlink(missing_ok=True)
        step = next(step for step in self.steps if step.get("id") == "selfcheck")
        binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=self.folder,
            env={**ours, "PATH": binaries, "GITHUB_OUTPUT": str(output), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
        results = [line.removeprefix("result=") for line in output.read_text().splitlines()]
        return Report.of(results[-1]), done.stdout + done.stderr

    @property
    def steps(self) -> list[dict[str, Any]]:
        job = next(iter(self.workflow["jobs"].values()))
        return list(job["steps"])


@pytest.fixture(scope="module")
def repository(kit: Callable[..., Any], root: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("repository")
    for name in ("exercises", "grader"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", *OTHER_LESSONS))
    (folder / "course.toml").write_text(one_lesson())
    run = kit("export", "classroom-workflow", out=folder)
    assert run.code == 0, run.text
    assert "no grade" in run.stdout
    path = folder / ".github" / "workflows" / "classroom.yml"
    return Repository(folder, yaml.safe_load(path.read_text(encoding="utf-8")))


def test_the_workflow_hands_the_result_of_its_own_step_to_the_reporter(repository: Repository) -> None:
    assert set(repository.workflow["on"]) >= {"push", "repository_dispatch"}
    report = repository.steps[-1]
    assert report["uses"].startswith("classroom-resources/autograding-grading-reporter@")
    assert report["with"] == {"runners": "selfcheck"}
    assert report["env"] == {"SELFCHECK_RESULTS": "${{ steps.selfcheck.outputs.result }}"}
    packages = next(step["run"] for step in repository.steps if "pip install" in step.get("run", ""))
    assert re.search(r"numpy==\S+ pytest==\S+ torch==\S+$", packages)


@pytest.mark.slow
def test_the_points_are_those_of_the_self_check(repository: Repository, root: Path) -> None:
    fresh, _ = repository.self_check()
    assert fresh.points == (0, 30)
    assert fresh.result.status == "fail"
    lesson = repository.folder / "exercises" / "linear_regression"
    for name in ("from_scratch.py", "with_torch.py"):
        shutil.copy(root / "sample_class" / "alan" / name, lesson)
    found, said = repository.self_check()
    assert found.points == (21, 30)
    assert "❌ mse: The mean squared error" in found.log
    assert f"21 of {TOTAL} points" in said


@pytest.mark.slow
def test_a_loop_that_stops_for_nothing_is_reported_too(repository: Repository) -> None:
    path = repository.folder / "exercises" / "linear_regression" / "from_scratch.py"
    before = path.read_text(encoding="utf-8")
    configuration = repository.folder / "exercises" / "pytest.ini"
    settings = configuration.read_text(encoding="utf-8")
    loop = "def mse(a, b):\n    while True:\n        try:\n            while True:\n                pass\n        except:\n            pass\n"
    path.write_text(before + "\n\n" + loop, encoding="utf-8")
    configuration.write_text(settings + "selfcheck_seconds = 1\n", encoding="utf-8")
    try:
        found, _ = repository.self_check()
    finally:
        path.write_text(before, encoding="utf-8")
        configuration.write_text(settings, encoding="utf-8")
    assert found.result.status == "error"
    assert "did not get to its end" in found.log


def test_somebody_s_own_workflow_is_not_written_over(kit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / ".github" / "workflows" / "classroom.yml"
    path.parent.mkdir(parents=True)
    path.write_text("name: mine\n")
    run = kit("export", "classroom-workflow", out=tmp_path)
    assert run.code == 2
    assert "Move it away" in run.stderr
    assert path.read_text() == "name: mine\n"
