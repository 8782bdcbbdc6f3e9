"""Grade one submission: every exercise in turn, in a process apart, against the hidden checks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from grader.checks import Draw, Function, Student
from grader.checks.draw import derive
from grader.checks.explain import BrokenCheck
from grader.checks.scoring import CheckOutcome, judge, named
from grader.collect import Submission
from grader.course.model import Assignment, Device, Exercise
from grader.diagnosis import Diagnosis, advice
from grader.errors import GradingError
from grader.grading.child import DeviceFault, NotReady, WorkerFault
from grader.grading.forbidden import Use, forbidden_uses
from grader.grading.portable import device_advice
from grader.grading.remote import RemoteTransport
from grader.grading.session import Session
from grader.grading.zygote import Zygote
from grader.inert import inert
from grader.records import CheckStatus, ExerciseResult, ExerciseStatus, Finding, SubmissionResult, SubmissionStatus
from grader.rehearsal.collected import CollectedChecks
from grader.wire.messages import Call, Place

TRIES = 2  # of an exercise, when the first failed through no fault of the learner
_OVER = (CheckStatus.TIMED_OUT, CheckStatus.CRASHED)
OUR_MISTAKE = Finding(
    "Our grading failed here, not your program. It costs you nothing for good: the grading will be run again."
)


@dataclass
class Grader:
    """Grades submissions one after the other. `fault` is the last failure of our own machinery, for the report."""

    assignment: Assignment
    checks: CollectedChecks
    zygote: Zygote
    seed: int
    device: Device
    diagnosis: Diagnosis
    fault: str = ""
    _passed_on_cpu: dict[str, Call] = field(default_factory=dict)

    def grade(self, submission: Submission) -> SubmissionResult:
        """The result of a submission. Failures of our own become the status `grader_error`, never a lost result.

        Raises `GradingError` when the GPU has stopped working: the others would not fare better.
        """
        sources = {
            name: submission.modules[name].text for name in self.assignment.modules if name in submission.modules
        }
        session = Session(self.zygote, sources, self.assignment.limits)
        results: dict[str, ExerciseResult] = {}
        self._passed_on_cpu.clear()
        try:
            for name in self.assignment.order():
                results[name] = self._exercise(submission, session, self.assignment.exercises[name], results)
            self._advise(submission, session, results)
        finally:
            self._put_away(session)
        exercises = tuple(results[name] for name in self.assignment.exercises)
        status = SubmissionStatus.GRADED
        if all(result.status is ExerciseStatus.GRADER_ERROR for result in exercises):
            status = SubmissionStatus.GRADER_ERROR
        return SubmissionResult(submission.student, status, exercises, submission.note)

    def _exercise(
        self, submission: Submission, session: Session, exercise: Exercise, earlier: dict[str, ExerciseResult]
    ) -> ExerciseResult:
        problem = submission.problems.get(exercise.module)
        if problem:
            return judge(exercise, self._all(exercise, CheckStatus.TODO, Finding(problem)), earlier)
        device = self.device if self.device in self.assignment.devices_of(exercise) else "cpu"
        for attempt in range(1, TRIES + 1):
            try:
                result = self._attempt(submission, session, exercise, earlier, device)
                if not session.killed or attempt == TRIES:
                    return result
                session.start_over()
            except DeviceFault as error:
                if attempt == TRIES:
                    raise GradingError(
                        f"The GPU has stopped working: {inert(error, 300)}. What was graded is kept: --resume goes on "
                        "when it works again, or grade on the CPU into another --out."
                    ) from None
            except WorkerFault as error:
                self.fault = f"{submission.student}, {exercise.id}: {error}"
                if not isinstance(error, NotReady) or attempt == TRIES:
                    self._fresh_machinery(session)
            except Exception as error:  # a hidden check or a reference that breaks is our failure, not the learner's
                kind = "" if isinstance(error, BrokenCheck) else f"{type(error).__name__}: "
                self.fault = f"{submission.student}, {exercise.id}: {kind}{error}"
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
        transport = RemoteTransport(session, submission.modules)
        seed = derive(self.seed, submission.student, exercise.id)
        functions = {
            each.function: Function(each.module, each.forbidden if each.id == exercise.id else ())
            for each in self.assignment.exercises.values()
        }
        student = Student(transport, functions, derive(seed, "calls"), device, ahead=True)
        session.begin(device)
        outcomes: list[CheckOutcome] = []
        for item, info in self.checks.items[exercise.id]:
            ended = next((o for o in outcomes if o.status in (*_OVER, CheckStatus.TODO)), None)
            if ended:
                outcomes.append(CheckOutcome(item.name, info, ended.status, ended.finding))
            else:
                outcomes.append(self.checks.run(item, info, student, Draw(derive(seed, item.name))))
        uses = self._forbidden(submission, transport, exercise, student)
        result = judge(exercise, outcomes, earlier, uses)
        if result.status is ExerciseStatus.PASSED and device == "cpu" and student.asked:
            self._passed_on_cpu[exercise.id] = student.asked[-1].call
        if result.status is ExerciseStatus.PASSED:
            said = advice(self.diagnosis.bank, exercise, submission.modules[exercise.module].text)
            return replace(result, advice=said)
        if result.status in (ExerciseStatus.FAILED, ExerciseStatus.PARTIAL):
            return self._named(exercise, result, student, submission.modules[exercise.module].text)
        return result

    def _named(self, exercise: Exercise, result: ExerciseResult, student: Student, source: str) -> ExerciseResult:
        """The same, in the words of the known mistake that was made, if there is one."""
        mistake = self.diagnosis.name(exercise, student.asked, source)
        return named(result, mistake.told if mistake else None)

    def _advise(self, submission: Submission, session: Session, results: dict[str, ExerciseResult]) -> None:
        """Add what a GPU would show of the exercises that passed without one."""
        calls = {
            name: call
            for name, call in self._passed_on_cpu.items()
            if "cuda" in self.assignment.devices_of(self.assignment.exercises[name])
        }
        said: dict[str, str] = {}
        for _ in range(TRIES):
            try:
                session.begin("cpu")
                said = device_advice(session, RemoteTransport(session, submission.modules), submission.modules, calls)
                if not session.killed:
                    break
                session.start_over()
            except WorkerFault:  # it is only advice: nothing is said when it happens again
                self._fresh_machinery(session)
        for name, words in said.items():
            results[name] = replace(results[name], advice=(*results[name].advice, words))

    def _forbidden(
        self, submission: Submission, transport: RemoteTransport, exercise: Exercise, student: Student
    ) -> list[tuple[Use, str]]:
        if not exercise.forbidden:
            return []
        text = submission.modules[exercise.module].text
        uses = forbidden_uses(text, exercise.function, exercise.forbidden)
        if not uses:
            uses = [Use(name, None) for name in sorted(student.seen.get(exercise.function, ()))]
        words = [transport.line_of(Place(exercise.module, use.line, "")) if use.line else "" for use in uses]
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

    def _put_away(self, session: Session) -> None:
        try:
            session.close()
        except WorkerFault as error:
            self.fault = self.fault or str(error)
            self.zygote.restart()
