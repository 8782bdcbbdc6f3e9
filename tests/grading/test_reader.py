"""A process that reads a submission and is killed: that is tried once more, and then said."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from grader.core.assignment import Assignment, Limits
from grader.course.load import load_course
from grader.grading.reader_client import Reader
from grader.grading.submission import Entry, Submission, Unread
from grader.sandbox.host.child import Child
from grader.sandbox.host.machine import Isolation
from grader.sandbox.host.zygote_client import Zygote
from grader.sandbox.protocol.frames import Frame


class Watched(Zygote):
    """A zygote whose next readers are killed as soon as they were asked, as the kernel would."""

    kills = 0

    def spawn_reader(self, limits: Limits) -> Child:
        child = super().spawn_reader(limits)
        if self.kills:
            self.kills -= 1
            child.send = partial(self._sent_to_be_killed, child, child.send)  # type: ignore[method-assign]
        return child

    def _sent_to_be_killed(self, child: Child, send: Callable[[Frame], None], request: Frame) -> None:
        asked = bool(request.body)  # for something, and not only whether it is there
        if asked:
            os.kill(child.pid, signal.SIGSTOP)  # so that it can't answer first
        send(request)
        if asked:
            os.kill(child.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def assignment(root: Path) -> Assignment:
    return load_course(root).assignments["linear_regression"]


@pytest.fixture(scope="module")
def zygote(assignment: Assignment) -> Iterator[Watched]:
    running = Watched(Isolation(), assignment.limits, only_reads=True)
    with running:
        yield running


@pytest.fixture
def entry(tmp_path: Path, submit: Callable[..., Path]) -> Entry:
    return Entry("ada", submit(tmp_path, "ada"))


def read(zygote: Watched, assignment: Assignment, entry: Entry, kills: int) -> Submission | Unread:
    """What is read of an entry, when as many processes are killed as soon as they were asked."""
    zygote.kills = kills
    found = Reader(zygote, assignment).read(entry)
    assert not zygote.kills
    return found


def test_one_kill_changes_nothing(zygote: Watched, assignment: Assignment, entry: Entry) -> None:
    undisturbed = read(zygote, assignment, entry, kills=0)
    assert isinstance(undisturbed, Submission)
    assert undisturbed.facts.keys() == assignment.exercises.keys()
    assert read(zygote, assignment, entry, kills=1) == undisturbed


def test_what_is_killed_each_time_is_unreadable_and_the_next_one_is_read(
    zygote: Watched, assignment: Assignment, entry: Entry
) -> None:
    unread = read(zygote, assignment, entry, kills=2)
    assert isinstance(unread, Unread)
    assert unread.note.startswith("ada takes more than 1,024 MB of memory to read, or is too much for Python.")
    assert isinstance(read(zygote, assignment, entry, kills=0), Submission)


def test_what_only_reads_does_without_torch(zygote: Watched, assignment: Assignment, entry: Entry) -> None:
    read(zygote, assignment, entry, kills=0)
    started = zygote._process._started
    assert started
    loaded = Path(f"/proc/{started.pid}/maps").read_text()
    assert "python" in loaded
    assert "libtorch" not in loaded
