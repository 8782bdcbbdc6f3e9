"""What hosts and tools read of this repository says the same as the Makefile and pyproject.toml."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
PYTHONS = [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ci() -> Any:
    return read(".github/workflows/ci.yml")


def commands(job: Any) -> list[str]:
    return [line for step in job["steps"] for line in step.get("run", "").splitlines()]


def test_the_hosted_ci_runs_every_python_that_we_name_and_the_oldest_that_we_promise(ci: Any) -> None:
    assert ci["jobs"]["test"]["strategy"]["matrix"]["python"] == PYTHONS
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"


def test_the_self_check_is_tried_on_the_other_systems(ci: Any) -> None:
    job = ci["jobs"]["self-check"]
    assert job["strategy"]["matrix"]["system"] == ["macos-latest", "windows-latest"]
    assert set(job["strategy"]["matrix"]["python"]) <= set(PYTHONS)
    needed = next(line for line in commands(job) if "pip install" in line)
    assert all(re.match(r"[\w-]+", each)[0] in needed for each in PROJECT["dependencies"])  # type: ignore[index]


def test_the_hosted_ci_runs_what_ci_runs(ci: Any) -> None:
    def made(lines: list[str]) -> set[str]:
        words = [word for line in lines if line.startswith("make ") for word in shlex.split(line)[1:]]
        return {word for word in words if word in TARGETS}

    ours = made((ROOT / ".ci" / "run").read_text().splitlines())
    assert {"setup", "lint", "types", "stubs-check", "site", "test", "test-all"} <= ours
    assert ours <= made([line for job in ci["jobs"].values() for line in commands(job)])


def test_every_make_target_that_is_named_exists(ci: Any) -> None:
    named = [shlex.split(line)[1] for job in ci["jobs"].values() for line in commands(job) if line.startswith("make ")]
    assert named
    assert set(named) <= TARGETS


def test_the_hooks_are_those_of_the_makefile() -> None:
    entries = [hook["entry"] for repo in read(".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert [entry.removesuffix(" --force-exclude") for entry in entries] == [
        "ruff check",
        "ruff format --check",
        "mypy",
        "python -m grader stubs --check",
    ]


@pytest.mark.parametrize("name", ["bug", "wrong_verdict", "idea"])
def test_an_issue_form_asks_for_something(name: str) -> None:
    form = read(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert {"name", "description", "body"} <= form.keys()
    assert any(field.get("validations", {}).get("required") for field in form["body"])
    assert len({field["id"] for field in form["body"]}) == len(form["body"])


def test_every_page_is_in_the_contents_of_the_site() -> None:
    conf = (ROOT / "docs" / "site" / "conf.py").read_text(encoding="utf-8")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]  # those of lessons come by themselves
    missing = [page.relative_to(ROOT).with_suffix("").as_posix() for page in pages]
    assert [name for name in missing if f'"{name}"' not in conf] == []
