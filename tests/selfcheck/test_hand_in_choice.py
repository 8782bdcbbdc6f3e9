"""What counts of somebody's work: modules or a notebook, told from what is written in them, and asked when it can't be."""

import shutil

import pytest

from grader.core.assignment import Assignment, Exercise, Module
from grader.selfcheck.course_file import read_lessons
from grader.selfcheck.local_work import choose
from grader.selfcheck.submit import lesson_of
from grader.selfcheck.submit_archive import SubmitError
from tests.lesson_points import EXERCISES
from tests.selfcheck.conftest import LESSON, MODULES, ROOT, solution
from tests.selfcheck.notebooks import solved, write_notebook

COMMAND = "pytest exercises --submit ada"


@pytest.fixture(scope="module")
def lesson():
    return read_lessons(ROOT / "course.toml")[LESSON]


@pytest.fixture
def folder(tmp_path):
    """The lesson's folder, as learners are given it."""
    given = tmp_path / LESSON
    given.mkdir()
    for file in [*(f"{module}.py" for module in MODULES), "lesson.ipynb"]:
        shutil.copy(ROOT / "exercises" / LESSON / file, given)
    return given


@pytest.fixture
def chosen(folder, lesson):
    """What is chosen there, by name."""
    return lambda asked=None: choose(folder, lesson, asked, folder.parent, COMMAND).work.choice


@pytest.fixture
def refused(chosen):
    """What is said where nothing can be chosen."""

    def said(asked=None):
        with pytest.raises(SubmitError) as error:
            chosen(asked)
        return str(error.value)

    return said


def test_whichever_is_worked_in_counts(folder, chosen):
    assert chosen() == "modules"
    write_notebook(folder / "lesson.ipynb", solved("mse"))
    assert chosen() == "lesson.ipynb"
    shutil.copy(ROOT / "exercises" / LESSON / "lesson.ipynb", folder)
    (folder / "with_torch.py").write_text(solution("with_torch"), "utf-8")
    assert chosen() == "modules"


def test_a_notebook_that_was_only_run_and_modules_that_an_editor_touched_are_not_worked_in(folder, chosen):
    write_notebook(folder / "lesson.ipynb", {}, "print('I tried something')")
    (folder / "with_torch.py").write_text(solution("with_torch"), "utf-8")
    assert chosen() == "modules"
    stubs = (ROOT / "exercises" / LESSON / "with_torch.py").read_text("utf-8")
    (folder / "with_torch.py").write_text(stubs.rstrip() + "\r\n", "utf-8")
    write_notebook(folder / "lesson.ipynb", solved("fit"))
    assert chosen() == "lesson.ipynb"


def test_without_modules_or_without_a_notebook_there_is_no_question(folder, chosen, refused):
    write_notebook(folder / "lesson.ipynb", {})
    for module in MODULES:
        (folder / f"{module}.py").unlink()
    assert chosen() == "lesson.ipynb"
    assert refused("modules").endswith("expected from_scratch.py and with_torch.py.")
    (folder / "lesson.ipynb").unlink()
    assert refused().startswith("There is nothing to hand in: expected from_scratch.py or with_torch.py, or a notebook")
    assert refused("notebook").startswith("There is no notebook of this lesson in ")


def test_work_in_both_is_asked_about_and_the_answer_is_taken(folder, chosen, refused):
    write_notebook(folder / "lesson.ipynb", solved("mse"))
    (folder / "with_torch.py").write_text(solution("with_torch"), "utf-8")
    assert f"modules       3 of {len(EXERCISES)} written, saved " in refused()
    assert [chosen("modules"), chosen("notebook"), chosen("lesson.ipynb")] == [
        "modules",
        "lesson.ipynb",
        "lesson.ipynb",
    ]
    assert 'expected "modules", "notebook" or a notebook\'s file name' in refused("neither")
    assert refused("other.ipynb").startswith("There is no notebook other.ipynb, neither here nor in ")


