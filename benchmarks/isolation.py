"""What shutting a learner's process in costs: from asking for it to its first answer, and its end, by turns."""

from __future__ import annotations

import json
import sys
import time

from grader.course.model import Limits
from grader.grading.isolation import Isolation, choose_isolation
from grader.grading.session import Session
from grader.grading.zygote import Zygote
from grader.wire.messages import Call, Reply

PLAIN, ISOLATED = "child, plain fork", "child, all layers"
_LIMITS = Limits()
_SOURCE = "def same(x):\n    return x\n"


def one_child(zygote: Zygote) -> float:
    """Seconds for a child: forked, shut in, asked once, killed, reaped, cleared away."""
    started = time.perf_counter()
    session = Session(zygote, {"m": _SOURCE}, _LIMITS)
    session.begin("cpu")
    assert session.ask(Call("m", "same", (1,))).outcome == Reply(1, (None,))
    session.end_child()
    return time.perf_counter() - started


def measure(children: int) -> dict[str, list[float]]:
    """Seconds for each of so many children of either kind, in turns."""
    best, _ = choose_isolation(None)
    found: dict[str, list[float]] = {PLAIN: [], ISOLATED: []}
    with Zygote(Isolation(), _LIMITS) as plain, Zygote(best, _LIMITS) as isolated:
        for _ in range(3):
            one_child(plain), one_child(isolated)
        for _ in range(children):
            found[PLAIN].append(one_child(plain))
            found[ISOLATED].append(one_child(isolated))
    return found


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
