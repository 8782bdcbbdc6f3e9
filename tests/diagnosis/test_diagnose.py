"""A mistake is named when a learner's function does the same as it, and nothing else does; else nothing is named."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from grader.checks.student import derive
from grader.core.assignment import Assignment, find_assignment
from grader.core.records import ExerciseStatus
from grader.course.load import load_course
from grader.grading.bank import Bank, load_bank, reference
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.diagnose import Answered, Diagnosis, advice
from grader.grading.local_run import LocalTransport, implemented, lines_run, run_locally
from grader.reading.definitions import last_definition
from grader.sandbox.inside.warmup import first_steps
from grader.sandbox.protocol.messages import Call
from tests.diagnosis.conftest import mistake, write

Of = Callable[[Path], Assignment]
BODIES = [
    ("return numbers[0]", "first_only"),
    ("first, *_ = numbers; return first", "first_only"),
    ("import statistics; return statistics.fmean(numbers)", "mean"),
    ("return sum(numbers) - numbers[-1]", "last_left_out"),
    ("return sum(numbers) + 1", None),
    ("return float(sum(numbers))", None),
    ("return numbers[0] if len(numbers) > 1 else 7.0", None),
    ("return missing", None),
    ("while True: pass", None),
]
TOTAL = Path("solutions/sums/mistakes/total")


def named(root: Path, assignment: Assignment, source: str, seed: int = 1) -> str | None:
    """The mistake that is named for a function; None when there is none."""
    found: list[str | None] = []

    def body(checks: CollectedChecks) -> None:
        diagnosis = Diagnosis.of(root, assignment, checks)
        exercise = assignment.exercises["total"]
        sources = implemented(diagnosis.reference, exercise.module, source)
        rehearsal = run_locally(checks, assignment, exercise, sources, derive(seed))
        told = diagnosis.name(exercise, rehearsal.calls, last_definition(source, exercise.function))
        found.append(told.id if told else None)

    run_hidden(root, assignment, body)
    return found[0]


@pytest.mark.parametrize(("body", "name"), BODIES)
def test_what_does_the_same_is_named_and_nothing_else(course: Path, assignment_of: Of, body: str, name: str) -> None:
    assert named(course, assignment_of(course), f"def total(numbers):\n    {body}\n") == name


def test_who_answered_the_class_is_named_alike_and_the_bank_is_asked_what_they_were_asked_by_few(
    course: Path, assignment_of: Of
) -> None:
    """The bank answers the class's calls once; those that answer them otherwise are asked nothing more."""
    assignment = assignment_of(course)
    exercise = assignment.exercises["total"]
    asked: list[int] = []
    names: list[str | None] = []

    class Counting(LocalTransport):
        def answer(self, call: Call) -> Answered:
            asked[-1] += 1
            return super().answer(call)

    def body(checks: CollectedChecks) -> None:
        diagnosis = replace(Diagnosis.of(course, assignment, checks), stage=Counting)
        for number, (text, _) in enumerate([*BODIES, *BODIES]):  # the second time all is known
            source = f"def total(numbers):\n    {text}\n"
            sources = implemented(diagnosis.reference, exercise.module, source)
            calls = run_locally(checks, assignment, exercise, sources, derive(number)).calls
            with LocalTransport(sources) as stage:
                done = [(each, stage.answer(each.call)) for each in diagnosis.class_calls(exercise)[0]]
            of_class = [replace(each, answer=came[0], printed=came[1]) for each, came in done if came]
            asked.append(0)
            right = diagnosis.right_answers(calls)
            assert [right[at] for at in range(len(calls))] == [right[at] for at in range(len(calls))]
            assert asked[-1] == len(calls), "the reference answers each call once"
            asked[-1] = 0
            told = diagnosis.name(exercise, calls, last_definition(source, exercise.function), right, of_class)
            names.append(told.id if told else None)

    run_hidden(course, assignment, body)
    assert names == [name for _, name in BODIES] * 2
    again = dict(zip(BODIES, asked[len(BODIES) :], strict=True))
    assert {count for (_, name), count in again.items() if name is None} == {0}, again
    assert all(count > 0 for (_, name), count in again.items() if name), again
    assert sum(asked[: len(BODIES)]) > sum(again.values()), asked


def test_two_that_do_the_same_are_not_named(course: Path, assignment_of: Of) -> None:
    write(course / TOTAL / "average.py", mistake("The mean again.", "S.", "return sum(numbers) / len(numbers)"))
    assert named(course, assignment_of(course), "def total(numbers):\n    return sum(numbers) / len(numbers)\n") is None


