"""The rounds: what is measured in which order, each part in processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks import memory, peers
from benchmarks.nbgrader_peer import Nbgrader
from benchmarks.otter_peer import Otter
from benchmarks.ours import Ours
from benchmarks.pytest_peer import PytestEach
from benchmarks.rounds import Rounds
from benchmarks.runs import NotRight, Run, Tool
from benchmarks.selfcheck import SelfCheck
from benchmarks.subject import ROOT

PARTS = ("fits", "floor", "batch", "peers", "memory", "isolation", "selfcheck", "breakdown")
MORE = 4  # a long run of `grade` has so many times the submissions of a short one


@dataclass(frozen=True)
class Wanted:
    """What to measure, with how many submissions, and how often."""

    parts: frozenset[str]
    count: int
    rounds: int
    few: int = memory.FEW
    many: int = memory.MANY


class Bench:
    """Measures, and keeps the numbers. `say` tells how far it is."""

    def __init__(self, wanted: Wanted, say: Callable[[str], None]) -> None:
        self.wanted = wanted
        self.rounds = Rounds()
        self.memory: dict[int, float] = {}
        self.breakdown: list[dict[str, Any]] = []
        self.selfcheck: dict[str, str] = {}
        self._say = say

    def measure(self) -> None:
        """All that is wanted. What can't be measured is noted as missing, and the rest goes on."""
        with ExitStack() as stack:
            tools = self._tools(stack)
            check = SelfCheck() if "selfcheck" in self.wanted.parts else None
            if check:
                stack.callback(check.close)
                check.once()  # writes the bytecode of the copies
            for number in range(1, self.wanted.rounds + 1):
                self._say(f"Round {number} of {self.wanted.rounds}")
                self._lab()
                if "isolation" in self.wanted.parts:
                    self._isolation()
                if "batch" in self.wanted.parts:
                    self._grade(Ours(), self.wanted.count)
                    self._grade(Ours(), self.wanted.count * MORE)
                for tool in tools:
                    if isinstance(tool, Nbgrader):
                        self._grade(tool, 1)
                    self._grade(tool, self.wanted.count)
                for label, seconds in check.once().items() if check else ():
                    self.rounds.note(label, seconds)
            if check:
                for label, status in check.statuses.items():
                    self.selfcheck[label] = f"exit status {status}: {check.last_lines[label]}"
        if "memory" in self.wanted.parts:
            self._memory()
        if "breakdown" in self.wanted.parts:
            self._breakdown()

    def _tools(self, stack: ExitStack) -> list[Tool]:
        if "peers" not in self.wanted.parts:
            return []
        tools: list[Tool] = [PytestEach()]
        try:
            peers.make()
        except (peers.PeerMissing, OSError) as error:
            self.rounds.missing |= {Nbgrader.name: str(error), Otter.name: str(error)}
            return tools
        for kind in (Nbgrader, Otter):
            self._say(f"Preparing {kind.name}")
            try:
                tool = kind()
            except (peers.PeerMissing, NotRight, OSError) as error:
                self.rounds.give_up(kind.name, str(error))
                continue
            stack.callback(tool.close)
            tools.append(tool)
        return tools

    def _lab(self) -> None:
        what = sorted(self.wanted.parts & {"fits", "floor"} | ({"fits", "floor", "warm"} & self._of_batch()))
        if not what:
            return
        self._say(f"  {', '.join(what)}, in turns")
        try:
            found = _printed("benchmarks.lab", str(self.wanted.count), *what)
        except NotRight as error:
            self.rounds.give_up("warm", str(error))
            return
        for name, values in found.items():
            for value in values:
                self.rounds.note(name, value)

    def _of_batch(self) -> set[str]:
        return {"fits", "floor", "warm"} if "batch" in self.wanted.parts else set()

    def _grade(self, tool: Tool, count: int) -> None:
        if tool.name in self.rounds.missing:
            return
        self._say(f"  {tool.name}: {count} submissions")
        try:
            run = tool.grade(count)
        except (NotRight, peers.PeerMissing) as error:
            self.rounds.give_up(tool.name, str(error))
            return
        self.rounds.note(f"{tool.name}, {count}", run.seconds)
        self.rounds.note(f"{tool.name}, {count}, MB", run.peak_mb)

    def _memory(self) -> None:
        self._say(f"Memory of {self.wanted.few} and of {self.wanted.many} submissions")
        try:
            runs: tuple[Run, ...] = memory.grow(self.wanted.few, self.wanted.many)
        except NotRight as error:
            self.rounds.give_up("memory", str(error))
            return
        self.memory = {run.count: run.peak_mb for run in runs}

    def _isolation(self) -> None:
        self._say("  children, shut in and not, in turns")
        try:
            found = _printed("benchmarks.isolation", str(4 * self.wanted.count))
        except NotRight as error:
            self.rounds.give_up("isolation", str(error))
            return
        for name, values in found.items():
            for value in values:
                self.rounds.note(name, value)

    def _breakdown(self) -> None:
        self._say("Where the time of one grading goes")
        try:
            self.breakdown = _printed("benchmarks.breakdown", str(self.wanted.count))
        except NotRight as error:
            self.rounds.give_up("breakdown", str(error))


def _printed(module: str, *arguments: str) -> Any:
    """What a module of ours prints as JSON, run on one thread."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=peers.one_thread(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotRight((done.stderr.strip().splitlines() or [f"{module} ended with {done.returncode}"])[-1])
    return json.loads(done.stdout)
