"""The table at the end of a run, for the instructor's terminal, and what a person has to look at."""

from __future__ import annotations

import statistics
import textwrap
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console, OverflowMethod
from rich.table import Table
from rich.text import Text

from grader.core import labels
from grader.core.records import Change, ExerciseResult, ExerciseStatus, SubmissionResult, SubmissionStatus
from grader.core.sanitize import sanitized
from grader.results.cause_groups import AnswerGroup, CauseGroup, cause_groups
from grader.results.data_files import Made, mistakes_made
from grader.results.needs import Kind, Need, has_changed_since, needs_lines, needs_of

_MOST = 20


def print_lines(console: Console, lines: Iterable[str], style: str = "") -> None:
    """Prints lines, which the terminal may break; without what an ASCII console can't show."""
    for line in lines:
        console.print(plain_text(line, console.options.ascii_only), style=style, soft_wrap=True)


def print_changes(
    console: Console, changes: Sequence[Change], file: Path | None, what: str = "Graded again with another result"
) -> None:
    """Prints which results are others now; nothing when none is. `file` has them all."""
    if not changes:
        return
    gained: dict[str, float] = {}
    for change in changes:
        gained[change.student] = gained.get(change.student, 0.0) + (change.after or 0.0) - (change.before or 0.0)
    up, down = (sum(1 for each in gained.values() if sign * each > 0) for sign in (1, -1))
    those = f"{labels.counted(len(changes), 'exercise')} of {labels.counted(len(gained), 'learner')}"
    lines = ["", f"{what}: {those}. {up} gained points, {down} lost some."]
    lines += [f"  {_changed(change)}" for change in changes[:_MOST]]
    if len(changes) > _MOST:
        lines.append(f"  and {len(changes) - _MOST} more, in {file.name if file else 'what --csv FILE writes'}")
    print_lines(console, lines)


def _changed(change: Change) -> str:
    before, after = (
        status if points is None else f"{labels.points(points)} ({status})"
        for points, status in ((change.before, change.status_before), (change.after, change.status_after))
    )
    checks = f", by {labels.joined(list(change.checks))}" if change.checks else ""
    return f"{sanitized(change.student, 60)}, {change.exercise}: {before} → {after}{sanitized(checks, 200)}"


# More rows than this scroll away before anybody reads them; grades.csv has them all.
MOST_ROWS = 60
_FEW_WORDS = 56
_SAID_BY_THE_STATE = {ExerciseStatus.FORBIDDEN, ExerciseStatus.TIMED_OUT}
_GROUPED = {
    ExerciseStatus.BLOCKED: "blocked",
    ExerciseStatus.TODO: "to do",
    ExerciseStatus.GRADER_ERROR: "our mistake",
}
_STYLES = {
    SubmissionStatus.GRADED: "",
    SubmissionStatus.NOT_FOUND: "yellow",
    SubmissionStatus.UNREADABLE: "red",
    SubmissionStatus.REFUSED: "red",
    SubmissionStatus.GRADER_ERROR: "magenta",
}


class _Line:
    """What the table needs of one submission: small, so that a large class fits."""

    def __init__(self, result: SubmissionResult, *, is_shown: bool = True) -> None:
        self.is_shown = is_shown or any(need.kind is Kind.OUR_MISTAKE for need in needs_of(result))
        self.status = result.status
        self.score, self.max_score = result.score, result.max_score
        self.is_final = result.is_final
        self.variant = result.variant
        self.penalty = (result.late_penalty or 0.0) if result.is_final else 0.0
        self.overridden = len(result.overridden)
        self.changed_since = sum(has_changed_since(exercise) for exercise in result.overridden)
        self.trusted = result.trusted
        if self.is_shown:
            self.learner = sanitized(result.student, 60)
            self.state = _state(result)
            said = "" if result.status is SubmissionStatus.GRADED else self.state.words
            self.wrong = sanitized(": ".join(filter(None, (said, what_went_wrong(result)))), 300)
            self.rank = _rank(result)


def print_table(
    console: Console,
    results: Callable[[], Iterable[SubmissionResult]],
    files: Sequence[Path] = (),
    graded: Collection[str] | None = None,
) -> None:
    """Prints a row for each submission, then how many there are of each kind, the scores, the mistakes that were
    recognised, the others by their cause, and where the files are.

    Of a large class only `MOST_ROWS` are shown: first those that need a person, then those that lost points. With
    `graded`, who was graded now, these have rows, and whom we failed to grade; where nobody was, mistakes are left out.
    """
    ascii_only = console.options.ascii_only
    lines = [_Line(result, is_shown=graded is None or result.student in graded) for result in results()]
    asked = [line for line in lines if line.is_shown]
    shown = asked if len(asked) <= MOST_ROWS else sorted(asked, key=lambda line: line.rank)[:MOST_ROWS]
    if shown:
        console.print(_table(shown, ascii_only))
    if shown and len(lines) > len(shown):
        print_lines(console, [f"… and {len(lines) - len(shown)} more in grades.csv"], "dim")
    print_lines(console, _totals(lines))
    if graded is None or graded:
        _print_what_went_wrong(console, results)
    print_lines(console, (f"  {path}" for path in files))


