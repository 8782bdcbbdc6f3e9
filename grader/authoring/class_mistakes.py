"""Mistakes that learners of a graded class made and no misconception names, as entries for the bank.

What a learner wrote is text here: where a function begins and ends in it is found in the sandbox, and comments are left
out by one regular expression. Nothing of it is run or parsed in this process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.worth_naming import Entry, new_name
from grader.core.assignment import Assignment, Exercise
from grader.core.errors import ResultsError
from grader.core.records import ExerciseResult, ExerciseStatus, Source, SubmissionResult
from grader.core.sanitize import sanitized
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry as Handed
from grader.grading.submission import EntryFiles, Submission
from grader.reading.reader import File
from grader.results.cause_groups import kind_of_cause
from grader.results.source_page import coloured
from grader.results.store import ResultStore
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.run_folder import run_folder
from grader.sandbox.host.zygote_client import Zygote

SEVERAL = 2  # learners who make it worth an entry
_READ = 12  # members of a group of whom the shortest is taken
_WRONG = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.TIMED_OUT, ExerciseStatus.CRASHED)


@dataclass(frozen=True)
class Unnamed:
    """Learners who made one mistake in an exercise that nothing names: answers that behave alike, or, where that isn't
    known, have one cause."""

    exercise: str
    group: str
    what: str
    shows: str
    students: tuple[str, ...]


def unnamed_groups(results: Iterable[SubmissionResult], exercises: Collection[str]) -> list[Unnamed]:
    """The groups of these exercises: the largest first."""
    found: defaultdict[tuple[str, str, str], list[tuple[str, ExerciseResult]]] = defaultdict(list)
    for result in results:
        for each in result.exercises:
            checked = each.as_checked()
            what = _what(checked)
            if checked.id in exercises and checked.status in _WRONG and not checked.misconception and what:
                key = (checked.id, checked.group, "" if checked.group else what)
                found[key].append((result.student, checked))
    groups = [
        Unnamed(
            exercise,
            group,
            _what(members[0][1]),
            sanitized(members[0][1].finding.summary if members[0][1].finding else "", 300),
            tuple(student for student, _ in members),
        )
        for (exercise, group, _), members in found.items()
    ]
    return sorted(groups, key=lambda each: (-len(each.students), each.exercise, each.group, each.what))


def _what(result: ExerciseResult) -> str:
    if result.cause:
        return kind_of_cause(result.cause)
    return sanitized(result.finding.summary, 200) if result.finding else ""


def entries_of(
    groups: Sequence[Unnamed],
    store: ResultStore,
    assignment: Assignment,
    isolation: Isolation,
    hide: tuple[Path, ...],
    taken: Collection[str],
) -> list[tuple[Unnamed, Entry]]:
    """An entry for each group of which a function can be read, with the shortest that a member wrote. Raises
    `ResultsError` when the results hold no sources."""
    names = set(taken)
    found: list[tuple[Unnamed, Entry]] = []
    if groups and not any(store.sources(student) for student in store.students()):
        raise ResultsError(
            "These results don't hold what learners wrote: an earlier version of the kit graded them. Grade again, "
            "with --resume or into another --out."
        )
    with run_folder(), Zygote(isolation, assignment.limits, hide=hide, only_reads=True) as zygote:
        reader = Reader(zygote, assignment, parts=True)
        for group in groups:
            exercise = assignment.exercises[group.exercise]
            read = (_function(reader, store.sources(each), exercise) for each in group.students[:_READ])
            codes = [code for code in read if code]
            if not codes:
                continue
            name = new_name(exercise.id, " ".join(group.what.split()[:8]), names)
            names.add(name)
            code = min(codes, key=lambda each: (len(each), each))
            found.append((group, Entry(name, f"{group.what}.", group.shows, code, len(group.students))))
    return found


def _function(reader: Reader, sources: Sequence[Source], exercise: Exercise) -> str:
    """What one learner wrote for an exercise, without comments; empty where that can't be told."""
    source = next((each for each in sources if each.module == exercise.module and not each.left_out), None)
    if source is None:
        return ""
    lines = [text for _, _, text in source.lines]
    data = "\n".join(lines).encode("utf-8", "replace")
    name = f"{exercise.module}.py"
    handed = Handed("a-learner", Path("a-learner"), files=EntryFiles(True, (File(name, len(data), data),)))
    found = reader.read(handed)
    part = found.parts.get(exercise.id) if isinstance(found, Submission) else None
    return without_comments(lines[part.first - 1 : part.last]) if part and part.first else ""


def without_comments(lines: Sequence[str]) -> str:
    """Lines of code without comments, docstrings and blank lines."""
    kept: list[str] = []
    opens = False  # whether a block has just begun, so that a text is a docstring
    in_text = False
    for spans in coloured(lines):
        code = "".join(text for kind, text in spans if kind != "comment").rstrip()
        kinds = {kind for kind, text in spans if text.strip() and kind != "comment"}
        if not code.strip():
            continue
        if kinds == {"string"} and (opens or in_text):
            in_text, opens = True, False
            continue
        in_text = False
        kept.append(code)
        opens = code.endswith(":")
    return "\n".join(kept)


def safe_entry(entry: Entry) -> Entry:
    """The same with no sign in its words that could end the text that they stand in."""
    return replace(entry, title=_safe(entry.title), shows=_safe(entry.shows))


def _safe(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'")
