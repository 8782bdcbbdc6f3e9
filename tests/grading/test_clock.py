"""The time that a process could have run: measured on real processes that compute, sleep, wait and start threads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.sandbox.host import child
from grader.sandbox.host.child import Clock
from tests.load import a_processor, busy

# Each tells at its end the CPU time of all its threads since it was told to go.
START = """
import hashlib, threading, time

def spin(until):
    while time.process_time() < until:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 20_000)  # lets other threads run meanwhile

print("ready", flush=True)
input()
began = time.process_time()
"""
END = "\nprint(time.process_time() - began, flush=True)\ninput()\n"
COMPUTES = "spin(began + 1)"
SLEEPS = "time.sleep(1)"
LIVING = """
threads = [threading.Thread(target=spin, args=(began + 2,), daemon=True) for _ in range(16)]
for each in threads: each.start()
spin(began + 2)
"""
ENDING = """
while time.process_time() < began + 2:
    threads = [threading.Thread(target=hashlib.pbkdf2_hmac, args=("sha256", b"", b"", 20_000)) for _ in range(16)]
    for each in threads: each.start()
    while any(each.is_alive() for each in threads): hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000)
"""


@contextmanager
def started(work: str, processor: int | None = None) -> Iterator[tuple[subprocess.Popen[str], Clock]]:
    """A process that waits for its word to go, and its clock."""
    process = subprocess.Popen(
        [sys.executable, "-c", START + work + END], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    if processor is not None:
        os.sched_setaffinity(process.pid, {processor})
    descriptor = os.pidfd_open(process.pid)
    measured = Clock(descriptor)
    try:
        assert process.stdout.readline() == "ready\n"
        # Before it sleeps, the kernel may still have to tell of a wait for a processor: that would count as after the start.
        while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.001)
        measured.start()
        measured.stop()
        yield process, measured
    finally:
        measured.close()
        os.close(descriptor)
        process.kill()
        process.communicate()


def done(process: subprocess.Popen[str]) -> float:
    """Have it go, and wait until it is done: the CPU time that it says it took."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def test_a_process_that_computes_beside_others_is_charged_what_it_computed_and_not_its_waiting() -> None:
    processor = a_processor()
    with started(COMPUTES, processor) as (process, measured), busy(6, processor):
        measured.start()
        cpu = done(process)
        seconds = measured.seconds()
        assert measured.wall() > 4 * cpu, "it was to be disturbed"
    assert cpu <= seconds < 2 * cpu


def test_a_process_that_sleeps_is_charged_its_sleep() -> None:
    with started(SLEEPS) as (process, measured):
        measured.start()
        cpu = done(process)
        assert measured.seconds() >= 1 > cpu


def test_waiting_that_comes_while_the_clock_is_started_is_not_taken_off_what_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[float] = []

    def waits_once_it_was_asked(_: Clock) -> float:
        if not told:
            told.append(0.1)
            time.sleep(0.1)
            return 0.0
        return 0.1

    with started(SLEEPS) as (_, measured):
        monkeypatch.setattr(Clock, "_waited", waits_once_it_was_asked)
        measured.start()
        time.sleep(0.2)
        assert measured.seconds() >= 0.2


@pytest.mark.parametrize("work", [LIVING, ENDING], ids=["living", "ending"])
def test_threads_buy_no_time(work: str) -> None:
    """On one processor the first thread mostly waits for its turn, and that doesn't count: the others' work does."""
    with started(work, a_processor()) as (process, measured):
        measured.start()
        cpu = done(process)
        assert cpu >= 2
        assert measured.seconds() >= cpu


def test_what_a_process_did_before_it_was_waited_for_is_its_own_time_and_counts_once() -> None:
    with started(COMPUTES) as (process, measured):
        cpu = done(process)
        measured.start()
        assert measured.stop() >= cpu
        measured.start()
        assert measured.stop() < cpu


def test_where_the_kernel_tells_nothing_of_waiting_computing_counts_whole_and_sleep_in_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "_kernel_tells_of_waiting", lambda: False)
    with started(COMPUTES) as (process, measured):
        measured.start()
        cpu = done(process)
        assert measured.seconds() >= cpu
        assert measured.is_sure(cpu)
    with started(SLEEPS) as (process, measured):
        measured.start()
        done(process)
        assert measured.seconds() >= 0.25
        assert not measured.is_sure(0.25)


def test_a_process_that_has_ended_can_be_asked_for_its_time() -> None:
    with started(COMPUTES) as (process, measured):
        measured.start()
        process.kill()
        process.wait()
        assert measured.stop() >= 0
    descriptor = os.pidfd_open((short := subprocess.Popen([sys.executable, "-S", "-c", ""])).pid)
    short.wait()
    gone = Clock(descriptor)
    gone.start()
    assert gone.stop() >= 0
    gone.close()
    os.close(descriptor)
