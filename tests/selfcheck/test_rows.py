"""The list of exercises: whatever titles are like and states are said, each title is there as a whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.core.assignment import Assignment, Exercise, Module
from grader.core.records import ExerciseResult, ExerciseStatus
from grader.selfcheck.report import WIDTH, Setting, lesson_lines
from grader.selfcheck.state import ExerciseState

WORDS = st.lists(st.text("abcdefghijklm", min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(WORDS, st.sampled_from(list(ExerciseStatus)), st.booleans()), min_size=1, max_size=6)


@given(ROWS)
def test_no_title_is_cut_and_no_line_is_too_long(rows: list[tuple[str, ExerciseStatus, bool]]) -> None:
    exercises = {
        f"exercise_{n}": Exercise(id=f"exercise_{n}", function="f", module="m", title=title, points=3, hints=("h",))
        for n, (title, _, _) in enumerate(rows)
    }
    lesson = Assignment(id="a", title="A", modules={"m": Module(id="m", title="M")}, exercises=exercises)
    standing = [
        ExerciseState(each, ExerciseResult(each.id, status, 0.0, 3.0), True, 0, 1, is_reached=reached)
        for each, (_, status, reached) in zip(exercises.values(), rows, strict=True)
    ]
    lines = [
        "".join(text for text, _ in line) for line in lesson_lines(lesson, standing, Setting({"m": "m.py"}, "", ""))
    ]
    assert max(map(len, lines)) <= WIDTH
    listed = lines[: next((n for n, line in enumerate(lines) if line.startswith("Next:")), len(lines))]
    assert "…" not in "".join(listed)
    for title, _, _ in rows:
        told = iter(" ".join(listed).split())
        assert all(word in told for word in title.split())  # in this order, whatever stands between