@dataclass(frozen=True)
class ClosingWords:
    """What a run ends with in which nobody was graded: sentences about the class, and who needs a person. `again` is
    the command that stands among them."""

    again: str
    totals: Sequence[str]
    needs: Sequence[str]


def closing_words(results: Iterable[SubmissionResult], again: str, out: str) -> ClosingWords | None:
    """Those of these results; None where we failed to grade somebody, who is named each time."""
    lines: list[_Line] = []
    needing: list[Need] = []
    for result in results:
        lines.append(_Line(result, is_shown=False))
        needing += needs_of(result)
    if any(line.is_shown for line in lines):
        return None
    return ClosingWords(again, _totals(lines), needs_lines(needing, again, out))


def _print_what_went_wrong(console: Console, results: Callable[[], Iterable[SubmissionResult]]) -> None:
    ascii_only = console.options.ascii_only
    made = mistakes_made(results())
    if made:
        console.print()
        console.print(_mistakes(made, ascii_only))
    groups = cause_groups(results())
    if groups:
        console.print()
        console.print(_causes(groups[:_MOST], ascii_only))
    if len(groups) > _MOST:
        print_lines(console, [f"… and {len(groups) - _MOST} more in class.html"], "dim")


def what_went_wrong(result: SubmissionResult) -> str:
    """In a few words: each exercise that lost points with the start of its finding, then what is blocked or to do.

    Last come the exercises whose points a person set.
    """
    by_a_person = ", ".join(exercise.id for exercise in result.overridden)
    said = [_what_the_checks_say(result), f"set by a person: {by_a_person}" if by_a_person else ""]
    return "; ".join(part for part in said if part)


def _what_the_checks_say(result: SubmissionResult) -> str:
    if result.status is not SubmissionStatus.GRADED:
        return result.note
    said_of: dict[str, list[str]] = {}  # one broken import is said once, of all the exercises that it breaks
    for exercise in result.exercises:
        settled = exercise.override and not exercise.finding
        if exercise.status is not ExerciseStatus.PASSED and exercise.status not in _GROUPED and not settled:
            said_of.setdefault(_few_words(exercise), []).append(exercise.id)
    own = [f"{', '.join(ids)}: {said}" for said, ids in said_of.items()]
    for status, said in _GROUPED.items():
        ids = [exercise.id for exercise in result.exercises if exercise.status is status]
        if ids:
            own.append(f"{said}: {'everything' if len(ids) == len(result.exercises) > 1 else ', '.join(ids)}")
    return "; ".join(own)


def _few_words(exercise: ExerciseResult) -> str:
    if exercise.finding is None or exercise.status in _SAID_BY_THE_STATE:
        return labels.state_words(exercise.status).words
    if exercise.misconception:
        return labels.mistake_words(exercise.id, exercise.misconception)
    summary = exercise.finding.summary.split("\n")[0].replace("`", "").strip().rstrip(".")
    return textwrap.shorten(summary.removeprefix(f"{exercise.id} "), _FEW_WORDS, placeholder=" …")


def _rank(result: SubmissionResult) -> int:
    for_a_person = {ExerciseStatus.GRADER_ERROR, ExerciseStatus.FORBIDDEN, ExerciseStatus.NOT_FOUND}
    waiting = any(e.status in for_a_person and not e.override for e in result.exercises)
    if result.status is not SubmissionStatus.GRADED or waiting:
        return 0
    return 1 if result.score < result.max_score else 2


def _state(result: SubmissionResult) -> labels.State:
    state = labels.submission_words(result.status)
    if result.status is SubmissionStatus.GRADER_ERROR:
        return state._replace(words="our mistake")
    if result.status is SubmissionStatus.GRADED and result.score < result.max_score:
        statuses = {exercise.status for exercise in result.exercises}
        is_begun = statuses != {ExerciseStatus.TODO}
        nothing = ExerciseStatus.FAILED if is_begun else ExerciseStatus.TODO
        sign = labels.state_words(ExerciseStatus.PARTIAL if result.score > 0 else nothing)
        return state._replace(symbol=sign.symbol, ascii=sign.ascii)
    return state


