"""Whoever stops a grading is told what is kept, and nobody has to look at it for it to go on."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import in_the_foreground
from tests.faults.gradings import Grading, Place
from tests.faults.processes import LONG, Process, eventually, nobody_is_left

pytestmark = pytest.mark.slow

CONTROL_C = b"\x03"


class Terminal:
    """A terminal in which a grading runs, as the first and only program of its session."""

    def __init__(self, place: Place, out: Path) -> None:
        self._keyboard, screen = pty.openpty()
        self.shown = b""
        streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), screen)
        self.grading = place.start(
            out,
            "--seed",
            5,
            environment={"TERM": "xterm"},
            start_new_session=True,
            preexec_fn=_at_a_terminal,
            **streams,
        )
        os.close(screen)

    def wait_for(self, words: bytes) -> None:
        while words not in self.shown:
            assert select.select([self._keyboard], [], [], LONG)[0], self.shown
            self.shown += os.read(self._keyboard, 1 << 16)

    def type(self, keys: bytes) -> None:
        os.write(self._keyboard, keys)

    def close(self) -> None:
        os.close(self._keyboard)


def _at_a_terminal() -> None:
    in_the_foreground()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def everything_of(grading: Grading) -> tuple[list[Process], set[Path]]:
    """Its processes, and their control groups."""
    processes = grading.processes()
    return processes, {group for process in processes for group in process.groups()}


def goes_on(place: Place, out: Path, same: Callable[[Path], None]) -> None:
    code, text = place.run(out, "--resume")
    assert code == 0, text
    assert "have a result already" in text
    same(out)


def test_control_c_in_a_terminal_stops_it_soon_and_says_what_is_kept(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    terminal = Terminal(place, tmp_path / "out")
    terminal.wait_for(b"4/10")  # the next one never ends
    everything = everything_of(terminal.grading)
    terminal.type(CONTROL_C)
    terminal.wait_for(b"goes on from here")
    assert terminal.grading.process.wait(LONG) == 130
    assert b"of 10 are graded and kept" in terminal.shown
    assert b"Traceback" not in terminal.shown
    terminal.close()
    nobody_is_left(*everything)
    place.nothing_is_left()
    assert not (tmp_path / "out" / "results.jsonl").exists(), "a half-graded class must not look like a graded one"
    goes_on(place, tmp_path / "out", same)


def test_control_c_while_processes_are_starting_ends_it_without_a_word_from_them(place: Place, tmp_path: Path) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5)
    starting = grading.wait_for_process("grading")
    os.kill(starting.pid, signal.SIGINT)  # as a terminal does; the main process gets it later here
    eventually(lambda: not starting.lives or os.getsid(starting.pid) == starting.pid)  # it looks after itself now
    assert starting.lives
    everything = everything_of(grading)
    grading.send(signal.SIGINT)
    assert grading.end() == 130
    assert "0 of 10 are graded and kept" in grading.text
    assert "Traceback" not in grading.text
    nobody_is_left(*everything)
    place.nothing_is_left()


def test_control_c_a_second_time_ends_it_at_once_and_what_hangs_puts_itself_away(place: Place, tmp_path: Path) -> None:
    grading, everything, stuck = waiting_for_what_hangs(place, tmp_path)
    grading.send(signal.SIGINT)
    assert grading.process.wait(LONG) == 130
    assert stuck.lives
    os.kill(stuck.pid, signal.SIGCONT)
    nobody_is_left(*everything)
    eventually(lambda: not list(place.temporary.iterdir()))


def waiting_for_what_hangs(place: Place, tmp_path: Path) -> tuple[Grading, tuple[list[Process], set[Path]], Process]:
    """A grading that was stopped once, and waits for a grading process that hangs.

    It waits for some seconds only, which a very busy machine may pass over; then another grading is started.
    """
    for attempt in range(5):
        grading = place.start(tmp_path / f"out{attempt}", "--seed", 5)
        assert grading.wait_for_result()
        everything = everything_of(grading)
        (stuck,) = grading.processes("grading")
        os.kill(stuck.pid, signal.SIGSTOP)
        grading.send(signal.SIGINT)
        eventually(partial(is_told_to_end, stuck))
        if stuck.lives:
            return grading, everything, stuck
        assert grading.end() == 130
    pytest.fail("it never waited for the process that hangs")


def is_told_to_end(process: Process) -> bool:
    """Whether it ends as soon as it goes on, or has ended."""
    return not process.lives or is_pending(process, signal.SIGTERM)


def is_pending(process: Process, number: int) -> bool:
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return False
    pending = next(line for line in status.splitlines() if line.startswith("ShdPnd:"))
    return bool(int(pending.split()[1], 16) >> (number - 1) & 1)


def test_sigterm_stops_it_soon_and_says_what_is_kept(place: Place, tmp_path: Path) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5)
    assert grading.wait_for_result()
    everything = everything_of(grading)
    grading.send(signal.SIGTERM)
    assert grading.end() == 143
    assert "of 10 are graded and kept. --resume goes on from here." in grading.text
    assert "Traceback" not in grading.text
    nobody_is_left(*everything)
    place.nothing_is_left()


def test_a_terminal_that_is_closed_stops_it_in_order(place: Place, tmp_path: Path) -> None:
    terminal = Terminal(place, tmp_path / "out")
    terminal.wait_for(b"2/10")
    everything = everything_of(terminal.grading)
    terminal.close()
    assert terminal.grading.process.wait(LONG) == 129
    nobody_is_left(*everything)
    place.nothing_is_left()


def test_a_terminal_that_is_closed_does_not_stop_what_was_started_with_nohup(place: Place, tmp_path: Path) -> None:
    grading = place.start(tmp_path / "out", "--only", "s00", "--only", "s01", before=["nohup"])
    assert grading.wait_for_result()
    grading.send(signal.SIGHUP)
    assert grading.end() == 0, grading.text


def test_control_c_does_not_stop_what_a_shell_started_in_the_background(place: Place, tmp_path: Path) -> None:
    ignoring = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]  # as a shell does for `grader grade … &`
    grading = place.start(tmp_path / "out", "--only", "s00", "--only", "s01", before=ignoring)
    for _ in range(2):  # a second one would end it at once
        assert grading.wait_for_result()
        grading.send(signal.SIGINT)
    assert grading.end() == 0, grading.text


def test_a_reader_that_goes_away_like_head_does_not_stop_it(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5, stderr=subprocess.PIPE)
    assert grading.wait_for_result()
    assert grading.process.stdout
    assert grading.process.stderr
    grading.process.stdout.close()
    with grading.process.stderr as errors:
        assert errors.read() == b""
    assert grading.process.wait(LONG) == 0
    same(tmp_path / "out")


def test_closed_streams_do_not_stop_it_and_no_file_is_taken_for_them(place: Place, tmp_path: Path) -> None:
    grading = place.start(tmp_path / "out", "--only", "s05", before=["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"])
    grading.wait_for_process("child")
    for process in grading.processes("main", "grading"):
        streams = {str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) for number in range(3)}
        assert not {each for each in streams if str(tmp_path) in each}, f"{process.role} has files of ours for streams"
        assert Path(f"/proc/{process.pid}/fd/2").readlink() == Path("/dev/null")
    assert grading.end() == 0
    assert '"status": "graded"' in (tmp_path / "out" / "results.jsonl").read_text()


def test_streams_on_a_full_disk_do_not_stop_it(place: Place, tmp_path: Path) -> None:
    code, _ = place.run(
        tmp_path / "out", "--only", "s05", before=["sh", "-c", 'exec "$@" >/dev/full 2>/dev/full', "sh"]
    )
    assert code == 0
    assert '"status": "graded"' in (tmp_path / "out" / "results.jsonl").read_text()
