"""How often the cause of a mistake is found that nobody foresaw.

Two kinds are tried, in the sandbox as a learner's work is: mutants of the reference, with the bank switched off, whose
changed lines are known; and mistakes of the bank, each with that one taken out.
"""

from __future__ import annotations

import difflib
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.audit.mutants import make_mutants
from grader.audit.reference import Edit, read_references
from grader.checks.student import derive
from grader.core.assignment import Assignment, Exercise
from grader.core.records import CheckStatus, ExerciseResult
from grader.grading.bank import Bank
from grader.grading.collected_checks import CollectedChecks, run_hidden
from grader.grading.diagnose import Diagnosis
from grader.grading.grade_one import Grader
from grader.grading.local_run import implemented
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry, Submission
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote


@dataclass(frozen=True)
class Told:
    """One mistake, and its cause as it was found: `by` is empty when it wasn't. `on_line` tells whether it is on a line
    that was changed, where both are known. `named` is another mistake's name that it was given. `seconds` is the time
    for all of the grading."""

    exercise: str
    is_mutant: bool
    what: str
    by: str
    says: str
    on_line: bool | None
    named: str
    seconds: float


@dataclass(frozen=True)
class _Tried:
    exercise: Exercise
    what: str
    text: str
    bank: Bank
    lines: frozenset[int] = frozenset()


def causes_found(
    root: Path,
    assignment: Assignment,
    isolation: Isolation,
    most: int,
    *,
    only: Sequence[str] = (),
    progress: Callable[[int, int], None] = lambda *_: None,
) -> list[Told]:
    """What is told of at most `most` mutants and `most` mistakes of each exercise, drawn, and always the same. Those
    that the checks don't reject, or that never end, are left out. Raises what grading raises."""
    found: list[Told] = []

    def body(checks: CollectedChecks) -> None:
        diagnosis = Diagnosis.of(root, assignment, checks)
        exercises = [each for each in assignment.exercises.values() if not only or each.id in only]
        tried = [each for exercise in exercises for each in _tried(root, assignment, diagnosis, exercise, most)]
        for number, each in enumerate(tried):
            progress(number, len(tried))
            grader = Grader(assignment, checks, zygote, 0, "cpu", replace(diagnosis, bank=each.bank))
            reader = Reader(zygote, assignment)
            grader.find_edits = reader.edits
            told = _told(each, diagnosis.reference, reader, grader)
            if told:
                found.append(told)

    with Zygote(isolation, assignment.limits) as zygote:
        run_hidden(root, assignment, body)
    return found


def _tried(root: Path, assignment: Assignment, diagnosis: Diagnosis, exercise: Exercise, most: int) -> Iterator[_Tried]:
    chance = random.Random(derive("causes", exercise.id))
    mutants = [
        (mutant, reference.edited(Edit({}, "nothing")))
        for reference in read_references(root, assignment, exercise)
        for mutant in make_mutants(reference)
    ]
    for mutant, plain in chance.sample(mutants, min(most, len(mutants))):
        lines = _changed(plain, mutant.text)
        yield _Tried(exercise, f"{mutant.id}: {mutant.what}", mutant.text, Bank({}, {}), lines)
    mistakes = diagnosis.bank.mistakes.get(exercise.id, ())
    for mistake in chance.sample(mistakes, min(most, len(mistakes))):
        others = {id: tuple(each for each in all if each is not mistake) for id, all in diagnosis.bank.mistakes.items()}
        text = implemented(diagnosis.reference, exercise.module, mistake.ways[0].source)[exercise.module]
        yield _Tried(exercise, mistake.id, text, Bank(others, diagnosis.bank.right))


def _changed(before: str, after: str) -> frozenset[int]:
    """The lines of the second text that differ, or stand next to what was taken out."""
    lines: set[int] = set()
    matcher = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag == "delete":
            lines |= {first, first + 1}
        elif tag != "equal":
            lines |= set(range(first + 1, last + 1))
    return frozenset(lines)


def _told(tried: _Tried, reference: Mapping[str, str], reader: Reader, grader: Grader) -> Told | None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="causes-") as folder:
        for module, text in {**reference, tried.exercise.module: tried.text}.items():
            (Path(folder) / f"{module}.py").write_text(text, encoding="utf-8")
        submission = reader.read(Entry("learner", Path(folder)))
    if not isinstance(submission, Submission):
        return None
    results = {each.id: each for each in grader.grade(submission).exercises}
    result = results[tried.exercise.id]
    if not _is_rejected(result):
        return None
    cause = result.cause
    known = tried.lines and cause and cause.line
    return Told(
        tried.exercise.id,
        bool(tried.lines),
        tried.what,
        cause.by if cause else "",
        cause.says if cause else "",
        cause.line in tried.lines if known and cause else None,
        result.misconception or "",
        time.monotonic() - started,
    )


def _is_rejected(result: ExerciseResult) -> bool:
    """Whether a check found something wrong; not that it never came to an end."""
    return any(check.status is CheckStatus.FAILED for check in result.checks)
