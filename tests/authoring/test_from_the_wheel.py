"""In a fresh environment with the wheel and the extra `grade` alone, a course is begun, checked, graded, audited, released."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import pytest
from filelock import FileLock
from packaging.requirements import Requirement

import grader
from grader.results.export.deployments import all_pinned

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["grade"]]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """A folder for a course, and the programs of an environment in which the kit is installed from its wheel.

    What a shell has besides, such as `mkdir`, is there as well.
    """

    folder: Path
    scripts: Path

    def run(self, command: str, *, code: int = 0) -> str:
        """Run a program of the environment; everything that it prints."""
        program, *arguments = command.split()
        path = f"{self.scripts}{os.pathsep}{os.defpath}"
        done = subprocess.run(
            [shutil.which(program, path=path) or program, *arguments], cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
            env={"PATH": path, "HOME": str(self.folder.parent), "COLUMNS": "100", "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"$ {command}\n{done.stdout}"
        return done.stdout


def readme_commands() -> list[str]:
    """What the README says to type in an empty folder."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Start a course of your own\n")[2]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[1].splitlines()


def build_wheel(folder: Path) -> Path:
    """The kit's wheel, of a copy, so that nothing is left in this checkout; without a network."""
    source = folder / "source"
    shutil.copytree(ROOT / "grader", source / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "-w", folder, source], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def put(package: str, libraries: Path) -> None:
    """A package as it is installed here, in another environment. By hard links, since torch is large, and with its
    bytecode, which takes long to make."""
    found = metadata.distribution(package)
    for file in found.files or ():
        source, target = Path(str(found.locate_file(file))), libraries / file
        if ".." in file.parts or not source.exists() or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # on another disk
            shutil.copy2(source, target)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, interpreter_lock: FileLock) -> Place:
    folder = tmp_path_factory.mktemp("wheel")
    wheel = build_wheel(folder)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    scripts = folder / "venv" / "bin"
    ask: list[str | Path] = [scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    libraries = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    with interpreter_lock:
        for package in all_pinned(tuple(Requirement(line).name for line in NEEDED)):
            put(package, libraries)
    # A script of pip's own making is what people call; pytest's is made by hand.
    (scripts / "pytest").write_text(f"#!{scripts / 'python'}\nimport sys, pytest\nsys.exit(pytest.console_main())\n")
    (scripts / "pytest").chmod(0o755)
    options = ("--quiet", "--no-deps", "--no-index")
    install: list[str | Path] = [scripts / "python", "-m", "pip", "install", *options, wheel]
    subprocess.run(install, check=True)
    course = folder / "trigonometry"
    course.mkdir()
    return Place(course, scripts)


def test_a_course_begun_by_the_commands_of_the_readme(place: Place) -> None:
    init, new, check, *hand_in, grade, audit, release = readme_commands()
    assert place.run("grader --version") == f"grader, version {grader.__version__}\n"
    wheel = next(place.folder.parent.glob("*.whl"))
    said = place.run(init)
    assert f"the kit from where it was installed from, {wheel}, and nobody else has that." in said
    assert f"[grade] @ {wheel.as_uri()}\n" in (place.folder / "requirements.txt").read_text(encoding="utf-8")

    place.run(new)
    place.run("grader new exercise cosine")
    assert "course.toml is in order." in place.run("grader check")
    for command in (check, "pytest", "pytest ."):
        assert "0 of 6 points" in place.run(command)

    for command in hand_in:
        place.run(command)
    assert [path.name for path in (place.folder / "submissions").iterdir()] == ["reference"]
    shutil.copytree(place.folder / "exercises/vectors", place.folder / "submissions/untouched")
    source = (place.folder / "solutions/vectors/vectors.py").read_text(encoding="utf-8")
    wrong = place.folder / "submissions/wrong/vectors.py"
    wrong.parent.mkdir()
    wrong.write_text(source.replace("torch.add(x, x)", "x * x"), encoding="utf-8")
    place.run(grade)
    lines = (place.folder / "results/results.jsonl").read_text(encoding="utf-8").splitlines()
    results = {record["student"]: record for record in map(json.loads, lines)}
    assert {name: each["score"] for name, each in results.items()} == {"reference": 6, "untouched": 0, "wrong": 0}
    named = {name: each["misconception"] for name, each in results["wrong"]["exercises"].items()}
    assert named == {"normalise": "normalise_squared", "cosine": "cosine_squared"}

    assert "✓ Audit of vectors passed" in place.run(audit)
    place.run(release)
    archive = zipfile.ZipFile(place.folder / "dist/trigonometry-learners.zip")
    assert not [name for name in archive.namelist() if "solutions" in name or "mistakes/" in name]
    archive.extractall(place.folder.parent / "learner")
    assert "0 of 6 points" in replace(place, folder=place.folder.parent / "learner" / "trigonometry").run("pytest")


def test_a_command_that_needs_another_extra_names_it(place: Place) -> None:
    said = place.run("grader nbgrader nowhere --out results", code=2)
    assert re.fullmatch(r"grader: This needs nbgrader, .*'autograded-course-kit\[nbgrader\]'\n", said)
