"""With the learner's part of the kit alone, a command says in a sentence what it needs; `grade` alone grades and audits."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
# Distributions whose packages are called otherwise.
PACKAGES = {"markdown-it-py": "markdown_it", "pyyaml": "yaml"}


def packages(extra: str) -> list[str]:
    names = [re.split(r"[<>=\[]", line)[0] for line in EXTRAS[extra]]
    return [PACKAGES.get(name, name) for name in names if name != "autograded-course-kit"]


def without(missing: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({missing!r}));"
        f"sys.argv = ['grader', *{list(arguments)!r}]; from grader.__main__ import main; sys.exit(main())"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [[], ["--version"], ["grade", "sample_class", "--out", "results/nowhere"]])
def test_without_the_extra_one_sentence_says_what_is_missing_and_how_to_install_it(arguments: list[str]) -> None:
    done = without(packages("grade"), *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(
        r"grader: This needs \w+, which is not installed here: "
        r"python[\d.]* -m pip install 'autograded-course-kit\[grade\]'\n",
        done.stderr,
    )


@pytest.mark.parametrize("package", packages("grade"))
def test_every_package_of_the_extra_is_named_when_it_is_missing(package: str) -> None:
    commands = (
        ["check"],
        ["grade", "nowhere", "--out", "results/nowhere"],
        ["stubs", "--check"],
        ["export", "classroom-workflow"],
        ["collect", "nowhere", "--from", "folder", "--out", "results/nowhere"],
    )
    for command in commands:
        done = without([package], *command)
        assert "Traceback" not in done.stderr
        if f"This needs {package.replace('_', '-')}," in done.stderr:
            return
    pytest.fail(f"no command needs {package}: is it of the extra `grade`?")


def test_what_grade_installs_is_enough_to_check_a_course() -> None:
    done = without([*packages("figures"), *packages("nbgrader")], "stubs", "--check")
    assert done.returncode == 0, done.stderr
