"""The course that is made of each variant: what is in it, what isn't, and what its bank knows of the others."""

from __future__ import annotations

import errno
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.audit.trial_problems import naming_problems
from grader.audit.trials import Kind, Subject, Trial, TrialRun
from grader.authoring.learner_archive import courses_to_release
from grader.authoring.release import make_handout
from grader.core.errors import CourseError, ReleaseError
from grader.core.records import ExerciseStatus
from grader.course.load import load_course
from grader.derived.derived_files import write_stubs
from grader.derived.variant_course import as_first_variant, toml_text, variant_course
from grader.grading.bank import Mistake, load_bank

THIRD = 'c = { axis = 1, reduction = "sum", along = "linewise", shown = "tensor([3., 7.])" }\n'
PLAIN = """
[assignments.plain]
title = "Plain"
modules.one.title = "One"

[assignments.plain.exercises.same]
module = "one"
title = "The same"
points = 1
hints = ["h"]
"""
SAME = 'def same(x):\n    """x."""\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n'


@pytest.fixture
def course(authored: Callable[[Path], Path], tmp_path: Path) -> Path:
    return authored(tmp_path)


def bank_of(root: Path, name: str) -> dict[str, tuple[Mistake, ...]]:
    course = load_course(root)
    with variant_course(root, course, course.assignments["sums"], name, knows_others=True) as made:
        return load_bank(made.root, made.assignment).mistakes


def test_a_variants_course_is_a_course_without_variants(course: Path) -> None:
    loaded = load_course(course)
    with variant_course(course, loaded, loaded.assignments["sums"], "b") as made:
        again = load_course(made.root)
        assert (again.assignments["sums"], again.assignments["sums"].variant) == (made.assignment, "b")
        files = [path for path in made.root.rglob("*") if path.suffix in (".py", ".md", ".toml")]
        assert len(files) == 9
        for path in files:
            assert "variant(" not in path.read_text()
            assert "{{" not in path.read_text()
            assert "columnwise" not in path.read_text()
        assert "return torch.sum(x, dim=1)" in (made.root / "solutions/sums/reduce.py").read_text()
    assert not made.root.exists()


def test_the_bank_knows_the_answers_to_the_others_where_they_differ(course: Path) -> None:
    found = bank_of(course, "a")
    assert [each.id for each in found["total"]] == ["other_axis", "total_of_variant_b"]
    assert found["double"] == ()
    other = found["total"][1]
    assert (
        other.says
        == 'This answers variant b (axis = 1, reduction = "sum"); yours is variant a (axis = 0, reduction = "mean").'
    )
    assert other.lesson == "axes"
    assert other.is_written is not None  # so that it comes before a mistake that does the same


def test_an_exercise_that_only_calls_another_that_differs_is_the_same_in_all_variants(course: Path) -> None:
    with (course / "course.toml").open("a") as file:
        file.write('\n[assignments.sums.exercises.whole]\nmodule = "reduce"\ntitle = "T"\npoints = 1\nhints = ["h"]\n')
    with (course / "solutions/sums/reduce.py").open("a") as file:
        file.write(
            '\n\ndef whole(x):\n    """All."""\n    ### BEGIN SOLUTION\n    return total(x).sum()\n    ### END SOLUTION\n'
        )
    assert bank_of(course, "a")["whole"] == ()


def test_variants_in_which_an_exercise_is_the_same_are_told_together_and_not_of_each_other(course: Path) -> None:
    with (course / "course.toml").open() as file:
        text = file.read().replace(
            "\n[assignments.sums.exercises.total]", f"{THIRD}\n[assignments.sums.exercises.total]"
        )
    (course / "course.toml").write_text(text)
    (other,) = [each for each in bank_of(course, "a")["total"] if each.id != "other_axis"]
    assert other.id == "total_of_variant_b_c"
    assert other.says.startswith('This answers variants b and c (axis = 1, reduction = "sum"); yours is variant a')
    (other,) = [each for each in bank_of(course, "c")["total"] if each.id != "other_axis"]
    assert other.says.endswith('yours is variant c (axis = 1, reduction = "sum").')


def test_an_equivalent_mutant_may_be_listed_for_some_variants_alone(course: Path) -> None:
    listed = course / "solutions/sums/equivalent_mutants.toml"
    listed.write_text('[total-1]\nchange = "c"\nreason = "r"\nvariants = ["b"]\n\n[total-2]\nchange = "{{axis}}"\n')
    loaded = load_course(course)
    found = {}
    for name in ("a", "b"):
        with variant_course(course, loaded, loaded.assignments["sums"], name) as made:
            found[name] = tomllib.loads((made.root / "solutions/sums/equivalent_mutants.toml").read_text())
    assert found == {
        "a": {"total-2": {"change": "0"}},
        "b": {"total-1": {"change": "c", "reason": "r"}, "total-2": {"change": "1"}},
    }
    listed.write_text('[total-1]\nvariants = ["bb"]\n')
    with pytest.raises(CourseError, match=r'"variants" in \[total-1\] must be an array of these: a, b; found \'bb\''):
        bank_of(course, "a")


