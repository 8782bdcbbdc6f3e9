"""Files, terminals and course files of all kinds."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from grader.course.load import load_course
from grader.selfcheck.course_file import CourseFileError, read_lessons
from grader.selfcheck.in_process import read_files
from tests.lesson_points import TOTAL
from tests.selfcheck.conftest import LESSON, ROOT, solution, surroundings

pytestmark = pytest.mark.slow


def test_a_bom_and_windows_line_ends_are_fine_and_a_missing_file_is_a_sentence(course):
    course.solve()
    text = solution("from_scratch").replace('"""Linear', "# Überall möglich\n" + '"""Linear').replace("\n", "\r\n")
    course.write("from_scratch", b"\xef\xbb\xbf" + text.encode())
    (course.lesson / "with_torch.py").unlink()
    ran = course.run(PYTHONIOENCODING="ascii", FORCE_COLOR="1", NO_COLOR="1")
    assert ran.code == 1
    assert "v train" in ran.out
    assert ran.row("train").split()[-1] == "5/5"
    assert "can't be used: with_torch.py is missing: expected it in" in ran.out
    assert "##" in ran.out.splitlines()[0]
    assert "\x1b" not in ran.out


def test_files_that_are_no_utf8_are_a_sentence(tmp_path):
    (tmp_path / "one.py").write_bytes(b"# ok\n# caf\xe9\n")
    (tmp_path / "two.py").write_bytes("# -*- coding: latin-1 -*-\n# café\n".encode("latin-1"))
    (tmp_path / "three.py").mkdir()
    files = read_files(tmp_path, ["one", "two", "three"])
    assert files.problems["one"].startswith("one.py can't be read as text") or "see line 2" in files.problems["one"]
    assert "café" in files.texts["two"]
    assert files.problems["three"].startswith("three.py can't be read")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_colours_unless_no_color_is_set(course):
    import pty

    def shown(**more: str) -> str:
        ours, theirs = pty.openpty()
        environment = surroundings(PYTHONPATH=str(ROOT), TERM="xterm", **more)
        command = [sys.executable, "-m", "pytest", "exercises", "-k", "mse"]
        child = subprocess.Popen(command, cwd=course.folder, env=environment, stdout=theirs, stderr=theirs)
        os.close(theirs)
        text = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:
                break
            if not chunk:
                break
            text += chunk
        os.close(ours)
        assert child.wait(60) == 0
        return text.decode()

    coloured = shown()
    assert "\x1b[1mLinear regression with PyTorch\x1b[0m" in coloured
    assert "Trying test_mse.py::test_the_lessons_numbers ..." in coloured
    assert "\x1b" not in shown(NO_COLOR="1")


def test_nothing_is_written_outside_the_folder_and_grader_is_found_beside_it(course):
    shutil.copytree(ROOT / "grader", course.folder / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    home, temporary = course.folder.parent / "home", course.folder.parent / "tmp"
    home.mkdir()
    temporary.mkdir()
    environment = surroundings(HOME=str(home), TMPDIR=str(temporary), XDG_CACHE_HOME=str(home / "cache"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"exercises/{LESSON}"], cwd=course.folder, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"0 of {TOTAL} points" in done.stdout
    assert not list(home.iterdir())
    assert not list(temporary.iterdir())
    left = {path.name for path in course.folder.rglob("*") if "__pycache__" not in path.parts}
    assert not {".pytest_cache", ".hypothesis"} & left
    assert {path.name for path in course.folder.iterdir()} == {"course.toml", "exercises", "grader"}


def test_two_lessons_may_have_modules_of_the_same_names(course):
    course.solve()
    other = course.lesson.parent / "again"
    shutil.copytree(course.lesson, other)
    text = (course.folder / "course.toml").read_text()
    table = text[text.index("[assignments.linear_regression]") :].replace(
        "assignments.linear_regression", "assignments.again"
    )
    (course.folder / "course.toml").write_text(text + table.replace("Linear regression with PyTorch", "Once more"))
    second = course.other("again")
    second.change(mse="def mse(a, b):\n    return ((a - b) ** 2).sum()")
    ran = course.run()
    assert ran.code == 1
    first, again = ran.out.split("Once more")
    assert f"{TOTAL} of {TOTAL} points" in first
    assert "not right yet" not in first
    assert "blocked by mse" in again
    assert "Try again with: pytest exercises/again -k mse" in again


def test_a_course_may_be_newer_than_the_kit_and_is_read_as_the_grading_reads_it(course):
    path = course.folder / "course.toml"
    text = path.read_text("utf-8").replace(
        "[assignments.linear_regression]", "new = 1\n[assignments.linear_regression]"
    )
    path.write_text(f"{text}\n[assignments.linear_regression.news]\nof = 'another kit'\n", "utf-8")
    lesson = read_lessons(path)[LESSON]
    known = load_course(ROOT).assignments[LESSON]
    assert lesson == replace(known, others=())  # nothing of other lessons is told at home


def test_a_course_file_that_is_missing_or_broken_is_a_sentence(course, tmp_path):
    (course.folder / "course.toml").write_text("[assignments.linear_regression\n")
    ran = course.run()
    assert ran.code == 4
    assert ran.err.startswith("ERROR: ")
    assert "course.toml can't be read" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    for text, word in [("", "names no assignment"), ("[assignments.a]\ntitle = 'A'\n", "a has no 'modules'")]:
        (tmp_path / "course.toml").write_text(text)
        with pytest.raises(CourseFileError, match=word):
            read_lessons(tmp_path / "course.toml")
    with pytest.raises(CourseFileError, match="is missing: expected it in"):
        read_lessons(tmp_path / "nowhere" / "course.toml")


def test_a_run_computes_on_one_thread_and_leaves_a_process_that_goes_on_as_it_was(course):
    course.change(mse="def mse(t1, t2):\n    print('threads inside', torch.get_num_threads())\n    return 0")
    script = (
        "import pytest, torch\n"
        "torch.set_num_threads(2)\n"
        "pytest.main(['exercises', '-k', 'mse'])\n"
        "print('threads afterwards', torch.get_num_threads())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=course.folder,
        env=surroundings(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "threads inside 1" in ran.stdout
    assert "threads afterwards 2" in ran.stdout
