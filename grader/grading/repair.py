"""The cause of a failed exercise, found by repair: one small edit of the learner's own code that makes all of it right.

It comes after the verdict, which it never touches. Edited code is learner code, and runs where that runs. How many
edits are tried is counted, so that a busy machine finds what a quiet one finds; what the time limit cuts short gets no
cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.checks import Draw, Function, Student
from grader.checks.scoring import pointed_at
from grader.checks.student import derive
from grader.core.records import Cause, CheckStatus, ExerciseResult
from grader.course.model import Assignment, Exercise
from grader.grading.collected_checks import CollectedChecks
from grader.grading.remote import RemoteTransport
from grader.grading.session import Session
from grader.grading.submission import Submission
from grader.reading.edits import Edit, applied, the_place
from grader.reading.module_text import ModuleSource
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.host.zygote_client import Zygote

# The edits of a function in a text, so many at most.
FindEdits = Callable[[str, str, int], Sequence[Edit]]

# An edit counts when everything passes with each of these.
_SEEDS = ("first", "second")
_CALL_SECONDS = 1.0
_SECONDS = 10.0  # for all edits of a submission, of time that they could have run
_MOST_OF_ONE = 150  # edits of one exercise, so that the others get their share


@dataclass(frozen=True)
class Failed:
    """A failed exercise, as it was run: from these modules, with a `check` that failed."""

    exercise: Exercise
    modules: Mapping[str, ModuleSource]
    check: str


class Repairs:
    """Looks for the causes of one submission's failed exercises. Use as a context manager."""

    def __init__(
        self,
        assignment: Assignment,
        checks: CollectedChecks,
        zygote: Zygote,
        submission: Submission,
        find_edits: FindEdits,
        seed: int,
    ) -> None:
        limits = assignment.limits
        self._left = limits.repairs
        self._checks = checks
        self._submission = submission
        self._find_edits = find_edits
        self._seed = seed
        short = limits.model_copy(
            update={
                "exercise_seconds": min(_CALL_SECONDS, limits.exercise_seconds),
                "import_seconds": min(_CALL_SECONDS, limits.import_seconds),
                "submission_seconds": _SECONDS,
            }
        )
        self._session = Session(zygote, {}, short, data=submission.reading.data, imports=submission.imports)

    def __enter__(self) -> Repairs:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def repaired(self, result: ExerciseResult, failed: Failed, functions: Mapping[str, Function]) -> ExerciseResult:
        """The same result with its cause, if one was found. Raises `WorkerFault`."""
        exercise = failed.exercise
        source = failed.modules.get(exercise.module)
        if source is None or self._left <= 0 or result.finding is None:
            return result
        edits = self._find_edits(source.text, exercise.function, min(self._left, _MOST_OF_ONE))
        found = the_place(self._that_pass(edits, source, failed, functions))
        if found is None:
            return result
        line, cell = source.place(found.line)
        if result.cause:  # its words are known, its line was not
            return replace(result, cause=replace(result.cause, line=line, cell=cell))
        cause = Cause("repair", exercise.module, line, f"Look at {found.about}.", cell)
        return pointed_at(result, cause, source.locate(found.line), found.about)

    def _that_pass(
        self, edits: Sequence[Edit], source: ModuleSource, failed: Failed, functions: Mapping[str, Function]
    ) -> list[Edit]:
        """Of the commonest kind, those with which everything passes."""
        passed: list[Edit] = []
        for edit in edits:
            if passed and edit.tier > passed[-1].tier:
                break
            self._left -= 1
            if self._passes(edit, source, failed, functions):
                passed.append(edit)
            if self._session.is_out_of_time:
                self._left = 0
                return []
        return passed

    def _passes(self, edit: Edit, source: ModuleSource, failed: Failed, functions: Mapping[str, Function]) -> bool:
        exercise = failed.exercise
        texts = {name: module.text for name, module in failed.modules.items()}
        self._session.begin("cpu", {**texts, source.name: applied(source.text, edit)}, whole=False)
        transport = RemoteTransport(self._session, self._submission, exercise.id)
        # What failed comes first: it tells most edits apart.
        items = sorted(self._checks.items[exercise.id], key=lambda item: item[0].name != failed.check)
        for each in _SEEDS:
            seed = derive(self._seed, each, exercise.id)
            student = Student(transport, functions, derive(seed, "calls"), "cpu")
            for item, info in items:
                try:
                    outcome = self._checks.run(item, info, student, Draw(derive(seed, item.name)))
                except WorkerFault:
                    raise
                except Exception:  # a check or a reference that breaks on what this edit gives
                    return False
                if outcome.status is not CheckStatus.PASSED or any(student.seen.values()):
                    return False
        return True
