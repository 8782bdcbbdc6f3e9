"""What the class of 20 writes, and how it gets to the instructor: by the exchange, by Moodle and by Canvas."""

from __future__ import annotations

import ast
import copy
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import MODULES, with_function
from tests.nbgrader.course import COURSE, EXERCISES, LESSON, ROOT, NbCourse, Notebook, grade_id, read, right, write
from tests.term.table import CLASS, FORBIDDEN, Learner


def written(learner: Learner) -> dict[str, str]:
    """The code of each function that a learner has written."""
    code = {name: right(name) for name in EXERCISES if name not in learner.to_do}
    for exercise, mistake in learner.recognised.items():
        text = (ROOT / "solutions" / LESSON / "mistakes" / exercise / f"{mistake}.py").read_text(encoding="utf-8")
        function = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == exercise)
        code[exercise] = ast.get_source_segment(text, function) or ""
    return code | ({"model": FORBIDDEN} if learner.forbidden else {})


def write_modules(learner: Learner, stubs: Path, *folders: Path) -> None:
    """Write modules into folders: the stubs, with a learner's functions in place of theirs."""
    for module in MODULES:
        text = (stubs / f"{module}.py").read_text(encoding="utf-8")
        for name, code in written(learner).items():
            if f"def {name}(" in text:
                text = with_function(text, name, code)
        for folder in folders:
            folder.mkdir(exist_ok=True)
            (folder / f"{module}.py").write_text(text, encoding="utf-8")


def in_notebook(learner: Learner, notebook: Notebook) -> Notebook:
    """A notebook as it was handed out, with a learner's functions in their cells."""
    notebook = copy.deepcopy(notebook)
    code = written(learner)
    for cell in notebook.cells:
        if grade_id(cell) in code:
            cell.source = code[grade_id(cell)]
    return notebook


def hand_in(desk: Path, name: str) -> Path:
    """The learner's own command, in the unpacked archive; what it made."""
    command = [sys.executable, "-m", "pytest", "exercises", "--submit", name]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))}
    done = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert (desk / f"{name}.zip").is_file(), done.stdout + done.stderr
    return desk / f"{name}.zip"


def at_home(archive: Path, handed_in: Path) -> None:
    """Everybody who works without nbgrader, in the unpacked learners' archive; `handed_in` gets the entries.

    An entry is what `python -m grader grade` takes: an archive, a notebook or a folder of modules.
    """
    lesson = archive / "exercises" / LESSON
    stubs = handed_in.parent / "stubs"
    stubs.mkdir()
    for module in MODULES:
        shutil.copy(lesson / f"{module}.py", stubs)
    fresh = read(lesson / "lesson.ipynb")
    for student, learner in CLASS.items():
        if learner.way == "exchange":
            continue
        if learner.form == "notebook":
            path = write(handed_in / f"{student}.ipynb", in_notebook(learner, fresh))
            if not learner.is_graded:
                path.write_text(path.read_text(encoding="utf-8")[:5000], encoding="utf-8")
        elif learner.form == "modules":
            write_modules(learner, stubs, handed_in / student)
        else:
            write_modules(learner, stubs, lesson)
            shutil.move(hand_in(archive, student), handed_in)
    for module in MODULES:
        shutil.copy(stubs / f"{module}.py", lesson)


def by_the_exchange(course: NbCourse, archive: Path, handed_in: Path) -> None:
    """Released, fetched, submitted and collected by nbgrader's own commands; `handed_in` gets copies as entries."""
    place, of = f"--Exchange.root={course.exchange}", f"--course={COURSE['course']['id']}"
    course.nbgrader("release_assignment", LESSON, place)
    desk = course.folder.parent / "desk"
    desk.mkdir()
    course.nbgrader("fetch_assignment", LESSON, place, of, cwd=desk)
    fetched = read(desk / LESSON / f"{LESSON}.ipynb")
    for student, learner in CLASS.items():
        if learner.way != "exchange":
            continue
        if learner.form == "notebook":
            write(desk / LESSON / f"{LESSON}.ipynb", in_notebook(learner, fetched))
            shutil.copy(desk / LESSON / f"{LESSON}.ipynb", handed_in / f"{student}.ipynb")
        else:  # the last one at this desk: the others handed in no modules
            write(desk / LESSON / f"{LESSON}.ipynb", fetched)
            write_modules(learner, archive / "exercises" / LESSON, desk / LESSON, handed_in / student)
        course.nbgrader("submit", LESSON, place, of, f"--student={student}", cwd=desk)
    course.nbgrader("collect", LESSON, place)


def by_an_lms(course: NbCourse, handed_in: Path) -> None:
    """Two downloads, with the names that Moodle and Canvas give to files, collected with `zip_collect`."""
    place = course.folder / "downloaded" / LESSON / "archive"
    place.mkdir(parents=True)
    with (
        zipfile.ZipFile(place / "First steps-Lab 3-4711.zip", "w") as moodle,
        zipfile.ZipFile(place / "submissions.zip", "w") as canvas,
    ):
        for number, path in enumerate(sorted(handed_in.iterdir())):
            student = path.stem
            way = CLASS[student].way
            if way == "moodle":
                name = "lesson.ipynb" if path.suffix == ".ipynb" else path.name
                moodle.write(path, f"Zoë O'Neil {number}_{student}_assignsubmission_file_/{name}")
            elif way == "canvas" and path.is_dir():
                for at, file in enumerate(sorted(path.iterdir()), 1):
                    canvas.write(file, f"nameof{number}_{student}_{9000 + 10 * number + at}_{file.stem}-{at}.py")
            elif way == "canvas":
                name = "lesson-1.ipynb" if path.suffix == ".ipynb" else path.name
                late = "LATE_" if CLASS[student].days_late else ""
                canvas.write(path, f"nameof{number}_{late}{student}_{9000 + 10 * number}_{name}")
        moodle.writestr("Zoë O'Neil 1_101_assignsubmission_onlinetext_/onlinetext.html", "<p>see file</p>")
    course.nbgrader("zip_collect", LESSON)


def entries(folder: Path) -> dict[str, list[str]]:
    """What each learner handed in, by name: the files' names."""
    found = {}
    for path in folder.iterdir():
        if path.suffix == ".zip":
            found[path.stem] = sorted(zipfile.ZipFile(path).namelist())
        else:
            found[path.stem] = sorted(each.name for each in path.iterdir()) if path.is_dir() else [path.name]
    return found