def _table(lines: list[_Line], ascii_only: bool) -> Table:
    overflow: OverflowMethod = "crop" if ascii_only else "ellipsis"  # rich's ellipsis is not ASCII
    padding = (0, 1) if ascii_only else (0, 1, 0, 0)  # rich draws lines between ASCII columns
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=padding, header_style="bold", show_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("learner", max_width=22, no_wrap=True, overflow=overflow)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("what went wrong", ratio=1, overflow="fold")
    for line in lines:
        sign = line.state.ascii if ascii_only else line.state.symbol
        table.add_row(
            Text(sign, style=_STYLES[line.status]),
            plain_text(line.learner, ascii_only),
            plain_text(
                f"{labels.points(line.score) if line.is_final else '–'}/{labels.points(line.max_score)}", ascii_only
            ),
            plain_text(line.wrong, ascii_only),
        )
    return table


def _counts(what: str) -> Table:
    """A table of what went wrong in which exercise, and for how many."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_edge=False)
    table.add_column("exercise", no_wrap=True)
    table.add_column(what, overflow="fold")
    table.add_column("learners", justify="right")
    return table


def _mistakes(made: list[Made], ascii_only: bool) -> Table:
    table = _counts("misconception")
    for each in made:
        table.add_row(each.exercise, plain_text(each.words, ascii_only), str(each.learners))
    return table


def _causes(groups: list[CauseGroup], ascii_only: bool) -> Table:
    table = _counts("other mistakes")
    table.add_column("for example", overflow="fold")
    for group in groups:
        example = f"{sanitized(group.student, 60)}: {sanitized(group.place, 60)}"
        kind = plain_text(group.kind, ascii_only)
        table.add_row(group.exercise, kind, str(group.learners), plain_text(example, ascii_only))
    return table


def print_answer_groups(console: Console, groups: Sequence[AnswerGroup]) -> None:
    """Prints a row for each group of answers that behave alike."""
    ascii_only = console.options.ascii_only
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_edge=False)
    table.add_column("group", no_wrap=True, overflow="fold")
    table.add_column("learners", justify="right")
    table.add_column("written", no_wrap=True)
    table.add_column("what", overflow="fold")
    table.add_column("for example", overflow="fold")
    for group in groups:
        example = plain_text(sanitized(group.example, 120), ascii_only)
        ways = "alike" if len(group.ways) == 1 else f"in {len(group.ways)} ways"
        what = plain_text(group.what, ascii_only)
        table.add_row(group.id, str(len(group.students)), ways if len(group.students) > 1 else "", what, example)
    console.print(table)


def _totals(lines: list[_Line]) -> list[str]:
    counts = Counter(line.status for line in lines)
    kinds = ", ".join(f"{counts[status]} {status.value}" for status in SubmissionStatus if counts[status])
    sentences = [f"{labels.counted(len(lines), 'submission')}{f': {kinds}' if kinds else ''}."]
    variants = Counter(line.variant for line in lines if line.variant)
    told = ", ".join(f"{number} {name}" for name, number in sorted(variants.items()))
    sentences += [f"Variants: {told}."] if told else []
    scores = [line.score for line in lines if line.status is SubmissionStatus.GRADED and line.is_final]
    if scores:
        mean, median = labels.points(statistics.fmean(scores), 1), labels.points(statistics.median(scores))
        most = labels.points(max(line.max_score for line in lines))
        sentences.append(f"Graded submissions: mean {mean}, median {median}, out of {most} points.")
    late = [line.penalty for line in lines if line.penalty]
    if late:
        lost = f"{labels.points(sum(late))} point{'' if sum(late) == 1 else 's'}"
        sentences.append(
            f"Lateness costs {labels.counted(len(late), 'learner')} {lost}: see final_score in grades.csv."
        )
    trusted = sum(line.trusted for line in lines)
    if trusted:
        sentences.append(f"{trusted} of them with --sandbox none: their code ran without the sandbox.")
    return sentences + _overrides(lines)


def _overrides(lines: list[_Line]) -> list[str]:
    overridden = sum(line.overridden for line in lines)
    changed = sum(line.changed_since for line in lines)
    if not overridden:
        return []
    sentence = f"The points of {labels.counted(overridden, 'exercise')} were set by a person"
    more = f"; of {changed} of them the checks give something else now: see `python -m grader override list`"
    return [f"{sentence}{more if changed else ''}."]


def plain_text(text: str, ascii_only: bool) -> Text:
    """Text without markup; on an ASCII console, what it can't show is escaped."""
    if ascii_only:
        text = text.replace("…", "...").replace("–", "-").encode("ascii", "backslashreplace").decode("ascii")
    return Text(text)
