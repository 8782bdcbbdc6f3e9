"""One run of the self-check: its lessons, the checks that were selected, their seeds, and what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.checks import CheckFailed, CheckInfo, Draw, Function, Student, info_of
from grader.checks.scoring import CheckOutcome
from grader.checks.student import derive
from grader.core.assignment import Assignment, Exercise
from grader.core.records import CheckStatus, Finding
from grader.sandbox.protocol.messages import Reply
from grader.selfcheck.curves import Curve, curve_of, longer, speaks_of_losses
from grader.selfcheck.in_process import InProcess, read_files
from grader.selfcheck.known_mistakes import KnownMistakes
from grader.selfcheck.state import ExerciseState, Progress, forbidden_finding, standings
from grader.selfcheck.time_limits import TimeLimit


def calls_seed(exercise: str, check: str) -> int:
    """For the random numbers that a learner's function may draw."""
    return derive("calls", exercise, check)


def draw_seed(lesson: str, exercise: str, check: str) -> int:
    """For the inputs of a check."""
    return derive("self-check", lesson, exercise, check)


CHECKS = "checks"


class Check:
    """One collected check: what it says of itself, and where it belongs. `student` is there while it runs."""

    def __init__(self, item: pytest.Item, info: CheckInfo, lesson: Assignment) -> None:
        self.item = item
        self.info = info
        self.lesson = lesson
        self.exercise: Exercise = lesson.exercises[info.exercise]
        self.student: Student | None = None

    @property
    def id(self) -> str:
        """The check's name."""
        return self.item.name


