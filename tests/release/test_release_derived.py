"""The notebook and the page are derived like the stubs: nobody's work is lost, drift and leaks are told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from grader.authoring.learner_archive import learner_machine
from grader.authoring.release import nbgrader_source
from grader.core.assignment import Assignment, find_assignment
from grader.core.errors import LessonError
from grader.course.load import load_course
from grader.derived.derived_files import derived_files, write_stubs
from grader.derived.leaks import check_stubs
from tests.one_lesson import OTHER_LESSONS, one_lesson
from tests.test_layers import LAYERS, LEARNER_SIDE

ROOT = Path(__file__).parents[2]
FOLDER = "exercises/linear_regression"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The real course with its derived files as they are committed, and with the hidden checks of one exercise."""
    ignored = shutil.ignore_patterns("__pycache__", "*.bak*", *OTHER_LESSONS)
    for name in ("exercises", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for checks in tmp_path.glob("solutions/*/hidden/test_*.py"):
        if checks.stem != "test_mse":
            checks.unlink()
    (tmp_path / "course.toml").write_text(one_lesson())
    return tmp_path


def lesson(root: Path) -> Assignment:
    return find_assignment(load_course(root), None)


def fates(root: Path, force: bool = False) -> dict[str, str]:
    return {done.path.name: done.fate for done in write_stubs(root, lesson(root), force)}


def test_what_is_committed_is_what_the_sources_give(root: Path) -> None:
    names = ["from_scratch.py", "with_torch.py", "lesson.ipynb", "lesson.html"]
    assert fates(root) == dict.fromkeys(names, "unchanged")


@pytest.mark.slow
def test_a_word_of_the_text_drifts_into_notebook_and_page(root: Path) -> None:
    text = root / FOLDER / "lesson.md"
    text.write_text(text.read_text(encoding="utf-8") + "\nOne more word.\n", encoding="utf-8")
    notebook, page, manifest = check_stubs(root, lesson(root))
    assert notebook.startswith(f"{FOLDER}/lesson.ipynb, line ")
    assert f"differs from what {FOLDER}/lesson.md with the stubs and course.toml gives" in notebook
    assert page.startswith(f"{FOLDER}/lesson.html, line ")
    assert manifest.startswith(f"{FOLDER}/.stubs.json does not list")
    assert fates(root) == {
        "from_scratch.py": "unchanged", "with_torch.py": "unchanged", "lesson.ipynb": "written", "lesson.html": "written",
    }  # fmt: skip
    assert "One more word." in (root / FOLDER / "lesson.ipynb").read_text(encoding="utf-8")


def test_points_and_docstrings_drift_too(root: Path) -> None:
    course = root / "course.toml"
    course.write_text(course.read_text(encoding="utf-8").replace("points = 3\n", "points = 3.5\n"), encoding="utf-8")
    told = [each.split(",")[0] for each in check_stubs(root, lesson(root))]
    assert told[:2] == [f"{FOLDER}/lesson.ipynb", f"{FOLDER}/lesson.html"]


def test_a_notebook_that_somebody_works_in_is_kept_or_backed_up(root: Path) -> None:
    path = root / FOLDER / "lesson.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["mine"]}]
    work = json.dumps(notebook)
    path.write_text(work, encoding="utf-8")
    assert fates(root)["lesson.ipynb"] == "kept"
    assert path.read_text(encoding="utf-8") == work
    assert fates(root, force=True)["lesson.ipynb"] == "written"
    assert path.with_name("lesson.ipynb.bak").read_text(encoding="utf-8") == work


@pytest.mark.slow
def test_a_solution_in_the_text_is_found_there_and_in_notebook_and_page(root: Path) -> None:
    solution = (root / "solutions/linear_regression/from_scratch.py").read_text(encoding="utf-8")
    line = next(each.strip() for each in solution.splitlines() if each.strip().startswith("w -="))
    text = root / FOLDER / "lesson.md"
    text.write_text(text.read_text(encoding="utf-8") + f"\n```python\n{line}\n```\n", encoding="utf-8")
    write_stubs(root, lesson(root))
    leaks = check_stubs(root, lesson(root))
    assert all("repeats the solution in solutions/linear_regression/from_scratch.py" in leak for leak in leaks)
    assert {leak.split(",")[0] for leak in leaks} == {f"{FOLDER}/lesson.{kind}" for kind in ("md", "ipynb", "html")}


@pytest.mark.slow
def test_a_figure_that_is_missing_on_one_of_its_backgrounds_is_told(root: Path) -> None:
    text = root / FOLDER / "lesson.md"
    text.write_text(text.read_text(encoding="utf-8") + "\n![A nice one](figures/none-such.svg)\n", encoding="utf-8")
    write_stubs(root, lesson(root))
    light, dark = check_stubs(root, lesson(root))
    assert light.endswith(f"{FOLDER}/figures/none-such.svg is missing.")
    assert dark.endswith(f"{FOLDER}/figures/none-such-dark.svg is missing.")


def test_a_text_that_is_not_in_its_format_is_a_sentence_of_the_check(root: Path) -> None:
    (root / FOLDER / "lesson.md").write_bytes(b"# Title\n\n\xff\n")
    (sentence,) = check_stubs(root, lesson(root))
    assert sentence == f"{FOLDER}/lesson.md, line 3: not UTF-8; save it as UTF-8."


def test_without_a_text_there_are_only_stubs(root: Path) -> None:
    (root / FOLDER / "lesson.md").unlink()
    assert [each.file for each in derived_files(root, lesson(root))] == [
        f"{FOLDER}/from_scratch.py",
        f"{FOLDER}/with_torch.py",
    ]
    with pytest.raises(LessonError, match=r"lesson\.md is missing"):
        nbgrader_source(root, lesson(root))


def test_nbgraders_source_has_solutions_in_its_notebook_and_nowhere_else(root: Path) -> None:
    files = nbgrader_source(root, lesson(root))
    notebook = files.pop("linear_regression.ipynb").decode()
    assert "### BEGIN SOLUTION" in notebook
    assert {"course.toml", "exercises/pytest.ini", "grader/selfcheck/notebook.py", "grader/selfcheck/panel.css"} <= set(
        files
    )
    assert {f"{FOLDER}/checks/test_mse.py", f"{FOLDER}/.mistakes.json"} <= set(files)
    assert not [file for file in files if "solutions" in file or "hidden" in file or file.startswith("grader/derived")]
    assert nbgrader_source(root, lesson(root)) == {**files, "linear_regression.ipynb": notebook.encode()}


def test_nbgraders_source_has_the_data_that_lies_beside_the_lesson_and_what_nobody_asked_for_stays(root: Path) -> None:
    for name in ("data.npz", "rows.csv", ".hidden", "from_scratch.py.bak"):
        (root / FOLDER / name).write_bytes(b"12")
    files = nbgrader_source(root, lesson(root))
    assert files["data.npz"] == files["rows.csv"] == b"12"
    assert not {"from_scratch.py", "from_scratch.py.bak", ".hidden", "lesson.md", "lesson.html", "README.md"} & set(
        files
    )


def test_the_learners_machine_is_what_the_layers_say() -> None:
    given = {file.removeprefix("grader/") for file in learner_machine()} - {"__init__.py", "sandbox/__init__.py"}
    layers = {layer for layer in LAYERS for file in given if file.startswith(f"{layer.replace('.', '/')}/")}
    assert layers == {*LEARNER_SIDE}
    assert all(any(file.startswith(f"{layer.replace('.', '/')}/") for layer in layers) for file in given)
