"""`grades.csv`, `mistakes.csv`, `overrides.csv` and `results.jsonl`: results as rows, safe to open in a spreadsheet."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader.core import labels
from grader.core.assignment import Assignment
from grader.core.files import write_report
from grader.core.labels import mistake_words
from grader.core.records import Cause, Change, ExerciseResult, SubmissionResult
from grader.core.sanitize import sanitized
from grader.results.decisions import Decision, Remark

# What makes a spreadsheet take a cell for a formula (OWASP, CSV injection), full-width forms included.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# What ends a line for some program, or looks like the space between two columns.
_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t", "\u2028": "\\u2028", "\u2029": "\\u2029"})
# What a program takes for the end of a cell. Where the list separator is a semicolon, spreadsheets split `ada;=cmd()`
# there, and the rest begins like a formula.
_TO_QUOTE = re.compile(r'[",;|\s]')
_NAME_LIMIT = 1000


def write_grades(
    path: Path, results: Iterable[SubmissionResult], assignment: Assignment, *, has_lateness: bool = False
) -> None:
    """Writes the file; columns are in the course's order, with those on lateness where it is known of anybody, and one
    for the variant where there are any. What was not graded is left empty."""
    write_report(path, csv_lines(_rows(results, assignment, has_lateness)))


def csv_lines(rows: Iterable[list[str]]) -> Iterator[str]:
    """Each row as one line of CSV."""
    for row in rows:
        yield ",".join(map(_quoted, row)) + "\n"


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if _TO_QUOTE.search(cell) else cell


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows as text: on one line, with an apostrophe before what could be a formula.

    An apostrophe that was there gets another one, so that taking one away always gives the text back.
    """
    one_line = sanitized(text.translate(_BREAKS), _NAME_LIMIT)
    risky = text.startswith(("'", *_FORMULA)) or text.lstrip().startswith(_FORMULA)
    return f"'{one_line}" if risky else one_line


def plain_cell(cell: str) -> str:
    """The text of which `safe_cell` makes this cell. One that it can't have written is as it is: `'t Hooft` is a name
    that somebody typed, since `safe_cell` would have put another apostrophe in front of it."""
    text = cell.removeprefix("'")
    return text if safe_cell(text) == cell else cell


LATENESS = ("late_penalty", "final_score")


def late_cells(result: SubmissionResult) -> list[str]:
    """What stands in the columns `LATENESS`: nothing where there are no final points, or lateness isn't known."""
    penalty = result.late_penalty
    if penalty is None or not result.is_final:
        return [""] * len(LATENESS)
    return [labels.points(penalty, 4), labels.points(result.final_score, 4)]


def _rows(results: Iterable[SubmissionResult], assignment: Assignment, has_lateness: bool) -> Iterator[list[str]]:
    columns, more = list(assignment.exercises), [*(LATENESS if has_lateness else ())]
    more += ["variant"] if assignment.variants else []
    yield ["student", "score", "max_score", "status", *more, *columns]
    for result in results:
        scores = {each.id: labels.points(each.score, 4) for each in result.exercises if result.counts(each)}
        totals = [labels.points(result.score, 4) if result.is_final else "", labels.points(result.max_score, 4)]
        told = [*(late_cells(result) if has_lateness else []), *([result.variant] if assignment.variants else [])]
        yield [safe_cell(result.student), *totals, result.status.value, *told, *(scores.get(id, "") for id in columns)]


class Made(NamedTuple):
    """A recognised mistake in an exercise, by its id, and how many learners made it."""

    exercise: str
    mistake: str
    learners: int

    @property
    def words(self) -> str:
        """The mistake's id as words."""
        return mistake_words(self.exercise, self.mistake)


def mistakes_made(results: Iterable[SubmissionResult]) -> list[Made]:
    """In the course's order of exercises, the commonest mistake of each first."""
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[str, int] = {}
    for result in results:
        for exercise in result.exercises:
            places.setdefault(exercise.id, len(places))
            if exercise.misconception:
                counts[exercise.id, exercise.misconception] += 1
    found = [Made(exercise, mistake, learners) for (exercise, mistake), learners in counts.items()]
    return sorted(found, key=lambda made: (places[made.exercise], -made.learners, made.mistake))


def write_mistakes(path: Path, results: Iterable[SubmissionResult]) -> None:
    """`mistakes.csv`: a row for each recognised mistake. Raises `ResultsError`."""
    rows = [[made.exercise, made.mistake, str(made.learners)] for made in mistakes_made(results)]
    write_report(path, csv_lines([["exercise", "mistake", "learners"], *rows]))


