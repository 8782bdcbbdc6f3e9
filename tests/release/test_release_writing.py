"""Stubs are written without losing anybody's work."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.core.assignment import Assignment, find_assignment
from grader.core.errors import ReleaseError
from grader.course.load import load_course
from grader.derived.derived_files import plan_stubs, reset_exercise, write_stubs
from grader.derived.leaks import check_stubs

COURSE = """\
[course]
id = "c"
name = "C"
[assignments.one]
title = "One"
[assignments.one.modules.basics]
title = "Basics"
[assignments.one.exercises.add]
module = "basics"
title = "Adding"
points = 1
hints = ["h"]
[assignments.one.exercises.twice]
module = "basics"
title = "Doubling"
points = 1
hints = ["h"]
"""

SOLUTION = '''\
"""Basics."""


def add(a, b):
    """The sum."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION


def twice(a):
    """Two times a."""
    ### BEGIN SOLUTION
    return add(a, a)
    ### END SOLUTION
'''


class Kit:
    """A small course on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.solution = root / "solutions" / "one" / "basics.py"
        self.stub = root / "exercises" / "one" / "basics.py"
        self.manifest = root / "exercises" / "one" / ".stubs.json"
        self.solution.parent.mkdir(parents=True)
        self.solution.write_text(SOLUTION)
        (root / "course.toml").write_text(COURSE)

    @property
    def one(self) -> Assignment:
        return find_assignment(load_course(self.root), None)

    def write(self, force: bool = False):
        (done,) = write_stubs(self.root, self.one, force)
        return done.fate, done.backup.name if done.backup else None

    def reset(self, exercise: str):
        done = reset_exercise(self.root, self.one, exercise)
        return done.fate, done.backup.name if done.backup else None

    def new_version(self) -> None:
        self.solution.write_text(self.solution.read_text().replace("The sum.", "The sum of both."))

    def leftovers(self) -> set[str]:
        return {path.name for path in self.stub.parent.iterdir()}


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path)


def test_a_first_stub_is_written_and_a_second_time_nothing_changes(kit):
    assert kit.write() == ("written", None)
    assert 'raise NotImplementedError("add is still to do")' in kit.stub.read_text()
    before = kit.stub.stat().st_mtime_ns, kit.manifest.stat().st_mtime_ns
    assert kit.write() == ("unchanged", None)
    assert (kit.stub.stat().st_mtime_ns, kit.manifest.stat().st_mtime_ns) == before
    assert kit.leftovers() == {"basics.py", ".stubs.json"}


def test_planning_writes_nothing(kit):
    (plan,) = plan_stubs(kit.root, kit.one)
    assert (plan.path, plan.fate) == (kit.stub, "written")
    assert not kit.stub.parent.exists()


def test_an_older_generated_version_is_replaced(kit):
    kit.write()
    kit.new_version()
    assert kit.write() == ("written", None)
    assert "The sum of both." in kit.stub.read_text()
    assert kit.leftovers() == {"basics.py", ".stubs.json"}


def test_somebodys_work_is_kept_and_stays_somebodys_work(kit):
    kit.write()
    kit.stub.write_text("my work")
    assert kit.write() == ("kept", None)
    kit.new_version()
    assert kit.write() == ("kept", None)
    assert kit.write() == ("kept", None)
    assert kit.stub.read_text() == "my work"


def test_work_that_was_undone_is_an_older_generated_version_again(kit):
    kit.write()
    generated = kit.stub.read_text()
    kit.stub.write_text("my work")
    kit.new_version()
    kit.write()
    kit.stub.write_text(generated)
    assert kit.write() == ("written", None)


def test_force_replaces_work_after_a_backup_and_no_backup_replaces_another(kit):
    kit.write()
    for number, name in enumerate(["basics.py.bak", "basics.py.bak-2", "basics.py.bak-3"]):
        kit.stub.write_text(f"my work {number}")
        assert kit.write(force=True) == ("written", name)
    backups = sorted(kit.stub.parent.glob("*.bak*"))
    assert [backup.read_text() for backup in backups] == ["my work 0", "my work 1", "my work 2"]
    assert kit.write(force=True) == ("unchanged", None)


def test_without_a_manifest_or_with_a_damaged_one_any_differing_file_is_somebodys_work(kit):
    for number, damage in enumerate([None, "", "[]", '{"basics.py": 3}', "no json"]):
        kit.write(force=True)
        if damage is None:
            kit.manifest.unlink()
        else:
            kit.manifest.write_text(damage)
        kit.solution.write_text(SOLUTION.replace("Basics.", f"Basics, version {number}."))
        assert kit.write() == ("kept", None)


def test_other_line_ends_are_no_work(kit):
    kit.write()
    kit.stub.write_bytes(kit.stub.read_bytes().replace(b"\n", b"\r\n"))
    assert kit.write() == ("unchanged", None)
    kit.new_version()
    assert kit.write() == ("written", None)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_mode_of_a_file_is_kept_also_by_its_backup(kit):
    kit.write()
    kit.stub.write_text("my work")
    kit.stub.chmod(0o640)
    kit.write(force=True)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (kit.stub, kit.stub.with_name("basics.py.bak"))}
    assert modes == {0o640}


def test_nothing_is_written_when_one_solution_is_wrong(kit):
    kit.solution.write_text(SOLUTION.replace("    ### END SOLUTION\n\n", "\n"))
    with pytest.raises(ReleaseError, match='expected "### END SOLUTION"'):
        write_stubs(kit.root, kit.one)
    assert not kit.stub.parent.exists()


def test_when_writing_fails_the_work_is_still_there_and_no_half_file(kit, monkeypatch):
    kit.write()
    kit.stub.write_text("my work")

    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ReleaseError, match="No space left on device"):
        kit.write(force=True)
    assert kit.stub.read_text() == "my work"
    assert kit.leftovers() == {"basics.py", "basics.py.bak", ".stubs.json"}


def test_a_folder_in_the_place_of_a_stub_is_a_sentence(kit):
    kit.stub.mkdir(parents=True)
    with pytest.raises(ReleaseError, match="Is a directory"):
        kit.write()


def test_a_missing_solution_is_a_sentence(kit):
    one = kit.one
    kit.solution.unlink()
    with pytest.raises(ReleaseError, match=r"solutions/one/basics\.py is missing"):
        write_stubs(kit.root, one)


WORK = """\
# my notes
import math


@staticmethod
def add(x, y):
    return x + y  # done
    # and a comment after it

def twice(x): return 2 * x
rest = 1"""


def test_reset_gives_one_function_back_and_leaves_the_rest(kit):
    kit.write()
    kit.stub.write_text(WORK)
    assert kit.reset("add") == ("written", "basics.py.bak")
    assert (
        kit.stub.read_text()
        == '''\
