"""The process that reads a submission runs it, too, if reading it was easy; it never runs another one's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.core.assignment import Assignment
from grader.course.load import load_course
from grader.grading.collected_checks import run_hidden
from grader.grading.diagnose import Diagnosis
from grader.grading.grade_one import Grader
from grader.grading.process import lost_result
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry, PreviousGrading, Submission
from grader.sandbox.host.child import Child
from grader.sandbox.host.machine import choose_isolation
from grader.sandbox.host.zygote_client import Zygote


class Watched(Zygote):
    """A zygote that keeps the numbers of its children: of those that read first, and of those that only run."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.readers: list[int] = []
        self.runners: list[int] = []

    def spawn_reader(self, limits: object) -> Child:
        child = super().spawn_reader(limits)  # type: ignore[arg-type]
        self.readers.append(child.pid)
        return child

    def spawn(self, *given: object) -> Child:
        child = super().spawn(*given)  # type: ignore[arg-type]
        self.runners.append(child.pid)
        return child


@pytest.fixture(scope="module")
def assignment(root: Path) -> Assignment:
    return load_course(root).assignments["linear_regression"]


@pytest.fixture(scope="module")
def zygote(assignment: Assignment) -> Iterator[Watched]:
    running = Watched(choose_isolation(None)[0], assignment.limits)
    with running:
        yield running


@pytest.fixture
def graded(root: Path, assignment: Assignment, zygote: Watched) -> Callable[..., list[tuple[Submission, float]]]:
    """Grades entries in order; gives what was read of each, and its score."""

    def grade(*entries: Entry) -> list[tuple[Submission, float]]:
        found = []

        def body(checks: object) -> None:
            diagnosis = Diagnosis.of(root, assignment, checks)  # type: ignore[arg-type]
            grader = Grader(assignment, checks, zygote, 1, "cpu", diagnosis)  # type: ignore[arg-type]
            reader = Reader(zygote, assignment, runs=True)
            for entry in entries:
                read = reader.read(entry)
                assert isinstance(read, Submission)
                result = grader.grade(read, entry.previous)
                found.append((read, result.score))

        zygote.readers.clear()
        zygote.runners.clear()
        run_hidden(root, assignment, body)
        return found

    return grade


def test_one_process_reads_and_runs_a_right_submission(
    tmp_path: Path, submit: Callable[..., Path], zygote: Watched, graded: Callable[..., list[tuple[Submission, float]]]
) -> None:
    ((_, score),) = graded(Entry("ada", submit(tmp_path, "ada")))
    assert score == 30
    assert len(zygote.readers) == 1
    assert not zygote.runners


def test_a_text_that_took_much_memory_to_read_is_run_by_a_fresh_process(
    tmp_path: Path, submit: Callable[..., Path], zygote: Watched, graded: Callable[..., list[tuple[Submission, float]]]
) -> None:
    folder = submit(tmp_path, "ada")
    text = (folder / "from_scratch.py").read_text()
    (folder / "from_scratch.py").write_text(f"{text}\n_table = [{'1.5, ' * 30_000}]\n")
    ((read, score),) = graded(Entry("ada", folder))
    assert read.read_by is None
    assert score == 30
    assert len(zygote.runners) == 1


def test_no_submission_is_run_by_the_process_that_read_another_one(
    tmp_path: Path,
    submit: Callable[..., Path],
    zygote: Watched,
    assignment: Assignment,
    graded: Callable[..., list[tuple[Submission, float]]],
) -> None:
    """Also when nothing of the other one had to be run."""
    ada, bob = submit(tmp_path, "ada"), submit(tmp_path, "bob")
    previous = PreviousGrading(lost_result("ada", assignment).exercises)
    (_, none), (_, full) = graded(Entry("ada", ada, previous=previous), Entry("bob", bob))
    assert (none, full) == (0, 30)
    assert len(set(zygote.readers)) == 2
    assert not zygote.runners
    while zygote._awaited:
        zygote._take_answer()
    assert zygote._prepared is not None  # the only one that is left


def test_a_process_that_lacks_a_library_which_is_loaded_later_runs_nothing(
    tmp_path: Path, submit: Callable[..., Path], zygote: Watched, graded: Callable[..., list[tuple[Submission, float]]]
) -> None:
    ada, bob = submit(tmp_path, "ada"), submit(tmp_path, "bob")
    for folder in (ada, bob):
        text = (folder / "from_scratch.py").read_text()
        (folder / "from_scratch.py").write_text(f"import packaging.version\n{text}")
    assert [score for _, score in graded(Entry("ada", ada), Entry("bob", bob))] == [30, 30]
    assert len(zygote.readers) == 2
    assert len(zygote.runners) == 1  # the first one's: the second one's process has it from the beginning


def test_what_was_set_for_the_reading_is_gone_when_the_work_is_run(
    tmp_path: Path, submit: Callable[..., Path], zygote: Watched, graded: Callable[..., list[tuple[Submission, float]]]
) -> None:
    """Python's parser warns of what it reads, which nobody is to see; a learner's warnings are theirs."""
    mse = (
        "def mse(t1, t2):\n"
        "    import warnings\n"
        "    assert ('ignore', None, Warning, None, 0) not in warnings.filters\n"
        "    return ((t1 - t2) ** 2).mean()\n"
    )
    ((_, score),) = graded(Entry("ada", submit(tmp_path, "ada", mse=mse)))
    assert score == 30
    assert not zygote.runners