def test_the_source_tells_apart_what_does_the_same(course: Path, assignment_of: Of) -> None:
    more = "\n\ndef is_written(function):\n    return 'fmean' in __import__('ast').unparse(function)\n"
    body = "import statistics; return statistics.fmean(numbers)"
    write(course / TOTAL / "average.py", mistake("By fmean.", "S.", body, more=more))
    assignment = assignment_of(course)
    assert named(course, assignment, f"def total(numbers):\n    {body}\n") == "average"
    assert named(course, assignment, "def total(numbers):\n    return sum(numbers) / len(numbers)\n") == "mean"


def test_an_exception_is_told_by_its_type_and_message(course: Path, assignment_of: Of) -> None:
    write(course / TOTAL / "typo.py", mistake("A name.", "S.", "return sum(numbrs)"))
    assignment = assignment_of(course)
    assert named(course, assignment, "def total(them):\n    return sum(numbrs)\n") == "typo"
    assert named(course, assignment, "def total(them):\n    return sum(nmbers)\n") is None


def test_a_predicate_that_can_not_cope_says_no(course: Path, assignment_of: Of) -> None:
    more = "\n\ndef is_written(function):\n    return function.nothing\n"
    write(course / TOTAL / "mean.py", mistake("The mean.", "S.", "return sum(numbers) / len(numbers)", more=more))
    assert named(course, assignment_of(course), "def total(numbers):\n    return sum(numbers) / len(numbers)\n") is None


def test_a_style_that_works_gets_a_word_of_advice(course: Path, assignment_of: Of) -> None:
    written = '"""T.\n\nAdvice: Say it shorter.\n"""\n\n\ndef total(n):\n    return 1\n\n\n'
    more = "def is_written(function):\n    return len(function.body) > 2\n"
    write(course / "solutions/sums/right/total/long.py", written + more)
    assignment = assignment_of(course)
    bank, exercise = load_bank(course, assignment), assignment.exercises["total"]

    def said(text: str) -> tuple[str, ...]:
        return advice(bank, exercise, last_definition(text, "total"))

    assert said("def total(n):\n    a = 1\n    b = 2\n    return a + b\n") == ("Say it shorter.",)
    assert said("def total(n):\n    return 1\n") == ()
    assert said("def total(n)") == ()
    assert said("total = sum") == ()


@pytest.mark.slow
def test_of_a_fifth_of_the_real_bank_that_is_held_out_each_is_rejected_and_none_gets_another_s_name(root: Path) -> None:
    assignment = find_assignment(load_course(root), "linear_regression")
    bank, sources = load_bank(root, assignment), reference(root, assignment)
    accepted, wrong, tried = [], {}, 0

    def body(checks: CollectedChecks) -> None:
        nonlocal tried
        torch.set_num_threads(1)
        first_steps()
        for exercise in assignment.exercises.values():
            # Not what is only told by its source from another that does the same: that one's words stay true of it.
            out = [each for each in bank.mistakes[exercise.id] if not each.is_written][::5]
            kept = tuple(each for each in bank.mistakes[exercise.id] if each not in out)
            diagnosis = Diagnosis(assignment, Bank({exercise.id: kept}, bank.right), checks, sources)
            for each in out:
                tried += 1
                way = each.ways[0]
                modules = implemented(sources, exercise.module, way.source)
                rehearsal = run_locally(checks, assignment, exercise, modules, derive(5, each.id))
                if rehearsal.result.status is ExerciseStatus.PASSED:
                    accepted.append(each.id)
                if told := diagnosis.name(exercise, rehearsal.calls, last_definition(way.source, exercise.function)):
                    wrong[each.id] = told.id

    run_hidden(root, assignment, body)
    print(f"{tried} mistakes held out, {len(wrong)} given another one's name")
    assert tried >= 50
    assert accepted == []
    assert wrong == {}


def test_nothing_stays_of_the_implementations_that_were_asked(course: Path, assignment_of: Of) -> None:
    import sys

    before = set(sys.modules), list(sys.meta_path)
    assert named(course, assignment_of(course), "def total(numbers):\n    return numbers[0]\n") == "first_only"
    assert {name for name in set(sys.modules) - before[0] if name == "sums"} == set()
    assert list(sys.meta_path) == before[1]


def test_a_diagnosis_without_a_bank_names_nothing(course: Path, assignment_of: Of) -> None:
    for path in (course / TOTAL).glob("*.py"):
        path.unlink()
    assert named(course, assignment_of(course), "def total(numbers):\n    return numbers[0]\n") is None


def test_the_length_of_a_call_is_counted_in_lines_and_one_without_an_end_is_the_longest() -> None:
    text = "def f(n):\n    while n < 0: pass\n    for _ in range(n):\n        n += 0\n    return n\n"
    calls = [Call("m", "f", (n,)) for n in (1, 5, 5, 100, -1, 1)]
    before = sys.gettrace()
    short, five, again, hundred, endless, behind = lines_run(calls, {"m": text})
    assert sys.gettrace() is before
    assert short < five == again < hundred < endless == behind
