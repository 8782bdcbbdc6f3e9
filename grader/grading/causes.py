"""The cause of each failed exercise, looked for after the verdict, which it never touches.

Each of these says where the fault is, or nothing, and what comes first keeps its words: a misconception of the bank, an
exception with its line, an edit that makes all right (`repair`), and what the calls show (`behaviour`). With any but an
exception comes the smallest call that shows the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from grader.checks import Function
from grader.checks.observed import CallRecord
from grader.checks.scoring import named, pointed_at
from grader.core.assignment import Assignment, Exercise, Told
from grader.core.records import Cause, ExerciseResult
from grader.grading.behaviour import Ask, Compared, Noticed, behaviour
from grader.grading.class_answers import ClassAnswers, NotRight
from grader.grading.collected_checks import CollectedChecks
from grader.grading.diagnose import Diagnosis, RightAnswers
from grader.grading.example import with_example
from grader.grading.first_step import first_step
from grader.grading.further_calls import Series, asked_again, is_kept, is_of_digits, of_kept, of_object
from grader.grading.remote import line_in
from grader.grading.repair import Failed, Repair, SearchSession
from grader.grading.result_parts import wrong_part
from grader.grading.session import Answer, answer_of
from grader.grading.submission import Submission
from grader.reading.edits import Edit
from grader.reading.source_facts import tree_from_json
from grader.sandbox.host.child import WorkerFault
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.messages import Call, CodeLine, Raised, Reply

# The edits of a function in a text, so many at most, and none of these other functions.
FindEdits = Callable[[str, str, int, tuple[str, ...]], Sequence[Edit]]

_OF_EXCEPTIONS = 20  # edits: an exception has a line already, and most often the right one
_OF_NAMED = 100  # of a mistake with a name only the line is looked for
_OF_PRINTING = 4  # times as many are looked through for those that are about printing
_CALL_SECONDS = 1.0
_SECONDS = 10.0  # for all that is tried of a submission, of time that it could have run


def cause_at_once(result: ExerciseResult, failed: Failed) -> Cause | None:
    """What a failed exercise comes of, as far as is known already: a misconception that was recognised, or the line
    that raised an exception."""
    place = failed.first.place
    source = failed.modules.get(place.module) if place else None
    line, cell = source.place(place.line) if place and source else (None, None)
    module = place.module if place and source else failed.exercise.module
    if result.finding and result.misconception:
        return Cause("bank", module, line, result.finding.summary, cell)
    if result.finding and line is not None:
        return Cause("exception", module, line, result.finding.summary, cell)
    return None


@dataclass(frozen=True)
class Known:
    """What causes of an assignment are looked for with."""

    assignment: Assignment
    checks: CollectedChecks
    diagnosis: Diagnosis
    zygote: Zygote
    find_edits: FindEdits


class Causes:
    """Looks for the causes of one submission's failed exercises. Use as a context manager."""

    def __init__(self, known: Known, submission: Submission, seed: int) -> None:
        limits = known.assignment.limits
        short = replace(
            limits,
            exercise_seconds=min(_CALL_SECONDS, limits.exercise_seconds),
            import_seconds=min(_CALL_SECONDS, limits.import_seconds),
            submission_seconds=_SECONDS,
        )
        self._known = known
        self._submission = submission
        self._session = SearchSession(
            known.zygote,
            {},
            short,
            data=submission.reading.data,
            imports=submission.imports,
        )
        reference_seconds = known.diagnosis.reference_seconds
        self._repair = Repair(self._session, known.checks, reference_seconds, submission, seed, limits.repairs)
        self._right: dict[str, RightAnswers] = {}
        self.is_broken = False
        self.fault = ""

    def __enter__(self) -> Causes:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def add_to(
        self,
        results: dict[str, ExerciseResult],
        failed: Collection[Failed],
        wrong: Collection[NotRight],
        functions: Callable[[Exercise], Mapping[str, Function]],
    ) -> None:
        """Add the names of mistakes to the results, then what those answer that aren't right, then the causes.

        `functions` gives what an exercise's checks may call. What goes wrong is in `fault`, and costs nothing else.
        """
        to_name = {each.exercise.id: each for each in failed}
        for one in wrong:
            self._compare(results, one, to_name.get(one.exercise.id))
        own = [each for each in failed if each.is_of_the_function]
        for others, each in zip(reversed(range(len(own))), own, strict=True):
            id = each.exercise.id
            with self._costing_no_more(id):
                results[id] = self._searched(results[id], each, functions(each.exercise), others)

    def _compare(self, results: dict[str, ExerciseResult], wrong: NotRight, failed: Failed | None) -> None:
        """Add the name of the mistake of an exercise that failed, and what its function answers to the whole class's
        calls."""
        id, answers = wrong.exercise.id, ClassAnswers(self._session, wrong)
        with self._costing_no_more(id):
            if not self.is_broken:
                answers.ask(self._known.diagnosis.class_calls(wrong.exercise))
        with self._costing_no_more(id):
            if failed:
                results[id] = self._named(results[id], failed, answers.first)
        with self._costing_no_more(id):
            results[id] = replace(results[id], answers=answers.kept())

    @contextmanager
    def _costing_no_more(self, exercise: str) -> Iterator[None]:
        """What goes wrong within is noted."""
        try:
            yield
        except WorkerFault:
            self.is_broken = True
        except Exception as error:
            self.fault = self.fault or f"{self._submission.student}, {exercise}: no cause was found: {error}"

    def _named(self, result: ExerciseResult, failed: Failed, of_class: Sequence[CallRecord]) -> ExerciseResult:
        """The same result in the words of the misconception that was made, if one was recognised, and with its cause as
        far as that is known without a search. `of_class` is what the function answered to the class's first draw."""
        diagnosis, exercise = self._known.diagnosis, failed.exercise
        self._right[exercise.id] = right = diagnosis.right_answers(failed.asked)
        node = tree_from_json(self._submission.facts_of(exercise.id).tree)
        on_cpu = of_class if failed.device == "cpu" else ()
        mistake = diagnosis.name(exercise, failed.asked, node, right, on_cpu)
        result = named(result, mistake.told if mistake else None)
        return replace(result, cause=cause_at_once(result, failed))

    def _searched(
        self, result: ExerciseResult, failed: Failed, functions: Mapping[str, Function], others: int
    ) -> ExerciseResult:
        """With its cause and an example, as far as they were found; so many `others` are to come, and get their share
        of edits."""
        if self.is_broken or (result.cause and not self._known.assignment.limits.repairs):
            return result
        result = self._told(result, failed, functions, others)
        cut = self._session.is_out_of_time and result.cause is None
        return replace(result, effort=result.effort and replace(result.effort, search_cut=cut))

    def _told(
        self, result: ExerciseResult, failed: Failed, functions: Mapping[str, Function], others: int
    ) -> ExerciseResult:
        diagnosis, exercise = self._known.diagnosis, failed.exercise
        is_placed = result.cause is not None and result.cause.by == "bank" and result.cause.line is not None
        compared = diagnosis.compared(exercise, failed.asked, self._right[exercise.id])
        failed = replace(failed, compared=_up_to_wrong(compared) if is_placed else tuple(compared))
        names = diagnosis.names(exercise)
        if not self._known.assignment.limits.repairs:
            return self._behaving(result, failed, names)[0]
        series = self._series(failed)
        is_of_earlier = is_kept(failed.compared, series)
        vague: Noticed | None = None
        if result.cause is None and is_of_earlier:
            result = self._noticed(result, failed, of_kept(exercise.function))
        elif result.cause is None:
            result, vague = self._behaving(result, failed, names)
        if not is_placed:
            share = self._repair.left // (1 + others)
            is_told = result.cause is not None and result.cause.by == "exception"
            result = self._repaired(result, failed, functions, min(share, _OF_EXCEPTIONS) if is_told else share)
        with ExitStack() as stack:
            reference = stack.enter_context(diagnosis.stage(diagnosis.reference))

            def right(call: Call) -> Reply | Raised | None:
                done = reference.answer(call)
                return done[0] if done else None

            series = self._series(failed)
            if result.cause is None:
                unused = diagnosis.needed_of(exercise, self._submission.facts_of(exercise.id).unused)
                noticed = wrong_part(exercise.function, failed.compared, names, unused)
                asked = exercise.function, failed.compared, names, self._learner(failed), right
                if vague and vague.is_of_digits and not is_of_digits(*asked):
                    vague = None
                noticed = noticed or of_object(failed.compared, series, right)
                noticed = noticed or first_step(*asked) or vague or asked_again(*asked)
                result = self._noticed(result, failed, noticed)
            agreed = partial(diagnosis.all_agree, exercise)
            return with_example(result, failed, names, series, right, agreed, is_of_earlier=is_of_earlier)

    def _behaving(
        self, result: ExerciseResult, failed: Failed, names: Sequence[str]
    ) -> tuple[ExerciseResult, Noticed | None]:
        """The same result with what its calls show as its cause, if none is known; or else, beside it, what they show
        and is vague."""
        noticed = behaviour(failed.exercise.function, failed.compared, names) if result.cause is None else None
        if noticed and noticed.is_vague and (noticed.is_of_digits or self._known.assignment.limits.repairs):
            return result, noticed
        return self._noticed(result, failed, noticed), None

    def _noticed(self, result: ExerciseResult, failed: Failed, noticed: Noticed | None) -> ExerciseResult:
        """The same result with what was noticed as its cause, which its learner reads beside what was found."""
        if noticed is None or result.finding is None:
            return result
        exercise = failed.exercise
        facts = self._submission.facts_of(exercise.id)
        method = failed.first_wrong.call.method if failed.first_wrong else None
        places = {"result": facts.line_of(method), "end": facts.last, "print": facts.prints}
        place = places.get(noticed.place)
        source = failed.modules.get(exercise.module) if place else None
        line, cell = source.place(place) if place and source else (None, None)
        told = replace(result.finding, facts=(*result.finding.facts, ("noticed", noticed.says)))
        return replace(result, cause=Cause("behaviour", exercise.module, line, noticed.says, cell), finding=told)

    def _learner(self, failed: Failed) -> Ask:
        """The learner's own function, in a child."""
        self._session.begin("cpu", failed.texts, whole=False)

        def ask(call: Call) -> Reply | Raised | None:
            done = self._answer(call)
            return done.outcome if done else None

        return ask

    def _series(self, failed: Failed) -> Series:
        """The learner's own function in a child, whose modules are imported again for each series of calls."""
        self._session.begin("cpu", failed.texts, whole=False)

        def ask(calls: Sequence[Call]) -> tuple[Reply | Raised, str] | None:
            self._session.afresh()
            done = None
            for call in calls:
                done = self._answer(call)
                if done is None:
                    return None
            return done

        return ask

    def _answer(self, call: Call) -> Answer | None:
        """What comes of a call; None when the time is over, or it came to no end."""
        return None if self._session.is_out_of_time else answer_of(self._session.send(call))

    def _repaired(
        self, result: ExerciseResult, failed: Failed, functions: Mapping[str, Function], most: int
    ) -> ExerciseResult:
        exercise = failed.exercise
        source = failed.modules.get(exercise.module)
        if source is None or most <= 0 or result.finding is None:
            return result
        if result.cause and result.cause.by == "bank":
            prints = self._submission.facts_of(exercise.id).prints if failed.is_printed else None
            if prints is not None:
                return _placed(result, failed, prints)
            most = min(most, _OF_NAMED)
        asked = most * _OF_PRINTING if failed.is_printed else most
        edits = self._known.find_edits(source.text, exercise.function, asked, failed.right)
        if failed.is_printed:
            lines = source.text.split("\n")
            edits = sorted(edits, key=lambda edit: not _is_about_printing(lines, edit))[:most]
        found = self._repair.place(edits, source, failed, functions)
        if found is None:
            return result
        line, cell = source.place(found.line)
        if result.cause and result.cause.by == "exception" and (result.cause.line, result.cause.cell) == (line, cell):
            return result  # which says more
        if result.cause and result.cause.by == "bank":  # its words are known, its line was not
            if found.missing and found.until:
                return result  # it may begin anywhere
            return _placed(result, failed, found.line)
        told = self._known.assignment.causes
        cause = Cause("repair", exercise.module, line, says(found, told), cell)
        about, instead = "" if told == "place" else found.about, found.becomes if told == "edit" else ""
        return pointed_at(result, cause, source.locate(found.line), about, instead)


