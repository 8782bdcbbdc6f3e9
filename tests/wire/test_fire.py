"""The wire under fire: thousands of hostile frames, and never more than a refusal or a failed check.

How many, and from which seed: see `tests/wire/seeds.py`. The seed is printed, and a failure names the frame.
"""

from __future__ import annotations

import gc
import random
import resource
import time
from collections import Counter

import pytest

from grader.sandbox.protocol.encoding import decode_answer
from grader.sandbox.protocol.frames import FrameReader, MalformedFrame
from tests.wire.fuzzing import NEVER_READ, Fuzzer, Hostile
from tests.wire.judging import judge, right_answer, well_formed
from tests.wire.seeds import FRAMES, SEED

pytestmark = pytest.mark.slow

PARTS = 10
GROWTH = 48 << 20
SLOWEST = 5.0


def resident() -> int:
    """Bytes of memory that this process holds now."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def pieces(data: bytes, chance: random.Random) -> list[bytes]:
    size = chance.choice([len(data), len(data), 1, 7, 1000]) if len(data) < 3000 else len(data)
    return [data[start : start + max(size, 1)] for start in range(0, len(data), max(size, 1))]


def taken(hostile: Hostile, chance: random.Random) -> str:
    """What became of the bytes, by the same steps as in the grader."""
    reader = FrameReader()
    came = "incomplete"
    try:
        for piece in pieces(hostile.data, chance):
            reader.data += piece
            while (frame := reader.next()) is not None:
                announced = int.from_bytes(hostile.data[4:8], "little")
                assert came == "judged" or sum(map(len, frame.buffers)) == announced
                came = "judged"
                answer = decode_answer(frame)
                assert hostile.kind not in NEVER_READ, f"it was read as {answer!r:.500}"
                well_formed(answer)
                judge(answer, chance)
    except MalformedFrame:
        return "refused"
    return came


def test_no_frame_does_more_than_fail_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    fuzzer = Fuzzer(SEED, right_answer)
    kinds: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    slowest, held = 0.0, []
    started = time.process_time()
    for number in range(FRAMES):
        hostile = fuzzer.hostile(number)
        before = time.process_time()
        try:
            ends[taken(hostile, fuzzer.chance)] += 1
        except Exception as error:
            error.add_note(f"WIRE_SEED={SEED}, frame {number}, {hostile.kind}: {hostile.data[:600]!r}")
            raise
        slowest = max(slowest, time.process_time() - before)
        kinds[hostile.kind] += 1
        if number % (FRAMES // PARTS) == 0:
            held.append(resident())
    seconds = time.process_time() - started
    growth = held[-1] - held[1]
    with capsys.disabled():
        print(
            f"\nwire: seed {SEED}, {FRAMES} frames in {seconds:.1f} s of work, {', '.join(f'{count} {end}' for end, count in ends.most_common())}, memory {growth >> 10:+,} KiB"
        )
    assert sum(count for kind, count in kinds.items() if kind.startswith("one field")) > FRAMES / 2
    assert min(ends["refused"], ends["judged"]) > FRAMES / 10
    assert slowest < SLOWEST
    assert growth < GROWTH
