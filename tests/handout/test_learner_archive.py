"""The learners' archive: what is in it and what never is, and that it works where nothing else of ours is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from packaging.requirements import Requirement

from grader.authoring.learner_archive import learner_files, learner_machine
from grader.core.due_dates import due_words
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.results.export.deployments import SELF_CHECK, all_pinned
from tests.lesson_points import EXERCISES, TOTAL

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LESSON = "linear_regression"
FOLDER = f"exercises/{LESSON}"
OTHER = "exercises/digits"


@pytest.fixture(scope="module")
def place(dist: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive unpacked in an empty folder, by a learner."""
    return dist.unpacked("learners", tmp_path_factory.mktemp("unpacked") / "here")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new virtual environment: torch, NumPy, pytest and what they need, and not our kit."""
    venv = tmp_path_factory.mktemp("learner") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = next(path for path in (venv / "bin" / "python", venv / "Scripts" / "python.exe") if path.exists())
    ask: list[str | Path] = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    libraries = Path(subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip())
    for name in all_pinned(SELF_CHECK):
        package = metadata.distribution(name)
        for first in {path.parts[0] for path in package.files or () if path.parts[0] not in ("..", "__pycache__")}:
            if not (libraries / first).exists():
                (libraries / first).symlink_to(str(package.locate_file(first)))
    return python


def self_check(python: Path, folder: Path, *options: str, of: str = "exercises") -> subprocess.CompletedProcess[str]:
    """`pytest exercises` in a clean environment; `-P` keeps this folder off the import path, as the script `pytest` does."""
    environment = {"PATH": os.defpath, "HOME": str(folder.parent), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [python, "-P", "-m", "pytest", *of.split(), *options],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


def test_it_holds_what_learners_need_and_nothing_else(dist: Any) -> None:
    files = set(dist.files("learners"))
    assert {"START.md", "START.html", "requirements.txt", "LICENSE", "course.toml"} <= files
    docs = {f"docs/{name}.{kind}" for name in ("self-check", "notebook") for kind in ("md", "html")}
    assert docs == {file for file in files if file.startswith("docs/")}
    assert {file for file in files if file.startswith("grader/")} == set(learner_machine())
    ours = {f"{OTHER}/digits.npz", f"{OTHER}/DATA.md"}
    for folder in (FOLDER, OTHER):
        ours |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder / "checks").glob("*.py")}
        ours |= {path.relative_to(ROOT).as_posix() for path in (ROOT / folder / "figures").glob("*.svg")}
        names = ("from_scratch.py", "with_torch.py", "lesson.md", "lesson.html", "lesson.ipynb", "README.md")
        ours |= {f"{folder}/{name}" for name in (*names, ".mistakes.json", ".stubs.json")}
    assert {file for file in files if file.startswith("exercises/")} == {
        "exercises/conftest.py",
        "exercises/pytest.ini",
        *ours,
    }


def test_the_kit_itself_is_not_installed_there(python: Path, place: Path) -> None:
    code = (
        "import importlib.util as u; print([n for n in ('grader', 'click', 'pydantic', 'nbformat') if u.find_spec(n)])"
    )
    asked = subprocess.run([python, "-I", "-c", code], cwd=place.parent, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"


def test_stubs_are_all_to_do_and_no_failure(python: Path, place: Path) -> None:
    run = self_check(python, place)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"0 of {TOTAL} points" in run.stdout
    assert len(re.findall(r"to do$", run.stdout, re.MULTILINE)) == len(EXERCISES)
    assert not run.stderr


@pytest.mark.parametrize("options", ["-v -k mse", pytest.param("-k mse", marks=pytest.mark.soak)])
def test_plain_pytest_in_the_folder_does_the_same(python: Path, place: Path, options: str) -> None:
    def said(of: str) -> str:
        run = self_check(python, place, *options.split(), of=of)
        assert run.returncode == 0, run.stdout + run.stderr
        return re.sub(r"(rootdir: ).*|exercises/|[\d.]+s\b|=+", "", run.stdout)

    assert "mse" in said("exercises")
    assert [said(of) for of in ("", ".")] == [said("exercises")] * 2


def test_with_the_solutions_written_in_all_points_are_earned(
    python: Path, dist: Any, submit: Callable[..., Path], tmp_path: Path
) -> None:
    folder = dist.unpacked("learners", tmp_path / "mine")
    work = submit(tmp_path / "work", "ada")
    for module in ("from_scratch", "with_torch"):
        (folder / FOLDER / f"{module}.py").write_bytes((work / f"{module}.py").read_bytes())
        (folder / OTHER / f"{module}.py").write_bytes((ROOT / "solutions" / "digits" / f"{module}.py").read_bytes())
    run = self_check(python, folder)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{TOTAL} of {TOTAL} points" in run.stdout
    assert "50 of 50 points" in run.stdout


def test_the_requirements_are_met_by_what_it_was_tried_with(place: Path) -> None:
    lines = (place / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = [Requirement(line) for line in lines if not line.startswith("#")]
    assert [each.name for each in needed] == ["numpy", "pytest", "torch"]
    for each in needed:
        assert each.specifier.contains(metadata.version(each.name).partition("+")[0])
    assert "jupyterlab" in lines[-1]


def run_cells(folder: Path, **exercises: str) -> dict[str, str]:
    """Run a notebook's first cell and some exercises with their checks in a kernel; what each check shows, as a page."""
    (path,) = folder.glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    wanted = {"kit-setup", *exercises, *(f"check-{name}" for name in exercises)}
    notebook.cells = [cell for cell in notebook.cells if cell.get("id") in wanted]
    for cell in notebook.cells:
        cell.source = exercises.get(cell.id, cell.source)
    notebook.cells.insert(1, nbformat.v4.new_code_cell("import torch, grader\nprint(grader.__file__)"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    client = nbclient.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    shown = {"machine": notebook.cells[1].outputs[0].text.strip()}
    return shown | {
        cell.id: cell.outputs[0].data["text/html"] for cell in notebook.cells if cell.get("id", "").startswith("check-")
    }


WRONG = "def mse(t1, t2):\n    diff = t1 - t2\n    return torch.sum(diff * diff) / len(diff)"
TO_DO = 'def model(x, w, b):\n    raise NotImplementedError("model is still to do")'


def test_the_notebook_checks_with_the_machine_beside_it_and_names_a_mistake(place: Path) -> None:
    shown = run_cells(place / FOLDER, mse=WRONG, model=TO_DO)
    assert Path(shown["machine"]) == place / "grader" / "__init__.py"
    assert "The sum is divided by the number of rows" in shown["check-mse"]
    assert "model is still to do." in shown["check-model"]


def test_nbgraders_notebook_does_so_too_from_what_nbgrader_releases(dist: Any, tmp_path: Path) -> None:
    folder = dist.unpacked("nbgrader", tmp_path / "here") / "release" / LESSON
    shown = run_cells(folder, mse=WRONG)
    assert Path(shown["machine"]) == folder / "grader" / "__init__.py"
    assert "The sum is divided by the number of rows" in shown["check-mse"]


def test_the_start_says_how_on_each_system(place: Path) -> None:
    text = (place / "START.md").read_text(encoding="utf-8")
    for word in ("Linux and macOS", "Windows", "3.11", "requirements.txt", "pytest exercises", "VS Code", "jupyterlab"):
        assert word in text
    assert f"{FOLDER}/lesson.ipynb" in text
    assert (place / "START.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_start_leads_to_every_lesson_says_when_it_is_due_and_links_pages(place: Path) -> None:
    page = (place / "START.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert links == [
        f"{FOLDER}/lesson.html",
        f"{OTHER}/lesson.html",
        "docs/self-check.html",
        "docs/notebook.html",
    ]
    assert all((place / link).is_file() for link in links)
    for folder in (FOLDER, OTHER):
        for command in (f"jupyter lab {folder}/lesson.ipynb", f"pytest {folder}\n", f"pytest {folder} --submit ada"):
            assert command in page
    for lesson in load_course(ROOT).assignments.values():
        assert lesson.due is not None
        assert page.count(due_words(lesson.due, None)) == 2
        for module in lesson.modules:
            assert f"<code>exercises/{lesson.id}/{module}.py</code>" in page
    # What goes on until it is ended is the last command of its block, and what is checked is written before.
    blocks = re.findall(r"<pre.*?</pre>", page, re.DOTALL)
    assert all("jupyter lab" not in line for block in blocks for line in block.strip().splitlines()[:-2])
    assert page.index("2. Work") < page.index("3. Check your work")
    assert "your instructor says where" in page
    assert "such as <code>digits/ada.zip</code>" in page


def test_pages_of_the_docs_lead_to_pages_and_to_parts_of_them_that_are_there(place: Path) -> None:
    pages = {path: path.read_text(encoding="utf-8") for path in (place / "docs").glob("*.html")}
    assert len(pages) == 2
    for path, text in pages.items():
        for link in re.findall(r'href="([^":]+)"', text):
            name, _, part = link.partition("#")
            assert not name.endswith(".md")
            target = (path.parent / name) if name else path
            assert target.is_file()
            if part and target in pages:
                assert f'id="{part}"' in pages[target], link


def test_the_start_says_where_to_hand_in_where_the_course_says_so(small: Path) -> None:
    toml = (small / "course.toml").read_text(encoding="utf-8")
    (small / "course.toml").write_text(toml.replace("[course]", '[course]\nsubmit_to = "the box by the door"', 1))
    course = load_course(small)
    start = learner_files(small, course, list(course.assignments.values()))["START.md"].decode()
    assert "Hand it in here: the box by the door." in start
    assert "due" not in start


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        (None, "Friday, 1 January 2027, 12:00 (UTC+01:00)"),
        ("UTC", "Friday, 1 January 2027, 11:00 (UTC)"),
        ("Asia/Tokyo", "Friday, 1 January 2027, 20:00 (Asia/Tokyo)"),
    ],
)
def test_what_is_due_is_said_in_the_courses_own_time(zone: str | None, words: str) -> None:
    assert due_words(datetime(2027, 1, 1, 12, tzinfo=timezone(timedelta(hours=1))), zone) == words


def test_what_lies_about_in_the_exercises_is_left_aside(small: Path) -> None:
    course = load_course(small)
    before = learner_files(small, course, list(course.assignments.values()))
    for file in (
        "exercises/one/.hints.json",
        "exercises/one/basics.py.bak-2",
        "exercises/one/__pycache__/x.pyc",
        "exercises/one/results/results.jsonl",
        "exercises/.ipynb_checkpoints/x.ipynb",
        "exercises/notes.md~",
    ):
        (small / file).parent.mkdir(exist_ok=True)
        (small / file).write_text("x", encoding="utf-8")
    assert learner_files(small, course, list(course.assignments.values())) == before
    (small / "exercises" / "one" / "data.csv").write_text("1,2\n", encoding="utf-8")
    more = learner_files(small, course, list(course.assignments.values()))
    assert set(more) - set(before) == {"exercises/one/data.csv"}


def test_only_the_assignment_that_is_asked_for_is_in_it(small: Path) -> None:
    course = load_course(small)
    files = learner_files(small, course, [course.assignments["two"]])
    assert [file for file in files if file.startswith("exercises/t")] == ["exercises/two/checks/test_it.py"]
    assert not [file for file in files if file.startswith("exercises/one")]
    assert "**Lesson two**, 1 point: in the folder `exercises/two`." in files["START.md"].decode()
    assert "Lesson one" not in files["START.md"].decode()
    assert "A small &lt;course&gt;" in files["START.html"].decode()


def test_a_link_is_not_handed_out(small: Path) -> None:
    (small / "exercises" / "one" / "more").symlink_to(small / "course.toml")
    course = load_course(small)
    with pytest.raises(ReleaseError, match=r"exercises/one/more is a link"):
        learner_files(small, course, list(course.assignments.values()))


def test_what_the_self_check_needs_must_be_there(small: Path) -> None:
    (small / "exercises" / "conftest.py").unlink()
    course = load_course(small)
    with pytest.raises(ReleaseError, match=r"exercises/conftest\.py is missing"):
        learner_files(small, course, list(course.assignments.values()))


def test_pages_of_the_docs_come_along_as_far_as_they_are_linked(small: Path) -> None:
    docs = small / "docs"
    docs.mkdir()
    (docs / "one.md").write_text("[two](two.md#there) and [this](one.md)", encoding="utf-8")
    (docs / "two.md").write_text("[one](one.md), [elsewhere](https://example.org)", encoding="utf-8")
    (docs / "three.md").write_text("for instructors", encoding="utf-8")
    (small / "exercises" / "one" / "README.md").write_text("[one](../../docs/one.md)", encoding="utf-8")
    course = load_course(small)
    files = learner_files(small, course, list(course.assignments.values()))
    taken = ["docs/one.html", "docs/one.md", "docs/two.html", "docs/two.md"]
    assert sorted(file for file in files if file.startswith("docs/")) == taken
    assert 'href="two.html#there"' in files["docs/one.html"].decode()
    assert 'href="https://example.org"' in files["docs/two.html"].decode()
