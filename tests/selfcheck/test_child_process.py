"""A question that is answered in a process of its own: in time or not at all, and nothing of it shows."""

import atexit
import errno
import math
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from grader.selfcheck import time_limits
from grader.selfcheck.time_limits import answer_of_a_child
from tests.load import a_processor, busy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no copy of the process is made elsewhere")

LONG = 60.0


def children() -> str:
    """The processes that this thread started and nobody has taken leave of."""
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text()


def test_the_answer_comes_back_and_the_process_is_gone():
    before = children()
    assert answer_of_a_child(lambda: f"{os.getpid()} ✓", LONG) not in (None, f"{os.getpid()} ✓")
    assert children() == before


@pytest.mark.parametrize(
    "work",
    [
        lambda: "",
        lambda: 1 / 0,
        lambda: sys.exit("bye"),
        lambda: os.abort(),
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        lambda: "long " * 10_000,
        lambda: len(bytearray(1 << 40)),
    ],
    ids=["nothing", "exception", "exit", "crash", "killed", "too long", "memory"],
)
def test_whatever_goes_wrong_there_is_no_answer(work, capfd):
    before = children()
    assert answer_of_a_child(work, LONG) is None
    assert children() == before
    assert capfd.readouterr() == ("", "")


def test_one_that_never_ends_is_ended():
    before = children()

    def forever() -> str:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(each, signal.SIG_IGN)
        while True:
            pass

    begun = time.monotonic()
    assert answer_of_a_child(forever, 0.3) is None
    assert 0.3 <= time.monotonic() - begun < 30
    assert children() == before


def test_what_it_waits_for_a_processor_is_no_time_of_its_own(monkeypatch):
    monkeypatch.setattr(time_limits, "_PATIENCE", LONG)
    processor = a_processor()

    def computes() -> str:
        os.sched_setaffinity(0, {processor})
        while time.process_time() < 0.5:
            pass
        return "there"

    with busy(3, processor):
        begun = time.monotonic()
        assert answer_of_a_child(computes, 1.0) == "there"
        assert time.monotonic() - begun > 1.0, "it was to be disturbed"


def test_nobody_waits_for_ever_for_one_that_waits(monkeypatch):
    monkeypatch.setattr(time_limits, "_waited_for_a_processor", lambda _: math.inf)

    def waits() -> str:
        time.sleep(LONG)
        return "there"

    begun = time.monotonic()
    assert answer_of_a_child(waits, 0.1) is None
    assert time.monotonic() - begun < LONG


def test_nothing_that_it_prints_writes_or_leaves_behind_is_seen(capfd, tmp_path):
    seen = tmp_path / "left"
    atexit.register(seen.touch)
    with (tmp_path / "open.txt").open("w") as ours, tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        ours.write("not yet written; ")

        def loud() -> str:
            print("printed")
            os.write(1, b"written")
            print("complained", file=sys.__stderr__)
            ours.write("from the child")
            heard = [sys.stdin.read()]
            for path, data in ((tmp_path / "open.txt", ours.flush), (tmp_path / "new.txt", None)):
                try:
                    data() if data else path.write_text("new")
                except OSError as error:
                    heard.append(type(error).__name__)
            return " ".join(heard)

        assert answer_of_a_child(loud, LONG) == " OSError OSError"
        assert Path(folder).is_dir()
    assert (tmp_path / "open.txt").read_text() == "not yet written; "
    assert not (tmp_path / "new.txt").exists() or not (tmp_path / "new.txt").read_text()
    assert capfd.readouterr() == ("", "")
    assert not seen.exists()
    atexit.unregister(seen.touch)


def test_it_holds_no_file_of_ours():
    reading, writing = os.pipe()

    def held() -> str:
        try:
            os.write(writing, b"x")
        except OSError as error:
            return os.strerror(error.errno or 0)
        return "held"

    assert answer_of_a_child(held, LONG) == os.strerror(errno.EBADF)
    os.close(writing)
    os.close(reading)


def test_ctrl_c_ends_the_wait(monkeypatch):
    before = children()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time_limits, "_received", interrupted)
    assert answer_of_a_child(lambda: "never read", LONG) is None
    assert children() == before


def test_while_somebody_debugs_none_is_made():
    sys.settrace(lambda *_: None)
    try:
        assert answer_of_a_child(lambda: "there", LONG) is None
    finally:
        sys.settrace(None)
    assert answer_of_a_child(lambda: "there", LONG) == "there"


def test_no_files_of_ours_are_left_open():
    before = sorted(Path("/dev/fd").iterdir())
    assert answer_of_a_child(lambda: "there", LONG) == "there"
    assert answer_of_a_child(lambda: sys.exit(), LONG) is None
    assert sorted(Path("/dev/fd").iterdir()) == before
