"""The command as a whole: the same bytes from the same course, a listing of them, and nothing when anything is wrong."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import grader.authoring.learner_archive as learner_archive
import grader.authoring.release as handout_module
from grader.authoring.release import Handout, make_handout, write_handout
from grader.core.assignment import Course
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.derived.derived_files import write_stubs

pytestmark = pytest.mark.slow

LESSON = "linear_regression"
NAMES = ["contents.txt", "pytorch-first-steps-learners.zip", "pytorch-first-steps-nbgrader.zip"]


def make(root: Path, *ids: str, **options: Any) -> Handout:
    course = load_course(root)
    return make_handout(root, course, [course.assignments[id] for id in ids or course.assignments], **options)


def with_stubs(root: Path) -> Course:
    course = load_course(root)
    for assignment in course.assignments.values():
        write_stubs(root, assignment)
    return course


@pytest.mark.soak
def test_the_same_course_gives_the_same_bytes_wherever_and_by_whomever(
    dist: Any, kit: Callable[..., Any], copied: Callable[[Path], Path], tmp_path: Path
) -> None:
    course, elsewhere = copied(tmp_path / "another" / "course"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in course.rglob("*"):
        os.utime(path, (86400, 86400))
        if path.is_file():
            path.chmod(0o600)
    run = kit("--course", course, "release", "--unaudited", out=elsewhere / "out", cwd=elsewhere, umask=0o077)
    assert run.code == 0, run.text
    assert sorted(path.name for path in (elsewhere / "out").iterdir()) == NAMES
    for name in NAMES:
        assert (elsewhere / "out" / name).read_bytes() == (dist.folder / name).read_bytes(), name


def test_the_listing_has_every_file_with_its_digest_and_says_who_may_have_it(dist: Any) -> None:
    text = (dist.folder / "contents.txt").read_text(encoding="utf-8")
    head, listed = text.split("SHA-256, size in bytes, file\n")
    assert re.search(r"learners\.zip\n  For learners\.", head)
    assert re.search(r"nbgrader\.zip\n  For instructors only: source/ holds solutions", head)
    assert "NOT AUDITED" in head
    wanted = {name: (dist.folder / name).read_bytes() for name in NAMES[1:]}
    for kind in ("learners", "nbgrader"):
        wrapping = "pytorch-first-steps" if kind == "learners" else "pytorch-first-steps-nbgrader"
        wanted |= {f"{wrapping}/{file}": data for file, data in dist.files(kind).items()}
    found = dict(reversed(line.split(maxsplit=1)) for line in listed.splitlines() if re.match(r"[0-9a-f]{64} ", line))
    assert found == {f"{len(data)} {file}": hashlib.sha256(data).hexdigest() for file, data in wanted.items()}
    for part in listed.split("\nIn ")[1:]:
        paths = [line.split(maxsplit=2)[2] for line in part.splitlines()[2:] if line]
        assert paths == sorted(paths)


def test_the_command_says_what_it_made_and_warns_of_what_it_left_out(dist: Any) -> None:
    assert re.search(r"learners\.zip: \d+ files, \d\.\d MB\.\n  For learners\.", dist.said.stdout)
    assert "For instructors only" in dist.said.stdout
    assert "Warning: NOT AUDITED" in dist.said.stderr


def test_nbgrader_makes_the_same_release_of_the_archives_source(dist: Any, tmp_path: Path) -> None:
    folder = dist.unpacked("nbgrader", tmp_path / "here")
    released = {p.relative_to(folder): p.read_bytes() for p in (folder / "release").rglob("*") if p.is_file()}
    assert len(released) > 80
    assert "### BEGIN SOLUTION" in (folder / "source" / LESSON / f"{LESSON}.ipynb").read_text(encoding="utf-8")
    commands = re.findall(r"^    nbgrader (.*)$", (folder / "README.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 2
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command.split()], cwd=folder, env={**os.environ, "PATH": path},
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert (folder / "gradebook.db").is_file()
    again = {p.relative_to(folder): p.read_bytes() for p in (folder / "release").rglob("*") if p.is_file()}
    assert again == released


def test_a_page_of_the_docs_and_a_module_of_the_machine_that_tell_are_found_and_nothing_is_made(
    copied: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = copied(tmp_path / "course")
    solution = (course / "solutions" / LESSON / "from_scratch.py").read_text(encoding="utf-8")
    line = next(each.strip() for each in solution.splitlines() if each.strip().startswith("w -="))
    page = course / "docs" / "self-check.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n`{line}`, [more](gone.md)\n", encoding="utf-8")
    hidden = (course / "solutions" / LESSON / "hidden" / "test_mse.py").read_bytes()
    machine = {"grader/more.py": hidden, "grader/__init__.py": b'"""The machine."""\n'}
    monkeypatch.setattr(learner_archive, "learner_machine", lambda: machine)
    with pytest.raises(ReleaseError) as refused:
        make(course, audit=False)
    told = str(refused.value)
    assert told.startswith("Nothing was released:\n")
    archive = "pytorch-first-steps-learners.zip"
    assert f"{archive}/docs/self-check.md: the link to gone.md leads to nothing that is released." in told
    assert re.search(rf"{archive}/docs/self-check\.md, line \d+: repeats the solution in solutions/", told)
    assert re.search(rf"{archive}/grader/more\.py is a copy of solutions/{LESSON}/hidden/test_mse\.py", told)
    assert re.search(rf"{archive}/grader/more\.py, line \d+: repeats hidden code in", told)


def test_what_is_out_of_date_is_refused_and_nothing_is_written(
    copied: Callable[[Path], Path], kit: Callable[..., Any], tmp_path: Path
) -> None:
    course = copied(tmp_path / "course")
    mistake = next((course / "solutions" / LESSON / "mistakes" / "mse").glob("*.py"))
    mistake.write_text(mistake.read_text(encoding="utf-8") + "\n# Changed.\n", encoding="utf-8")
    run = kit("--course", course, "release", "--unaudited", out=tmp_path / "out")
    assert run.code == 2
    assert f"exercises/{LESSON}/.mistakes.json is not what bank and visible checks give" in run.stderr
    (course / "exercises" / LESSON / "with_torch.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"with_torch\.py, line 1: differs from what solutions"):
        make(course, audit=False)
    assert not (tmp_path / "out").exists()


def test_an_audit_that_finds_something_refuses(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_stubs(small)
    asked: list[tuple[Path, str]] = []

    def audited(root: Path, _: Course, assignment: Any) -> list[str]:
        asked.append((root, assignment.id))
        return ["first: a wrong answer gets points."] if assignment.id == "one" else []

    monkeypatch.setattr(handout_module, "audited", audited)
    with pytest.raises(
        ReleaseError, match=r"^Nothing was released:\nfirst: a wrong answer gets points\.\n`python -m grader audit`"
    ):
        make(small)
    assert asked == [(small, "one"), (small, "two")]
    assert "Audited: " in make(small, "two").contents
    assert "NOT AUDITED" in make(small, "one", audit=False).contents


def test_a_course_without_texts_has_nothing_for_nbgrader_and_an_older_archive_goes(small: Path, tmp_path: Path) -> None:
    with_stubs(small)
    out = tmp_path / "dist"
    out.mkdir()
    for name in ("small-nbgrader.zip", "mine.zip"):
        (out / name).write_bytes(b"old")
    made = make(small, audit=False)
    assert "nbgrader's course has no one: exercises/one/lesson.md is missing." in made.notes
    write_handout(made, out)
    assert sorted(path.name for path in out.iterdir()) == ["contents.txt", "mine.zip", "small-learners.zip"]


def test_a_lesson_may_give_what_an_earlier_one_asked_for_when_it_is_handed_out_alone(small: Path) -> None:
    course = with_stubs(small)
    solution = (small / "solutions" / "one" / "basics.py").read_text(encoding="utf-8")
    line = next(each.strip() for each in solution.splitlines() if each.strip().startswith("total ="))
    (small / "exercises" / "two" / "given.py").write_text(f'"""Given."""\n\n{line}\n', encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"exercises/two/given\.py, line 3: repeats the solution in solutions/one/"):
        make(small, audit=False)
    assert list(course.assignments) == ["one", "two"]
    assert make(small, "two", audit=False).archives
