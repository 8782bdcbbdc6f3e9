"""What crosses between machines comes out as it went in; what is anything else is not read."""

from __future__ import annotations

import json
import math
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.answers import Answers
from grader.core.assignment import find_assignment
from grader.core.errors import GradingError
from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    Effort,
    Excerpt,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    Source,
    SubmissionResult,
    SubmissionStatus,
)
from grader.course.load import load_course
from grader.grading.cluster_connection import (
    ANSWER,
    PLAN,
    PREVIOUS,
    Answer,
    SentPlan,
    digest_of,
    pack_course,
    pack_entry,
    unpack_course,
    unpack_entry,
)
from grader.grading.collect import Gathered, gather
from grader.grading.process import Graded
from grader.grading.submission import Entry, PreviousGrading
from grader.sandbox.protocol.frames import MalformedFrame
from tests.one_lesson import one_lesson

CHECK = CheckResult("shape", CheckStatus.FAILED, 0.0, 2.0)
CAUSE = Cause("repair", "from_scratch", 4, "Look at line 4.")
FINDING = Finding("It is ½ of it.", (("called", 'mse("a\n\\")'), ("returned", "0")), "Read on.")
AROUND = Excerpt(3, ("def mse(a, b):", "    return ½"))
EFFORT = Effort(0.1, 0.85, search_cut=True)
EXERCISE = ExerciseResult(
    "mse", ExerciseStatus.PARTIAL, 2.5, 4.0, (CHECK,), FINDING, ("advice",), "half", CAUSE, AROUND, EFFORT
)
BEFORE = PreviousGrading((EXERCISE,), ("model", "mse"))
SOURCES = (Source("from_scratch", ((1, 2, "def mse():"), (3, None, '"\\')), 7),)
GRADED = Graded(
    SubmissionResult("Zoë 雪", SubmissionStatus.GRADED, (EXERCISE,), "a note"),
    "abc",
    1.25,
    "a fault",
    ("fit",),
    SOURCES,
)
WRITTEN = ANSWER.write(Answer(GRADED))


def test_a_record_comes_back_as_it_was() -> None:
    read = ANSWER.read(WRITTEN)
    assert read == Answer(GRADED)
    assert read.graded is not None
    assert read.graded.result.exercises[0].effort == EFFORT  # which is no part of what is equal
    assert PREVIOUS.read(PREVIOUS.write(BEFORE)) == BEFORE


def test_answers_and_where_they_belong_come_back_and_others_are_refused() -> None:
    exercise = replace(EXERCISE, answers=Answers.of("text", [[0.5], [1.0, 2.0]]), written="ab", group="mse-1")
    (read,) = PREVIOUS.read(PREVIOUS.write(PreviousGrading((exercise,)))).results
    assert (read.answers, read.written, read.group) == (exercise.answers, "ab", "mse-1")
    for numbers in ("1 2:", "x:AAAAAA==", "1:AAAA", "1:!!!!", "2:AAAAPw==", "-1:AAAAPw=="):
        other = json.loads(PREVIOUS.write(PreviousGrading((exercise,))))
        other["results"][0]["answers"]["numbers"] = numbers
        with pytest.raises(MalformedFrame):
            PREVIOUS.read(json.dumps(other, separators=(",", ":"), ensure_ascii=False).encode())


def _with(change: object) -> bytes:
    data = json.loads(WRITTEN)
    assert callable(change)
    change(data)
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


def test_the_way_that_the_others_are_changed_changes_nothing_else() -> None:
    assert _with(lambda _: None) == WRITTEN


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        pickle.dumps(Answer(GRADED)),
        WRITTEN + b" ",
        WRITTEN[:-1],
        WRITTEN.decode(),
        bytearray(WRITTEN),
        Answer(GRADED),
        {"graded": None},
        b"[" * 100_000,
        _with(lambda data: data.update(more=1)),
        _with(lambda data: data["graded"].update(more=1)),
        _with(lambda data: data["graded"].update(seconds="1.25")),
        _with(lambda data: data["graded"].update(seconds=True)),
        _with(lambda data: data["graded"].pop("fault")),
        _with(lambda data: data["graded"]["result"].update(status="perfect")),
        _with(lambda data: data["graded"]["result"].update(student=7)),
        _with(lambda data: data["graded"]["result"]["exercises"][0].update(score=math.nan)),
        _with(lambda data: data["graded"]["result"]["exercises"][0].update(score="Infinity")),
        _with(lambda data: data["graded"]["result"]["exercises"][0]["cause"].update(by="a guess")),
        _with(lambda data: data["graded"]["result"]["exercises"][0]["around"].update(lines="def")),
        _with(lambda data: data["graded"]["result"]["exercises"][0]["effort"].update(search_cut=1)),
        _with(lambda data: data["graded"]["sources"][0].update(lines=[["1", None, ""]])),
        _with(lambda data: data["graded"]["sources"][0].update(lines=[[1, None]])),
        _with(lambda data: data["graded"]["result"]["exercises"][0]["finding"].update(facts=[["one"]])),
    ],
)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(MalformedFrame):
        ANSWER.read(data)


