"""`results.jsonl` can be read by any program, whatever a learner wrote or is called."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.records import (
    Cause,
    CheckResult,
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    SubmissionResult,
    SubmissionStatus,
)
from grader.results.data_files import json_line, write_jsonl

TEXT = st.text(max_size=20)
WITH_SURROGATES = st.text(st.characters(exclude_categories=()), max_size=20)


def result(student: str, text: str = "", score: float = 1.0) -> SubmissionResult:
    check = CheckResult("one", CheckStatus.PASSED, score, 1.0)
    finding = Finding(text, (("label", text),), text)
    exercise = ExerciseResult("mse", ExerciseStatus.PARTIAL, score, 4.0, (check,), finding, (text,), "mean_of_rows")
    return SubmissionResult(student, SubmissionStatus.GRADED, (exercise,), text)


def test_the_keys_are_those_of_the_contract_in_its_order() -> None:
    line = json.loads(json_line(result("ada")))
    assert list(line) == ["student", "status", "score", "max_score", "exercises", "note"]
    exercise = line["exercises"]["mse"]
    assert list(exercise) == ["score", "max_score", "status", "misconception", "cause", "feedback", "checks"]
    assert exercise["checks"] == [{"id": "one", "status": "passed", "points": 1.0, "max_points": 1.0}]
    assert line["status"] == "graded"
    assert exercise["misconception"] == "mean_of_rows"
    assert exercise["cause"] is None


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (Cause("bank", "m", None, "It sums."), {"by": "bank", "module": "m", "line": None, "says": "It sums."}),
        (Cause("exception", "m", 3, "No."), {"by": "exception", "module": "m", "line": 3, "says": "No."}),
        (Cause("exception", "m", 3, "No.", 5), {"by": "exception", "module": "m", "line": 3, "says": "No.", "cell": 5}),
    ],
)
def test_a_cause_tells_the_cell_only_where_there_is_one(cause: Cause, told: dict[str, object]) -> None:
    one = result("ada")
    line = json.loads(json_line(replace(one, exercises=(replace(one.exercises[0], cause=cause),))))
    assert line["exercises"]["mse"]["cause"] == told


@settings(max_examples=100)
@given(st.lists(st.builds(result, TEXT, TEXT), max_size=4))
def test_any_text_parses_back_exactly_one_line_each(results: list[SubmissionResult]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.jsonl"
        write_jsonl(path, results)
        lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["student"] for line in lines] == [one.student for one in results]
    for line, one in zip(lines, results, strict=True):
        assert json.loads(line)["exercises"]["mse"]["feedback"] == one.exercises[0].feedback
        assert json.loads(line)["note"] == one.note


@given(WITH_SURROGATES)
def test_no_lone_surrogate_reaches_a_reader(text: str) -> None:
    line = json_line(result(text, text))
    line.encode()
    json.dumps(json.loads(line), ensure_ascii=False).encode()


def test_a_lone_surrogate_is_shown_as_its_escape() -> None:
    assert json.loads(json_line(result("a\udc80")))["student"] == "a\\udc80"


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85", "\x9b", "\u202e", "\u200b", "\x1b", "\U000e0041"])
def test_characters_that_steer_a_reader_are_escaped_and_kept(char: str) -> None:
    line = json_line(result(f"a{char}b"))
    assert char not in line
    assert json.loads(line)["student"] == f"a{char}b"


def test_letters_of_any_script_are_readable_in_the_file() -> None:
    assert "Zoë 李 😀" in json_line(result("Zoë 李 😀"))


@pytest.mark.parametrize("score", [1, 0, -0.0, 2.5, float("nan"), float("inf")])
def test_scores_are_always_numbers(score: float) -> None:
    line = json_line(result("ada", score=score))
    assert "NaN" not in line
    assert "Infinity" not in line
    assert "-0.0" not in line
    assert isinstance(json.loads(line)["score"], float)
    assert isinstance(json.loads(line)["exercises"]["mse"]["checks"][0]["points"], float)


def test_the_file_is_there_as_a_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write_jsonl(path, [result("ada")])
    before = path.read_text()

    def breaking() -> Iterator[SubmissionResult]:
        yield result("bob")
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        write_jsonl(path, breaking())
    assert path.read_text() == before
    assert [one.name for one in tmp_path.iterdir()] == ["results.jsonl"]


def test_who_reads_the_file_meanwhile_reads_one_whole_version(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write_jsonl(path, [result("ada")])
    with path.open() as reader:
        write_jsonl(path, [result("bob")])
        assert json.loads(reader.read())["student"] == "ada"
    assert json.loads(path.read_text())["student"] == "bob"


def test_one_result_is_held_at_a_time(tmp_path: Path) -> None:
    alive = [0, 0]  # now, at most

    class Watched(SubmissionResult):
        def __del__(self) -> None:
            alive[0] -= 1

    def class_of(size: int, make: Callable[[str], SubmissionResult]) -> Iterator[SubmissionResult]:
        for number in range(size):
            alive[0] += 1
            alive[1] = max(alive)
            yield make(f"student {number}")

    write_jsonl(tmp_path / "r.jsonl", class_of(50, lambda name: Watched(name, SubmissionStatus.GRADED, ())))
    assert alive[1] <= 3