@pytest.mark.parametrize("command", ["check", "stubs"])
def test_what_cannot_be_resolved_is_named_with_file_and_line(
    course: Path, kit: Callable[..., Any], command: str
) -> None:
    (course / "exercises/sums/lesson.md").write_text("# T\n\n{{axsi}}\n")
    hidden = course / "solutions/sums/hidden/test_total.py"
    hidden.write_text(hidden.read_text() + 'MORE = variant("reductoin")\n')
    line = len(hidden.read_text().splitlines())
    run = kit(command, cwd=course)
    assert run.code == 2
    assert "exercises/sums/lesson.md, line 3: {{axsi}}: the variants have no parameter of this name" in run.text
    assert f'solutions/sums/hidden/test_total.py, line {line}: variant("reductoin"): the variants' in run.text
    assert not (course / "exercises/sums/reduce.py").exists()


def with_another(course: Path) -> Path:
    with (course / "course.toml").open("a") as file:
        file.write(PLAIN)
    (course / "solutions/plain").mkdir()
    (course / "solutions/plain/one.py").write_text(SAME)
    (course / "exercises/plain").mkdir()
    return course


def test_what_is_released_of_another_assignment_shows_nothing_of_the_variants(course: Path) -> None:
    loaded = load_course(with_another(course))
    (only,) = courses_to_release(course, loaded, [loaded.assignments["plain"]])
    with only as made:
        text = (made.root / "course.toml").read_text()
        assert "rowwise" not in text
        assert (made.root / "solutions/plain/one.py").read_text() == SAME
        assert not (made.root / "solutions/sums").exists()


def test_assignments_with_variants_are_released_one_at_a_time(course: Path) -> None:
    with (course / "course.toml").open("a") as file:
        file.write(PLAIN.replace("[assignments.plain.ex", "variants.a.n = 1\nvariants.b.n = 2\n[assignments.plain.ex"))
    (course / "solutions/plain").mkdir()
    (course / "solutions/plain/one.py").write_text(SAME)
    loaded = load_course(course)
    with pytest.raises(ReleaseError, match="Several assignments have variants: sums, plain"):
        courses_to_release(course, loaded, list(loaded.assignments.values()))


def test_a_mistake_that_is_right_in_another_variant_counts_as_named() -> None:
    run = TrialRun("total", 1, ExerciseStatus.FAILED, 0, 3, ())
    trial = Trial(Subject(Kind.MISTAKE, "total", "other_axis", "T.", {}), (run,), named="total_of_variant_b")
    problems, remarks = naming_problems([trial])
    assert problems == []
    assert remarks == ["total: the mistake other_axis (T) does what another variant asks for, and is told so."]


def test_tables_that_are_written_are_read_as_they_were() -> None:
    tables = {
        "a": {"b c": {"key": 'q"\\\n\x7f\x01é😀'}, "none": {}, "n": [1, 2.5, 1e20, -1e-7, True]},
        "due": tomllib.loads("d = 2026-12-14T23:59:00Z")["d"],
    }
    assert tomllib.loads(toml_text(tables)) == tables


@pytest.mark.slow
def test_what_one_variants_learners_get_must_not_show_the_solution_of_another(course: Path) -> None:
    shutil.rmtree(course / "solutions/sums/mistakes")
    text = (course / "course.toml").read_text().replace("tensor([2., 3.])", "torch.sum(x, dim=1)", 1)
    (course / "course.toml").write_text(text)
    loaded = load_course(course)
    with as_first_variant(course, loaded, loaded.assignments["sums"]) as made:
        write_stubs(made.root, made.assignment)
    with pytest.raises(ReleaseError, match=r"sums-learners-a\.zip/\S+reduce\.py, line \d+: repeats the solution"):
        make_handout(course, loaded, [loaded.assignments["sums"]], audit=False)


def test_a_variant_that_finds_no_room_says_where_there_is_none(
    authored: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source))  # as shutil says it

    course = load_course(root := authored(tmp_path / "course"))
    monkeypatch.setattr(shutil, "copy", full)
    with (
        pytest.raises(ReleaseError, match=r'/grader-variant-.*": No space left on device\.') as caught,
        variant_course(root, course, course.assignments["sums"], "a"),
    ):
        pass
    assert str(root) not in str(caught.value)