def test_of_several_notebooks_the_one_with_work_counts(folder, chosen, refused):
    write_notebook(folder / "lesson-Copy1.ipynb", solved("mse"))
    (folder / "scratch.ipynb").write_text('{"cells": []}', "utf-8")
    (folder / ".lesson-checkpoint.ipynb").write_text("damaged", "utf-8")
    assert chosen() == "lesson-Copy1.ipynb"
    assert chosen("notebook") == "lesson-Copy1.ipynb"
    write_notebook(folder / "lesson.ipynb", solved("fit"))
    assert "--source lesson-Copy1.ipynb\n" in refused()
    assert "Say which one counts: --source lesson-Copy1.ipynb or --source lesson.ipynb." in refused("notebook")


def test_what_can_not_be_read_may_be_worked_in(folder, chosen, refused):
    (folder / "lesson.ipynb").write_text('{"cells": [', "utf-8")
    said = refused()
    assert said.startswith("lesson.ipynb is not a notebook: its JSON is damaged or cut off.")
    assert said.endswith(f"To submit the modules instead: {COMMAND} --source modules")
    assert chosen("modules") == "modules"
    (folder / "with_torch.py").write_text(solution("with_torch"), "utf-8")
    assert "lesson.ipynb  can't be read" in refused()


def test_a_module_that_the_grading_can_not_read_is_said_in_its_words(folder, lesson):
    (folder / "from_scratch.py").write_text(solution("from_scratch"), "utf-16")
    (folder / "with_torch.py").write_bytes(b"#" * 200_001)
    first, second = choose(folder, lesson, None, folder, COMMAND).work.files
    assert first.trouble[0].startswith("from_scratch.py is saved as UTF-16; expected UTF-8.")
    assert second.trouble[0].startswith("with_torch.py is larger than the limit of 200,000 bytes")
    assert "no points for make_loader, fit, predict" in second.trouble[1]


def test_a_definition_in_another_cell_counts_where_the_own_one_holds_the_stub(folder, lesson):
    write_notebook(folder / "lesson.ipynb", solved("fit"), "%matplotlib inline\n" + solved()["mse"])
    (file,) = choose(folder, lesson, None, folder, COMMAND).work.files
    assert file.written == 2
    assert file.trouble == ()


def test_a_part_that_is_not_in_the_notebook_is_said(folder, lesson):
    (folder / "lesson.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "source": "def mse(a, b):\\n    return a"}]}', "utf-8"
    )
    (file,) = choose(folder, lesson, None, folder, COMMAND).work.files
    assert file.trouble == (
        "The part on with_torch was not found in the notebook; expected definitions of make_loader, fit, predict.",
    )


def test_the_lesson_is_the_one_whose_folder_was_given_or_that_has_been_begun(tmp_path):
    module, hints = {"area": Module(id="area", title="Areas")}, ("Think.",)
    area = Exercise(id="area", module="area", function="area", title="An area", points=1, hints=hints)
    lessons = [
        Assignment(id=name, title=name, modules=module, exercises={"area": area}) for name in ("one", "two", "three")
    ]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "area.py").write_text(
            "def area(a, b):\n    raise NotImplementedError('area is still to do')\n"
        )

    def meant(*paths, default=None):
        return lesson_of(lessons, tmp_path, [tmp_path / path for path in paths], default, "pytest LESSON").id

    assert meant("one") == "one"
    assert meant("two/checks/test_x.py") == "two"
    assert meant("", default="two") == "two"
    assert meant("two", default="one") == "two"
    with pytest.raises(SubmitError, match=r"^Say which lesson is meant:\n  pytest one\n  pytest two$"):
        meant("")
    (tmp_path / "two" / "area.py").write_text("def area(a, b):\n    return a * b\n")
    assert meant("") == meant("", default="one") == "two"
    (tmp_path / "one" / "area.py").write_text("def area(a, b)\n")
    both = r"^There is work in several lessons. Say which one is meant:\n  pytest one\n  pytest two$"
    for paths in ([""], ["one", "two/checks"]):
        with pytest.raises(SubmitError, match=both):
            meant(*paths, default="one")
    with pytest.raises(SubmitError, match=r"There is no lesson here to hand in. .*one of them: one, two\."):
        meant("three")
    shutil.rmtree(tmp_path / "two")
    assert meant("") == "one"