def _placed(result: ExerciseResult, failed: Failed, line: int) -> ExerciseResult:
    """The same result, whose misconception is on this line of its exercise's module."""
    module = failed.exercise.module
    assert result.cause
    assert result.finding
    number, cell = failed.modules[module].place(line)
    where = line_in(failed.modules, CodeLine(module, line, failed.exercise.function))
    facts = tuple((label, where if label == "where" else text) for label, text in result.finding.facts)
    cause = replace(result.cause, line=number, cell=cell)
    return replace(result, cause=cause, finding=replace(result.finding, facts=facts))


def _up_to_wrong(compared: Iterable[Compared]) -> tuple[Compared, ...]:
    """All up to the first that is wrong."""
    found: list[Compared] = []
    for each in compared:
        found.append(each)
        if each.is_wrong:
            break
    return tuple(found)


def _is_about_printing(lines: list[str], edit: Edit) -> bool:
    """Whether it is on the line that prints, or on one beside that: a condition."""
    return any("print" in line for line in lines[max(0, edit.line - 1) : edit.line + 1])


def says(edit: Edit, told: Told) -> str:
    """The sentence on an edit, which tells so much of it."""
    if told == "place":
        return "Look at this line."
    look = f"Look at {edit.about}{'' if edit.about.endswith('?') else '.'}"
    if told == "kind":
        return look
    return f"{look} With `{edit.becomes}` all is right." if edit.becomes else f"{look} Without it all is right."