@given(st.integers(0, len(WRITTEN) - 1), st.integers(0, 255))
def test_a_changed_byte_is_another_record_or_none(position: int, byte: int) -> None:
    changed = WRITTEN[:position] + bytes([byte]) + WRITTEN[position + 1 :]
    try:
        read = ANSWER.read(changed)
    except MalformedFrame:
        return
    assert ANSWER.write(read) == changed
    assert (read == Answer(GRADED)) == (changed == WRITTEN)


def test_a_plan_comes_back_as_it_was(root: Path) -> None:
    plan = SentPlan(find_assignment(load_course(root), None), 2**47, "cpu", "kernel")
    assert PLAN.read(PLAN.write(plan)) == plan


@pytest.mark.parametrize("name", ["ada", "ada\udcff", "Zoë 雪"])
def test_an_entry_is_on_the_other_machine_what_it_is_here(root: Path, tmp_path: Path, name: str) -> None:
    limits = find_assignment(load_course(root), None).limits
    folder = tmp_path / name
    (folder / "in").mkdir(parents=True)
    (folder / "from_scratch.py").write_bytes(bytes(range(256)) * 9)
    (folder / "in" / "odd\udcff.py").write_text("x = 1\n")
    (folder / "link.py").symlink_to("/etc/passwd")
    (folder / ("n" * 200 + ".csv")).write_text("1,2\n")
    here = gather(Entry("ada", folder, previous=BEFORE), limits)
    assert isinstance(here, Gathered)
    there = gather(unpack_entry(pack_entry(here), PREVIOUS.write(BEFORE)), limits)
    assert isinstance(there, Gathered)
    assert (there.digest, there.is_folder, there.files) == (here.digest, here.is_folder, here.files)
    assert there.entry.path.name == folder.name
    assert there.entry.previous == BEFORE


def test_a_course_is_on_the_other_machine_what_it_is_here_but_for_other_lessons(root: Path, tmp_path: Path) -> None:
    assignment = find_assignment(load_course(root), None)
    data = pack_course(root, assignment)
    unpack_course(data, tmp_path / "course")
    assert pack_course(tmp_path / "course", assignment) == data
    assert {each.name for each in (tmp_path / "course" / "solutions").iterdir()} == {assignment.id}
    (tmp_path / "course" / "course.toml").write_text(one_lesson())
    assert find_assignment(load_course(tmp_path / "course"), None) == replace(assignment, others=())
    assert (tmp_path / "course" / "solutions").stat().st_mode & 0o777 == 0o700
    assert not list((tmp_path / "course").rglob("__pycache__"))
    assert digest_of(b"a", b"bc") != digest_of(b"ab", b"c")


def test_a_course_that_would_write_elsewhere_is_not_written(tmp_path: Path) -> None:
    from grader.grading.cluster_connection import _SentCourse
    from grader.sandbox.protocol.frames import encode_typed, pack

    for name in ("../out.py", "/tmp/out.py", "in/../../out.py"):
        with pytest.raises(MalformedFrame):
            unpack_course(pack(encode_typed(_SentCourse({name: b""}))), tmp_path / str(len(name)))
    assert not list(tmp_path.rglob("out.py"))


def test_a_course_that_is_too_large_is_refused_in_a_sentence(root: Path, tmp_path: Path) -> None:
    assignment = find_assignment(load_course(root), None)
    unpack_course(pack_course(root, assignment), tmp_path / "course")
    with (tmp_path / "course" / "exercises" / assignment.id / "data.bin").open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(GradingError, match="too much to be sent"):
        pack_course(tmp_path / "course", assignment)


def test_what_is_lost_is_no_record() -> None:
    lost = Answer(lost="a grading process ended (exit code -9)")
    assert ANSWER.read(ANSWER.write(lost)) == lost
    assert replace(lost, graded=GRADED) != lost
