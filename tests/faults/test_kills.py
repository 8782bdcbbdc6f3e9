"""`kill -9` of any process at any moment: no result is lost, doubled or half-written, and nobody loses a point.

8 kills; `FAULT_KILLS=200` makes it 200, and `FAULT_SEED` draws other moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.gradings import Grading, Place, stored
from tests.faults.processes import nobody_is_left

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("FAULT_KILLS", "8"))
KILLS_A_CLASS = 7
ROLES = ("main", "template", "grading", "zygote", "box", "child", "child", "child")


def sound(out: Path) -> None:
    """Nothing half-written: the database is whole, and so is every report that is there."""
    with closing(sqlite3.connect(out / "results.db")) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert not database.execute("select * from exercises group by student having count(*) != 8").fetchall()
    for line in (out / "results.jsonl").read_text().splitlines() if (out / "results.jsonl").exists() else []:
        json.loads(line)


class Disturbance:
    """Gradings of one class into one folder after the other, and a kill at a random moment after each few results."""

    def __init__(self, place: Place, top: Path, same: Callable[[Path], None], chance: random.Random) -> None:
        self.place, self.top, self.same, self.chance = place, top, same, chance
        self.kills: list[str] = []
        self.batches = 0
        self.spared_until = 0  # so many results
        self.deck: list[str] = []

    def grade_one_class(self, kills: int) -> None:
        """From start to end, with at most so many kills."""
        out = self.top / f"out{self.batches}"
        self.batches += 1
        grading = self.place.start(out, "--seed", 5)
        kept: set[str] = set()
        while grading.wait_for_result():
            if len(self.kills) == kills:
                continue
            time.sleep(self.chance.uniform(0, 0.4))
            if self._kill_one_of(grading) == "main":
                assert kept <= stored(out), "what was stored is kept"
                kept = stored(out)
                sound(out)
                self.spared_until = 0
                grading = self.place.start(out, "--resume")
        self.spared_until = 0
        assert grading.end() == 0, grading.text
        self.place.nothing_is_left()
        self.same(out)

    def _drawn(self, there: set[str]) -> str:
        """The next role of a shuffled deck that is there, so that all of them get their turn."""
        if not there & set(self.deck):
            self.deck += self.chance.sample(ROLES, len(ROLES))
        return next(role for role in self.deck if role in there)

    def _kill_one_of(self, grading: Grading) -> str:
        processes = grading.processes()
        role = self._drawn({each.role for each in processes})
        victim = self.chance.choice([each for each in processes if each.role == role] or [None])
        if victim is None or (role != "main" and grading.results() < self.spared_until):
            return ""
        self.deck.remove(role)
        if role == "main":
            grading.send(signal.SIGSTOP)  # so that it starts no other while we look
            processes = grading.processes()
        groups = {group for process in processes for group in process.groups()}
        victim.kill()
        self.kills.append(role)
        # Who was being graded is graded again, once: a second kill would count as theirs. It shall hit another.
        self.spared_until = grading.results() + 2
        if role == "main":
            grading.end()
            nobody_is_left(processes, groups)
        return role


def test_killed_at_random_moments_it_ends_like_an_undisturbed_run(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    disturbance = Disturbance(place, tmp_path, same, random.Random(int(os.environ.get("FAULT_SEED", "1"))))
    while len(disturbance.kills) < KILLS:
        # Of one class there is soon nothing left to grade, and nobody but the main process left to kill.
        disturbance.grade_one_class(min(KILLS, len(disturbance.kills) + KILLS_A_CLASS))
    assert {"main", "template", "grading", "zygote", "child"} <= set(disturbance.kills)
    killed = ", ".join(f"{role} {count} times" for role, count in Counter(disturbance.kills).most_common())
    print(f"{disturbance.batches} batches, killed: {killed}")


def test_a_child_that_is_killed_while_it_works_costs_its_learner_nothing(
    place: Place, same: Callable[[Path], None], tmp_path: Path
) -> None:
    grading = place.start(tmp_path / "out", "--seed", 5)
    assert grading.wait_for_result(3)
    working = grading.wait_for_process("child")  # of the learner whose work never ends, or about to be
    time.sleep(1)
    working.kill()
    assert grading.end() == 0, grading.text
    same(tmp_path / "out")
