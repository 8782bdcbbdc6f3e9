"""`python -m benchmarks`: measure, print the tables, and write them to benchmarks/."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from benchmarks.running import NotMeasured, printed
from benchmarks.selfcheck import SelfCheck
from benchmarks.subject import ROOT
from benchmarks.tables import MORE, Numbers, print_section, sections, write_results
from benchmarks.tools import Nbgrader, Otter, Ours, PytestEach, Tool, install_peers

PARTS = ("fits", "floor", "batch", "peers", "memory", "isolation", "start", "selfcheck", "watch", "breakdown")
SAVES = 20  # in each lesson and round


class Bench:
    """Measures, and keeps the numbers. What can't be measured is noted as missing, and the rest goes on."""

    def __init__(self, console: Console, parts: set[str], numbers: Numbers, few: int, many: int) -> None:
        self.console, self.parts, self.numbers, self.few, self.many = console, parts, numbers, few, many

    def measure(self) -> None:
        """All that is wanted: in rounds, so that noise falls on all alike."""
        count = self.numbers.count
        lab = self.parts & {"fits", "floor", "isolation"}
        lab |= {"fits", "floor", "warm"} if "batch" in self.parts else set()
        with ExitStack() as stack:
            tools = self._tools(stack)
            check = SelfCheck() if "selfcheck" in self.parts else None
            if check:
                stack.callback(check.close)
                check.once()  # writes the bytecode of the copies
            for number in range(1, self.numbers.rounds + 1):
                self._say(f"Round {number} of {self.numbers.rounds}")
                if lab:
                    self._say(f"  {', '.join(sorted(lab))}, in turns")
                    with self._trying(", ".join(sorted(lab))):
                        for name, values in printed("benchmarks.lab", str(count), *lab).items():
                            self.numbers.seconds.setdefault(name, []).extend(values)
                if "start" in self.parts:
                    self._say("  start")
                    with self._trying("start"):
                        for name, value in printed("benchmarks.start").items():
                            self.numbers.seconds.setdefault(name, []).append(value)
                for tool in tools:
                    more = {Ours: [count, count * MORE], Nbgrader: [1, count]}.get(type(tool), [count])
                    for each in dict.fromkeys(more):
                        self._grade(tool, each)
                for label, seconds in check.once().items() if check else ():
                    self.numbers.seconds.setdefault(label, []).append(seconds)
            if check:
                self.numbers.selfcheck = check.ended
            if "memory" in self.parts:
                self._say(f"Memory of {self.few} and of {self.many} submissions")
                with self._trying("memory"):
                    ours = stack.enter_context(_closing(Ours(jobs=2, every=0.05)))
                    self.numbers.memory_mb = {each: ours.grade(each).peak_mb for each in (self.few, self.many)}
        if "watch" in self.parts:
            self._say("Saves while pytest exercises --watch runs")
            with self._trying("watch"):
                self.numbers.seconds |= printed("benchmarks.watch", str(max(2, SAVES * self.numbers.rounds)))
        if "breakdown" in self.parts:
            self._say("Where the time of one grading goes")
            with self._trying("breakdown"):
                self.numbers.breakdown_ms = printed("benchmarks.breakdown", str(count))

    def _tools(self, stack: ExitStack) -> list[Tool]:
        kinds: list[type[Tool]] = [Ours] if "batch" in self.parts else []
        if "peers" in self.parts:
            kinds += [PytestEach, Nbgrader, Otter]
            with self._trying(Nbgrader.name, Otter.name):
                install_peers()
        tools = []
        for kind in kinds:
            if kind.name not in self.numbers.missing:
                with self._trying(kind.name):
                    tools.append(stack.enter_context(_closing(kind())))
        return tools

    def _grade(self, tool: Tool, count: int) -> None:
        if tool.name not in self.numbers.missing:
            self._say(f"  {tool.name}: {count} submissions")
            with self._trying(tool.name):
                run = tool.grade(count)
                self.numbers.seconds.setdefault(f"{tool.name}, {count}", []).append(run.seconds)
                self.numbers.seconds.setdefault(f"{tool.name}, {count}, MB", []).append(run.peak_mb)

    @contextmanager
    def _trying(self, *names: str) -> Iterator[None]:
        try:
            yield
        except (NotMeasured, OSError) as error:
            self.numbers.missing |= dict.fromkeys(names, str(error))

    def _say(self, text: str) -> None:
        self.console.print(text, style="dim", markup=False)


@contextmanager
def _closing(tool: Tool) -> Iterator[Tool]:
    try:
        yield tool
    finally:
        tool.close()


def describe_machine() -> str:
    """The machine in general words, so that a table can be read a year later."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 1024**3:.0f} GiB"
    system = f"{platform.system()} on {platform.machine()}, Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in ("torch", "pytest"))
    return f"date {date.today().isoformat()}, cores {cores}, memory {memory}, system {system}, {packages}"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--n", type=int, default=16, help="right submissions in a run  [default: 16]")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds  [default: 3]")
    parser.add_argument("--quick", action="store_true", help="a smoke test: two submissions, one round, no peers")
    parser.add_argument("--out", type=Path, help="where results go  [default: benchmarks; nowhere with --quick]")
    given = parser.parse_args()
    parts = {part for text in given.only or [] for part in text.split(",")}
    if unknown := parts - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    if given.n < 1 or given.rounds < 1:
        parser.error("--n and --rounds are at least 1")
    console = Console(highlight=False, width=120)
    if given.quick:
        bench = Bench(console, parts or set(PARTS) - {"peers"}, Numbers(2, 1), 2, 6)
    else:
        bench = Bench(console, parts or set(PARTS), Numbers(given.n, given.rounds), 32, 512)
    bench.measure()
    made, machine = sections(bench.numbers), describe_machine()
    console.print(machine, markup=False)
    console.print()
    for section in made:
        print_section(console, section)
    if out := given.out or (None if given.quick else ROOT / "benchmarks"):
        write_results(out, machine, made, bench.numbers)
        console.print(f"Written: {out / 'results.md'} and {out / 'results.json'}", markup=False)


if __name__ == "__main__":
    main()