class Run:
    """`folder` holds the lessons; `limit` is put on each call; `show` lets printed text through.

    `reach` gives the way to a lesson's functions; None stands for that to the files in its folder. `there` are the
    lessons that are in the folder; `not_begun` those of them of which a line is enough, `in_notebooks` those that
    their learner writes in a notebook.
    """

    def __init__(
        self,
        folder: Path,
        lessons: dict[str, Assignment],
        limit: TimeLimit,
        *,
        show: bool,
        reach: Callable[[Assignment, TimeLimit], InProcess] | None = None,
    ) -> None:
        self.folder = folder
        self.lessons = lessons
        self.there = [each for each in lessons.values() if (folder / each.id).is_dir()]
        self.not_begun: tuple[Assignment, ...] = ()
        self.in_notebooks: tuple[Assignment, ...] = ()
        self._limit = limit
        self._show = show
        self._reach = reach or self._in_files
        self._known = {name: KnownMistakes(folder / name) for name in lessons}
        self._checks: dict[str, Check] = {}
        self._progress: dict[str, dict[str, Progress]] = {name: {} for name in lessons}
        self._transport: InProcess | None = None
        self._transports: dict[str, InProcess] = {}
        self._unusable: dict[str, dict[str, str]] = {}
        self._now = ("", "")

    def plan(self, items: list[pytest.Item], *, by_name: bool) -> None:
        """Take in what was collected, and put it in the order of the course. Raises `UsageError`.

        `by_name` says that single checks were asked for by name, so that nobody knows how many there are.
        """
        places = {
            (lesson.id, exercise): (number, place)
            for number, lesson in enumerate(self.lessons.values())
            for place, exercise in enumerate(lesson.exercises)
        }
        last = (len(places), 0)
        order: dict[pytest.Item, tuple[int, int]] = {}
        for item in items:
            check = self._check(item)
            order[item] = places[check.lesson.id, check.exercise.id] if check else last
            if check:
                self._checks[item.nodeid] = check
                self._of(check).collected += 1
        items.sort(key=order.__getitem__)
        if by_name:
            for one in (one for progress in self._progress.values() for one in progress.values()):
                one.collected = 0

    def narrow(self, items: list[pytest.Item], keyword: str) -> list[pytest.Item]:
        """Where the keyword is an exercise's name, keep the checks of that exercise alone; what was left out.

        Pytest takes it for a part of any name, be it a file's or a folder's.
        """
        if not any(keyword in lesson.exercises for lesson in self.lessons.values()):
            return []
        checks = {item: self.check(item) for item in items}
        others = [item for item, check in checks.items() if check and check.exercise.id != keyword]
        items[:] = [item for item in items if item not in others]
        return others

    def knows(self, nodeid: str) -> bool:
        """Whether this is a check of an exercise."""
        return nodeid in self._checks

    def check(self, item: pytest.Item) -> Check | None:
        """The check that a collected item is."""
        return self._checks.get(item.nodeid)

    def transport(self, check: Check) -> InProcess:
        """The way to the functions of the check's lesson, fresh for each lesson."""
        lesson = check.lesson.id
        if self._transport is None or self._now[0] != lesson:
            self._transport = self._transports[lesson] = self._reach(check.lesson, self._limit)
            self._unusable[lesson] = self._transport.unusable
        if self._now != (lesson, check.exercise.id):
            self._transport.stopped = None
        self._now = (lesson, check.exercise.id)
        return self._transport

    def student(self, check: Check) -> Student:
        """The learner's functions for one check; what this exercise must not use is watched."""
        check.student = Student(
            self.transport(check), self.functions(check), calls_seed(check.exercise.id, check.id), check=check.id
        )
        return check.student

    def functions(self, check: Check) -> dict[str, Function]:
        """All functions that a check may call, watched for what its exercise must not use."""
        return {
            each.function: Function(
                each.module,
                each.forbidden if each is check.exercise else (),
                self._known[check.lesson.id].signature(each.id, each.function),
            )
            for each in check.lesson.exercises.values()
        }

    def draw(self, check: Check) -> Draw:
        """Inputs that are the same on every run."""
        return Draw(draw_seed(check.lesson.id, check.exercise.id, check.id))

    def note(self, check: Check, error: BaseException | None) -> CheckFailed | None:
        """Keep a check's outcome. Gives the failure to report when it passed by using something forbidden."""
        transport = self.transport(check)
        progress = self._of(check)
        used = check.student.seen.get(check.exercise.function, set()) if check.student else set()
        progress.uses |= used
        progress.asked += check.student.asked if check.student else []
        failure: CheckFailed | None = None
        if error is None and used:
            failure = CheckFailed(forbidden_finding(sorted(used)))
        outcome = _outcome(check, error)  # what others need of it is right
        if outcome.status is CheckStatus.TODO and outcome.finding and not outcome.finding.facts:
            outcome = replace(outcome, finding=replace(outcome.finding, facts=transport.place(check.exercise)))
        progress.outcomes.append(outcome)
        progress.printed[check.id] = transport.printed
        if progress.ended and isinstance(error, CheckFailed):
            transport.stopped = transport.stopped or error
        return failure

    def forget(self) -> None:
        """Take the learner's modules out of this process."""
        self._limit.end()
        if self._transport:
            self._transport.forget()

    def checks_of(self, lesson: Assignment, exercise: str) -> tuple[InProcess | None, list[Check]]:
        """The way to the functions of a lesson that was tried, and an exercise's checks: those first that failed."""
        passed = {each.id for each in self._progress[lesson.id][exercise].outcomes if each.status is CheckStatus.PASSED}
        found = [each for each in self._checks.values() if each.lesson is lesson and each.exercise.id == exercise]
        return self._transports.get(lesson.id), sorted(found, key=lambda each: each.id in passed)

    def pages(self) -> Iterator[tuple[Assignment, Sequence[ExerciseState]]]:
        """Each lesson of which something was tried, and where its exercises stand."""
        for name, transport in self._transports.items():
            lesson, unusable = self.lessons[name], self._unusable.get(name, {})
            found = standings(lesson, self._progress[name], unusable, self._known[name], transport.tree)
            if found:
                yield lesson, found

    def curves(self, lesson: Assignment) -> dict[str, Curve]:
        """The losses that the functions of exercises about losses went through, by exercise: the most of one call."""
        found: dict[str, Curve] = {}
        for name, progress in self._progress[lesson.id].items():
            curve: Curve | None = None
            for each in progress.asked if speaks_of_losses(progress.exercise) else ():
                if each.call.function == progress.exercise.function and isinstance(each.answer, Reply):
                    curve = longer(curve, curve_of(each.answer.value, each.printed))
            if curve:
                found[name] = curve
        return found

    def _in_files(self, lesson: Assignment, limit: TimeLimit) -> InProcess:
        return InProcess(read_files(self.folder / lesson.id, lesson.modules), limit, show=self._show)

    def _of(self, check: Check) -> Progress:
        return self._progress[check.lesson.id].setdefault(check.exercise.id, Progress(check.exercise))

    def _check(self, item: pytest.Item) -> Check | None:
        info = info_of(item)
        parts = item.path.relative_to(self.folder).parts if item.path.is_relative_to(self.folder) else ()
        if info is None or len(parts) < 3 or parts[1] != CHECKS:
            return None
        lesson = self.lessons.get(parts[0])
        if lesson is None:
            raise pytest.UsageError(f"{item.nodeid}: course.toml has no table [assignments.{parts[0]}].")
        if info.exercise not in lesson.exercises:
            raise pytest.UsageError(f"{item.nodeid}: course.toml has no exercise {info.exercise!r} in {lesson.id}.")
        return Check(item, info, lesson)


def _outcome(check: Check, error: BaseException | None) -> CheckOutcome:
    if error is None:
        return CheckOutcome(check.id, check.info, CheckStatus.PASSED)
    if isinstance(error, CheckFailed):
        return CheckOutcome.of(check.id, check.info, error)
    if isinstance(error, AssertionError):
        finding = Finding(f"Not yet: {check.info.exercise} {check.info.title}.")
        return CheckOutcome(check.id, check.info, CheckStatus.FAILED, finding)
    broken = f"This check itself is broken ({type(error).__name__}: {error}). That is not your fault."
    return CheckOutcome(check.id, check.info, CheckStatus.GRADER_ERROR, Finding(f"{broken} Tell your instructor."))