# A spreadsheet that separates by semicolons sees no quotes in the middle of a line, and splits there.
_LATER_FORMULA = re.compile(r"([;|]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_HEADER = ["student", "exercise", "decision", "points", "checks_gave", "reason", "by", "at", "in_force", "group"]


def write_overrides(path: Path, decisions: Sequence[Decision]) -> None:
    """Writes the whole history, the oldest first."""
    write_report(path, csv_lines(_override_rows(decisions)))


_CHANGES = ["student", "exercise", "before", "after", "status_before", "status_after", "checks", "because", "at"]


def write_changes(path: Path, changes: Sequence[Change]) -> None:
    """Writes what grading again has changed, the oldest first."""
    write_report(path, csv_lines([_CHANGES, *map(_change_row, changes)]))


def _change_row(change: Change) -> list[str]:
    return [
        safe_cell(change.student),
        safe_cell(change.exercise),
        *("" if points is None else labels.points(points, 4) for points in (change.before, change.after)),
        change.status_before,
        change.status_after,
        safe_cell(" ".join(change.checks)),
        change.because,
        change.at,
    ]


def _override_rows(decisions: Sequence[Decision]) -> Iterator[list[str]]:
    latest = {(decision.student, decision.group, decision.exercise): decision for decision in decisions}
    yield _HEADER
    for decision in decisions:
        counts = decision.points is not None and latest[decision.student, decision.group, decision.exercise] is decision
        yield [
            safe_cell(decision.student),
            safe_cell(decision.exercise),
            "taken back" if decision.points is None else "set",
            "" if decision.points is None else labels.points(decision.points, 4),
            "" if decision.checks_gave is None else labels.points(decision.checks_gave, 4),
            _free_text(decision.reason),
            _free_text(decision.by),
            decision.at,
            "yes" if counts else "no",
            decision.group,
        ]


_REMARKS = ["student", "exercise", "group", "decision", "comment", "by", "at", "in_force"]


def write_comments(path: Path, remarks: Sequence[Remark]) -> None:
    """Writes the whole history of comments, the oldest first."""
    latest = {(each.student, each.group, each.exercise): each for each in remarks}
    rows = (
        [
            safe_cell(each.student),
            safe_cell(each.exercise),
            each.group,
            "taken back" if each.text is None else "written",
            _free_text(each.text or ""),
            _free_text(each.by),
            each.at,
            "yes" if each.text is not None and latest[each.student, each.group, each.exercise] is each else "no",
        ]
        for each in remarks
    )
    write_report(path, csv_lines([_REMARKS, *rows]))


def _free_text(text: str) -> str:
    return safe_cell(_LATER_FORMULA.sub(r"\1'", text))


# Beyond printable ASCII there are characters that end lines (U+2028), steer terminals (U+009B) or reorder text
# (U+202E). Inside JSON they can be written as escapes, which loses nothing.
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")
_ESCAPED = {"Cc", "Cf", "Zl", "Zp"}


def write_jsonl(path: Path, results: Iterable[SubmissionResult]) -> None:
    """Writes the file; `results` come sorted by student and are held one at a time."""
    write_report(path, (json_line(result) + "\n" for result in results))


def json_line(result: SubmissionResult) -> str:
    """One submission as one line, without its line feed."""
    record: dict[str, Any] = {
        "student": result.student,
        "status": result.status.value,
        "score": _number(result.score),
        "max_score": _number(result.max_score),
        **_late(result),
        "exercises": {exercise.id: _exercise(exercise) for exercise in result.exercises},
        "note": result.note,
    }
    if result.variant:
        record["variant"] = result.variant
    if result.hand_in.members:
        record["members"] = list(result.hand_in.members)
    if result.trusted:
        record["trusted"] = True
    overrides = {exercise.id: _override(exercise) for exercise in result.overridden}
    if overrides:
        record["overrides"] = overrides
    comments = [
        {"exercise": exercise, "text": comment.text, "by": comment.by, "at": comment.at}
        for exercise, of in [(None, result.comments), *((each.id, each.comments) for each in result.exercises)]
        for comment in of
    ]
    if comments:
        record["comments"] = comments
    return _BEYOND_ASCII.sub(_safe, json.dumps(record, ensure_ascii=False, allow_nan=False))


def _late(result: SubmissionResult) -> dict[str, Any]:
    lateness, penalty = result.hand_in.lateness, result.late_penalty
    if lateness is None or penalty is None:
        return {}
    points = {"late_penalty": _number(penalty), "final_score": _number(result.final_score)}
    return {**points, "handed_in": lateness.handed_in, "due": lateness.due}


def _exercise(exercise: ExerciseResult) -> dict[str, Any]:
    return {
        "score": _number(exercise.score),
        "max_score": _number(exercise.max_score),
        "status": exercise.status.value,
        "misconception": exercise.misconception,
        "cause": _cause(exercise.cause),
        "feedback": "\n".join(
            text
            for text in (
                labels.set_by_a_person(exercise),
                *map(labels.comment_words, exercise.comments),
                exercise.feedback,
            )
            if text
        ),
        "checks": [
            {
                "id": check.id,
                "status": check.status.value,
                "points": _number(check.points),
                "max_points": _number(check.max_points),
            }
            for check in exercise.checks
        ],
    }


def _cause(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    told = {"by": cause.by, "module": cause.module, "line": cause.line, "says": cause.says}
    return told if cause.cell is None else {**told, "cell": cause.cell}


def _override(exercise: ExerciseResult) -> dict[str, Any]:
    override, checked = exercise.override, exercise.as_checked()
    assert override is not None
    return {
        "points": _number(override.points),
        "reason": override.reason,
        "by": override.by,
        "at": override.at,
        "checks_score": _number(checked.score),
        "checks_status": checked.status.value,
        **({"group": override.group} if override.group else {}),
    }


def _number(value: float) -> float:
    """A JSON number whatever comes: JSON has no NaN, and a reader may not like -0.0."""
    return round(float(value), 4) + 0.0 if math.isfinite(value) else 0.0


def _safe(match: re.Match[str]) -> str:
    char = match.group()
    category = unicodedata.category(char)
    if category == "Cs":  # not a character: as the text \udc80, like everywhere else in the kit
        return rf"\\u{ord(char):04x}"
    return json.dumps(char)[1:-1] if category in _ESCAPED else char
