"""A course of two lessons: what is shown of each, what `-k`, `--hint`, `--submit` and `--watch` mean, and what to do next."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.assignment import exercise_meant
from grader.selfcheck.course_file import read_course
from grader.selfcheck.lessons import UnknownExercise, find_exercise, in_progress, is_begun
from grader.selfcheck.report import WIDTH, not_begun_lines
from tests.selfcheck.conftest import LESSON, ROOT, Course, solution
from tests.selfcheck.notebooks import solved, write_notebook
from tests.selfcheck.test_watch import Watched

OTHER = "digits"
COURSE = read_course(ROOT / "course.toml")
FIRST, SECOND = COURSE.lessons[LESSON], COURSE.lessons[OTHER]
NOT_BEGUN = f"{SECOND.title}: not begun, 15 exercises\n  Start with: pytest exercises/digits\n"
IN_THE_NOTEBOOK = "Your work is in the notebook. Save it, and check what is saved there with"
WRONG_MSE = "def mse(a, b):\n    return ((a - b) ** 2).sum()"


@given(st.data())
def test_an_exercise_is_meant_by_its_name_or_by_what_it_asks_for_where_that_is_plain(data: st.DataObject) -> None:
    names = st.sampled_from(["a", "b", "c", "D", "E"])
    lessons = []
    for _ in range(2):
        ids = data.draw(st.lists(names, unique=True, max_size=4))
        exercises = {each: replace(FIRST.exercises["mse"], id=each, function=data.draw(names)) for each in ids}
        lessons.append(replace(FIRST, exercises=exercises))
    every = [each for lesson in lessons for each in lesson.exercises.values()]
    for name in ("a", "b", "c", "D", "E", "no such"):
        meant = exercise_meant(name, lessons)
        if name in {each.id for each in every}:
            assert meant == name
        else:
            asking = {each.id for each in every if each.function == name}
            assert meant == (min(asking) if len(asking) == 1 else name)


@pytest.fixture
def both(tmp_path: Path) -> Course:
    """A course of both."""
    return Course(tmp_path / "course", OTHER)


def begun(course: Course, **functions: str) -> Course:
    """With something in the second lesson, too."""
    course.other(OTHER).solve("from_scratch").change(**functions)
    return course


def test_a_lesson_that_nobody_has_begun_takes_a_line_and_is_not_tried(both: Course) -> None:
    ran = both.run(junit=False, python=("-X", "importtime"))
    assert ran.code == 0
    assert ran.out.startswith(FIRST.title)
    assert "0 of 30 points" in ran.out
    assert ran.out.endswith(f"\n\n{NOT_BEGUN}")
    assert IN_THE_NOTEBOOK not in ran.out
    assert "Try again with: pytest exercises -k to_tensors\n" in ran.out
    imported = {path.parents[2].name for path in both.folder.rglob("checks/__pycache__/*.pyc")}
    assert imported == {LESSON}
    assert "notebook_transport" not in ran.err
    # For pytest it is as all others: its own report and its file have every check.
    listed = both.run("exercises", "--collect-only", "-q", junit=False)
    assert "digits/checks/test_softmax.py" in listed.out
    ran = both.change(mse=WRONG_MSE).run()
    assert ran.code == 1
    assert ran.outcomes()["softmax"][0] == ("skipped", "softmax is still to do")
    assert ran.out.endswith(f"\n\n{NOT_BEGUN}")
    assert ran.next.startswith("Next: mse, in exercises/linear_regression/from_scratch.py\n")


def test_after_a_lesson_that_is_done_the_next_is_named_and_then_it_is_shown(both: Course) -> None:
    ran = both.solve().run(junit=False)
    assert ran.code == 0
    assert ran.out.endswith(
        "\nAll visible checks pass.\nGrading also tries other inputs.\n"
        "Now you can submit your work: pytest exercises/linear_regression --submit NAME\n\n"
        f"Next lesson: {SECOND.title}, not begun, 15 exercises\n"
        "  Read:       exercises/digits/lesson.html\n"
        "  Start with: pytest exercises/digits\n"
    )
    wrong = "def train(inputs, labels, w, b, lr, num_epochs):\n    return []"
    ran = begun(both, train=wrong).run()
    assert ran.code == 1
    first, _, second = ran.out.partition("\n\n")
    assert first.split("\n")[1:] == [
        "  All visible checks pass.",
        "  To submit: pytest exercises/linear_regression --submit NAME",
    ]
    assert "30 of 30 points" in first
    assert second.startswith(SECOND.title)
    assert ran.next.startswith("Next: train, in exercises/digits/from_scratch.py\n")
    # Both lessons have a `train`, and only one of them a `softmax`.
    assert "Try again with: pytest exercises/digits -k train\n" in ran.next
    assert "More hints:     pytest exercises/digits --hint train\n" in ran.next
    assert not any(line.strip().startswith("Try again") for line in second[: second.index("Next: ")].split("\n"))
    assert max(map(len, ran.out.splitlines())) <= WIDTH


def test_the_second_lesson_is_as_quick_to_start_as_the_first(both: Course) -> None:
    ran = both.other(OTHER).solve().run("exercises/digits", "-s", python=("-X", "importtime"), junit=False)
    assert "50 of 50 points" in ran.out
    loaded = set(re.findall(r"\|\s+([\w.]+)$", ran.err, re.MULTILINE))
    assert "grader.selfcheck.report" in loaded
    assert not {"torch._dynamo", "sympy"} & loaded


@pytest.mark.slow
def test_k_takes_the_exercise_of_that_name_and_nothing_else(both: Course) -> None:
    # `regression` is a part of `linear_regression`, and other checks have `scores` in their names.
    ran = both.run("exercises", "-k", "regression")
    assert set(ran.outcomes()) == {"regression"}
    assert ran.out.startswith(SECOND.title)
    assert "not begun" not in ran.out
    assert "Try again with: pytest exercises -k regression\n" in ran.out
    # `Digits`, a class, is a part of the folder's name, and the exercise that asks for it is called dataset.
    ran = both.run("exercises", "-k", "Digits")
    assert set(ran.outcomes()) == {"dataset"}
    assert "Try again with: pytest exercises -k dataset\n" in ran.out
    ran = both.run("exercises", "-k", "train", junit=False)
    assert ran.out.startswith(FIRST.title)
    assert "Try again with: pytest exercises/linear_regression -k train\n" in ran.next
    assert ran.out.endswith(
        f"\n\n{SECOND.title}: not begun, 15 exercises\n  Start with: pytest exercises/digits -k train\n"
    )


@pytest.mark.slow
def test_a_folder_means_its_lesson_and_its_lesson_alone(both: Course) -> None:
    ran = both.run("exercises/digits")
    assert ran.out.startswith(SECOND.title)
    assert FIRST.title not in ran.out
    assert set(ran.outcomes()) == set(SECOND.exercises)
    assert "Try again with: pytest exercises -k to_rows\n" in ran.out
    ran = both.run("-k", "scores", cwd="exercises/digits")
    assert set(ran.outcomes()) == {"scores"}
    assert "Try again with: pytest -k scores\n" in ran.out
    # From the folder of the lessons.
    ran = both.run("-k", "train", cwd="exercises")
    assert "Try again with: pytest linear_regression -k train\n" in ran.out
    assert ran.out.endswith(": pytest digits -k train\n")


def test_what_is_begun(both: Course, tmp_path: Path) -> None:
    folder = both.folder / "exercises" / OTHER
    assert not is_begun(folder, SECOND)
    stub = (folder / "with_torch.py").read_text("utf-8")
    for text, is_work in {
        stub.replace("\n", "\r\n"): False,
        f"import math\n{stub}\nprint('hello')\n": False,
        stub.replace("def evaluate(", "def evaluate(("): True,
        solution("with_torch", OTHER): True,
    }.items():
        (folder / "with_torch.py").write_bytes(text.encode())
        assert is_begun(folder, SECOND) == is_work, text[:200]
    (folder / "with_torch.py").unlink()
    assert is_begun(folder, SECOND)
    first = both.lesson
    notebook = json.loads((first / "lesson.ipynb").read_bytes())
    (first / "lesson.ipynb").write_text(json.dumps({**notebook, "metadata": {"saved": "again"}}))
    assert not is_begun(first, FIRST)
    (first / ".stubs.json").write_text("[]")
    assert not is_begun(first, FIRST)
    write_notebook(first / "mine.ipynb", solved("mse"))
    assert is_begun(first, FIRST)


def test_in_progress_is_what_is_named_or_begun_or_else_the_default(both: Course, tmp_path: Path) -> None:
    folder, every = both.folder / "exercises", [FIRST, SECOND]
    assert in_progress(every, folder, [folder], LESSON) == [FIRST]
    assert in_progress(every, folder, [folder], OTHER) == [SECOND]
    assert in_progress(every, folder, [folder], None) == []
    assert in_progress(every, folder, [folder / OTHER / "checks"], LESSON) == [SECOND]
    assert in_progress([SECOND], folder, [folder], None) == [SECOND]
    begun(both)
    assert in_progress(every, folder, [folder], LESSON) == [SECOND]
    both.change(mse=WRONG_MSE)
    assert in_progress(every, folder, [folder], LESSON) == every


def test_a_hint_is_for_the_lesson_that_is_meant_or_the_commands_are_said(both: Course) -> None:
    folder = both.folder / "exercises"

    def asked(name: str, *paths: str, course: Any = COURSE) -> tuple[str, str]:
        lesson, exercise, command = find_exercise(
            name, course, folder, [folder / each for each in paths or ("",)], both.folder
        )
        assert name in (exercise.id, exercise.function)
        return lesson.id, command

    for each in SECOND.exercises.values():
        if each.id not in FIRST.exercises:
            assert asked(each.function) == asked(each.id) == (OTHER, "pytest exercises")
    assert asked("mse") == (LESSON, "pytest exercises")
    assert asked("softmax") == (OTHER, "pytest exercises")
    assert asked("train") == (LESSON, "pytest exercises/linear_regression")
    assert asked("train", OTHER) == (OTHER, "pytest exercises/digits")
    which = (
        "Several lessons have an exercise train. Say which one is meant:\n"
        "  pytest exercises/linear_regression --hint train\n"
        "  pytest exercises/digits --hint train"
    )
    for refused in (COURSE._replace(default=None), COURSE):
        with pytest.raises(UnknownExercise) as told:
            asked("train", course=refused)
        assert str(told.value) == which
        begun(both.change(mse=WRONG_MSE))
    with pytest.raises(UnknownExercise) as told:
        asked("mse", OTHER)
    assert (
        str(told.value) == f'{SECOND.title} has no exercise "mse". It is in {FIRST.title}: pytest exercises --hint mse'
    )
    with pytest.raises(UnknownExercise, match=r'no exercise "sofmax"\. Did you mean "softmax"'):
        asked("sofmax")
    shutil.rmtree(folder / OTHER)
    assert asked("train") == (LESSON, "pytest exercises")


def test_of_a_lesson_that_is_not_begun_no_line_is_too_long() -> None:
    for title in ("Digits", SECOND.title, "A lesson with a title " * 5):
        lines = not_begun_lines([(replace(SECOND, title=title), "pytest exercises/digits")])
        texts = ["".join(text for text, _ in line) for line in lines]
        assert max(map(len, texts)) <= WIDTH
        assert len(texts) == (1 if title == "Digits" else 2)
        assert "not begun, 15 exercises" in texts[0]
        assert texts[-1].endswith(": pytest exercises/digits")


@pytest.mark.slow
def test_what_is_handed_in_is_the_lesson_that_has_been_begun_or_the_commands_are_said(both: Course) -> None:
    ran = both.run("exercises", "--submit", "ada", junit=False)
    assert ran.code == 0
    assert f"Handing in: {FIRST.title}, as ada\n" in ran.out
    assert "Nothing is written yet" in ran.out
    (both.folder / "ada.zip").unlink()
    ran = begun(both).run("exercises", "--submit", "ada", junit=False)
    assert ran.code == 0
    assert f"Handing in: {SECOND.title}, as ada\n" in ran.out
    assert FIRST.title not in ran.out
    assert "Written: ada.zip, " in ran.out
    archive = both.folder / "ada.zip"
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("from_scratch.py").decode() == solution("from_scratch", OTHER)
    before = archive.read_bytes()
    both.change(mse=WRONG_MSE)
    ran = both.run("exercises", "--submit", "ada", junit=False)
    assert ran.code == 4
    ways = "\n".join(f"  pytest exercises/{name} --submit ada" for name in (LESSON, OTHER))
    assert f"There is work in several lessons. Say which one is meant:\n{ways}\n" in ran.err
    assert archive.read_bytes() == before
    ran = both.run("exercises/linear_regression", "--submit", "ada", junit=False)
    assert "Written: linear_regression/ada.zip, " in ran.out
    assert archive.read_bytes() == before
    with zipfile.ZipFile(both.folder / LESSON / "ada.zip") as packed:
        assert WRONG_MSE in packed.read("from_scratch.py").decode()
    ran = both.run("exercises/linear_regression", "--submit", "ada", junit=False)
    assert "Already there: linear_regression/ada.zip, " in ran.out
    ran = both.run("exercises/linear_regression", "--submit", "bob")
    assert ran.code == 1
    assert set(ran.outcomes()) == set(FIRST.exercises)
    assert f"Handing in: {FIRST.title}, as bob\n" in ran.out


@pytest.mark.slow
def test_a_notebook_that_is_named_is_of_the_lesson_that_it_lies_in(both: Course) -> None:
    begun(both.change(mse=WRONG_MSE))
    write_notebook(both.lesson / "lesson.ipynb", solved("mse"))
    ran = both.run("exercises", "--source", "exercises/linear_regression/lesson.ipynb")
    assert set(ran.outcomes()) == set(FIRST.exercises)
    assert ran.row("mse").endswith("4/4")
    ran = both.run("exercises", "--source", "notebook", junit=False)
    assert ran.code == 4
    assert "\n  pytest exercises/linear_regression --source notebook\n" in ran.err


@pytest.mark.slow
def test_a_lesson_that_is_begun_while_a_run_waits_is_tried_in_it(both: Course) -> None:
    watch = Watched(both.change(mse=WRONG_MSE))
    try:
        assert NOT_BEGUN in watch.said()
        watch.wait_until_prepared()
        both.other(OTHER).change(to_rows="def to_rows(images):\n    return images")
        said = watch.said()
        assert f"{SECOND.title} " in said
        assert NOT_BEGUN not in said
    finally:
        watch.close()


@pytest.mark.slow
def test_a_watch_goes_on_to_the_next_lesson_and_gives_hints_for_the_one_that_was_saved(both: Course) -> None:
    watch = Watched(both)
    try:
        assert NOT_BEGUN in watch.said()
        both.solve()
        said = watch.said()
        assert "are done." in " ".join(said.split())
        assert f"Next lesson: {SECOND.title}" in said
        watch.press("h")
        assert "There is nothing left to do" in watch.said()
        both.other(OTHER).change(to_rows="def to_rows(images):\n    return images")
        said = watch.said()
        assert f"{FIRST.title} " in said
        assert "Next: to_rows, in exercises/digits/from_scratch.py" in said
        both.change(mse=WRONG_MSE)
        assert "Next: mse" in watch.said()
        watch.press("h")
        assert "Hint 1 of 3 for mse" in watch.said()
        both.other(OTHER).change(to_rows="def to_rows(images):\n    return images + 1")
        watch.said()
        watch.press("h")
        assert "for to_rows" in watch.said()
    finally:
        watch.close()


@pytest.mark.slow
def test_who_writes_in_the_notebook_is_told_how_that_is_checked(both: Course) -> None:
    said = f"{IN_THE_NOTEBOOK}:\n"
    write_notebook(both.folder / "exercises" / LESSON / "lesson.ipynb", solved("to_tensors"))
    ran = both.run(junit=False)
    assert f"{said}  pytest exercises/linear_regression --source notebook\n" in ran.out
    assert "2 of 30 points" in both.run("exercises/linear_regression", "--source", "notebook", junit=False).out
    both.change(to_tensors=solved("to_tensors")["to_tensors"])
    assert said not in both.run(junit=False).out


@pytest.mark.parametrize(
    ("at_the_end", "told"),
    [
        ("file.close()", "The file is closed afterwards: leave it open"),
        *(
            pytest.param(*each, marks=pytest.mark.slow)
            for each in (
                ("file.seek(0); file.truncate()", "The file is empty when the function ends"),
                ("file.seek(0); file.write(b'no model')", "torch.load can't read what is in the file"),
            )
        ),
    ],
)
def test_whatever_is_done_to_a_file_is_told_and_breaks_no_check(both: Course, at_the_end: str, told: str) -> None:
    text = solution("with_torch", OTHER).replace("    return size\n", f"    {at_the_end}\n    return size\n")
    course = both.other(OTHER).solve("from_scratch")
    course.write("with_torch", text)
    ran = course.run("exercises/digits", "-k", "save_and_load")
    assert ran.code == 1
    assert told in " ".join(ran.out.split())
    assert "our mistake" not in ran.out
