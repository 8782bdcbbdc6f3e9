"""One warm submission, three fits and the floor, one after the other in turns: the finest interleaving there is.

A process of its own, so that the one that measures memory needs no torch. Prints JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack

import torch

from benchmarks.fits import three_fits
from benchmarks.floor import grade_in_process
from benchmarks.submissions import modules
from benchmarks.warm import WarmGrader


def take_turns(what: set[str], turns: int) -> dict[str, list[float]]:
    """Seconds of each of `what` (warm, fits, floor) for each turn, after one that isn't counted."""
    torch.set_num_threads(1)
    seconds: dict[str, list[float]] = {}
    sources = modules("student0000")
    with ExitStack() as stack:
        warm = stack.enter_context(WarmGrader()) if "warm" in what else None
        for turn in range(turns + 1):
            measured = {}
            if warm:
                measured["warm"] = warm.grade_one()
            if "fits" in what:
                measured["fits"] = three_fits()
            if "floor" in what:
                floor = grade_in_process(sources)
                measured |= {"floor": floor.seconds, "floor, learner's part": floor.learner}
            for name, value in measured.items() if turn else ():
                seconds.setdefault(name, []).append(value)
    return seconds


if __name__ == "__main__":
    print(json.dumps(take_turns(set(sys.argv[2:]), int(sys.argv[1]))))
