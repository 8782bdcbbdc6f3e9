"""Grade one submission: every exercise in turn, in a process apart, against the hidden checks."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from grader.checks import Function, Student
from grader.checks.explain import BrokenCheck
from grader.checks.scoring import CheckOutcome, failures, is_broken, judge, said_once
from grader.checks.student import derive
from grader.core.assignment import Assignment, Device, Exercise
from grader.core.errors import GradingError, failure_text
from grader.core.records import (
    CheckStatus,
    ExerciseResult,
    ExerciseStatus,
    Finding,
    SubmissionResult,
    SubmissionStatus,
)
from grader.core.sanitize import sanitized
from grader.grading.causes import Causes, FindEdits, Known
from grader.grading.class_answers import NotRight
from grader.grading.collected_checks import CollectedChecks
from grader.grading.diagnose import Diagnosis, advice
from grader.grading.remote import RemoteTransport, device_advice, line_in
from grader.grading.repair import Failed
from grader.grading.session import Session
from grader.grading.submission import PreviousGrading, Submission
from grader.reading.definitions import signature_of
from grader.reading.module_text import ModuleSource
from grader.reading.name_resolution import ForbiddenUse
from grader.reading.source_facts import tree_from_json
from grader.sandbox.host.child import Child, DeviceFault, NotReady, WorkerFault
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, CodeLine

TRIES = 2  # of an exercise, when the first failed through no fault of the learner
_HAVE_ALIKE = (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL, ExerciseStatus.FORBIDDEN)
OUR_MISTAKE = Finding("Our grading failed here, not your program. You lose nothing: this will be graded again.")


_NONE = PreviousGrading()


def _is_other(now: ExerciseResult, before: ExerciseResult | None) -> bool:
    """Whether an exercise was answered otherwise before, which those that need it may come out otherwise for."""
    return before is None or (now.status, is_broken(now)) != (before.status, is_broken(before))


@dataclass
class Grader:
    """Grades submissions one after the other. `fault` is the last failure of our own machinery, for the report;
    `doubtful` are the exercises that only the wall clock stopped."""

    assignment: Assignment
    checks: CollectedChecks
    zygote: Zygote
    seed: int
    device: Device
    diagnosis: Diagnosis
    find_edits: FindEdits = lambda *_: ()
    fault: str = ""
    doubtful: list[str] = field(default_factory=list)
    _passed_on_cpu: dict[str, Call] = field(default_factory=dict)
    _failed: dict[str, Failed] = field(default_factory=dict)
    _not_right: dict[str, NotRight] = field(default_factory=dict)

    def grade(self, submission: Submission, previous: PreviousGrading = _NONE) -> SubmissionResult:
        """The result of a submission. `previous` results are taken as they are, but for those of exercises that are to
        be graded again, and of such that need one of these, when that is answered otherwise now.

        Failures of our own become the status `grader_error`, never a lost result.

        Raises `GradingError` when the GPU has stopped working: the others would not fare better.
        """
        child = self._with_libraries(submission)
        texts = self._texts(submission.reading.modules)
        session = Session(
            self.zygote,
            texts,
            self.assignment.limits,
            data=submission.reading.data,
            imports=submission.imports,
            child=child,
        )
        before = {result.id: result for result in previous.results}
        results = {name: result for name, result in before.items() if name not in previous.again}
        self._passed_on_cpu.clear()
        self._failed.clear()
        self._not_right.clear()
        self.doubtful.clear()
        try:
            self._prepare_reader()
            for name in self.assignment.order():
                exercise = self.assignment.exercises[name]
                if name not in results or any(_is_other(results[need], before.get(need)) for need in exercise.needs):
                    results[name] = self._exercise(submission, session, exercise, results)
            self._advise(submission, session, results)
        finally:
            self._put_away(session)
        self._find_causes(submission, results)
        modules = {name: exercise.module for name, exercise in self.assignment.exercises.items()}
        told = said_once({name: results[name] for name in modules}, modules)
        exercises = tuple(
            replace(each, around=submission.around(each.cause, each.id) if each.cause else None)
            for each in told.values()
        )
        status = SubmissionStatus.GRADED
        if all(result.status is ExerciseStatus.GRADER_ERROR for result in exercises):
            status = SubmissionStatus.GRADER_ERROR
        return SubmissionResult(submission.student, status, exercises, submission.note)

    def _with_libraries(self, submission: Submission) -> Child | None:
        """The child that read the submission, unless it lacks a library that is loaded now, for all to come."""
        child = submission.read_by
        if child and self.zygote.unloaded(submission.imports):
            try:
                self.zygote.dismiss(child)
            except WorkerFault:
                self.zygote.restart()
            child = None
        self.zygote.load(submission.imports)
        return child

    def _exercise(
        self, submission: Submission, session: Session, exercise: Exercise, earlier: dict[str, ExerciseResult]
    ) -> ExerciseResult:
        problem = submission.reading.problems.get(exercise.module)
        if problem:
            status = CheckStatus.NOT_FOUND if exercise.module in submission.reading.not_found else CheckStatus.FAILED
            return judge(exercise, self._all(exercise, status, Finding(problem)), earlier)
        device = self.device if self.device in self.assignment.devices_of(exercise) else "cpu"
        for attempt in range(1, TRIES + 1):
            try:
                result = self._attempt(submission, session, exercise, earlier, device)
                result = replace(result, effort=session.effort)
                if not session.killed or attempt == TRIES:
                    self.doubtful += [exercise.id] if session.is_doubtful else []
                    return result
                session.start_over()
            except DeviceFault as error:
                if attempt == TRIES:
                    raise GradingError(
                        f"The GPU has stopped working: {sanitized(error, 300)}. What was graded is kept: --resume goes "
                        "on when it works again, or grade on the CPU into another --out."
                    ) from None
            except WorkerFault as error:
                self.fault = f"{submission.student}, {exercise.id}: {error}"
                if not isinstance(error, NotReady) or attempt == TRIES:
                    self._fresh_machinery(session)
            except Exception as error:  # a hidden check or a reference that breaks is our failure, not the learner's
                said = str(error) if isinstance(error, BrokenCheck) else failure_text(error)
                self.fault = f"{submission.student}, {exercise.id}: {said}"
                self._fresh_child(session)
        return judge(exercise, self._all(exercise, CheckStatus.GRADER_ERROR, OUR_MISTAKE), earlier)

    def _attempt(
        self,
        submission: Submission,
        session: Session,
        exercise: Exercise,
        earlier: dict[str, ExerciseResult],
        device: Device,
    ) -> ExerciseResult:
        self._failed.pop(exercise.id, None)
        self._not_right.pop(exercise.id, None)
        transport = self._begun(submission, session, exercise, earlier, device)
        seed = derive(self.seed, submission.student, exercise.id)
        student = Student(transport, self._functions(exercise), derive(seed, "calls"), device, ahead=True)
        outcomes = self.checks.run_all(exercise.id, student, seed)
        uses = self._forbidden(submission, exercise, student)
        result = judge(exercise, outcomes, earlier, uses)
        if session.is_alone and result.status is not ExerciseStatus.PASSED:
            result = replace(result, advice=self._not_run(submission, exercise))
        if result.status is ExerciseStatus.PASSED and device == "cpu" and student.asked:
            self._passed_on_cpu[exercise.id] = student.asked[-1].call
        if result.status is ExerciseStatus.PASSED:
            said = advice(self.diagnosis.bank, exercise, self._definition(submission, exercise))
            return replace(result, advice=said)
        if result.status in _HAVE_ALIKE:
            result = replace(result, written=submission.facts_of(exercise.id).written)
            texts = {name: source.text for name, source in transport.running.items()}
            is_forbidden = result.status is ExerciseStatus.FORBIDDEN
            used = tuple(use.name for use, _ in uses) if is_forbidden else ()
            self._not_right[exercise.id] = NotRight(exercise, texts, used)
        if result.status in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL):
            done = [name for name, each in earlier.items() if each.status is ExerciseStatus.PASSED]
            right = tuple(self.assignment.exercises[name].function for name in done)
            first = failures(outcomes)[0]
            self._failed[exercise.id] = Failed(exercise, transport.running, first, tuple(student.asked), device, right)
        return result

    def _definition(self, submission: Submission, exercise: Exercise) -> ast.AST | None:
        return tree_from_json(submission.facts_of(exercise.id).tree)

    def _functions(self, exercise: Exercise) -> dict[str, Function]:
        """All that the exercises ask for, watched for what this one may not use."""
        return {
            each.function: Function(
                each.module,
                each.forbidden if each.id == exercise.id else (),
                signature_of(self.diagnosis.reference[each.module], each.function),
            )
            for each in self.assignment.exercises.values()
        }

    def _find_causes(self, submission: Submission, results: dict[str, ExerciseResult]) -> None:
        """Add the names of mistakes, what those answer that aren't right, and the causes. Whatever goes wrong costs
        nothing but these."""
        if not self._not_right:
            return
        seed = derive(self.seed, submission.student, "causes")
        known = Known(self.assignment, self.checks, self.diagnosis, self.zygote, self.find_edits)
        try:
            with Causes(known, submission, seed) as causes:
                causes.add_to(results, self._failed.values(), self._not_right.values(), self._functions)
                self.fault = self.fault or causes.fault
                if causes.is_broken:
                    self.zygote.restart()
        except WorkerFault:
            self.zygote.restart()

    def _begun(
        self,
        submission: Submission,
        session: Session,
        exercise: Exercise,
        earlier: Mapping[str, ExerciseResult],
        device: Device,
    ) -> RemoteTransport:
        """The way to the functions of an exercise that is begun now."""
        alone = submission.reading.alone.get(exercise.id, {})
        is_file = not submission.reading.modules[exercise.module].lines
        if is_file and exercise.module in alone and not alone[exercise.module].text.strip():
            alone = {}  # it defines nothing of this exercise: then the module is what there is to tell of
        session.begin(
            device,
            self._texts(alone),
            whole=is_file,
            call_seconds=self._call_seconds(exercise, device),
            out_of_time=self._out_of_time(exercise, earlier),
        )
        return RemoteTransport(session, submission, exercise.id)

    def _call_seconds(self, exercise: Exercise, device: Device) -> float:
        """How long one call may take. What the reference takes on a GPU isn't known."""
        limits = self.assignment.limits
        if device != "cpu":
            return limits.exercise_seconds
        return max(limits.call_seconds, limits.reference_multiple * self.diagnosis.reference_seconds(exercise))

    def _not_run(self, submission: Submission, exercise: Exercise) -> tuple[str, ...]:
        """Which lines, of those that this exercise may hang on, were left out."""
        own = submission.reading.alone.get(exercise.id, {}).get(exercise.module)
        return own.not_run if own else ()

    def _texts(self, modules: Mapping[str, ModuleSource]) -> dict[str, str]:
        """Sources in the order in which they may import each other."""
        return {name: modules[name].text for name in self.assignment.modules if name in modules}

    def _out_of_time(self, exercise: Exercise, earlier: Mapping[str, ExerciseResult]) -> dict[str, list[str]]:
        """The functions that this exercise needs, however indirectly, and that ran out of time, by module."""
        found: dict[str, list[str]] = {}
        waiting, seen = list(exercise.needs), set()
        while waiting:
            need = waiting.pop()
            if need in seen:
                continue
            seen.add(need)
            needed = self.assignment.exercises[need]
            waiting += needed.needs
            checks = earlier[need].checks if need in earlier else ()
            if any(check.status is CheckStatus.TIMED_OUT for check in checks):
                found.setdefault(needed.module, []).append(needed.function)
        return found

    def _advise(self, submission: Submission, session: Session, results: dict[str, ExerciseResult]) -> None:
        """Add what a GPU would show of the exercises that passed without one."""
        for name, call in self._passed_on_cpu.items():
            exercise = self.assignment.exercises[name]
            if "cuda" in self.assignment.devices_of(exercise) and submission.facts_of(name).makes_tensors:
                words = self._advice(submission, session, exercise, results, call)
                results[name] = replace(results[name], advice=(*results[name].advice, *([words] if words else [])))

    def _advice(
        self,
        submission: Submission,
        session: Session,
        exercise: Exercise,
        results: Mapping[str, ExerciseResult],
        call: Call,
    ) -> str:
        said = ""
        for _ in range(TRIES):
            try:
                transport = self._begun(submission, session, exercise, results, "cpu")
                said = device_advice(session, transport, call)
                if not session.killed:
                    break
                session.start_over()
            except WorkerFault:  # it is only advice: nothing is said when it happens again
                self._fresh_machinery(session)
        return said

    def _forbidden(
        self, submission: Submission, exercise: Exercise, student: Student
    ) -> list[tuple[ForbiddenUse, str]]:
        if not exercise.forbidden:
            return []
        uses = list(submission.facts_of(exercise.id).uses)
        if not uses:
            uses = [ForbiddenUse(name, None) for name in sorted(student.seen.get(exercise.function, ()))]
        words = [
            line_in(submission.reading.modules, CodeLine(exercise.module, use.line, "")) if use.line else ""
            for use in uses
        ]
        return list(zip(uses, words, strict=True))

    def _all(self, exercise: Exercise, status: CheckStatus, finding: Finding) -> list[CheckOutcome]:
        return [CheckOutcome(item.name, info, status, finding) for item, info in self.checks.items[exercise.id]]

    def _fresh_child(self, session: Session) -> None:
        try:
            session.start_over()
        except WorkerFault:
            self._fresh_machinery(session)

    def _fresh_machinery(self, session: Session) -> None:
        session.forget_child()
        session.start_over()
        self.zygote.restart()

    def _prepare_reader(self) -> None:
        """For the next submission, which is read when this one is graded."""
        try:
            self.zygote.prepare_reader(self.assignment.limits)
        except WorkerFault:
            self.zygote.restart()

    def _put_away(self, session: Session) -> None:
        try:
            session.close()
        except WorkerFault as error:
            self.fault = self.fault or str(error)
            self.zygote.restart()