# my notes
import math


def add(a, b):
    """The sum."""
    # TODO: write your code here, in place of the next line.
    raise NotImplementedError("add is still to do")
    # and a comment after it

def twice(x): return 2 * x
rest = 1'''
    )
    assert kit.stub.with_name("basics.py.bak").read_text() == WORK
    assert kit.reset("add") == ("unchanged", None)


def test_reset_of_every_exercise_of_a_solved_file_gives_the_stub(kit):
    kit.write()
    stub = kit.stub.read_text()
    kit.stub.write_text("".join(line for line in SOLUTION.splitlines(True) if "###" not in line))
    kit.reset("add")
    kit.reset("twice")
    assert kit.stub.read_text() == stub


def test_reset_appends_a_function_that_is_missing(kit):
    kit.stub.parent.mkdir(parents=True)
    for before, gap in ((b"", b""), (b"x = 1\n", b"\n\n"), (b"x = 1", b"\n\n\n")):
        kit.stub.write_bytes(before)
        kit.reset("twice")
        after = kit.stub.read_bytes()
        assert after.startswith(before + gap + b"def twice(a):\n")
        assert after.endswith(b'("twice is still to do")\n')


def test_reset_replaces_the_definition_that_counts(kit):
    kit.stub.parent.mkdir(parents=True)
    kit.stub.write_text("def add(): first\ndef add(): second\n")
    kit.reset("add")
    assert kit.stub.read_text().startswith('def add(): first\ndef add(a, b):\n    """The sum."""\n')


def test_reset_keeps_line_ends_encoding_and_odd_bytes(kit):
    kit.stub.parent.mkdir(parents=True)
    head = "# -*- coding: latin-1 -*-\r\n# größer \x0c\r\n".encode("latin-1")
    kit.stub.write_bytes(head + b"def add(x, y):\r\n    return 3\r\nlast = 1")
    kit.reset("add")
    after = kit.stub.read_bytes()
    assert after.startswith(head + b'def add(a, b):\r\n    """The sum."""\r\n')
    assert after.endswith(b'still to do")\r\nlast = 1')


@pytest.mark.parametrize("broken", [b"def add(:\n", b"x = '\0'\n", b"\xff\xfe\n", b"# coding: nonsense\nx = 1\n"])
def test_reset_of_a_file_that_is_not_python_changes_nothing(kit, broken):
    kit.write()
    kit.stub.write_bytes(broken)
    with pytest.raises(ReleaseError, match=r"exercises/one/basics\.py.*not valid Python .*nothing was changed"):
        kit.reset("add")
    assert kit.stub.read_bytes() == broken
    assert kit.leftovers() == {"basics.py", ".stubs.json"}


def test_reset_of_an_unknown_exercise_or_a_missing_file_is_a_sentence(kit):
    with pytest.raises(ReleaseError, match=r'no exercise "ad", expected one of add, twice\. Did you mean "add"\?'):
        kit.reset("ad")
    with pytest.raises(ReleaseError, match=r"exercises/one/basics\.py is missing"):
        kit.reset("add")


PIECES = [
    "x = 1\n",
    "\n",
    "# note\n",
    "class A:\n    def add(self): pass\n",
    "def other():\n\n    return 2\n",
    's = """\ndef add(): no\n"""\n',
    "\x0c\n",
    "if True:\n    y = 2\n",
]
pieces = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=pieces, after=pieces, end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_reset_leaves_whatever_stands_around_it_byte_for_byte(tmp_path_factory, before, after, end):
    kit = Kit(tmp_path_factory.mktemp("kit"))
    kit.stub.parent.mkdir(parents=True)
    head, tail = (text.replace("\n", end).encode() for text in (before, after))
    kit.stub.write_bytes(head + f"def add(q):{end}    return q{end}".encode() + tail)
    kit.reset("add")
    now = kit.stub.read_bytes()
    assert now.startswith(head + b"def add(a, b):")
    assert now.endswith(b'still to do")' + (b"\r\n" if end == "\r\n" else b"\n") + tail)


def test_fresh_stubs_have_no_drift(kit):
    kit.write()
    assert check_stubs(kit.root, kit.one) == []


def test_drift_is_named_with_the_first_line_that_differs(kit):
    kit.write()
    kit.stub.write_text(kit.stub.read_text().replace("The sum.", "A sum."))
    (sentence,) = check_stubs(kit.root, kit.one)
    assert sentence.startswith("exercises/one/basics.py, line 5: differs from what solutions/one/basics.py gives")
    kit.write(force=True)
    kit.stub.write_text(kit.stub.read_text() + "x = 1\n")
    assert any("basics.py, line 14: differs" in sentence for sentence in check_stubs(kit.root, kit.one))


def test_a_missing_stub_and_a_manifest_that_differs_are_named(kit):
    kit.write()
    kit.stub.unlink()
    kit.manifest.write_text(json.dumps({"basics.py": "0" * 64}))
    missing, manifest = check_stubs(kit.root, kit.one)
    assert missing.startswith("exercises/one/basics.py is missing")
    assert manifest.startswith("exercises/one/.stubs.json does not list the stubs")


def test_a_solution_that_makes_no_stub_is_told_once(kit):
    kit.solution.write_text(SOLUTION.replace("### BEGIN", "## BEGIN", 1))
    (sentence,) = check_stubs(kit.root, kit.one)
    assert "line 6: a marker is" in sentence
